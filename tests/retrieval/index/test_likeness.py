"""Cosines of any model say what the built-in one's do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.embed import Embedder
from retrieval.index.likeness import ANSWERS, FITTED, QUESTIONS, Scale, likeness, scale_of


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def crowded(vectors: np.ndarray, by: float) -> np.ndarray:
    """The vectors of a model that has no two texts far from each other."""
    return unit(np.hstack([vectors, np.full((len(vectors), 1), by)]))


@pytest.fixture(scope="module")
def built_in() -> tuple[np.ndarray, np.ndarray]:
    model = Embedder()
    questions = np.stack([model.embed_question(text) for text in QUESTIONS])
    return questions, unit(model.embed_passages(ANSWERS).astype(np.float32))


def test_the_scale_of_the_built_in_model_is_what_it_gives(built_in: tuple[np.ndarray, np.ndarray]) -> None:
    measured = scale_of(*built_in)
    assert measured.unrelated == pytest.approx(FITTED.unrelated, abs=0.01)
    assert measured.related == pytest.approx(FITTED.related, abs=0.01)
    assert Embedder().scales.home is FITTED


@pytest.mark.parametrize("by", [0.5, 1.0, 2.0, 3.0])
def test_a_model_whose_texts_are_all_alike_says_the_same(built_in: tuple[np.ndarray, np.ndarray], by: float) -> None:
    questions, answers = (crowded(vectors, by) for vectors in built_in)
    scale = scale_of(questions, answers)
    assert scale.unrelated > FITTED.unrelated + 0.1
    assert np.allclose(likeness(questions @ answers.T, scale), built_in[0] @ built_in[1].T, atol=0.02)


def test_its_own_cosines_are_left_as_they_are() -> None:
    cosines = np.array([0.1, 0.35, 0.9], np.float32)
    assert likeness(cosines, FITTED) is cosines


def test_a_model_that_tells_nothing_apart_is_read_as_it_is() -> None:
    alike = unit(np.ones((len(QUESTIONS), 8)))
    assert scale_of(alike, alike) == FITTED


@given(
    cosines=st.lists(st.floats(-1, 1), min_size=2, max_size=20),
    unrelated=st.floats(-0.2, 0.85),
    apart=st.floats(0.05, 0.8),
)
def test_the_order_by_meaning_stays(cosines: list[float], unrelated: float, apart: float) -> None:
    read = likeness(np.sort(cosines), Scale(unrelated, unrelated + apart))
    assert (np.diff(read) >= 0).all()
    assert likeness(np.array([unrelated, unrelated + apart]), Scale(unrelated, unrelated + apart)) == pytest.approx(
        [FITTED.unrelated, FITTED.related]
    )

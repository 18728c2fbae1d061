"""Stories against labelled events, on counts that can be checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.evaluation.clusters import _f1, _sums, agreement, ahead, single_link
from retrieval.evaluation.events import COMMON, MOST, Event, labelled_events
from retrieval.evaluation.labelled import LabelledQuestion

DAY = 86_400.0
EVENTS = [
    Event(("a1", "a2", "a3"), frozenset({"Osterwald"})),
    Event(("b1", "b2"), frozenset({"Vesby"})),
    Event(("c1",), frozenset({"Vesby"})),
]


def test_what_agrees_is_counted_by_article_and_by_pair() -> None:
    found = agreement(EVENTS, {"a1": 1, "a2": 1, "a3": 2, "b1": 1, "b2": 3, "c1": 3})
    assert (found.articles, found.events, found.several) == (6, 3, 2)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3 + 1 / 2 + 1 / 2) / 6)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2 + 1) / 6)
    assert found.f1 == pytest.approx(2 / (1 / found.precision + 1 / found.recall))
    # a1-a2 is right, a1-b1 and a2-b1 are wrong, and b2-c1 share a name.
    assert (found.pair_precision, found.pair_recall) == (pytest.approx(1 / 3), pytest.approx(1 / 4))


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_the_bootstrap_reckons_as_the_library_does(labels: list[int]) -> None:
    ids = [id_ for event in EVENTS for id_ in event.articles]
    clusters = dict(zip(ids, labels, strict=True))
    own = _f1(_sums(EVENTS, clusters).sum(axis=0)[None, :])[0]
    assert own == pytest.approx(agreement(EVENTS, clusters).f1)


def test_what_is_surely_better_is_ahead_of_what_is_worse() -> None:
    events = [Event((f"{at}a", f"{at}b"), frozenset()) for at in range(20)]
    right = {id_: at for at, event in enumerate(events) for id_ in event.articles}
    apart = {id_: id_ for event in events for id_ in event.articles}
    low, high = ahead(events, right, apart)
    assert 0 < low <= high
    assert ahead(events, right, right) == (0.0, 0.0)


def test_the_baseline_joins_what_is_near_in_meaning_and_in_time() -> None:
    vectors = np.array([[1.0, 0.0], [0.9, 0.44], [0.0, 1.0], [1.0, 0.0]], np.float32)
    events = [Event(("one", "two"), frozenset()), Event(("three",), frozenset()), Event(("late",), frozenset())]
    found = single_link(["one", "two", "three", "late"], np.array([0, DAY, DAY, 90 * DAY]), vectors, events)
    assert found["one"] == found["two"]
    assert len({found["two"], found["three"], found["late"]}) == 3


# --- labelled events ------------------------------------------------------------------------------------


def article(id_: str, day: int | None, says: str = "") -> Article:
    published = None if day is None else datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Article(id_, f"Headline {id_}", says or "Text.", published=published)


ARTICLES = {
    each.id: each
    for each in (
        *(article(f"p{day}", day, "Ilse Brandt won.") for day in (0, 8, 30)),
        article("q", 9),
        article("undated", None),
        *(article(f"filler{at}", at % 50, "Much was said of coffee.") for at in range(300)),
    )
}


def asked(answer: str, *gold: str) -> LabelledQuestion:
    return LabelledQuestion(id=f"{answer}-{gold}", question="Who?", answers=(answer,), gold=gold)


def found(*questions: LabelledQuestion) -> set[tuple[str, ...]]:
    return {event.articles for event in labelled_events(questions, ARTICLES)}


def test_articles_that_answer_one_question_within_days_tell_of_one_event() -> None:
    assert found(asked("Ilse Brandt", "p30", "p8", "p0", "undated", "nowhere")) == {("p0", "p8"), ("p30",)}


def test_events_that_share_an_article_are_one() -> None:
    assert found(asked("Ilse Brandt", "p0", "p8"), asked("Anders Holk", "p8", "q")) == {("p0", "p8", "q")}


@pytest.mark.parametrize("answer", ["France", "7", "seven", "$5", "coffee"])
def test_an_answer_that_many_events_share_tells_of_none(answer: str) -> None:
    assert found(asked(answer, "p0", "p8")) == set()


def test_what_brings_too_many_together_is_left_out() -> None:
    assert COMMON * len(ARTICLES) > 3
    assert found(asked("Ilse Brandt", *(f"filler{at}" for at in range(MOST + 1)))) == set()

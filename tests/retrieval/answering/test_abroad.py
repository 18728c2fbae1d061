"""Across languages: passages in another language than the question's are found, ordered and quoted by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.abroad import across, sure_abroad, with_meanings
from retrieval.answering.features import asked
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.article import Article
from retrieval.index.embed import SENTENCE_CACHE, Embedder, ModelIdentity
from retrieval.index.lexical import Filters
from retrieval.index.likeness import FITTED, Scales
from retrieval.index.search import Candidate, Hits, Sought, Standing, fuse
from retrieval.index.stored import StoredArticle
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.text.sentences import sentence_spans

DIMENSION = 256
MEANS = {
    "wann": "when", "wird": "will", "der": "the", "die": "the", "hafen": "harbour", "von": "of", "wieder": "again",
    "geöffnet": "opened", "warum": "why", "wurde": "was", "brücke": "bridge", "gesperrt": "closed", "neue": "new",
}  # fmt: skip


class Dictionary:
    """A model of English and German, which has a direction for each word and the same for what it means."""

    runtime, dimension, token_limit = "a dictionary", DIMENSION, 254

    def __init__(self) -> None:
        self.read: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        return self.questions(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                vectors[row, crc32((MEANS.get(word) or word).encode()) % DIMENSION] += 1.0
        return vectors + 1e-3


@pytest.fixture
def dictionary(monkeypatch: pytest.MonkeyPatch) -> Dictionary:
    model = Dictionary()
    monkeypatch.setattr(Embedder, "_load", lambda _: model)
    monkeypatch.setattr(Embedder, "identity", ModelIdentity("a dictionary", "1"))
    return model


NEWS = {
    "harbour": "The harbour of Marlo will be opened again on Friday, said the harbour master after the storm. Divers "
    "looked at both of the quays for a week before that, and found nothing that would not hold.",
    "budget": "The council of Tessel passed its budget on Monday with the votes of two parties. Schools get more of "
    "the money than they had in any of the years before, and the swimming pool gets less of it.",
    "bridge": "The new bridge in Norhaven was closed because cracks were found in one of its pillars. Engineers have "
    "looked at it since then, and traffic has to take the ferry until they know what is to be done.",
}


@pytest.fixture
def room(dictionary: Dictionary, tmp_path: Path) -> Iterator[Newsroom]:
    (tmp_path / "seeds").mkdir()
    for name, text in NEWS.items():
        (tmp_path / "seeds" / f"{name}.txt").write_text(f"News about {name}\n{text}\n", encoding="utf-8")
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds", embedding_model="somebody/a-dictionary")
    with Newsroom.open(settings) as opened:
        opened.reload()
        yield opened


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Wann wird der Hafen von Marlo wieder geöffnet?", "The harbour of Marlo will be opened again on Friday"),
        ("Warum wurde die neue Brücke von Norhaven gesperrt?", "The new bridge in Norhaven was closed because cracks"),
    ],
)
def test_a_question_is_answered_by_an_article_in_another_language(room: Newsroom, question: str, begins: str) -> None:
    answer = room.ask(question)
    assert answer.quotes[0].text.startswith(begins)
    article = answer.quotes[0].article
    assert article.body[answer.quotes[0].start : answer.quotes[0].end] == answer.quotes[0].text


def test_what_is_in_the_language_of_the_question_is_read_as_ever(room: Newsroom, dictionary: Dictionary) -> None:
    dictionary.read.clear()
    assert room.ask("When will the harbour of Marlo be opened again?").quotes
    assert not any("swimming pool" in text for text in dictionary.read)  # no sentences were embedded for it


# --- its parts -------------------------------------------------------------------------------------------


def found(languages: Sequence[str | None], cosines: Sequence[float]) -> Findings:
    """A passage of two sentences in each of these languages."""
    evidence: list[Evidence] = []
    for key, (language, cosine) in enumerate(zip(languages, cosines, strict=True)):
        body = f"The harbour number {key} is shut for now. Boats of {key} are waiting outside of it."
        stored = StoredArticle(
            key, Article(f"a{key}", "Harbours", body, language=language), tuple(sentence_spans(body))
        )
        shares = Standing(share=0.0)
        candidate = Candidate(key=key, score=-float(key), relevance=0.5, cosine=cosine, bm25=0.0, by_bm25=shares)
        evidence.append(Evidence(candidate, Span(stored, 0, len(body))))
    return Findings(asked=asked("Welcher Hafen?", {"hafen": 1.0}), evidence=evidence)


def keys(findings: Findings) -> list[int]:
    return [item.candidate.key for item in findings.evidence]


class Knowing(Embedder):
    """A model of all languages for which every sentence is as near as its article's number says."""

    def __init__(self, near: Sequence[float]) -> None:
        super().__init__("somebody/a-model")
        self._near = near

    scales = Scales(FITTED, FITTED)  # pyright: ignore[reportAssignmentType]

    def headline(self, title: str) -> str:
        return title

    def embed_sentences(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [
            np.array([self._near[int(match[0])]]) if (match := re.search(r"\d+", text)) else np.zeros(1)
            for text in texts
        ]

    def _embed_question(self, question: str) -> np.ndarray:
        return np.ones(1)


NEARNESS = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6)


@given(NEARNESS)
def test_passages_abroad_come_in_the_order_of_their_nearness(near: list[float]) -> None:
    findings = across(Knowing(near), "Welcher Hafen?", "de", found(["en"] * len(near), near))
    ordered = [near[key] for key in keys(findings)]
    assert ordered == sorted(near, reverse=True)
    assert set(findings.meanings) == {(key, at) for key in range(len(near)) for at in (0, 1)}


@given(NEARNESS)
def test_those_at_home_keep_their_order_and_their_scores(near: list[float]) -> None:
    before = found(["de", "en"] * len(near), [*near, *near])
    findings = across(Knowing([*near, *near]), "Welcher Hafen?", "de", before)
    home = [item for item in findings.evidence if item.span.stored.article.language == "de"]
    assert home == [item for item in before.evidence if item.span.stored.article.language == "de"]
    assert sorted(keys(findings)) == sorted(keys(before))


@pytest.mark.parametrize(("asked_in", "languages"), [("de", ["de", "de"]), ("de", [None, "de"]), (None, ["en", "de"])])
def test_where_no_other_language_is_known_nothing_changes(asked_in: str | None, languages: list[str | None]) -> None:
    before = found(languages, [0.2, 0.9])
    assert across(Knowing([0.2, 0.9]), "Welcher Hafen?", asked_in, before) is before


def test_a_model_of_one_language_changes_nothing() -> None:
    before = found(["en", "en"], [0.2, 0.9])
    assert across(Embedder(), "Welcher Hafen?", "de", before) is before


def test_what_is_nearer_is_quoted_first_and_surer() -> None:
    findings = found(["en", "en"], [0.3, 0.6])
    spans = [item.span for item in findings.evidence]
    meanings = {(0, 0): 0.2, (0, 1): 0.3, (1, 0): 0.7, (1, 1): 0.1}
    scores = with_meanings(spans, np.zeros(2), meanings)
    assert scores[1] > scores[0]
    assert with_meanings(spans, np.array([3.0, 4.0]), {}).tolist() == [3.0, 4.0]
    told = replace(findings, meanings=meanings)
    far, near = (sure_abroad(told, span) for span in spans)
    assert far is not None
    assert near is not None
    assert near > far
    assert sure_abroad(findings, spans[0]) is None


@given(st.floats(0.0, 50.0), st.floats(0.01, 1.0))
def test_words_do_not_weigh_where_they_are_of_another_language(bm25: float, cosine: float) -> None:
    dense = [(1, cosine), (2, cosine / 2)]
    by = {each.key: each for each in fuse(Hits.of(dense), Hits.of([(3, 51.0), (2, bm25)]), abroad={2})}
    assert by[2].relevance == pytest.approx(0.5, abs=1e-6)
    assert by[3].relevance == 0.5  # half for words, as ever


def test_sentences_are_embedded_once(dictionary: Dictionary) -> None:
    model = Embedder("somebody/a-dictionary")
    first = model.embed_sentences(["One harbour.", "Two bridges.", "One harbour."])
    assert np.array_equal(first[0], first[2])
    again = model.embed_sentences(["Two bridges.", "Three ferries."])
    assert np.array_equal(again[0], first[1])
    assert dictionary.read == ["One harbour.", "Two bridges.", "Three ferries."]
    model.embed_sentences([str(number) for number in range(SENTENCE_CACHE + 10)])
    assert len(model._sentences) == SENTENCE_CACHE


def test_the_search_tells_what_is_in_another_language(room: Newsroom) -> None:
    index = room.corpus().index
    keys = index.dense.keys
    assert index._abroad(keys, "de") == set(keys.tolist())
    assert index._abroad(keys, "en") == index._abroad(keys, None) == frozenset()
    vector, words = np.ones(DIMENSION, np.float32) / DIMENSION**0.5, ("harbour",)
    scales = Scales(FITTED, FITTED)

    def shares(language: str | None) -> dict[int, tuple[float, float]]:
        sought = Sought(language=language, words=words, vector=vector, scales=scales)
        found = index.search(sought, 9, Filters(), None)
        return {each.key: (each.relevance, each.by_cosine.share) for each in found}

    assert all(relevance == pytest.approx(share) for relevance, share in shares("de").values())
    assert any(relevance != pytest.approx(share) for relevance, share in shares("en").values())
    assert shares("en") == shares(None)

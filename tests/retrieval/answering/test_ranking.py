"""Which passages come first: what they say, and how new they are, as two things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.choosing import ANSWER_FROM, ranked_spans
from retrieval.answering.confidence import confidence, confidence_features
from retrieval.answering.features import Asked, asked
from retrieval.answering.pipeline import read_for
from retrieval.answering.ranking import (
    NEW,
    OF_AN_ARTICLE,
    RANKED,
    RANKING_FEATURES,
    in_order,
    ranked,
    ranking_rows,
    varied,
)
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.article import Article, Scope
from retrieval.index.search import Hits, fuse
from retrieval.index.stored import StoredArticle
from retrieval.newsroom import Newsroom
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import content_terms
from tests.support.arrivals import LIBRARY, arrival, opened

QUESTION = "Who won the rowing cup in Hallvik?"
BODIES = (
    "Ines Holt won the rowing cup in Hallvik. She thanked her club.",
    "The harbour of Hallvik is dredged until May. Boats wait outside.",
    "A rowing club bought new boats. The cup is held in spring.",
)


def ask(question: str = QUESTION) -> Asked:
    return asked(question, dict.fromkeys(content_terms(question), 1.0))


def found(freshness: Sequence[float] = (0.0, 0.0, 0.0)) -> list[Evidence]:
    """A passage of each of `BODIES`, as the search gives them."""
    candidates = fuse(
        Hits.of([(0, 0.7), (1, 0.5), (2, 0.4)]),
        Hits.of([(0, 9.0), (2, 5.0), (1, 2.0)]),
        lambda keys: np.array(freshness)[keys],
    )
    articles = [
        StoredArticle(key, Article(f"a{key}", "Hallvik news", body), tuple(sentence_spans(body)))
        for key, body in enumerate(BODIES)
    ]
    return [Evidence(each, Span(articles[each.key], 0, len(BODIES[each.key]))) for each in candidates]


def keys(evidence: Sequence[Evidence]) -> list[int]:
    return [item.candidate.key for item in evidence]


@given(st.lists(st.floats(0, 2), min_size=3, max_size=3))
def test_how_new_a_passage_is_does_not_change_what_it_says(freshness: list[float]) -> None:
    old, new = found(), found(freshness)
    rows = dict(zip(keys(old), ranking_rows(ask(), old).tolist(), strict=True))
    assert rows == dict(zip(keys(new), ranking_rows(ask(), new).tolist(), strict=True))
    assert all(len(row) == len(RANKING_FEATURES) for row in rows.values())


@given(st.floats(0, 2))
def test_the_confidence_is_the_same_however_old_the_articles_are(freshness: float) -> None:
    def sure(evidence: list[Evidence]) -> float:
        findings = Findings(ask(), ranked(ask(), evidence))
        return confidence(findings, ranked_spans(findings))

    # All of one age: the order stays, and nothing else may tell.
    assert sure(found([freshness] * 3)) == pytest.approx(sure(found()))


def test_of_two_that_say_as_much_the_newer_comes_first() -> None:
    evidence = found((0.0, 0.5, 0.1))
    alike = in_order(evidence, [1.0, 1.0, 1.0])
    assert keys(alike) == [1, 2, 0]
    assert alike[0].candidate.score == pytest.approx(1.0 + NEW * 0.5)
    far_better = in_order(evidence, [1.0 + 2 * NEW if item.candidate.key == 0 else 1.0 for item in evidence])
    assert keys(far_better)[0] == 0


def test_what_is_not_compared_follows_in_its_order() -> None:
    first, *_ = found()
    many = [first._replace(candidate=first.candidate._replace(key=key)) for key in range(RANKED + 5)]
    assert keys(ranked(ask(), many))[RANKED:] == list(range(RANKED, RANKED + 5))
    scores = [item.candidate.score for item in ranked(ask(), many)]
    assert scores == sorted(scores, reverse=True)
    assert ranked(ask(), []) == []


def test_no_article_takes_all_places() -> None:
    first, second, third = found()
    chosen = varied([first] * 5 + [second] * 2 + [third] * 9, 6)
    assert keys(chosen) == keys([first] * OF_AN_ARTICLE + [second] * 2 + [third])


def test_rows_are_finite_also_where_nothing_is_told_apart() -> None:
    candidates = fuse(Hits.of([(0, 0.0)]), Hits.of([]))
    evidence = [found()[0]._replace(candidate=candidates[0])]
    assert np.isfinite(ranking_rows(ask("?"), evidence)).all()


PUBLISHED = date(2025, 1, 10)
TRADE = "The president of Valdor told customs to stop all wheat at the border. Estmark called it a breach of contract."
STORM = "Two men had held on to their boat for nine hours. A trawler took them on board on Friday morning."


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with opened(tmp_path_factory.mktemp("ranking")) as room:
        room.add(
            [
                arrival("trade", TRADE, title="Valdor orders halt to grain trade with Estmark", published=PUBLISHED),
                arrival("storm", STORM, title="Rowers rescued off Hallvik after storm", published=PUBLISHED),
                arrival("ferry", published=PUBLISHED),
                arrival("library", LIBRARY, title="A library", published=PUBLISHED),
            ]
        )
        yield room


@pytest.mark.parametrize("age", [1, 30, 400, 3000])
@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("What did Valdor order about the grain trade with Estmark?", "wheat at the border"),
        ("Who was rescued off Hallvik after the storm?", "Two men"),
    ],
)
def test_what_a_headline_repeats_is_answered_at_any_age(room: Newsroom, question: str, answers: str, age: int) -> None:
    answer = room.ask(question, as_of=PUBLISHED + timedelta(days=age))
    assert answer.answered
    assert answer.confidence >= ANSWER_FROM
    assert any(answers in quote.text for quote in answer.quotes)


@pytest.mark.parametrize(
    "question", ["What did the mayor of Hallvik say about taxes?", "Who won the chess cup in Ostia?"]
)
def test_what_no_article_tells_is_not_answered_at_any_age(room: Newsroom, question: str) -> None:
    sure = [room.ask(question, as_of=PUBLISHED + timedelta(days=age)) for age in (0, 14, 400)]
    assert not any(answer.answered for answer in sure)
    assert len({round(answer.confidence, 6) for answer in sure}) == 1


def test_what_is_asked_of_now_is_answered_less_surely_by_what_is_old(room: Newsroom) -> None:
    question = "What did Valdor tell customs about wheat this week?"
    sure = [room.ask(question, as_of=PUBLISHED + timedelta(days=age)).confidence for age in (0, 10, 60, 400, 3000)]
    assert sure[0] > sure[1] > sure[2] > sure[3] == pytest.approx(sure[4], abs=1e-6)


def test_that_nobody_knows_an_articles_age_is_not_held_against_it(tmp_path: Path) -> None:
    question = "What did Valdor tell customs about wheat this week?"
    for folder in ("undated", "dated"):
        (tmp_path / folder).mkdir()
    with opened(tmp_path / "undated") as undated, opened(tmp_path / "dated") as dated:
        for room, published in ((undated, None), (dated, PUBLISHED)):
            room.add([arrival("trade", TRADE, title="A border is closed", published=published)])
        facts = [
            features(room, question, PUBLISHED + timedelta(days=age))["age_for_now"]
            for room, age in ((undated, 400), (dated, 0), (dated, 400))
        ]
    assert facts[0] == facts[1] == 0 < facts[2]


def features(room: Newsroom, question: str, as_of: date) -> dict[str, float]:
    findings = read_for(room.corpus(), question, Scope(until=as_of))
    return confidence_features(findings, ranked_spans(findings))

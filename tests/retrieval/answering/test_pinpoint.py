"""Which words of a quote answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from retrieval.answering.features import asked
from retrieval.answering.pinpoint import RUN_FEATURES, pinpoint, scenes
from retrieval.answering.runs import RUN_WORDS, runs_of, words_of
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.trees import read_trees
from retrieval.article import Article
from retrieval.evaluation.labelled import MARKED_WORDS
from retrieval.index.search import Candidate
from retrieval.index.stored import StoredArticle
from retrieval.text.controls import storable
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import content_terms
from tests.support.hostile import texts


def runs(text: str) -> set[str]:
    return {text[run.start : run.end] for run in runs_of(text, words_of(text))}


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("On Tuesday Rob Gronkowski’s agent called.", "Rob Gronkowski"),
        ("Ukrainian President Volodymyr Zelensky’s visit", "Ukrainian President Volodymyr Zelensky"),
        ("NATO invited Sweden and Finland, it said.", "Sweden and Finland"),
        ("NATO invited Sweden and Finland, it said.", "Finland"),
        ("shares of Bed Bath & Beyond fell", "Bed Bath & Beyond"),
        ("talks at the U.S. Supreme Court.", "U.S. Supreme Court"),
        ("a bidder paid $19 million for lunch", "$19 million"),
        ("sentenced to 12 years in prison", "12 years"),
        ("about 79% of them", "79%"),
        ("The 101-year-old man", "101-year-old"),
        ("It opens on June 14, 2022, in Rome", "June 14, 2022"),
        ("called “Break My Soul,” and it", "Break My Soul"),
        ("linked to baby formula.", "baby formula"),
        ("closed because of heavy damage from flooding, they", "heavy damage from flooding"),
    ],
)
def test_what_could_answer_is_found_whole(text: str, run: str) -> None:
    assert run in runs(text)


@given(texts)
def test_runs_are_whole_words_and_few(text: str) -> None:
    for run in runs_of(text, words_of(text)):
        words = text[run.start : run.end].split()
        assert words
        assert run.last - run.first <= RUN_WORDS <= MARKED_WORDS
        assert not text[run.start : run.end].endswith((" ", "’s", "'s", ".,", "said"))
        assert not (text[run.start - 1 : run.start].isalpha() and text[run.start].isalpha())
        assert not (text[run.end : run.end + 1].isalpha() and text[run.end - 1].isalpha())


def findings(question: str, *bodies: str) -> tuple[Findings, list[Span]]:
    """The passages, each an article, and the first of them as the quote."""
    articles = [
        StoredArticle(key, Article(f"a{key}", "News", body), tuple(sentence_spans(body)))
        for key, body in enumerate(bodies)
    ]
    spans = [Span(each, 0, len(each.article.body)) for each in articles]
    evidence = [Evidence(Candidate(at, 1.0 - at / 10, 0.6, 3.0, 0.5), span) for at, span in enumerate(spans)]
    return Findings(asked(question, dict.fromkeys(content_terms(question), 3.0)), evidence), spans[:1]


def marked(question: str, *bodies: str) -> str | None:
    found, quotes = findings(question, *bodies)
    (span,) = pinpoint(question, found, quotes)
    return None if span is None else quotes[0].text[slice(*span)]


@pytest.mark.parametrize(
    ("question", "bodies", "answer"),
    [
        (
            "How many hot dogs did Joey Chestnut eat to win the contest?",
            ("Joey Chestnut ate 63 hot dogs on Monday to win the contest.", "Chestnut won with 63 hot dogs."),
            "63",
        ),
        (
            "Which NFL star announced his retirement?",
            (
                "NFL star Rob Gronkowski announced his retirement on Tuesday.",
                "Rob Gronkowski is leaving football, his agent said.",
                "Rob Gronkowski retires from the NFL.",
            ),
            "Rob Gronkowski",
        ),
        (
            "How old is the bridge in Lund?",
            (
                "The bridge in Lund is 94 years old. It was closed on Sunday.",
                "The old bridge in Lund, 94 years old, is closed.",
            ),
            "94 years",
        ),
        (
            "Which country elected its first leftist president?",
            (
                "Voters in Colombia elected the country's first leftist president, Gustavo Petro.",
                "Colombia has elected its first leftist leader.",
                "Gustavo Petro won in Colombia on Sunday.",
            ),
            "Colombia",
        ),
    ],
)
def test_what_was_asked_for_is_marked(question: str, bodies: tuple[str, ...], answer: str) -> None:
    assert marked(question, *bodies) == answer


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("What did Rutte say about Russia?", "Rutte spoke about Russia."),
        ("How old is the bridge in Lund?", "The bridge in Lund is closed, and nobody knows until when."),
        ("Why?", "-"),
        ("What did Rutte say about Russia?", "Rutte told Russia to end the war in Ukraine. NATO is ready, he said."),
        ("How did Lund win the cup?", "Lund beat Malmö 3-1 to win the cup on Sunday."),
        ("Why is the bridge in Lund closed?", "The bridge in Lund is closed, Mayor Anna Berg said on Sunday."),
        ("Is the bridge in Lund open?", "The bridge in Lund is closed, Mayor Anna Berg said on Sunday."),
    ],
)
def test_nothing_is_marked_where_nothing_answers(question: str, body: str) -> None:
    assert marked(question, body) is None


def test_what_the_question_says_itself_is_no_answer() -> None:
    question = "When did Mark Rutte speak of Russia and the 30-day ceasefire?"
    found, quotes = findings(question, "Mark Rutte said on Sunday that Russia refuses a 30-day ceasefire.")
    (scene,), _ = scenes(question, found, quotes)
    told = {quotes[0].text[run.start : run.end] for run in scene.runs}
    assert "Sunday" in told
    assert not told & {"Mark Rutte", "Russia", "30-day", "ceasefire"}


def test_the_trees_are_of_these_features() -> None:
    assert read_trees("pinpoint").features == RUN_FEATURES


@settings(max_examples=30)
@given(texts, texts)
def test_any_text_is_marked_within_its_bounds(question: str, body: str) -> None:
    found, quotes = findings(storable(question), storable(body) + ".")
    for span, quote in zip(pinpoint(question, found, quotes), quotes, strict=True):
        assert span is None or 0 <= span[0] < span[1] <= len(quote.text)

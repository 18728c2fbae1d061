"""What a question costs, counted instead of timed: what was won in speed stays won on any machine."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrieval.answer import Answer
from retrieval.answering import corroborate, pipeline, quote
from retrieval.answering.enquiries import AT_ONCE
from retrieval.answering.spans import Span
from retrieval.index import lines, store
from retrieval.newsroom import Newsroom
from retrieval.text import facts, prose, terms
from tests.support.arrivals import arrival, opened

PLACES = "Marlo Norhaven Tessel Valdo Kestrel Arden Brixley Corvane Dunmere Eastholm".split()
QUESTIONS = (
    "How many people were on board the ferry that ran aground off Marlo in May?",
    "Who told reporters about the library of Norhaven?",
    "Why did the harvest in Tessel fail?",
)


def report(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"A ferry with {200 + number} people on board ran aground off {place} on Tuesday evening. "
        f"Mayor Ilse Brandt{number} told reporters that the library of {place} cost $4 million. "
        f"The harvest failed because of frost number {number}, the growers said. Nobody was hurt. "
        f"Divers will look at hull {number} once the wind has dropped."
    )


def outlet(number: int) -> str:
    """Nobody is held against what he says himself, so there are several."""
    return f"The {PLACES[number % 7]} Mail"


@pytest.fixture
def room(tmp_path: Path, bag_of_words: None) -> Iterator[Newsroom]:
    with opened(tmp_path, answer_from=0.0) as room:
        room.add(
            [
                arrival(f"report-{number}", report(number), title=f"Report {number}", source=outlet(number))
                for number in range(60)
            ]
        )
        room.ask("What happened at the harbour?")
        yield room


def test_no_expression_is_compiled_and_no_sentence_read_anew(room: Newsroom) -> None:
    for question in QUESTIONS:
        room.ask(question)  # what is compiled when it is first needed
    elsewhere = [re.sub("Marlo|Norhaven|Tessel", "Kestrel", question) for question in QUESTIONS]
    done: list[object] = []
    compiler = re._compiler  # pyright: ignore[reportAttributeAccessIssue]
    compiled = compiler.compile
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "compile", lambda *given: done.append(given) or compiled(*given))
        for name, read in (("facts", facts.facts), ("terms", terms.terms), ("is_prose", prose.is_prose)):
            patch.setattr(lines, name, lambda *given, read=read: done.append(given) or read(*given))
        answers = [room.ask(question) for question in elsewhere]
    assert all(answer.quotes for answer in answers)
    assert done == []


def test_a_question_is_embedded_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    model = room.corpus().embedder.load()
    asked: list[str] = []
    compute = type(model).questions
    monkeypatch.setattr(type(model), "questions", lambda self, texts: asked.extend(texts) or compute(self, texts))
    for _ in range(2):
        room.ask(QUESTIONS[0])
        room.ask(QUESTIONS[0], limit=5)
    assert asked == [QUESTIONS[0]]


def test_an_article_is_read_and_checked_once_for_questions_that_find_it(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in QUESTIONS:
        room.ask(question)
    monkeypatch.setattr(store, "stored_article", lambda *_: pytest.fail("it was read before"))
    for question in QUESTIONS:
        assert room.ask(question, limit=5).quotes


def test_what_is_read_does_not_grow_with_what_is_held(room: Newsroom) -> None:
    def read() -> tuple[int, int]:
        connection = room.corpus().store.connection()
        statements: list[str] = []
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_trace_callback(statements.append)
        connection.set_progress_handler(step, 100)  # of SQLite's instructions
        try:
            assert room.ask(QUESTIONS[0]).quotes
        finally:
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, 0)
        return len(statements), steps

    room.ask(QUESTIONS[0])
    few_statements, few_steps = read()
    room.add([arrival(f"more-{number}", report(number), title=f"Report {number}") for number in range(60, 600)])
    room.ask(QUESTIONS[0])
    statements, steps = read()
    assert statements <= few_statements + 6, "it is asked of each quote who else carries it"
    assert steps <= 2 * few_steps + 5


def test_a_sentence_is_compared_only_with_those_that_share_its_words(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[Span, Span]] = []
    pairs: list[int] = []
    compare, against = corroborate.compare, pipeline.contradiction

    def contradiction(chosen: Sequence[Span], claims: corroborate.ClaimsMade) -> corroborate.Contradiction | None:
        pairs.append(sum(len(quote.sentences) for quote in chosen) * len(claims.spelled))
        return against(chosen, claims)

    monkeypatch.setattr(corroborate, "compare", lambda *given: compared.append(given) or compare(*given))
    monkeypatch.setattr(pipeline, "contradiction", contradiction)
    assert all(room.ask(question).quotes for question in QUESTIONS)
    assert 0 < len(compared) < sum(pairs) / 2, "most sentences have nothing in common"


def test_nobody_is_held_against_himself(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[Span, Span]] = []
    compare = corroborate.compare
    monkeypatch.setattr(corroborate, "compare", lambda *given: compared.append(given) or compare(*given))
    for question in QUESTIONS:
        room.ask(question, limit=5)
    outlets = [{claim.stored.article.source for claim in pair} for pair in compared]
    assert outlets
    assert all(len(each) == 2 for each in outlets)


def test_a_sentence_is_read_once_however_many_it_is_compared_with(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    tokens = quote._tokens
    monkeypatch.setattr(quote, "_tokens", lambda text: read.append(text) or tokens(text))
    quote._read.cache_clear()
    for question in QUESTIONS:
        room.ask(question, limit=5)
    assert read
    assert len(read) == len(set(read))


def test_a_few_questions_are_looked_through_at_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, guard = pipeline.answer, threading.Lock()
    inside, most = 0, 0

    def watched(*given: Any) -> Answer:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        try:
            return answer(*given)
        finally:
            with guard:
                inside -= 1

    monkeypatch.setattr(pipeline, "answer", watched)
    with ThreadPoolExecutor(8) as pool:
        assert all(answer.quotes for answer in pool.map(room.ask, QUESTIONS * 4))
    assert most == AT_ONCE


def test_it_is_asked_once_how_all_articles_stood(room: Newsroom) -> None:
    long = [
        arrival(f"long-{at}", "\n\n".join(map(report, range(at, 400, 10))), title=f"Ferries {at}") for at in range(5)
    ]
    room.add(long)
    room.ask(QUESTIONS[0])
    statements: list[str] = []
    connection = room.corpus().store.connection()
    connection.set_trace_callback(statements.append)
    try:
        found = room.search(QUESTIONS[0], as_of=datetime(2100, 1, 1, tzinfo=UTC), limit=40)
    finally:
        connection.set_trace_callback(None)
    articles = {hit.passage.article.id for hit in found}
    (asked,) = [each for each in statements if "FROM article WHERE id" in each]
    assert len(articles) < len(found) == 40
    assert all(asked.count(f'"{article}"') == 1 for article in articles)


def test_words_are_analysed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Divers look at the hull of the ferry again and again, and again at the ferry."
    terms.terms(text)
    monkeypatch.setattr(terms, "_analyzer", lambda _: pytest.fail("a word was analysed twice"))
    assert terms.terms(text).count("again") == 3

"""A question on its way through one generation: what it may see, what it asks for, and the evidence found."""

from __future__ import annotations

import difflib
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from retrieval.answering.choosing import inverse_frequencies
from retrieval.answering.evidence import evidence_as_it_stood
from retrieval.answering.features import Asked, asked
from retrieval.answering.rerank import RERANKED, Reranker
from retrieval.answering.scope import Named
from retrieval.answering.spans import Evidence
from retrieval.answering.understanding import Understood, understand
from retrieval.article import Day, instant, instant_end
from retrieval.errors import InvalidQuestion
from retrieval.index.embed import Embedder
from retrieval.index.lexical import Filters
from retrieval.index.search import Index
from retrieval.index.store import Store
from retrieval.text.controls import storable
from retrieval.text.terms import content_terms

QUESTION_CHARACTERS = 1_000
EARLIEST, LATEST = 1000, 9000  # years; the calendar of computers ends where these are added to or taken from


@dataclass(frozen=True, slots=True)
class Scope:
    """What the one who asks lets a question see; `without` are ids of articles that it does not."""

    as_of: Day | None = None
    since: Day | None = None
    source: str | None = None
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a question asks for and the best passages for it. `scope` is what was read out of its words, for the
    reader; None when it names no time and no outlet.
    """

    asked: Asked
    evidence: list[Evidence]
    scope: Named | None


def checked_question(question: str) -> str:
    """The question on one line; raises `InvalidQuestion` when nothing or too much is left of it."""
    folded = storable(" ".join(question.split()))
    if not any(character.isalnum() for character in folded):
        raise InvalidQuestion("Ask a question in words, for example: What did Rutte say about Russia?")
    if len(folded) > QUESTION_CHARACTERS:
        raise InvalidQuestion(
            "The question has {length} characters: ask it in at most {limit}.",
            length=len(folded),
            limit=QUESTION_CHARACTERS,
        )
    return folded


def inquire(
    index: Index,
    store: Store,
    embedder: Embedder,
    question: str,
    scope: Scope,
    limit: int,
    reranker: Reranker | None = None,
) -> Inquiry:
    """The best `limit` passages for a checked question, from the time and the outlet that it names.

    A time or an outlet that leaves nothing is dropped, and `Inquiry.scope` says so. A reranker chooses the best
    out of `RERANKED`.
    """
    if reranker is None:
        return _ranked(index, store, embedder, question, scope, limit)
    inquiry = _ranked(index, store, embedder, question, scope, max(limit, RERANKED))
    return replace(inquiry, evidence=reranker.rerank(question, inquiry.evidence)[:limit])


def _ranked(index: Index, store: Store, embedder: Embedder, question: str, scope: Scope, limit: int) -> Inquiry:
    given = filters_of(index, store, scope)
    moment = time.time() if given.until is None else given.until
    # What the one who asks has set is not read out of the question as well.
    outlets = () if given.source else index.outlets_by(given.until)
    read = understand(question, datetime.fromtimestamp(moment, UTC), outlets)
    if given.since is not None:
        read = read.without_window()
    fresh_at = None if read.past else moment
    narrowed = _narrowed(given, read)

    def found(filters: Filters, named: Named | None) -> Inquiry:
        wanted, evidence = find_evidence(index, store, embedder, question, filters, limit, fresh_at)
        if given.until is not None:
            evidence = evidence_as_it_stood(store, evidence, given.until)
        return Inquiry(wanted, evidence, named)

    if narrowed == given:
        return found(given, None)
    inquiry = found(narrowed, read.said)
    if inquiry.evidence or read.said is None:
        return inquiry
    all_others = given.since is not None or given.source is not None
    return found(given, replace(read.said, dropped=True, all_others=all_others))


def _narrowed(given: Filters, read: Understood) -> Filters:
    """`given` and what the question says."""
    since, until = given.since, given.until
    if read.since is not None:
        since = instant(read.since)
    if read.until is not None:
        until = min(instant_end(read.until), until if until is not None else float("inf"))
    return replace(given, since=since, until=until, source=given.source or read.outlet)


def filters_of(index: Index, store: Store, scope: Scope) -> Filters:
    """A scope as search takes it. Raises `InvalidQuestion` for an outlet that is not there, or a moment out of time."""
    for day in (scope.as_of, scope.since):
        if day is not None and not EARLIEST <= day.year <= LATEST:
            raise InvalidQuestion(
                "The day {day} is out of reach: name one from {first} to {last}.",
                day=day,
                first=str(EARLIEST),
                last=str(LATEST),
            )
    return Filters(
        None if scope.since is None else instant(scope.since),
        None if scope.as_of is None else instant_end(scope.as_of),
        None if scope.source is None else _outlet(index, scope.source),
        store.passage_keys(scope.without) if scope.without else frozenset(),
    )


def _outlet(index: Index, wanted: str) -> str:
    """The outlet as the index spells it; raises `InvalidQuestion` naming the nearest when it is not there."""
    by_folded = {outlet.casefold(): outlet for outlet in index.outlets}
    found = by_folded.get(wanted.strip().casefold())
    if found is None:
        near = difflib.get_close_matches(wanted.casefold(), by_folded, n=3, cutoff=0.3)
        names = ", ".join(by_folded[name] for name in near) or ", ".join(index.outlets[:5])
        outlet = repr(wanted[:80])
        if not names:
            raise InvalidQuestion("No articles of an outlet {outlet} are indexed, nor of any other.", outlet=outlet)
        raise InvalidQuestion(
            "No articles of an outlet {outlet} are indexed; the nearest: {names}.", outlet=outlet, names=names
        )
    return found


def find_evidence(
    index: Index, store: Store, embedder: Embedder, text: str, filters: Filters, limit: int, fresh_at: float | None
) -> tuple[Asked, list[Evidence]]:
    """What a question or topic asks for, and the best passages with their articles.

    `fresh_at` is the moment from which freshness is measured; None leaves it out.
    """
    words = content_terms(text)
    frequencies = [index.lexical.document_frequency(word) for word in words]
    weights = inverse_frequencies(words, frequencies, len(index.dense))
    candidates = index.search(embedder.embed_question(text), words, limit, filters, fresh_at)
    passages = store.passages(candidate.key for candidate in candidates)
    stored = store.articles({passage.article for passage in passages.values()})
    evidence = []
    for candidate in candidates:
        passage = passages.get(candidate.key)  # gone only after two reloads during this question
        if passage is not None and passage.article in stored:
            evidence.append(Evidence(candidate, stored[passage.article], passage.start, passage.end))
    return asked(text, weights), evidence

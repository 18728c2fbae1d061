"""A question in a form that can be asked: checked once, before anything is looked for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.article import Scope, instant, instant_end
from retrieval.errors import InvalidQuestion
from retrieval.index.lexical import Filters
from retrieval.index.store import Store
from retrieval.text.controls import storable
from retrieval.text.letters import plain_letters
from retrieval.text.tongues import Languages, normalised

if TYPE_CHECKING:  # which who only reads need not load
    from retrieval.index.search import Index
    from retrieval.index.shelf import Shelf

QUESTION_CHARACTERS = 1_000
EARLIEST, LATEST = 1000, 9000  # years; the calendar of computers ends where these are added to or taken from


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question: its words on one line, what may be looked through for it (the outlet as the index spells it),
    how many quotes or passages are wanted at most, and the moment that it is asked from, in seconds since 1970.

    `language` (ISO 639-1) is that of its words; where these do not tell, that of the articles that are asked for, the
    one that whoever asks prefers, or that of all articles; None where nobody knows.
    """

    text: str
    scope: Scope
    limit: int
    now: float
    language: str | None = None

    @property
    def as_of(self) -> float | None:
        """The moment that it is asked from, where that is set: articles are as they stood then."""
        return None if self.scope.until is None else self.now


def checked_question(question: str) -> str:
    """The question on one line; raises `InvalidQuestion` when nothing or too much is left of it."""
    folded = storable(" ".join(plain_letters(question).split()))
    if not any(character.isalnum() for character in folded):
        raise InvalidQuestion("Ask a question in words, for example: What did Rutte say about Russia?")
    if len(folded) > QUESTION_CHARACTERS:
        raise InvalidQuestion(
            "The question has {length} characters: ask it in at most {limit}.",
            length=len(folded),
            limit=QUESTION_CHARACTERS,
        )
    return folded


def checked_limit(limit: int) -> int:
    """The limit; raises `InvalidQuestion` when it leaves nothing."""
    if limit < 1:
        raise InvalidQuestion("A limit of {limit} leaves nothing to show: ask for at least 1.", limit=limit)
    return limit


def checked_scope(scope: Scope, held: Shelf | Index) -> Scope:
    """The scope with its outlet and language as what is held spells them.

    Raises `InvalidQuestion` for an outlet or a language that is not there, or a day out of time.
    """
    for day in (scope.until, scope.since):
        if day is not None and not EARLIEST <= day.year <= LATEST:
            raise InvalidQuestion(
                "The day {day} is out of reach: name one from {first} to {last}.",
                day=day,
                first=str(EARLIEST),
                last=str(LATEST),
            )
    if scope.source is not None:
        scope = replace(scope, source=_outlet(scope.source, held.outlets))
    if scope.language is not None:
        scope = replace(scope, language=_language(scope.language, held.languages))
    return scope


def filters_of(scope: Scope, store: Store) -> Filters:
    """A scope as the index takes it: in seconds and keys."""
    return Filters(
        since=None if scope.since is None else instant(scope.since),
        until=None if scope.until is None else instant_end(scope.until),
        source=scope.source,
        language=scope.language,
        without=store.passage_keys(scope.without) if scope.without else frozenset(),
    )


def _language(wanted: str, languages: Sequence[str]) -> str:
    """The code of a language, of "de-AT", too; raises `InvalidQuestion` naming those there are when it is not there."""
    code = normalised(wanted)
    if code is not None and code in languages:
        return code
    named = Languages((code,)) if code else repr(wanted[:80])
    if not languages:
        raise InvalidQuestion("No articles in {language} are indexed, nor in any other language.", language=named)
    raise InvalidQuestion(
        "No articles in {language} are indexed; there are some in: {languages}.",
        language=named,
        languages=Languages(tuple(languages)),
    )


def _outlet(wanted: str, outlets: Sequence[str]) -> str:
    """The outlet as the index spells it; raises `InvalidQuestion` naming the nearest when it is not there."""
    by_folded = {outlet.casefold(): outlet for outlet in outlets}
    found = by_folded.get(plain_letters(wanted).strip().casefold())
    if found is None:
        near = difflib.get_close_matches(wanted.casefold(), by_folded, n=3, cutoff=0.3)
        names = ", ".join(by_folded[name] for name in near) or ", ".join(outlets[:5])
        outlet = repr(wanted[:80])
        if not names:
            raise InvalidQuestion("No articles of an outlet {outlet} are indexed, nor of any other.", outlet=outlet)
        raise InvalidQuestion(
            "No articles of an outlet {outlet} are indexed; the nearest: {names}.", outlet=outlet, names=names
        )
    return found

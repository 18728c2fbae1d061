"""The values that the rest of the library passes on: articles, what is asked of them, and how reading them went.

All are frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Literal

Day = date | datetime
"""A publisher's date: an aware datetime, or a plain `date` where only the day is known."""


Layout = tuple[tuple[int, int, str], ...]
"""What a page shows in place of `body[start:end]`, in the order of the body (see `text/layout.py`)."""


def instant(day: Day) -> float:
    """Seconds since 1970 (UTC) at which `day` begins; an aware datetime gives its own moment."""
    if isinstance(day, datetime):
        return day.timestamp()
    return datetime.combine(day, time.min, UTC).timestamp()


def instant_end(day: Day) -> float:
    """The last moment that still belongs to `day`: a plain date lasts until midnight (UTC)."""
    if isinstance(day, datetime):
        return day.timestamp()
    return datetime.combine(day, time.max, UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Article:
    """One news text as its publisher wrote it.

    `source` is the outlet; `key_points` the bullet lines above the body, a summary that is never
    quoted as if it were the body. Undated articles have `published=None`: a date is never invented.
    `summary_only` tells that the body is the summary of a feed, whose page could not be had. `layout` is how its
    page shows the body, None where no page was read, and `language` (ISO 639-1, "de") that of the text, None where it
    is not known; neither is part of what the article says.
    """

    id: str
    title: str
    body: str
    url: str | None = None
    source: str | None = None
    published: Day | None = None
    updated: Day | None = None
    key_points: tuple[str, ...] = ()
    summary_only: bool = False
    layout: Layout | None = field(default=None, compare=False, repr=False)
    language: str | None = field(default=None, compare=False)

    @property
    def content_hash(self) -> str:
        """SHA-256 over every field but layout and language; two articles with equal hashes are the same version."""
        fields = (self.id, self.title, self.body, self.url, self.source)
        days = [day.isoformat() if day else None for day in (self.published, self.updated)]
        marks = ["summary only"] if self.summary_only else []  # so that the hashes of all others stay what they were
        return hashlib.sha256(json.dumps([*fields, *days, self.key_points, *marks]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are looked through, whoever says so: the one who asks, or the words of the question.

    Published from `since` to `until` (both included, a plain date as a whole day), by the outlet `source`, written in
    `language` (ISO 639-1), and without the ids `without`; None is open. `since` leaves undated articles out, `until`
    does not: nothing says that they are later. As the one who asks sets it, `until` is the moment that is asked from:
    articles are as they stood then.
    """

    since: Day | None = None
    until: Day | None = None
    source: str | None = None
    without: frozenset[str] = frozenset()
    language: str | None = None

    def narrowed(self, named: Scope) -> Scope:
        """What is within both; of what only one of two can say, this one has the word."""
        ends = [day for day in (self.until, named.until) if day is not None]
        return replace(
            self,
            since=named.since if self.since is None else self.since,
            until=min(ends, key=instant_end, default=None),
            source=named.source if self.source is None else self.source,
            without=self.without | named.without,
            language=named.language if self.language is None else self.language,
        )


EVERYTHING = Scope()
"""The scope that leaves nothing out."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a question's own words narrowed the search to: days, an outlet, or both.

    `dropped` tells that nothing was found so narrowed, so that all articles were looked through, or `all_others` of
    those that the one who asks had set.
    """

    scope: Scope
    dropped: bool = False
    all_others: bool = False

    def __str__(self) -> str:
        """As in "articles from 3 to 9 June 2024"."""
        named = _in_words(self.scope)
        if not self.dropped:
            return named
        return f"{'all others of those' if self.all_others else 'all articles'}, as there are no {named}"


def _in_words(scope: Scope) -> str:
    span = _days_in_words(scope.since, scope.until)
    if scope.source is None:
        return f"articles {span}"
    joint = "" if not span else f", {span.removeprefix('from ')}" if span.startswith("from ") else f" {span}"
    return f"articles from {scope.source}{joint}"


def _days_in_words(since: Day | None, until: Day | None) -> str:
    if since is None:
        return f"until {_day_in_words(until)}" if until else ""
    if until is None:
        return f"since {_day_in_words(since)}"
    if since == until:
        return f"on {_day_in_words(since)}"
    if since.year != until.year:
        start = _day_in_words(since)
    else:
        start = f"{since.day} {since:%B}" if since.month != until.month else str(since.day)
    return f"from {start} to {_day_in_words(until)}"


def _day_in_words(day: Day) -> str:
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far many articles are that are read for the first time: of `total`, `done` can be asked about by now.

    `left` are the seconds, roughly, until all can; None where that is not known.
    """

    done: int
    total: int
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Input that was not taken as it is: `where` names it for a person ("feed.jsonl line 12"), `reason` says why.

    Both are said in other languages where they are a `Reason`, and so know what they are made of.

    `kind` tells what that means: "skipped" input is bad, "unreadable" could not be opened or read just now, and
    a "note" is about an article that was taken, without one of its fields. What is "folded" is an article that is
    there already, offered once more beside it; a "copy" carries the text of another one and has nothing to quote.
    """

    where: str
    reason: str
    kind: Literal["skipped", "unreadable", "note", "folded", "copy"] = "skipped"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reload is: `done` of `total` (None when not known yet) in its present `stage`."""

    stage: str
    """"reading" (articles), "embedding" (passages) or "indexing" (passages)."""
    done: int
    total: int | None


Tell = Callable[[Progress], object]
"""What is told how far a reload is, again and again, by the thread that runs it."""


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload changed, in articles; `embedded` counts passages. `generation` is the one now served.

    `copies` counts those among `added` that another outlet's article holds word for word, or nearly so. What was
    offered is `added`, `updated`, `unchanged`, skipped, or folded into what was offered beside it: `folded` names each
    of the latter, and each copy. `undated` are those among `added` whose day is not known, by title and address.
    """

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0
    generation: int = 0
    copies: int = 0
    folded: tuple[Failure, ...] = ()
    undated: tuple[str, ...] = ()

    def and_then(self, later: ReloadReport) -> ReloadReport:
        """This change and a later one as one."""
        return ReloadReport(
            added=self.added + later.added,
            updated=self.updated + later.updated,
            removed=self.removed + later.removed,
            unchanged=self.unchanged + later.unchanged,
            embedded=self.embedded + later.embedded,
            failed=self.failed + later.failed,
            seconds=self.seconds + later.seconds,
            generation=later.generation,
            copies=self.copies + later.copies,
            folded=self.folded + later.folded,
            undated=self.undated + later.undated,
        )


@dataclass(frozen=True, slots=True)
class Status:
    """What the index holds. `notice` is one sentence when something needs a host's hand, else None.

    `runtime` computes the embedding model, None while that is not loaded; `prompts` go before questions and passages,
    and `languages` are those that it knows, as ISO 639 codes, none where they are many or nobody knows.

    `feeds` are read; `feeds_failed` says of those whose last question failed, why. `reading` tells of articles that are
    not among these yet, and `articles_in` how many are in each language (by its ISO 639-1 code), most first.
    """

    generation: int
    articles: int
    passages: int
    sources: int
    newest: Day | None
    oldest: Day | None
    model: str
    reloaded: datetime | None
    failed: tuple[Failure, ...]
    notice: str | None
    feeds: int = 0
    feeds_failed: tuple[Failure, ...] = ()
    reading: Reading | None = None
    runtime: str | None = None
    prompts: tuple[str, str] = ("", "")
    languages: tuple[str, ...] = ()
    articles_in: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """What the host offers to all under a `name`: so many `articles` and `feeds`. `read` tells whether who asked for it
    reads it."""

    name: str
    articles: int
    feeds: int
    read: bool

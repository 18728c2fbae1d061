"""Which entries of one feed document are told apart, whatever it calls them, and which are one, told twice.

A feed may have one id for all its entries, or one address for all of them (a list of notices, the posts of a live
report). Where an id is that of several, each is kept under an id of its own that stays as long as its address does.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from retrieval.article import Failure
from retrieval.reading.feeds.entries import own_text
from retrieval.reading.feeds.reader_internals import EntryData
from retrieval.reading.feeds.titles import plain_title
from retrieval.reasons import Reason
from retrieval.text.addresses import precise_address
from retrieval.text.likeness import Report, alike, other_facts, same_words

MOST_STATES = 20
"""Of one id no more are looked through for earlier states of an entry: what is the id of so many is that of none."""
MOST_SHARED = 200
"""Addresses that several entries of one feed lead to; more are not remembered."""


@dataclass(frozen=True, slots=True)
class Apart:
    """The entries of a feed, each with an id of its own; those that are `folded` into another, by a line each; and the
    places (see `place_of`) that several of them share.
    """

    entries: Sequence[EntryData]
    folded: Sequence[Failure]
    shared: tuple[str, ...]


def told_apart(entries: Iterable[EntryData]) -> Apart:
    """The entries, told apart by all that they say of themselves. Of one that is told twice the first stays."""
    groups: defaultdict[str, list[_Told]] = defaultdict(list)
    for entry in entries:
        groups[entry.id].append(_Told(entry))
    kept: list[_Told] = []
    folded: list[Failure] = []
    for group in groups.values():
        several: list[_Told] = []
        for told in group:
            if len(group) > 1 and any(_is_one(told, other) for other in several[:MOST_STATES]):
                folded.append(Failure(told.shown, Reason("stands twice in its feed, and is taken once"), "folded"))
            else:
                several.append(told)
        kept += several if len(several) == 1 else _renamed(several)
    return Apart([told.entry for told in kept], folded, _shared(kept))


def place_of(link: str | None) -> str | None:
    """The page that a link leads to, as it is compared: without what only tells where on it to look."""
    address = precise_address(link)
    return address and address.partition("#")[0]


class _Told:
    """An entry, with what it says of itself, which is looked at where others are to be told from it."""

    def __init__(self, entry: EntryData) -> None:
        self.entry = entry
        self.link = precise_address(entry.link) or (entry.link or "").strip()

    @cached_property
    def report(self) -> Report:
        """Headline and text."""
        return Report(plain_title(self.entry.title) or "", own_text(self.entry).text)

    @property
    def shown(self) -> str:
        """The entry, for a person."""
        title = f"“{self.report.title or self.entry.id[:80]}”"
        return f"{title} ({self.entry.link[:200]})" if self.entry.link else title


def _is_one(told: _Told, other: _Told) -> bool:
    """Whether two entries of one id are states of one article."""
    one, another = told.report, other.report
    titled = one.title.casefold() == another.title.casefold()
    if told.link != other.link:
        return titled and same_words(one.body, another.body)
    if not alike(one.body, another.body):
        return False
    same_moment = told.entry.published == other.entry.published
    return not other_facts(one, another) or (titled and bool(told.link) and same_moment)


def _renamed(several: Sequence[_Told]) -> list[_Told]:
    """Entries of one id under ids of their own: by their addresses, or where these are the same by what they say."""
    links = Counter(told.link for told in several)
    titles = Counter((told.link, told.report.title) for told in several)

    def own(told: _Told) -> str:
        parts = [told.entry.id, told.link]
        if links[told.link] > 1 or not told.link:
            parts.append(told.report.title)
        if titles[told.link, told.report.title] > 1:
            parts.append(told.report.body)
        return f"{told.entry.id[:200]}#{hashlib.sha256(repr(parts).encode(errors='replace')).hexdigest()[:16]}"

    return [_Told(replace(told.entry, id=own(told))) for told in several]


def _shared(kept: Iterable[_Told]) -> tuple[str, ...]:
    """The places that entries lead to which say different things."""
    there: defaultdict[str, list[_Told]] = defaultdict(list)
    for told in kept:
        if place := place_of(told.entry.link):
            there[place].append(told)
    shared = [place for place, each in there.items() if any(_differs(each[0], other) for other in each[1:])]
    return tuple(shared[:MOST_SHARED])


def _differs(one: _Told, other: _Told) -> bool:
    if one.report.title.casefold() != other.report.title.casefold():
        return True
    return not same_words(one.report.body, other.report.body)

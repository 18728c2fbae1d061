"""Which other outlets report a quote's statement too, and which articles contradict it.

Pure functions over the sentences of the few articles that a question brought up. Two sentences are compared
by what they state (`retrieval.answering.statements`) and only where their articles tell one story, at one time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from retrieval.answering.quote import same_statement
from retrieval.answering.spans import Span
from retrieval.answering.statements import Relation, Statement, read_statement, relation
from retrieval.article import Article, Day, instant
from retrieval.index.stored import StoredArticle
from retrieval.text.domains import outlet_key
from retrieval.text.figures import Figure
from retrieval.text.names import never_small
from retrieval.text.words import MONTHS, WEEKDAYS

CONTRADICTING = 3  # at most so many claims are shown as a contradiction
_LONGEST = 1_500  # characters; a longer "sentence" is a table or a transcript without stops
_LEAD = 800  # characters of a body that name what the story is about
_SHARED_NAMES = 2
_SHARED_WORDS = 0.4  # of two sentences as written; below it nothing more is looked at
_SHINGLE = 5  # words
_COPIED = 0.5  # share of the shorter body's shingles
_COMPARED = 15_000  # characters of a body; few wire reports are longer
_READ_SENTENCES = 400  # of a body that may itself say what contradicts it


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Sentences of different articles that cannot all be true, newest first (undated last).

    `about` is "figures" when they give different figures for one thing, "denial" when one negates the other.
    `figures` are the figures that differ, as written, one for each claim; empty for a denial.
    """

    claims: tuple[Span, ...]
    about: Literal["figures", "denial"]
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimsMade:
    """The sentences of some passages, in their order, each with its words: what others are held against."""

    spelled: tuple[tuple[Span, frozenset[str]], ...]
    _like: dict[tuple[int, int, int], list[Span]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, passages: Iterable[Span]) -> ClaimsMade:
        """The claims of these passages."""
        return cls(tuple((claim, _spelled(claim.text)) for passage in passages for claim in sentences_of(passage)))

    def like(self, sentence: Span) -> list[Span]:
        """Those that have so many words in common with a sentence that to compare them may tell something."""
        place = sentence.stored.key, sentence.start, sentence.end
        if (found := self._like.get(place)) is None:  # asked of each sentence by who reports and by who contradicts it
            words = _spelled(sentence.text)
            found = self._like[place] = [claim for claim, others in self.spelled if _worth_reading(words, others)]
        return found


def reporters(chosen: Span, claims: ClaimsMade) -> tuple[Article, ...]:
    """The articles of other outlets that report independently what `chosen` says, in the order of `claims`.

    Every sentence of `chosen` must have its like in the article. Left out are articles without an outlet,
    copies of the article of `chosen` or of one already counted, and an outlet's second article.
    """
    found = [chosen.stored]
    for stored in _reporting(chosen, claims):
        outlets = {outlet_key(known.article.source) for known in found}
        if outlet_key(stored.article.source) not in outlets and not any(is_copy(stored, known) for known in found):
            found.append(stored)
    return tuple(stored.article for stored in found[1:])


def _reporting(chosen: Span, claims: ClaimsMade) -> list[StoredArticle]:
    agreeing = [
        {other.stored.key for other in claims.like(sentence) if _is_elsewhere(other, chosen) and _same(sentence, other)}
        for sentence in sentences_of(chosen)
    ]
    in_all = set.intersection(*agreeing)
    return list({claim.stored.key: claim.stored for claim, _ in claims.spelled if claim.stored.key in in_all}.values())


def _is_elsewhere(other: Span, chosen: Span) -> bool:
    return outlet_key(other.stored.article.source) != "" and _are_of_two(other, chosen)


def _same(a: Span, b: Span) -> bool:
    return compare(a, b) == "same"


def contradiction(chosen: Sequence[Span], claims: ClaimsMade) -> Contradiction | None:
    """The first of the chosen sentences that another article contradicts, with those that do, newest first.

    `chosen` are the quotes, which hold what the question asks, best first; `claims` the sentences to hold
    against them (those of the quotes themselves may be among them). Of several that contradict it, the newest for
    each figure is kept. Of a sentence with several figures ("12 killed, 30 injured") the one is shown that most
    of them contradict, the first of equals.
    """
    for sentence in (sentence for quote in chosen for sentence in sentences_of(quote)):
        others = [other for other in claims.like(sentence) if _are_of_two(sentence, other)]
        relations = [(compare(sentence, other), other) for other in sorted(others, key=_newest_first)]
        differing = [other for found, other in relations if found == "figures"]
        places = range(len(_stated(sentence).figures)) if differing else ()
        by_place = [(place, _at_odds(sentence, differing, "figures", place)) for place in places]
        place, sides = max(by_place, key=lambda found: len(found[1]), default=(0, ()))
        if sides:
            return Contradiction(sides, "figures", tuple(_written(claim, place) for claim in sides))
        if sides := _at_odds(sentence, [other for found, other in relations if found == "denial"], "denial"):
            return Contradiction(sides, "denial")
    return None


def _at_odds(sentence: Span, others: Sequence[Span], about: Relation, place: int | None = None) -> tuple[Span, ...]:
    """`sentence` and those of `others` that contradict it and each other, newest first; none when there are none.

    With a `place`, in their figures at that place.
    """
    kept = [sentence]
    for other in others:
        if len(kept) < CONTRADICTING and all(
            (place is None or _figure(a, place).contradicts(_figure(other, place))) and _contradicts(a, other, about)
            for a in kept
        ):
            kept.append(other)
    return tuple(sorted(kept, key=_newest_first)) if len(kept) > 1 else ()


def _stated(claim: Span) -> Statement:
    return read_statement(claim.text, _day(claim.stored.article.published))


def _figure(claim: Span, place: int) -> Figure:
    # Sentences that bear on each other have as many figures, alike in what they measure (`statement.relation`).
    return _stated(claim).figures[place].figure


def _written(claim: Span, place: int) -> str:
    figure = _figure(claim, place)
    return _stated(claim).text[figure.start : figure.end].strip()


def _contradicts(a: Span, b: Span, about: Relation) -> bool:
    if not _are_of_two(a, b) or compare(a, b) != about:
        return False
    # An article that says both (a later edition of the other, or one that tells how the toll grew) explains itself.
    return not (_says(a.stored, b) or _says(b.stored, a))


def _are_of_two(a: Span, b: Span) -> bool:
    """Whether two claims are of two outlets, as far as these are known, and not of one article.

    An outlet that gives another figure later brings its own tally up to date, or corrects itself.
    """
    if a.stored.key == b.stored.key:
        return False
    one, other = outlet_key(a.stored.article.source), outlet_key(b.stored.article.source)
    return one != other or not one


def _says(stored: StoredArticle, claim: Span) -> bool:
    if claim.text.strip() in stored.article.body:
        return True
    spans = (Span(stored, start, end) for start, end in stored.sentences[:_READ_SENTENCES])
    return any(compare(claim, span) == "same" for span in spans)


def _newest_first(claim: Span) -> tuple[float, int, int]:
    published = claim.stored.article.published
    return -instant(published) if published else float("inf"), claim.stored.key, claim.start


def sentences_of(claim: Span) -> list[Span]:
    """The whole sentences within a claim; the claim itself where it holds none."""
    stored, within = claim.stored, claim.stored.sentences[claim.first : claim.last]
    return [Span(stored, start, end) for start, end in within if end <= claim.end] or [claim]


# --- copies --------------------------------------------------------------------------------


def is_copy(a: StoredArticle, b: StoredArticle) -> bool:
    """Whether one body is the other's, word for word or slightly edited or shortened.

    At least half of the shorter one's runs of five words stand in the longer one (containment, Broder 1997,
    https://doi.org/10.1109/SEQUEN.1997.666900): two reports of one event share quotations, not every other run.
    """
    if a.article.body == b.article.body:
        return True
    shingles_a, shingles_b = _shingles(a.article.body[:_COMPARED]), _shingles(b.article.body[:_COMPARED])
    fewer = min(len(shingles_a), len(shingles_b))
    return fewer > 0 and len(shingles_a & shingles_b) / fewer >= _COPIED


@lru_cache(64)
def _shingles(body: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", body.casefold())
    return frozenset(zip(*(words[offset:] for offset in range(_SHINGLE)), strict=False))


# --- sentences in their articles -----------------------------------------------------------------------


def compare(a: Span, b: Span) -> Relation | None:
    """How two sentences bear on each other: "same", "figures", "denial", or None when not at all. Symmetric."""
    if max(a.end - a.start, b.end - b.start) > _LONGEST or not _worth_reading(_known(a.text), _known(b.text)):
        return None
    one, two = _stated(a), _stated(b)
    found = relation(one, two)
    if found is None and one.when == two.when and same_statement(a.text, b.text):
        found = "same"
    if found is None or not _one_story(a.stored.article, b.stored.article):
        return None
    if found != "same" and not _one_time(a, b, one, two):
        return None
    return found


def _worth_reading(a: frozenset[str], b: frozenset[str]) -> bool:
    return 2 * len(a & b) >= _SHARED_WORDS * (len(a) + len(b))


def _spelled(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


_known = lru_cache(512)(_spelled)
"""The same, remembered: a sentence is compared with many."""


def _day(published: Day | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published


def _one_time(a: Span, b: Span, one: Statement, two: Statement) -> bool:
    """Whether both are published so near each other that they are about the same state of things."""
    allowed = min(one.days, two.days)
    days = [_day(claim.stored.article.published) for claim in (a, b)]
    if days[0] is None or days[1] is None:
        return allowed > 0
    return abs((days[0] - days[1]).days) <= allowed


def _one_story(a: Article, b: Article) -> bool:
    """Whether headline and opening of both name some of the same people and places."""
    names_a, names_b = _lead_names(a.title, a.body[:_LEAD]), _lead_names(b.title, b.body[:_LEAD])
    if not names_a and not names_b:
        return True  # a script without capitals: the sentences have to tell
    return len(names_a & names_b) >= min(_SHARED_NAMES, len(names_a), len(names_b)) > 0


@lru_cache(256)
def _lead_names(title: str, lead: str) -> frozenset[str]:
    words = re.findall(r"\b[^\W\d_]{2,}\b", f"{title}\n{lead}")
    return frozenset(map(str.casefold, never_small(words))) - _CALENDAR


# Capitals of these tell of no name: they have them always, or begin sentences.
_CALENDAR = frozenset((*MONTHS, *WEEKDAYS)) | frozenset(
    "the an in on at for of he she it they we but and as after".split()
)

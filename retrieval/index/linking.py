"""Bringing stories to a generation: each article that came is compared with those near it, and linked.

An article goes on from the earlier one that it is likest to, if that is sure enough, and from every one that it surely
tells the same as. So what a story is follows from the articles and not from the order in which they came: one that
comes late takes its place, and those that are likest to it go on from it. Nothing else is compared anew, so that the
cost follows what came.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.index.lexical import Filters
from retrieval.index.links import (
    SURELY,
    Link,
    end_links,
    going_on_from,
    linked_upto,
    links_of,
    note_linked,
    put_links,
)
from retrieval.index.same_event import Compared, Likeness, compared_of, likeness, sureness
from retrieval.index.search import Index
from retrieval.index.sight import LIVE, SECTION
from retrieval.index.store import Store

ONE_EVENT = 0.8
"""How sure it has to be that an article tells of the event of the likest one; chosen, as `SURELY` for any other, on
questions of 2023 to 2025 by `benchmarks/stories.py`."""
WINDOW = 30 * 86_400.0
"""Seconds that may lie between two articles of which one goes on from the other; a story may go on for longer."""
NEAR = 10  # articles to compare one with, on either side in time
PASSAGES = 60  # in which they are looked for
MOST_SECTIONS = 10  # times as many at most, where there are several sections
ROUNDS = 3  # in which they are looked for, each without the sections that the one before was full of
FEWEST = 12  # terms of an article that says enough to be compared
TELLING = 25  # terms by which they are looked for
WORTH_IT = 0.12  # of its own score, that a passage of another article has to have
AT_ONCE = 64  # articles whose links are written in one transaction
KEPT = 1_000  # reports kept while articles are linked

_MOMENT = "coalesce(a.instant, CAST(strftime('%s', a.seen) AS REAL), 0)"


@dataclass(frozen=True, slots=True)
class Dated:
    """Where an article stands in time: by when it was published, else read, and its key. `published` is None where it
    is undated.
    """

    id: str
    key: int
    moment: float
    published: float | None
    copy_of: str | None
    section: int = 0

    @property
    def order(self) -> tuple[float, int]:
        """By which articles are sorted in time."""
        return self.moment, self.key


def bring_up(store: Store, index: Index) -> None:
    """Link what came into the generation of `index` since this was done last, and unlink what is gone.

    The caller holds the reload lock. Where the process dies within, the next time goes on from there.
    """
    generation, done = index.generation.number, linked_upto(store)
    if done == generation:
        return
    came, gone = _came(store, done, generation), _gone(store, done, generation)
    again = frozenset({*came, *going_on_from(store, [*came, *gone])}.difference(gone))
    with store.transaction() as connection:
        end_links(connection, generation, gone)
    linking = Linking(store=store, index=index, again=again, late=done > 0)
    places = sorted(dated_of(store, generation, "id", again), key=lambda place: place.order)
    for at in range(0, len(places), AT_ONCE):
        found = linking.links(places[at : at + AT_ONCE])
        with store.transaction() as connection:
            put_links(connection, generation, found)
    with store.transaction() as connection:
        note_linked(connection, generation)


def _came(store: Store, done: int, generation: int) -> list[str]:
    rows = store.connection().execute(
        f"SELECT a.id FROM article a INDEXED BY article_born WHERE a.born > :done AND {LIVE}",
        {"done": done, "generation": generation},
    )
    return [id_ for (id_,) in rows]


def _gone(store: Store, done: int, generation: int) -> list[str]:
    rows = store.connection().execute(
        "SELECT DISTINCT b.id FROM article b INDEXED BY article_died WHERE b.died > :done AND b.died <= :generation"
        f" AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = b.id AND {LIVE})",
        {"done": done, "generation": generation},
    )
    return [id_ for (id_,) in rows]


def dated_of(store: Store, generation: int, column: str, values: Collection[str] | Collection[int]) -> list[Dated]:
    """Where those articles of a generation stand whose "id" or "key" is among `values`."""
    rows = store.connection().execute(
        f"SELECT a.id, a.key, {_MOMENT}, a.instant, a.copy_of, {SECTION} FROM article a"
        f" WHERE a.{column} IN (SELECT value FROM json_each(:values)) AND {LIVE}",
        {"values": json.dumps(list(values)), "generation": generation},
    )
    return [
        Dated(id=id_, key=key, moment=moment, published=at, copy_of=copy, section=section)
        for id_, key, moment, at, copy, section in rows
    ]


class Linking:
    """Links articles of one generation, of which `again` are linked anew, and `late` ones may come before others."""

    def __init__(self, store: Store, index: Index, again: frozenset[str], *, late: bool) -> None:
        self._store, self._index, self._again = store, index, again
        self._newest = float(np.max(index.instants, initial=-np.inf)) if late else -np.inf
        self._passages = len(index.dense)
        self._sections = frozenset(np.unique(index.roll.sections).tolist())
        self._most = PASSAGES * min(MOST_SECTIONS, len(self._sections))
        self._compared: dict[int, Compared] = {}
        self._weights: dict[str, float] = {}

    def links(self, places: Sequence[Dated]) -> dict[str, list[Link]]:
        """The links of these articles, and those of later ones that now go on from them."""
        found: dict[str, list[Link]] = {}
        for place in places:
            if place.copy_of is not None:  # whichever came first
                originals = dated_of(self._store, self._index.generation.number, "id", [place.copy_of])
                found[place.id] = kept(place, [_link(place, original, 1.0) for original in originals])
                continue
            near = [(other, sureness(like)) for other, like in self.near(place)]
            earlier = [_link(place, other, sure) for other, sure in near if other.order < place.order]
            found[place.id] = kept(place, earlier)
            for later, sure in near:
                if later.order > place.order and later.id not in self._again and sure >= ONE_EVENT:
                    links = found.get(later.id) or links_of(self._store, later.id)
                    found[later.id] = kept(later, [*links, _link(later, place, sure)])
        return found

    def near(self, place: Dated) -> list[tuple[Dated, Likeness]]:
        """The articles that are likest to one, with how like they are."""
        others = self._candidates(place)
        read = self._read([place, *others])
        return [(each, likeness(read[place.key], read[each.key])) for each in others if each.key in read]

    def _candidates(self, place: Dated) -> list[Dated]:
        read = self._read([place])
        if place.key not in read or len(read[place.key].body) < FEWEST:
            return []
        words = read[place.key].telling(TELLING)
        spans = [Filters()]
        if place.published is not None:
            spans = [Filters(since=place.moment - WINDOW, until=place.moment)]
            if place.moment < self._newest:
                spans.append(Filters(since=place.moment, until=place.moment + WINDOW))
        found: dict[int, None] = {}
        for span in spans:
            scores = self._scores(words, span)
            passages = self._store.passages(scores)
            own = max((scores[key] for key, each in passages.items() if each.article == place.key), default=0.0)
            articles = dict.fromkeys(
                passages[key].article for key, score in scores.items() if key in passages and score >= WORTH_IT * own
            )
            articles.pop(place.key, None)
            found |= dict.fromkeys(self._nearest(list(articles)))
        near = dated_of(self._store, self._index.generation.number, "key", found)
        return [each for each in near if abs(each.moment - place.moment) <= WINDOW]

    def _scores(self, words: Sequence[str], span: Filters) -> dict[int, float]:
        """How well passages hold these words. Where a section has its share of all that are found, the others are
        looked through once more without it: what one reader has much of hides nothing that another one sees.
        """
        scores: dict[int, float] = {}
        full: frozenset[int] = frozenset()
        for _ in range(ROUNDS):
            found = dict(self._index.lexical.search(words, self._most, replace(span, beside=full)))
            scores |= found
            if len(found) < self._most:
                break
            held = Counter(self._sections_of(list(found)))
            full |= {section for section, count in held.items() if count >= PASSAGES}
            if full >= self._sections:
                break
        return scores

    def _sections_of(self, passages: Sequence[int]) -> list[int]:
        index = self._index
        rows = np.minimum(np.searchsorted(index.dense.keys, passages), len(index.dense.keys) - 1)
        return index.roll.sections_of(index.owners[rows])

    def _nearest(self, articles: Sequence[int]) -> Iterator[int]:
        """The first `NEAR` of each section: what one reader has in one may be all that it sees of them."""
        taken = Counter[int]()
        sections = self._index.roll.sections_of(np.array(articles, np.int64))
        for key, section in zip(articles, sections, strict=True):
            taken[section] += 1
            if taken[section] <= NEAR:
                yield key

    def _read(self, places: Sequence[Dated]) -> dict[int, Compared]:
        """What is compared of them, by key; without what is damaged."""
        if len(self._compared) > KEPT:
            self._compared.clear()
        unread = {place.key: place for place in places if place.key not in self._compared}
        for key, stored in self._store.articles(unread).items():
            self._compared[key] = compared_of(stored.article, unread[key].moment, self._weigh)
        return {place.key: self._compared[place.key] for place in places if place.key in self._compared}

    def _weigh(self, terms: Collection[str]) -> dict[str, float]:
        """The inverse document frequency of each of these terms."""
        unknown = [term for term in terms if term not in self._weights]
        for term, held_by in zip(unknown, self._index.lexical.document_frequencies(unknown), strict=True):
            self._weights[term] = math.log((self._passages + 1) / (min(held_by, self._passages) + 1))
        return self._weights


def _link(later: Dated, earlier: Dated, sure: float) -> Link:
    published = [each.published for each in (later, earlier) if each.published is not None]
    instant = max(published, default=None)
    return Link(article=later.id, earlier=earlier.id, sure=sure, instant=instant, section=earlier.section)


def kept(place: Dated, links: Sequence[Link]) -> list[Link]:
    """Of what an article may go on from, the likest of each section, and all that surely tell the same; else that
    there is none."""
    sure = [each for each in links if each.earlier is not None and each.sure >= ONE_EVENT]
    if not sure:
        return [Link(article=place.id, earlier=None, sure=0.0, instant=None)]
    likest = {each.section: each for each in sorted(sure, key=lambda each: (each.sure, each.earlier))}
    return [each for each in sure if each is likest[each.section] or each.sure >= SURELY]

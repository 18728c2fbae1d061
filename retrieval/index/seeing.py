"""Finding what a reader sees of a generation: see `sight.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from retrieval.index.sections import HOST, Reads, Section, chosen_by, collections, sections
from retrieval.index.sight import LIVE, Sight, listed
from retrieval.index.store import Store


def sight_of(store: Store, generation: int, reader: str, offered: Collection[str] | None) -> Sight:
    """What a reader sees of a generation. `offered` are the collections that are read by whoever did not choose, by
    their names; None for all of them. The host sees all collections.
    """
    every = sections(store)
    chosen = {each.section.number: each for each in chosen_by(store, reader)}
    seen = {each.number for each in every if _is_seen(each, chosen.get(each.number), reader, offered)}
    own = [each for each in chosen.values() if not each.section.shared]
    late = _late(store, [each for each in own if each.until is not None])
    removed = _removed(store, generation, reader)
    doubles, copies = _twins(store, generation, seen, late | removed) if len(every) > 1 else ({}, {})
    return Sight(
        generation=generation,
        sections=frozenset(seen) if len(every) > 1 or not seen else None,
        late=late,
        removed=removed,
        doubles=doubles,
        copies=copies,
        joined={
            each.section.number: (each.since, datetime.fromisoformat(each.joined).timestamp())
            for each in own
            if each.until is None
        },
    )


def collections_read(store: Store, reader: str, offered: Collection[str] | None) -> tuple[Section, ...]:
    """The collections that a reader reads; `offered` is as for `sight_of`."""
    chosen = {each.section.number: each for each in chosen_by(store, reader)}
    return tuple(each for each in collections(store) if _is_seen(each, chosen.get(each.number), reader, offered))


def _is_seen(section: Section, choice: Reads | None, reader: str, offered: Collection[str] | None) -> bool:
    if choice is not None:
        return choice.until is None or not section.shared
    return section.shared and (reader == HOST or offered is None or section.name in offered)


def _late(store: Store, left: Iterable[Reads]) -> frozenset[int]:
    """What came into sections after they were left; a new version of what was there did not come."""
    query = (
        "SELECT a.key FROM placed p CROSS JOIN article a ON a.key = p.article WHERE p.section = ?1"
        " AND a.born > ?2 AND NOT EXISTS (SELECT 1 FROM article b WHERE b.id = a.id AND b.born <= ?2)"
    )
    found: set[int] = set()
    for each in left:
        found.update(key for (key,) in store.connection().execute(query, (each.section.number, each.until)))
    return frozenset(found)


def _removed(store: Store, generation: int, reader: str) -> frozenset[int]:
    hidden = f"SELECT a.key FROM hidden h CROSS JOIN article a ON {{}} WHERE h.reader = :reader AND {LIVE}"
    rows = store.connection().execute(
        f"{hidden.format('a.id = h.id')} UNION {hidden.format('a.canonical = h.canonical')}",
        {"reader": reader, "generation": generation},
    )
    return frozenset(key for (key,) in rows)


@dataclass(frozen=True, slots=True)
class _Twin:
    """A version that is seen beside one that is the same article, or carries the same text. Of those that hold
    together, the first in order stands for all: a full text before a summary, and what came first.
    """

    key: int
    id: str
    address: str | None
    brief: bool

    @property
    def order(self) -> tuple[bool, int]:
        return self.brief, self.key


def _twins(
    store: Store, generation: int, seen: Collection[int], unseen: Collection[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """Of the versions that are seen, by key: those that are of another one's article, and those that carry its text,
    with the id of the article that stands for them."""
    group: dict[int, dict[int, _Twin]] = {}
    for one, other in _pairs(store, generation, seen):
        if one.key in unseen or other.key in unseen:
            continue
        joined = group.get(one.key, {one.key: one}) | group.get(other.key, {other.key: other})
        group |= dict.fromkeys(joined, joined)
    doubles: dict[int, str] = {}
    copies: dict[int, str] = {}
    for together in {id(each): each for each in group.values()}.values():
        first, *others = sorted(together.values(), key=lambda twin: twin.order)
        addresses = {first.address}
        for twin in others:
            if twin.address is not None and twin.address in addresses:
                doubles[twin.key] = first.id
            else:
                copies[twin.key] = first.id
                addresses.add(twin.address)
    return doubles, copies


def _pairs(store: Store, generation: int, seen: Collection[int]) -> Iterator[tuple[_Twin, _Twin]]:
    of = "coalesce((SELECT section FROM placed WHERE article = o.key), 0)"
    twin = "{0}.key, {0}.id, {0}.canonical, {0}.summary_only"
    rows = store.connection().execute(
        f"SELECT {twin.format('a')}, {twin.format('o')} FROM placed p CROSS JOIN twin t ON t.article = p.article"
        " CROSS JOIN article a ON a.key = t.article CROSS JOIN article o ON o.key = t.other"
        f" WHERE p.section IN ({listed(seen)}) AND {of} IN ({listed(seen)})"
        f" AND {LIVE} AND {LIVE.replace('a.', 'o.')}",
        {"generation": generation},
    )
    for row in rows.fetchall():
        one, other = (
            _Twin(key=key, id=id_, address=address, brief=brief) for key, id_, address, brief in (row[:4], row[4:])
        )
        yield one, other

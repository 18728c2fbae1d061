"""Finding what a reader sees of a generation: see `sight.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from retrieval.index.sections import HOST, Reads, Section, chosen_by, collections, sections
from retrieval.index.sight import LIVE, SECTION, Sight, listed
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
    old, removed = _old(store, reader), _removed(store, generation, reader)
    since = {each.section.number: each.since for each in chosen.values()}
    twins = _twins(store, generation, seen, late | old | removed, since) if len(every) > 1 else []
    return Sight(
        generation=generation,
        sections=frozenset(seen) if len(every) > 1 or not seen else None,
        late=late,
        old=old,
        removed=removed,
        doubles={twin.key: first for twin, first, same in twins if same},
        copies={twin.key: first for twin, first, same in twins if not same},
        ids_before={twin.id: first for twin, first, same in twins if same},
        carriers=tuple((twin.id, first) for twin, first, same in twins if not same),
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


def _old(store: Store, reader: str) -> frozenset[int]:
    """What the reader's own sections brought and it no longer wants to see; what is undated is as old as its stay."""
    rows = store.connection().execute(
        "SELECT a.key FROM keeps k CROSS JOIN reads r ON r.reader = k.reader"
        " CROSS JOIN section s ON s.number = r.section CROSS JOIN placed p ON p.section = r.section"
        " CROSS JOIN article a ON a.key = p.article"
        " WHERE k.reader = ? AND NOT s.shared AND coalesce(a.instant, CAST(strftime('%s', a.seen) AS REAL))"
        " < CAST(strftime('%s', date('now', '-' || k.days || ' days')) AS REAL)",
        (reader,),
    )
    return frozenset(key for (key,) in rows)


def _removed(store: Store, generation: int, reader: str) -> frozenset[int]:
    hidden = f"SELECT a.key FROM hidden h CROSS JOIN article a ON {{}} WHERE h.reader = :reader AND {LIVE}"
    rows = store.connection().execute(
        f"{hidden.format('a.id = h.id')} UNION {hidden.format('a.canonical = h.canonical')}",
        {"reader": reader, "generation": generation},
    )
    return frozenset(key for (key,) in rows)


@dataclass(frozen=True, slots=True)
class _Twin:
    """A version that is seen beside one that is the same article, or carries the same text.

    Of those that hold together the article that its reader had first stands for all, a full text before a summary; of
    that, what is dated, and of that its own page's text. `came` is the generation in which it came to its reader, and
    whether by joining a section.
    """

    key: int
    id: str
    address: str | None
    brief: bool
    instant: float | None
    of_page: bool
    came: tuple[int, bool]

    @property
    def order(self) -> tuple[bool, tuple[int, bool], float, int]:
        _, joined = self.came  # what is joined comes as from a feed that is first read: the newest first
        return self.brief, self.came, -(self.instant or 0.0) if joined else 0.0, self.key


def _twins(
    store: Store, generation: int, seen: Collection[int], unseen: Collection[int], joined: Mapping[int, int]
) -> list[tuple[_Twin, str, bool]]:
    """The versions that are seen and for which another article stands, with its id, and whether it is the same article
    rather than the same text.
    """
    group: dict[int, dict[int, _Twin]] = {}
    for one, other in _pairs(store, generation, seen, joined):
        if one.key in unseen or other.key in unseen:
            continue
        if one.key in group and group[one.key] is group.get(other.key):
            continue  # of many that carry one text nearly all pairs are of this kind
        together = group.get(one.key, {one.key: one}) | group.get(other.key, {other.key: other})
        group |= dict.fromkeys(together, together)
    found: list[tuple[_Twin, str, bool]] = []
    for together in {id(each): each for each in group.values()}.values():
        ordered = sorted(together.values(), key=lambda twin: twin.order)
        mates = [each for each in ordered if each.address is not None and each.address == ordered[0].address]
        first = min(
            mates or ordered[:1], key=lambda twin: (twin.brief, twin.instant is None, not twin.of_page, twin.key)
        )
        addresses = {first.address}
        for twin in ordered:
            if twin is first:
                continue
            found.append((twin, first.id, twin.address is not None and twin.address in addresses))
            addresses.add(twin.address)
    return found


def _pairs(
    store: Store, generation: int, seen: Collection[int], joined: Mapping[int, int]
) -> Iterator[tuple[_Twin, _Twin]]:
    of = SECTION.replace("a.", "o.")
    twin = (
        "{0}.key, {0}.id, {0}.canonical, {0}.summary_only, {0}.instant, {0}.origin = '/pages',"
        " (SELECT min(v.born) FROM article v WHERE v.id = {0}.id)"
    )
    rows = store.connection().execute(
        f"SELECT {twin.format('a')}, p.section, {twin.format('o')}, {of} FROM placed p"
        " CROSS JOIN twin t ON t.article = p.article"
        " CROSS JOIN article a ON a.key = t.article CROSS JOIN article o ON o.key = t.other"
        f" WHERE p.section IN ({listed(seen)}) AND {of} IN ({listed(seen)})"
        f" AND {LIVE} AND {LIVE.replace('a.', 'o.')}"
        " AND (t.article < t.other OR t.other NOT IN (SELECT article FROM placed))",  # each pair once
        {"generation": generation},
    )
    for row in rows.fetchall():
        one, other = (
            _Twin(
                key=key,
                id=id_,
                address=address,
                brief=brief,
                instant=instant,
                of_page=of_page,
                came=max((born, False), (joined.get(section, 0), True)),
            )
            for key, id_, address, brief, instant, of_page, born, section in (row[:8], row[8:])
        )
        yield one, other

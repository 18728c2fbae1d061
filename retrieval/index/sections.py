"""Sections: what one source brings is kept once, and who reads it sees it.

Articles are recognised as one another, and replaced by later states, only within a section: so nothing that one reader
has brought in changes what another one sees. A collection, which the host fills and offers to all, is one section
however many sources it has; number 0 is the first, and everything was of it before there were others. Each feed that
readers have beside these is one, and so is each page that they added. What of several sections is one article is found
when they are seen together (see `sight.py`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.errors import UnknownCollection
from retrieval.index.sight import LIVE
from retrieval.index.store import Store

HOST = ""
"""The reader that is the host: it sees the collections, and what it changes in them is changed for all."""
NEWS = 0
"""The collection that is always there."""
_OF_ANOTHER = re.compile(r" \[[0-9]+\]$")


@dataclass(frozen=True, slots=True)
class Section:
    """A section, by its number. `name` is what it was opened by: the name of a collection, which is `shared`, the
    origin of a feed, or "/page/" and the id of a page, or where it was found if that is not the address it calls its
    own."""

    number: int
    name: str
    shared: bool

    @property
    def is_feed(self) -> bool:
        """Whether it is that of a feed."""
        return not self.shared and self.name.startswith("/feed/")


@dataclass(frozen=True, slots=True)
class Reads:
    """That a reader reads a section, or, with `until`, that it did until that generation.

    What the generation `since`, served when it began, held is no news to it; `joined` is when that was, as
    `datetime.isoformat` writes it.
    """

    section: Section
    since: int
    joined: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """The versions among which what is offered is recognised: those that `holds` (of a version's key and the generation
    that it is born in) says are there, of one `section`.

    `alone` tells that there is no other section, so that none has to be looked up; `folds` whether texts that several
    articles carry are folded into one there.
    """

    connection: sqlite3.Connection
    holds: Callable[[int, int], bool]
    section: int = NEWS
    alone: bool = True
    folds: bool = True

    def __call__(self, key: int, born: int) -> bool:
        """Whether a version is among them."""
        return self.holds(key, born) and self.has(key)

    def has(self, key: int) -> bool:
        """Whether a version is of the section."""
        return self.alone or section_of_version(self.connection, key) == self.section


def id_within(id_: str, section: int) -> str:
    """The id that an article has in a section: its own in the first one, so that no other has an id of the host's."""
    return f"{id_} [{section}]" if section != NEWS else id_


def id_anywhere(id_: str) -> str:
    """What the ids of an article are made of in all sections."""
    return _OF_ANOTHER.sub("", id_)


def ids_in_collections(store: Store, id_: str) -> list[str]:
    """The ids under which an article of one collection may be in all of them."""
    own = id_anywhere(id_)
    return [id_, *({id_within(own, each.number) for each in collections(store)} - {id_})]


def is_elsewhere(connection: sqlite3.Connection, id_: str, within: Within) -> bool:
    """Whether an article of another section has, or had, this id: those in files are given by hand, and may be any."""
    if within.alone:
        return False
    rows = connection.execute("SELECT key FROM article WHERE id = ?", (id_,)).fetchall()
    return any(not within.has(key) for (key,) in rows)


def apart_from_others(connection: sqlite3.Connection, id_: str) -> str:
    """An id given by hand, for the first section: spelled otherwise where it could be that of an article of another."""
    if not _OF_ANOTHER.search(id_):
        return id_
    before = "SELECT 1 FROM article a WHERE a.id = ? AND NOT EXISTS (SELECT 1 FROM placed p WHERE p.article = a.key)"
    return id_ if connection.execute(before, (id_,)).fetchone() else f"{id_} [{NEWS}]"


def open_section(connection: sqlite3.Connection, name: str, *, shared: bool = False) -> int:
    """The number of the section of that name, which is opened if there is none. The caller has the transaction."""
    connection.execute("INSERT OR IGNORE INTO section (name, shared) VALUES (?, ?)", (name, shared))
    (number,) = connection.execute("SELECT number FROM section WHERE name = ?", (name,)).fetchone()
    return number


def sections(store: Store) -> tuple[Section, ...]:
    """All sections, by number."""
    rows = store.connection().execute("SELECT number, name, shared FROM section ORDER BY number")
    return tuple(Section(number, name, bool(shared)) for number, name, shared in rows)


def collections(store: Store) -> tuple[Section, ...]:
    """Those of them that the host offers."""
    return tuple(section for section in sections(store) if section.shared)


def is_sectioned(connection: sqlite3.Connection) -> bool:
    """Whether there is more than the one section that holds everything where nobody has anything to himself."""
    return connection.execute("SELECT 1 FROM section WHERE number > 0 LIMIT 1").fetchone() is not None


def is_shared(connection: sqlite3.Connection, section: int) -> bool:
    """Whether a section is a collection."""
    row = connection.execute("SELECT shared FROM section WHERE number = ?", (section,)).fetchone()
    return bool(row and row[0])


def section_of_version(connection: sqlite3.Connection, key: int) -> int:
    """The section of the article version with this key."""
    row = connection.execute("SELECT section FROM placed WHERE article = ?", (key,)).fetchone()
    return row[0] if row else NEWS


def place(connection: sqlite3.Connection, key: int, section: int) -> None:
    """Note in which section the version with this key is. The caller has the transaction."""
    if section != NEWS:
        connection.execute("INSERT OR REPLACE INTO placed VALUES (?, ?)", (key, section))


def chosen_by(store: Store, reader: str) -> tuple[Reads, ...]:
    """What a reader chose to read, also what it reads no more, by the numbers of the sections."""
    rows = store.connection().execute(
        "SELECT s.number, s.name, s.shared, r.since, r.joined, r.until FROM reads r"
        " JOIN section s ON s.number = r.section WHERE r.reader = ? ORDER BY s.number",
        (reader,),
    )
    return tuple(
        Reads(Section(number, name, bool(shared)), since=since, joined=joined, until=until)
        for number, name, shared, since, joined, until in rows
    )


def read(connection: sqlite3.Connection, reader: str, section: int, generation: int) -> None:
    """Have a reader see this section from now on. The caller has the transaction."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(
        "INSERT INTO reads VALUES (?, ?, ?, ?, NULL) ON CONFLICT (reader, section)"
        " DO UPDATE SET since = excluded.since, joined = excluded.joined, until = NULL WHERE until IS NOT NULL",
        (reader, section, generation, now),
    )


def leave(connection: sqlite3.Connection, reader: str, section: int, generation: int) -> None:
    """Have a reader see no more of a section than has come into it; of a collection, nothing. As for `read`."""
    read(connection, reader, section, generation)  # of a collection there may be no row yet
    connection.execute("UPDATE reads SET until = ? WHERE reader = ? AND section = ?", (generation, reader, section))


def forget_choice(connection: sqlite3.Connection, reader: str, section: int) -> None:
    """Forget that a reader reads, or read, a section. As for `read`."""
    connection.execute("DELETE FROM reads WHERE reader = ? AND section = ?", (reader, section))


def readers_of(connection: sqlite3.Connection, section: int) -> list[str]:
    """Who reads a section; not those who did."""
    rows = connection.execute(
        "SELECT reader FROM reads WHERE section = ? AND until IS NULL ORDER BY reader", (section,)
    )
    return [reader for (reader,) in rows]


def unread(store: Store) -> set[int]:
    """The sections that are no collections and that nobody reads."""
    rows = store.connection().execute(
        "SELECT number FROM section s WHERE NOT shared"
        " AND NOT EXISTS (SELECT 1 FROM reads r WHERE r.section = s.number AND r.until IS NULL)"
    )
    return {number for (number,) in rows}


def brought_into(store: Store, section: int) -> dict[str, tuple[int, int]]:
    """How many articles each feed has brought into a section, and how many copies are among them, by its origin."""
    placed = "placed p JOIN article a ON a.key = p.article WHERE p.section = :section AND"
    first = "article a WHERE NOT EXISTS (SELECT 1 FROM placed p WHERE p.article = a.key) AND"
    rows = store.connection().execute(
        f"SELECT a.origin, count(*), count(a.copy_of) FROM {first if section == NEWS else placed}"
        " a.died IS NULL AND a.born <= :generation AND a.origin >= '/feed/' AND a.origin < '/feed0' GROUP BY a.origin",
        {"section": section, "generation": store.generation().number},
    )
    return {origin: (articles, copies) for origin, articles, copies in rows}


def readers(connection: sqlite3.Connection) -> list[str]:
    """All who have anything of their own."""
    rows = connection.execute(
        "SELECT reader FROM reads UNION SELECT reader FROM hidden UNION SELECT reader FROM keeps ORDER BY 1"
    )
    return [reader for (reader,) in rows]


def days_kept(store: Store, reader: str) -> int | None:
    """The days for which a reader sees what its own sections brought; None for as long as it is there."""
    row = store.connection().execute("SELECT days FROM keeps WHERE reader = ?", (reader,)).fetchone()
    return row[0] if row else None


def keep_for(connection: sqlite3.Connection, reader: str, days: int | None) -> None:
    """Have a reader see what its own sections brought for so many days. As for `read`."""
    connection.execute("DELETE FROM keeps WHERE reader = ?", (reader,))
    if days is not None:
        connection.execute("INSERT INTO keeps VALUES (?, ?)", (reader, days))


def forget_reader(connection: sqlite3.Connection, reader: str) -> list[int]:
    """Forget what a reader chose and took out: the sections that nobody sees any more. As for `read`."""
    rows = connection.execute("SELECT section FROM reads WHERE reader = ?", (reader,)).fetchall()
    for table in ("reads", "hidden", "keeps"):
        connection.execute(f"DELETE FROM {table} WHERE reader = ?", (reader,))
    return unseen_by_all(connection, [section for (section,) in rows])


def unseen_by_all(connection: sqlite3.Connection, candidates: Iterable[int]) -> list[int]:
    """Those of these sections that are no collections and that nobody reads or read."""
    query = (
        "SELECT 1 FROM section s WHERE s.number = ? AND NOT s.shared"
        " AND NOT EXISTS (SELECT 1 FROM reads r WHERE r.section = s.number)"
    )
    return [number for number in candidates if connection.execute(query, (number,)).fetchone()]


def versions_in(connection: sqlite3.Connection, numbers: Collection[int]) -> list[int]:
    """The keys of the versions of sections other than 0 that have not died."""
    keys: list[int] = []
    for number in numbers:
        rows = connection.execute(
            "SELECT p.article FROM placed p JOIN article a ON a.key = p.article WHERE p.section = ? AND a.died IS NULL",
            (number,),
        )
        keys += [key for (key,) in rows]
    return sorted(keys)


def section_named(store: Store, name: str) -> Section:
    """The collection of this name. Raises `UnknownCollection`."""
    there = {section.name: section for section in collections(store)}
    if name not in there:
        raise UnknownCollection(
            "There is no collection {name}; those that there are: {names}.",
            name=name[:100],
            names=", ".join(there),
        )
    return there[name]


def articles_in_collections(store: Store) -> dict[int, int]:
    """How many articles each collection holds, copies of one report counted once, by its number."""
    live = f"{LIVE} AND a.copy_of IS NULL"
    values = {"generation": store.generation().number}
    counts = dict(
        store.connection().execute(
            "SELECT p.section, count(*) FROM placed p CROSS JOIN article a ON a.key = p.article"
            f" WHERE {live} GROUP BY 1",
            values,
        )
    )
    query = f"SELECT count(*) FROM article a INDEXED BY article_life WHERE {live}"
    (total,) = store.connection().execute(query, values).fetchone()
    return {**counts, NEWS: total - sum(counts.values())}


def close_collection(connection: sqlite3.Connection, section: int) -> None:
    """Have nobody see a collection any more; its articles are yet to be taken out. As for `read`."""
    connection.execute("UPDATE section SET shared = 0, name = ? WHERE number = ?", (f"/dropped/{section}", section))
    connection.execute("DELETE FROM reads WHERE section = ?", (section,))


def unseen(store: Store) -> list[int]:
    """The sections that are no collections and that nobody reads or read."""
    rows = store.connection().execute("SELECT number FROM section WHERE NOT shared").fetchall()
    return unseen_by_all(store.connection(), [number for (number,) in rows])


def forget_empty(connection: sqlite3.Connection) -> None:
    """Forget the sections that nobody sees and that hold nothing. As for `read`."""
    connection.execute(
        "DELETE FROM section WHERE NOT shared AND NOT EXISTS (SELECT 1 FROM reads WHERE section = number)"
        " AND NOT EXISTS (SELECT 1 FROM placed WHERE section = number)"
    )
    connection.execute("DELETE FROM withdrawn WHERE section > 0 AND section NOT IN (SELECT number FROM section)")

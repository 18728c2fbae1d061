"""Versions of different sections that are one article or carry one text, found once, for all who see both.

Within a collection that is settled when an article is taken in. Elsewhere nothing may be: which of two is shown, and
whether one is another's copy, depends on who sees them. So pairs are kept, of which each reader has those that it sees.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator

from retrieval.index.sections import is_sectioned
from retrieval.index.sight import LIVE, SECTION
from retrieval.index.store import Store
from retrieval.text.addresses import precise_address
from retrieval.text.likeness import Report, copies
from retrieval.text.shingles import bands

CANDIDATES = 50
"""Versions of a section, those that share the most bands, that one is compared with."""
_APART = f"({SECTION} <> :section OR NOT (SELECT shared FROM section WHERE number = :section))"


def are_lacking(store: Store, generation: int) -> bool:
    """Whether the twins of what came into `generation` are still to be found."""
    connection = store.connection()
    return is_sectioned(connection) and _done(connection) < generation


def bring_up(store: Store, generation: int) -> None:
    """Find the twins of what came into `generation` since this was done last, and forget those of what is gone.

    The caller holds the reload lock. Where the process dies within, the next time goes on from there.
    """
    connection = store.connection()
    if not is_sectioned(connection):
        return
    done = _done(connection)
    if done >= generation:
        return
    # Of two, one at least is not in the first section: where that is all there was, nothing has to be looked through.
    which = f"a.born > :done AND {'true' if done else 'a.key IN (SELECT article FROM placed)'}"
    came = connection.execute(
        f"SELECT a.key, a.canonical, {SECTION} FROM article a INDEXED BY article_born"
        f" WHERE {which} AND {LIVE} AND a.copy_of IS NULL ORDER BY a.key",
        {"done": done, "generation": generation},
    ).fetchall()
    for key, address, section in came:
        found = [*_at(connection, generation, key, section, address), *_of_text(connection, generation, key, section)]
        if found:
            with store.transaction() as writing:
                pairs = [pair for other in found for pair in ((key, other), (other, key))]
                writing.executemany("INSERT OR IGNORE INTO twin VALUES (?, ?)", pairs)
    with store.transaction() as writing:
        gone = "SELECT key FROM article WHERE died > ? AND died < ?"  # what the generation before holds may be seen yet
        for column in ("article", "other"):
            writing.execute(f"DELETE FROM twin WHERE {column} IN ({gone})", (done - 1, generation))
        writing.execute("INSERT OR REPLACE INTO twinned VALUES (1, ?)", (generation,))


def _done(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT generation FROM twinned").fetchone()
    return row[0] if row else 0


def _at(connection: sqlite3.Connection, generation: int, key: int, section: int, address: str | None) -> Iterator[int]:
    """The versions of other sections at the same address; what a section has there several of, it tells apart."""
    if address is None:
        return
    rows = connection.execute(
        f"SELECT a.key, a.url, {SECTION} FROM article a WHERE a.canonical = :address AND {LIVE} AND a.copy_of IS NULL",
        {"address": address, "generation": generation},
    ).fetchall()
    there = Counter(number for _, _, number in rows)
    places = {each: precise_address(url) for each, url, _ in rows}
    for other, _, number in rows:
        told_apart = max(there[number], there[section]) > 1
        if number != section and (not told_apart or places[other] == places[key]):
            yield other


def _of_text(connection: sqlite3.Connection, generation: int, key: int, section: int) -> Iterator[int]:
    """The versions that carry the same text, in other sections, or in this one if that is no collection."""
    report = _report(connection, key)
    numbers = bands(report.body)
    # So many of each section: what one of them is full of hides none of those that others have.
    rows = connection.execute(
        "SELECT key FROM (SELECT a.key AS key,"
        f" row_number() OVER (PARTITION BY {SECTION} ORDER BY count(*) DESC, a.key) AS place"
        " FROM band b JOIN article a ON a.key = b.article"
        " WHERE b.number IN (SELECT value FROM json_each(:numbers)) AND a.key <> :key AND a.copy_of IS NULL"
        f" AND {LIVE} AND {_APART} GROUP BY a.key) WHERE place <= :limit ORDER BY key",
        {
            "numbers": json.dumps(numbers),
            "key": key,
            "generation": generation,
            "section": section,
            "limit": CANDIDATES,
        },
    )
    for (other,) in rows.fetchall():
        if (there := _report(connection, other)) == report or copies(report, there):
            yield other


def _report(connection: sqlite3.Connection, key: int) -> Report:
    title, body = connection.execute("SELECT title, body FROM article WHERE key = ?", (key,)).fetchone()
    return Report(title, body)

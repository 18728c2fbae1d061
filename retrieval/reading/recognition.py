"""Whether an article that arrives is known already: by its id, its address, or what it says."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from retrieval.article import Article, Day
from retrieval.index.store import NEXT, day_of
from retrieval.text.addresses import own_address
from retrieval.text.shingles import bands, same_report, shingles

STAYS_OUT = "was removed and stays out; `quotewire restore` brings it back"

CANDIDATES = 50
"""How many articles, those that share the most bands, are compared with one: of a template there may be thousands."""

_WORD = re.compile(r"\w+")

Holds = Callable[[int, int], bool]
"""Whether the next generation, as far as it is made, holds a version: its key, and the generation it is born in."""


@dataclass(frozen=True, slots=True)
class Known:
    """The article of the next generation that another one turns out to be, and what it was recognised by."""

    key: int
    id: str
    hash: str
    origin: str
    url: str | None
    source: str | None
    published: Day | None
    updated: Day | None
    address: str | None
    summary_only: bool
    copy_of: str | None
    by: Literal["id", "address", "text"]


_KNOWN = (
    "SELECT born, key, id, hash, origin, url, source, published, updated, canonical, summary_only, copy_of"
    " FROM article WHERE died IS NULL AND"
)


def recognised(connection: sqlite3.Connection, article: Article, holds: Holds) -> Known | None:
    """What `article` is known as; None when it is new.

    What the folder has and waits for its generation is known by its id and address: only its text is not looked at yet.
    """

    def holds_or_will(key: int, born: int) -> bool:
        return holds(key, born) or born >= NEXT

    return (
        _first(connection, "id = ?", article.id, holds_or_will, "id")
        or _at_address(connection, article, holds_or_will)
        or same_text(connection, article, holds)
    )


def _at_address(connection: sqlite3.Connection, article: Article, holds: Holds) -> Known | None:
    """The article at the same address. Archives give their articles that of a section, too: then the text decides."""
    address = own_address(article.url)
    rows = connection.execute(f"{_KNOWN} canonical = ? ORDER BY key", (address,)).fetchall() if address else []
    for born, *columns in rows:
        known = _known(columns, "address")
        if not holds(known.key, born):
            continue
        if _own_to(address, article.id, known.id) or _says(article, _body(connection, known.key)):
            return known
    return None


def _own_to(address: str | None, *ids: str) -> bool:
    """Whether the address tells one article from all others: an id was made from it, or for want of one."""
    return any(id_ == address or id_.startswith("sha256:") for id_ in ids)


def same_text(connection: sqlite3.Connection, article: Article, holds: Holds) -> Known | None:
    """The article, of another id and no copy itself, that holds the same report; the earliest read one if several."""
    runs = shingles(article.body)
    if not runs:
        return None
    rows = connection.execute(
        "SELECT a.key, a.born FROM band b JOIN article a ON a.key = b.article"
        " WHERE b.number IN (SELECT value FROM json_each(?))"
        " AND a.died IS NULL AND a.copy_of IS NULL AND a.id <> ?"
        " GROUP BY a.key ORDER BY count(*) DESC, a.key LIMIT ?",
        (json.dumps(bands(article.body)), article.id, CANDIDATES),
    ).fetchall()
    for key, born in sorted(rows):
        if holds(key, born) and same_report(runs, shingles(_body(connection, key))):
            return _first(connection, "key = ?", key, holds, "text")
    return None


def original_of(connection: sqlite3.Connection, article: Article, holds: Holds) -> str | None:
    """The id of the article that holds the same report; None when there is none."""
    known = same_text(connection, article, holds)
    return known.id if known else None


def same_article(connection: sqlite3.Connection, article: Article, known: Known) -> bool:
    """Whether two sources that give one id mean one article: it has the same address, or the same text.

    Texts that are too short to be compared by their runs of words have to agree in every word.
    """
    if known.address and known.address == own_address(article.url):
        return True
    return _says(article, _body(connection, known.key))


def _says(article: Article, body: str) -> bool:
    if body.casefold().split() == article.body.casefold().split():
        return True
    return same_report(shingles(article.body), shingles(body))


def rewritten(connection: sqlite3.Connection, article: Article, known: Known) -> bool:
    """Whether one source that gives one id twice tells the same story anew: under its title, or in much the same words.

    This is laxer than `same_article`, for a correction may leave little of a short text.
    """
    title, body = connection.execute("SELECT title, body FROM article WHERE key = ?", (known.key,)).fetchone()
    return title.casefold() == article.title.casefold() or _alike(article.body, body)


def _alike(one: str, other: str) -> bool:
    """Whether the shorter of two texts has half of its words from the other; unrelated ones share about a quarter."""
    words, others = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return 2 * len(words & others) >= min(len(words), len(others))


def had_before(connection: sqlite3.Connection, article: Article) -> bool:
    """Whether a version of the article that has been replaced since said just this."""
    row = connection.execute(
        "SELECT 1 FROM article WHERE id = ? AND hash = ? AND died IS NOT NULL", (article.id, article.content_hash)
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The mark that the article `id` was taken out, and why."""

    id: str
    reason: str


def withdrawn(connection: sqlite3.Connection, origin: str, article: Article) -> Withdrawal | None:
    """The mark that keeps an article out which was withdrawn by hand, or by its publisher; None if there is none.

    Another source may have used its id, or its section's address, for an article of its own.
    """
    address = own_address(article.url)
    rows = connection.execute(
        "SELECT id, canonical, reason FROM withdrawn WHERE id = ? OR canonical = ?", (article.id, address)
    ).fetchall()
    return next(
        (
            Withdrawal(id_, reason)
            for id_, went_from, reason in rows
            if _is_what_went(connection, origin, article, id_, went_from == address)
        ),
        None,
    )


def _is_what_went(connection: sqlite3.Connection, origin: str, article: Article, id_: str, there: bool) -> bool:
    address = own_address(article.url)
    there = there and address is not None
    if there and (id_ == article.id or _own_to(address, article.id, id_)):
        return True
    # The last version of what was taken out has no successor, unlike one that another version replaced.
    ended = connection.execute(
        "SELECT origin, body FROM article v WHERE id = ? AND died IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM article n WHERE n.id = v.id AND n.born = v.died)",
        (id_,),
    ).fetchall()
    if id_ == article.id and (not ended or any(_one_place(origin, before) for before, _ in ended)):
        return True
    return any(_says(article, body) for _, body in ended)


def _one_place(one: str, other: str) -> bool:
    """Whether one source gave both: the folder is one, whatever its files are called by now."""
    return one == other or not (one.startswith("/") or other.startswith("/"))


def _first(
    connection: sqlite3.Connection,
    condition: str,
    value: object,
    holds: Holds,
    by: Literal["id", "address", "text"],
) -> Known | None:
    if value is None:
        return None
    for born, *columns in connection.execute(f"{_KNOWN} {condition}", (value,)).fetchall():
        if holds(columns[0], born):
            return _known(columns, by)
    return None


def _known(columns: list, by: Literal["id", "address", "text"]) -> Known:
    key, id_, content_hash, origin, url, source, published, updated, address, summary_only, copy_of = columns
    return Known(
        key=key,
        id=id_,
        hash=content_hash,
        origin=origin,
        url=url,
        source=source,
        published=day_of(published),
        updated=day_of(updated),
        address=address,
        summary_only=bool(summary_only),
        copy_of=copy_of,
        by=by,
    )


def _body(connection: sqlite3.Connection, key: int) -> str:
    return connection.execute("SELECT body FROM article WHERE key = ?", (key,)).fetchone()[0]

"""What is offered, and what is known of the articles that it may be: the values that recognition compares."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from retrieval.article import Article, Day
from retrieval.index.sections import NEWS, Within, id_within
from retrieval.index.written import day_of
from retrieval.text.likeness import Report

By = Literal["name", "id", "address", "words", "text"]


@dataclass(frozen=True, slots=True)
class Offered:
    """An article as `origin` offers it, under the `name` that it has there, if it has one.

    `shared` tells that others are offered at the same address beside it, which therefore tells nothing by itself. It is
    recognised within its `section`.
    """

    origin: str
    article: Article
    name: str | None = None
    shared: bool = False
    section: int = NEWS

    @property
    def id(self) -> str:
        """Its id, as it is in its section."""
        return id_within(self.article.id, self.section)

    @property
    def report(self) -> Report:
        """What it says."""
        return Report(self.article.title, self.article.body)


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
    by: By


KNOWN = (
    "SELECT born, key, id, hash, origin, url, source, published, updated, canonical, summary_only, copy_of"
    " FROM article WHERE died IS NULL AND"
)


def first_known(
    connection: sqlite3.Connection,
    condition: str,
    value: object,
    holds: Within,
    by: By,
) -> Known | None:
    """The first article among those that `holds` tells for which a condition on one value is true."""
    if value is None:
        return None
    for born, *columns in connection.execute(f"{KNOWN} {condition}", (value,)).fetchall():
        if holds(columns[0], born):
            return known_of(columns, by)
    return None


def known_of(columns: list, by: By) -> Known:
    """What the columns of `KNOWN` tell, but for the first."""
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


def report_of(connection: sqlite3.Connection, key: int) -> Report:
    """What a version says."""
    return Report(*connection.execute("SELECT title, body FROM article WHERE key = ?", (key,)).fetchone())

"""Which articles tell of one event: links, kept in the store, from an article to earlier ones that it goes on from.

A story is what links hold together. Nothing else is kept of it: what was known at a moment is what the links between
the articles of that moment hold together, a story grows by a link, and two become one by a link between them. Each
article has a number, given in the order in which they came, and the least number in a story is that of the story: it
stays as the story grows, and any other number of its articles finds it, too, so that one that has become part of
another one, or was parted from it, is found under the number it had.

Links live in generations as versions of articles do (see `store.py`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.index.sight import LIVE, Sight
from retrieval.index.store import Store

MOST = 1_000
"""Articles of a story that are looked at: those nearest, by links, to the one that is asked for."""
UNLINKED = 2**40
"""Above it numbers are of articles that have not been linked yet: this and the key of a version."""
SURELY = 0.98
"""How sure it has to be that an article tells of the event of one that is not the likest; chosen with `ONE_EVENT`."""
_PART = """
WITH RECURSIVE part(article) AS (
  VALUES (:article)
  {carried}
  UNION SELECT l.earlier FROM part JOIN link l ON l.article = part.article WHERE l.earlier IS NOT NULL AND {seen}
  UNION SELECT l.article FROM part JOIN link l ON l.earlier = part.article WHERE {seen}
  LIMIT {most}
)
SELECT article FROM part
"""


# (SQLite has "->>" for json_extract only since 3.38.)
_COPY, _ORIGINAL = "json_extract(pair.value, '$[0]')", "json_extract(pair.value, '$[1]')"
_CARRIED = f"""
  UNION SELECT iif({_COPY} = part.article, {_ORIGINAL}, {_COPY}) FROM part
    JOIN json_each(:pairs) pair ON part.article IN ({_COPY}, {_ORIGINAL})
"""
"""What carries an article's text where both are seen is part of its story, as a copy within a section is by a link."""


@dataclass(frozen=True, slots=True)
class Link:
    """That the article `article` (an id) goes on from `earlier`, and how sure that is (0..1).

    `instant` is from when on both were published, in seconds since 1970; None where neither is dated. An article that
    goes on from none has a link to None. `section` is where `earlier` is kept.
    """

    article: str
    earlier: str | None
    sure: float
    instant: float | None
    section: int = 0


def held_together(store: Store, sight: Sight, article: str, until: float | None = None) -> list[str]:
    """The ids of the articles of a story, the one asked for first, as links hold them together at a moment, of what a
    reader sees.
    """
    pairs = json.dumps([[copy, original] for copy, original in sight.carriers])
    parameters = {**sight.values, "article": article, "until": until, "pairs": pairs}
    query = _PART.format(seen=_followed(sight), most=MOST, carried=_CARRIED if sight.carriers else "")
    return [id_ for (id_,) in store.connection().execute(query, parameters)]


def _followed(sight: Sight) -> str:
    """SQL: whether the link `l` is followed. Links are kept to the likest article of each section, so whoever sees
    several follows, of the links to what it sees, the likest."""
    live = LIVE.replace("a.", "l.")
    conditions = [live, "(:until IS NULL OR l.instant IS NULL OR l.instant <= :until)"]
    if not sight.is_whole:
        there = f"EXISTS (SELECT 1 FROM article a WHERE a.id = {{}} AND {sight.live})"
        likelier = (
            "EXISTS (SELECT 1 FROM link m WHERE m.article = l.article AND m.earlier IS NOT NULL"
            f" AND (m.sure, m.earlier) > (l.sure, l.earlier) AND {LIVE.replace('a.', 'm.')}"
            f" AND {there.format('m.earlier')})"
        )
        conditions += [there.format("l.article"), there.format("l.earlier")]
        conditions.append(f"(l.sure >= {SURELY} OR NOT {likelier})")
    return " AND ".join(conditions)


def number_of(store: Store, articles: Collection[str]) -> int:
    """The number of the story of these articles, of which there is at least one.

    Where an older version left them unlinked, it is one that finds them until they are.
    """
    parameters = {"ids": json.dumps(list(articles)), "unlinked": UNLINKED}
    (number,) = (
        store.connection()
        .execute(
            "SELECT coalesce((SELECT min(number) FROM numbered WHERE article IN (SELECT value FROM json_each(:ids))),"
            " (SELECT :unlinked + min(key) FROM article WHERE id IN (SELECT value FROM json_each(:ids))))",
            parameters,
        )
        .fetchone()
    )
    return number


def article_of(store: Store, number: int) -> str | None:
    """The id of an article of the story with this number, or that once was its number; None if there is none."""
    query = "SELECT article FROM numbered WHERE number = ?1 UNION ALL SELECT id FROM article WHERE key = ?1 - ?2"
    row = store.connection().execute(query, (number, UNLINKED)).fetchone()
    return row[0] if row else None


def linked_upto(store: Store) -> int:
    """The generation of which all articles have been linked; 0 before the first."""
    row = store.connection().execute("SELECT generation FROM linked").fetchone()
    return row[0] if row else 0


def links_of(store: Store, article: str) -> list[Link]:
    """The links by which an article goes on from others, as the newest generation has them."""
    rows = store.connection().execute(
        "SELECT earlier, sure, instant, coalesce((SELECT p.section FROM article a JOIN placed p ON p.article = a.key"
        " WHERE a.id = earlier LIMIT 1), 0) FROM link WHERE died IS NULL AND article = ? ORDER BY key",
        (article,),
    )
    return [
        Link(article=article, earlier=earlier, sure=sure, instant=instant, section=section)
        for earlier, sure, instant, section in rows
    ]


def going_on_from(store: Store, articles: Collection[str]) -> list[str]:
    """The ids of those articles that go on from these."""
    query = "SELECT DISTINCT article FROM link WHERE died IS NULL AND earlier IN (SELECT value FROM json_each(?))"
    return [id_ for (id_,) in store.connection().execute(query, (json.dumps(list(articles)),))]


def put_links(connection: sqlite3.Connection, generation: int, links: Mapping[str, Sequence[Link]]) -> None:
    """Have these articles go on, from `generation` on, from what is given and nothing else; number those that are new.

    The caller has the transaction.
    """
    _end(connection, generation, links)
    connection.executemany(
        "INSERT INTO link (born, article, earlier, sure, instant) VALUES (?, ?, ?, ?, ?)",
        [
            (generation, each.article, each.earlier, each.sure, each.instant)
            for found in links.values()
            for each in found
        ],
    )
    connection.executemany(
        "INSERT INTO numbered (article) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM numbered WHERE article = ?1)",
        [(article,) for article in links],
    )


def end_links(connection: sqlite3.Connection, generation: int, gone: Collection[str]) -> None:
    """Have these articles, which are gone, go on from nothing; their numbers go to who went on from them, or to those
    that they went on from, so that a story keeps its number, first within their section: of others, whoever sees the
    story may see nothing. The caller has the transaction.
    """
    section = (
        "coalesce((SELECT p.section FROM article a JOIN placed p ON p.article = a.key WHERE a.id = {} LIMIT 1), 0)"
    )
    heir = (
        "SELECT linked FROM (SELECT article AS linked, key FROM link WHERE earlier = ?1 AND died IS NULL UNION ALL"
        " SELECT earlier, key FROM link WHERE article = ?1 AND died IS NULL AND earlier IS NOT NULL) l"
        f" ORDER BY {section.format('l.linked')} <> {section.format('?1')}, l.key LIMIT 1"
    )
    for article in gone:
        row = connection.execute(heir, (article,)).fetchone()
        if row:
            connection.execute("UPDATE numbered SET article = ? WHERE article = ?", (row[0], article))
    _end(connection, generation, gone)


def _end(connection: sqlite3.Connection, generation: int, articles: Iterable[str]) -> None:
    rows = [(generation, article) for article in articles]
    connection.executemany("DELETE FROM link WHERE born = ? AND article = ?", rows)
    connection.executemany("UPDATE link SET died = ? WHERE article = ? AND died IS NULL", rows)


def note_linked(connection: sqlite3.Connection, generation: int) -> None:
    """Note that all articles of `generation` are linked, and forget the links that only earlier ones had."""
    connection.execute("INSERT OR REPLACE INTO linked VALUES (1, ?)", (generation,))
    connection.execute("DELETE FROM link WHERE died < ?", (generation,))

"""Articles by their headline, for who looks for one to name it."""

from __future__ import annotations

from retrieval.article import Article
from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.index.stored import ARTICLE, stored_article
from retrieval.text.letters import plain_letters

_WAYS = ("written", "lower", "upper", "title")
"""SQLite knows of no letters but A to Z that they are large or small, so what is typed is looked for in each way."""
_HOLDS = "(" + " OR ".join(f"a.{field} LIKE :{way} ESCAPE '\\'" for way in _WAYS for field in ("title", "source")) + ")"


def find_headlines(store: Store, sight: Sight, text: str, limit: int) -> tuple[Article, ...]:
    """At most `limit` articles that are seen whose headline or outlet holds `text`, the newest first."""
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {sight.live} AND {_HOLDS}"
        " ORDER BY a.instant DESC NULLS LAST, a.key DESC LIMIT :limit",
        {**sight.values, "limit": limit, **_spellings(text)},
    )
    return tuple(stored.article for row in rows.fetchall() if (stored := stored_article(row)))


def find_withdrawn(store: Store, reader: str, text: str, limit: int) -> tuple[Article, ...]:
    """At most `limit` articles that a reader took out and with `text` in headline or outlet, the latest taken first.

    The host took them out of collections, and others out of what they see.
    """
    by_host = "SELECT w.id, w.at FROM withdrawn w JOIN section s ON s.number = w.section WHERE s.shared"
    by_reader = (  # once, under whatever ids it was there
        "SELECT min(id) AS id, max(at) AS at FROM hidden WHERE reader = :reader GROUP BY coalesce(canonical, id)"
    )
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM ({by_reader if reader else by_host}) w JOIN article a ON a.key ="
        f" (SELECT max(key) FROM article WHERE id = w.id AND born <= :generation) WHERE {_HOLDS}"
        " ORDER BY w.at DESC LIMIT :limit",
        {"generation": store.generation().number, "limit": limit, "reader": reader, **_spellings(text)},
    )
    return tuple(stored.article for row in rows.fetchall() if (stored := stored_article(row)))


def _spellings(text: str) -> dict[str, str]:
    """For LIKE: whatever holds `text`, which is taken literally, in letters as they are stored; one for each way."""
    written = " ".join(plain_letters(text).split()).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    ways = (written, written.lower(), written.upper(), written.title())
    return {way: f"%{each}%" for way, each in zip(_WAYS, ways, strict=True)}

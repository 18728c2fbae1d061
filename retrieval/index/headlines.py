"""Articles by their headline, for who looks for one to name it."""

from __future__ import annotations

from retrieval.article import Article
from retrieval.index.store import ARTICLE, LIVE, Store, stored_article


def find_headlines(store: Store, text: str, limit: int) -> tuple[Article, ...]:
    """At most `limit` articles of the current generation whose headline or outlet holds `text`, the newest first."""
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {LIVE} AND (a.title LIKE :text ESCAPE '\\'"
        " OR a.source LIKE :text ESCAPE '\\') ORDER BY a.instant DESC NULLS LAST, a.key DESC LIMIT :limit",
        {"generation": store.generation().number, "text": _holding(text), "limit": limit},
    )
    return tuple(stored.article for row in rows.fetchall() if (stored := stored_article(row)))


def find_withdrawn(store: Store, text: str, limit: int) -> tuple[Article, ...]:
    """At most `limit` articles that were taken out and with `text` in headline or outlet, the latest taken first."""
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM withdrawn w JOIN article a ON a.key ="
        " (SELECT max(key) FROM article WHERE id = w.id AND born <= :generation)"
        " WHERE (a.title LIKE :text ESCAPE '\\' OR a.source LIKE :text ESCAPE '\\')"
        " ORDER BY w.at DESC LIMIT :limit",
        {"generation": store.generation().number, "text": _holding(text), "limit": limit},
    )
    return tuple(stored.article for row in rows.fetchall() if (stored := stored_article(row)))


def articles_by_origin(store: Store) -> dict[str, tuple[int, int]]:
    """How many articles each feed has brought, and how many copies are among them, by the origin of these."""
    rows = store.connection().execute(
        "SELECT origin, count(*), count(copy_of) FROM article WHERE died IS NULL AND born <= ?"
        " AND origin >= '/feed/' AND origin < '/feed0' GROUP BY origin",
        (store.generation().number,),
    )
    return {origin: (articles, copies) for origin, articles, copies in rows}


def _holding(text: str) -> str:
    """For LIKE: whatever holds `text`, which is taken literally."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

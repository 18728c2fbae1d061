"""Articles by their headline, for who looks for one to name it."""

from __future__ import annotations

from retrieval.article import Article
from retrieval.store import ARTICLE, LIVE, Store, stored_article


def find_headlines(store: Store, text: str, limit: int) -> tuple[Article, ...]:
    """At most `limit` articles of the current generation whose headline or outlet holds `text`, the newest first."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = store.connection().execute(
        f"SELECT {ARTICLE} FROM article a WHERE {LIVE} AND (a.title LIKE :text ESCAPE '\\'"
        " OR a.source LIKE :text ESCAPE '\\') ORDER BY a.instant DESC NULLS LAST, a.key DESC LIMIT :limit",
        {"generation": store.generation().number, "text": f"%{escaped}%", "limit": limit},
    )
    return tuple(stored.article for row in rows.fetchall() if (stored := stored_article(row)))


def articles_by_origin(store: Store) -> dict[str, int]:
    """How many articles each feed has brought, by the origin that they are kept under."""
    rows = store.connection().execute(
        "SELECT origin, count(*) FROM article WHERE died IS NULL AND born <= ?"
        " AND origin >= '/feed/' AND origin < '/feed0' GROUP BY origin",
        (store.generation().number,),
    )
    return dict(rows.fetchall())

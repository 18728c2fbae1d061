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

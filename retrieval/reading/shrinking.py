"""Pages that come back much shorter than they were read: cut, half loaded, or replaced by a few words."""

from __future__ import annotations

import sqlite3

from retrieval.article import Article
from retrieval.reasons import Reason

COMES_BACK_SHORT = Reason("its page shows less than half of the text that was read there before; that is kept")

_LEAST_LEFT = 0.5  # of the characters; corrections take away less


def comes_back_short(connection: sqlite3.Connection, key: int, article: Article) -> bool:
    """Whether the page of `article` has lost more of the version `key` than a correction takes away."""
    (length,) = connection.execute("SELECT length(body) FROM article WHERE key = ?", (key,)).fetchone()
    return len(article.body) < _LEAST_LEFT * length

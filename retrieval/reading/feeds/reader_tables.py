"""The list of feeds as `reader` has it in its file, read without `reader`, which takes longer to import than to ask.

Its tables are its own: they are read only where it wrote them as the release did that `reader_internals` names.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.reading.feeds.feed import FEED_TAG, OPENING_TAG, SECTIONS_TAG, Feed, FeedState, by_title, shown

VERSION = 44
"""`user_version` of the files of the release that was looked at."""


def listed(path: Path) -> tuple[Feed, ...] | None:
    """All feeds in the file `path`, as `Feeds.every` has them; None where that has to tell, or say what is wrong."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
                return None
            rows = connection.execute(
                "SELECT f.url, f.title, f.link, f.updates_enabled, t.value, s.value FROM feeds f"
                " LEFT JOIN feed_tags t ON t.feed = f.url AND t.key = ?"
                " LEFT JOIN feed_tags s ON s.feed = f.url AND s.key = ?",
                (FEED_TAG, SECTIONS_TAG),
            ).fetchall()
            opening = connection.execute("SELECT value FROM global_tags WHERE key = ?", (OPENING_TAG,)).fetchone()
        if opening and json.loads(opening[0]):
            return None
        return by_title(
            shown(url, title, link, FeedState.read(url, *map(_tag, tags)), retired=not asked)
            for url, title, link, asked, *tags in rows
        )
    except (sqlite3.Error, ValueError):
        return None


def _tag(text: str | None) -> object:
    return json.loads(text) if text else None

"""What a version has to have before it is served: its sentences, what they hold, and by what its text is recognised."""

from __future__ import annotations

import json
from collections.abc import Sequence

from retrieval.index.lines import lines_text
from retrieval.index.staging import packed_spans
from retrieval.index.store import LIVE, Store
from retrieval.index.stored import spans_of
from retrieval.text.sentences import sentence_spans
from retrieval.text.shingles import bands

AT_ONCE = 256  # versions a transaction: about a second

_WITHOUT_LINES = (
    "FROM article a WHERE a.copy_of IS NULL AND length(a.sentences) > 0"
    " AND NOT EXISTS (SELECT 1 FROM line l WHERE l.article = a.key)"
)


def make_ready(store: Store, keys: Sequence[int]) -> None:
    """Find what those of the versions `keys` lack that were not served yet."""
    _find_sentences(store, keys)
    _find_lines(store, keys)


def make_up(store: Store) -> bool:
    """Find for some articles what they lack, as an older version stored them without; returns whether there were any.

    The caller holds the reload lock, and lets go of it between two times: nothing waits for this, since what is not
    there is found when a question needs it.
    """
    query = f"SELECT a.key {_WITHOUT_LINES} AND {LIVE} LIMIT :limit"
    limits = {"generation": store.generation().number, "limit": AT_ONCE}
    keys = [key for (key,) in store.connection().execute(query, limits)]
    _find_lines(store, keys)
    return bool(keys)


def _find_lines(store: Store, keys: Sequence[int]) -> None:
    rows = store.connection().execute(
        f"SELECT a.key, a.body, a.sentences {_WITHOUT_LINES} AND a.key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    found = [(key, lines_text(body, spans_of(sentences))) for key, body, sentences in rows.fetchall()]
    if found:
        with store.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO line VALUES (?, ?)", found)


def _find_sentences(store: Store, keys: Sequence[int]) -> None:
    rows = store.connection().execute(
        "SELECT key, body FROM article WHERE key IN (SELECT value FROM json_each(?)) AND length(sentences) = 0",
        (json.dumps(keys),),
    )
    ready = [(key, packed_spans(sentence_spans(body)), bands(body)) for key, body in rows.fetchall()]
    if not ready:
        return
    with store.transaction() as connection:
        for key, sentences, numbers in ready:
            connection.execute("UPDATE article SET sentences = ? WHERE key = ?", (sentences, key))
            connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(each, key) for each in numbers])

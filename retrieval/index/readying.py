"""What a version has to have before it is served: its sentences, what they hold, by what its text is recognised, and in
which language it is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from retrieval.index.lines import lines_text
from retrieval.index.rows import packed_spans
from retrieval.index.sight import LIVE
from retrieval.index.store import Store
from retrieval.index.stored import LANGUAGE, spans_of
from retrieval.text.sentences import sentence_spans
from retrieval.text.shingles import bands
from retrieval.text.tongues import READ, language_of

logger = logging.getLogger(__name__)

AT_ONCE = 256  # versions a transaction: about a second

_WITHOUT_LANGUAGE = "NOT EXISTS (SELECT 1 FROM language l WHERE l.article = a.key)"
_WITHOUT_LINES = "a.copy_of IS NULL AND NOT EXISTS (SELECT 1 FROM line l WHERE l.article = a.key)"


def make_ready(store: Store, keys: Sequence[int]) -> None:
    """Find what those of the versions `keys` lack that were not served yet."""
    find_languages(store, keys)
    _find_sentences(store, keys)
    find_lines(store, keys)


def lacking(store: Store) -> list[list[int]]:
    """Versions of the generation that an older program stored without what their sentences hold, some at a time.

    This walks an index only, once, as it is done at each start.
    """
    query = f"SELECT a.key FROM article a INDEXED BY article_life WHERE {LIVE} AND {_WITHOUT_LINES}"
    rows = store.connection().execute(query, {"generation": store.generation().number})
    keys = [key for (key,) in rows]
    return [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]


def find_lines(store: Store, keys: Sequence[int]) -> None:
    """Find what the sentences of the versions `keys` hold, where that is not kept. The caller holds the reload lock.

    It may let go of it between two times: nothing waits, since what is not there is found when a question needs it.
    """
    rows = store.connection().execute(
        f"SELECT a.key, a.body, a.sentences, {LANGUAGE} FROM article a WHERE {_WITHOUT_LINES}"
        " AND length(a.sentences) > 0 AND a.key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    found = [
        (key, lines_text(body, spans_of(sentences), language)) for key, body, sentences, language in rows.fetchall()
    ]
    if found:
        with store.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO line VALUES (?, ?)", found)


def without_language(store: Store) -> list[list[int]]:
    """Versions of the generation whose language nobody looked for yet, as an older program did not, some at a time.

    This walks an index only.
    """
    query = f"SELECT a.key FROM article a INDEXED BY article_life WHERE {LIVE} AND {_WITHOUT_LANGUAGE}"
    rows = store.connection().execute(query, {"generation": store.generation().number})
    keys = [key for (key,) in rows]
    return [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]


def find_all_languages(store: Store) -> None:
    """Find the language of all that lacks one. What was found stays, should it break off. The caller holds the lock."""
    batches = without_language(store)
    if batches:
        logger.info("finding the language of %d articles, once", sum(map(len, batches)))
    for keys in batches:
        find_languages(store, keys)


def find_languages(store: Store, keys: Sequence[int]) -> None:
    """Find the language of the versions `keys` by their texts, where it is not kept. The caller holds the lock."""
    rows = store.connection().execute(
        f"SELECT a.key, a.title, substr(a.body, 1, {READ}) FROM article a WHERE {_WITHOUT_LANGUAGE}"
        " AND a.key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    found = [(key, language_of(f"{title}\n{body}") or "") for key, title, body in rows.fetchall()]
    if found:
        with store.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO language VALUES (?, ?)", found)


def _find_sentences(store: Store, keys: Sequence[int]) -> None:
    rows = store.connection().execute(
        f"SELECT a.key, a.body, {LANGUAGE} FROM article a WHERE a.key IN (SELECT value FROM json_each(?))"
        " AND length(a.sentences) = 0",
        (json.dumps(keys),),
    )
    ready = [
        (key, packed_spans(sentence_spans(body, language)), bands(body)) for key, body, language in rows.fetchall()
    ]
    if not ready:
        return
    with store.transaction() as connection:
        for key, sentences, numbers in ready:
            connection.execute("UPDATE article SET sentences = ? WHERE key = ?", (sentences, key))
            connection.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(each, key) for each in numbers])

"""What a version that waits has to have before it is served: its sentences, and by what its text is recognised."""

from __future__ import annotations

import json
from collections.abc import Sequence

from retrieval.index.staging import packed_spans
from retrieval.index.store import Store
from retrieval.text.sentences import sentence_spans
from retrieval.text.shingles import bands


def make_ready(store: Store, keys: Sequence[int]) -> None:
    """Find the sentences of those of the versions that have none yet, and by what their text is recognised."""
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

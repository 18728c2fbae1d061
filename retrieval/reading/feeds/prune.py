"""What a feed no longer holds is forgotten after a while, so that its file does not grow for ever.

The articles stay: they are in the newsroom's store. An entry that came back would be recognised there.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from reader import Reader, ResourceNotFoundError

from retrieval.reading.feeds.reader_internals import delete_entries
from retrieval.reading.feeds.visits import Visits

KEPT = timedelta(days=30)
"""So long an entry stays after its last change, at least; longer than its page is visited."""


def prune(reader: Reader, visits: Visits, feed: str, present: Collection[str], now: float) -> int:
    """Forget the entries of `feed` that were taken and have left it; how many those were."""
    before = datetime.fromtimestamp(now, UTC) - KEPT
    old = [
        entry.resource_id
        for entry in reader.get_entries(feed=feed, read=True)
        if entry.id not in present and entry.last_updated < before
    ]
    if old:
        with suppress(ResourceNotFoundError):  # the feed was removed meanwhile
            delete_entries(reader, old)
        visits.forget(old)
    return len(old)

"""Articles that were read for the last questions: what is in the news is asked about again and again.

They are versions, which never change, so they are whole whatever becomes of the disk. What readers may see is for their
masks to tell.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping

from retrieval.index.stored import StoredArticle

MOST = 1_000_000
"""Characters of their bodies. What is found in them takes some thirty times as many bytes, once all of it is."""
EACH = 500
"""Characters that each counts besides."""


class LastRead:
    """Versions of articles by key, of `most` characters at most; those that were not wanted for longest go first.

    Safe to use from many threads.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[int, StoredArticle] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def of(
        self, keys: Collection[int], read: Callable[[Collection[int]], Mapping[int, StoredArticle]]
    ) -> dict[int, StoredArticle]:
        """The articles with these keys; `read` gives those that are not here, as far as there are any."""
        with self._lock:
            here = {key: held for key in keys if (held := self._held.get(key))}
            for key in here:
                self._held.move_to_end(key)
        if len(here) == len(keys):
            return here
        came = read([key for key in keys if key not in here])
        with self._lock:
            for key, stored in came.items():
                if key not in self._held and _size(stored) <= self._most:
                    self._held[key] = stored
                    self._characters += _size(stored)
            while self._characters > self._most:
                _, gone = self._held.popitem(last=False)
                self._characters -= _size(gone)
        return {**here, **came}


def _size(stored: StoredArticle) -> int:
    return len(stored.article.body) + EACH

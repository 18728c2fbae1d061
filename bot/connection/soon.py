"""Doing something soon, on a thread of its own, each time that it is asked for: once for all that ask meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.connection.leaving import THREAD_NAME
from retrieval.errors import QuotewireError
from retrieval.text.controls import one_line

_log = logging.getLogger(__name__)


class Soon:
    """Does `work` after `ask`, at most once in `pause` seconds, until `end`. An error of it is a line in the log."""

    def __init__(self, work: Callable[[], object], what: str, pause: float = 0.0) -> None:
        self._work = work
        self._what = what
        self._pause = pause
        self._asked, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        """Have it done; from any one thread."""
        self._asked.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Have it not done any more."""
        self._ended.set()
        self._asked.set()

    def _run(self) -> None:
        while self._asked.wait() and not self._ended.is_set():
            self._asked.clear()
            try:
                self._work()
            except Exception as error:
                if self._ended.is_set():
                    return  # what it works with is closed
                if isinstance(error, QuotewireError):
                    _log.warning("%s: %s", self._what, one_line(str(error)))
                else:
                    _log.exception("%s failed", self._what)
            self._ended.wait(self._pause)

"""Asking the feeds in the background, for as long as the bot runs; of several processes, one does."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.connection.leaving import THREAD_NAME
from retrieval.article import Progress, ReloadReport
from retrieval.errors import DatabaseUnavailable, QuotewireError
from retrieval.replicas.leases import Alone, Leases
from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom

_log = logging.getLogger(__name__)

RANDOM = random.SystemRandom()
LOOK = 60.0
"""Seconds, roughly, after which the list of feeds is looked at again: another process may have added one."""
LONGEST = 900.0
"""Seconds between two polls at most, also when no feed is due: pages that could not be had are tried again."""
REST = 900.0
"""Seconds until the next poll after one that failed as a whole."""
DATABASE_REST = 15.0
"""Seconds until the next one where the database failed that processes share."""
STOP_WITHIN = 2.0
LEASE = "polling"
TAKE_OVER = 5.0
"""Seconds, roughly, after which it is tried again to poll in the place of another process, which may have ended."""


class _Stopped(Exception):
    """The bot closes, or another process polls; what is not in the index yet comes again with the next poll."""


def poll_at(due: float | None, last: float) -> float:
    """When to poll next (Unix time), given when the next feed is due and when the `last` poll began."""
    return float("inf") if due is None else min(due, last + LONGEST)


class Polling:
    """Polls the feeds of `room` when they are due, on a thread of its own, from `start` to `stop`, while it has the
    lease for that.

    `came` is called on that thread after a poll that changed what the newsroom holds, `polled` after each, with None
    after one that failed.
    """

    def __init__(
        self,
        room: Newsroom,
        came: Callable[[], object] = lambda: None,
        polled: Callable[[ReloadReport | None], object] = lambda _: None,
        leases: Leases | None = None,
    ) -> None:
        self._leases = leases or Alone()
        self._room = room
        self._came = came
        self._polled = polled
        self._stopped = False
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; once, and not after `stop`."""
        if not self._stopped and self._thread is None:
            self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look at once which feeds are due."""
        self._woken.set()

    def stop(self, within: float = STOP_WITHIN) -> None:
        """End, and wait at most `within` seconds for that."""
        self._stopped = True
        self.wake()
        if self._thread is not None:
            self._thread.join(within)

    def _run(self) -> None:
        try:
            self._poll_again_and_again()
        finally:
            self._leases.give_back(LEASE)

    def _poll_again_and_again(self) -> None:
        last, not_before = float("-inf"), float("-inf")
        while not self._stopped:
            self._woken.clear()
            if not self._leases.take(LEASE):
                self._woken.wait(TAKE_OVER * RANDOM.uniform(0.8, 1.2))
                continue
            now = time.time()
            if now < last:  # the clock was ahead
                last = not_before = float("-inf")
            try:
                at = max(poll_at(self._room.next_poll(), last), not_before)
                if at <= now:
                    last = now
                    report = self._room.poll_feeds(self._step)
                    _tell(report)
                    self._polled(report)
                    if report.added or report.updated or report.removed:
                        self._came()
                    continue
            except _Stopped:
                continue
            except Exception as error:  # whatever it was, feeds go on being asked
                if self._stopped:
                    return
                if not self._leases.holds(LEASE):  # who has it by then need not rest
                    _log.info("another process polls the feeds: %s", one_line(str(error)))
                    continue
                # It is not the feeds' fault where the database is gone, and that may be back soon.
                rest = DATABASE_REST if isinstance(error, DatabaseUnavailable) else REST
                at = not_before = now + rest
                self._polled(None)
                _complain(error, rest)
            # Many bots that were started together do not ask together.
            self._woken.wait(min(at - now, LOOK * RANDOM.uniform(0.8, 1.2)))

    def _step(self, _: Progress) -> None:
        if self._stopped or not self._leases.holds(LEASE):
            raise _Stopped


def _tell(report: ReloadReport) -> None:
    if report.added or report.updated or report.removed or report.failed or report.folded:
        _log.info(
            "feeds: %d added, %d updated, %d removed, %d skipped, %d folded or copies",
            *(report.added, report.updated, report.removed, len(report.failed), len(report.folded)),
        )
    for each in report.folded:
        _log.info("feeds: %s %s", one_line(each.where), one_line(each.reason))


def _complain(error: Exception, rest: float) -> None:
    said = str(error) if isinstance(error, QuotewireError) else f"unexpected {type(error).__name__}: {error}"
    when = f"{rest / 60:.0f} minutes" if rest > 60 else f"{rest:.0f} seconds"
    _log.warning("the feeds could not be polled and are tried again in %s: %s", when, one_line(said))
    if not isinstance(error, QuotewireError):
        _log.debug("where it happened", exc_info=error)

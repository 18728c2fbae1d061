"""The thread that keeps a process' files with the database: told of changes, or asking where nobody tells."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

import psycopg
from psycopg import sql

from retrieval.errors import QuotewireError, first_line
from retrieval.replicas.connecting import SILENCE, Address
from retrieval.replicas.replica import Replica
from retrieval.replicas.silence import heard_within

logger = logging.getLogger(__name__)

ASKED_EACH = 5.0
"""Seconds after which it is asked for changes of which nobody told."""
TURN = 0.5  # seconds within which it is seen that the thread is to end
AGAIN = (0.5, 1.0, 2.0, 4.0)  # seconds between tries to reach the database


class Following(threading.Thread):
    """Brings `replicas` (by topic) up to the database at `primary`, and where that is gone to the one at `standby`.

    `told` is called, on this thread, with the topic of each that was brought forward.
    """

    def __init__(
        self,
        primary: Address,
        standby: Address | None,
        channel: str,
        replicas: Callable[[], Iterable[tuple[str, Replica]]],
        told: Callable[[str], object],
    ) -> None:
        super().__init__(name="following", daemon=True)
        self._primary = primary
        self._standby = standby
        self._channel = channel
        self._replicas = replicas
        self._told = told
        self._ended = threading.Event()
        self._tries = 0
        self._brought: dict[str, int] = {}  # by topic: what was told, as the file counts it
        self._failed: dict[str, str] = {}  # by topic: why that file cannot be brought forward
        self.failure: str | None = "not reached yet"
        """Why changes are not heard of just now."""

    def end(self) -> None:
        """Have the thread end, and wait for that."""
        self._ended.set()
        if self.ident is not None and threading.current_thread() is not self:
            self.join(timeout=10)

    def run(self) -> None:
        """Follow until `end`."""
        while not self._ended.is_set():
            try:
                with closing(self._primary.connect()) as remote:
                    self._listen(remote)
            except psycopg.Error as error:
                if self.failure is None:
                    logger.warning("the database at %s is gone: %s", self._primary.place, first_line(error))
                self._tries, self.failure = self._tries + 1, first_line(error)
                self._failed.clear()
                self._follow_standby()
            except Exception:
                logger.exception("following the database failed; it goes on")
                self._tries += 1
            if self._ended.wait(AGAIN[min(self._tries, len(AGAIN) - 1)]):
                return

    def _listen(self, remote: psycopg.Connection[Any]) -> None:
        remote.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
        asked, topics = -ASKED_EACH, set[str]()
        while not self._ended.is_set():
            if time.monotonic() - asked >= ASKED_EACH:
                topics, asked = {name for name, _ in self._replicas()}, time.monotonic()
            self._bring_up(remote, topics, behind=False)
            self._tries, self.failure = 0, next(iter(self._failed.values()), None)
            topics = {notice.payload for notice in remote.notifies(timeout=TURN, stop_after=1)}
            topics |= {notice.payload for notice in remote.notifies(timeout=0)}  # what came with it

    def _follow_standby(self) -> None:
        if self._standby is None:
            return
        try:
            with closing(self._standby.connect()) as remote:
                self._bring_up(remote, {name for name, _ in self._replicas()}, behind=True)
        except psycopg.Error as error:
            logger.debug("the standby at %s is gone, too: %s", self._standby.place, first_line(error))

    def _bring_up(self, remote: psycopg.Connection[Any], topics: set[str], *, behind: bool) -> None:
        for name, replica in self._replicas():
            if name not in topics or self._ended.is_set():
                continue
            known = self._brought.setdefault(name, replica.brought)
            try:
                if not behind:
                    replica.settle_late()
                    replica.exchange()  # before what others did to the same rows takes the place of what was done here
                with heard_within(remote, SILENCE), remote.transaction():
                    replica.bring_up(remote, behind=behind)
                # A change that was made here meanwhile may have brought others' in, too.
                if replica.brought != known:
                    self._brought[name] = replica.brought
                    self._told(name)
                self._failed.pop(name, None)
            except (QuotewireError, sqlite3.Error, OSError) as error:  # which the other files are no worse for
                said = first_line(error)
                if said != self._failed.get(name):
                    logger.error("what other processes did to %s is not known here: %s", name, said)
                self._failed[name] = said

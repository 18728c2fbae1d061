"""Leases as PostgreSQL's advisory locks, which it lets go of by itself when who holds them is gone.

All of a process hang on one connection, over which something is said every few seconds. If the process dies, PostgreSQL
sees the connection end; if it is cut off, or stands still, PostgreSQL ends the connection after `connecting.IDLE`
seconds. Either way others can have the leases then, and who held them finds out before it changes anything (`guard`).
"""

from __future__ import annotations

import logging
import threading
import time
import zlib
from typing import Any

import psycopg

from retrieval.errors import DatabaseUnavailable, QuotewireError
from retrieval.replicas.connecting import IDLE, PATIENCE, Address, unavailable
from retrieval.replicas.silence import heard_within

logger = logging.getLogger(__name__)

BEAT = 3.0
"""Seconds between two signs of life."""
SURE = IDLE - 2 * BEAT
"""Seconds after a sign of life in which nobody else can have what was held by then."""
_CLASS = 0x5157  # of the advisory locks that are ours


class SessionLeases:
    """The leases of this process in the database at `address`. Safe to use from many threads."""

    def __init__(self, address: Address, namespace: str) -> None:
        self._address = address
        self._namespace = namespace
        self.unreachable: QuotewireError | None = None
        self._lock = threading.Lock()
        self._session: psycopg.Connection[Any] | None = None
        self._pid = 0
        self._beat = 0.0
        self._held: set[str] = set()
        self._ended = threading.Event()
        self._beating: threading.Thread | None = None

    def take(self, name: str, /) -> bool:
        """Claim a lease, as `leases.Leases` says."""
        if self.holds(name):
            return True
        with self._lock:
            began = time.monotonic()
            try:
                session = self._connected()
                with heard_within(session, PATIENCE):
                    row = session.execute("SELECT pg_try_advisory_lock(%s, %s)", self._number(name)).fetchone()
            except psycopg.Error as error:
                self._lose(error)
                self.unreachable = unavailable(self._address, error)
                return False
            self.unreachable, self._beat = None, began
            if row == (True,):
                if name in self._held:  # it was held and is now held twice: PostgreSQL counts
                    session.execute("SELECT pg_advisory_unlock(%s, %s)", self._number(name))
                self._held.add(name)
            return row == (True,)

    def holds(self, name: str, /) -> bool:
        """Whether a lease is surely still held."""
        return name in self._held and time.monotonic() - self._beat < SURE

    def give_back(self, name: str, /) -> None:
        """Let another process have it."""
        with self._lock:
            if name not in self._held:
                return
            self._held.discard(name)
            try:
                if self._session is not None:
                    with heard_within(self._session, PATIENCE):
                        self._session.execute("SELECT pg_advisory_unlock(%s, %s)", self._number(name))
            except psycopg.Error as error:
                self._lose(error)

    def held(self) -> tuple[str, ...]:
        """The names of the leases that are surely held."""
        return tuple(sorted(name for name in tuple(self._held) if self.holds(name)))

    def guard(self, name: str, remote: psycopg.Connection[Any]) -> None:
        """Raise `DatabaseUnavailable` if PostgreSQL does not know of this process' lease, as of the transaction of
        `remote`: whoever has it next changes nothing before that transaction ends."""
        lock_class, number = self._number(name)
        row = remote.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = %s AND classid::bigint = %s"
            " AND objid::bigint = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (self._pid, lock_class, number & 0xFFFFFFFF),
        ).fetchone()
        if row is None:
            raise DatabaseUnavailable(
                "The connection to the database at {place} broke off while articles were taken in: what was not taken "
                "in comes again.",
                place=self._address.place,
            )

    def close(self) -> None:
        """Give all back."""
        self._ended.set()
        with self._lock:
            self._held.clear()
            if self._session is not None:
                self._session.close()
                self._session = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._ended.is_set():
            raise psycopg.OperationalError("closing")
        if self._session is None or self._session.closed:
            self._held.clear()
            alive = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 3, "tcp_keepalives_count": 3}
            self._session = self._address.connect(idle_session_timeout=IDLE * 1000, **alive)
            self._pid = self._session.info.backend_pid
            if self._beating is None:
                self._beating = threading.Thread(target=self._keep_beating, name="leases", daemon=True)
                self._beating.start()
        return self._session

    def _keep_beating(self) -> None:
        while not self._ended.wait(BEAT):
            with self._lock:
                if self._session is None or self._session.closed:
                    continue  # until something is to be taken
                try:
                    began = time.monotonic()  # PostgreSQL counts from no earlier moment
                    with heard_within(self._session, BEAT):
                        self._session.execute("SELECT 1")
                    self._beat = began
                except psycopg.Error as error:
                    self._lose(error)

    def _lose(self, error: Exception) -> None:
        if self._held:
            logger.warning("the leases %s are lost: %s", ", ".join(sorted(self._held)), str(error).splitlines()[:1])
        self._held.clear()
        if self._session is not None:
            self._session.close()
            self._session = None

    def _number(self, name: str) -> tuple[int, int]:
        number = zlib.crc32(f"{self._namespace}/{name}".encode())
        return _CLASS, number - 2**32 if number >= 2**31 else number

"""A database that a question asks while somebody waits for the answer: soon, or not at all.

One that failed is left alone for a while, so that not every question waits for it; and one that says nothing, as after
a pulled cable, has its connection ended by us.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from retrieval.errors import DatabaseUnavailable
from retrieval.replicas.connecting import Address, unavailable
from retrieval.replicas.silence import heard_within

WAIT = 1.5  # seconds for a connection
AT_MOST = 3.0  # seconds for all that one question asks
AVOIDED = 5.0  # seconds for which a database that failed is left alone
AT_ONCE = 8  # connections: so many questions ask at once, others wait
MAX_IDLE = 60.0  # seconds after which a connection that nobody uses is closed

Pool = ConnectionPool[psycopg.Connection[Any]]


class Reader:
    """The database at `address`, which is read only. Safe to use from many threads."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._avoided_until = 0.0
        self._failure = DatabaseUnavailable("Nothing was asked yet.")

    @contextmanager
    def snapshot(self, settings: str) -> Iterator[psycopg.Connection[Any]]:
        """A connection in a transaction that sees one state and writes nothing; `settings`, in SQL, are set for it.

        Raises `DatabaseUnavailable` where there is none, and where `psycopg` raises within the block.
        """
        if time.monotonic() < self._avoided_until:
            raise self._failure
        pool = self._pooled()
        try:
            with pool.connection() as connection, heard_within(connection, AT_MOST):
                connection.execute(f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {settings}".encode())
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            self._avoid(pool, unavailable(self._address, error))
            raise self._failure from None

    def _pooled(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self._address.conninfo,
                    min_size=0,
                    max_size=AT_ONCE,
                    max_idle=MAX_IDLE,
                    open=True,
                    timeout=WAIT,
                    reconnect_timeout=WAIT,
                    kwargs={"autocommit": True, "options": f"-c statement_timeout={int(AT_MOST * 1000)}"},
                )
            return self._pool

    def _avoid(self, pool: Pool, failure: DatabaseUnavailable) -> None:
        """Leave the database alone for a while, and none of its connections be used any more."""
        with self._lock:
            self._failure, self._avoided_until = failure, time.monotonic() + AVOIDED
            if self._pool is pool:
                self._pool = None
        pool.close(timeout=0)

    def close(self) -> None:
        """End the connections."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close(timeout=0)

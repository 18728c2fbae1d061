"""Connections to the PostgreSQL that processes share: how long anything may take, and what is said when it fails.

No message holds an address as it was set, for its password may stand in it; `place` is what may be told.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from retrieval.errors import DatabaseUnavailable, first_line
from retrieval.replicas.silence import heard_within

logger = logging.getLogger(__name__)

PATIENCE = 2.5
"""Seconds that who writes waits for a connection: a member waits for the reply."""
CONNECT = 3  # seconds for each host of an address
WAIT_FOR_TURN = 20  # seconds that a change waits for those of other processes before it
AT_MOST = 120  # seconds for one statement: a large table is copied by one
SILENCE = 600.0
"""Seconds after which nobody waits any more for what is done in a transaction: a whole file may be copied in one."""
IDLE = 20
"""Seconds after which PostgreSQL itself ends a transaction, or the hold on a lease, of a process that says nothing."""
MAX_IDLE = 60.0  # seconds after which a connection that nobody uses is closed
AT_ONCE = 6  # connections for writing; of several changes to one file one is made at a time

_KEPT_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 10_000}

logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # that a database cannot be reached is said here


_UNESCAPED = re.compile(r"\w+://(?:[^?@]*@[^?]*@|[^/?@]*/[^?]*@)")
"""A password with an @ or a / as it is: libpq takes what comes after it for a host, a port or a name."""


def parts_of(url: str) -> dict[str, Any]:
    """The parts of an address by libpq's names. Raises `ValueError`, which tells nothing of it, if it is none."""
    if not _UNESCAPED.match(url):
        with suppress(psycopg.ProgrammingError, UnicodeError):
            return conninfo_to_dict(url)
    raise ValueError("no address of a PostgreSQL database")


class Address:
    """One DATABASE_URL, or DATABASE_READ_URL, which `setting` names. Raises `DatabaseUnavailable` if it is none."""

    def __init__(self, url: str, setting: str = "DATABASE_URL", *, writes: bool = True) -> None:
        try:
            given = parts_of(url)
        except ValueError:
            raise DatabaseUnavailable(
                "{setting} is no address of a PostgreSQL database: it has the form "
                "postgresql://USER:PASSWORD@HOST:PORT/NAME, with special characters of the password as %XX.",
                setting=setting,
            ) from None
        several = "," in str(given.get("host") or "")
        wanted = {"target_session_attrs": "read-write"} if writes and several else {}
        self.conninfo = make_conninfo(
            **{**wanted, "connect_timeout": CONNECT, "application_name": "quotewire", **_KEPT_ALIVE, **given}
        )
        self._options = str(given.get("options") or "")
        self.place = _place(given)
        """Hosts and name of the database, to be told."""

    def connect(self, **parameters: str | int) -> psycopg.Connection[Any]:
        """A connection in autocommit mode; `parameters` are those of the session. Raises `psycopg.Error`."""
        return psycopg.connect(self.conninfo, autocommit=True, options=self.options(**parameters))

    def options(self, **parameters: str | int) -> str:
        """The parameters of a session, after those that stand in the address."""
        said = {"statement_timeout": AT_MOST * 1000, **parameters}
        return " ".join([self._options, *(f"-c {name}={value}" for name, value in said.items())]).strip()


class Primary:
    """The database that is written to, through a few connections that are made when they are first needed."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            address.conninfo,
            min_size=0,
            max_size=AT_ONCE,
            max_idle=MAX_IDLE,
            num_workers=1,
            open=False,
            check=_still_there,  # one that broke while nobody used it is not handed out
            timeout=PATIENCE,
            reconnect_timeout=PATIENCE,
            kwargs={
                "options": address.options(
                    lock_timeout=WAIT_FOR_TURN * 1000, idle_in_transaction_session_timeout=IDLE * 1000
                )
            },
        )
        self._closed = False

    @contextmanager
    def transaction(self, within: float = SILENCE) -> Iterator[psycopg.Connection[Any]]:
        """A connection in a transaction, which is rolled back unless the block commits it, `within` so many seconds.

        Raises `DatabaseUnavailable` where there is no connection, and where `psycopg` raises within the block.
        """
        with self.explained():
            if self._closed:
                raise DatabaseUnavailable("Quotewire is closing: ask again once it has started anew.")
            self._pool.open()
            with self._pool.connection() as connection, heard_within(connection, within):
                try:
                    yield connection
                finally:
                    with suppress(psycopg.Error):
                        connection.rollback()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """What `psycopg` raises within the block is a `DatabaseUnavailable`."""
        try:
            yield
        except (psycopg.Error, PoolTimeout) as error:
            raise unavailable(self.address, error) from None

    def close(self) -> None:
        """Let nothing more be asked."""
        self._closed = True
        self._pool.close(timeout=PATIENCE)


def _still_there(connection: psycopg.Connection[Any]) -> None:
    with heard_within(connection, PATIENCE):
        ConnectionPool.check_connection(connection)


def unavailable(address: Address, error: Exception) -> DatabaseUnavailable:
    """What to say of a database that does not do what it is asked for."""
    logger.debug("PostgreSQL: %s", error)
    if isinstance(error, psycopg.errors.IdleInTransactionSessionTimeout):
        return DatabaseUnavailable(
            "A change took longer here than the {seconds} seconds after which others have their turn, and was undone: "
            "try again; if that does not help, the disk of DATA_DIR is too slow for it.",
            seconds=IDLE,
        )
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return DatabaseUnavailable(
            "Another process has been writing to the database at {place} for too long: try again in a minute.",
            place=address.place,
        )
    if isinstance(error, psycopg.errors.InsufficientPrivilege | psycopg.errors.ReadOnlySqlTransaction):
        return DatabaseUnavailable(
            "The database at {place} refuses to be written to ({reason}): give the user of DATABASE_URL the right to "
            "create schemas, and name the primary, or all hosts.",
            place=address.place,
            reason=first_line(error),
        )
    if isinstance(error, psycopg.errors.DiskFull):
        return DatabaseUnavailable(
            "The disk of the database at {place} is full, so nothing is stored: make room there; what is there is "
            "still answered from.",
            place=address.place,
        )
    if isinstance(error, psycopg.Error) and not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return DatabaseUnavailable(
            "The database at {place} refuses what is to be stored ({reason}): its log says more; what is there is "
            "still answered from.",
            place=address.place,
            reason=first_line(error)[:200],
        )
    return DatabaseUnavailable(
        "The database at {place} cannot be reached just now ({reason}): what is there is still answered from; try "
        "again later, or check DATABASE_URL.",
        place=address.place,
        reason=_reason(error),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, PoolTimeout):
        return f"no answer within {PATIENCE} seconds"
    return first_line(error)[:200]


def _place(given: Mapping[str, Any]) -> str:
    hosts = str(given.get("host") or given.get("hostaddr") or "localhost").split(",")
    ports = str(given.get("port") or "").split(",")
    ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
    named = ",".join(f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=True))
    return f"{named}/{given.get('dbname') or 'postgres'}"

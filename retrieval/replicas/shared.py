"""`Shared`: the PostgreSQL that several processes share, and all that one process has of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import DatabaseUnavailable
from retrieval.replicas.connecting import Address, Primary
from retrieval.replicas.following import Following
from retrieval.replicas.ledger import Ledger
from retrieval.replicas.looking import Seen, seen
from retrieval.replicas.moving import Told, move
from retrieval.replicas.readers import Reader
from retrieval.replicas.replica import Replica
from retrieval.replicas.session_leases import SessionLeases
from retrieval.replicas.vectors import SharedVectors

NAMESPACE = "quotewire"


@dataclass(frozen=True, slots=True)
class SharedState:
    """How a process stands with the database: where that is, why it is not heard of (None: it is), which leases the
    process holds, and whether vectors are searched on its disk, since the database that is to find them did not answer.
    """

    place: str
    failure: str | None
    leases: tuple[str, ...]
    without_vectors: bool


class Shared:
    """The database at `url`; changes are also heard of from a standby at `read_url`, while that is gone. Nothing is
    connected to before it is needed. `namespace` is what the schemas are named by, so that others can lie beside them.

    Raises `DatabaseUnavailable` for what is no address. Safe to use from many threads.
    """

    def __init__(self, url: str, read_url: str | None = None, *, namespace: str = NAMESPACE) -> None:
        self._address = Address(url)
        self._standby = Address(read_url, "DATABASE_READ_URL", writes=False) if read_url else None
        self._namespace = namespace
        self._primary = Primary(self._address)
        self._replicas: dict[str, Replica] = {}
        self._lock = threading.Lock()
        self._following: Following | None = None
        self.leases = SessionLeases(self._address, namespace)
        addresses = [self._standby, self._address] if self._standby else [self._address]
        self.vectors = SharedVectors(self._primary, [Reader(each) for each in addresses], f"{namespace}_vectors")
        """Where the database is to find passages by their vectors; asked of the standby first."""

    def replica(self, path: Path, name: str) -> Replica:
        """The file `path` as a replica of the tables called `name`; the same one each time."""
        with self._lock:
            if name not in self._replicas:
                self._replicas[name] = Replica(self._primary, path, self._ledger(name), self._standby)
            return self._replicas[name]

    def move_in(self, path: Path, name: str, told: Told) -> int:
        """Have a file that stood alone be a replica: how many rows it has. See `moving.move`."""
        return move(path, self._ledger(name), self._address, told)

    def _ledger(self, name: str) -> Ledger:
        return Ledger(f"{self._namespace}_{name}", self._namespace, name)

    def look(self, names: Iterable[str]) -> tuple[Seen, Seen | DatabaseUnavailable | None]:
        """What can be seen of the database, with the files of these names, and of the standby that is read from: why
        it cannot be reached, or None if none is. Nothing is changed. Raises `DatabaseUnavailable`.
        """
        ledgers = {name: self._ledger(name) for name in names}
        database = seen(self._address, ledgers)
        try:
            return database, seen(self._standby, ledgers) if self._standby else None
        except DatabaseUnavailable as error:
            return database, error

    def follow(self, told: Callable[[str], object]) -> None:
        """Bring files forward as soon as other processes have changed anything, on a thread of its own.

        `told` is called there, with the name that the file was given, each time that one was brought forward.
        """
        if self._following is None:
            known = self._known
            self._following = Following(self._address, self._standby, self._namespace, known, told)
            self._following.start()

    def _known(self) -> list[tuple[str, Replica]]:
        with self._lock:
            return [(name, each) for name, each in self._replicas.items() if each.is_open]

    def state(self) -> SharedState:
        """How this process stands with the database; nobody is asked for that."""
        failure = self._following.failure if self._following else None
        return SharedState(
            place=self._address.place,
            failure=failure,
            leases=self.leases.held(),
            without_vectors=self.vectors.failing,
        )

    def close(self) -> None:
        """End: leases are given back, and nothing is followed any more."""
        if self._following is not None:
            self._following.end()
        self.leases.close()
        for replica in self._replicas.values():
            replica.close()
        self.vectors.close()
        self._primary.close()

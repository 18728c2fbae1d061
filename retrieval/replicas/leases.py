"""What is done by one process at a time, of all those that share a newsroom: who does it holds its lease."""

from __future__ import annotations

from typing import Any, Protocol

from retrieval.errors import QuotewireError


class Leases(Protocol):
    """The leases of this process. Safe to use from many threads.

    Names in use: "changing", "polling", "posting", "shard N of M", "all shards", and "identifying N of M".
    """

    unreachable: QuotewireError | None
    """Why nobody could be asked when a lease was last claimed."""

    def guard(self, name: str, remote: Any, /) -> None:
        """Raise `DatabaseUnavailable` if the lease is held no more, as the database transaction `remote` sees it."""
        ...

    def take(self, name: str, /) -> bool:
        """Claim a lease: whether this process holds it now, as it may have done before. It may wait for some 2 s.

        False where another process holds it, or where nobody can be asked.
        """
        ...

    def holds(self, name: str, /) -> bool:
        """Whether a lease is surely still held; at once, and without asking anybody."""
        ...

    def give_back(self, name: str, /) -> None:
        """Let another process have it; nothing happens where it is not held."""
        ...


class Alone:
    """The leases of a process that shares nothing: all are its own."""

    unreachable: QuotewireError | None = None

    def guard(self, name: str, remote: Any, /) -> None:
        """Nobody else could have it."""

    def take(self, _: str, /) -> bool:
        """Always true."""
        return True

    def holds(self, _: str, /) -> bool:
        """Always true."""
        return True

    def give_back(self, _: str, /) -> None:
        """Nobody else wants it."""

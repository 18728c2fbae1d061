"""What several processes of one bot share and divide: the address of their database, and whose which shards are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

SCHEMES = ("postgresql://", "postgres://")
MOST_SHARDS = 100_000
_FORM = "postgresql://USER:PASSWORD@HOST/DATABASE"
_NUMBERS = re.compile(r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shards:
    """Which of Discord's `count` shards a process serves: those that are `named` or, where none is, up to `most` that
    no other process does.
    """

    count: int
    named: tuple[int, ...] = ()
    most: int = 0


def shards_named(text: str) -> Shards:
    """The shards that `text` names: `0-7/32` and `0,3,5/32` these of 32, `8/32` up to 8 of 32. Raises `ValueError`."""
    wanted, slash, of = "".join(text.split()).partition("/")
    if not (slash and _NUMBERS.fullmatch(wanted) and of.isascii() and of.isdecimal() and 0 < int(of) <= MOST_SHARDS):
        raise ValueError(
            f"'{text}' names no shards; use 0-7/32 or 0,3,5/32 for these of 32, or 8/32 for up to 8 of 32 that no "
            "other process serves"
        )
    count = int(of)
    if wanted.isdecimal():
        if not 0 < int(wanted) <= count:
            raise ValueError(f"'{text}' is not up to {wanted} of {count} shards; use a number from 1 to {count}")
        return Shards(count, most=int(wanted))
    ends = [tuple(map(int, part.split("-"))) for part in wanted.split(",")]
    if any(each[0] > each[-1] or each[-1] >= count for each in ends):
        raise ValueError(f"'{text}' names a shard that there is not; of {count} the first is 0, the last {count - 1}")
    return Shards(count, tuple(sorted({shard for each in ends for shard in range(each[0], each[-1] + 1)})))


def address_fault(address: str) -> str | None:
    """What is evidently wrong with the address of a database, with the remedy and without showing it; else None."""
    if not address.startswith(SCHEMES):
        return f"It begins with neither {SCHEMES[0]} nor {SCHEMES[1]}; write it as {_FORM}"
    if find_spec("psycopg") is None:
        return "What talks to PostgreSQL is not installed; install it with pip install 'quotewire[postgres]'"
    try:
        from retrieval.replicas.connecting import parts_of
    except ImportError:
        return "What talks to PostgreSQL cannot be loaded; install it anew with pip install 'quotewire[postgres]'"
    try:
        parts = parts_of(address)
    except ValueError:
        return (
            f"It cannot be read as the address of a database; write it as {_FORM}, with %40 for @, %2F for /, %3A "
            "for : and %25 for % in user and password"
        )
    return None if parts.get("dbname") else f"It names no database; write it as {_FORM}"

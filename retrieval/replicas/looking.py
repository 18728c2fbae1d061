"""What can be seen of a database without changing anything in it: for whoever looks after a bot."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from retrieval.replicas.connecting import Address, unavailable
from retrieval.replicas.ledger import Ledger
from retrieval.replicas.silence import heard_within

ANSWERS_WITHIN = 20.0
"""Seconds for all that is asked."""

_SEEN = """
SELECT current_setting('server_version'), pg_is_in_recovery(),
  has_database_privilege(current_database(), 'CREATE'),
  EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector'),
  extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a database says of itself: its version, whether it is a standby, whether schemas may be made in it, and
    whether it knows vectors. `seconds` is how long a question and its answer take; `behind` how long ago what a standby
    did last was done at its primary. `changes` is the number of the last change of each file that it holds, by name.
    """

    place: str
    version: str
    standby: bool
    may_create: bool
    vectors: bool
    seconds: float
    behind: float | None
    changes: Mapping[str, int]


def seen(address: Address, ledgers: Mapping[str, Ledger]) -> Seen:
    """What there is at `address`. Raises `DatabaseUnavailable`."""
    try:
        with closing(address.connect()) as remote, heard_within(remote, ANSWERS_WITHIN):
            began = time.monotonic()
            remote.execute("SELECT 1")
            seconds = time.monotonic() - began
            version, standby, may_create, vectors, behind = _row(remote.execute(_SEEN))
            heads = {name: ledger.head(remote) for name, ledger in ledgers.items()}
    except psycopg.Error as error:
        raise unavailable(address, error) from None
    return Seen(
        place=address.place,
        version=version,
        standby=standby,
        may_create=may_create,
        vectors=vectors,
        seconds=seconds,
        behind=behind,
        changes={name: head.state.seq for name, head in heads.items() if head and head.state.edition},
    )


def _row(cursor: psycopg.Cursor[Any]) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None
    return row

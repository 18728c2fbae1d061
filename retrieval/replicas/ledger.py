"""The log of a schema in PostgreSQL: which rows each change was to, in the order in which changes were made.

One row is its head; who changes anything locks it first, so there is one change at a time. A change has a number and a
stamp that no other has: a replica whose last change is not in the log follows a branch that is lost (a standby was
promoted that had not heard of it), and is copied anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from retrieval.replicas.marks import OURS
from retrieval.replicas.notes import Changes, State, by_table

KEPT = 50_000
"""So many changes can be followed from; a replica that is farther behind is copied anew."""
KEPT_DAYS = 30
"""And so is one that was away for longer: keys may be members' ids, which are not kept for ever."""
_PRUNED_EACH = 64

_TABLES = """
CREATE TABLE {head} (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, stamp text NOT NULL,
  edition integer NOT NULL, definition jsonb NOT NULL, last_keys jsonb NOT NULL
);
CREATE TABLE {commit} (seq bigint PRIMARY KEY, stamp text NOT NULL, made timestamptz NOT NULL DEFAULT now());
CREATE TABLE {log} (seq bigint NOT NULL, name text NOT NULL, key text NOT NULL);
CREATE INDEX ON {log} (seq);
INSERT INTO {head} (seq, stamp, edition, definition, last_keys) VALUES (0, '', 0, '[]', '{{}}');
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last change, and the last keys that were given."""

    state: State
    last_keys: dict[str, int]


class Ledger:
    """The log of `schema`. All is done within the caller's transaction, and raises `psycopg.Error`."""

    def __init__(self, schema: str, channel: str, topic: str) -> None:
        self.schema = schema
        self._channel = channel
        self._topic = topic
        self._names = {name: sql.Identifier(schema, f"{OURS}{name}") for name in ("head", "commit", "log")}

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(**self._names)  # type: ignore[arg-type]

    def head(self, remote: psycopg.Connection[Any]) -> Head | None:
        """The head as it is now; None where there is nothing yet."""
        return self._read(remote, "") if is_there(remote, self.schema, f"{OURS}head") else None

    def locked(self, remote: psycopg.Connection[Any]) -> Head:
        """The head, which nobody else can move until the end of the transaction. There has to be one."""
        return self._read(remote, " FOR UPDATE")

    def _read(self, remote: psycopg.Connection[Any], locking: str) -> Head:
        row = remote.execute(self._sql(f"SELECT seq, stamp, edition, last_keys FROM {{head}}{locking}"))
        seq, stamp, edition, last = row.fetchone() or (0, "", 0, {})
        return Head(State(seq, stamp, edition), last)

    def definition(self, remote: psycopg.Connection[Any]) -> list[str]:
        """The SQL that makes an SQLite file with the tables that there are; of no interest to most changes."""
        row = remote.execute(self._sql("SELECT definition FROM {head}")).fetchone()
        return row[0] if row else []

    def create(self, remote: psycopg.Connection[Any]) -> None:
        """Make the schema, with a log of nothing, unless it is there; of several processes, one does."""
        remote.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (self.schema,))
        if self.head(remote) is None:
            remote.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self.schema)))
            remote.execute(self._sql(_TABLES))

    def since(self, remote: psycopg.Connection[Any], state: State) -> Changes | None:
        """What has changed since; None where the log does not tell."""
        if state.seq == 0 and state.stamp == "":
            return None
        there = remote.execute(self._sql("SELECT stamp FROM {commit} WHERE seq = %s"), (state.seq,)).fetchone()
        if there != (state.stamp,):
            return None
        rows = remote.execute(self._sql("SELECT DISTINCT name, key FROM {log} WHERE seq > %s"), (state.seq,))
        return by_table(rows)

    def append(self, remote: psycopg.Connection[Any], head: Head, changes: Changes) -> Head:
        """Note a change, and tell all processes of it once it is committed; the head from then on."""
        state = replace(head.state, seq=head.state.seq + 1, stamp=secrets.token_hex(8))
        rows = [(state.seq, name, json.dumps(key)) for name, keys in changes.items() for key in keys]
        with remote.cursor() as cursor:
            cursor.executemany(self._sql("INSERT INTO {log} (seq, name, key) VALUES (%s, %s, %s)"), rows)
        remote.execute(self._sql("INSERT INTO {commit} (seq, stamp) VALUES (%s, %s)"), (state.seq, state.stamp))
        moved = replace(head, state=state)
        self._keep(remote, moved)
        if state.seq % _PRUNED_EACH == 0:
            self._prune(remote, state.seq)
        return moved

    def _prune(self, remote: psycopg.Connection[Any], seq: int) -> None:
        late = "SELECT max(seq) FROM {commit} WHERE made < now() - make_interval(days => %s)"
        (until,) = remote.execute(self._sql(late), (KEPT_DAYS,)).fetchone() or (None,)
        until = max(until or 0, seq - KEPT - 1)
        for name in ("{log}", "{commit}"):
            remote.execute(self._sql(f"DELETE FROM {name} WHERE seq <= %s"), (until,))

    def renew(self, remote: psycopg.Connection[Any], head: Head, definition: Sequence[str]) -> Head:
        """Note that the tables were made anew, so that each replica is copied anew; the head from then on."""
        remote.execute(self._sql("UPDATE {head} SET definition = %s"), (Jsonb(list(definition)),))
        remote.execute(self._sql("DELETE FROM {log}"))
        remote.execute(self._sql("DELETE FROM {commit}"))
        state = State(head.state.seq, head.state.stamp, head.state.edition + 1)
        return self.append(remote, replace(head, state=state), {})

    def _keep(self, remote: psycopg.Connection[Any], head: Head) -> None:
        remote.execute(
            self._sql("UPDATE {head} SET seq = %s, stamp = %s, edition = %s, last_keys = %s"),
            (head.state.seq, head.state.stamp, head.state.edition, Jsonb(head.last_keys)),
        )
        remote.execute("SELECT pg_notify(%s, %s)", (self._channel, self._topic))


def are_made_anew(remote: psycopg.Connection[Any], schema: str) -> bool:
    """Whether a table of this schema was dropped since the transaction first looked, in its snapshot."""
    # A query sees the catalogue of its snapshot, where names are looked up as they are now: a table that was made anew
    # is read without any error, and has no rows for a snapshot that is older.
    query = (
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relkind = 'r' AND c.oid IS DISTINCT FROM"
        " to_regclass(format('%%I.%%I', n.nspname, c.relname)) LIMIT 1"
    )
    return remote.execute(query, (schema,)).fetchone() is not None


def is_there(remote: psycopg.Connection[Any], schema: str, table: str) -> bool:
    """Whether there is a table of this name."""
    # Not `to_regclass`, which may still say what was so before the lock of who made it was waited for.
    query = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = %s AND tablename = %s"
    return remote.execute(query, (schema, table)).fetchone() is not None

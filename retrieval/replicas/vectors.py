"""Vectors in PostgreSQL, where pgvector finds those near a question: for hosts whose memory does not hold them all.

They lie there by the keys of their passages and are never changed, so what of them a generation holds is known to who
asks. The process that makes a generation adds what is new (`writing`); one row, the head, tells what there is. A
question is asked in a transaction that sees the head and the vectors of one moment, of a standby if there is one.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
import psycopg
from psycopg import sql

from retrieval.errors import DatabaseUnavailable, StoreUnavailable, first_line
from retrieval.replicas.connecting import Primary
from retrieval.replicas.ledger import is_there
from retrieval.replicas.readers import Reader

logger = logging.getLogger(__name__)

INDEXED_FROM = 10_000
"""From so many vectors on there is an index; up to that, comparing with all of them is as quick."""
EXPLORED = 800  # vectors that a search in the index keeps in sight (`hnsw.ef_search`)
MOST = 20_000  # vectors that are asked for at once
OLDEST = (0, 8)  # the version of pgvector since which a search goes on until it has found as many as are wanted
_MEMORY = 1_600, 64 << 20, 1 << 30  # bytes for each vector while an index is built, which take at least and at most
_SEARCHED = (
    f"SET LOCAL hnsw.ef_search = {EXPLORED}; SET LOCAL hnsw.iterative_scan = relaxed_order; "
    f"SET LOCAL hnsw.max_scan_tuples = {10 * MOST}; SET LOCAL hnsw.scan_mem_multiplier = 8; "
    "SET LOCAL enable_sort = off; SET LOCAL jit = off"  # whatever the planner believes, by the index if there is one
)
_BEGUN = """
CREATE TABLE {head} (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), store bigint NOT NULL, model bigint NOT NULL,
  dimension integer NOT NULL, generation bigint NOT NULL, committed text NOT NULL, key bigint NOT NULL,
  swept bigint NOT NULL
);
CREATE TABLE {vector} ();
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Which vectors there are: of the store with this identity, by `model`, of the passages up to `key`.

    `generation`, committed at that moment, was the last that was looked at; what died in generations up to `swept` is
    there no more.
    """

    store: int
    model: int
    dimension: int
    generation: int = 0
    committed: str = ""
    key: int = 0
    swept: int = 0


@dataclass(frozen=True, slots=True)
class Nearest:
    """Keys of passages, the nearest first, but for a few that were missed. Of what is later than `up_to`, the database
    knows nothing yet."""

    keys: np.ndarray
    up_to: int


class Writing:
    """A transaction in which vectors are written, by nobody else meanwhile; all of it is done, or nothing."""

    def __init__(self, remote: psycopg.Connection[Any], compose: Callable[[str], sql.Composed]) -> None:
        self._remote = remote
        self._sql = compose

    def held(self) -> Held | None:
        """What there is; None: nothing."""
        return _held(self._remote, self._sql, " FOR UPDATE")

    def begin(self, store: int, model: int, dimension: int, swept: int) -> Held:
        """Have nothing, of what is to be held from now on."""
        self._remote.execute(self._sql("DROP TABLE {vector}"))
        size = sql.SQL(str(dimension))  # type: ignore[arg-type]
        self._remote.execute(
            self._sql("CREATE TABLE {vector} (key bigint PRIMARY KEY, embedding halfvec(")
            + size
            + sql.SQL(") NOT NULL)")
        )
        # Beside the row, however long: an index reads many.
        self._remote.execute(self._sql("ALTER TABLE {vector} ALTER embedding SET STORAGE PLAIN"))
        self.keep(held := Held(store=store, model=model, dimension=dimension, swept=swept))
        return held

    def add(self, keys: np.ndarray, vectors: np.ndarray) -> None:
        """Write vectors of shape (len(keys), dimension), whose keys are not there."""
        with self._remote.cursor().copy(self._sql("COPY {vector} FROM STDIN (FORMAT binary)")) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0) + _rows(keys, vectors) + b"\xff\xff")

    def remove(self, keys: Sequence[int]) -> None:
        """Delete vectors, of which some need not be there."""
        self._remote.execute(self._sql("DELETE FROM {vector} WHERE key = ANY(%s)"), (list(keys),))

    def keys(self) -> np.ndarray:
        """The keys of all that there is, ascending."""
        rows = self._remote.cursor(binary=True).execute(self._sql("SELECT key FROM {vector} ORDER BY key")).fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def keep(self, held: Held) -> None:
        """Note what there is from now on."""
        self._remote.execute(self._sql("DELETE FROM {head}"))
        names = sql.SQL(", ").join(sql.Identifier(each.name) for each in fields(Held))
        places = sql.SQL(", ").join(sql.Placeholder() * len(fields(Held)))
        self._remote.execute(
            self._sql("INSERT INTO {head} (") + names + sql.SQL(") VALUES (") + places + sql.SQL(")"), astuple(held)
        )


class SharedVectors:
    """The vectors in `schema`, which are written to `primary` and asked of `readers`, of the first that answers.

    Safe to use from many threads.
    """

    def __init__(self, primary: Primary, readers: Sequence[Reader], schema: str) -> None:
        self._primary = primary
        self._readers = readers
        self._schema = schema
        self.failing = False
        """Whether none of the databases answered when last one was asked for vectors."""

    def _sql(self, text: str) -> sql.Composed:
        names = {name: sql.Identifier(self._schema, name) for name in ("head", "vector")}
        return sql.SQL(text).format(**names)  # type: ignore[arg-type]

    # --- writing -------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """See to it that the database can hold vectors.

        Raises `StoreUnavailable` if it has no pgvector, or an old one, and `DatabaseUnavailable` if it is not reached.
        """
        with self._primary.transaction() as remote:
            remote.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (self._schema,))
            self._have_extension(remote)
            if not is_there(remote, self._schema, "head"):
                remote.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(self._schema)))
                remote.execute(self._sql(_BEGUN))
            remote.commit()

    def _have_extension(self, remote: psycopg.Connection[Any]) -> None:
        asked = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
        row = remote.execute(asked).fetchone()
        if row is None:
            try:
                with remote.transaction():
                    remote.execute("CREATE EXTENSION vector")
            except psycopg.OperationalError:
                raise
            except psycopg.Error as error:
                raise StoreUnavailable(
                    "VECTORS=pgvector needs pgvector in the database at {place} ({reason}): install it there, have an "
                    "administrator of the database run CREATE EXTENSION vector in it, and start Quotewire again; or "
                    "leave VECTORS blank.",
                    place=self._primary.address.place,
                    reason=first_line(error),
                ) from None
            row = remote.execute(asked).fetchone()
        version = str(row[0]) if row else "0"
        if tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) < OLDEST:
            raise StoreUnavailable(
                "VECTORS=pgvector needs pgvector 0.8, and the database at {place} has {version}: update it there and "
                "run ALTER EXTENSION vector UPDATE, or leave VECTORS blank.",
                place=self._primary.address.place,
                version=version,
            )

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction to write in, which is committed at the end of the block. Raises `DatabaseUnavailable`.

        So it does while an index is built, for which nobody waits.
        """
        with self._primary.transaction() as remote:
            remote.execute(self._sql("LOCK TABLE {vector} IN ROW EXCLUSIVE MODE NOWAIT"))
            yield Writing(remote, self._sql)
            with self._primary.explained():
                remote.commit()

    def build_index(self, most: int | None = None) -> None:
        """Build the index if it is lacking and there are vectors enough, but at most so many.

        That takes a minute for each 60,000; they are searched meanwhile, but nothing is added. Raises
        `DatabaseUnavailable`.
        """
        with self._primary.transaction() as remote:
            indexed = "SELECT 1 FROM pg_indexes WHERE schemaname = %s AND indexname = 'nearest'"
            if remote.execute(indexed, (self._schema,)).fetchone() or _held(remote, self._sql) is None:
                return
            (count,) = remote.execute(self._sql("SELECT count(*) FROM {vector}")).fetchone() or (0,)
            if count < INDEXED_FROM or (most is not None and count > most):
                return
            each, least, largest = _MEMORY
            memory = min(max(each * count, least), largest) // 1024
            # By one process of the server alone: more would have to share memory, of which a container has 64 MB.
            limits = f"SET LOCAL maintenance_work_mem = {memory}; SET LOCAL max_parallel_maintenance_workers = 0"
            remote.execute(f"{limits}; SET LOCAL statement_timeout = 0".encode())
            remote.execute(
                self._sql(
                    "CREATE INDEX nearest ON {vector} USING hnsw (embedding halfvec_cosine_ops)"
                    " WITH (m = 16, ef_construction = 64)"
                )
            )
            remote.commit()

    # --- asking --------------------------------------------------------------------------------------

    def nearest(
        self, store: int, model: int, vector: np.ndarray, first: int, enough: Callable[[np.ndarray], bool]
    ) -> Nearest:
        """What is nearest to a vector, of a store's by `model`: `first`, or more, until that is `enough`, or `MOST`.

        Raises `DatabaseUnavailable` if none of the databases answers.
        """
        failure = None
        for reader in self._readers:
            try:
                with reader.snapshot(_SEARCHED) as remote:
                    found = self._found(remote, (store, model), vector, first, enough)
            except DatabaseUnavailable as error:
                failure = error
            else:
                self._said(None)
                return found
        assert failure is not None
        self._said(failure)
        raise failure

    def _found(
        self,
        remote: psycopg.Connection[Any],
        of: tuple[int, int],
        vector: np.ndarray,
        first: int,
        enough: Callable[[np.ndarray], bool],
    ) -> Nearest:
        try:
            held = _held(remote, self._sql)
        except psycopg.errors.UndefinedTable:
            held = None  # nobody has written anything yet
        if held is None or (held.store, held.model) != of:
            return Nearest(np.empty(0, np.int64), 0)
        numbers = "[" + ",".join(f"{number:.6g}" for number in vector.tolist()) + "]"
        asked = self._sql("SELECT key FROM {vector} ORDER BY embedding <=> %s::halfvec LIMIT %s")
        wanted = min(first, MOST)
        while True:
            rows = remote.cursor(binary=True).execute(asked, (numbers, wanted)).fetchall()
            keys = np.array(rows, np.int64).reshape(-1)
            if len(keys) < wanted or wanted == MOST or enough(keys):
                return Nearest(keys, held.key)
            wanted = min(4 * wanted, MOST)

    def _said(self, failure: DatabaseUnavailable | None) -> None:
        """Tell once that the database does not answer, and once that it does again."""
        if failure is not None and not self.failing:
            logger.warning("questions are compared with the vectors on this disk, which takes long: %s", failure)
        if failure is None and self.failing:
            logger.info("the database finds what is near a question again")
        self.failing = failure is not None

    def close(self) -> None:
        """End the connections by which it is asked."""
        for reader in self._readers:
            reader.close()


def _held(remote: psycopg.Connection[Any], compose: Callable[[str], sql.Composed], locking: str = "") -> Held | None:
    names = [each.name for each in fields(Held)]
    row = remote.execute(compose(f"SELECT {', '.join(names)} FROM {{head}}{locking}")).fetchone()
    return Held(**dict(zip(names, row, strict=True))) if row else None


def _rows(keys: np.ndarray, vectors: np.ndarray) -> bytes:
    """As PostgreSQL's binary COPY has rows of a bigint and a halfvec: each value after its length in bytes."""
    count, dimension = vectors.shape
    layout = [("fields", ">i2"), ("eight", ">i4"), ("key", ">i8"), ("bytes", ">i4"), ("dimension", ">i2")]
    rows = np.zeros(count, np.dtype([*layout, ("unused", ">i2"), ("vector", ">f2", (dimension,))]))
    rows["fields"], rows["eight"], rows["bytes"], rows["dimension"] = 2, 8, 4 + 2 * dimension, dimension
    rows["key"], rows["vector"] = keys, vectors
    return rows.tobytes()

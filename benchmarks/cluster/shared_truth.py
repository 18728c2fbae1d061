"""What is committed in PostgreSQL, whichever of its servers takes changes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.cluster.judging import FILES
from benchmarks.cluster.nodes import Nodes
from benchmarks.cluster.truth import A_DAY_PASSES, GENERATION, rest_no_more
from bot.memory.database import Database
from retrieval.errors import DatabaseUnavailable
from retrieval.replicas import shared
from tests.support.loopback.world import World


class Shared:
    """PostgreSQL, looked at and changed as by one process more."""

    def __init__(self, nodes: Nodes, folder: Path) -> None:
        self._nodes = nodes
        self._shared = shared.Shared(nodes.url)
        self._folder = folder
        self._database: Database | None = None
        self._connection: psycopg.Connection[Any] | None = None

    def generation(self) -> int | None:
        """The newest generation; None while there is no primary."""
        try:
            return self.asked("articles", GENERATION)[0][0]
        except psycopg.Error:
            return None

    def asked(self, name: str, statement: str, /) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, of the schema that the file of a name follows."""
        if self._connection is None or self._connection.broken or self._connection.closed:
            self._connection = psycopg.connect(self._nodes.url, autocommit=True)
        self._connection.execute(f"SET search_path TO {shared.NAMESPACE}_{name}")  # type: ignore[arg-type]
        return self._connection.execute(statement).fetchall()  # type: ignore[arg-type]

    def tables(self) -> dict[str, list[str]]:
        """By the file they are in, the tables that processes share."""
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'replica_%'"
        return {name: [table for (table,) in self.asked(name, query)] for name in FILES}

    def no_rests(self, world: World) -> None:
        """Members need not rest between two questions."""
        rest_no_more(self._mine(), world)

    def _mine(self) -> Database:
        if self._database is None:
            self._database = Database(self._folder, self._shared)
        return self._database

    def a_day_passes(self) -> None:
        """What is posted at times is due."""
        with suppress(DatabaseUnavailable), self._mine().transaction() as connection:
            for statement in A_DAY_PASSES:
                connection.execute(statement)

    def close(self) -> None:
        """End."""
        if self._database is not None:
            self._database.close()
        if self._connection is not None:
            self._connection.close()
        self._shared.close()

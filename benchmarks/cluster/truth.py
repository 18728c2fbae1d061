"""What is committed, whoever serves it: in one folder, or in PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from benchmarks.cluster.judging import on_disk
from bot.memory.database import FILE, Database
from bot.memory.guilds import Guilds
from tests.support.loopback.world import World

GENERATION = "SELECT max(number) FROM generation"
A_DAY_PASSES = (
    "UPDATE post SET done = done - 3600",
    "UPDATE subscription SET due = min(due, unixepoch()) WHERE due > 0",
)
"""For alerts, which are posted a few times an hour, and digests, which are posted at an hour of the day."""


class Truth(Protocol):
    """Waits for a disk or for PostgreSQL."""

    def generation(self) -> int | None:
        """The newest generation; None where nobody can say."""
        ...

    def asked(self, name: str, statement: str, /) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, of the file of a name."""
        ...

    def tables(self) -> dict[str, list[str]]:
        """By the file they are in, the tables that processes share."""
        ...

    def no_rests(self, world: World) -> None:
        """Members need not rest between two questions."""
        ...

    def a_day_passes(self) -> None:
        """What is posted at times is due."""
        ...

    def close(self) -> None:
        """End."""
        ...


class Plain:
    """One data folder on SQLite."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.asked = on_disk(data)

    def generation(self) -> int | None:
        """The newest generation; None before there is any."""
        try:
            return self.asked("articles", GENERATION)[0][0]
        except sqlite3.Error:
            return None

    def tables(self) -> dict[str, list[str]]:
        """None: nobody shares it."""
        return {}

    def no_rests(self, world: World) -> None:
        """Members need not rest between two questions."""
        database = Database(self._data)
        rest_no_more(database, world)
        database.close()

    def a_day_passes(self) -> None:
        """What is posted at times is due."""
        with closing(sqlite3.connect(self._data / FILE, timeout=10)) as connection, connection:
            for statement in A_DAY_PASSES:
                connection.execute(statement)

    def close(self) -> None:
        """Nothing is open."""


def rest_no_more(database: Database, world: World) -> None:
    """Members need not rest between two questions."""
    settings = Guilds(database)
    for guild in world.guilds:
        settings.change(int(guild.id), lambda now: replace(now, cooldown=0))

"""Whoever changes something is told soon that a database says nothing, however it comes to that."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bot.memory import database as bot_database
from bot.memory.database import Database
from retrieval.errors import DatabaseUnavailable
from retrieval.replicas.shared import Shared
from tests.support.postgres import Server, Servers


@contextmanager
def cut_off(first: Server, _second: Server) -> Iterator[None]:
    """Nothing comes through any more, and nobody says so."""
    first.cut()
    yield
    first.mend()


@contextmanager
def hanging(first: Server, _second: Server) -> Iterator[None]:
    """It is there, and does nothing: its disk has stopped."""
    assert first.pid is not None
    children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    processes = [first.pid, *map(int, children)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    yield
    for process in processes:
        os.kill(process, signal.SIGCONT)


@contextmanager
def without_the_standby(first: Server, second: Server) -> Iterator[None]:
    """Each commit waits for it, and `statement_timeout` does not hold for that."""
    first.require_standby()
    second.kill()
    yield
    second.start()


@pytest.mark.parametrize(
    "silent",
    [cut_off, *(pytest.param(each, marks=pytest.mark.postgres_long) for each in (hanging, without_the_standby))],
)
def test_a_change_waits_for_seconds_at_most(
    silent: Callable[[Server, Server], AbstractContextManager[None]],
    servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot_database, "CHANGED_WITHIN", 3.0)
    first = servers.start()
    second = first.standby()
    shared = Shared(first.create_database())
    database = Database(tmp_path, shared)
    try:
        remember(database, 1)
        assert shared.leases.take("posting")
        with silent(first, second):
            for number in (2, 3):
                began = time.monotonic()
                with pytest.raises(DatabaseUnavailable):
                    remember(database, number)
                assert time.monotonic() - began < 8
            with database.reading() as connection:
                assert (1,) in connection.execute("SELECT id FROM guild").fetchall()
        ends = time.monotonic() + 30
        while not remembered(database, 4):
            assert time.monotonic() < ends
        while not shared.leases.take("posting"):
            assert time.monotonic() < ends
        # Whether what was under way was done is not known; here and there it is the same.
        with database.reading() as connection:
            here = connection.execute("SELECT id FROM guild").fetchall()
        assert {row[0] for row in here} >= {1, 4}
    finally:
        database.close()
        shared.close()


def remember(database: Database, number: int) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO guild VALUES (?, '{}')", (number,))


def remembered(database: Database, number: int) -> bool:
    try:
        remember(database, number)
    except DatabaseUnavailable:
        return False
    return True

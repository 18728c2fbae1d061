"""How a file takes the steps that it has not taken: each once and whole, whoever opens it and whenever that ends."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import StoreUnavailable
from retrieval.sqlite import Step, migrate

FIRST = """
CREATE TABLE story (key INTEGER PRIMARY KEY, title TEXT); -- one
CREATE TABLE quote (story INTEGER REFERENCES story ON DELETE CASCADE);
INSERT INTO story VALUES
  (1, 'a;
b');
INSERT INTO quote VALUES (1)"""
SECOND = "ALTER TABLE story ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;"
TABLES = pytest.mark.parametrize("table", [None, "our_schema"], ids=["own file", "guest"])


def taken(path: Path, steps: Sequence[Step], table: str | None = None) -> list[tuple]:
    """The stories once the file has taken `steps`."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
        migrate(connection, path, steps, table)
        return connection.execute("SELECT * FROM story").fetchall()


def version(path: Path, table: str | None = None) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT version FROM {table}" if table else "PRAGMA user_version").fetchone()[0]


@TABLES
def test_a_file_takes_the_steps_that_are_new_to_it(tmp_path: Path, table: str | None) -> None:
    path = tmp_path / "file"
    assert taken(path, [FIRST], table) == [(1, "a;\nb")]
    assert taken(path, [FIRST, SECOND], table) == [(1, "a;\nb", 0)]
    assert taken(path, [FIRST, SECOND], table) == [(1, "a;\nb", 0)]
    assert version(path, table) == 2


def test_the_version_of_another_library_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 44")
    taken(path, [FIRST, SECOND], "our_schema")
    assert (version(path), version(path, "our_schema")) == (44, 2)


@TABLES
def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path, table: str | None) -> None:
    path = tmp_path / "file"
    taken(path, [FIRST, SECOND], table)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"^.*file was written by a newer Quotewire: update Quotewire, or .*\.$"):
        taken(path, [FIRST], table)
    assert path.read_bytes() == before


@TABLES
def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path, table: str | None) -> None:
    path = tmp_path / "file"
    with pytest.raises(sqlite3.OperationalError):
        taken(path, [FIRST, f"{SECOND}\nINSERT INTO story VALUES (2, 'c', 0);\nDROP TABLE nothing;"], table)
    assert version(path, table) == 1
    assert taken(path, [FIRST], table) == [(1, "a;\nb")]
    assert taken(path, [FIRST, SECOND], table) == [(1, "a;\nb", 0)]


def test_a_process_that_dies_within_a_step_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    program = (
        "import os, sqlite3, sys; from pathlib import Path; from retrieval.sqlite import migrate, run\n"
        f"def dies(connection): run(connection, {SECOND!r}); os._exit(7)\n"
        f"migrate(sqlite3.connect(sys.argv[1], isolation_level=None), Path(sys.argv[1]), [{FIRST!r}, dies])"
    )
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == 7
    assert version(path) == 1
    assert taken(path, [FIRST, SECOND]) == [(1, "a;\nb", 0)]


@TABLES
def test_of_many_who_open_it_at_once_one_takes_each_step(tmp_path: Path, table: str | None) -> None:
    path = tmp_path / "file"
    steps = [FIRST, *(f"INSERT INTO story VALUES ({number}, 'more');" for number in range(2, 8))]
    with ThreadPoolExecutor(8) as threads:
        stories = list(threads.map(lambda _: taken(path, steps, table), range(8)))
    assert all([key for key, _ in each] == list(range(1, 8)) for each in stories)


def test_a_step_may_make_a_table_anew_that_others_refer_to(tmp_path: Path) -> None:
    path = tmp_path / "file"
    anew = """
CREATE TABLE new_story (title TEXT, key INTEGER PRIMARY KEY);
INSERT INTO new_story SELECT title, key FROM story;
DROP TABLE story;
ALTER TABLE new_story RENAME TO story;
"""
    taken(path, [FIRST])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path, [FIRST, anew])
        assert connection.execute("SELECT * FROM quote").fetchall() == [(1,)]
        connection.execute("DELETE FROM story")
        assert connection.execute("SELECT * FROM quote").fetchall() == [], "they are looked at again"

"""What a reload of ten articles does, counted instead of timed: as much among many articles as among few."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval.index import lexical
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture(autouse=True)
def every_index_of_words_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "FEW", 10)


FEW, MANY = 200, 2_000
GROWING = re.compile(r"SCAN (a|p|b|l|article|passage|band|link|numbered|called)\b")  # tables, and what they are called
SMALL = "INDEX passage_pending"  # of what is not embedded yet
STEPS = 50  # of SQLite's machine, between two of which are told


def write_archive(path: Path, count: int) -> None:
    """So many articles in a file, each about another subject and of another day than those around it."""
    with path.open("w") as file:
        for number in range(count):
            subject = f"ship{number % 97} in harbour{number % 89} with cargo{number % 83}"
            line = {
                "id": f"old-{number}",
                "title": f"The {subject}",
                "text": f"A {subject} was seen in bay{number % 79}. Its owner{number % 73} said that it had left. " * 8,
                "source": f"Outlet {number % 5}",
                "published": f"20{10 + number % 14}-{1 + number % 12:02}-{1 + number % 28:02}",
            }
            file.write(json.dumps(line) + "\n")


@contextmanager
def holding(folder: Path, count: int) -> Iterator[Newsroom]:
    """A newsroom with so many articles, which has reloaded before."""
    (folder / "seeds").mkdir(parents=True)
    write_archive(folder / "seeds" / "old.jsonl", count)
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as room:
        room.reload(at_once=True)
        reload_ten(room, folder / "seeds", "warm")
        yield room


def reload_ten(room: Newsroom, seeds: Path, name: str) -> None:
    for number in range(10):
        write(seeds, f"{name}-{number}.txt", f"{name} subject{number}", sentences=8)
    assert room.reload().added == 10


def steps_of_a_reload(folder: Path, count: int) -> tuple[int, list[str]]:
    """Steps of SQLite's machine in a reload of ten articles beside `count`, and its statements."""
    with holding(folder, count) as room:
        connection, steps, statements = room._machinery.store.connection(), 0, []

        def step() -> int:
            nonlocal steps
            steps += STEPS
            return 0

        connection.set_progress_handler(step, STEPS)
        connection.set_trace_callback(statements.append)
        reload_ten(room, folder / "seeds", "new")
        connection.set_progress_handler(None, 0)
        connection.set_trace_callback(None)
        alike = {re.sub(r"'[^']*'|\d+", "?", statement): statement for statement in statements}
        plans = [
            f"{row[3]}: {statement}"
            for statement in alike.values()
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    return steps, plans


def test_a_reload_of_ten_articles_reads_as_much_among_many_as_among_few(tmp_path: Path) -> None:
    few, _ = steps_of_a_reload(tmp_path / "few", FEW)
    many, plans = steps_of_a_reload(tmp_path / "many", MANY)
    # One number in the report counts all, in an index that lies together: 0.1 ms for a thousand articles.
    counted, grows = "COVERING INDEX article_life: SELECT count(*)", 9
    assert any(counted in plan for plan in plans)
    assert many < 1.05 * few + grows * (MANY - FEW)
    walked = [plan for plan in plans if GROWING.match(plan) and counted not in plan and SMALL not in plan]
    assert walked == []


def test_a_reload_of_ten_articles_adds_to_the_index_of_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with holding(tmp_path, FEW) as room:
        monkeypatch.setattr(lexical.LexicalIndex, "rebuild", lambda *_: pytest.fail("all words were written anew"))
        reload_ten(room, tmp_path / "seeds", "new")

"""The file that everything remembered is in: who reads it writes nothing, and waits for nobody."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator

import pytest

from bot.memory.database import Database
from retrieval.errors import StoreUnavailable
from tests.support.places import ROOT

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")


@pytest.mark.parametrize(
    "statement", ["INSERT INTO departed VALUES (7, 1.0)", "DELETE FROM guild", "CREATE TABLE x (y)"]
)
def test_who_reads_can_write_nothing(database: Database, statement: str) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"), database.reading() as connection:
        connection.execute(statement)
    with database.transaction() as connection:
        connection.execute("INSERT INTO departed VALUES (8, 1.0)")
    with database.reading() as connection:
        assert connection.execute("SELECT guild FROM departed").fetchall() == [(8,)]


def test_what_is_read_together_is_of_one_moment(database: Database) -> None:
    with database.reading() as connection:
        count = "SELECT count(*) FROM departed"
        assert connection.execute(count).fetchone() == (0,)
        with database.transaction() as writing:
            writing.execute("INSERT INTO departed VALUES (8, 1.0)")
        assert connection.execute(count).fetchone() == (0,)
    with database.reading() as connection:
        assert connection.execute(count).fetchone() == (1,)


def test_who_reads_does_not_wait_for_one_who_writes(database: Database) -> None:
    """Where several processes share what is remembered, to write takes until a database elsewhere has answered."""
    found: list[int] = []

    def read() -> None:
        with database.reading() as connection:
            found.extend(connection.execute("SELECT count(*) FROM departed").fetchone())

    with database.transaction() as connection:
        connection.execute("INSERT INTO departed VALUES (8, 1.0)")
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(60)
        assert found == [0]


def test_after_the_end_nothing_is_read(database: Database) -> None:
    database.close()
    with pytest.raises(StoreUnavailable), database.reading():
        raise AssertionError("it was begun")


def blocks(name: str) -> Iterator[tuple[str, ast.With]]:
    """Where in the bot there is a block of `Database.transaction` or `Database.reading`."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.With) and any(
                ast.unparse(item.context_expr).endswith(f"database.{name}()") for item in node.items
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_what_only_reads_asks_for_no_more() -> None:
    """A transaction that may write costs others their turn and, in a database elsewhere, the way there and back."""
    lines = dict(blocks("transaction"))
    assert len(lines) > 15
    idle = {
        where
        for where, node in lines.items()
        if not any(word in ast.unparse(node) for word in WRITING) and "_leave_out" not in ast.unparse(node)
    }
    assert not idle
    assert not {where for where, node in blocks("reading") if any(f"{word} " in ast.unparse(node) for word in WRITING)}

"""Files as versions of the program left them: `NAME_N.sql` is one of version N, written by the program of then.

Never change them. Who adds a step adds a file of the new version, too: what `sqlite3.Connection.iterdump` gives of one
that was used, and its version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

STORES = Path(__file__).parent


def versions(name: str) -> list[int]:
    """The versions of which there is a file."""
    return sorted(int(path.stem.removeprefix(f"{name}_")) for path in STORES.glob(f"{name}_*.sql"))


def restored(name: str, path: Path, replaced: Mapping[str, str] = {}) -> None:
    """Make the file `path` of the store `name`, such as "articles_1", with some texts replaced by others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        script = (STORES / f"{name}.sql").read_text(encoding="utf-8")
        for old, new in replaced.items():
            script = script.replace(old, new)
        connection.executescript(script)


def schema(connection: sqlite3.Connection) -> dict[str, Any]:
    """The tables with their columns and the indexes with what they are on, whatever made them so."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
    tables = {
        name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
        for type_, name, _ in rows
        if type_ == "table"
    }
    strict = {name: tuple(more) for _, name, _, _, *more in connection.execute("PRAGMA table_list") if name in tables}
    foreign = {
        name: sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")) for name in tables
    }
    return {
        "tables": tables,
        "strict": strict,
        "foreign": foreign,
        "indexes": {name: sql for type_, name, sql in rows if type_ == "index"},
    }


def sound(connection: sqlite3.Connection) -> bool:
    """Whether nothing in the file contradicts another part of it."""
    return (
        connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        and not connection.execute("PRAGMA foreign_key_check").fetchall()
    )

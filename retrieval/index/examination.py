"""What is wrong with a store or its index: found without changing either, so that it can be looked for at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tantivy import Index, Query

from retrieval.index.checksums import damaged_files
from retrieval.index.embed import unfit
from retrieval.index.store import LATER
from retrieval.index.stored import ARTICLE, stored_article

FEW = 5  # of many faults so many are named
CHUNK = 4096


def article_faults(connection: sqlite3.Connection) -> list[str]:
    """The articles whose stored text is not what was once written. Raises `sqlite3.Error`."""
    rows = connection.execute(f"SELECT {ARTICLE} FROM article a")
    faults = [f"the stored text of {row[2]!r} is damaged" for row in rows if stored_article(row) is None]
    return shortened(faults, "articles")


def vector_faults(connection: sqlite3.Connection) -> list[str]:
    """The passages whose vectors could not be searched. Raises `sqlite3.Error`."""
    faults: list[str] = []
    rows = connection.execute(
        "SELECT p.key, p.vector, m.dimension FROM passage p JOIN article a ON a.key = p.article"
        " JOIN model m ON m.key = p.model WHERE a.born < ?",
        (LATER - 1,),
    )
    while chunk := rows.fetchmany(CHUNK):
        for key, vector, dimension in chunk:
            if vector is None or len(vector) != 2 * dimension:
                faults.append(f"the vector of passage {key} is missing, or of another length")
            elif reason := unfit(np.frombuffer(vector, "<f2").astype(np.float32)[None, :], 1, dimension):
                faults.append(f"the vector of passage {key} cannot be searched: {reason}")
    return shortened(faults, "vectors")


def index_faults(connection: sqlite3.Connection, folder: Path) -> list[str]:
    """How the index of words in `folder` differs from the store that it was made from. Raises `sqlite3.Error`."""
    if not (folder / "meta.json").exists():
        return []
    if damaged := damaged_files(folder):
        return shortened([f"{name} has another checksum than it was written with" for name in damaged], "files")
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM generation").fetchone()
    try:
        held, keys = _indexed(folder)
    except (ValueError, OSError) as error:
        return [f"it cannot be opened ({error})"]
    if held != number:
        return [] if held is not None and held < number else [f"it is of generation {held}, the store of {number}"]
    stored = {
        key
        for (key,) in connection.execute(
            "SELECT p.key FROM passage p JOIN article a ON a.key = p.article WHERE a.born <= :number"
            " AND (a.died IS NULL OR a.died > :number)"
            " AND p.model = (SELECT model FROM generation WHERE number = :number)",
            {"number": number},
        )
    }
    if keys != stored:
        return [f"it lacks {len(stored - keys):,} passages of the store, and has {len(keys - stored):,} others"]
    return []


def _indexed(folder: Path) -> tuple[int | None, set[int]]:
    """The generation that the index holds, and the keys of its passages."""
    searcher = Index.open(str(folder)).searcher()
    marks = [address for _, address in searcher.search(Query.exists_query("generation"), 1).hits]
    held = searcher.fast_field_values("generation", marks)
    hits = searcher.search(Query.exists_query("key"), max(1, searcher.num_docs), count=False).hits
    keys = searcher.fast_field_values("key", [address for _, address in hits])
    return (int(held[0]) if held and held[0] is not None else None), {int(key) for key in keys if key is not None}


def shortened(faults: Sequence[str], what: str) -> list[str]:
    """The first of many faults, and how many there are."""
    more = len(faults) - FEW
    return [*faults[:FEW], *([f"{more:,} more {what} likewise"] if more > 0 else [])]

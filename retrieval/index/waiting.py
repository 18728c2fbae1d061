"""Articles that were read and wait for the generation that is to hold them, so that many are served slice by slice.

What a reload adds is written as born in no generation yet (`LATER`), with nothing but its text. A slice at a time is
then made ready, cut, embedded and committed. Each article is embedded once, however many slices there are, whatever
instant the process dies at, and whatever else is taken in before all are served.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from retrieval.article import Reading
from retrieval.index.sections import NEWS
from retrieval.index.sight import SECTION, Sight, listed
from retrieval.index.store import LATER, Store

SLICE = 30
"""Articles of the first slice, embedded within seconds by a slow CPU, too; it is worth no word that so few wait."""
PAIRS = 3
"""Of so many of the last slices, the quickest tells how long the others take: a bot may have been off in between."""


def in_slices(begun: Sequence[int], waiting: Sequence[int]) -> list[list[int]]:
    """What is begun with the first `SLICE` that wait, then half as many again as there are by then, to the end.

    So there are few slices, about log1.5 of all, and never are `SLICE` or fewer left to wait.
    """
    slices: list[list[int]] = []
    taken = 0
    while taken < len(waiting) or not slices:
        size = max(SLICE, taken // 2)
        if len(waiting) - taken - size <= SLICE:
            size = len(waiting) - taken
        slices.append([*([] if slices else begun), *waiting[taken : taken + size]])
        taken += size
    return slices


def slices_to_come(store: Store, number: int) -> list[list[int]]:
    """The staged versions in the slices to serve, the newest first; the first slice is of generation `number`.

    That one holds all that changes, so that no article is ever there twice or not at all: new versions, and what
    copies refer to.
    """
    rows = (
        store.connection()
        .execute(
            "SELECT a.key, a.born = :later"
            " AND a.id NOT IN (SELECT c.copy_of FROM article c WHERE c.born >= :number AND c.copy_of IS NOT NULL)"
            # Left alone, SQLite walks all articles for their order.
            " FROM article a INDEXED BY article_born WHERE a.born >= :number ORDER BY a.instant DESC NULLS LAST, a.key",
            {"number": number, "later": LATER},
        )
        .fetchall()
    )
    return in_slices([key for key, waits in rows if not waits], [key for key, waits in rows if waits])


def reading(store: Store, sight: Sight, articles: int) -> Reading | None:
    """How much of what was read for who has this `sight`, of so many `articles`, is seen; None where little is left."""
    waits = "(SELECT count(*) FROM article WHERE born = :later)"  # which is of the folder
    if sight.sections is not None and NEWS not in sight.sections:
        waits = "0"
    within = "" if sight.sections is None else f" AND {SECTION} IN ({listed(sight.sections)})"
    committed = (  # and not yet served
        "(SELECT count(*) FROM article a WHERE a.born > :generation"
        f" AND a.born <= (SELECT max(number) FROM generation){within})"
    )
    (waiting,) = (
        store.connection()
        .execute(f"SELECT {waits} + {committed}", {"generation": sight.generation, "later": LATER})
        .fetchone()
    )
    return Reading(done=articles, total=articles + waiting) if waiting > SLICE else None


def seconds_left(store: Store) -> float | None:
    """The seconds, roughly, until all that waits is served; None as long as nothing tells how fast it goes."""
    connection = store.connection()
    (waiting,) = connection.execute("SELECT count(*) FROM article WHERE born = ?", (LATER,)).fetchone()
    rows = connection.execute(
        "SELECT committed, count FROM (SELECT g.committed, g.number,"
        " (SELECT count(*) FROM article WHERE born = g.number) AS count FROM generation g"
        " WHERE g.committed > (SELECT seen FROM article WHERE born = ? LIMIT 1))"
        " WHERE count >= ? ORDER BY number DESC LIMIT ?",  # what comes between two slices is none
        (LATER, SLICE, PAIRS + 1),
    ).fetchall()
    slices = [(datetime.fromisoformat(committed), count) for committed, count in rows]
    paces = [(at - before).total_seconds() / count for (at, count), (before, _) in pairwise(slices)]
    if not waiting or not paces:
        return None
    return max(1.0, waiting * min(paces) - (datetime.now(UTC) - slices[0][0]).total_seconds())

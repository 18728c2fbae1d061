"""First readings that die: run with DATA_DIR SEEDS_DIR SLICE POINTS, prints one JSON line a death."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from retrieval.index import waiting
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import newest
from tests.support.killed_reloads import in_child, reload_and_die


def found(settings: NewsroomSettings) -> tuple[int, list[str], int]:
    """The generation that the next start serves, its articles, and how many passages were embedded by then."""
    with Newsroom.open(settings) as room:
        (vectors,) = room._machinery.store.connection().execute("SELECT count(vector) FROM passage").fetchone()
        ids = sorted(each.id for each in newest(room))
        return room._machinery.generations.current().generation.number, ids, vectors


def embedded(settings: NewsroomSettings) -> int:
    """How many passages another start still embeds."""
    with Newsroom.open(settings) as room:
        return room.reload().embedded


def main(data: Path, seeds: Path, points: int) -> None:
    settings = NewsroomSettings(data, seeds)
    _, total = in_child(lambda: reload_and_die(settings, None))
    _, (_, _, whole) = in_child(lambda: found(settings))
    for point in range(points):
        at = 1 + round(point * (total - 1) / (points - 1))
        shutil.rmtree(data)
        killed, _ = in_child(lambda at=at: reload_and_die(settings, at))
        _, (generation, served, vectors) = in_child(lambda: found(settings))
        _, rest = in_child(lambda: embedded(settings))
        _, (_, after, _) = in_child(lambda: found(settings))
        death = {"at": at, "killed": killed, "generation": generation, "served": served, "vectors": vectors}
        print(json.dumps({**death, "embedded": rest, "after": after, "whole": whole}), flush=True)


if __name__ == "__main__":
    waiting.SLICE = int(sys.argv[3])
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[4]))

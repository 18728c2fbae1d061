"""Additions that die: run with FOLDER, prints one JSON line a death. See `killed_reloads`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from retrieval.newsroom import NewsroomSettings
from retrieval.reading.arrival import Arrival
from tests.support.arrivals import ARCHIVE, LIBRARY, VINEYARD, arrival, one_state, opened, titles
from tests.support.killed_reloads import change_and_die, in_child

POINTS = 3


def main(folder: Path) -> None:
    settings = NewsroomSettings(folder / "data", folder / "seeds")
    ferry = [arrival("ferry"), arrival("aground", host="wire.example", source="Harbour Wire", title="Copy")]
    library = [arrival("library", LIBRARY, title="Library")]
    # It comes by another way than what the dead process was told of.
    elsewhere = [arrival("ferry", origin=ARCHIVE)]

    def found_and_added(*batches: list[Arrival]) -> list[object]:
        """The generation that is found, and the headlines of it and after each batch."""
        with opened(folder) as room:
            told: list[object] = [room.status().generation, titles(room)]
            for batch in batches:
                room.add(batch)
                one_state(room)
                told.append(titles(room))
            return told

    in_child(lambda: found_and_added([arrival("grapes", VINEYARD, title="Frost")]))
    shutil.copytree(folder / "data", folder / "before")
    killed, total = in_child(lambda: change_and_die(settings, None, lambda room, report: room.add(ferry, report)))
    assert not killed
    for point in range(POINTS):
        at = total if point == POINTS - 1 else round((point + 1) * total / POINTS)
        shutil.rmtree(folder / "data")
        shutil.copytree(folder / "before", folder / "data")
        killed, _ = in_child(lambda at=at: change_and_die(settings, at, lambda room, report: room.add(ferry, report)))
        assert killed
        _, told = in_child(lambda: found_and_added(library, elsewhere))
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

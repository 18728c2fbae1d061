"""Reloads that die: run with DATA_DIR SEEDS_DIR POINTS, prints one JSON line a death.

Each reload runs in a forked child that kills itself with SIGKILL at the n-th step, a step being an SQL statement or a
call of the progress callback.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from retrieval.article import Tell
from retrieval.index import connections, loading
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.text.shingles import bands
from tests.support.arrivals import newest

bands("word " * 60)  # what is imported only for a first reading is imported here, once, and not in each child
steps = 0


def step_and_die(at: int | None) -> None:
    global steps
    steps += 1
    if steps == at:
        os.kill(os.getpid(), signal.SIGKILL)


def reload_and_die(settings: NewsroomSettings, at: int | None) -> int:
    """Reload, dying at step `at` (None: not at all); returns the number of steps of a whole reload."""
    return change_and_die(settings, at, lambda room, report: room.reload(report))


def change_and_die(settings: NewsroomSettings, at: int | None, change: Callable[[Newsroom, Tell], object]) -> int:
    """As `reload_and_die`, for any change."""

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = sqlite3.connect(*args, **kwargs)
        connection.set_trace_callback(lambda _: step_and_die(at))
        return connection

    def counted(entries: Callable[..., Iterator[object]]) -> Callable[..., Iterator[Any]]:
        def each(*args: Any) -> Iterator[object]:
            for entry in entries(*args):
                step_and_die(at)
                yield entry

        return each

    class Traced:
        """The sqlite3 module with connections that count their statements."""

        def __getattr__(self, name: str) -> Any:
            return connect if name == "connect" else getattr(sqlite3, name)

    with Newsroom.open(settings) as room:
        room._machinery.store._connections._local.__dict__.clear()  # connections made from here on are counted
        connections.sqlite3 = Traced()  # type: ignore[assignment]
        loading._entries = counted(loading._entries)  # and every passage on its way into tantivy
        change(room, lambda _: step_and_die(at))
        step_and_die(at)
    return steps


def in_child(work: Callable[[], object]) -> tuple[bool, Any]:
    """Whether a forked child was killed while it did `work`, and what that returned when it was not.

    All work is done in children: a process whose libraries have started threads cannot be forked safely.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, json.dumps(work()).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as told:
        text = told.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed; see stderr"
    return os.WIFSIGNALED(status), json.loads(text) if text else None


def state(settings: NewsroomSettings) -> dict[str, object]:
    """What the next start serves: read without a reload."""
    with Newsroom.open(settings) as room:
        index = room._machinery.generations.current()
        words = index.lexical.search(["alpha", "beta"], 1_000)
        bodies = sorted(each.body[:30] for each in newest(room))
        return {
            "generation": index.generation.number,
            "articles": index.articles,
            "dense": sorted(index.dense.keys[index.dense.alive].tolist()) == sorted(key for key, _ in words),
            "bodies": bodies,
        }


def main(data: Path, seeds: Path, points: int) -> None:
    settings = NewsroomSettings(data, seeds)
    before = data.with_name("before")
    shutil.copytree(data, before)
    killed, total = in_child(lambda: reload_and_die(settings, None))
    assert not killed
    print(json.dumps({"whole": in_child(lambda: state(settings))[1], "steps": total}), flush=True)
    for point in range(points):
        at = 1 + round(point * (total - 1) / (points - 1))
        shutil.rmtree(data)
        shutil.copytree(before, data)
        killed, _ = in_child(lambda at=at: reload_and_die(settings, at))
        _, found = in_child(lambda: state(settings))
        in_child(lambda: reload_and_die(settings, None))
        _, after = in_child(lambda: state(settings))
        print(json.dumps({"at": at, "killed": killed, "found": found, "after": after}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

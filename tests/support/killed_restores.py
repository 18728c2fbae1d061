"""Restores that die: run with DATA_DIR BACKUP POINTS, prints one JSON line a death.

Each restore runs in a forked child that kills itself with SIGKILL at the n-th step, a step being a call of the system
that Python tells of: a file is opened, made, renamed or removed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from bot.upkeep.restoring import restore_backup
from retrieval.index.data_folder import RESTORED
from tests.support.data_folders import state
from tests.support.killed_reloads import in_child

STEPS = ("open", "os.", "shutil.", "sqlite3.connect")


def restore_and_die(data_dir: Path, backup: Path, at: int | None) -> tuple[int, int]:
    """Restore, dying at step `at` (None: not at all); the steps of a whole restore, until it counts and to its end."""
    steps, counts = 0, 0

    def step(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps, counts
        if event.startswith(STEPS) and any(str(data_dir) in str(each) for each in arguments):
            steps += 1
            if event == "os.rename" and arguments[1] == str(data_dir / RESTORED):
                counts = steps
            if steps == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    restore_backup(data_dir, backup)
    return counts, steps


def main(data_dir: Path, backup: Path, points: int) -> None:
    """Die at so many steps up to that with which the restored state counts, and at so many of those behind it."""
    before = data_dir.with_name("before")
    shutil.copytree(data_dir, before)
    killed, (counts, total) = in_child(lambda: restore_and_die(data_dir, backup, None))
    assert not killed
    print(json.dumps({"whole": in_child(lambda: state(data_dir))[1]}), flush=True)
    spread = [point / (points - 1) for point in range(points)]
    steps = [1 + round((counts - 1) * share) for share in spread]
    steps += [counts + 1 + round((total - counts - 1) * share) for share in spread]
    for at in steps:
        shutil.rmtree(data_dir)
        shutil.copytree(before, data_dir)
        killed, _ = in_child(lambda at=at: restore_and_die(data_dir, backup, at))
        _, found = in_child(lambda: state(data_dir))
        after = None
        if at == total:
            in_child(lambda: restore_and_die(data_dir, backup, None))
            _, after = in_child(lambda: state(data_dir))
        left = sorted(path.name for path in data_dir.glob("restor*") if at > counts)
        print(json.dumps({"at": at, "killed": killed, "found": found, "after": after, "left": left}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

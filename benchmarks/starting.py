"""How long commands take that only read, from the start of their process to its end, and what bare Python takes.

    python -m benchmarks.starting DATA_DIR [--rounds 5]

The folder, which has to hold articles, is copied first. Of the seconds by the clock and of those that the processor
computed the median is told, and of the memory the most.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

QUOTEWIRE = ("-m", "bot")


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took: seconds by the clock, seconds of the processor, and megabytes at most."""

    seconds: float
    computed: float
    megabytes: float


def run(arguments: Sequence[str]) -> Run:
    """Python with these arguments, to its end. Raises `SystemExit` with what it said where it failed."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (this very program)
        [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} failed: {said.decode(errors='replace')}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def commands() -> list[tuple[str, ...]]:
    """The commands that only read, and what Python itself takes, with a story and an article that there is."""
    latest = [sys.executable, *QUOTEWIRE, "latest", "--json"]
    told = subprocess.run(latest, check=True, capture_output=True, text=True)  # noqa: S603 (this very program)
    story = json.loads(told.stdout)["stories"][0]
    lines = ["--help", "status", "feeds list", "latest", f"story {story['id']}"]
    history = (*QUOTEWIRE, "history", story["articles"][0]["id"])
    return [("-c", "pass"), *((*QUOTEWIRE, *line.split()) for line in lines), history]


def measure(rounds: int) -> None:
    """Print what each takes; in turns, so that what else the machine does falls on all of them."""
    each: dict[tuple[str, ...], list[Run]] = {arguments: [] for arguments in commands()}
    for _ in range(rounds):
        for arguments, runs in each.items():
            runs.append(run(arguments))
    print("| command | seconds | computed | MB |\n|---|---|---|---|")
    for arguments, runs in each.items():
        name = "python -c pass" if arguments == ("-c", "pass") else f"quotewire {' '.join(arguments[2:])}"
        seconds = statistics.median(one.seconds for one in runs)
        computed = statistics.median(one.computed for one in runs)
        print(f"| `{name[:40]}` | {seconds:.2f} | {computed:.2f} | {max(one.megabytes for one in runs):.0f} |")


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(given.data, Path(folder) / "data")
        os.environ["DATA_DIR"] = str(Path(folder) / "data")
        measure(given.rounds)


if __name__ == "__main__":
    main()

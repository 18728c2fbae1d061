"""How long a question takes where processes share a PostgreSQL, beside SQLite; and how many are answered by 1, 2 and 3.

    python -m benchmarks.cluster.reading --data DATA_DIR --ask QUESTIONS.jsonl [--count 200] [--seconds 20]
        [--processes 3] [--bag-of-words]

`DATA_DIR` is copied, and the copy brought to a PostgreSQL that is started for this (`quotewire migrate`), so that it is
left as it is. One process on SQLite and one that follows are asked the same questions by turns, with one thread, so
that what else the machine does falls on both. Then so many processes at once answer as many questions as they can.
Each starts with nothing on its disk: how long it takes until it answers is told, too.
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
from pathlib import Path
from typing import Any

from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.places import ROOT
from tests.support.postgres import Servers

WARMING = 20


class Process:
    """A process of `asking.py`."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- this interpreter
            [sys.executable, "-m", "benchmarks.cluster.asking", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            text=True,
        )
        self.ready: float = self.read()["ready"]

    def tell(self, **told: object) -> None:
        """Have it do something."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """What it says of it."""
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=60)


def migrated(data: Path, url: str, environment: dict[str, str]) -> float:
    """Have PostgreSQL hold what a data folder does; how many seconds it took."""
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 -- this interpreter
        [sys.executable, "-m", "bot", "migrate", "--to", url],
        check=True,
        cwd=data,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment, "DATA_DIR": str(data)},
    )
    return time.perf_counter() - began


def by_turns(askers: dict[str, Process], questions: Sequence[str]) -> str:
    """Medians, and the ratio of what a question takes."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in askers}
    for question in questions:
        for name, asker in askers.items():
            asker.tell(question=question)
            found[name].append(asker.read())
    counted = {name: each[WARMING:] for name, each in found.items()}
    lines = [f"{len(counted['SQLite'])} questions by turns; ms, median / 95th percentile"]
    for name, each in counted.items():
        parts = {part: [1000 * one[part] for one in each] for part in ("answer", "keep")}
        parts["both"] = [a + b for a, b in zip(parts["answer"], parts["keep"], strict=True)]
        lines.append(f"  {name}: " + ", ".join(f"{part} {_described(values)}" for part, values in parts.items()))
    pairs = list(zip(counted["shared"], counted["SQLite"], strict=True))
    for part in (("answer",), ("answer", "keep")):
        ratios = [sum(shared[each] for each in part) / sum(plain[each] for each in part) for shared, plain in pairs]
        lines.append(f"  ratio of {' and '.join(part)}: {statistics.median(ratios):.2f} (median)")
    alike = sum(shared["said"] == plain["said"] for shared, plain in pairs)
    return "\n".join([*lines, f"  the same quotes: {alike} of {len(pairs)}"])


def _described(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f} / {statistics.quantiles(values, n=20)[-1]:.1f}"


def at_once(askers: Sequence[Process], questions: Sequence[str], seconds: float) -> float:
    """How many questions a second all of them answer."""
    for number, asker in enumerate(askers):
        asker.tell(questions=[*questions[number:], *questions[:number]], seconds=seconds)
    return sum(asker.read()["count"] for asker in askers) / seconds


def measured(given: argparse.Namespace, folder: Path, servers: Servers) -> None:
    """Print what is measured."""
    lines = given.ask.read_text(encoding="utf-8").splitlines()[: given.count + WARMING]
    questions = [json.loads(line)["question"] for line in lines]
    environment = {BAG_OF_WORDS: str(folder)} if given.bag_of_words else {}
    for name in ("plain", "moved"):
        shutil.copytree(given.data, folder / name)
    server = servers.start(sync=True, settings={"shared_buffers": "256MB", "max_wal_size": "4GB"})
    url = server.create_database("quotewire")
    print(f"migrated in {migrated(folder / 'moved', url, environment):.0f} s")
    shared = {**environment, "DATABASE_URL": url}
    one_core = {"OMP_NUM_THREADS": "1"}
    askers = {
        "SQLite": Process(folder / "plain", {**environment, **one_core}),
        "shared": Process(folder / "host-0", {**shared, **one_core}),
    }
    print(f"a process with nothing on its disk answered after {askers['shared'].ready:.1f} s")
    print(by_turns(askers, questions), flush=True)
    for asker in askers.values():
        asker.close()
    running: list[Process] = []
    for number in range(given.processes):
        running.append(Process(folder / f"host-{number}", shared))
        rate = at_once(running, questions, given.seconds)
        print(f"{len(running)} processes on {os.cpu_count()} cores: {rate:.1f} questions a second", flush=True)
    for asker in running:
        asker.close()


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ask", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--bag-of-words", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Servers() as servers:
        measured(given, Path(folder), servers)


if __name__ == "__main__":
    main()

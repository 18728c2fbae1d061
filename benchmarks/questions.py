"""How long a question takes, step by step, beside another checkout of the project.

    python -m benchmarks.questions --data DATA_DIR --ask QUESTIONS.jsonl [--against CHECKOUT [--data-before DATA_DIR]]
        [--count 200] [--cores 1] [--as-of] [--bag-of-words] [--at-once 64]

Each checkout has a process of its own, on the same cores, and both are asked the same questions by turns, so that what
else the machine does falls on both. Every question is asked once: what is remembered of it helps nobody. The first
`WARMING` are not counted. `--as-of` asks each as of its date; `--bag-of-words` is for a data folder that was made with
the stand-in of the tests. "embedding" is the question's, "rest" is all else, and "processor" what of that this process
computes: where the machine has other work, less of that falls on it. `--at-once` has so many more questions asked one
after another, and as many others by as many threads. Data folders are copied; where the other checkout cannot read what
this one writes, it has one of its own with the same articles (`--data-before`).
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
WARMING = 30
PARTS = ("total", "embedding", "rest", "processor")

# Runs in either checkout, so it may use only what both have.
ASKING = """
import gc, json, os, sys, time
from concurrent.futures import ThreadPoolExecutor
gc.set_threshold(10_000, 10, 10)  # as the bot does
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[2])])  # before libraries count cores
from datetime import datetime
from pathlib import Path
if os.environ.get("BAG_OF_WORDS"):
    from retrieval.index.embed import Embedder
    from tests.support.bag_of_words import IN_PLACE
    for name, stand_in in IN_PLACE.items():
        setattr(Embedder, name, stand_in)
from retrieval.newsroom import Newsroom, NewsroomSettings
began = time.perf_counter()
folder = Path(sys.argv[1])
with Newsroom.open(NewsroomSettings(data_dir=folder, seeds_dir=folder)) as room:
    room.warm_up()
    gc.collect()
    gc.freeze()  # as the bot does once it is warm
    print(json.dumps({"ready": time.perf_counter() - began}), flush=True)
    def timed(asked, threads):
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(room.ask, asked))
        return time.perf_counter() - began
    for line in sys.stdin:
        asked = json.loads(line)
        if "beside" in asked:
            took = [timed(asked["after"], 1), timed(asked["beside"], len(asked["beside"]))]
            print(json.dumps(took), flush=True)
            continue
        as_of = datetime.fromisoformat(asked["as_of"]) if asked["as_of"] else None
        reader = room.edition(asked["reader"]) if asked.get("reader") else room
        start = time.perf_counter()
        room.corpus().embedder.embed_question(asked["question"])
        embedded, computed = time.perf_counter(), time.process_time()
        answer = reader.ask(asked["question"], as_of=as_of)
        end, computed = time.perf_counter(), time.process_time() - computed
        said = [[quote.article.id, quote.start, quote.end, quote.link] for quote in answer.quotes]
        resident = int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) / 1024
        print(json.dumps({"embedding": embedded - start, "rest": end - embedded, "processor": computed,
                          "said": said, "confidence": round(answer.confidence, 3), "resident": resident}), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that one question took, the quotes, how sure they make, and MB resident after it."""

    embedding: float
    rest: float
    processor: float
    said: list
    confidence: float
    resident: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.embedding + self.rest


class Asker:
    """A checkout's process, which answers one question after another from a data folder."""

    def __init__(self, checkout: Path, folder: Path, *, cores: int, bag_of_words: bool) -> None:
        environment = {**os.environ, "PYTHONPATH": str(checkout), "OMP_NUM_THREADS": str(cores)}
        if bag_of_words:
            environment["BAG_OF_WORDS"] = __file__
        self._process = subprocess.Popen(  # noqa: S603 -- this interpreter
            [sys.executable, "-c", ASKING, str(folder), str(cores)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=checkout,
            env=environment,
            text=True,
        )
        self.ready: float = self._read()["ready"]

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def ask(self, question: str, as_of: str | None, reader: str | None = None) -> Timing:
        """One question, timed; on behalf of a reader, where the checkout knows of such."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"question": question, "as_of": as_of, "reader": reader}) + "\n")
        self._process.stdin.flush()
        read = self._read()
        embedding, rest, processor = (1000 * read[part] for part in ("embedding", "rest", "processor"))
        return Timing(embedding, rest, processor, read["said"], read["confidence"], read["resident"])

    def ask_many(self, after: Sequence[str], beside: Sequence[str]) -> tuple[float, float]:
        """Seconds that questions take one after another, and that others take at once."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"after": after, "beside": beside}) + "\n")
        self._process.stdin.flush()
        one_by_one, at_once = self._read()
        return one_by_one, at_once

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)


def described(timings: Sequence[Timing], part: str) -> str:
    """Median and 95th percentile of a part of the time."""
    values = [getattr(timing, part) for timing in timings]
    return f"{statistics.median(values):.1f} / {statistics.quantiles(values, n=20)[-1]:.1f}"


def main() -> None:
    """Ask all by turns, and print medians, percentiles and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ask", type=Path, required=True)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--data-before", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--as-of", action="store_true")
    parser.add_argument("--bag-of-words", action="store_true")
    parser.add_argument("--at-once", type=int, default=0)
    options = parser.parse_args()
    labelled = [json.loads(line) for line in options.ask.read_text(encoding="utf-8").splitlines()]
    asked, more = (
        labelled[: options.count + WARMING],
        [each["question"] for each in labelled[options.count + WARMING :]],
    )
    checkouts = {"now": (HERE, options.data)}
    if options.against:
        checkouts["before"] = options.against.resolve(), options.data_before or options.data
    with tempfile.TemporaryDirectory() as temporary:
        askers: dict[str, Asker] = {}
        for name, (checkout, data) in checkouts.items():
            folder = Path(temporary) / name
            # A migration of the one is not the other's.
            shutil.copytree(data, folder)
            askers[name] = Asker(checkout, folder, cores=options.cores, bag_of_words=options.bag_of_words)
        timings: dict[str, list[Timing]] = {name: [] for name in askers}
        for each in asked:
            for name, asker in askers.items():
                timings[name].append(asker.ask(each["question"], each.get("as_of") if options.as_of else None))
        if many := options.at_once:
            for name, asker in askers.items():
                after, beside = asker.ask_many(more[:many], more[many : 2 * many])
                print(f"{name:>7}: {many / after:.1f} a second one after another, {many / beside:.1f} at once")
        for asker in askers.values():
            asker.close()
    report(timings, askers)


def report(timings: dict[str, list[Timing]], askers: dict[str, Asker]) -> None:
    """A table of what was measured."""
    counted = {name: found[WARMING:] for name, found in timings.items()}
    print(f"{len(counted['now'])} questions; ms, median / 95th percentile")
    for name, found in counted.items():
        parts = ", ".join(f"{part} {described(found, part)}" for part in PARTS)
        print(f"{name:>7}: {parts}; ready in {askers[name].ready:.1f} s; {found[-1].resident:.0f} MB")
    if "before" in counted:
        pairs = list(zip(counted["now"], counted["before"], strict=True))
        for part in PARTS:
            ratios = [getattr(now, part) / getattr(before, part) for now, before in pairs]
            print(f"  ratio: {part} {statistics.median(ratios):.2f}")
        alike = sum(now.said == before.said for now, before in pairs)
        most = max(abs(now.confidence - before.confidence) for now, before in pairs)
        print(f"the same quotes: {alike} of {len(pairs)}; confidence apart by at most {most:.3f}")


if __name__ == "__main__":
    main()

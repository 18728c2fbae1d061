"""What it costs that each server has an edition of its own: the time of a question and memory, beside one collection.

    python -m benchmarks.editions CORPUS QUESTIONS [--against CHECKOUT] [--servers 200] [--feeds 30] [--of 300]
        [--count 200]

The articles of the corpus are dealt out to feeds, and each server reads some of these, the popular ones more often. The
same questions are asked by turns of a newsroom that has the same articles in one collection (of the other checkout,
where one is named), of the servers in turn, and of a server that reads every feed and so sees as much as the one
collection. The stand-in of the tests takes the place of the embedding model, which takes as long in all of them: so
differences show more than they would with it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.questions import HERE, WARMING, Asker, Timing, described

EVERYTHING = "reads everything"

# Runs in either checkout, so it may use only what both have; editions it is told to make only in this one.
MAKING = """
import itertools, json, sys
from dataclasses import replace
from pathlib import Path
from retrieval.index.embed import Embedder
from tests.support.bag_of_words import IN_PLACE
for name, stand_in in IN_PLACE.items():
    setattr(Embedder, name, stand_in)
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.files import read_files
from retrieval.reading.arrival import Arrival
folder, corpus, plan = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
with Newsroom.open(NewsroomSettings(data_dir=folder, seeds_dir=folder)) as room:
    if not plan:
        print(room.add_files([corpus]).added)
        sys.exit()
    from retrieval.index.sections import open_section, read
    with room._machinery.store.transaction() as connection:
        numbers = [open_section(connection, f"/feed/https://feeds.example/{each}") for each in range(plan["of"])]
        for reader, feeds in plan["reads"].items():
            for feed in feeds:
                read(connection, reader, numbers[feed], 0)
    arrivals = (each for each in read_files([corpus], lambda _: None) if isinstance(each, Arrival))
    dealt = zip(arrivals, itertools.cycle(plan["dealt"]))
    print(room.add(
        replace(each, section=numbers[feed], origin=f"/feed/https://feeds.example/{feed}") for each, feed in dealt
    ).added)
"""


def make(checkout: Path, folder: Path, corpus: Path, plan: dict[str, object]) -> None:
    """Have a checkout take the corpus into a data folder: into one collection, or dealt out by a plan."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "BAG_OF_WORDS": __file__}
    command = [sys.executable, "-c", MAKING, str(folder), str(corpus), json.dumps(plan)]
    done = subprocess.run(command, check=True, cwd=checkout, env=environment, capture_output=True, text=True)  # noqa: S603
    print(f"{folder.name}: {done.stdout.strip()} articles")


def planned(servers: int, feeds: int, of: int, chance: random.Random) -> dict[str, object]:
    """Which feed each article comes by, and which feeds each server reads: the n-th most popular by 1/n."""
    popular = [1 / (number + 1) for number in range(of)]
    reads: dict[str, list[int]] = {EVERYTHING: list(range(of))}
    for server in range(servers):
        chosen: set[int] = set()
        while len(chosen) < feeds:
            chosen.update(chance.choices(range(of), popular, k=feeds - len(chosen)))
        reads[f"server {server}"] = sorted(chosen)
    return {"of": of, "reads": reads, "dealt": chance.choices(range(of), popular, k=9973)}


def main() -> None:
    """Make both newsrooms, ask by turns, and print medians, percentiles and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--against", type=Path, default=HERE)
    parser.add_argument("--servers", type=int, default=200)
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--of", type=int, default=300)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    asked = [json.loads(line)["question"] for line in options.questions.read_text(encoding="utf-8").splitlines()]
    asked = (asked * (1 + (options.count + WARMING) // len(asked)))[: options.count + WARMING]
    plan = planned(options.servers, options.feeds, options.of, random.Random(1))  # noqa: S311 -- nothing secret
    with tempfile.TemporaryDirectory() as temporary:
        one, many = Path(temporary) / "one collection", Path(temporary) / "editions"
        make(options.against.resolve(), one, options.corpus.resolve(), {})
        make(HERE, many, options.corpus.resolve(), plan)
        alone = Asker(options.against.resolve(), one, cores=1, bag_of_words=True)
        beside = Asker(HERE, many, cores=1, bag_of_words=True)
        timings: dict[str, list[Timing]] = {"one collection": [], "a server of many": [], "reads everything": []}
        for number, question in enumerate(asked):
            timings["one collection"].append(alone.ask(question, None))
            timings["a server of many"].append(beside.ask(question, None, f"server {number % options.servers}"))
            timings["reads everything"].append(beside.ask(question, None, EVERYTHING))
        for asker in (alone, beside):
            asker.close()
    report(timings)


def report(timings: Mapping[str, Sequence[Timing]]) -> None:
    """A table of what was measured."""
    counted = {name: found[WARMING:] for name, found in timings.items()}
    alone = counted["one collection"]
    print(f"{len(alone)} questions; all but the embedding in ms, median / 95th percentile; resident memory")
    for name, found in counted.items():
        times = statistics.median(each.rest / before.rest for each, before in zip(found, alone, strict=True))
        memory = found[-1].resident / alone[-1].resident
        print(f"{name:>17}: {described(found, 'rest')}, {times:.2f} x; {found[-1].resident:.0f} MB, {memory:.2f} x")


if __name__ == "__main__":
    main()

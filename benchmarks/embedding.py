"""How quick the embedding model is, as sentence-transformers computes it and converted, and how alike both are.

    taskset -c 0 python -m benchmarks.embedding --corpus FILE.jsonl [--passages 384] [--precision float32] [--rounds 5]

Either is in a process of its own, as a start finds it: the time is told from the start of the process to the first
question, the memory once it is answered, and once all passages are embedded. They take turns, so that what else the
machine does is borne by both. Of several rounds the median counts. How much it computes in, cores included, is the
environment's affair. The exit code is 1 where fewer than `SHARED` of the ten nearest passages are the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.article import Article
from retrieval.index.embed import Embedder, Vectors, embedded_text
from retrieval.index.precision import PRECISION, PRECISIONS, precision
from retrieval.reading.sources.archive import read_archive
from retrieval.text.sentences import passage_spans, sentence_spans

NEAREST = 10
SHARED = 0.99
QUESTIONS = 20
AT_ONCE = 64
ASKED = "What did the minister say about the {} last week?"
THINGS = "harbour library budget ferry harvest bridge hospital school railway court election strike museum".split()


def passages_of(corpus: Path, count: int) -> list[str]:
    """What the model sees of `count` passages, from articles all over the corpus."""
    articles = [each for each in read_archive(corpus, corpus.name) if isinstance(each, Article)]
    embedder, texts = Embedder(), list[str]()
    for article in articles[:: max(1, len(articles) // count)]:
        headline = embedder.headline(article.title)
        limit = embedder.token_limit - embedder.count_tokens([embedded_text(headline, "")])[0]
        spans = passage_spans(article.body, sentence_spans(article.body), embedder.count_tokens, limit)
        texts += [embedded_text(headline, article.body[start:end]) for start, end in spans]
        if len(texts) >= count:
            break
    return texts[:count]


def memory() -> float:
    """Megabytes that this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds, by the clock, that passages, one question (the median of many) and many at once took, processor seconds
    of the passages, and the passages' vectors."""

    passages: float
    processor: float
    question: float
    at_once: float
    vectors: Vectors


def one_round(embedder: Embedder, texts: Sequence[str], number: int) -> Round:
    """One round of all that is measured."""
    model = embedder.load()
    began, computing = time.perf_counter(), time.process_time()
    vectors = embedder.embed_passages(texts)
    passages, processor = time.perf_counter() - began, time.process_time() - computing
    seconds: list[float] = []
    for asked in range(QUESTIONS):
        began = time.perf_counter()
        embedder.embed_question(f"{ASKED.format(THINGS[asked % len(THINGS)])} {number} {asked}")
        seconds.append(time.perf_counter() - began)
    many = [f"{ASKED.format(THINGS[asked % len(THINGS)])} {asked}" for asked in range(AT_ONCE)]
    began = time.perf_counter()
    model.questions(many)
    at_once = time.perf_counter() - began
    return Round(
        passages=passages, processor=processor, question=statistics.median(seconds), at_once=at_once, vectors=vectors
    )


def serve(connection: Connection, folder: Path | None, began: float) -> None:
    """Load the model, kept in `folder` if one is given, and do what the other end asks for."""
    embedder = Embedder(None, folder)
    embedder.embed_question("What happened?")
    connection.send((time.time() - began, memory(), embedder.load().runtime))
    while (asked := connection.recv()) is not None:
        connection.send(one_round(embedder, *asked))
        connection.send(memory())


def told(name: str, start: tuple[float, float, str], rounds: Sequence[Round], after: float, count: int) -> str:
    """A line of the table."""
    seconds, before, runtime = start
    speed = count / statistics.median(each.passages for each in rounds)
    processor = count / statistics.median(each.processor for each in rounds)
    question = statistics.median(each.question for each in rounds) * 1e3
    at_once = statistics.median(each.at_once for each in rounds) * 1e3
    return (
        f"{name:10} {runtime:9} {speed:10.1f} {processor:12.1f} {question:9.1f} {at_once:9.0f} {seconds:9.1f} "
        f"{before:9.0f} {after:9.0f}"
    )


def shared(ours: Vectors, theirs: Vectors) -> float:
    """The share (0..1) of the `NEAREST` passages of each passage that are the same by either's vectors."""

    def nearest(vectors: Vectors) -> np.ndarray:
        likeness = vectors.astype(np.float32) @ vectors.astype(np.float32).T
        np.fill_diagonal(likeness, -np.inf)
        return np.argpartition(-likeness, NEAREST, axis=1)[:, :NEAREST]

    pairs = zip(nearest(ours), nearest(theirs), strict=True)
    return statistics.fmean(len(set(a) & set(b)) / NEAREST for a, b in pairs)


def measure(texts: Sequence[str], rounds: int, folder: Path) -> float:
    """Print what both take; returns the share of nearest passages that are the same."""
    context = multiprocessing.get_context("spawn")
    ends: dict[str, Any] = {}
    starts: dict[str, tuple[float, float, str]] = {}
    for name, kept in (("first", folder), ("reference", None), ("converted", folder)):
        ours, theirs = context.Pipe()
        context.Process(target=serve, args=(theirs, kept, time.time()), daemon=True).start()
        ends[name], starts[name] = ours, ours.recv()
    ends.pop("first").send(None)  # the start that converts
    found: dict[str, list[Round]] = {name: [] for name in ends}
    after: dict[str, float] = {}
    for number in range(rounds + 1):  # of which the first warms up
        for name, end in ends.items():
            end.send((texts, number))
            found[name].append(end.recv())
            after[name] = end.recv()
    for end in ends.values():
        end.send(None)
    print(f"{len(texts)} passages, {precision()}, {len(os.sched_getaffinity(0))} cores, medians of {rounds} rounds")
    print("                     passages/s  by processor  question  64 at once   start s   MB then  MB at end")
    for name in ends:
        print(told(name, starts[name], found[name][1:], after[name], len(texts)))
    ratio = [
        slow.passages / quick.passages
        for slow, quick in zip(found["reference"][1:], found["converted"][1:], strict=True)
    ]
    spent = [
        slow.processor / quick.processor
        for slow, quick in zip(found["reference"][1:], found["converted"][1:], strict=True)
    ]
    print(f"passages: {statistics.median(ratio):.2f} times as many, {statistics.median(spent):.2f} by processor time")
    seconds, megabytes, runtime = starts["first"]
    print(f"the start that converts: {seconds:.1f} s, {megabytes:.0f} MB, then {runtime}")
    same = shared(found["reference"][-1].vectors, found["converted"][-1].vectors)
    print(f"of the {NEAREST} nearest passages {same:.4f} are the same")
    return same


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="an archive in the standard format")
    parser.add_argument("--passages", type=int, default=384)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--precision", choices=PRECISIONS)
    given = parser.parse_args()
    if given.precision:
        os.environ[PRECISION] = given.precision
    texts = passages_of(given.corpus, given.passages)
    with tempfile.TemporaryDirectory() as folder:
        same = measure(texts, given.rounds, Path(folder))
    sys.exit(same < SHARED)


if __name__ == "__main__":
    main()

"""What one process measures of one data folder, as JSON on its last line.

    python benchmarks/sizes/measuring.py DATA_DIR QUESTIONS.npz ask|reload|ask-model|reload-model STARTED

Runs with any checkout's `retrieval` on the path, so it uses only what all have. `STARTED` is when the process was
started, in seconds since 1970: what is imported counts. The file has `questions` and their `vectors`. Without "-model"
these stand in for the model, and any unit vectors for those of new passages: what is measured is all but embedding.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WARMING, ASKED = 20, 100
SEARCHED = 50  # questions whose vectors are searched, and compared with all vectors one by one
BEST = 10
RELOADS, ARTICLES = 3, 10  # of each kind, and of each
QUIET = 3.0  # seconds of questions before reloads


def resident(*names: str) -> float:
    """MB of this process in memory, of the kinds that the system tells by these names."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return sum(int(told[name].split()[0]) for name in names) / 1024


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _columns(store: Any, generation: Any) -> Any:
    """The passages of a generation, whichever of the two modules tells them in this checkout."""
    if hasattr(store, "columns"):
        return store.columns(generation)
    from retrieval.index.since import columns

    return columns(store, generation)


def recall(room, vectors) -> float:
    """Of the best `BEST` by every vector of the store, how many the index finds."""
    import numpy as np

    corpus = room.corpus()
    queries = np.stack(vectors)
    best = np.full((len(queries), BEST), -np.inf)
    keys = np.zeros((len(queries), BEST), np.int64)
    for chunk in _columns(corpus.store, corpus.index.generation):
        scores = np.hstack([best, queries @ chunk.vectors.astype(np.float32).T])
        named = np.hstack([keys, np.broadcast_to(chunk.keys, (len(queries), len(chunk.keys)))])
        top = np.argpartition(-scores, BEST, axis=1)[:, :BEST]
        best, keys = np.take_along_axis(scores, top, 1), np.take_along_axis(named, top, 1)
    found = [{key for key, _ in corpus.index.dense.search(query, BEST)} for query in queries]
    return statistics.mean(len(each & set(right.tolist())) / BEST for each, right in zip(found, keys, strict=True))


def asking(room, asked: list[str], started: float) -> dict[str, object]:
    """Start, questions, memory, the search alone."""
    room.warm_up()
    ready = time.time() - started
    room.ask(asked[0])
    first = time.time() - started
    for question in asked[1:WARMING]:
        room.ask(question)
    embedded, took = [], []
    for question in asked[WARMING : WARMING + ASKED]:
        embedded.append(timed(lambda: room.corpus().embedder.embed_question(question)))  # noqa: B023 (at once)
        took.append(embedded[-1] + timed(lambda: room.ask(question)))  # noqa: B023
    memory, mapped = resident("VmRSS"), resident("RssFile")
    dense = room.corpus().index.dense
    vectors = [room.corpus().embedder.embed_question(question) for question in asked[WARMING : WARMING + SEARCHED]]
    searched = [timed(lambda: dense.search(vector, 200)) for vector in vectors]  # noqa: B023
    return {
        "ready_s": ready,
        "first_answer_s": first,
        "question_ms": statistics.median(took),
        "question_p95_ms": statistics.quantiles(took, n=20)[-1],
        "embedding_ms": statistics.median(embedded),
        "search_ms": statistics.median(searched),
        "resident_mb": memory,
        "mapped_mb": mapped,
        "recall": recall(room, vectors),
    }


def write_articles(folder: Path, room, turn: int) -> None:
    """Ten files with new articles: of those that there are, the paragraphs in another order."""
    corpus = room.corpus()
    for number, stored in enumerate(corpus.store.newest(corpus.index.sight, ARTICLES)):
        lines = [line for line in stored.article.body.splitlines() if line]
        random.Random(turn).shuffle(lines)  # noqa: S311
        text = "\n".join([f"{stored.article.title} once more {turn}", *lines])
        (folder / f"{turn}-{number}.txt").write_text(text, encoding="utf-8")


def reloading(room, folder: Path, asked: list[str], spent: list[float]) -> dict[str, object]:
    """Reloads of ten articles, without questions and with, and what questions take meanwhile."""
    room.warm_up()
    for question in asked[:WARMING]:
        room.ask(question)
    first = timed(room.reload)  # of nothing: what this looks through once
    alone, rest, beside, during, embedding = [], [], [], [], []
    for turn in range(RELOADS):
        write_articles(folder, room, turn)
        spent.clear()
        alone.append(timed(room.reload))
        embedding.append(sum(spent))
        rest.append(alone[-1] - embedding[-1])
    quiet: list[float] = []
    into, over = quiet, False

    def ask() -> None:
        for question in (f"{asked[at % len(asked)]} {at}" for at in range(10**6)):
            if over:
                return
            kept = into
            kept.append(timed(lambda: room.ask(question)))  # noqa: B023

    asker = threading.Thread(target=ask)
    asker.start()
    time.sleep(QUIET)
    for turn in range(RELOADS, 2 * RELOADS):
        write_articles(folder, room, turn)
        into = during
        beside.append(timed(room.reload))
        into = []
    over = True
    asker.join()
    return {
        "first_reload_ms": first,
        "reload_ms": statistics.median(alone),
        "reload_embedding_ms": statistics.median(embedding),
        "reload_rest_ms": statistics.median(rest),
        "reload_beside_questions_ms": statistics.median(beside),
        "question_alone_ms": statistics.median(quiet),
        "question_during_ms": statistics.median(during),
        "question_during_most_ms": max(during),
    }


def without_model(asked: list[str], vectors) -> None:
    """Have `Embedder` give questions the vectors that were made before, and passages any."""
    import numpy as np

    from retrieval.index.embed import Embedder

    made, generator = dict(zip(asked, vectors, strict=True)), np.random.default_rng(1)

    def embed_question(_: Embedder, question: str):
        return made.get(question.rsplit(" ", 1)[0], made.get(question, vectors[0]))

    def embed_passages(_: Embedder, texts: list[str]):
        some = generator.standard_normal((len(texts), vectors.shape[1]), np.float32)
        return (some / np.linalg.norm(some, axis=1, keepdims=True)).astype(np.float16)

    instead = {
        "_embed_question": embed_question,
        "embed_passages": embed_passages,
        "count_tokens": lambda _, texts: [int(1.3 * len(text.split())) for text in texts],
        "token_limit": 254,
        "dimension": vectors.shape[1],
        "load": lambda _: None,
    }
    for name, replacement in instead.items():
        setattr(Embedder, name, replacement)


def time_embedding(spent: list[float]) -> None:
    """Have `Embedder` note the milliseconds that passages take."""
    from retrieval.index.embed import Embedder

    embed = Embedder.embed_passages

    def embed_timed(self: Embedder, texts: list[str]):
        began = time.perf_counter()
        try:
            return embed(self, texts)
        finally:
            spent.append(1000 * (time.perf_counter() - began))

    Embedder.embed_passages = embed_timed  # pyright: ignore[reportAttributeAccessIssue]


def main() -> None:
    """Measure as the command line says."""
    folder, questions, what, started = sys.argv[1:]
    import numpy as np

    from retrieval.newsroom import Newsroom, NewsroomSettings

    with np.load(questions) as given:
        asked, vectors = given["questions"].tolist(), given["vectors"]
    if not what.endswith("-model"):
        without_model(asked, vectors)
    spent: list[float] = []
    time_embedding(spent)
    with tempfile.TemporaryDirectory() as seeds:
        settings = NewsroomSettings(data_dir=Path(folder), seeds_dir=Path(seeds))
        with Newsroom.open(settings) as room:
            if what.startswith("ask"):
                found = asking(room, asked, float(started))
            else:
                found = reloading(room, Path(seeds), asked, spent)
    print(json.dumps(found))


if __name__ == "__main__":
    main()

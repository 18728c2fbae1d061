"""Quotewire beside its peers: how quickly articles become an index that can be asked, and how long one question takes.

    python -m benchmarks.peers --corpus FILE.jsonl [--articles 100] [--cores 1] [--precision float32] [--rounds 3]

Needs the extra `peers`. All compute the built-in model, which is loaded, and converted for Quotewire, before the clock
runs. Each is used as its documents say for a corpus of documents:

* Quotewire by its door (`Newsroom.add_files`, `Newsroom.search`): it also stores, recognises and links the articles;
* sentence-transformers with a flat FAISS index, and txtai as a hybrid index with content: over Quotewire's passages,
  title first, which they get for nothing: that these are cut is not counted;
* LlamaIndex as a vector index of documents with their titles, which it cuts itself, into passages of about that size.

Each run is in a process of its own on the same cores, and they take turns, so that what else the machine does is borne
by all. Of the rounds the median counts. The peers compute in float32, as they do unless they are told otherwise. The
exit code is 1 where Quotewire is fewer times as quick as `AT_LEAST` says, by processor time: by the clock, a machine
that is busy otherwise says anything.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from retrieval.article import Article
from retrieval.index.embed import Embedder, embedded_text
from retrieval.index.precision import PRECISION, PRECISIONS, Precision, precision
from retrieval.index.reference import BATCH, built_in_model
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.sources.archive import read_archive
from retrieval.text.sentences import passage_spans, sentence_spans

QUESTIONS = 20
RANKED = 10
"""Passages that a question asks for."""
WARMING = "What did the minister say about the harbour?"
CHUNK = 180
"""Tokens, as LlamaIndex counts them, of a passage with its title: so its passages hold as many words as Quotewire's."""

OURS = "Quotewire"
AT_LEAST: Mapping[Precision, Mapping[str, float]] = {
    "bfloat16": {"txtai": 2.4, "LlamaIndex": 2.8},
    "float32": {"txtai": 1.4, "LlamaIndex": 1.6},
}
"""How many times as quick as a peer Quotewire is to be, by what it computes in."""
PACKAGES = ("quotewire", "openvino", "sentence-transformers", "torch", "faiss-cpu", "txtai", "llama-index-core")
PEERS = ("txtai", "llama_index")


@dataclass(frozen=True, slots=True)
class Given:
    """What each system is given: articles in the standard format, the same as passages with their titles (a JSON list),
    questions, a folder of its own for each run, and one that holds what the model was converted to."""

    archive: Path
    passages: Path
    questions: tuple[str, ...]
    home: Path
    conversion: Path


@dataclass(frozen=True, slots=True)
class System:
    """A system whose model is loaded: `take_in` makes the articles an index and returns of how many passages, `rank`
    returns how many passages it found for a question."""

    take_in: Callable[[], int]
    rank: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: seconds by the clock and of the processor, for all articles and for one question (the median
    of many); and megabytes of memory at most, since the process began."""

    passages: int
    seconds: float
    processor: float
    question: float
    question_processor: float
    megabytes: float


@contextmanager
def quotewire(given: Given) -> Iterator[System]:
    """Quotewire, through its own door."""
    data = given.home / "data"
    if (models := given.conversion / "models").is_dir():
        shutil.copytree(models, data / "models")
    with Newsroom.open(NewsroomSettings(data, given.home / "seeds")) as room:
        room.warm_up()

        def take_in() -> int:
            report = room.add_files([given.archive])
            assert not report.failed, report.failed
            return room.status().passages

        yield System(take_in, lambda question: len(room.search(question, limit=RANKED)))


@contextmanager
def plain(given: Given) -> Iterator[System]:
    """What one writes in ten lines: sentence-transformers, and FAISS without anything that approximates."""
    import faiss
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(built_in_model()), device="cpu")
    index = faiss.IndexFlatIP(len(model.encode_query(WARMING)))

    def take_in() -> int:
        texts = json.loads(given.passages.read_text(encoding="utf-8"))
        index.add(model.encode_document(texts, batch_size=BATCH, normalize_embeddings=True))  # pyright: ignore
        return index.ntotal

    def rank(question: str) -> int:
        vector = model.encode_query([question], normalize_embeddings=True)
        return len(index.search(vector, RANKED)[1][0])  # pyright: ignore

    yield System(take_in, rank)


@contextmanager
def txtai(given: Given) -> Iterator[System]:
    """txtai as its documents begin: content stored, words and vectors."""
    embeddings: Any = import_module("txtai").Embeddings(path=str(built_in_model()), content=True, hybrid=True)
    embeddings.transform(WARMING)

    def take_in() -> int:
        embeddings.index(json.loads(given.passages.read_text(encoding="utf-8")))
        return embeddings.count()

    yield System(take_in, lambda question: len(embeddings.search(question, RANKED)))


@contextmanager
def llama_index(given: Given) -> Iterator[System]:
    """LlamaIndex as its documents begin, with passages that the model can read whole: its own hold 1,024 tokens."""
    core: Any = import_module("llama_index.core")
    splitter = import_module("llama_index.core.node_parser").SentenceSplitter(chunk_size=CHUNK, chunk_overlap=0)
    model = import_module("llama_index.embeddings.huggingface").HuggingFaceEmbedding(
        model_name=str(built_in_model()), device="cpu"
    )
    model.get_query_embedding(WARMING)
    retrievers: list[Any] = []

    def take_in() -> int:
        documents = [
            core.Document(text=each.body, metadata={"title": each.title}) for each in articles_in(given.archive)
        ]
        index = core.VectorStoreIndex.from_documents(documents, embed_model=model, transformations=[splitter])
        retrievers.append(index.as_retriever(similarity_top_k=RANKED))
        return len(index.docstore.docs)

    yield System(take_in, lambda question: len(retrievers[0].retrieve(question)))


SYSTEMS: Mapping[str, Callable[[Given], AbstractContextManager[System]]] = {
    OURS: quotewire,
    "plain": plain,
    "txtai": txtai,
    "LlamaIndex": llama_index,
}


def articles_in(archive: Path) -> list[Article]:
    """The articles of an archive."""
    return [each for each in read_archive(archive, archive.name) if isinstance(each, Article)]


def choose(corpus: Path, count: int, archive: Path) -> list[Article]:
    """Write `count` lines from all over the corpus, which is in the standard format, to `archive`; the articles there.

    All of the lines where there are fewer.
    """
    with corpus.open(encoding="utf-8") as file:
        lines = [line for line in file if line.strip()]
    archive.write_text("".join(islice(lines[:: max(1, len(lines) // count)], count)), encoding="utf-8")
    return articles_in(archive)


def cut(articles: Sequence[Article], embedder: Embedder) -> list[str]:
    """The passages that Quotewire cuts, with their titles."""
    texts: list[str] = []
    for article in articles:
        headline = embedder.headline(article.title)
        limit = embedder.token_limit - embedder.count_tokens([embedded_text(headline, "")])[0]
        spans = passage_spans(article.body, sentence_spans(article.body), embedder.count_tokens, limit)
        texts += [embedded_text(headline, article.body[start:end]) for start, end in spans]
    return texts


def memory() -> float:
    """Megabytes that this process had in memory at most."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def measured(system: System, questions: Sequence[str]) -> Run:
    """One run of a system; the first question, which may load what is left to load, is not counted."""
    began, computing = time.perf_counter(), time.process_time()
    passages = system.take_in()
    seconds, processor = time.perf_counter() - began, time.process_time() - computing
    system.rank(WARMING)
    each: list[tuple[float, float]] = []
    for question in questions:
        began, computing = time.perf_counter(), time.process_time()
        found = system.rank(question)
        each.append((time.perf_counter() - began, time.process_time() - computing))
        assert found, question
    by_the_clock, of_the_processor = map(statistics.median, zip(*each, strict=True))
    return Run(passages, seconds, processor, by_the_clock, of_the_processor, memory())


def serve(connection: Connection, name: str, given: Given) -> None:
    """One run, told to the other end."""
    with SYSTEMS[name](given) as system:
        connection.send(measured(system, given.questions))


def run(name: str, given: Given) -> Run:
    """One run in a process of its own. Ends this one where that fails, which has said why."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    given.home.mkdir()
    process = context.Process(target=serve, args=(theirs, name, given))
    process.start()
    theirs.close()
    try:
        told = ours.recv()
    except EOFError:
        sys.exit(f"{name} failed.")
    process.join()
    return told


def by_clock(one: Run) -> float:
    """Seconds for all articles, waits included."""
    return one.seconds


def by_processor(one: Run) -> float:
    """Seconds that the processor computed for all articles: much the same, however busy the machine is otherwise."""
    return one.processor


def times_as_quick(runs: Mapping[str, Sequence[Run]], name: str, took: Callable[[Run], float] = by_clock) -> float:
    """How many times as quickly as `name` Quotewire takes articles in, in the median of the rounds."""
    return statistics.median(took(theirs) / took(ours) for theirs, ours in zip(runs[name], runs[OURS], strict=True))


def table(runs: Mapping[str, Sequence[Run]], words: int) -> str:
    """What each system took for articles of `words` words, in Markdown."""
    lines = [
        "| system | passages | words/s | of the processor | one question, ms | of the processor | MB "
        "| Quotewire is as quick |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in runs.items():
        speed, processor = (statistics.median(words / took(one) for one in each) for took in (by_clock, by_processor))
        question = statistics.median(one.question for one in each) * 1e3
        computed = statistics.median(one.question_processor for one in each) * 1e3
        megabytes = max(one.megabytes for one in each)
        times = (times_as_quick(runs, name, took) for took in (by_clock, by_processor))
        beside = "" if name == OURS else "{:.2f} times, {:.2f} by processor".format(*times)
        lines.append(
            f"| {name} | {each[0].passages:,} | {speed:,.0f} | {processor:,.0f} | {question:.1f} | {computed:.1f} "
            f"| {megabytes:,.0f} | {beside} |"
        )
    return "\n".join(lines)


def fallen_short(runs: Mapping[str, Sequence[Run]], computing: Precision) -> list[str]:
    """A line for each peer that Quotewire is to be more times as quick as than it is."""
    return [
        f"{name}: {times:.2f} times as quick by processor, where at least {least} is wanted in {computing}"
        for name, least in AT_LEAST[computing].items()
        if (times := times_as_quick(runs, name, by_processor)) < least
    ]


def machine() -> str:
    """The processor, what is used of it, and the versions of all that is measured."""
    names = [line.partition(":")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    model = (names or [platform.machine()])[0].strip()
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return f"{model}, {len(os.sched_getaffinity(0))} of {os.cpu_count()} cores, Quotewire in {precision()}; {versions}"


def measure(corpus: Path, count: int, rounds: int, folder: Path) -> list[str]:
    """Print the table; returns what `fallen_short` does."""
    articles = choose(corpus, count, folder / "articles.jsonl")
    words = sum(len(each.body.split()) for each in articles)
    passages = cut(articles, Embedder(None, folder))
    (folder / "passages.json").write_text(json.dumps(passages), encoding="utf-8")
    questions = tuple(each.title for each in articles[:: max(1, len(articles) // QUESTIONS)][:QUESTIONS])
    runs: dict[str, list[Run]] = {name: [] for name in SYSTEMS}
    for number in range(rounds):
        for name in runs:
            home = folder / f"{name} {number}"
            given = Given(folder / "articles.jsonl", folder / "passages.json", questions, home, folder)
            runs[name].append(run(name, given))
            print(f"round {number + 1}, {name}: {runs[name][-1]}", file=sys.stderr, flush=True)
    print(f"{len(articles)} articles, {words:,} words; medians of {rounds} rounds\n{machine()}\n")
    print(table(runs, words))
    return fallen_short(runs, precision())


def hold_to(cores: int) -> None:
    """Keep this process, and those that it starts, to so many cores and threads, and from the hub."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    os.environ |= {"OMP_NUM_THREADS": str(cores), "HF_HUB_OFFLINE": "1"}


def arguments(line: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; ends the process where that makes no sense, or the peers are not installed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="an archive in the standard format")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", choices=PRECISIONS, help="what Quotewire computes in; without it, as it would")
    given = parser.parse_args(line)
    if min(given.articles, given.cores, given.rounds) < 1:
        parser.error("--articles, --cores and --rounds are at least 1")
    if missing := [name for name in PEERS if importlib.util.find_spec(name) is None]:
        parser.error(
            f"not installed: {', '.join(missing)}; run: pip install --constraint constraints.txt --editable '.[peers]'"
        )
    return given


def main() -> None:
    """Measure as the command line says."""
    given = arguments()
    hold_to(given.cores)
    if given.precision:
        os.environ[PRECISION] = given.precision
    with tempfile.TemporaryDirectory() as folder:
        short = measure(given.corpus, given.articles, given.rounds, Path(folder))
    print("\n".join(["", *short]) if short else "\nas quick as it is to be")
    sys.exit(bool(short))


if __name__ == "__main__":
    main()

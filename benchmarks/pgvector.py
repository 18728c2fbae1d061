"""A question by vectors in FAISS, and by those in a database: what is found, in what time and in how much memory.

    python -m benchmarks.pgvector DATA_DIR --ask QUESTIONS.jsonl [--passages 10000 50000] [--questions 100]

The folder has to hold an index; it is only read. Its vectors, and where there are too few as many more that are turned
away from them (as in `benchmarks/sizes/`), are given to both, one after the other in processes of their own; the
database is one that is started for it (`tests/support/postgres.py`). Questions are embedded by the model of the folder,
and each is asked once. Times are by the clock, of a process that does nothing else, and pairs are of FAISS and the
database.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from retrieval.evaluation.labelled import read_questions
from retrieval.index.embed import Embedder

TURNED = 0.9  # cosine of a vector that is made of another one with that
BEST = 200  # passages that a question finds by vectors
SHARES = (1.0, 0.1, 0.01)  # of the passages, at random, that a filter leaves
MEASURED = "import sys; from benchmarks.pgvector import measured; measured(*sys.argv[1:])"


def turned(vectors: np.ndarray, cosine: float, random: np.random.Generator) -> np.ndarray:
    """Vectors that have this cosine with the ones given, in a direction by chance."""
    away = random.normal(size=vectors.shape)
    away -= np.einsum("rd,rd->r", away, vectors)[:, None] * vectors
    away *= np.sqrt(1 - cosine**2) / np.linalg.norm(away, axis=1, keepdims=True)
    return cosine * vectors + away


def vectors_in(folder: Path) -> np.ndarray:
    """What `folder` has embedded by one model, each text once."""
    connection = sqlite3.connect(f"file:{folder / 'articles.sqlite3'}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT p.vector FROM passage p JOIN (SELECT model FROM generation ORDER BY number DESC LIMIT 1) g"
        " ON g.model = p.model WHERE p.vector IS NOT NULL GROUP BY p.hash ORDER BY min(p.key)"
    ).fetchall()
    dimension = len(rows[0][0]) // 2
    return np.frombuffer(b"".join(vector for (vector,) in rows), "<f2").reshape(-1, dimension).astype(np.float64)


def embedded(folder: Path, questions: list[str]) -> np.ndarray:
    """Questions as the model of the folder has them, which is the built-in one."""
    embedder = Embedder(None, folder)
    vectors = np.array([embedder.embed_question(question) for question in questions])
    embedder.close()
    return vectors


def resident() -> float:
    """Megabytes that this process has in memory and that are no file's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def measured(folder: str, url: str) -> None:
    """Write how `folder`'s questions fare with FAISS (`url` is "-") or the database, and what they find."""
    # Imported here, so that the memory is what a process of the one or the other has.
    from retrieval.replicas.shared import Shared
    from tests.support.vector_stores import VectorStore

    asked = np.load(Path(folder) / "questions.npy")
    shared = None if url == "-" else Shared(url)
    held = VectorStore(Path(folder), asked.shape[1], made=True)
    before = resident()
    began = time.perf_counter()
    index = held.index(shared.vectors if shared else None)
    told: dict[str, object] = {"loading_s": time.perf_counter() - began}
    for share in SHARES:
        allowed = np.random.default_rng(3).random(len(index.keys)) < share
        took, found = [], []
        for question in asked[:3]:
            index.search(question, BEST, allowed)
        for question in asked:
            began = time.perf_counter()
            hits = index.search(question, BEST, allowed)
            took.append(1_000 * (time.perf_counter() - began))
            found.append([key for key, _ in hits])
        told[f"{share}"] = {
            "ms": statistics.median(took),
            "p95_ms": statistics.quantiles(took, n=20)[-1],
            "found": found,
        }
    told["mb"] = resident() - before
    print(json.dumps(told))
    if shared:
        shared.close()


def in_a_process(folder: Path, url: str) -> dict:
    """What `measured` tells."""
    run = subprocess.run(  # noqa: S603 (this very program)
        [sys.executable, "-c", MEASURED, str(folder), url], check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)


def compare(vectors: np.ndarray, questions: np.ndarray) -> dict[str, object]:
    """FAISS and a database, with the same vectors and questions."""
    from retrieval.index.handing_over import hand_over
    from retrieval.replicas.shared import Shared
    from tests.support.postgres import Servers
    from tests.support.vector_stores import VectorStore, unit

    with tempfile.TemporaryDirectory() as place, Servers() as servers:
        folder = Path(place)
        np.save(folder / "questions.npy", questions)
        held = VectorStore(folder, vectors.shape[1])
        held.commit(unit(vectors))
        server = servers.start(sync=True, settings={"shared_buffers": "256MB"})
        server.add_pgvector(url := server.create_database())
        url = server.url(url.rpartition("/")[2], cuttable=False)  # past the relay, which takes time
        shared = Shared(url)
        began = time.perf_counter()
        hand_over(held.store, shared.vectors, len(vectors) + 1)
        copied = time.perf_counter()
        shared.vectors.build_index()
        built = time.perf_counter()
        held.commit(unit(turned(vectors[:1_000], TURNED, np.random.default_rng(9))))
        hand_over(held.store, shared.vectors, len(vectors) + 1)
        added = time.perf_counter()
        shared.close()
        held.store.close()
        faiss, database = in_a_process(folder, "-"), in_a_process(folder, url)
    told: dict[str, object] = {
        "passages": len(vectors),
        "copied_s": copied - began,
        "index_s": built - copied,
        "a_thousand_more_s": added - built,
        "mb": (faiss["mb"], database["mb"]),
        "loading_s": (faiss["loading_s"], database["loading_s"]),
    }
    for share in map(str, SHARES):
        right, got = faiss[share]["found"], database[share]["found"]
        told[f"of {share}"] = {
            "ms": (faiss[share]["ms"], database[share]["ms"]),
            "p95_ms": (faiss[share]["p95_ms"], database[share]["p95_ms"]),
            **{
                f"recall@{best}": statistics.mean(
                    len(set(one[:best]) & set(other[:best])) / len(one[:best])
                    for one, other in zip(right, got, strict=True)
                )
                for best in (10, BEST)
            },
        }
    return told


def main() -> None:
    """Measure each size, and write a line of JSON for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--ask", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    random = np.random.default_rng(1)
    real = vectors_in(given.data)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    questions = embedded(given.data, [each.question for each in read_questions(given.ask)][: given.questions])
    for count in given.passages:
        more = [turned(real, TURNED, random) for _ in range(count // len(real))]
        print(json.dumps(compare(np.concatenate([real, *more])[:count], questions)), flush=True)


if __name__ == "__main__":
    main()

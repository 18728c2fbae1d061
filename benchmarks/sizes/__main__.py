"""What a question, a start, a reload of ten articles and memory cost by the number of passages, and what grows.

    python -m benchmarks.sizes --data DATA_DIR --ask QUESTIONS.jsonl [--sizes 1000,10000,100000,1000000]
        [--report build/sizes] [--against CHECKOUT] [--with-model] [--kept FOLDER] [--rounds 2] [--parts ask,reload]

`--data` is a data folder with an index by the built-in model. Of each size a folder is made from it (`making.py`), by
this checkout and by the other one, and kept under `--kept` for the next time. What is measured runs on a copy, in a
process of its own for each of two parts (`measuring.py`): start and questions, and reloads with questions beside them.
Where there are two checkouts they take turns, `--rounds` times, and the medians count. The vectors of questions are
made once, before: what embedding takes is the same at any size. `--with-model` embeds all the same.

The report has the numbers as JSON, a table, and a picture; what is in it of other sizes and parts stays.
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
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
QUESTIONS = 200
PARTS = {
    "question_ms": "question, ms (median)",
    "question_p95_ms": "question, ms (95th percentile)",
    "search_ms": "of it the search by vectors, ms",
    "recall": "recall@10 of that",
    "ready_s": "start to ready, s",
    "first_answer_s": "start to first answer, s",
    "resident_mb": "resident, MB",
    "mapped_mb": "of it of files, which the system takes back, MB",
    "first_reload_ms": "first reload, of nothing, ms",
    "reload_ms": "reload of ten articles, ms",
    "reload_rest_ms": "of it all but embedding, ms",
    "question_alone_ms": "question, one after the other, ms",
    "question_during_ms": "the same during reloads, ms",
    "question_during_most_ms": "the longest of these, ms",
}
"""What is measured, in the words of the table."""
DRAWN = {
    "question_ms": "question, ms",
    "search_ms": "search by vectors alone, ms",
    "first_answer_s": "start to first answer, s",
    "resident_mb": "resident, MB",
    "reload_rest_ms": "reload of ten articles, but embedding, ms",
    "question_during_ms": "question during reloads, ms",
}

Found = Mapping[str, float]


def run(checkout: Path, script: str, *arguments: object) -> dict[str, float]:
    """A script of this folder with a checkout's packages, to its end; what its last line says."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, check=True, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


def embedded(path: Path, into: Path) -> None:
    """The questions of a labelled set with their vectors, in a file."""
    import numpy as np

    from retrieval.index.embed import Embedder

    asked = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()][:QUESTIONS]
    embedder = Embedder()
    np.savez(into, questions=np.array(asked), vectors=np.stack([embedder.embed_question(each) for each in asked]))


def measured(
    checkout: Path, made: Path, questions: Path, parts: Sequence[str], *, with_model: bool
) -> dict[str, float]:
    """What a process for each of the parts tells of a folder, of which each has a copy."""
    found: dict[str, float] = {}
    for what in parts:
        with tempfile.TemporaryDirectory(dir=made.parent) as temporary:
            folder = Path(temporary) / "data"
            shutil.copytree(made, folder)
            kind = f"{what}-model" if with_model else what
            found |= run(checkout, "measuring.py", folder, questions, kind, time.time())
    return found


def known(path: Path, checkouts: Sequence[str]) -> dict[str, dict[int, dict[str, float]]]:
    """What an earlier report says of the checkouts, by size."""
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: {int(size): each for size, each in told.get(name, {}).items()} for name in checkouts}


def median_of(rounds: Sequence[Found]) -> dict[str, float]:
    """The median of each number over the rounds."""
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def table(found: Mapping[str, Mapping[int, Found]]) -> str:
    """A row for each thing that is measured, a column for each size; with two checkouts "now / before"."""
    sizes = sorted(found["now"])
    lines = ["| passages | " + " | ".join(f"{size:,}" for size in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    for name, said in PARTS.items():
        cells = (" / ".join(number(by.get(size, {}).get(name)) for by in found.values()) for size in sizes)
        lines.append(f"| {said} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def number(value: float | None) -> str:
    """Three digits that say something."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def draw(found: Mapping[str, Mapping[int, Found]], path: Path) -> None:
    """The picture: each over the number of passages, both axes logarithmic, so that a straight line is a power."""
    from matplotlib.figure import Figure

    figure = Figure((10, 6), 110, layout="constrained")
    for place, (name, title) in enumerate(DRAWN.items(), start=1):
        axes = figure.add_subplot(2, 3, place)
        lines = [(checkout, checkout, name, {}) for checkout in found]
        if name == "question_during_ms":
            lines.append(("without a reload", "now", "question_alone_ms", {"linestyle": ":", "color": "C0"}))
        for label, checkout, what, style in lines:
            drawn = [(size, each[what]) for size, each in sorted(found[checkout].items()) if what in each]
            if drawn:  # of some parts alone, nothing is known of the others
                axes.loglog(*zip(*drawn, strict=True), marker="o", markersize=3, label=label, **style)
        axes.set(xlabel="passages", title=title)
        axes.title.set_fontsize("small")
        axes.grid(alpha=0.3)
    for axes in (figure.axes[0], figure.axes[-1]):
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize="small")
    figure.savefig(path)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ask", type=Path, required=True)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--report", type=Path, default=Path("build/sizes"))
    parser.add_argument("--kept", type=Path, default=Path("build/sizes/made"))
    parser.add_argument("--against", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--parts", default="ask,reload")
    parser.add_argument("--with-model", action="store_true")
    given = parser.parse_args()
    for folder in (given.report, given.kept):
        folder.mkdir(parents=True, exist_ok=True)
    checkouts = {"now": ROOT, **({"before": given.against.resolve()} if given.against else {})}
    questions = given.kept.resolve() / "questions.npz"
    if not questions.exists():
        embedded(given.ask, questions)
    found = known(given.report / "sizes.json", list(checkouts))
    for size in map(int, given.sizes.split(",")):
        folders = {name: given.kept.resolve() / f"{name}-{size}" for name in checkouts}
        for name, folder in folders.items():
            if not folder.exists():
                made = run(checkouts[name], "making.py", given.data.resolve(), folder, size)
                print(f"{name}: made {made}", file=sys.stderr)
        rounds: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
        for _ in range(given.rounds):
            for name, checkout in checkouts.items():
                parts = given.parts.split(",")
                told = measured(checkout, folders[name], questions, parts, with_model=given.with_model)
                rounds[name].append(told)
        for name, each in rounds.items():
            found[name][size] = found[name].get(size, {}) | median_of(each)
            print(f"{name}: {size} {found[name][size]}", file=sys.stderr)
        (given.report / "sizes.json").write_text(json.dumps(found, indent=1))
    page = table(found)
    print(page)
    (given.report / "sizes.md").write_text(page)
    draw(found, given.report / "sizes.png")


if __name__ == "__main__":
    main()

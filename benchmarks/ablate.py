"""What each part of an answer is worth: every part switched off in turn, against the whole, question by question.

    python -m benchmarks.ablate CORPUS QUESTIONS [--write PAGE.md]

Prints a table, and with --write puts it below the heading "What each part is worth" of a Markdown page.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.settings import load_settings
from retrieval.answering import choosing, pipeline, ranking
from retrieval.answering.choosing import ScoredSpan, best_first
from retrieval.answering.describing import FEATURES, describe
from retrieval.answering.spans import Findings
from retrieval.answering.understanding import Understood
from retrieval.article import EVERYTHING
from retrieval.evaluation.asking import Outcome, evaluate
from retrieval.evaluation.labelled import LabelledQuestion, read_questions
from retrieval.evaluation.measures import MEASURES, Difference, Estimate, Measure, compare, estimates, tabulate
from retrieval.evaluation.run import corpus_settings
from retrieval.index import search
from retrieval.newsroom import Newsroom

HEADING = "## What each part is worth"
SHOWN = ("hit@1", "mrr@10", "quote@1", "quote@3", "words@1", "auroc_withdrawn", "wrong@0.1_withdrawn")


@dataclass(frozen=True, slots=True)
class Part:
    """A part by what is done without it: `instead` replaces attributes, given as (module, name), by others."""

    name: str
    instead: Mapping[tuple[object, str], object]
    silence: bool = True
    """Whether what the confidence makes of it means anything: it was fitted on the scores of the fitted choice."""


def _by_passage(findings: Findings) -> list[ScoredSpan]:
    """The spans as they would be chosen without the fitted trees: good passages, and the question's words."""
    spans, rows = describe(findings)
    plain = [FEATURES.index(name) for name in ("relevance", "terms")]
    return best_first(spans, rows, rows[:, plain].sum(axis=1))


def _best_cosine(findings: Findings, ranked: Sequence[ScoredSpan]) -> float:
    return max((item.candidate.cosine or 0.0 for item in findings.evidence), default=0.0) if ranked else 0.0


PARTS = (
    Part("BM25 in the ranking", {(search, "MEANING"): 1.0}),
    Part("the embedding in the ranking", {(search, "MEANING"): 0.0}),
    Part("freshness in the ranking", {(search, "FRESHNESS"): 0.0, (ranking, "NEW"): 0.0}),
    Part("the fitted ranking", {(pipeline, "ranked"): lambda _, evidence: list(evidence)}, silence=False),
    Part("three passages an article at most", {(ranking, "OF_AN_ARTICLE"): 99}),
    Part(
        "understanding dates and outlets",
        {(pipeline, "understand"): lambda *_: Understood(EVERYTHING, past=False, of_now=False)},
    ),
    Part("the fitted choice of quotes", {(pipeline, "ranked_spans"): _by_passage}, silence=False),
    Part("the sentence that a pronoun needs", {(choosing, "_with_antecedent"): lambda span: span}),
    Part("one statement once", {(choosing, "same_statement"): lambda *_: False}),
    Part("two quotes an article at most", {(choosing, "QUOTES_AN_ARTICLE"): 99}),
    Part("no quote far behind the best", {(choosing, "WORTH_ADDING"): float("inf")}),
    Part("the fitted confidence (the best cosine)", {(pipeline, "confidence"): _best_cosine}),
)


@contextmanager
def without(part: Part) -> Iterator[None]:
    """The library with a part switched off."""
    with ExitStack() as stack:
        for (module, name), other in part.instead.items():
            stack.enter_context(patch.object(module, name, other))
        yield


def ablated(
    room: Newsroom, questions: Sequence[LabelledQuestion], tell: Callable[[str], None]
) -> tuple[list[Outcome], dict[str, list[Difference]]]:
    """The outcomes of the whole, and by part what changes without it."""
    whole = list(evaluate(room, questions))
    changes: dict[str, list[Difference]] = {}
    for part in PARTS:
        tell(f"without {part.name}")
        with without(part):
            _, differences = compare(list(evaluate(room, questions)), whole)
        changes[part.name] = [each for each in differences if each.measure.key in SHOWN]
    return whole, changes


def page(whole: Sequence[Outcome], changes: Mapping[str, Sequence[Difference]]) -> str:
    """The table in Markdown: the whole, then what changes without each part, with 95% intervals."""
    found = estimates(tabulate(whole))
    labels = [MEASURES[key].label for key in SHOWN]
    lines = [_row(["", *labels]), _row(["---", *["---:"] * len(labels)])]
    lines.append(_row(["everything on", *(_value(key, found.get(key)) for key in SHOWN)]))
    for part in PARTS:
        by_key = {each.measure.key: each for each in changes[part.name]}
        told = [key for key in SHOWN if part.silence or not key.endswith("withdrawn")]
        cells = [_change(by_key.get(key)) if key in told else "" for key in SHOWN]
        lines.append(_row([f"without {part.name}", *cells]))
    return "\n".join(lines)


def _value(key: str, found: Estimate | None) -> str:
    if found is None:
        return "–"
    scale = _scale(MEASURES[key])
    return f"**{scale * found.value:.1f}** ({scale * found.low:.1f} to {scale * found.high:.1f})"


def _change(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    scale = _scale(difference.measure)
    change = scale * (difference.now - difference.then)
    text = f"{change:+.1f} ({scale * difference.low:+.1f} to {scale * difference.high:+.1f})"
    return f"**{text}**" if difference.verdict in ("better", "worse") else text


def _scale(measure: Measure) -> int:
    return 100 if measure.form == "share" else 1


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def with_table(text: str, table: str) -> str:
    """A page with its first table below `HEADING` replaced. Raises `ValueError` when it has no such heading."""
    above, heading, below = text.partition(f"{HEADING}\n")
    if not heading:
        raise ValueError(f"the page has no heading {HEADING!r}")
    section, following, rest = below.partition("\n## ")
    kept = "\n".join(line for line in section.split("\n") if not line.startswith("|")).rstrip()
    return f"{above}{heading}{kept}\n\n{table}\n{following}{rest}"


def main(corpus: Path, questions: Path, target: Path | None) -> None:
    """Measure, print, and write the table into `target` below its heading."""
    labelled = read_questions(questions)
    if target:
        with_table(target.read_text(encoding="utf-8"), "")  # what is wrong with it is told before the long work
    with Newsroom.open(corpus_settings(load_settings().newsroom(), corpus)) as room:
        room.reload()
        table = page(*ablated(room, labelled, lambda text: print(text, file=sys.stderr)))
    print(table)
    if target:
        target.write_text(with_table(target.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--write", type=Path, metavar="PAGE.md")
    chosen = parser.parse_args()
    main(chosen.corpus, chosen.questions, chosen.write)

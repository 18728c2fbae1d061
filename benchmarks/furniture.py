"""How many quotes hold furniture or a headline: of runs of `quotewire evaluate`, before a change and after it.

    python -m benchmarks.furniture CORPUS.jsonl.gz before/run.jsonl after/run.jsonl

The rule is that of `retrieval.text.prose`: a sentence of a quote is furniture when it is one of the known lines of a
page around its text (a stamp, an advertisement, "What to know", an invitation, a credit), and a headline when it is all
of its paragraph and ends in no stop, or is a short question, in a text whose paragraphs do end in stops.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.article import Article
from retrieval.evaluation.asking import JudgedQuote, Outcome, read_run
from retrieval.reading.sources.archive import read_archive
from retrieval.text.prose import is_furniture, is_prose
from retrieval.text.sentences import sentence_spans


def main(arguments: Sequence[str]) -> None:
    """Print a table: a line for each run, of the first quotes and of all three."""
    corpus, *runs = map(Path, arguments)
    outcomes = {path: read_run(path) for path in runs}
    wanted = {quote.article for each in outcomes.values() for outcome in each for quote in outcome.quotes}
    found = read_archive(corpus, corpus.name)
    bodies = {item.id: item.body for item in found if isinstance(item, Article) and item.id in wanted}
    print("| run | quotes | with furniture | with a headline | with either | of the first quotes |")
    print("|---|---|---|---|---|---|")
    for path, run in outcomes.items():
        print(_line(path, run, bodies))


def _line(path: Path, run: Sequence[Outcome], bodies: Mapping[str, str]) -> str:
    kinds = [[_kinds(quote, bodies) for quote in outcome.quotes] for outcome in run]
    every, first = [each for quotes in kinds for each in quotes], [quotes[0] for quotes in kinds if quotes]
    shares = [
        _share(["furniture" in each for each in every]),
        _share(["headline" in each for each in every]),
        _share([bool(each) for each in every]),
        _share([bool(each) for each in first]),
    ]
    return f"| {path} | {len(every):,} | {' | '.join(shares)} |"


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / max(1, len(values)):.1%}"


def _kinds(quote: JudgedQuote, bodies: Mapping[str, str]) -> frozenset[str]:
    """What of a quote is no prose."""
    body = bodies.get(quote.article, quote.text)
    inside = [(start, end) for start, end in _sentences(body) if quote.start <= start and end <= quote.end]
    apart = [span for span in inside if not is_prose(body, *span)]
    return frozenset("furniture" if is_furniture(body[start:end]) else "headline" for start, end in apart)


_cut: dict[str, list[tuple[int, int]]] = {}


def _sentences(body: str) -> list[tuple[int, int]]:
    if body not in _cut:
        _cut[body] = sentence_spans(body)
    return _cut[body]


if __name__ == "__main__":
    main(sys.argv[1:])

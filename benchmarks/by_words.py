"""Fit the confidence of questions that words alone answer, as they are asked in languages that the embedding model
does not know.

    python -m benchmarks.by_words CORPUS QUESTIONS [--write]

The questions are English, so English is read as a language without a stemmer: a word in another form is another word,
which only the parts of words find. They are asked over whole articles, and over the paragraphs of these, each an
article of its own. The trees (`benchmarks.fit --words`) stay as they are; with --write,
`retrieval/answering/weights/by_words/confidence.json` is replaced.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.boosted import WEIGHTS
from benchmarks.cases import Case, asked_on_days
from benchmarks.fit import certainty, fit_confidence, quotable_case, quote_report, scores_of, silence_report
from bot.settings import load_settings
from retrieval.answering import vocabulary
from retrieval.answering.confidence import confidence_features
from retrieval.answering.trees import read_trees
from retrieval.evaluation.conditions import lines_of, part_of
from retrieval.evaluation.labelled import LabelledQuestion, holds, read_questions
from retrieval.index import lexical
from retrieval.index.embed import Embedder
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.text import terms

PART = 2_000  # half of these hold what answers; all questions whose articles these are
OTHERS = 400  # articles beside those
PARAGRAPHS = 8  # of an article, those that answer first
ANSWERING = 3
WORDS = (60, 140)  # of a paragraph; drawn anew for each
TITLED = 0.35  # of the articles whose paragraphs keep the headline


def main(corpus: Path, questions: Path, *, write: bool) -> None:
    """Fit, report, and write the weights."""
    labelled = [each for each in read_questions(questions) if each.answerable and each.answers]
    ranking, quotes = (read_trees(name, by_meaning=False) for name in ("ranking", "quotes"))
    with tempfile.TemporaryDirectory() as folder, as_without_stemmer():
        cases = list(collected(Path(folder), corpus, labelled))
        spans = [quotable_case(each, ranking.scores(each.rows)) for each in cases]
        scores = [scores_of(quotes, each.rows) for each in spans]
        quote_report(spans, scores)
        found = zip(spans, scores, strict=True)
        table = np.array([list(confidence_features(each.findings, each.ranked(of)).values()) for each, of in found])
    weights = fit_confidence(table, cases)
    silence_report(cases, certainty(weights, table))
    if write:
        rounded = {name: round(weight, 4) for name, weight in weights.items()}
        (WEIGHTS / "by_words" / "confidence.json").write_text(json.dumps(rounded, indent=2) + "\n")


@contextmanager
def as_without_stemmer() -> Iterator[None]:
    """English as a language that has no stemmer and that the model does not know, whose vectors then say nothing."""

    def parts(found: Sequence[str], _language: str | None) -> list[str]:
        return terms.grams(found, "a language")

    def vectors(_embedder: Embedder, texts: Sequence[str]) -> np.ndarray:
        drawn = np.random.default_rng(0).normal(size=(len(texts), 384))
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16)

    stemmers = {language: stemmer for language, stemmer in terms._STEMMERS.items() if language != "en"}
    with ExitStack() as patched:
        patched.enter_context(patch.object(terms, "_STEMMERS", stemmers))
        for module in (lexical, vocabulary):
            patched.enter_context(patch.object(module, "grams", parts))
        patched.enter_context(patch.object(Embedder, "embed_passages", vectors))
        patched.enter_context(patch.object(Embedder, "knows", lambda *_: False))
        yield


def collected(folder: Path, corpus: Path, labelled: Sequence[LabelledQuestion]) -> Iterator[Case]:
    """Every question over whole articles, on its day or later, and over their paragraphs, on its day."""
    records = {id_: json.loads(line) for id_, line in lines_of(corpus)}
    kept, asked = part_of(list(records), labelled, PART)
    drawing = np.random.default_rng(0)
    answering = {id_ for each in asked for id_ in each.gold if id_ in records}
    others = drawing.permutation(sorted(kept - answering)).tolist()
    whole = [records[id_] for id_ in sorted(answering | set(others[:OTHERS]))]
    with opened(folder / "whole", whole) as room:
        for _, each in groupby(asked_on_days(room, asked, 2), lambda case: case.labelled.id):
            cases = list(each)
            day = drawing.choice(sorted({case.condition.delay for case in cases})).item()
            yield from (case for case in cases if case.condition.delay == day and len(case.rows))
    brief, about = paragraphs_of(whole, asked, drawing)
    with opened(folder / "brief", brief) as room:
        yield from (replace(case, brief=True) for case in asked_on_days(room, about, 0) if len(case.rows))


@contextmanager
def opened(folder: Path, records: Sequence[dict[str, Any]]) -> Iterator[Newsroom]:
    """A newsroom over these articles."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "seeds" / "all.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    settings: NewsroomSettings = replace(
        load_settings().newsroom(), data_dir=folder / "data", seeds_dir=folder / "seeds"
    )
    with Newsroom.open(settings) as room:
        room.reload(at_once=True)
        yield room


def paragraphs_of(
    records: Sequence[dict[str, Any]], asked: Sequence[LabelledQuestion], drawing: np.random.Generator
) -> tuple[list[dict[str, Any]], list[LabelledQuestion]]:
    """At most `PARAGRAPHS` of each article, each an article, and the questions that some of them answer."""
    brief: list[dict[str, Any]] = []
    gold: dict[str, list[str]] = {each.id: [] for each in asked}
    for record in records:
        texts = list(cut(record["text"], drawing))
        here = [each for each in asked if record["id"] in each.gold]
        told = [[each.id for each in here if holds(text, each.answers)] for text in texts]
        titled = drawing.random() < TITLED
        right = [at for at, ids in enumerate(told) if ids][:ANSWERING]
        rest = drawing.permutation([at for at, ids in enumerate(told) if not ids]).astype(int).tolist()
        for at in sorted(right + rest[: PARAGRAPHS - len(right)]):
            id_ = f"{record['id']}#{at}"
            part = {"id": id_, "url": f"{record['url']}#{at}", "text": texts[at]}
            brief.append(record | part | ({} if titled else {"title": ""}))
            for question in told[at]:
                gold[question].append(id_)
    return brief, [replace(each, gold=tuple(gold[each.id])) for each in asked if gold[each.id]]


def cut(text: str, drawing: np.random.Generator) -> Iterator[str]:
    """A text's paragraphs, joined until they have as many words as one of an encyclopedia."""
    parts: list[str] = []
    wanted = drawing.integers(*WORDS)
    for part in filter(None, map(str.strip, text.split("\n\n"))):
        parts.append(part)
        if len(" ".join(parts).split()) >= wanted:
            yield "\n\n".join(parts)
            parts, wanted = [], drawing.integers(*WORDS)
    if len(" ".join(parts).split()) >= WORDS[0] // 2:
        yield "\n\n".join(parts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), write="--write" in sys.argv[3:])

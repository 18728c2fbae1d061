"""The same questions under other conditions: asked some days later, or over a part of the articles.

What a bot knows of last year's news, and whether its confidence means the same over a small index and a large one,
shows only here: a labelled question is usually asked within days of the news that it is about.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from retrieval.answering.understanding import asks_of_now
from retrieval.evaluation.labelled import EvaluationError, LabelledQuestion
from retrieval.index.stored import FILE
from retrieval.newsroom import NewsroomSettings
from retrieval.text.asked_language import asked_language

LONGEST_DELAY = 3650  # days


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked `delay` days after its day, over `articles` of the corpus (all when it is None)."""

    delay: int = 0
    articles: int | None = None

    @property
    def label(self) -> str:
        """As a table names it."""
        if self.articles is not None:
            return f"{self.articles:,} articles"
        return "on its day" if not self.delay else f"{self.delay} day{'s' * (self.delay != 1)} later"

    @property
    def file(self) -> str:
        """The name of the run's file in a report."""
        return f"run-{self.articles}-articles.jsonl" if self.articles is not None else f"run-{self.delay}-days.jsonl"


def read_delays(text: str) -> tuple[int, ...]:
    """Days as they are typed: "0,14,90". Raises `EvaluationError`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) <= LONGEST_DELAY for part in parts):
        raise EvaluationError(f"{text!r} are no delays; name days from 0 to {LONGEST_DELAY}, for example 0,14,90.")
    return tuple(dict.fromkeys(map(int, parts)))


def read_sizes(text: str) -> tuple[int | None, ...]:
    """Numbers of articles as they are typed: "500,3000,all". Raises `EvaluationError`."""
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not all(part == "all" or (part.isdecimal() and int(part) > 1) for part in parts):
        raise EvaluationError(f"{text!r} are no sizes; name numbers of articles, for example 500,3000,all.")
    return tuple(dict.fromkeys(None if part == "all" else int(part) for part in parts))


def asked_later(questions: Sequence[LabelledQuestion], days: int) -> list[LabelledQuestion]:
    """The questions that mean the same `days` later, asked then; those without a day are left out."""
    return [
        replace(each, as_of=each.as_of + timedelta(days=days))
        for each in questions
        if each.as_of is not None and not asks_of_now(each.question, asked_language(each.question))
    ]


def _shuffled(name: str) -> bytes:
    """A place in an order that has nothing to do with the content, and is the same on every machine."""
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def part_of(
    articles: Sequence[str], questions: Sequence[LabelledQuestion], size: int
) -> tuple[set[str], list[LabelledQuestion]]:
    """The ids of `size` articles and the questions to ask of them: every article that answers one is among them.

    A smaller part lies within a larger one. Where the articles that answer would take more than half of the part, as
    many questions are asked as leave it half for others.
    """
    there = set(articles)
    kept: set[str] = set()
    asked: list[LabelledQuestion] = []
    for each in sorted(questions, key=lambda question: _shuffled(question.id)):
        wanted = kept | (there & set(each.gold))
        if len(wanted) > max(size // 2, 1):
            break
        kept = wanted
        asked.append(each)
    others = sorted(there - kept, key=_shuffled)
    kept |= set(others[: max(0, size - len(kept))])
    order = {each.id: place for place, each in enumerate(questions)}
    return kept, sorted(asked, key=lambda question: order[question.id])


def lines_of(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Each line of a file in the standard format, with the id of its article."""
    with gzip.open(corpus) if corpus.name.lower().endswith(".gz") else corpus.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                record = json.loads(line)
                yield str(record.get("id", f"line {number}")), line


def part_settings(whole: NewsroomSettings, corpus: Path, size: int, kept: set[str]) -> NewsroomSettings:
    """The settings of a newsroom over the articles `kept` of `corpus`, which is indexed as `whole` has it.

    The index is copied from there, so that nothing is embedded again: reading the smaller file removes the rest. An
    earlier copy goes first: a store that is older than its index of words looks like one that lost something.
    """
    folder = whole.data_dir / "parts" / str(size)
    seeds = folder / "articles"
    try:
        if folder.exists():
            shutil.rmtree(folder)
        seeds.mkdir(parents=True, exist_ok=True)
        with gzip.open(seeds / f"{corpus.name.removesuffix('.gz')}.gz", "wb", compresslevel=1) as part:
            part.writelines(line for id_, line in lines_of(corpus) if id_ in kept)
        with (
            closing(sqlite3.connect(whole.data_dir / FILE)) as source,
            closing(sqlite3.connect(folder / FILE)) as copy,
        ):
            source.backup(copy)
    except (OSError, sqlite3.Error) as error:
        raise EvaluationError(f"A part of the corpus cannot be indexed in {folder} ({error}); see to it.") from None
    return replace(whole, data_dir=folder, seeds_dir=seeds)

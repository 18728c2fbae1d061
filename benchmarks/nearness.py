"""Fit the lines by which nearness in meaning stands in for what was fitted on words (`retrieval.answering.abroad`).

    python -m benchmarks.nearness CORPUS QUESTIONS

Articles and questions are of one language: there, what a passage and its nearest sentence are worth by meaning can be
compared with what the trees make of them, and with whether there is an answer. Prints the lines; writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.cases import Asking
from bot.settings import load_settings
from retrieval.answering.abroad import meanings_of, nearness
from retrieval.answering.choosing import ranked_spans
from retrieval.answering.pipeline import to_quote_from
from retrieval.answering.ranking import NEW, ranked
from retrieval.answering.spans import Findings
from retrieval.evaluation.labelled import LabelledQuestion, read_questions
from retrieval.evaluation.run import corpus_settings
from retrieval.index.embed import Embedder
from retrieval.index.likeness import FITTED
from retrieval.newsroom import Newsroom

PASSAGES = 15
"""Of a question that are read: the best by the trees."""


@dataclass(slots=True)
class Seen:
    """What was seen of all questions: pairs of nearness and of what it is to stand for."""

    passages: list[tuple[float, float]] = field(default_factory=list)
    quotes: list[tuple[float, float]] = field(default_factory=list)
    answers: list[tuple[float, float]] = field(default_factory=list)


def look(embedder: Embedder, asked: LabelledQuestion, findings: Findings, answerable: bool, seen: Seen) -> None:
    """Add what is seen of one question."""
    best = ranked(findings.asked, findings.evidence)[:PASSAGES]
    told = to_quote_from(Findings(asked=findings.asked, evidence=best, moment=findings.moment))
    meanings = meanings_of(embedder, asked.question, best, embedder.scales.home)
    near = [((item.candidate.cosine or 0.0) + (nearness(item.span, meanings) or 0.0)) / 2 for item in best]
    seen.passages += [
        (each, item.candidate.score - NEW * item.candidate.freshness) for each, item in zip(near, best, strict=True)
    ]
    spans = ((nearness(each.span, meanings), each.score) for each in ranked_spans(told))
    seen.quotes += [(each, score) for each, score in spans if each is not None]
    seen.answers.append((max(near, default=0.0), float(answerable)))


def lines(seen: Seen) -> Iterator[str]:
    """The lines, each with how well it fits."""
    for name, pairs in (("PASSAGE", seen.passages), ("QUOTE", seen.quotes)):
        near, scores = np.array(pairs).T
        step, start = np.polyfit(near, scores, 1)
        alike = np.corrcoef(near, scores)[0, 1]
        yield f"{name} = ({start:.1f}, {step:.1f})  # correlation {alike:.2f}, of {len(near):,}"
    near, answerable = np.array(seen.answers).T
    fit = LogisticRegression(C=1e3, class_weight="balanced").fit(near[:, None], answerable)
    right = fit.score(near[:, None], answerable)
    yield f"SURE = ({fit.intercept_[0]:.1f}, {fit.coef_[0, 0]:.1f})  # right of {right:.2f} of {len(near):,}"


def main(corpus: Path, questions: Path) -> None:
    """Ask, and print the lines."""
    settings, seen = corpus_settings(load_settings().newsroom(), corpus), Seen()
    with Newsroom.open(settings) as room:
        room.reload(at_once=True)
        embedder, asking = room.corpus().embedder, Asking(room)
        assert embedder.scales.home == FITTED, "the lines are for the scale of the built-in model"
        for asked in read_questions(questions):
            if asked.answerable:
                findings = asking.find(asked)
                look(embedder, asked, findings, True, seen)
                if (left := asking.without_answer(asked, findings)) is not None:
                    look(embedder, asked, left, False, seen)
    print("\n".join(lines(seen)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

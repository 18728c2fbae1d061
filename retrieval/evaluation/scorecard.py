"""Everything that a report on a run says, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.asking import Outcome
from retrieval.evaluation.conditions import Condition
from retrieval.evaluation.measures import REFUSED, WAYS, Difference, Estimate, Table, compare, estimates, tabulate
from retrieval.evaluation.reliability import (
    Flags,
    Floats,
    Reliability,
    RiskCoverage,
    area,
    reliability,
    risk_coverage,
    threshold_refusing,
)
from retrieval.evaluation.story_measures import StoryMeasures


@dataclass(frozen=True, slots=True)
class Kind:
    """The measures on the questions of one kind."""

    questions: int
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Silence:
    """When the bot answers, over every asking: the answerable questions and those left without an answer.

    An answer is right when one of its first three quotes holds a labelled answer; risk is the share of
    answers that are not.
    """

    asked: Mapping[str, int]
    """How often, by "answerable" and each of `WAYS`."""
    operating: RiskCoverage | None
    """What the bot did as it is set; its threshold is the least confidence with which it answered."""
    threshold: float | None
    """From which to answer so that at most `REFUSED` of the answerable questions are refused."""
    curve: tuple[RiskCoverage, ...]
    area: float | None
    articles_answer: Reliability | None
    """The confidence as the chance that the articles hold an answer."""
    quotes_answer: Reliability | None
    """The confidence as the chance that the quotes do."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes since another run, over the questions that both asked."""

    questions: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Conditioned:
    """The measures on the questions asked under one condition, and how far the confidence is off there."""

    condition: Condition
    questions: int
    measures: Mapping[str, Estimate]
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What a run amounts to. `about` says what was asked of what, for people."""

    about: Mapping[str, str | int]
    questions: int
    table: Table
    measures: Mapping[str, Estimate]
    kinds: Mapping[str, Kind]
    """The most frequent kind first."""
    silence: Silence
    comparison: Comparison | None = None
    delays: tuple[Conditioned, ...] = ()
    sizes: tuple[Conditioned, ...] = ()
    stories: StoryMeasures | None = None


def scorecard(
    outcomes: Sequence[Outcome], about: Mapping[str, str | int], earlier: Sequence[Outcome] | None = None
) -> Scorecard:
    """The scorecard of a run; with `earlier` outcomes also what changed since. Raises as `compare`."""
    table = tabulate(outcomes)
    comparison = None if earlier is None else Comparison(*compare(outcomes, earlier))
    return Scorecard(
        about=about,
        questions=len(outcomes),
        table=table,
        measures=estimates(table),
        kinds=_kinds(outcomes, table),
        silence=_silence(table),
        comparison=comparison,
    )


def conditioned(condition: Condition, outcomes: Sequence[Outcome]) -> Conditioned:
    """What a run under `condition` amounts to."""
    table = tabulate(outcomes)
    found = _silence(table).articles_answer
    return Conditioned(
        condition=condition,
        questions=len(outcomes),
        measures=estimates(table),
        calibration_error=found.calibration_error if found else None,
    )


def _kinds(outcomes: Sequence[Outcome], table: Table) -> dict[str, Kind]:
    kinds = np.array([outcome.kind for outcome in outcomes])
    names, counts = np.unique(kinds, return_counts=True)
    frequent = [(str(names[place]), int(counts[place])) for place in np.argsort(-counts, kind="stable")]
    return {
        kind: Kind(count, estimates({name: column[kinds == kind] for name, column in table.items()}))
        for kind, count in frequent
    }


def _silence(table: Table) -> Silence:
    groups = {"confidence": "refused", **{way: f"answered_{way}" for way in WAYS}}
    known = {name: ~np.isnan(table[name]) for name in groups}
    confidence = np.concatenate([table[name][known[name]] for name in groups])
    answered = np.concatenate([table[flag][known[name]] == (name != "confidence") for name, flag in groups.items()])
    answerable = np.concatenate([np.full(known[name].sum(), name == "confidence") for name in groups])
    # Unlabelled, a question counts as not answered by its quotes: that can only overstate the risk.
    right = np.concatenate([(name == "confidence") & (table["quote@3"][known[name]] == 1) for name in groups])
    curve = risk_coverage(confidence, right)
    threshold = threshold_refusing(table["confidence"][known["confidence"]], REFUSED)
    return Silence(
        asked={"answerable": int(known["confidence"].sum()), **{way: int(known[way].sum()) for way in WAYS}},
        operating=_operating(confidence, answered, right),
        threshold=None if np.isnan(threshold) else threshold,
        curve=curve,
        area=area(curve) if curve else None,
        articles_answer=reliability(confidence, answerable),
        quotes_answer=reliability(confidence, right),
    )


def _operating(confidence: Floats, answered: Flags, right: Flags) -> RiskCoverage | None:
    if not answered.any():
        return None
    return RiskCoverage(float(confidence[answered].min()), float(answered.mean()), float((~right[answered]).mean()))

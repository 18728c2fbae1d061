"""What a confidence is worth: does it part what can be answered from what cannot, and does it mean what it says.

Pure functions on arrays of confidences in 0..1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BINS = 10


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """A point of the curve: answering from `threshold` on answers `coverage` of what is asked, `risk` of it wrongly."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """`asked` times the confidence was near `confidence` (their mean), and `happened` is the share that was right."""

    confidence: float
    happened: float
    asked: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins with their expected calibration error (Naeini et al., AAAI 2015), and the Brier score; 0 is best."""

    bins: tuple[Bin, ...]
    calibration_error: float
    brier: float


def auroc(answerable: Floats, unanswerable: Floats) -> float:
    """The chance that an answerable question gets more confidence than an unanswerable one; ties count half.

    The Mann-Whitney statistic, which equals the area under the ROC curve (Hanley and McNeil, 1982). NaN when
    either is empty.
    """
    if not len(answerable) or not len(unanswerable):
        return math.nan
    # scikit-learn's `roc_auc_score` gives the same, as the tests hold, in fifty times the time: a report asks for it
    # forty thousand times, since the bootstrap does.
    ordered = np.sort(unanswerable)
    below = np.searchsorted(ordered, answerable, "left") + np.searchsorted(ordered, answerable, "right")
    return float(below.mean() / 2 / len(ordered))


def threshold_refusing(answerable: Floats, share: float) -> float:
    """The highest threshold at which at most `share` of the answerable questions are refused; NaN without any."""
    if not len(answerable):
        return math.nan
    # The tiny addition keeps 0.1 * 30 = 3.0000000000000004 and its like from turning on rounding.
    return float(np.sort(answerable)[min(len(answerable) - 1, int(share * len(answerable) + 1e-9))])


def wrongly_answered(answerable: Floats, unanswerable: Floats, refused: float) -> float:
    """The share of unanswerable questions that are answered when at most `refused` of the others are refused."""
    if not len(answerable) or not len(unanswerable):
        return math.nan
    return float((unanswerable >= threshold_refusing(answerable, refused)).mean())


def risk_coverage(confidence: Floats, right: Flags) -> tuple[RiskCoverage, ...]:
    """The curve of El-Yaniv and Wiener (JMLR 2010), from the highest threshold to answering everything.

    A point for each confidence that occurs: what is equally sure is answered together.
    """
    order = np.argsort(-confidence, kind="stable")
    ordered, wrong = confidence[order], np.cumsum(~right[order])
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if len(ordered) else np.empty(0, int)
    return tuple(RiskCoverage(float(ordered[at]), (at + 1) / len(ordered), float(wrong[at] / (at + 1))) for at in last)


def area(curve: tuple[RiskCoverage, ...]) -> float:
    """The mean risk over all coverages (AURC): less is better. NaN without a curve."""
    widths = np.diff([0.0, *(point.coverage for point in curve)])
    return float(widths @ np.array([point.risk for point in curve])) if curve else math.nan


def reliability(confidence: Floats, happened: Flags) -> Reliability | None:
    """How often what was so sure was so, in `BINS` bins of equal width; None when nothing was asked."""
    if not len(confidence):
        return None
    numbers = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(float(confidence[inside].mean()), float(happened[inside].mean()), int(inside.sum()))
        for number in range(BINS)
        if (inside := numbers == number).any()
    )
    error = sum(each.asked * abs(each.confidence - each.happened) for each in bins) / len(confidence)
    return Reliability(bins, error, float(np.mean((confidence - happened) ** 2)))

"""The pictures of a report: drawn with matplotlib, one PNG each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.evaluation.measures import REFUSED, WAYS
from retrieval.evaluation.reliability import Reliability
from retrieval.evaluation.scorecard import Conditioned, Scorecard
from retrieval.evaluation.tables import WAY_NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawing = Callable[["Axes", Scorecard], None]

INCHES, DOTS_PER_INCH = (6.4, 4.8), 120
EDGES = (-0.02, 1.02)  # so that nothing that lies at 0 or 1 is cut off


def draw_plots(card: Scorecard, folder: Path) -> list[tuple[str, str]]:
    """Draw every picture into `folder`; their file names and captions."""
    # Only here, because only a report needs it. `Figure` alone needs no display and leaves no global state.
    from matplotlib.figure import Figure

    pictures = dict(PICTURES)
    if len(card.delays) > 1:
        pictures["delays.png"] = ("Refused and wrongly answered by how much later questions are asked", _delays)
    if len(card.sizes) > 1:
        pictures["sizes.png"] = ("Refused and wrongly answered by how many articles there are", _sizes)
    for name, (_, draw) in pictures.items():
        figure = Figure(INCHES, DOTS_PER_INCH, layout="constrained")
        axes = figure.add_subplot()
        draw(axes, card)
        axes.grid(alpha=0.3)
        figure.savefig(folder / name)
    return [(name, caption) for name, (caption, _) in pictures.items()]


def _risk_coverage(axes: Axes, card: Scorecard) -> None:
    silence = card.silence
    axes.plot([point.coverage for point in silence.curve], [point.risk for point in silence.curve], label="risk")
    if silence.operating:
        axes.plot(silence.operating.coverage, silence.operating.risk, "o", label="as the bot is set")
    axes.set(xlabel="coverage: share of askings answered", ylabel="risk: share of answers that are wrong")
    axes.set(xlim=EDGES, ylim=EDGES)
    axes.legend()


def _refusals(axes: Axes, card: Scorecard) -> None:
    answerable = _known(card, "confidence")
    for way in WAYS:
        unanswerable = _known(card, way)
        if not len(unanswerable) or not len(answerable):
            continue
        thresholds = np.unique(np.concatenate([answerable, unanswerable, [0.0, np.inf]]))
        refused = np.searchsorted(np.sort(answerable), thresholds) / len(answerable)
        wrong = 1 - np.searchsorted(np.sort(unanswerable), thresholds) / len(unanswerable)
        line = axes.plot(refused, wrong, label=f"{WAY_NAMES[way]} ({len(unanswerable)})")[0]
        set_refused, set_wrong = card.measures["refused"].value, card.measures[f"wrong_{way}"].value
        axes.plot(set_refused, set_wrong, "o", color=line.get_color())
    axes.axvline(REFUSED, color="grey", linestyle=":", label=f"{REFUSED:.0%} refused")
    axes.set(xlabel="answerable questions refused", ylabel="unanswerable questions answered")
    axes.set(xlim=EDGES, ylim=EDGES)
    axes.legend()


def _reliability(axes: Axes, card: Scorecard) -> None:
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="a confidence that means what it says")
    for label, found in (
        ("the articles answer", card.silence.articles_answer),
        ("the quotes answer", card.silence.quotes_answer),
    ):
        if found:
            _reliability_line(axes, label, found)
    axes.set(xlabel="confidence", ylabel="how often it was so", xlim=EDGES, ylim=EDGES)
    axes.legend()


def _reliability_line(axes: Axes, label: str, found: Reliability) -> None:
    confidence = [each.confidence for each in found.bins]
    happened = [each.happened for each in found.bins]
    line = axes.plot(confidence, happened, label=f"{label} (error {found.calibration_error:.3f})")[0]
    sizes = [200 * each.asked / max(other.asked for other in found.bins) for each in found.bins]
    axes.scatter(confidence, happened, s=sizes, color=line.get_color(), alpha=0.6)


def _kinds(axes: Axes, card: Scorecard) -> None:
    names = list(card.kinds)
    for offset, key, label in ((-0.12, "quote@1", "in the first quote"), (0.12, "quote@3", "in the first three")):
        drawn = [(row, kind.measures[key]) for row, kind in enumerate(card.kinds.values()) if key in kind.measures]
        values = np.array([found.value for _, found in drawn])
        errors = np.array([[found.value - found.low, found.high - found.value] for _, found in drawn])
        rows = [row + offset for row, _ in drawn]
        # A bootstrap interval need not hold the value itself, but an error bar cannot be negative.
        axes.errorbar(values, rows, xerr=np.maximum(0, errors.reshape(-1, 2).T), fmt="o", capsize=3, label=label)
    axes.set_yticks(range(len(names)), [f"{name} ({kind.questions})" for name, kind in card.kinds.items()])
    axes.invert_yaxis()
    axes.set(xlabel="share of questions with an answer, 95% interval", xlim=EDGES)
    axes.legend()


def _delays(axes: Axes, card: Scorecard) -> None:
    _conditions(axes, [each.condition.delay for each in card.delays], card.delays)
    axes.set(xlabel="days between a question's day and the day it is asked")
    axes.set_xscale("symlog", linthresh=7)


def _sizes(axes: Axes, card: Scorecard) -> None:
    _conditions(axes, [each.condition.articles or 0 for each in card.sizes], card.sizes)
    axes.set(xlabel="articles in the index", xscale="log")


def _conditions(axes: Axes, places: Sequence[int], found: Sequence[Conditioned]) -> None:
    for key, label in (("refused", "answerable and refused"), ("wrong_withdrawn", "unanswerable and answered")):
        drawn = [(place, each.measures[key]) for place, each in zip(places, found, strict=True) if key in each.measures]
        values = np.array([estimate.value for _, estimate in drawn])
        errors = np.array([[estimate.value - estimate.low, estimate.high - estimate.value] for _, estimate in drawn])
        at = [place for place, _ in drawn]
        axes.errorbar(at, values, yerr=np.maximum(0, errors.reshape(-1, 2).T), fmt="o-", capsize=3, label=label)
    axes.set_xticks(places, [f"{place:,}" for place in places])
    axes.minorticks_off()
    axes.set(ylabel="share of questions, 95% interval", ylim=EDGES)
    axes.legend()


def _known(card: Scorecard, column: str) -> np.ndarray:
    values = card.table[column]
    return values[~np.isnan(values)]


PICTURES: dict[str, tuple[str, Drawing]] = {
    "risk-coverage.png": (
        "Risk and coverage, over the answerable questions and those left without one",
        _risk_coverage,
    ),
    "abstention.png": ("What refusing costs and saves; the dots are the bot as it is set", _refusals),
    "reliability.png": (
        "Whether the confidence means what it says, over the same askings; larger dots are more of them",
        _reliability,
    ),
    "kinds.png": ("Answers in the quotes by kind of question", _kinds),
}

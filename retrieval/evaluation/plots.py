"""The pictures of a report: drawn with matplotlib, one PNG each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.evaluation.measures import REFUSED, WAYS
from retrieval.evaluation.reliability import Reliability
from retrieval.evaluation.scorecard import Scorecard
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

    for name, (_, draw) in PICTURES.items():
        figure = Figure(INCHES, DOTS_PER_INCH, layout="constrained")
        axes = figure.add_subplot()
        draw(axes, card)
        axes.grid(alpha=0.3)
        figure.savefig(folder / name)
    return [(name, caption) for name, (caption, _) in PICTURES.items()]


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

"""A picture of how many articles there are of each day, by outlet: for Discord's dark background and a phone."""

from __future__ import annotations

import io
import threading
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_skeleton

from bot.cards.card import Picture
from bot.wording.amounts import day_in_words, number
from bot.wording.language import _, locale
from bot.wording.markdown import shorten
from retrieval.index.coverage import Coverage
from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMED = 5
"""Outlets that have a colour of their own."""
ALT_LENGTH = 1024
"""Characters of a picture's description that Discord takes."""

_NAME_LENGTH = 22
_INCHES, _DOTS_PER_INCH = (6.0, 4.4), 150  # so that the writing can be read at the width of a phone
_BACKGROUND, _WRITING, _LINES = "#2b2d31", "#dbdee1", "#4e5058"
_COLOURS = ("#5b9cf6", "#f2a65a", "#6fcf97", "#e87fa5", "#b79cf2", "#80848e")
_DRAWING = threading.Lock()  # matplotlib's fonts are shared by all threads

Series = list[tuple[str, list[int]]]


def coverage_picture(coverage: Coverage) -> Picture | None:
    """The chart with its description; None when no article is dated. Takes some tenths of a second.

    The first outlets of `coverage.outlets` that the days know are named, by their place in that list.
    """
    if not coverage.by_day:
        return None
    days = [day for day, _counts in coverage.by_day]
    series = _series(coverage)
    with _DRAWING:
        png = _drawn(days, series)
    return Picture(png, "coverage.png", _described(days, series))


def outlet_name(outlet: str | None) -> str:
    """An outlet on one line, plain."""
    return one_line(outlet or "") or _("no outlet named")


def _series(coverage: Coverage) -> Series:
    """Articles a day of the top outlets, and of all others together."""
    days = [counts for _day, counts in coverage.by_day]
    seen = set().union(*days)
    ranked = [(rank, each.outlet) for rank, each in enumerate(coverage.outlets, 1) if each.outlet in seen]
    named = ranked[:NAMED]
    series = [
        (f"{rank}. {shorten(outlet_name(outlet), _NAME_LENGTH)}", [counts.get(outlet, 0) for counts in days])
        for rank, outlet in named
    ]
    if len(ranked) > NAMED:
        own = {outlet for _rank, outlet in named}
        rest = [sum(count for outlet, count in counts.items() if outlet not in own) for counts in days]
        series.append((_("all others"), rest))
    return series


def _drawn(days: list[date], series: Series) -> bytes:
    # Only here, because loading it takes a second. `Figure` alone needs no display and leaves no global state.
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    figure = Figure(_INCHES, _DOTS_PER_INCH, layout="constrained", facecolor=_BACKGROUND)
    axes = figure.add_subplot()
    known = font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap()
    below = [0] * len(days)
    for (name, counts), colour in zip(series, _COLOURS, strict=False):
        shown = " ".join("".join(character for character in name if ord(character) in known).split())
        axes.bar(range(len(days)), counts, 0.82, below, color=colour, label=shown)
        below = [lower + count for lower, count in zip(below, counts, strict=True)]
    _style(axes, days, max(below))
    legend = figure.legend(
        loc="outside lower left", ncols=2, frameon=False, fontsize=12, labelcolor=_WRITING, handlelength=1.0
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # an outlet's name is no formula
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", facecolor=_BACKGROUND)
    return drawn.getvalue()


def _style(axes: Axes, days: list[date], most: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_facecolor(_BACKGROUND)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_LINES)
    axes.tick_params(colors=_WRITING, labelsize=12, length=0)
    axes.grid(axis="y", color=_LINES, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _at: number(int(count))))
    axes.set_ylim(0, max(most * 1.05, 1))
    spread = max(0.0, 7 - len(days)) / 2  # one day is not a wall
    axes.set_xlim(-0.6 - spread, len(days) - 0.4 + spread)
    step = max(1, -(-len(days) // 5))
    ticks = range((len(days) - 1) % step, len(days), step)  # the newest day is named in any case
    axes.set_xticks(list(ticks), [format_skeleton("MMMd", days[at], locale=locale()) for at in ticks])
    axes.set_title(_("Articles a day"), color=_WRITING, fontsize=14, loc="left")


def _described(days: list[date], series: Series) -> str:
    totals = [sum(counts) for counts in zip(*(counts for _name, counts in series), strict=True)]
    most = max(range(len(days)), key=totals.__getitem__)
    names = ", ".join(f"{name} {number(sum(counts))}" for name, counts in series)
    said = _("Articles a day from {first} to {last}, by outlet: {outlets}. The most are of {day}: {count}.").format(
        first=day_in_words(days[0]),
        last=day_in_words(days[-1]),
        outlets=names,
        day=day_in_words(days[most]),
        count=number(totals[most]),
    )
    return shorten(said, ALT_LENGTH // 2)  # some characters count twice

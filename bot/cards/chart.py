"""Pictures of how many articles there are when, by outlet: for Discord's dark background and a phone.

Time runs evenly from left to right: what lies between two articles is a gap as wide as it was long.
"""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_skeleton

from bot.cards.bins import MOST, Bins, Length, bins, counted_in
from bot.cards.card import Picture
from bot.wording.amounts import day_in_words, number
from bot.wording.language import _, locale
from bot.wording.markdown import shorten
from retrieval.answer import Story
from retrieval.index.coverage import DAYS_SHOWN, Coverage
from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMED = 5
"""Outlets that have a colour of their own."""
ALT_LENGTH = 1024
"""Characters of a picture's description that Discord takes."""

_NAME_LENGTH = 22
_WIDTH, _HEIGHT, _LOW, _DOTS_PER_INCH = 6.0, 4.4, 3.2, 150  # so that the writing can be read at the width of a phone
_BACKGROUND, _WRITING, _LINES = "#2b2d31", "#dbdee1", "#4e5058"
_COLOURS = ("#5b9cf6", "#f2a65a", "#6fcf97", "#e87fa5", "#b79cf2", "#80848e")
_DRAWING = threading.Lock()  # matplotlib's fonts are shared by all threads
_LABELS: dict[Length, str] = {"day": "MMMd", "week": "MMMd", "month": "yMMM", "year": "y"}
_TICKS = 5
_LEAST_BARS = 7
"""Bars that the width is made for: one day is not a wall."""

ByDay = Mapping[date, Mapping[str | None, int]]


@dataclass(frozen=True, slots=True)
class Series:
    """How many articles of an outlet, or of several, there are in each span of time."""

    name: str
    counts: list[int]


def coverage_picture(coverage: Coverage) -> Picture | None:
    """The articles of the last `DAYS_SHOWN` days up to the newest; None when no article is dated.

    The first outlets of `coverage.outlets` that these days know are named, by their place in that list. Takes some
    tenths of a second.
    """
    if not coverage.by_day:
        return None
    newest = coverage.by_day[-1][0]
    by_day = {day: counts for day, counts in coverage.by_day if day > newest - timedelta(DAYS_SHOWN)}
    ranked = {each.outlet: f"{rank}. {_short(each.outlet)}" for rank, each in enumerate(coverage.outlets, 1)}
    return _picture(by_day, ranked, "coverage.png", _HEIGHT)


def story_picture(story: Story) -> Picture | None:
    """The reports of a story by outlet, copies included; None where fewer than two are dated, or they are of more years
    than there is room for. As slow.
    """
    dated = [(_in_utc(each.published), each.source) for each in story.articles if each.published]
    years = {day.year for day, _outlet in dated}
    if len(dated) < 2 or max(years) - min(years) >= MOST:
        return None
    by_day: dict[date, Counter[str | None]] = {}
    for day, outlet in dated:
        by_day.setdefault(day, Counter())[outlet] += 1
    most = Counter(outlet for _day, outlet in dated).most_common()
    return _picture(by_day, {outlet: _short(outlet) for outlet, _count in most}, "story.png", _LOW)


def outlet_name(outlet: str | None) -> str:
    """An outlet on one line, plain."""
    return one_line(outlet or "") or _("no outlet named")


def _short(outlet: str | None) -> str:
    return shorten(outlet_name(outlet), _NAME_LENGTH)


def _in_utc(day: date) -> date:
    return day.astimezone(UTC).date() if isinstance(day, datetime) else day


def _picture(by_day: ByDay, names: Mapping[str | None, str], file: str, height: float) -> Picture:
    """`names` are those of the outlets, the most important first."""
    spans = bins(min(by_day), max(by_day))
    series = _series(by_day, names, spans)
    with _DRAWING:
        png = _drawn(spans, series, height)
    return Picture(png, file, _described(by_day, series))


def _series(by_day: ByDay, names: Mapping[str | None, str], spans: Bins) -> list[Series]:
    """Of the first outlets, and of all others together."""
    seen = set().union(*by_day.values())
    shown = [outlet for outlet in names if outlet in seen]
    own = shown if len(shown) <= NAMED + 1 else shown[:NAMED]
    series = [
        Series(names[outlet], counted_in(spans, {day: counts.get(outlet, 0) for day, counts in by_day.items()}))
        for outlet in own
    ]
    if len(shown) > len(own):
        rest = {day: sum(count for outlet, count in each.items() if outlet not in own) for day, each in by_day.items()}
        series.append(Series(_("all others"), counted_in(spans, rest)))
    return series


def _drawn(spans: Bins, series: Sequence[Series], height: float) -> bytes:
    # Only here, because loading it takes a second. `Figure` alone needs no display and leaves no global state.
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    figure = Figure((_WIDTH, height), _DOTS_PER_INCH, layout="constrained", facecolor=_BACKGROUND)
    axes = figure.add_subplot()
    known = font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap()
    below = [0] * len(spans.starts)
    for each, colour in zip(series, _COLOURS, strict=False):
        shown = " ".join("".join(character for character in each.name if ord(character) in known).split())
        axes.bar(range(len(below)), each.counts, 0.82, below, color=colour, label=shown)
        below = [lower + count for lower, count in zip(below, each.counts, strict=True)]
    _style(axes, spans, max(below))
    legend = figure.legend(
        loc="outside lower left", ncols=2, frameon=False, fontsize=12, labelcolor=_WRITING, handlelength=1.0
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # an outlet's name is no formula
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", facecolor=_BACKGROUND)
    return drawn.getvalue()


def _style(axes: Axes, spans: Bins, most: int) -> None:
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
    count = len(spans.starts)
    spread = max(0.0, _LEAST_BARS - count) / 2
    axes.set_xlim(-0.6 - spread, count - 0.4 + spread)
    step = max(1, -(-count // _TICKS))
    ticks = range((count - 1) % step, count, step)  # the newest is named in any case
    names = [format_skeleton(_LABELS[spans.length], spans.starts[at], locale=locale()) for at in ticks]
    axes.set_xticks(list(ticks), names)
    axes.set_title(_title(spans.length), color=_WRITING, fontsize=14, loc="left")


def _title(length: Length) -> str:
    titles = {
        "day": _("Articles a day"),
        "week": _("Articles a week"),
        "month": _("Articles a month"),
        "year": _("Articles a year"),
    }
    return titles[length]


def _described(by_day: ByDay, series: Sequence[Series]) -> str:
    totals = {day: sum(counts.values()) for day, counts in sorted(by_day.items())}
    most = max(totals, key=totals.__getitem__)
    names = ", ".join(f"{each.name} {number(sum(each.counts))}" for each in series)
    if len(totals) == 1:
        said = _("Articles of {day}, by outlet: {outlets}.").format(day=day_in_words(most), outlets=names)
        return shorten(said, ALT_LENGTH // 2)
    said = _("Articles a day from {first} to {last}, by outlet: {outlets}. The most are of {day}: {count}.").format(
        first=day_in_words(min(totals)),
        last=day_in_words(max(totals)),
        outlets=names,
        day=day_in_words(most),
        count=number(totals[most]),
    )
    return shorten(said, ALT_LENGTH // 2)  # some characters count twice

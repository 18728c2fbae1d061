"""Spans of time of one length, side by side without a gap: what a chart counts articles in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MOST = 45
"""Bars that a picture has room for."""
_WEEK = 7

Length = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Bins:
    """The first day of each span, oldest first, also of those in which nothing was published."""

    length: Length
    starts: tuple[date, ...]


def bins(first: date, last: date) -> Bins:
    """The shortest spans from `first` to `last` of which there are at most `MOST`; years, however many they are."""
    for length in ("day", "week", "month"):
        # How many there are is reckoned first: news may be dated centuries apart.
        if (last - first).days / _DAYS[length] <= MOST and len(starts := _starts(first, last, length)) <= MOST:
            return Bins(length, starts)
    return Bins("year", tuple(date(year, 1, 1) for year in range(first.year, last.year + 1)))


def counted_in(spans: Bins, by_day: Mapping[date, int]) -> list[int]:
    """How many there are in each span."""
    places = {start: at for at, start in enumerate(spans.starts)}
    counts = [0] * len(spans.starts)
    for day, count in by_day.items():
        counts[places[_start(day, spans.length)]] += count
    return counts


_DAYS: dict[Length, int] = {"day": 1, "week": _WEEK, "month": 28, "year": 365}
"""Not more than any of them has."""


def _starts(first: date, last: date, length: Length) -> tuple[date, ...]:
    step = timedelta(32 if length == "month" else _DAYS[length])
    found = [_start(first, length)]
    while last - found[-1] >= timedelta(_DAYS[length]):
        following = _start(found[-1] + min(step, date.max - found[-1]), length)
        if following > last:
            break
        found.append(following)
    return tuple(found)


def _start(day: date, length: Length) -> date:
    """The first day of the span that `day` is in; a week begins on a Monday."""
    if length == "week":
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[length]

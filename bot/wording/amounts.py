"""Numbers, durations, sizes and days as they are written in the language that is spoken, and numbers of things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.wording.language import _n, locale


def number(count: float) -> str:
    """A number, with one digit behind its point at most."""
    return format_decimal(count, "#,##0.#", locale=locale())


def counted(count: int, one: str, many: str, **places: str) -> str:
    """A number of things in the language that is spoken: `counted(2, "{count} article", "{count} articles")`.

    `places` fill what else there is to fill.
    """
    return _n(one, many, count).format(count=number(count), **places)


def listed(names: Sequence[str], most: int, whole: str, more: str) -> tuple[str, ...]:
    """At most one text, none without `names`: `whole` with all {names}.

    Of more than `most`, the first stand in `more`, in the form that fits the {count} of the others.
    """
    if not names:
        return ()
    shown, rest = ", ".join(names[:most]), len(names) - most
    return (counted(rest, more, more, names=shown) if rest > 0 else whole.format(names=shown),)


def duration(seconds: float) -> str:
    """Seconds, or from a minute on minutes and seconds, in short."""
    if round(seconds, 1) < 60:
        return _unit(round(seconds, 1), "second")
    minutes, rest = divmod(round(seconds), 60)
    return f"{_unit(minutes, 'minute')} {_unit(rest, 'second')}"


def milliseconds(seconds: float) -> str:
    """A short time."""
    return _unit(round(seconds * 1000), "millisecond")


def megabytes(size: float) -> str:
    """Bytes as megabytes (of a million bytes each)."""
    return _unit(round(size / 1e6), "megabyte")


def day_in_words(day: date) -> str:
    """A day with its month's name."""
    return format_date(day, "long", locale=locale())


def _unit(count: float, unit: str) -> str:
    return format_unit(count, unit, "short", "#,##0.#", locale=locale())

"""Days as files, feeds and pages write them: read as written, believed when plausible, never invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from retrieval.article import Day, instant
from retrieval.reasons import Reason
from retrieval.text.words import ANY_MONTH, month_number
from retrieval.text.written_days import NO_HABITS, Habits, read_day

MANY, LONG_AGO = 4, timedelta(days=365)
"""What so many of one publisher have in common, to the second, is no date of theirs if it is so long ago: it is that of
the day a site was set up, or of a template. Later ones may have come out together.
"""

_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_FIRST_YEAR = 1900
_CLOCK_SLACK = timedelta(days=1)
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Before this was written: a clock that shows less begins to count anew at each start, and is wrong."""
_CLOCK_LIFE = 30  # years after that in which this may run beside a clock that is wrong: none of them is then the future
_OF_THE_FUTURE = re.compile("“([^”]*)” lies in the future")
_DAY = 86_400  # seconds
_LONGEST = 80  # characters in which a day is looked for
_MONTH = rf"({ANY_MONTH})\.?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_IN_PATH = re.compile(rf"/((?:19|20)\d\d)[/-](\d{{1,2}}|{_MONTH})[/-](\d{{1,2}})(?=[/-]|$)", re.IGNORECASE)


def believable_day(text: str, now: datetime | None = None) -> Day:
    """The date or moment that `text` writes in ISO 8601: "2025-05-01", "2025-05-01T10:30:00+02:00".

    A plain date stays one; a time without a zone is UTC. Raises ValueError, with a message for a
    person, when it is neither, or is not believable: before 1900, more than a day after `now` (an aware datetime;
    by default the present), or where computers begin to count.
    """
    written = text.strip()
    shown = _shortened(written)
    try:
        day = _from_iso(written)
    except ValueError:
        raise ValueError(Reason("“{day}” is not an ISO 8601 date such as 2025-05-01", day=shown)) from None
    if day.year < _FIRST_YEAR:
        raise ValueError(Reason("“{day}” is before {year}", day=shown, year=str(_FIRST_YEAR)))
    if _is_zero(day):
        raise ValueError(Reason("“{day}” is what a computer writes that knows no date", day=shown))
    if (present := now or datetime.now(UTC)) >= _WRITTEN:
        latest = present + _CLOCK_SLACK
    else:
        latest = _WRITTEN.replace(year=_WRITTEN.year + _CLOCK_LIFE)
    # Compared by year first: the last days of year 9999 have no timestamp in some zones.
    if day.year > latest.year + 1 or instant(day) > latest.timestamp():
        raise ValueError(Reason("“{day}” lies in the future", day=shown))
    return day


def has_come(reason: str, now: datetime | None = None) -> bool:
    """Whether a day that `believable_day` refused as one of the future, with this reason, is believed now.

    Time has passed since, or the clock was wrong.
    """
    refused = _OF_THE_FUTURE.search(reason)
    if refused is None:
        return False
    try:
        believable_day(refused[1], now)
    except ValueError:
        return False
    return True


def _from_iso(written: str) -> Day:
    if _PLAIN_DATE.fullmatch(written):
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", written))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_zero(day: Day) -> bool:
    """Whether it is where Unix time begins, in whatever zone, or the first day that tables of old knew."""
    return (day.year in (1969, 1970) and abs(instant(day)) <= _DAY) or (day.year, day.month, day.day) == (1900, 1, 1)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def iso_day(text: str, habits: Habits = NO_HABITS) -> str:
    """`text` as ISO 8601 where it writes one day ("May 17, 2024", RFC 2822, 20240517), else as it stands.

    What day and month could be taken for each other in ("03/04/2024") the publisher's `habits` decide, or nobody.
    """
    written = text.strip()
    day = read_day(written, habits)
    return day.isoformat() if day is not None else _named_month(written[: _LONGEST + 1]) or written


def day_in_path(path: str) -> str | None:
    """The day that the path of an address names ("/2024/05/17/", "/2024/may/17/"), in ISO 8601."""
    found = _IN_PATH.search(path)
    if not found:
        return None
    month = int(found[2]) if found[2].isdigit() else month_number(found[3])
    return _valid(int(found[1]), month, int(found[4]))


def _named_month(text: str) -> str | None:
    """The only day that is named among other words: "Published on 17 May 2024"."""
    if len(text) > _LONGEST:
        return None
    found = {(each[3], each[2], each[1]) for each in _DAY_FIRST.finditer(text)}
    found |= {(each[3], each[1], each[2]) for each in _MONTH_FIRST.finditer(text)}
    days = {_valid(int(year), month_number(month), int(day)) for year, month, day in found}
    return days.pop() if len(days) == 1 else None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None

"""Publishers' dates: read as written, believed when plausible, never invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from retrieval.article import Day, instant

_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_FIRST_YEAR = 1900
_CLOCK_SLACK = timedelta(days=1)


def parse_day(text: str, now: datetime | None = None) -> Day:
    """The date or moment that `text` writes in ISO 8601: "2025-05-01", "2025-05-01T10:30:00+02:00".

    A plain date stays one; a time without a zone is UTC. Raises ValueError, with a message for a
    person, when it is neither, or is not believable: before 1900, or more than a day after `now`
    (an aware datetime; by default the present).
    """
    written = text.strip()
    try:
        day = _read(written)
    except ValueError:
        raise ValueError(f"“{_shortened(written)}” is not an ISO 8601 date such as 2025-05-01") from None
    if day.year < _FIRST_YEAR:
        raise ValueError(f"“{_shortened(written)}” is before {_FIRST_YEAR}")
    latest = (now or datetime.now(UTC)) + _CLOCK_SLACK
    # Compared by year first: the last days of year 9999 have no timestamp in some zones.
    if day.year > latest.year + 1 or instant(day) > latest.timestamp():
        raise ValueError(f"“{_shortened(written)}” lies in the future")
    return day


def _read(written: str) -> Day:
    if _PLAIN_DATE.fullmatch(written):
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", written))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"

"""Days as files, feeds and pages write them: read as written, believed when plausible, never invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from retrieval.article import Day, instant
from retrieval.text.words import ANY_MONTH, month_number

_PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_FIRST_YEAR = 1900
_CLOCK_ZERO = "1970-01-01"
_CLOCK_SLACK = timedelta(days=1)
_COMPACT = re.compile(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?=[ T]\d)")
_MONTH = rf"({ANY_MONTH})\.?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_IN_PATH = re.compile(rf"/((?:19|20)\d\d)[/-](\d{{1,2}}|{_MONTH})[/-](\d{{1,2}})(?=[/-]|$)", re.IGNORECASE)


def believable_day(text: str, now: datetime | None = None) -> Day:
    """The date or moment that `text` writes in ISO 8601: "2025-05-01", "2025-05-01T10:30:00+02:00".

    A plain date stays one; a time without a zone is UTC. Raises ValueError, with a message for a
    person, when it is neither, or is not believable: before 1900, the zero of computers' clocks, or more than a
    day after `now` (an aware datetime; by default the present).
    """
    written = text.strip()
    try:
        day = _from_iso(written)
    except ValueError:
        raise ValueError(f"“{_shortened(written)}” is not an ISO 8601 date such as 2025-05-01") from None
    if written.startswith(_CLOCK_ZERO) or (isinstance(day, datetime) and day.timestamp() == 0):
        raise ValueError(f"“{_shortened(written)}” is what a computer writes that knows no date")
    if day.year < _FIRST_YEAR:
        raise ValueError(f"“{_shortened(written)}” is before {_FIRST_YEAR}")
    latest = (now or datetime.now(UTC)) + _CLOCK_SLACK
    # Compared by year first: the last days of year 9999 have no timestamp in some zones.
    if day.year > latest.year + 1 or instant(day) > latest.timestamp():
        raise ValueError(f"“{_shortened(written)}” lies in the future")
    return day


def _from_iso(written: str) -> Day:
    if _PLAIN_DATE.fullmatch(written):
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", written))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def iso_day(text: str) -> str:
    """`text` as ISO 8601 when it is one of the usual forms ("May 17, 2024", RFC 2822, 20240517), else as it stands.

    Forms in which day and month could be taken for each other ("03/04/2024") are left as they are.
    """
    written = text.strip()
    if compact := _COMPACT.fullmatch(written):
        return "-".join(compact.groups())
    if slashed := _SLASHED.match(written):
        return f"{slashed[1]}-{int(slashed[2]):02}-{int(slashed[3]):02}{written[slashed.end() :]}"
    if len(written) > 80:
        return written
    return _mail_moment(written) or _named_month(written) or written


def day_in_path(path: str) -> str | None:
    """The day that the path of an address names ("/2024/05/17/", "/2024/may/17/"), in ISO 8601."""
    found = _IN_PATH.search(path)
    if not found:
        return None
    month = int(found[2]) if found[2].isdigit() else month_number(found[3])
    return _valid(int(found[1]), month, int(found[4]))


def _mail_moment(text: str) -> str | None:
    """RFC 2822: "Fri, 17 May 2024 10:00:00 GMT"."""
    if ":" not in text or "," not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # Zones that the standard does not know are read as none; a zone read wrongly would move the day.
    known = re.search(r"(?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)$", text.rstrip(")"))
    return moment.isoformat() if known else None


def _named_month(text: str) -> str | None:
    if found := _DAY_FIRST.search(text):
        return _valid(int(found[3]), month_number(found[2]), int(found[1]))
    if found := _MONTH_FIRST.search(text):
        return _valid(int(found[3]), month_number(found[1]), int(found[2]))
    return None


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None

"""The forms in which pages and tables write a day, as the ISO 8601 that `dates.parse_day` reads."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

from retrieval.text.words import ANY_MONTH, month_number

_COMPACT = re.compile(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?=[ T]\d)")
_MONTH = rf"({ANY_MONTH})\.?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_IN_PATH = re.compile(rf"/((?:19|20)\d\d)[/-](\d{{1,2}}|{_MONTH})[/-](\d{{1,2}})(?=[/-]|$)", re.IGNORECASE)


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

"""Time zones as people write them behind a clock time: offsets, and the names that mean one thing. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS = """
    0 z ut utc gmt wet   1 cet mez met west wat   2 cest mesz mest eet cat sast   3 eest msk eat trt idt   4 get azt
    5 pkt uzt   5:30 slst   5:45 npt   6:30 mmt   7 ict wib   8 hkt sgt pht awst wita   9 jst kst wit   9:30 acst
    10 aest chst   10:30 acdt   11 aedt   12 nzst   13 nzdt   -2:30 ndt   -3 adt brt art clst   -3:30 nst
    -4 clt vet edt bot   -5 est cdt cot pet   -6 cst mdt   -7 mst pdt   -8 pst akdt   -9 akst   -10 hst
""".split()
# Names that mean another zone elsewhere, by the country's domain; "" is where no country is known, if that may be said.
_BY_COUNTRY = {
    "ist": {"in": "5:30", "lk": "5:30", "ie": "1", "il": "2"},
    "bst": {"": "1", "bd": "6"},
    "cst": {"": "-6", "cn": "8", "tw": "8", "hk": "8", "mo": "8", "cu": "-5"},
    "cdt": {"": "-5", "cu": "-4"},
    "est": {"": "-5", "au": "10"},
    "edt": {"": "-4", "au": "11"},
    "pst": {"": "-8", "ph": "8"},
    "mst": {"": "-7", "my": "8"},
    "ast": {"ca": "-4", "pr": "-4", "bb": "-4", "tt": "-4", "sa": "3", "kw": "3", "qa": "3", "bh": "3", "iq": "3"},
    "gst": {"ae": "4", "om": "4"},
    "sst": {"as": "-11", "sg": "8"},
    "amt": {"am": "4", "br": "-4"},
    "ect": {"ec": "-5"},
    "wst": {"au": "8", "ws": "13"},
}
# As American papers write, summer and winter.
_OF_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_OFFSET = re.compile(r"(?:utc|gmt|z)?\s?([+−–-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_PLACE = re.compile(r"[A-Z][A-Za-z_]{2,20}/[A-Z][A-Za-z_/-]{2,40}")

ZONE = r"(?:(?:UTC|GMT|Z)?\s?[+−–-]\d{1,2}(?::?\d{2})?|[A-Z][A-Za-z_]{2,20}/[A-Z][A-Za-z_/-]{2,40}|[A-Za-z]{1,5})"
"""What may be a zone, as a part of a regular expression that heeds case."""


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    hours = "0"
    for word in _HOURS:
        if word[-1].isdigit():
            hours = word
        else:
            names[word] = hours
    return names


_NAMES = _names()


def at_zone(moment: datetime, written: str, country: str | None = None) -> datetime | None:
    """The naive `moment` in the zone that is `written` in `country` (its domain); None where that may mean two.

    A zone counts as it is written: "CEST" in winter is an hour ahead of "CET", too.
    """
    zone = _zone(written.strip(), country or "")
    try:
        aware = moment.replace(tzinfo=zone) if zone is not None else None
        # As an offset, so that the moment says by itself what it means.
        return aware and aware.replace(tzinfo=timezone(aware.utcoffset() or timedelta()))
    except (ValueError, OverflowError):
        return None


def _zone(written: str, country: str) -> tzinfo | None:
    if offset := _OFFSET.fullmatch(written):
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(span if offset[1] == "+" else -span)
    name = written.casefold()
    place = _OF_PLACES.get(name) or (written if _PLACE.fullmatch(written) else None)
    if place is not None:
        try:
            return ZoneInfo(place)
        except (ValueError, OSError, KeyError):  # no such place
            return None
    here = _BY_COUNTRY.get(name, {})
    hours = here.get(country) or here.get("") or (_NAMES.get(name) if not here else None)
    if hours is None:
        return None
    whole, _, minutes_after = hours.removeprefix("-").partition(":")
    span = timedelta(hours=int(whole), minutes=int(minutes_after or 0))
    return timezone(-span if hours.startswith("-") else span)

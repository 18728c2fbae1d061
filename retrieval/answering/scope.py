"""What a question's own words narrow the search to: a time, an outlet or both, and how that is said in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Named:
    """Days of publication (both included; None is open) and the outlet as the index spells it, or None.

    At least one of the three is there. `dropped` tells that nothing was found so narrowed, so that all articles were
    looked through, or `all_others` of those that the one who asks had set.
    """

    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    dropped: bool = False
    all_others: bool = False

    def __str__(self) -> str:
        """As in "articles from 3 to 9 June 2024"."""
        named = _in_words(self.since, self.until, self.outlet)
        if not self.dropped:
            return named
        return f"{'all others of those' if self.all_others else 'all articles'}, as there are no {named}"


def _in_words(since: date | None, until: date | None, outlet: str | None) -> str:
    span = _span_in_words(since, until)
    if outlet is None:
        return f"articles {span}"
    joint = "" if not span else f", {span.removeprefix('from ')}" if span.startswith("from ") else f" {span}"
    return f"articles from {outlet}{joint}"


def _span_in_words(since: date | None, until: date | None) -> str:
    if since is None:
        return f"until {_day_in_words(until)}" if until else ""
    if until is None:
        return f"since {_day_in_words(since)}"
    if since == until:
        return f"on {_day_in_words(since)}"
    if since.year != until.year:
        start = _day_in_words(since)
    else:
        start = f"{since.day} {since:%B}" if since.month != until.month else str(since.day)
    return f"from {start} to {_day_in_words(until)}"


def _day_in_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"

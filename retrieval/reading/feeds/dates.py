"""The dates of a feed's entries, read from its own words: what the parsers make of them is never trusted.

`reader` keeps moments only, so a day without a time is kept as one that no feed writes; `day_of` tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from retrieval.article import Day
from retrieval.reading.feeds.reader_internals import EntryData
from retrieval.text.days import LONG_AGO, MANY, believable_day
from retrieval.text.written_days import Habits, read_day

_DAY_ALONE = time(microsecond=1)


@dataclass(frozen=True, slots=True)
class WrittenDates:
    """What a feed's entries, in their order, call their days of publication and change, and how it writes days."""

    texts: Sequence[tuple[str, str]]
    habits: Habits

    def applied(self, entries: Sequence[EntryData], now: datetime) -> list[EntryData]:
        """The entries with their dates. One that many have had for long is of the day that a site was set up."""
        counts = Counter(text for each in self.texts for text in set(each) if text)
        many = {text for text, count in counts.items() if count >= MANY and 2 * count >= len(entries)}
        days = {text: self._read(text, now) for text in counts}
        for text in many:
            if (moment := days[text]) is not None and now - moment > LONG_AGO:
                days[text] = None
        return [
            replace(entry, published=days.get(published), updated=days.get(updated))
            for entry, (published, updated) in zip(entries, self.texts, strict=True)
        ]

    def _read(self, text: str, now: datetime) -> datetime | None:
        day = read_day(text, self.habits)
        try:
            return None if day is None else _moment(believable_day(day.isoformat(), now))
        except (ValueError, OverflowError):
            return None


def _moment(day: Day) -> datetime:
    if isinstance(day, datetime):
        return day.astimezone(UTC).replace(microsecond=0)
    return datetime.combine(day, _DAY_ALONE, UTC)


def day_of(moment: datetime | None) -> Day | None:
    """The day or moment that was kept as `moment`."""
    return moment.date() if moment is not None and moment.timetz() == _DAY_ALONE.replace(tzinfo=UTC) else moment

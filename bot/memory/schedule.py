"""When a digest is due: a local time of every day or of one weekday, right also where clocks go forward or back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

MINUTE = timedelta(minutes=1)
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """`hour`:`minute` in the time zone `zone` (IANA's name), every day, or on one `weekday` (0 is Monday) only."""

    zone: str
    hour: int
    minute: int
    weekday: int | None = None

    @property
    def patience(self) -> float:
        """Seconds after which a digest that could not be posted is left out for the next one."""
        return 6 * HOUR if self.weekday is None else 24 * HOUR

    def next_after(self, moment: float) -> float:
        """The first due time later than `moment`; both are Unix times."""
        zone = _zone(self.zone)
        today = datetime.fromtimestamp(moment, zone).date()
        # Yesterday's as well: a day that a zone leaves out has its time on the next one.
        days = (today + timedelta(days=number) for number in range(-1, 9))
        dues = (
            _instant(day, time(self.hour, self.minute), zone) for day in days if self.weekday in (None, day.weekday())
        )
        return next(due for due in dues if due > moment)


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones, in alphabetical order. Reads the disk at first."""
    return tuple(sorted(available_timezones()))


def zone_named(text: str) -> str | None:
    """The time zone with this name, however it is written ("europe/berlin"); None if there is none."""
    wanted = _folded(text)
    return next((name for name in zones() if _folded(name) == wanted), None)


def _folded(text: str) -> str:
    return "_".join(text.casefold().split())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # it was known when it was chosen, on another machine
        return ZoneInfo("UTC")


def _instant(day: date, wall: time, zone: ZoneInfo) -> float:
    """When the clocks of `zone` show `wall` on `day`: the first of two times, and the next one where there is none."""
    local = datetime.combine(day, wall, zone)
    before = local.astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return before.timestamp()
    # Clocks skip it. With the later offset the moment lies before the jump: from there on to the first one after it.
    moment = local.replace(fold=1).astimezone(UTC)
    offset = moment.astimezone(zone).utcoffset()
    while moment.astimezone(zone).utcoffset() == offset:
        moment += MINUTE
    return moment.timestamp()

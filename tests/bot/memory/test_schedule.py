"""When a digest is due, also where clocks go forward or back."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.schedule import Schedule, zone_named, zones

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Schedule("Europe/Berlin", 8, 0)


def berlin(*parts: int, fold: int = 0) -> float:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (DAILY, berlin(2026, 1, 10, 7, 59), berlin(2026, 1, 10, 8)),
        (DAILY, berlin(2026, 1, 10, 8), berlin(2026, 1, 11, 8)),
        # Summer time begins and ends: the same hour on the clocks, 23 and 25 hours later.
        (DAILY, berlin(2026, 3, 28, 8), berlin(2026, 3, 28, 8) + 23 * 3600),
        (DAILY, berlin(2026, 10, 24, 8), berlin(2026, 10, 24, 8) + 25 * 3600),
        # 02:30 is left out: the next time that there is, which is 03:00, and 02:30 again the day after.
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 3)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 3, 29, 3), berlin(2026, 3, 30, 2, 30)),
        # 02:30 comes twice: the first one only.
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 24, 12), berlin(2026, 10, 25, 2, 30)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 25, 2, 30), berlin(2026, 10, 26, 2, 30)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 25, 2, 30, fold=1), berlin(2026, 10, 26, 2, 30)),
        # 29 March 2026 is a Sunday.
        (Schedule("Europe/Berlin", 2, 30, 6), berlin(2026, 3, 23, 12), berlin(2026, 3, 29, 3)),
        (Schedule("Europe/Berlin", 8, 0, 0), berlin(2026, 3, 23, 8), berlin(2026, 3, 30, 8)),
        (Schedule("Nowhere/Lost", 8, 0), datetime(2026, 1, 1, tzinfo=UTC).timestamp(), 1767254400.0),
    ],
)
def test_a_digest_is_due_at_its_local_time(schedule: Schedule, after: float, due: float) -> None:
    assert schedule.next_after(after) == due


@given(
    st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
    st.integers(0, 23),
    st.integers(0, 59),
    st.none() | st.integers(0, 6),
    st.integers(1_600_000_000, 1_900_000_000),
)
def test_a_digest_is_due_once_a_day_or_week(zone: str, hour: int, minute: int, weekday: int | None, after: int) -> None:
    schedule = Schedule(zone, hour, minute, weekday)
    first = schedule.next_after(after)
    second = schedule.next_after(first)
    days = 1 if weekday is None else 7
    assert after < first <= after + days * 86_400 + 3 * 3600
    assert abs(second - first - days * 86_400) <= 3 * 3600
    local = [datetime.fromtimestamp(due, ZoneInfo(zone)) for due in (first, second)]
    assert (local[1].date() - local[0].date()).days == days
    assert weekday in (None, local[0].weekday())
    assert all((each.hour, each.minute) >= (hour, minute) for each in local)
    assert any((each.hour, each.minute) == (hour, minute) for each in local)


def test_a_time_zone_is_known_however_it_is_written() -> None:
    assert "Europe/Berlin" in zones()
    assert zone_named(" europe/BERLIN ") == "Europe/Berlin"
    assert zone_named("america/new york") == "America/New_York"
    assert zone_named("Berlin time") is None

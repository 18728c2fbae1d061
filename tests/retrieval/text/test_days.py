"""Days as they are written: which are read, which are believed, and that none is invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.days import believable_day, day_in_path, has_come, iso_day

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-01", date(2025, 5, 1)),
        (" 2025-05-01\n", date(2025, 5, 1)),
        ("2025-05-01T10:30:00Z", datetime(2025, 5, 1, 10, 30, tzinfo=UTC)),
        ("2025-05-01T10:30:00+02:00", datetime(2025, 5, 1, 8, 30, tzinfo=UTC)),
        ("2025-05-01 10:30:00 +0200", datetime(2025, 5, 1, 8, 30, tzinfo=UTC)),
        ("2025-05-01T10:30", datetime(2025, 5, 1, 10, 30, tzinfo=UTC)),
        ("2026-11-25", date(2026, 11, 25)),
        ("2026-11-25T11:59:00Z", datetime(2026, 11, 25, 11, 59, tzinfo=UTC)),
        ("1900-01-02", date(1900, 1, 2)),
        ("1970-01-03", date(1970, 1, 3)),
    ],
)
def test_iso_dates_are_read(text: str, expected: date | datetime):
    day = believable_day(text, NOW)
    assert day == expected
    assert type(day) is type(expected)
    assert not isinstance(day, datetime) or day.tzinfo is not None


def test_a_clock_that_begins_anew_at_each_start_makes_no_day_one_of_the_future():
    began_anew = datetime(1970, 1, 1, tzinfo=UTC)
    assert believable_day("2026-10-30", began_anew) == date(2026, 10, 30)
    assert believable_day("2031-02-03", began_anew) == date(2031, 2, 3)
    with pytest.raises(ValueError, match="future"):
        believable_day("2199-01-01", began_anew)


def test_a_reason_tells_whether_its_day_has_come():
    with pytest.raises(ValueError, match="future") as refused:
        believable_day("2026-11-26", NOW)
    reason = f"`published` is ignored: {refused.value}; the article is kept without it"
    assert not has_come(reason, NOW)
    assert has_come(reason, NOW + timedelta(days=2))
    assert not has_come("`published` is ignored: “2026-11-26” is before 1900", NOW + timedelta(days=2))


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "05/01/2025", "2025-02-30", "2025-05", "20", "2026-11-26", "2026-11-25T12:01:00Z",
     "1899-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1746093600",
     "1970-01-01", "1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1970-01-01T01:00:00+01:00", "1900-01-01"],
)  # fmt: skip
def test_other_dates_are_not_believed(text: str):
    with pytest.raises(ValueError, match="“"):
        believable_day(text, NOW)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Fri, 17 May 2024 10:00:00 GMT", "2024-05-17T10:00:00+00:00"),
        ("Fri, 17 May 2024 10:00:00 +0200", "2024-05-17T10:00:00+02:00"),
        ("Fri, 17 May 2024 10:00:00 NZST", "2024-05-17T10:00:00+12:00"),
        ("Published on May 17, 2024 by Liv Aas", "2024-05-17"),
        ("Published May 3, 2024, updated May 17, 2024", "Published May 3, 2024, updated May 17, 2024"),
        ("May 17, 2024", "2024-05-17"),
        ("Friday, 17th May 2024, 10:00 NZST", "2024-05-17T10:00:00+12:00"),
        ("20240517", "2024-05-17"),
        ("2024/5/7 10:00", "2024-05-07T10:00:00+00:00"),
        ("2024/05/17", "2024-05-17"),
        ("31 June 2024", "31 June 2024"),
        ("03/04/2024", "03/04/2024"),
        ("soon", "soon"),
    ],
)
def test_other_forms_are_read_where_they_have_one_meaning(text: str, iso: str):
    assert iso_day(text) == iso


WRITTEN = st.lists(st.sampled_from([*"/.,: -T", "17", "5", "2024", "may", "Sept.", "th", "GMT", "٣"]), max_size=9)


@given(st.text(max_size=120) | WRITTEN.map("".join))
def test_any_other_text_stays_as_it_is_or_becomes_a_day(text: str):
    day = iso_day(text)
    assert day == text.strip() or re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[ T].*)?", day, re.DOTALL)


@given(st.text(max_size=120) | WRITTEN.map("".join))
def test_a_path_names_a_day_of_the_calendar_or_none(text: str):
    day = day_in_path("/" + text)
    assert day is None or date.fromisoformat(day).isoformat() == day

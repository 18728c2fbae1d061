"""Days as members type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.days import Days, UnclearDay, days_in, offered, window

TODAY = date(2026, 11, 24)  # a Tuesday


def one(*day: int) -> Days:
    return Days(date(*day), date(*day))


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026-11-20", one(2026, 11, 20)),
        ("2026-03-04", one(2026, 3, 4)),
        (" today ", one(2026, 11, 24)),
        ("yesterday", one(2026, 11, 23)),
        ("3 days ago", one(2026, 11, 21)),
        ("2 weeks ago", one(2026, 11, 10)),
        ("20 November", one(2026, 11, 20)),
        ("November 20, 2025", one(2025, 11, 20)),
        ("25 December", one(2025, 12, 25)),
        ("monday", one(2026, 11, 23)),
        ("20.11.2026", one(2026, 11, 20)),
        ("20/11/2026", one(2026, 11, 20)),
        ("5/5/2026", one(2026, 5, 5)),
        ("tomorrow", one(2026, 11, 25)),
        ("last week", Days(date(2026, 11, 16), date(2026, 11, 22))),
        ("this week", Days(date(2026, 11, 23), date(2026, 11, 29))),
        ("last month", Days(date(2026, 10, 1), date(2026, 10, 31))),
        ("November 2025", Days(date(2025, 11, 1), date(2025, 11, 30))),
        ("december", Days(date(2025, 12, 1), date(2025, 12, 31))),
        ("2024", Days(date(2024, 1, 1), date(2024, 12, 31))),
        ("03/04/2026", None),
        ("12.11.", one(2026, 11, 12)),
        ("5.12.", one(2025, 12, 5)),
        ("03.04.", one(2026, 4, 3)),
        ("24. 11.", one(2026, 11, 24)),
        ("12.11.25", one(2025, 11, 12)),
        ("29.2.", one(2024, 2, 29)),
        ("31.04.", None),
        ("10.30", None),
        ("03/15", None),
        ("3/4", None),
        ("15/3", one(2026, 3, 15)),
        ("noon", None),
        ("midnight", None),
        ("10am", None),
        ("yesterday evening", None),
        ("3 hours ago", None),
        ("Q3 2025", Days(date(2025, 7, 1), date(2025, 9, 30))),
        ("H1 2025", Days(date(2025, 1, 1), date(2025, 6, 30))),
        ("2024-h2", Days(date(2024, 7, 1), date(2024, 12, 31))),
        ("W12 2025", Days(date(2025, 3, 17), date(2025, 3, 23))),
        ("2025-W12", Days(date(2025, 3, 17), date(2025, 3, 23))),
        ("KW 54 2025", None),
        ("H1 1200", None),
        ("Monday at 5", None),
        ("monday 5", None),
        ("5 May at 10", None),
        ("Monday 17 Uhr", None),
        ("5 May @10", None),
        ("2025/26", None),
        ("Friday 20 November 2026", one(2026, 11, 20)),
        ("Monday 20 November 2026", None),
        ("20 November 2026 maybe", None),
        ("three days before yesterday", None),
        ("2 days after tomorrow", None),
        ("5 yesterday", None),
        ("the day before yesterday", one(2026, 11, 22)),
        ("one year ago today", one(2025, 11, 24)),
        ("2 months and 3 days ago", one(2026, 9, 21)),
        ("a week ago", Days(date(2026, 11, 16), date(2026, 11, 22))),
        ("last friday", one(2026, 11, 20)),
        ("in November 2025", Days(date(2025, 11, 1), date(2025, 11, 30))),
        ("soon", None),
        ("12:30", None),
        ("5", None),
        ("0001-01-01", None),
        ("9999-12-99", None),
        ("99999999 days ago", None),
        ("", None),
        ("yesterday " * 10, None),
    ],
)
def test_a_day_is_read(typed: str, days: Days | None) -> None:
    assert days_in(typed, TODAY) == days


@pytest.mark.parametrize(
    ("locale", "typed"),
    [("de", "gestern"), ("es-419", "ayer"), ("fr", "hier"), ("en-GB", "yesterday"), ("xx", "yesterday")],
)
def test_a_day_is_read_in_the_members_language(locale: str, typed: str) -> None:
    assert days_in(typed, TODAY, locale) == one(2026, 11, 23)
    assert days_in("yesterday", TODAY, locale) == one(2026, 11, 23)
    assert days_in("12.11.", TODAY, locale) == one(2026, 11, 12)


@pytest.mark.parametrize(
    ("locale", "typed", "days"),
    [
        ("de", "vorgestern", one(2026, 11, 22)),
        ("de", "vor drei Tagen", one(2026, 11, 21)),
        ("de", "drei Tage vor gestern", None),
        ("de", "im November 2025", Days(date(2025, 11, 1), date(2025, 11, 30))),
        ("es", "hace 3 días", one(2026, 11, 21)),
        ("fr", "il y a 3 jours", one(2026, 11, 21)),
        ("fr", "midi", None),
    ],
)
def test_a_day_is_read_in_full_in_each_language(locale: str, typed: str, days: Days | None) -> None:
    assert days_in(typed, TODAY, locale) == days


def test_a_window_holds_both_of_its_days() -> None:
    assert window("November 2025", "November 2025", TODAY) == (date(2025, 11, 1), date(2025, 11, 30))
    assert window(None, "yesterday", TODAY) == (None, date(2026, 11, 23))
    assert window("today", " ", TODAY) == (TODAY, None)
    assert window("today", "this week", TODAY) == (TODAY, date(2026, 11, 29))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("tomorrow", None, "25 November 2026 is yet to come, so there are no articles since then"),
        ("yesterday", "3 days ago", "no time since 23 November 2026 and until 21 November 2026; put the earlier day"),
        ("blue", None, "I do not know which day “blue” is; write it like 2026-11-20"),
        (None, "x" * 99, "I do not know which day “xxx"),
    ],
)
def test_what_leaves_no_time_is_refused_with_the_remedy(since: str | None, until: str | None, said: str) -> None:
    with pytest.raises(UnclearDay, match=said):
        window(since, until, TODAY)


def test_days_are_offered_as_they_are_understood() -> None:
    assert offered("", TODAY, "since") == [
        ("today · 24 November 2026", "2026-11-24"),
        ("yesterday · 23 November 2026", "2026-11-23"),
        ("7 days ago · 17 November 2026", "2026-11-17"),
        ("a month ago · 24 October 2026", "2026-10-24"),
    ]
    assert offered("last week", TODAY, "since") == [("last week · 16 November 2026", "2026-11-16")]
    assert offered("last week", TODAY, "until") == [("last week · 22 November 2026", "2026-11-22")]
    assert offered("yest", TODAY, "since") == [("yesterday · 23 November 2026", "2026-11-23")]
    assert offered("2026-11-20", TODAY, "since") == [("20 November 2026", "2026-11-20")]
    assert len(offered("zzz", TODAY, "since")) == 4
    assert offered("", date(2026, 3, 31), "since")[-1][1] == "2026-02-28"


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from("1 20 99 2026 days weeks ago last next november monday / . - in".split())).map(
            " ".join
        ),
    ),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_whatever_is_typed_is_a_span_of_days_or_none(typed: str, today: date) -> None:
    found = days_in(typed, today)
    if found:
        assert timedelta(0) <= found.last - found.first <= timedelta(365)
    for name, value in offered(typed, today, "since"):
        assert name
        assert date.fromisoformat(value)

"""Dates as publishers write them: read in full, told apart by what is known of the publisher, or not read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Day
from retrieval.text.written_days import NO_HABITS, Habits, habits_of, read_day

MAY = date(2025, 5, 20)


def at(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20-05-2025", MAY),
        ("05/20/2025", MAY),
        ("20.5.2025", MAY),
        ("2025.05.20", MAY),
        ("2025/5/20", MAY),
        ("2025-140", MAY),
        ("2025W212", MAY),
        ("2025-05-20Z", MAY),
        ("2025. 5. 20.", MAY),
        ("2025年5月20日（火）", MAY),
        ("20 Mayıs 2025", MAY),
        ("20 травня 2025", MAY),
        ("20. toukokuuta 2025", MAY),
        ("20 Μαΐου 2025", MAY),
        ("2025. május 20.", MAY),
        ("20250520080000", at(2025, 5, 20, 8)),
        ("2025년 5월 20일 08시 05분", at(2025, 5, 20, 8, 5)),
        ("20 mai 2025 à 8 h 05", at(2025, 5, 20, 8, 5)),
        ("20 maggio 2025, ore 8:05", at(2025, 5, 20, 8, 5)),
        ("20.5.2025 klo 8.05", at(2025, 5, 20, 8, 5)),
        ("20. Mai 2025", MAY),
        ("mar. 20 mai 2025", MAY),
        ("20 de mayo de 2025", MAY),
        ("20 мая 2025", MAY),
        ("2025年5月20日", MAY),
        ("5/20/25", MAY),
        ("05/05/2025", date(2025, 5, 5)),
        ("Tue,20 May 2025 08:00:00 +0000", at(2025, 5, 20, 8)),
        ("1747728000", at(2025, 5, 20, 8)),
        ("1747728000123", at(2025, 5, 20, 8)),
        ("20250520T080000Z", at(2025, 5, 20, 8)),
        ("Tue May 20 08:00:00 UTC 2025", at(2025, 5, 20, 8)),
        ("20/May/2025:08:00:00 +0000", at(2025, 5, 20, 8)),
        ("Tue May 20 2025 08:00:00 GMT+0200 (Central European Summer Time)", at(2025, 5, 20, 6)),
        ("2025-05-19T24:00:00Z", at(2025, 5, 20)),
        ("2025-05-20T08:00+0530", at(2025, 5, 20, 2, 30)),
        ("2025-05-20T08:00+01", at(2025, 5, 20, 7)),
        ("Tue, 20 May 2025 08:00:00 CET", at(2025, 5, 20, 7)),
        ("20 May 2025 12:05 AM", at(2025, 5, 20, 0, 5)),
        ("20 May 2025 12:05 p.m.", at(2025, 5, 20, 12, 5)),
        ("May 20, 2025, 8 PM ET", at(2025, 5, 21, 0)),
        ("January 20, 2025 at 8:00 p.m. ET", at(2025, 1, 21, 1)),
        ("20 May 2025 08:00 Asia/Kolkata", at(2025, 5, 20, 2, 30)),
        ("20 May 2025 08:00 BST", at(2025, 5, 20, 7)),
        # A zone that may be three, or is not known: the day alone.
        ("20 May 2025 08:00 IST", MAY),
        ("20 May 2025 08:00 (IST)", MAY),
        ("20 May 2025 08:00 (local time)", MAY),
        ("20 May 2025 08:00 (IST +05:30)", datetime(2025, 5, 20, 8, tzinfo=timezone(timedelta(hours=5.5)))),
        ("2025-05-20T08:00[Europe/Paris]", datetime(2025, 5, 20, 8, tzinfo=timezone(timedelta(hours=2)))),
        ("Tue, 20 May 2025 08:00 +0530 (IST)", datetime(2025, 5, 20, 8, tzinfo=timezone(timedelta(hours=5.5)))),
        ("20 May 2025 08:00 XYZT", MAY),
    ],
)
def test_what_is_written_is_meant(text: str, wanted: Day) -> None:
    day = read_day(text)
    assert day == wanted
    assert type(day) is type(wanted)


@pytest.mark.parametrize(
    "text",
    """
    03/04/2025|12-11-2025|2026-02-30|2025-366|2025-W54-1|31.04.2025|20/05/25|2025-05|2025|Q3 2025|soon|12:30|
    20 May 2025 and more|20 May 2025 25:00|20 May 2025 13:00 AM|99999999|2025-05-20T08|2025-05-20 2|0000-00-00|
    20 Foo 2025|20 May 2025 20 June 2025|2025-13-01||20-05/2025|20 May
    """.replace("\n", "").split("|"),
)
def test_what_may_mean_two_things_or_none_is_no_day(text: str) -> None:
    assert read_day(text.strip()) is None


@pytest.mark.parametrize(
    ("others", "language", "address", "wanted"),
    [
        (["13/04/2025", "02/04/2025"], "en-US", None, "DMY"),
        (["04/13/2025"], "de", "https://hafenpost.de/", "MDY"),
        (["Thu, 03/04/2025"], None, None, "DMY"),
        (["13/04/2025", "04/13/2025"], None, None, None),
        ([], "en-US", "https://harbourpost.com/", "MDY"),
        ([], "en-GB", None, "DMY"),
        ([], "fr", None, "DMY"),
        ([], "en", "https://harbourpost.co.uk/", "DMY"),
        ([], "en", "https://harbourpost.us/", "MDY"),
        # A default of many programs says little against the country.
        ([], "en-us", "https://harbourpost.co.uk/", None),
        ([], "en", "https://harbourpost.com/", None),
        ([], "en-CA", None, None),
        ([], None, "https://harbourpost.io/", None),
    ],
)
def test_the_order_of_day_and_month_shows_in_what_is_known_of_the_publisher(
    others: list[str], language: str | None, address: str | None, wanted: str | None
) -> None:
    habits = habits_of(others, language=language, addresses=[address])
    assert habits.order == wanted
    days = {"DMY": date(2025, 4, 3), "MDY": date(2025, 3, 4), None: None}
    assert read_day("03/04/2025", habits) == days[wanted]


@pytest.mark.parametrize(
    ("zone", "country", "hours"),
    [("IST", "in", 5.5), ("IST", "ie", 1), ("CST", None, -6), ("CST", "cn", 8), ("EST", "au", 10), ("BST", "gb", 1)],
)
def test_a_zones_name_means_what_it_means_in_the_country(zone: str, country: str | None, hours: float) -> None:
    moment = read_day(f"20 May 2025 08:00 {zone}", Habits(country=country))
    assert moment == at(2025, 5, 20, 8) - timedelta(hours=hours)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)), st.sampled_from(["DMY", "MDY"]))
def test_numbers_come_back_as_they_went(moment: datetime, order) -> None:
    form = "%d/%m/%Y %H:%M:%S" if order == "DMY" else "%m/%d/%Y %I:%M:%S %p"
    assert read_day(moment.strftime(form), Habits(order)) == moment.replace(microsecond=0, tzinfo=UTC)


PIECES = st.sampled_from([*"/.,: -T+()[]", "17", "5", "2024", "may", "Sept.", "th", "GMT", "pm", "W", "٣", "\u200b"])


@given(st.text(max_size=90) | st.lists(PIECES, max_size=14).map("".join))
def test_any_text_is_read_or_not(text: str) -> None:
    habits_of([text], language=text, addresses=[text])
    assert read_day(text, NO_HABITS) == read_day(f" {text} ")

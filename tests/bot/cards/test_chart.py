"""Charts: a true axis of time, whatever the days, and the same in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from bot.cards.bins import MOST, Bins, bins, counted_in
from bot.cards.card import length
from bot.cards.chart import ALT_LENGTH, coverage_picture, story_picture
from retrieval.answer import Story
from retrieval.article import Article, Day
from retrieval.index.coverage import Coverage, OutletCoverage

PNG = b"\x89PNG\r\n\x1a\n"
DAY = date(2026, 11, 24)


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The heights of the bars of each outlet that is drawn."""
    drawn: list[list[int]] = []
    real = Axes.bar

    def bar(axes: Axes, places: Any, counts: list[int], *others: Any, **more: Any) -> Any:
        assert list(places) == list(range(len(counts)))
        drawn.append(counts)
        return real(axes, places, counts, *others, **more)

    monkeypatch.setattr(Axes, "bar", bar)
    return drawn


def covered(*days: date, outlets: int = 1) -> Coverage:
    names: list[str | None] = [f"Outlet {number}" for number in range(outlets)]
    by_day = tuple((day, dict.fromkeys(names, 2)) for day in days)
    held = tuple(OutletCoverage(name, 9, DAY) for name in names)
    return Coverage(
        articles=9,
        last_day=1,
        last_week=1,
        last_month=1,
        older=0,
        undated=0,
        oldest=days[0],
        newest=days[-1],
        outlets=held,
        by_day=by_day,
    )


def reported(*days: Day | None, outlets: int = 2) -> Story:
    return Story(
        tuple(Article(str(at), "T", "B", None, f"Outlet {at % outlets}", day) for at, day in enumerate(days)), ()
    )


def test_days_without_articles_are_gaps(bars: list[list[int]]) -> None:
    picture = coverage_picture(covered(*(DAY - timedelta(back) for back in (5, 4, 0))))
    assert picture is not None
    assert picture.png.startswith(PNG)
    assert bars == [[2, 2, 0, 0, 0, 2]]


def test_what_is_far_from_the_newest_day_is_not_of_these_days(bars: list[list[int]]) -> None:
    picture = coverage_picture(covered(*(DAY - timedelta(back) for back in (400, 30, 29, 0))))
    assert picture is not None
    assert bars == [[2, *[0] * 28, 2]]
    assert picture.alt.startswith("Articles a day from 26 October 2026 to 24 November 2026")


def test_a_story_is_drawn_by_day_and_outlet(bars: list[list[int]]) -> None:
    night = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    picture = story_picture(reported(night, date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 21), None))
    assert picture is not None
    assert bars == [[0, 0, 1, 1], [1, 0, 0, 1]]
    assert picture.alt == (
        "Articles a day from 21 November 2026 to 24 November 2026, by outlet: Outlet 0 2, Outlet 1 2. "
        "The most are of 24 November 2026: 2."
    )


def test_a_story_of_one_day_is_one_bar(bars: list[list[int]]) -> None:
    picture = story_picture(reported(DAY, DAY, DAY))
    assert picture is not None
    assert bars == [[2], [1]]
    assert picture.alt == "Articles of 24 November 2026, by outlet: Outlet 0 2, Outlet 1 1."


def test_what_one_report_or_none_is_dated_of_is_not_drawn() -> None:
    assert story_picture(reported(DAY, None)) is None
    assert story_picture(reported(date(1900, 1, 1), DAY)) is None


def test_six_outlets_are_named_and_of_more_the_first_five(bars: list[list[int]]) -> None:
    for outlets in (6, 7):
        picture = coverage_picture(covered(DAY, outlets=outlets))
        assert picture is not None
        assert ("all others" in picture.alt) is (outlets == 7)
    assert bars == [[2]] * 6 + [[2]] * 5 + [[4]]


@pytest.mark.parametrize("days", [1, 3, 30])
def test_the_chart_says_the_same_in_words(days: int) -> None:
    picture = coverage_picture(covered(*(DAY - timedelta(days - 1 - at) for at in range(days)), outlets=30))
    assert picture is not None
    assert length(picture.alt) <= ALT_LENGTH
    first = f"{DAY - timedelta(days - 1):%-d %B %Y}"
    said = f"Articles a day from {first} to 24 November 2026, by outlet: 1. Outlet 0 "
    assert picture.alt.startswith(said if days > 1 else "Articles of 24 November 2026, by outlet: 1. Outlet 0 2")


@pytest.mark.parametrize(
    ("back", "span", "count"),
    [(0, "day", 1), (44, "day", 45), (45, "week", 8), (300, "week", 44), (340, "month", 12), (4000, "year", 12)],
)
def test_bars_are_as_short_as_there_is_room_for(back: int, span: str, count: int) -> None:
    found = bins(DAY - timedelta(back), DAY)
    assert (found.length, len(found.starts)) == (span, count)


def gaps(spans: Bins) -> set[int]:
    pairs = zip(spans.starts, spans.starts[1:], strict=False)
    return {(after - before).days for before, after in pairs}


@settings(max_examples=60)
@given(st.lists(st.dates(), min_size=1, max_size=20))
@example([date.min, date.max])
@example([date.min])
@example([date.max, date(9999, 12, 1)])
def test_every_article_is_counted_once_and_time_runs_evenly(days: list[date]) -> None:
    spans = bins(min(days), max(days))
    assert sum(counted_in(spans, dict.fromkeys(days, 1))) == len(set(days))
    allowed = {"day": {1}, "week": {7}, "month": {28, 29, 30, 31}, "year": {365, 366}}[spans.length]
    # The week of the first day there is has no Monday.
    assert gaps(Bins(spans.length, spans.starts[1:])) <= allowed
    assert spans.starts[0] <= min(days)
    assert spans.starts[-1] <= max(days)
    assert len(spans.starts) <= MOST or spans.length == "year"

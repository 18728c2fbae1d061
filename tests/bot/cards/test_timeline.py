"""Opened stories as cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import DOT, Card, Picture, fits
from bot.cards.timeline import STEPS, timeline_card
from bot.wording.markdown import visible
from retrieval.answer import Disagreement, Quote, Story, Timeline
from retrieval.article import Article
from tests.support import hostile
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks, quotes_shown
from tests.support.values import quoted

PICTURE = Picture(b"png", "story.png", "Reports a day")


def step(number: int, length: int = 20) -> Quote:
    body = f"Step {number} " + "x" * length
    url = f"https://star.example/{number}"
    article = Article(str(number), f"Title {number}", body, url=url, source="Star", published=date(2026, 3, number))
    return quoted(article, body)


def told(*steps: Quote, differing: bool = False) -> Timeline:
    sides = Disagreement(steps[-2:], "figures", ("14", "12")) if differing else None
    articles = tuple(quote.article for quote in reversed(steps))
    return Timeline(Story(articles, id=9, disagreement=sides), steps, 1)


def numbers(card: Card) -> list[int]:
    """The steps that a page shows."""
    return [
        int(text.split("> Step ")[1].split()[0]) for text in card.texts if text.startswith("**") and "> Step" in text
    ]


def turning(card: Card) -> list[tuple[str | None, bool]]:
    return [(button.custom_id, button.disabled) for row in card.rows for button in row]


def test_a_story_is_told_step_by_step_with_its_sources() -> None:
    card = timeline_card(told(step(1), step(2)), member=5, as_of=date(2026, 3, 9), picture=PICTURE)
    assert card.sections == (
        (
            "### [Title 2](https://star.example/2)\n"
            f"-# Star{DOT}2\u00a0reports{DOT}1\u00a0March\u00a02026 – 2\u00a0March\u00a02026{DOT}as of 9 March 2026",
        ),
        *(
            (
                f"**{number}\u00a0March\u00a02026**\n> Step {number} {'x' * 20}\n"
                f"-# [Title {number}](https://star.example/{number}#:~:text=x){DOT}Star",
            )
            for number in (1, 2)
        ),
    )
    assert card.picture == PICTURE
    assert card.rows == ()


def test_a_step_of_a_moment_is_told_with_its_hour() -> None:
    at = replace(step(1).article, published=datetime(2026, 3, 5, 9, tzinfo=UTC))
    assert timeline_card(told(replace(step(1), article=at))).texts[1].startswith("**<t:1772701200:f>**\n> Step 1")


def test_steps_come_in_pages_the_picture_on_the_first() -> None:
    steps = [step(number) for number in range(1, 13)]
    pages = [timeline_card(told(*steps), page, 5, None, PICTURE) for page in range(4)]
    assert [numbers(page) for page in pages] == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12], [11, 12]]
    assert [page.picture for page in pages] == [PICTURE, None, None, None]
    assert [turning(page) for page in pages[:3]] == [
        [("story:9:0:-:5", True), ("story:9:1:-:5", False)],
        [("story:9:0:-:5", False), ("story:9:2:-:5", False)],
        [("story:9:1:-:5", False), ("story:9:3:-:5", True)],
    ]


def test_long_steps_get_more_pages_and_one_that_no_page_holds_is_named() -> None:
    steps = [step(1, 1500), step(2, 1500), step(3, 1500), step(4, 5000), step(5)]
    pages = [timeline_card(told(*steps), page) for page in range(2)]
    assert [numbers(page) for page in pages] == [[1, 2], [3, 5]]
    assert pages[1].texts[2] == (
        "This quote is too long to show here; it stands in the article.\n"
        f"-# [Title 4](https://star.example/4#:~:text=x){DOT}Star{DOT}4\u00a0March\u00a02026"
    )


@pytest.mark.parametrize("count", [2, 7])
def test_where_reports_differ_stands_in_full_below_the_last_step_and_in_a_line_before(count: int) -> None:
    timeline = told(*(step(number) for number in range(1, count + 1)), differing=True)
    last = (count - 1) // STEPS
    pages = [timeline_card(timeline, page) for page in range(last + 1)]
    line = "\n-# Reports differ: **14** (Star), **12** (Star)"
    assert [page.texts[0].endswith(line) for page in pages] == [True] * last + [False]
    assert [page.texts[-3].startswith("**Reports differ (14, 12)") for page in pages] == [False] * last + [True]
    assert f"-# **12**{DOT}[Title {count}]" in pages[-1].texts[-1]
    crowded = told(*(step(number, 1700) for number in (1, 2)), differing=True)
    assert timeline_card(crowded).texts[0].endswith(line), "there is no room for more"


@settings(max_examples=10)
@given(hostile.stories, st.lists(hostile.quotes, max_size=2), st.integers(1, 4), st.integers(0, 3))
def test_any_story_fits_with_its_quotes_whole(story: Story, some: list[Quote], times: int, page: int) -> None:
    steps = (*story.quotes, *some) * times
    timeline = Timeline(replace(story, id=2**62), steps, 1)
    card = timeline_card(timeline, page, 2**64, date(2026, 3, 9), PICTURE)
    assert_is_accepted(card)
    sides = story.disagreement.quotes if story.disagreement else ()
    quotes = (*steps, *sides)
    assert_only_our_marks(card, [*story.articles, *(q.article for q in quotes)], [quote.link for quote in quotes])
    assert {*quotes_shown(card)} <= {visible(quote.text) for quote in quotes}
    assert fits(replace(card, picture=PICTURE))

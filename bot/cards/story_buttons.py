"""The buttons that open stories and turn their pages, as values; `bot/commands/story.py` answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.cards.articles import title
from bot.cards.buttons import Row, button_label
from bot.cards.card import MAX_BUTTONS, Button
from bot.cards.paging import page_rows
from bot.wording.language import _
from retrieval.answer import Story
from retrieval.article import Day

TURN = r"story:(?P<number>[0-9]{1,19}):(?P<page>[0-9]{1,3}):(?P<day>[0-9]{8}|-):(?P<member>[0-9]{1,20})"
"""What their custom ids look like: the page counts from 0, the day is the one as of which a story is told."""
NOBODY = 0
"""Who owns the list from which a story is opened, so that whoever presses is shown a message of their own."""
LAST_PAGE = 999


def opening_rows(stories: Sequence[Story], first: int | None, as_of: Day | None) -> tuple[Row, ...]:
    """A button for each story that can be opened, under the number that it has in its list, from `first` on; None for
    a story that is alone.
    """
    buttons = [
        Button(
            _("Open story") if first is None else _("Open {number}").format(number=number),
            custom_id=_id(story.id, 0, as_of, NOBODY),
        )
        for number, story in enumerate(stories, first or 1)
        if story.id
    ]
    return tuple(tuple(buttons[start : start + MAX_BUTTONS]) for start in range(0, len(buttons), MAX_BUTTONS))


def offering_rows(stories: Sequence[Story], as_of: Day | None) -> tuple[Row, ...]:
    """At most one row: a button that opens it for each of the first stories, under its headline."""
    buttons = [
        Button(button_label(title(story.lead)), custom_id=_id(story.id, 0, as_of, NOBODY))
        for story in stories[:MAX_BUTTONS]
        if story.id
    ]
    return (tuple(buttons),) if buttons else ()


def turning_rows(story: int, as_of: Day | None, member: int, page: int, *, more: bool) -> tuple[Row, ...]:
    """At most one row: to the page before and the page after of an opened story, for the member whose message it is."""
    return page_rows(lambda number: _id(story, number, as_of, member), page, more=more and page < LAST_PAGE)


def _id(story: int, page: int, as_of: Day | None, member: int) -> str:
    day = as_of.astimezone(UTC) if isinstance(as_of, datetime) else as_of
    return f"story:{story}:{page}:{f'{day:%Y%m%d}' if day else '-'}:{member}"

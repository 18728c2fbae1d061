"""What moderators did, as the log channel of their server shows it. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cards.card import DOT, Card, first_that_fits
from bot.wording.language import named


def log_card(command: str, moderator: int, when: datetime, what: Card) -> Card:
    """Who did what, when, and what came of it; of `what`, no more than fits and none of its buttons."""
    head = f"**{named(command)}**{DOT}<@{moderator}>{DOT}<t:{int(when.timestamp())}:f>"

    def card(shown: int) -> Card:
        return Card(((head,), *_first(what.sections, shown)), accent=what.accent)

    return first_that_fits([], card, len(what.texts))


def _first(sections: tuple[tuple[str, ...], ...], count: int) -> Iterator[tuple[str, ...]]:
    """The first `count` texts of `sections`."""
    for section in sections:
        if count <= 0:
            return
        yield section[:count]
        count -= len(section)

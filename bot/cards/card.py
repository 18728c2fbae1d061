"""A message as a value: texts, buttons and a picture, within what Discord takes. Knows nothing of discord.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from itertools import chain
from typing import Literal

from bot.wording.amounts import counted
from bot.wording.markdown import NO_BREAK

MAX_TEXT = 4000
"""Characters over all texts of a message."""
MAX_COMPONENTS = 40
"""Components of a message, containers and dividers included."""
MAX_BUTTONS = 5
"""Buttons in a row."""
MAX_LABEL = 80
"""Characters on a button."""

# No line begins with the dot.
DOT = f"{NO_BREAK}· "

ANSWERED = 0x3B82F6
ABSTAINED = 0x9CA3AF
INCOMPLETE = 0xF59E0B


@dataclass(frozen=True, slots=True)
class Button:
    """A button that opens `url`, or that tells the bot its `custom_id`; exactly one of the two is set.

    The label is plain text, shown as it is; an emoji may stand for it.
    """

    label: str
    _: KW_ONLY
    url: str | None = None
    custom_id: str | None = None
    emoji: str | None = None
    style: Literal["secondary", "primary", "success", "danger"] = "secondary"
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is sent with a message: the bytes of a PNG, its file name, and what it shows, in words."""

    png: bytes
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message: `sections` of texts (markdown) with a line between them, a picture, then `rows` of buttons.

    No section and no row is empty. `accent` is a 0xRRGGBB colour for the side of the message.
    """

    sections: tuple[tuple[str, ...], ...]
    _: KW_ONLY
    accent: int | None = None
    rows: tuple[tuple[Button, ...], ...] = ()
    picture: Picture | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text, from top to bottom."""
        return tuple(chain.from_iterable(self.sections))


def length(text: str) -> int:
    """Characters as a JavaScript client counts them: UTF-16 code units, never fewer than code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(card: Card) -> bool:
    """Whether Discord accepts `card`; the container and the lines between sections are components too."""
    texts = 1 + len(card.texts) + len(card.sections) - 1
    others = sum(1 + len(row) for row in card.rows) + 2 * (card.picture is not None)
    return texts + others <= MAX_COMPONENTS and sum(map(length, card.texts)) <= MAX_TEXT


def first_that_fits(whole: Iterable[Card], part: Callable[[int], Card], count: int) -> Card:
    """The first of `whole` that fits, else the largest of `part(count)` down to `part(0)`."""
    parts = (part(shown) for shown in range(count, -1, -1))
    return next(card for card in chain(whole, parts) if fits(card))


def more_line(count: int) -> tuple[str, ...]:
    """At most one line: how many are left out."""
    return (counted(count, "-# {count} more not shown", "-# {count} more not shown"),) if count > 0 else ()

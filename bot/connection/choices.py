"""What autocomplete offers: values that may be longer than Discord takes them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from discord.app_commands import Choice

from bot.cards.card import length
from bot.wording.markdown import shorten
from retrieval.text.controls import one_line

MAX_CHOICES = 25
MAX_LENGTH = 100
"""Characters of a choice's name, and of its value."""

_REMEMBERED, _PLACES = 200, 1_000
"""Values of a place, and places: with more, the one used longest ago is forgotten."""


class Choices:
    """Makes choices, and remembers the values of those that stand for a longer one. For one event loop, and one place:
    what was offered to one server stands for nothing in another.
    """

    def __init__(self) -> None:
        self._long: OrderedDict[str, str] = OrderedDict()

    def offer(self, name: str, value: str) -> Choice[str]:
        """A choice that shows `name`; `chosen` gives `value` for it."""
        return Choice(name=_name(name), value=self._short(value))

    def chosen(self, value: str) -> str:
        """What stands behind a choice's value; text that a member typed instead is returned as it is."""
        return self._long.get(value, value.strip())

    def _short(self, value: str) -> str:
        if length(value) <= MAX_LENGTH and value == value.strip():
            return value
        short = f"#{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:40]}"
        self._long[short] = value
        self._long.move_to_end(short)
        while len(self._long) > _REMEMBERED:
            self._long.popitem(last=False)
        return short


class PlaceChoices:
    """The choices of each place: a server, or 0 for direct messages."""

    def __init__(self) -> None:
        self._of: OrderedDict[int, Choices] = OrderedDict()

    def at(self, guild: int | None) -> Choices:
        """Those of a server, or of direct messages."""
        place = guild or 0
        choices = self._of.setdefault(place, Choices())
        self._of.move_to_end(place)
        while len(self._of) > _PLACES:
            self._of.popitem(last=False)
        return choices


def _name(text: str) -> str:
    """On one line, plain: Discord shows names as they are."""
    whole = one_line(text) or "…"
    limit = MAX_LENGTH
    while length(shown := shorten(whole, limit)) > MAX_LENGTH:
        limit -= 1
    return shown

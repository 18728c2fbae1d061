"""Which language to speak to whom: Discord tells it of members who use commands and buttons, not of those who write."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import discord

from bot.wording.language import speak

REMEMBERED = 10_000
"""Members whose locale is remembered; with more, whoever was seen longest ago is forgotten."""


class Locales:
    """The locales of members, as Discord last told them. For one event loop."""

    def __init__(self) -> None:
        self._of: OrderedDict[int, str] = OrderedDict()

    def note(self, member: int, locale: str) -> None:
        """The member with this id uses `locale`, such as "en-GB"."""
        self._of[member] = locale
        self._of.move_to_end(member)
        while len(self._of) > REMEMBERED:
            self._of.popitem(last=False)

    def forget(self, member: int) -> None:
        """Forget the locale of a member."""
        self._of.pop(member, None)

    def of(self, member: int) -> str | None:
        """The locale of a member; None where it is not known."""
        return self._of.get(member)


def speak_to(locales: Locales, interaction: discord.Interaction[Any]) -> None:
    """Speak the language of the member who used a command, a button or a form, in the present task."""
    locales.note(interaction.user.id, interaction.locale.value)
    speak(interaction.locale.value)


def speak_after(locales: Locales, message: discord.Message, preferred: str | None = None) -> None:
    """Speak the language of a message's author, if it is known, else that of the server, in the present task.

    That is the one `preferred` by its moderators, or else what Discord has of it.
    """
    server = message.guild.preferred_locale.value if message.guild else None
    speak(locales.of(message.author.id) or preferred or server)

"""Cards as Discord components (Components V2)."""

from __future__ import annotations

from itertools import chain

import discord
from discord import ui

from bot.render import Card

NO_MENTIONS = discord.AllowedMentions.none()
"""Passed with every message: nothing that an article or a question says may ping anyone."""


def layout(card: Card) -> ui.LayoutView:
    """`card` as one container: a text display for each text, a separator between sections."""
    groups = [[ui.TextDisplay(text) for text in section] for section in card.sections]
    rows = [[ui.Separator(), *group] if number else group for number, group in enumerate(groups)]
    container = ui.Container(*chain.from_iterable(rows), accent_colour=card.accent)
    # There is nothing to press, so nothing that could time out.
    return ui.LayoutView(timeout=None).add_item(container)

"""Cards as Discord components (Components V2)."""

from __future__ import annotations

import io
from itertools import chain

import discord
from discord import ui

from bot.cards.card import Button, Card

NO_MENTIONS = discord.AllowedMentions.none()
"""Passed with every message: nothing that an article or a question says may ping anyone."""


def layout(card: Card) -> ui.LayoutView:
    """`card` as one container: a text display for each text, a separator between sections, then picture and buttons.

    What a press does is found by the button's custom id (`bot/commands/answer_buttons.py`), also after a restart, so
    discord.py need not remember the view: it is stopped before it is sent.
    """
    groups = [[ui.TextDisplay(text) for text in section] for section in card.sections]
    rows = [[ui.Separator(), *group] if number else group for number, group in enumerate(groups)]
    container = ui.Container(*chain.from_iterable(rows), accent_colour=card.accent)
    if card.picture:
        item = discord.MediaGalleryItem(f"attachment://{card.picture.name}", description=card.picture.alt)
        container.add_item(ui.MediaGallery(item))
    for row in card.rows:
        container.add_item(ui.ActionRow(*map(_button, row)))
    view = ui.LayoutView(timeout=None).add_item(container)
    view.stop()
    return view


def attachments(card: Card) -> list[discord.File]:
    """The files that have to be sent with `layout(card)`."""
    return [discord.File(io.BytesIO(card.picture.png), card.picture.name)] if card.picture else []


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    style = discord.ButtonStyle.link if button.url else discord.ButtonStyle[button.style]
    return ui.Button(
        style=style,
        label=button.label or None,
        url=button.url,
        custom_id=button.custom_id,
        emoji=button.emoji,
        disabled=button.disabled,
    )

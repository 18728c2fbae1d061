"""Messages with several pages: what a press of a button that turns them does."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import discord

from bot.cards.card import Card
from bot.cards.notes import note_card
from bot.connection.admission import admit_press
from bot.connection.errors import nothing_left, reply_text
from bot.connection.replies import UNSENT, complete, defer
from bot.connection.serving import attend
from bot.connection.views import NO_MENTIONS, layout

_log = logging.getLogger(__name__)


async def turn(interaction: discord.Interaction, owner: int, page: Callable[[], Awaitable[Card]]) -> None:
    """Show the member `owner` another page in the same message, and anyone else in one that only they see."""
    attend(interaction)
    try:
        if not await admit_press(interaction):
            return
        if interaction.user.id == owner:
            await defer(interaction, thinking=False)
        else:
            await defer(interaction, ephemeral=True)
        await complete(interaction, await page())
    except Exception as error:
        if not nothing_left(error, "a button"):
            await _explain(interaction, error)


async def _explain(interaction: discord.Interaction, error: Exception) -> None:
    """Say `error` to who pressed, and leave the message as it is."""
    text = reply_text(error, "a page")
    try:
        await interaction.followup.send(view=layout(note_card(text)), ephemeral=True, allowed_mentions=NO_MENTIONS)
    except UNSENT as failure:
        _log.warning("a page: its error could not be shown: %s", failure)

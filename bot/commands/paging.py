"""Messages with several pages: the buttons that turn them, and what a press does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord

from bot.cards.card import Button, Card
from bot.cards.notices import note_card
from bot.connection.admission import admit_press
from bot.connection.errors import nothing_left, reply_text
from bot.connection.locales import speak_to
from bot.connection.replies import UNSENT, complete, defer
from bot.connection.views import NO_MENTIONS, layout

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient

_log = logging.getLogger(__name__)


def page_rows(name: Callable[[int], str], page: int, *, more: bool) -> tuple[tuple[Button, ...], ...]:
    """At most one row: to the page before and the page after; `name` makes a custom id out of a page's number."""
    if not page and not more:
        return ()
    # No two buttons of a message may have the same custom id, so that of a disabled one is its own, too.
    before = Button("", custom_id=name(max(0, page - 1)), emoji="◀️", disabled=not page)
    return ((before, Button("", custom_id=name(page + 1), emoji="▶️", disabled=not more)),)


async def turn(
    interaction: discord.Interaction[QuotewireClient], owner: int, page: Callable[[], Awaitable[Card]]
) -> None:
    """Show the member `owner` another page in the same message, and anyone else in one that only they see."""
    interaction.client.track(asyncio.current_task())
    speak_to(interaction)
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


async def _explain(interaction: discord.Interaction[QuotewireClient], error: Exception) -> None:
    """Say `error` to who pressed, and leave the message as it is."""
    text = reply_text(error, "a page")
    try:
        await interaction.followup.send(view=layout(note_card(text)), ephemeral=True, allowed_mentions=NO_MENTIONS)
    except UNSENT as failure:
        _log.warning("a page: its error could not be shown: %s", failure)

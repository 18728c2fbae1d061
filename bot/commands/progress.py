"""A change that a moderator makes: how far it is, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import discord

from bot.cards.card import Card
from bot.cards.reloads import progress_card
from bot.connection.replies import UNSENT, complete, defer
from bot.connection.views import NO_MENTIONS, layout
from bot.posting import modlog
from retrieval.article import Progress, ReloadReport, Tell

_log = logging.getLogger(__name__)

EDIT_INTERVAL = 2.0
"""Seconds between edits that show progress; Discord slows down whoever edits faster."""


async def done(interaction: discord.Interaction, card: Card) -> None:
    """Show a moderator what their command came to, then the others in the log channel."""
    await complete(interaction, card)
    await modlog.tell(interaction, card)


async def follow(
    interaction: discord.Interaction,
    begin: Callable[[Tell], Coroutine[Any, Any, ReloadReport]],
    begun: str,
    *,
    ephemeral: bool = False,
) -> ReloadReport:
    """Do work that `begin` begins, and show how far it is until it ends; `begun` says so before it tells."""
    await defer(interaction, ephemeral=ephemeral)
    newest: deque[Progress] = deque(maxlen=1)
    work = asyncio.create_task(begin(newest.append))
    while not (await asyncio.wait({work}, timeout=EDIT_INTERVAL))[0]:
        await _show_progress(interaction, newest[0] if newest else None, begun)
    return work.result()


async def _show_progress(interaction: discord.Interaction, progress: Progress | None, begun: str) -> None:
    """Best effort: the work goes on whether or not Discord shows how far it is."""
    if interaction.is_expired():
        return
    try:
        view = layout(progress_card(progress, begun))
        await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)
    except UNSENT as error:
        _log.info("the progress of a reload could not be shown: %s", error)

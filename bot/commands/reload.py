"""Keeping the articles up to date: the command `/reload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards.reloads import report_card
from bot.commands.progress import done, follow
from bot.connection.checks import moderators_only
from bot.wording.language import _

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient


@app_commands.command(description="Read the articles again and answer from what is new")
@moderators_only
async def reload(interaction: discord.Interaction[QuotewireClient]) -> None:
    """Reload the articles, show how far it is, and end with what changed and what was skipped."""
    report = await follow(interaction, interaction.client.reload, _("Reloading the articles…"))
    await done(interaction, report_card(report))

"""Keeping the articles up to date: the command `/reload`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.reloads import report_card
from bot.commands.progress import done, follow
from bot.connection.checks import moderators_only
from bot.connection.serving import serving_of
from bot.wording.language import _


@app_commands.command(description="Read the articles again and answer from what is new")
@moderators_only
async def reload(interaction: discord.Interaction) -> None:
    """Reload the articles, show how far it is, and end with what changed and what was skipped."""
    report = await follow(interaction, serving_of(interaction).desk.reload, _("Reloading the articles…"))
    await done(interaction, report_card(report))

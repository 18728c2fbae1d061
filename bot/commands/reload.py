"""Keeping the host's folder of articles up to date: the command `/reload`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.reloads import report_card
from bot.commands.progress import follow
from bot.connection.checks import host_only
from bot.connection.replies import complete
from bot.connection.serving import serving_of
from bot.wording.language import _


@app_commands.command(description="Read the host's folder again, for all servers")
@host_only
async def reload(interaction: discord.Interaction) -> None:
    """Reload the folder, show how far it is, and end with what changed and what was skipped.

    All of it is for the host alone: it names files, and what is done is no server's own.
    """
    reloading = serving_of(interaction).desk.reload
    report = await follow(interaction, reloading, _("Reloading the articles…"), ephemeral=True)
    await complete(interaction, report_card(report))

"""The latest news: the `/latest` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.render import QUESTION_LENGTH, briefing_card
from bot.replies import complete

if TYPE_CHECKING:
    from bot.client import QuotewireClient


@app_commands.command(description="The latest stories, with the publishers' key points")
@app_commands.describe(topic="Only stories about this")
async def latest(
    interaction: discord.Interaction[QuotewireClient],
    topic: app_commands.Range[str, 1, QUESTION_LENGTH] | None = None,
) -> None:
    """Show the latest stories, newest first."""
    await interaction.response.defer(thinking=True)
    briefing = await interaction.client.query(lambda room: room.latest(topic))
    await complete(interaction, briefing_card(briefing))

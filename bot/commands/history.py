"""What became of an article: the command `/history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards.history import history_card, revisions
from bot.cards.withdrawals import REFERENCE_LENGTH
from bot.commands.article_choices import choose_article
from bot.connection.checks import moderators_only
from bot.connection.offload import offload
from bot.connection.replies import complete, defer

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient


@app_commands.command(description="Show every version of an article, and what its publisher changed")
@app_commands.describe(article="Which one; its address will do, too")
@app_commands.autocomplete(article=choose_article)
@moderators_only
async def history(
    interaction: discord.Interaction[QuotewireClient], article: app_commands.Range[str, 1, REFERENCE_LENGTH]
) -> None:
    """Show the versions of an article."""
    await defer(interaction)
    client = interaction.client
    reference = client.choices.chosen(article)
    found = await offload(lambda: revisions(client.room.history(reference)))
    await complete(interaction, history_card(found))

"""What became of an article: the command `/history`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.history import history_card, revisions
from bot.cards.withdrawals import REFERENCE_LENGTH
from bot.commands.article_choices import choose_article
from bot.connection.checks import moderators_only
from bot.connection.replies import complete, defer
from bot.connection.serving import choices_of, desk_of


@app_commands.command(description="Show every version of an article, and what its publisher changed")
@app_commands.describe(article="Which one; its address will do, too")
@app_commands.autocomplete(article=choose_article)
@moderators_only
async def history(interaction: discord.Interaction, article: app_commands.Range[str, 1, REFERENCE_LENGTH]) -> None:
    """Show the versions of an article."""
    await defer(interaction)
    reference = choices_of(interaction).chosen(article)
    found = await desk_of(interaction).look(lambda edition: revisions(edition.history(reference)))
    await complete(interaction, history_card(found))

"""Articles that are not to be quoted, or are again: the commands `/remove` and `/restore`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.withdrawals import REFERENCE_LENGTH, restored_card, withdrawal_card
from bot.commands.article_choices import choose_article, choose_withdrawn
from bot.commands.progress import done
from bot.connection.checks import moderators_only
from bot.connection.replies import defer
from bot.connection.serving import choices_of, desk_of

REASON = "removed by a moderator"


@app_commands.command(description="Quote an article no more")
@app_commands.describe(article="Which one; its address will do, too")
@app_commands.autocomplete(article=choose_article)
@moderators_only
async def remove(interaction: discord.Interaction, article: app_commands.Range[str, 1, REFERENCE_LENGTH]) -> None:
    """Withdraw an article from answers."""
    await defer(interaction)
    reference = choices_of(interaction).chosen(article)
    removed, _report = await desk_of(interaction).change(lambda edition, _step: edition.remove(reference, REASON))
    await done(interaction, withdrawal_card(removed))


@app_commands.command(description="Quote an article again that was removed")
@app_commands.describe(article="Which one; its address will do, too")
@app_commands.autocomplete(article=choose_withdrawn)
@moderators_only
async def restore(interaction: discord.Interaction, article: app_commands.Range[str, 1, REFERENCE_LENGTH]) -> None:
    """Bring an article back into answers."""
    await defer(interaction)
    reference = choices_of(interaction).chosen(article)
    restored, _report = await desk_of(interaction).change(lambda edition, _step: edition.restore(reference))
    await done(interaction, restored_card(restored))

"""News about a topic as soon as it is there: the commands under `/alert`."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.subscribed import alerts_card
from bot.commands.subscribing import Topic, begin, checked_topic, end, those_of, to_choose
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.replies import complete, defer
from bot.posting.channels import Postable

alert = moderators_group("alert", "Messages when new articles are about a topic")


@alert.command(name="add", description="Post a message when new articles are about a topic")
@app_commands.describe(topic="What the articles are about, in a few words", channel="Where; this channel if left out")
@moderators_only
async def add_alert(interaction: discord.Interaction, topic: Topic, channel: Postable | None = None) -> None:
    """Start an alert."""
    await defer(interaction)
    await begin(interaction, channel, checked_topic(topic), None)


@alert.command(name="list", description="Show the alerts of this server")
@moderators_only
async def list_alerts(interaction: discord.Interaction) -> None:
    """Show the alerts."""
    await defer(interaction)
    await complete(interaction, alerts_card(await those_of(interaction, "alert")))


@alert.command(name="remove", description="Post an alert no more")
@app_commands.rename(chosen="alert")
@app_commands.describe(chosen="Which one")
@moderators_only
async def remove_alert(interaction: discord.Interaction, chosen: str) -> None:
    """End an alert."""
    await defer(interaction)
    await end(interaction, "alert", chosen)


@remove_alert.autocomplete("chosen")
@moderators_choose
async def _alerts_to_choose(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await to_choose(interaction, "alert", typed)

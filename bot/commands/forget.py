"""What a member can have the bot forget: the command `/forget me`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.cards.forgotten import forgotten_card
from bot.connection.checks import ANYWHERE
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import serving_of

forget = app_commands.Group(name="forget", description="Delete what I remember of you")


@forget.command(name="me", description="Delete what I remember of you, in all servers", extras=ANYWHERE)
async def forget_me(interaction: discord.Interaction) -> None:
    """Forget the member, at once, and tell nobody but them."""
    await defer(interaction, ephemeral=True)
    serving, member = serving_of(interaction), interaction.user.id
    gone = await offload(lambda: serving.members.forget(member))
    serving.locales.forget(member)
    await complete(interaction, forgotten_card(gone))

"""What moderators did, posted for all moderators of the server to see."""

from __future__ import annotations

import logging
from contextlib import suppress

import discord

from bot.cards.card import Card
from bot.cards.log_entries import log_card
from bot.connection.replies import UNSENT
from bot.connection.serving import serving_of
from bot.connection.views import NO_MENTIONS, layout
from bot.wording.language import _

_log = logging.getLogger(__name__)


async def tell(interaction: discord.Interaction, what: Card) -> None:
    """Post `what` a moderator's command came to in the log channel of the server, if one is set. Never raises.

    Call it once the moderator sees `what`: they are told, in one line, if it could not be posted.
    """
    client, guild = interaction.client, interaction.guild_id
    serving = serving_of(interaction)
    channel = serving.guild_settings.of(guild).log_channel
    if guild is None or channel is None:
        return
    name = interaction.command.qualified_name if interaction.command else "…"
    card = log_card(name, interaction.user.id, interaction.created_at, what)
    if fault := await _post(client, guild, channel, card):
        if channel not in serving.closed_logs:
            _log.warning("what moderators do in server %d cannot be posted in channel %d: %s", guild, channel, fault)
        serving.closed_logs.add(channel)
        await _warn(interaction, channel)
    else:
        serving.closed_logs.discard(channel)


async def _post(client: discord.Client, guild: int, channel: int, card: Card) -> str | None:
    """Why `card` could not be posted, for the host; None if it was."""
    server = client.get_guild(guild)
    log = server.get_channel(channel) if server else None
    if not isinstance(log, discord.abc.Messageable):
        return "there is no such channel any more"
    try:
        await log.send(view=layout(card), allowed_mentions=NO_MENTIONS)
    except UNSENT as error:
        return str(error)
    return None


async def _warn(interaction: discord.Interaction, channel: int) -> None:
    line = _(
        "-# This could not be posted in {channel}, the log channel; "
        "let me write there, or set another one with **/settings log**."
    ).format(channel=f"<#{channel}>")
    if not interaction.is_expired():
        with suppress(*UNSENT):
            await interaction.followup.send(view=layout(Card(((line,),))), ephemeral=True, allowed_mentions=NO_MENTIONS)

"""Sending cards so that each is seen: in time or late, by all or by one member only. Nothing here pings."""

from __future__ import annotations

import contextlib

import aiohttp
import discord

from bot.card import Card
from bot.render import note_card
from bot.views import NO_MENTIONS, attachments, layout

UNSENT = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What sending may raise when Discord refuses or cannot be reached."""

# What Discord answers once the fifteen minutes of an interaction are over.
_EXPIRED = (10015, 10062, 50027)
_MOVED = note_card("This was not done; only the member who asked can see why.")


async def reply(message: discord.Message, card: Card) -> discord.Message:
    """Reply to `message`, also when it has been deleted meanwhile; the reply is returned."""
    reference = message.to_reference(fail_if_not_exists=False)
    return await message.channel.send(
        view=layout(card),
        files=attachments(card),
        reference=reference,
        mention_author=False,
        allowed_mentions=NO_MENTIONS,
    )


async def complete(interaction: discord.Interaction, card: Card) -> discord.Message | None:
    """Put `card` in place of "thinking…"; into the channel when the interaction has expired meanwhile.

    The message is returned; None when there was no way left to send it.
    """
    if not interaction.is_expired():
        try:
            return await interaction.edit_original_response(
                view=layout(card), attachments=attachments(card), allowed_mentions=NO_MENTIONS
            )
        except discord.HTTPException as error:
            if error.code not in _EXPIRED:
                raise
    return await _into_channel(interaction, card)


async def refuse(interaction: discord.Interaction, card: Card) -> None:
    """Show `card` to the member who used the command and to nobody else, answered before or not.

    Only an expired interaction leaves no other way than the channel.
    """
    if interaction.is_expired():
        await _into_channel(interaction, card)
        return
    view = layout(card)
    if not interaction.response.is_done():
        await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)
        return
    # A follow-up while "thinking…" stands takes its place and is as public as that was; one after "thinking…"
    # was deleted may be refused. So the public message is completed first, and taken away last.
    with contextlib.suppress(discord.HTTPException):
        await interaction.edit_original_response(view=layout(_MOVED), allowed_mentions=NO_MENTIONS)
    await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)
    with contextlib.suppress(discord.HTTPException):
        await interaction.delete_original_response()


async def _into_channel(interaction: discord.Interaction, card: Card) -> discord.Message | None:
    if not isinstance(interaction.channel, discord.abc.Messageable):
        return None
    return await interaction.channel.send(view=layout(card), files=attachments(card), allowed_mentions=NO_MENTIONS)

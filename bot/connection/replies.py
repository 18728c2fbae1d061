"""Sending cards so that each is seen: in time or late, by all or by one member only. Nothing here pings."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar

import aiohttp
import discord

from bot.cards.card import Card
from bot.cards.notes import note_card
from bot.connection.outage import UNREACHABLE, persist
from bot.connection.views import NO_MENTIONS, attachments, layout
from bot.wording.language import _, marked

UNSENT = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What sending may raise when Discord refuses or cannot be reached."""

# What Discord answers once the fifteen minutes of an interaction are over.
_EXPIRED = (10015, 10062, 50027)
_ACKNOWLEDGED = 40060
"""What Discord answers to a second acknowledgement."""
ACKNOWLEDGE_WITHIN = 3.0
"""Seconds that Discord waits for an interaction to be acknowledged."""
TYPING_WITHIN = 3.0
"""Seconds for which it is tried to be seen typing, before the work begins that it tells of."""
_log = logging.getLogger(__name__)

REPLY_WITHIN = 15 * 60.0
"""Seconds for which a reply to a message is tried; after that nobody waits for it any more."""
NONCE_KNOWN = 60.0
"""Seconds for which Discord surely refuses to send one message twice; it promises "the past few minutes"."""

_HIDDEN = "hidden"
_thinking: ContextVar[discord.Interaction | None] = ContextVar("thinking", default=None)
"""What the present task answers, if its member looks at "thinking…"."""
_MOVED = marked("This was not done; only the member who asked can see why.")


async def defer(interaction: discord.Interaction, *, thinking: bool = True, ephemeral: bool = False) -> None:
    """Acknowledge `interaction`, which leaves fifteen minutes to answer it; raises what Discord answers to a late one.

    Where Discord has taken this, and only its answer was lost, it refuses the next try: then all is well. So it is
    when another process of this bot was first: what both put in place of "thinking…" is the same.
    """
    began = time.monotonic()
    interaction.extras[_HIDDEN] = ephemeral
    _thinking.set(interaction if thinking else None)

    async def acknowledge() -> None:
        try:
            await interaction.response.defer(thinking=thinking, ephemeral=ephemeral)
        except discord.HTTPException as error:
            if error.code != _ACKNOWLEDGED:
                raise

    await persist(acknowledge, lambda: time.monotonic() - began > ACKNOWLEDGE_WITHIN)


async def meanwhile(card: Card) -> None:
    """Show `card` in place of "thinking…" until there is an answer; nothing where nobody sees that. Never raises."""
    interaction = _thinking.get()
    if interaction is None or interaction.is_expired():
        return
    try:
        await interaction.edit_original_response(view=layout(card), allowed_mentions=NO_MENTIONS)
    except UNSENT as error:
        _log.info("what is waited for could not be shown: %s", error)


def is_thinking(interaction: discord.Interaction) -> bool:
    """Whether the present task answers `interaction`, whose member looks at "thinking…" or at what took its place."""
    return _thinking.get() is interaction


@contextlib.asynccontextmanager
async def typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Be seen typing in `channel`, if Discord can be reached: it costs no answer where it cannot.

    Raises what Discord refuses, so that the bot learns before any work whether it may write there.
    """
    async with contextlib.AsyncExitStack() as seen:
        with contextlib.suppress(*UNREACHABLE):
            async with asyncio.timeout(TYPING_WITHIN):
                await seen.enter_async_context(channel.typing())
        yield


async def reply(message: discord.Message, card: Card) -> discord.Message:
    """Reply to `message`, also when it has been deleted meanwhile; the reply is returned.

    While Discord cannot be reached it is tried again, for `REPLY_WITHIN` seconds.
    """
    reference = message.to_reference(fail_if_not_exists=False)
    began = time.monotonic()

    async def send() -> discord.Message:
        # Discord may have taken the reply without our learning of it. It knows the nonce again for some minutes.
        if time.monotonic() - began > NONCE_KNOWN and (sent := await _own_reply(message)):
            return sent
        return await message.channel.send(
            view=layout(card),
            files=attachments(card),
            reference=reference,
            nonce=message.id,
            mention_author=False,
            allowed_mentions=NO_MENTIONS,
        )

    return await persist(send, lambda: time.monotonic() - began > REPLY_WITHIN)


async def _own_reply(message: discord.Message) -> discord.Message | None:
    """The bot's reply to `message`; None too where it may not read what was written."""
    channel = message.channel
    me = channel.me if isinstance(channel, discord.DMChannel) else message.guild and message.guild.me
    with contextlib.suppress(discord.Forbidden, discord.NotFound):
        async for later in channel.history(after=message, limit=50):
            if later.reference and later.reference.message_id == message.id and later.author == me:
                return later
    return None


async def complete(interaction: discord.Interaction, card: Card) -> discord.Message | None:
    """Put `card` in place of "thinking…"; into the channel when the interaction has expired meanwhile.

    What only its member was to see does not go there. While Discord cannot be reached it is tried again, for as long as
    the interaction lasts. The message is returned; None when there was no way left to send it.
    """
    if not interaction.is_expired():
        try:
            # An edit says the same however often it is made.
            return await persist(
                lambda: interaction.edit_original_response(
                    view=layout(card), attachments=attachments(card), allowed_mentions=NO_MENTIONS
                ),
                interaction.is_expired,
            )
        except discord.HTTPException as error:
            if error.code not in _EXPIRED:
                raise
    return await _into_channel(interaction, card)


async def privately(interaction: discord.Interaction, card: Card) -> None:
    """Show `card` to the member who used the command and to nobody else, answered before or not.

    Only an expired interaction that was being answered for all to see leaves no other way than the channel.
    """
    if interaction.is_expired():
        if interaction.response.is_done():
            await _into_channel(interaction, card)
        return
    view = layout(card)
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)
            return
        except discord.HTTPException as error:
            if error.code != _ACKNOWLEDGED:
                raise
    if interaction.extras.get(_HIDDEN):  # "thinking…" is for nobody else's eyes already
        await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)
        return
    # A follow-up while "thinking…" stands takes its place and is as public as that was; one after "thinking…"
    # was deleted may be refused. So the public message is completed first, and taken away last.
    with contextlib.suppress(discord.HTTPException):
        await interaction.edit_original_response(view=layout(note_card(_(_MOVED))), allowed_mentions=NO_MENTIONS)
    await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)
    with contextlib.suppress(discord.HTTPException):
        await interaction.delete_original_response()


def is_hidden(interaction: discord.Interaction) -> bool:
    """Whether only the member sees what answers a deferred `interaction`."""
    source = interaction.message
    return bool(interaction.extras.get(_HIDDEN) or (source is not None and source.flags.ephemeral))


async def _into_channel(interaction: discord.Interaction, card: Card) -> discord.Message | None:
    channel = interaction.channel
    if is_hidden(interaction):
        _log.info("an answer that only its member was to see came too late, and is left out")
        return None
    if not isinstance(channel, discord.abc.Messageable):
        return None
    began = time.monotonic()
    # Discord knows the nonce again for some minutes only: longer than that it is not tried.
    return await persist(
        lambda: channel.send(
            view=layout(card), files=attachments(card), nonce=interaction.id, allowed_mentions=NO_MENTIONS
        ),
        lambda: time.monotonic() - began > NONCE_KNOWN,
    )

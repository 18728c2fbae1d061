"""Discord's channels, as far as posting by itself needs them: opened, looked through, written to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import discord

from bot.cards.card import Card
from bot.connection.discord_internals import know_channels
from bot.connection.replies import UNSENT
from bot.connection.shards import serves
from bot.connection.views import NO_MENTIONS, attachments, layout
from bot.memory.guilds import Guilds
from bot.memory.subscriptions import GONE, Kind, Subscription
from bot.posting.posting import Closed, Unsendable

_log = logging.getLogger(__name__)

Postable = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel

LOOKED_THROUGH = 500
"""Messages among which one of ours is looked for: it is one of the next after those that were there before it."""
_ARCHIVED = 50083  # Discord's code for a thread that only moderators can open again


def missing_permissions(channel: Postable, me: discord.Member | None = None) -> list[str]:
    """The permissions that the bot needs in `channel` and does not have, by discord.py's names.

    Reading the history is among them because a message whose fate is unknown is looked for there. `me` is the bot as a
    member there, where discord.py does not know it.
    """
    allowed = channel.permissions_for(me or channel.guild.me)
    send = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return [name for name in ("view_channel", send, "read_message_history") if not getattr(allowed, name)]


class DiscordChannel:
    """A channel in which the bot, which is the member `me`, may write."""

    def __init__(self, channel: Postable, me: discord.Member, sent: Callable[[], object] = lambda: None) -> None:
        self._channel = channel
        self._me = me
        self._sent = sent
        self.last = channel.last_message_id or 0

    async def holds(self, mark: int, after: int) -> bool:
        """See `OpenChannel.holds`."""
        with self._closed_told():
            history = self._channel.history(limit=LOOKED_THROUGH, after=discord.Object(after), oldest_first=True)
            async for message in history:
                marks = [getattr(part, "id", None) for part in message.components]
                if message.author.id == self._me.id and mark in marks:
                    return True
        return False

    async def send(self, mark: int, card: Card) -> None:
        """See `OpenChannel.send`."""
        view = layout(card)
        view.children[0].id = mark
        try:
            with self._closed_told():
                await self._channel.send(
                    view=view, files=attachments(card), nonce=str(mark), allowed_mentions=NO_MENTIONS
                )
        except discord.HTTPException as error:
            if error.status == 400:
                raise Unsendable(str(error)) from error
            raise
        self._sent()

    @contextmanager
    def _closed_told(self) -> Iterator[None]:
        """Raise `Closed` for what Discord does not allow in the channel."""
        try:
            yield
        except discord.NotFound:
            raise Closed(GONE) from None
        except discord.HTTPException as error:
            if isinstance(error, discord.Forbidden) or error.code == _ARCHIVED:
                raise Closed(_reason(self._channel, self._me)) from error
            raise


class DiscordChannels:
    """The channels that `client` sees; `posted` is called with the kind of each message that was sent."""

    def __init__(self, client: discord.Client, guild_settings: Guilds, posted: Callable[[Kind], object]) -> None:
        self._client = client
        self._guild_settings = guild_settings
        self._posted = posted

    async def open(self, subscription: Subscription) -> DiscordChannel:
        """See `Channels.open`."""
        await self._client.wait_until_ready()
        if not serves(self._client, subscription.guild):
            channel, me = await self._of_another_process(subscription)
        else:
            guild = self._client.get_guild(subscription.guild)
            if guild is not None and guild.unavailable:
                raise ConnectionError("the server is not available just now")
            channel = guild.get_channel_or_thread(subscription.channel) if guild else None
            if channel is None:
                channel = await self._fetched(subscription.channel)
            me = channel.guild.me if isinstance(channel, Postable) else None
        if not isinstance(channel, Postable) or me is None:
            raise Closed(GONE)
        if missing := missing_permissions(channel, me):
            raise Closed(",".join(missing))
        return DiscordChannel(channel, me, lambda: self._posted(subscription.kind))

    async def _of_another_process(self, subscription: Subscription) -> tuple[object, discord.Member | None]:
        """A channel of a server of which Discord tells another process, and the bot as its member: both are asked for.

        So one process posts for all, whichever shards it serves.
        """
        assert self._client.user is not None
        try:
            guild = await self._client.fetch_guild(subscription.guild, with_counts=False)
            me = await guild.fetch_member(self._client.user.id)
            know_channels(guild, await guild.fetch_channels())
            known = guild.get_channel(subscription.channel)
            return known or await guild.fetch_channel(subscription.channel), me
        except (discord.NotFound, discord.InvalidData):
            raise Closed(GONE) from None
        except discord.Forbidden:
            raise Closed("view_channel") from None

    async def tell(self, guild: int, card: Callable[[], Card]) -> None:
        """See `Channels.tell`."""
        log = self._guild_settings.of(guild).log_channel
        server = self._client.get_guild(guild)
        channel = server.get_channel(log) if server and log else None
        try:
            if log and not serves(self._client, guild):
                channel = await self._client.fetch_channel(log)
            if isinstance(channel, Postable) and channel.guild.id == guild:
                await channel.send(view=layout(card()), allowed_mentions=NO_MENTIONS)
        except UNSENT as error:
            _log.warning("the log channel of server %d cannot be written to: %s", guild, error)

    async def _fetched(self, channel: int) -> object:
        """A channel that is not in memory: an archived thread, one that is closed to the bot, or none at all."""
        try:
            return await self._client.fetch_channel(channel)
        except discord.NotFound:
            raise Closed(GONE) from None
        except discord.Forbidden:
            raise Closed("view_channel") from None


def _reason(channel: Postable, me: discord.Member) -> str:
    """What to change in a channel that Discord does not let the bot write in."""
    missing = missing_permissions(channel, me)
    if not missing and isinstance(channel, discord.Thread):
        missing = ["manage_threads"]  # it is locked
    return ",".join(missing or ["send_messages"])

"""The Discord client: it hands on what Discord tells of, and what is done about that is not its concern."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.connection.discord_internals import adapt
from bot.connection.identifying import Identifying
from bot.connection.serving import Serving
from bot.connection.shards import served_by, shard_of
from bot.connection.tree import QuotewireTree
from bot.connection.views import NO_MENTIONS
from bot.log import concerning
from bot.sharing import Shards

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whom the client tells what happens. Commands and buttons find their own way: see `tree`, `add_dynamic_items`."""

    async def begin(self) -> None:
        """The bot is logged in, and about to connect."""
        ...

    async def present(self, guilds: list[int], shards: Collection[int]) -> None:
        """The bot is connected on these shards, and of their servers in those with these ids."""
        ...

    async def joined(self, guild: int) -> None:
        """A server has invited the bot."""
        ...

    async def left(self, guild: int) -> None:
        """The bot is in a server no more."""
        ...

    async def message(self, message: discord.Message) -> None:
        """Someone wrote a message."""
        ...

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Someone used a command, a button or a form."""
        ...

    async def end(self) -> None:
        """The bot is about to leave Discord."""
        ...

    async def ended(self) -> None:
        """The bot has left Discord."""
        ...


class QuotewireClient(discord.AutoShardedClient):
    """The connection to Discord.

    No privileged intent is asked for: Discord sends the content of direct messages, and of those
    that mention the bot, without one.
    """

    serving: Serving
    """Set before the client starts; where commands, buttons and forms find what they need."""
    identifying: Identifying | None = None
    """How it takes its turn with other processes; None where there are none."""

    def __init__(self, listener: Listener, shards: Shards | None = None) -> None:
        """`shards` are those that it serves, if they are named."""
        adapt()
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=NO_MENTIONS, max_messages=None)
        if shards is not None and shards.named:
            self.shard_count, self.shard_ids = shards.count, [*shards.named]
        self.listener = listener
        self.tree = QuotewireTree(self)

    async def setup_hook(self) -> None:
        """Have what runs beside the connection begin."""
        await self.listener.begin()

    async def on_ready(self) -> None:
        """Log that the bot serves, and tell where."""
        _log.info("ready as %s; servers: %d, shards: %d", self.user, len(self.guilds), len(self.shards))
        await self.listener.present([guild.id for guild in self.guilds], served_by(self))

    async def on_shard_ready(self, shard: int) -> None:
        """Tell of the servers of a shard that came later than others."""
        if self.is_ready():
            await self.listener.present([guild.id for guild in self.guilds if guild.shard_id == shard], [shard])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord takes one more connection; it ends those that come too fast."""
        if self.identifying is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self.identifying.turn(shard_id or 0)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Tell of a server that the bot is in from now on."""
        await self.listener.joined(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Tell of a server that the bot has left."""
        await self.listener.left(guild.id)

    async def on_app_command_completion(
        self, _: discord.Interaction, command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu
    ) -> None:
        """Count a command that was done."""
        if self.serving.metrics:
            self.serving.metrics.command_ended(command.qualified_name, "done")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Tell of whatever a member used."""
        await self.listener.interaction(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Tell of a message, and close only once it was tried to answer it."""
        self.serving.under_way.add(asyncio.current_task())
        guild = message.guild.id if message.guild else None
        concerning(shard=shard_of(self, guild), guild=guild)
        await self.listener.message(message)

    async def close(self) -> None:
        """Leave Discord, once the listener has ended what is under way."""
        await self.listener.end()
        await super().close()
        await self.listener.ended()

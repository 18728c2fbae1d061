"""Everything that is touched of discord.py beyond what it documents, for which `pyproject.toml` pins its version.

When that is updated, `tests/bot/connection/test_discord_internals.py` tells what has to be looked at again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

import discord
import discord.shard
from discord import app_commands
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.connection.errors import GONE
from bot.connection.outage import UNREACHABLE


class PatientBackoff(ExponentialBackoff[bool]):
    """discord.py's random pauses between two tries to connect, of at most 64 s where it goes up to 17 minutes.

    They begin anew once a connection has lasted for three minutes, longer than two tries are ever apart.
    """

    def __init__(self) -> None:
        super().__init__()
        self._max, self._reset_time = 6, 180


class ResumingShard(discord.shard.Shard):
    """A connection that is resumed after an outage, too, so that what members wrote meanwhile is heard.

    discord.py would give up the session; where Discord has done so, it says that, and discord.py identifies anew.
    """

    is_let_go = False
    """Whether another process serves it: then it is not to be connected again."""

    async def reconnect(self) -> None:
        """Connect once more."""
        await self.reidentify(ReconnectWebSocket(self.id, resume=self.ws.session_id is not None))

    async def reidentify(self, exc: ReconnectWebSocket) -> None:
        """Connect once more, as Discord has asked for it."""
        if not self.is_let_go:
            await super().reidentify(exc)
        if self.is_let_go:  # meanwhile
            await self.close()


class _OneLine(logging.Filter):
    """Makes one line of the traceback that discord.py logs for each try to connect."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (*UNREACHABLE, discord.ConnectionClosed, discord.GatewayNotFound)):
            record.msg, record.exc_info = f"{record.msg} ({type(error).__name__})", None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class _LateChoices(logging.Filter):
    """Makes one line of what discord.py logs of choices that nobody waits for any more."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, discord.HTTPException) and error.code in GONE:
            record.exc_info, record.levelno, record.levelname = None, logging.INFO, "INFO"
        return True


_PAGE = 200  # as many servers as Discord tells of at once

_FILTERS = {"discord.shard": _OneLine(), "discord.app_commands.tree": _LateChoices()}


def adapt() -> None:
    """Have discord.py do as is said above, in this process, from now on; once is enough, and twice does no harm."""
    # The bot never speaks, so discord.py need not warn at each start that it could not.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    discord.shard.ExponentialBackoff = PatientBackoff  # pyright: ignore[reportPrivateImportUsage]
    discord.shard.Shard = ResumingShard
    for name, shorter in _FILTERS.items():
        logging.getLogger(name).addFilter(shorter)


def know_channels(guild: discord.Guild, channels: Collection[Any]) -> None:
    """Have a server that was fetched know its channels: what is allowed in a thread depends on the one it is in."""
    for channel in channels:
        guild._add_channel(channel)


async def take_up(client: discord.AutoShardedClient, shard: int) -> None:
    """Connect a client that is ready on one more of its shards; `Client.shard_ids` has it from the beginning on."""
    _serve(client, {*(client.shard_ids or ()), shard})
    await client.launch_shard(DiscordWebSocket.DEFAULT_GATEWAY, shard)


async def let_go(client: discord.AutoShardedClient, shard: int) -> None:
    """End the connection of one of a client's shards, and know of its servers no more."""
    _serve(client, {*(client.shard_ids or ())} - {shard})
    connections: dict[int, discord.shard.Shard] = client._AutoShardedClient__shards  # pyright: ignore[reportAttributeAccessIssue]
    connection, state = connections.pop(shard, None), client._connection
    if isinstance(connection, ResumingShard):
        connection.is_let_go = True
        await connection.close()
    if telling := state._ready_tasks.pop(shard, None):
        telling.cancel()
    state._ready_states.pop(shard, None)
    for guild in [guild for guild in client.guilds if guild.shard_id == shard]:
        state._remove_guild(guild)


def _serve(client: discord.AutoShardedClient, shards: Collection[int]) -> None:
    client.shard_ids = client._connection.shard_ids = sorted(shards)


async def payloads(
    tree: app_commands.CommandTree[Any], translator: app_commands.Translator, guild: discord.abc.Snowflake | None
) -> list[dict[str, Any]]:
    """The commands of `tree` (those of `guild`) as `CommandTree.sync` sends them, translations included."""
    return [await command.get_translated_payload(tree, translator) for command in tree.get_commands(guild=guild)]


async def servers_of(client: discord.Client) -> dict[int, tuple[str, discord.Permissions]]:
    """The servers that a bot is in that has logged in: the name of each, and what the bot may do there.

    `Client.fetch_guilds` asks for the same, and drops what the bot may do. Exceptions of channels do not count.
    """
    found: dict[int, tuple[str, discord.Permissions]] = {}
    while page := await client.http.get_guilds(_PAGE, after=max(found, default=None), with_counts=False):  # pyright: ignore[reportArgumentType]
        for each in page:
            found[int(each["id"])] = (each["name"], discord.Permissions(int(each.get("permissions") or 0)))
        if len(page) < _PAGE:
            break
    return found

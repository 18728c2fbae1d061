"""Everything that is touched of discord.py beyond what it documents, for which `pyproject.toml` pins its version.

When that is updated, `tests/bot/connection/test_discord_internals.py` tells what has to be looked at again.
"""

from __future__ import annotations

import logging
from typing import Any

import discord
import discord.shard
from discord import app_commands
from discord.backoff import ExponentialBackoff
from discord.gateway import ReconnectWebSocket

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

    async def reconnect(self) -> None:
        """Connect once more."""
        await self.reidentify(ReconnectWebSocket(self.id, resume=self.ws.session_id is not None))


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

"""Sending once more when Discord could not be reached: an outage of minutes costs no answer, and doubles none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import aiohttp
import discord
import discord.shard
from discord.backoff import ExponentialBackoff
from discord.gateway import ReconnectWebSocket

T = TypeVar("T")

_log = logging.getLogger(__name__)

UNREACHABLE = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, TimeoutError, OSError)
"""What sending raises when nobody can say whether, or when, Discord will take it."""

OUT_OF_REACH = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, TimeoutError, ConnectionError)
"""Those of them that surely speak of Discord, and of nothing on this machine."""

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before one try and the next; the last one again and again. discord.py has tried five times by itself."""


async def persist(send: Callable[[], Awaitable[T]], is_over: Callable[[], bool]) -> T:
    """The result of `send`, tried again for as long as Discord cannot be reached and it `is_over` not.

    Doing it twice has to be the same as doing it once. Raises what `send` raised last.
    """
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            return await send()
        except UNREACHABLE as error:
            if is_over():
                raise
            _log.info("Discord cannot be reached (%s); tried again in %d s", type(error).__name__, pause)
        await asyncio.sleep(pause)
    raise AssertionError("pauses do not end")


class _Backoff(ExponentialBackoff[bool]):
    """discord.py's random pauses between two tries to connect, of at most 64 s where it goes up to 17 minutes.

    They begin anew once a connection has lasted for three minutes, longer than two tries are ever apart.
    """

    def __init__(self) -> None:
        super().__init__()
        self._max, self._reset_time = 6, 180


class _Shard(discord.shard.Shard):
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


discord.shard.ExponentialBackoff = _Backoff  # pyright: ignore[reportPrivateImportUsage]
discord.shard.Shard = _Shard
logging.getLogger("discord.shard").addFilter(_OneLine())

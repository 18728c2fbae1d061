"""Sending once more when Discord could not be reached: an outage of minutes costs no answer, and doubles none."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import aiohttp
import discord

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

"""Forgetting a server: what moderators set and added there, and what members asked."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.memory.servers import Remembered, Servers
from retrieval.newsroom import Newsroom

_log = logging.getLogger(__name__)


def forget_server(room: Newsroom, servers: Servers, guild: int) -> Remembered:
    """Forget everything of a server, at once, with the articles that only it had: what the bot remembered of it.

    It blocks. What was cut off is finished when this is called again: that a server was left is forgotten last.
    Raises what `Newsroom.forget` raises, and `StoreUnavailable`.
    """
    room.forget(str(guild))
    return servers.forget(guild)


def forget_long_gone(
    room: Newsroom, servers: Servers, now: float, ours: Callable[[int], bool] = lambda _: True
) -> list[int]:
    """Forget those servers of `ours` that the bot left more than `bot.memory.servers.KEPT` ago: which they were. It
    blocks.
    """
    gone = [guild for guild in servers.long_gone(now) if ours(guild)]
    for guild in gone:
        forget_server(room, servers, guild)
        _log.info("server %d, which I left more than 30 days ago, is forgotten", guild)
    return gone


def servers_reading(room: Newsroom) -> list[int]:
    """The servers that have articles or collections of their own. It blocks."""
    return [int(reader) for reader in room.readers() if reader.isdecimal()]

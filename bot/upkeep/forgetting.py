"""Forgetting a server: what moderators set and added there, and what members asked."""

from __future__ import annotations

import logging

from bot.memory.servers import Remembered, Servers

_log = logging.getLogger(__name__)


def forget_server(servers: Servers, guild: int) -> Remembered:
    """Forget everything of a server, at once: what the bot remembered of it. It blocks.

    What was cut off is finished by whoever calls this again: that a server was left is forgotten last.
    """
    return servers.forget(guild)


def forget_long_gone(servers: Servers, now: float) -> None:
    """Forget the servers that the bot left more than `bot.memory.servers.KEPT` ago. It blocks."""
    for guild in servers.long_gone(now):
        forget_server(servers, guild)
        _log.info("server %d, which I left more than 30 days ago, is forgotten", guild)

"""How the bot fares: the `/status` command."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards.status import Process, status_card
from bot.connection.checks import moderators_only
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from retrieval.article import Status

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient
    from bot.memory.exchanges import Votes

RECENT = timedelta(days=7)
"""How far back the votes on answers are counted."""


@app_commands.command(description="Show how I fare: articles, feeds, questions, memory")
@moderators_only
async def status(interaction: discord.Interaction[QuotewireClient]) -> None:
    """Show how the bot fares, to the moderator alone."""
    await defer(interaction, ephemeral=True)
    client = interaction.client
    since = datetime.now(UTC) - RECENT

    def read() -> tuple[Status, Votes, int | None]:
        return client.room.status(), client.exchanges.votes(since), resident_memory()

    index, votes, memory = await offload(read)
    turns = client.turns
    process = Process(client.started, turns.working, turns.waiting(), memory, client.latency, *_shards(client))
    await complete(interaction, status_card(index, process, votes))


def _shards(client: QuotewireClient) -> tuple[int, int]:
    connected = sum(not shard.is_closed() for shard in client.shards.values())
    return connected, client.shard_count or 1


def resident_memory() -> int | None:
    """Bytes of memory that the process holds; None where the system does not say, which is all but Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")

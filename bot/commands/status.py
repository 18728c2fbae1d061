"""How the bot fares: the `/status` command."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
from discord import app_commands

from bot.cards.status import Process, status_card
from bot.connection.checks import moderators_only
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import desk_of, serving_of
from bot.connection.shards import served_by, shards_of
from bot.memory.exchanges import Votes
from retrieval.article import Status

RECENT = timedelta(days=7)
"""How far back the votes on answers are counted."""


@app_commands.command(description="Show how I fare: articles, feeds, questions, memory")
@moderators_only
async def status(interaction: discord.Interaction[discord.AutoShardedClient]) -> None:
    """Show a moderator alone how the bot fares in their server: nothing of what others ask and read there."""
    await defer(interaction, ephemeral=True)
    serving, desk = serving_of(interaction), desk_of(interaction)
    since = datetime.now(UTC) - RECENT

    def read() -> tuple[Status, Votes, int | None]:
        # What failed in the folder is the host's to mend, and names its files.
        index = replace(desk.edition.status(), failed=())
        return index, serving.exchanges.votes(interaction.guild_id, since), resident_memory()

    index, votes, memory = await offload(read)
    client, turns = interaction.client, serving.desk.turns
    process = Process(
        started=serving.started,
        working=turns.working(interaction.guild_id or 0),
        waiting=turns.waiting(interaction.guild_id or 0),
        memory=memory,
        latency=client.latency,
        connected=sum(shard.connected for shard in shards_of(client)),
        shards=len(served_by(client)),
        sharing=serving.sharing(),
    )
    await complete(interaction, status_card(index, process, votes))


def resident_memory() -> int | None:
    """Bytes of memory that the process holds; None where the system does not say, which is all but Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")

"""The connections to Discord, of which each tells of some of the servers."""

from __future__ import annotations

from dataclasses import dataclass

import discord


@dataclass(frozen=True, slots=True)
class Shard:
    """A connection to Discord. `latency` is in seconds, no finite number while it is not known."""

    id: int
    connected: bool
    latency: float


def shards_of(client: discord.AutoShardedClient) -> list[Shard]:
    """The connections that there are."""
    return [Shard(id_, not shard.is_closed(), shard.latency) for id_, shard in sorted(client.shards.items())]


def shard_of(client: discord.Client, guild: int | None) -> int:
    """The shard on which Discord tells of a server; of what is in none, it is the first."""
    return (guild >> 22) % (client.shard_count or 1) if guild else 0

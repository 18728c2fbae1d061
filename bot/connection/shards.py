"""The connections to Discord, of which each tells of some of the servers."""

from __future__ import annotations

from collections.abc import Collection
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


def served_by(client: discord.AutoShardedClient) -> Collection[int]:
    """The shards that this process is to serve, connected or not; all of them where others have no part in it."""
    return range(client.shard_count or 1) if client.shard_ids is None else client.shard_ids


def serves(client: discord.Client, guild: int) -> bool:
    """Whether Discord tells this process of a server, if the bot is in it."""
    return not isinstance(client, discord.AutoShardedClient) or shard_of(client, guild) in served_by(client)


def shard_of(client: discord.Client, guild: int | None) -> int:
    """The shard on which Discord tells of a server; of what is in none, it is the first."""
    return (guild >> 22) % (client.shard_count or 1) if guild else 0

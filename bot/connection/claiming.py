"""Claiming shards: each of them is served by one process, and by another one once that has ended.

Who serves a shard holds its lease. Where the lease is lost because what decides about leases is out of reach, the shard
is served on: questions do not stop for it, and what two processes answer at once Discord takes from one of them, as
`connection.replies` says. It is taken again later or, where another process has it by then, let go.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

import discord

from bot.connection.discord_internals import let_go, take_up
from bot.connection.offload import offload
from bot.sharing import Shards
from retrieval.replicas.leases import Leases

_log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds after which it is looked again for shards that nobody serves, and for those that another one does."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of shards: those that another process serves now, and those that this one is to."""

    lost: tuple[int, ...] = ()
    gained: tuple[int, ...] = ()


def of_others(leases: Leases, shards: Shards | None) -> list[str]:
    """What another process serves of the `shards` that this one is set to serve, None for all. The rest of them is held
    from now on, for others to see. It may wait for some seconds.
    """
    names = [_shard(shard, shards.count) for shard in shards.named] if shards else ["all shards"]
    return [name for name in names if not leases.take(name) and leases.unreachable is None]


def _shard(number: int, count: int) -> str:
    return f"shard {number} of {count}"


class Claims:
    """The leases of shards. Every method may wait for some seconds, so call none on the event loop."""

    def __init__(self, leases: Leases, shards: Shards) -> None:
        self._leases = leases
        self._count, self._most = shards.count, shards.most

    def look(self, served: Collection[int], most: int | None = None) -> Moved:
        """Which of those that are `served` another process has, and which others to serve from now on: at most `most`
        at once, and no more than this process may have.
        """
        lost = tuple(shard for shard in sorted(served) if self._is_others(shard))
        room = self._most - len(served) + len(lost)
        room = room if most is None else min(room, most)
        gained: list[int] = []
        for shard in range(self._count):
            if len(gained) >= room:
                break
            if shard in served:
                continue
            if self._leases.take(self._name(shard)):
                gained.append(shard)
            elif self._leases.unreachable:
                break
        return Moved(lost, tuple(gained))

    def give_back(self, shards: Collection[int]) -> None:
        """Let other processes serve these."""
        for shard in shards:
            self._leases.give_back(self._name(shard))

    def _is_others(self, shard: int) -> bool:
        # It is also refused where nobody can be asked, and that is no reason to stop. Whether that is so is told of the
        # last lease that was claimed, which may have been on another thread: so it is asked twice.
        name = self._name(shard)
        return all(not self._leases.take(name) and self._leases.unreachable is None for _ in range(2))

    def _name(self, shard: int) -> str:
        return _shard(shard, self._count)


class Claiming:
    """Has `client` serve the shards that this process has claimed; `ended` is told of each that it has let go. For one
    event loop.
    """

    def __init__(
        self,
        client: discord.AutoShardedClient,
        leases: Leases,
        shards: Shards,
        ended: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._client = client
        self._ended = ended
        self._claims = Claims(leases, shards)
        self._count = shards.count
        self._beginning: dict[int, asyncio.Task[None]] = {}

    async def first(self) -> None:
        """Wait until there are shards to serve, which the client is to connect to then."""
        waits = False
        while not (gained := (await offload(lambda: self._claims.look(()))).gained):
            if not waits:
                _log.info("other processes serve all %d shards, or the database cannot be asked: waiting", self._count)
            waits = True
            await asyncio.sleep(LOOK)
        self._client.shard_count, self._client.shard_ids = self._count, [*gained]
        _log.info("serving of %d shards: %s", self._count, ", ".join(map(str, gained)))

    async def go_on(self) -> None:
        """Take up what others leave, one shard after another, and let go of what they have taken, until cancelled."""
        try:
            await self._client.wait_until_ready()
            while True:
                await asyncio.sleep(LOOK)
                served = tuple(self._client.shard_ids or ())
                # One at a time, so that others have their part.
                found = await offload(lambda served=served: self._claims.look(served, 1))
                for shard in found.lost:
                    _log.info("shard %d of %d is served by another process from now on", shard, self._count)
                    await self._end(shard)
                for shard in found.gained:
                    _log.info("serving shard %d of %d, too, which no other process does", shard, self._count)
                    self._beginning[shard] = asyncio.create_task(take_up(self._client, shard))
        finally:
            for task in self._beginning.values():
                task.cancel()

    async def end(self) -> None:
        """Let others serve what this process did, once it is not connected any more."""
        served = tuple(self._client.shard_ids or ())
        await offload(lambda: self._claims.give_back(served))

    async def _end(self, shard: int) -> None:
        if (beginning := self._beginning.pop(shard, None)) is not None:
            beginning.cancel()
            await asyncio.wait({beginning})
        self._ended(shard)
        await let_go(self._client, shard)

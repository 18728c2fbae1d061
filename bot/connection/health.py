"""How a host's programs see that the bot lives: an HTTP endpoint, off unless `HEALTH_PORT` is set.

`/healthz` says that the process lives and its event loop answers, `/readyz` whether members are answered,
`/metrics` what Prometheus collects.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import discord
from aiohttp import web
from aiohttp.http import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST

from bot.connection.metrics import Metrics
from bot.connection.newsdesk import NewsDesk
from bot.connection.offload import offload
from bot.connection.shards import served_by, shards_of
from bot.connection.starting import StartError
from bot.memory.subscriptions import Kind, Subscriptions
from bot.settings import HostError
from retrieval.article import Status
from retrieval.errors import QuotewireError, StoreUnavailable

_log = logging.getLogger(__name__)

LOOK_WITHIN = 2.0
"""Seconds that the index has to answer."""
ASK_WITHIN = 10.0
"""Seconds that a connection has for its one request and its answer, or those that say nothing would pile up."""


def _is_own_fault(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_requests = logging.getLogger(f"{__name__}.requests")
_requests.addFilter(_is_own_fault)  # what is no HTTP is answered with 400, and that is all about it


class PortRefused(StartError, HostError):
    """The system does not let this user listen at the port."""


class Health:
    """The endpoint of one client, of the newsroom that answers there, and of the subscriptions of its servers."""

    def __init__(
        self, client: discord.AutoShardedClient, desk: NewsDesk, metrics: Metrics, subscriptions: Subscriptions
    ) -> None:
        self._client = client
        self._subscriptions = subscriptions
        self._desk = desk
        self.metrics = metrics
        self._looking: asyncio.Task[tuple[Status, bool]] | None = None
        self._paused: Mapping[Kind, int] | None = None

    def app(self) -> web.Application:
        """The three pages."""
        app = web.Application()
        app.on_response_prepare.append(_last_of_its_connection)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._measured)
        return app

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _: web.Request) -> web.Response:
        _status, reasons = await self._obstacles()
        return web.json_response({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)

    async def _measured(self, _: web.Request) -> web.Response:
        index, reasons = await self._obstacles()
        turns, shards = self._desk.turns, shards_of(self._client)
        text = self.metrics.text(
            index, turns.working(), turns.waiting(), shards, ready=not reasons, paused=self._paused
        )
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _obstacles(self) -> tuple[Status | None, list[str]]:
        """What the index holds, None if it does not say so, and why not every member can be answered just now."""
        reasons = discord_obstacles(self._client)
        try:
            status, ready = await self._look()
        except TimeoutError:
            return None, [*reasons, f"the index did not answer within {LOOK_WITHIN:g} s"]
        except QuotewireError as error:
            return None, [*reasons, str(error)]
        return status, reasons if ready else [*reasons, status.notice or "questions cannot be answered yet"]

    async def _look(self) -> tuple[Status, bool]:
        """What the index holds, and whether it can answer. Raises `TimeoutError`, or what `Newsroom.status` raises."""
        # One look at a time: a probe every few seconds must not pile up threads on an index that is stuck.
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(offload(self._looked))
        async with asyncio.timeout(LOOK_WITHIN):
            return await asyncio.shield(self._looking)

    def _looked(self) -> tuple[Status, bool]:
        try:
            self._paused = self._subscriptions.paused()
        except StoreUnavailable:
            self._paused = None
        return self._desk.fares()


class _Counting(logging.Handler):
    """Has what is logged counted."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.logged(record)


@asynccontextmanager
async def serving_health(health: Health, host: str, port: int) -> AsyncIterator[None]:
    """Serve the endpoint within the block. Raises `StartError` when that cannot be."""
    runner = web.AppRunner(health.app(), access_log=None, shutdown_timeout=1.0, logger=_requests)
    await runner.setup()
    assert runner.server is not None
    watching = [asyncio.create_task(health.metrics.watch_loop()), asyncio.create_task(_end_idle(runner.server))]
    counting = _Counting(health.metrics)
    logging.getLogger().addHandler(counting)
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise _refusal(host, port, error) from error
        _log.info("health and metrics are at http://%s:%d", f"[{host}]" if ":" in host else host, port)
        yield
    finally:
        for task in watching:
            task.cancel()
        logging.getLogger().removeHandler(counting)
        await runner.cleanup()


async def _last_of_its_connection(_: web.Request, response: web.StreamResponse) -> None:
    response.force_close()


async def _end_idle(server: web.Server) -> None:
    """End connections that are there for longer than `ASK_WITHIN`, whatever they wait for."""
    since: dict[web.RequestHandler, float] = {}
    while True:
        now = asyncio.get_running_loop().time()
        since = {each: since.get(each, now) for each in server.connections}
        for each, came in since.items():
            if now - came > ASK_WITHIN and each.transport is not None:
                each.transport.abort()
        await asyncio.sleep(ASK_WITHIN / 10)


def _refusal(host: str, port: int, error: OSError) -> StartError:
    where = f"HEALTH_PORT: nothing can be served at {host}, port {port}"
    match error.errno:
        case errno.EACCES:
            return PortRefused(f"{where}, because this user may not; set a port above 1023.")
        case errno.EADDRINUSE:
            return StartError(f"{where}, because another program is there; end that, or set another port.")
        case errno.EADDRNOTAVAIL:
            return StartError(f"{where}, because this machine has no such address; set HEALTH_HOST to one it has.")
    return StartError(f"{where} ({error.strerror}); set another port, or another HEALTH_HOST.")


def discord_obstacles(client: discord.AutoShardedClient) -> list[str]:
    """Why not every member can be served just now, as far as it is up to the connection to Discord."""
    if client.user is None or client.shard_count is None:
        return ["not logged in to Discord yet"]
    if client.is_closed():
        return ["the bot is closing"]
    connected = {shard.id for shard in shards_of(client) if shard.connected}
    wanted = served_by(client)
    if not wanted:
        return ["other processes serve all shards"]
    missing = [id_ for id_ in wanted if id_ not in connected]
    reasons = [f"shard {id_} is not connected to Discord" for id_ in missing]
    if not missing and not client.is_ready():
        reasons.append("Discord has not told of all servers yet")
    return reasons

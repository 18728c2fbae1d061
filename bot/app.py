"""The composition root: what there is, who gets what, and how the bot starts and ends. Read it from top to bottom."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.cards.status import Sharing
from bot.commands.every import BUTTONS, COMMANDS
from bot.commands.follow_up import answer_form
from bot.commands.messages import answer_message
from bot.connection.claiming import Claiming, of_others
from bot.connection.client import QuotewireClient
from bot.connection.identifying import Identifying
from bot.connection.newsdesk import NewsDesk
from bot.connection.offload import offload
from bot.connection.serving import Serving
from bot.connection.shards import served_by, shard_of
from bot.connection.soon import Soon
from bot.connection.starting import StartError, start_failure
from bot.connection.under_way import logged
from bot.memory.database import Database
from bot.memory.exchanges import Exchanges
from bot.memory.guilds import Guilds
from bot.memory.listings import Listings
from bot.memory.looks import Looks
from bot.memory.members import Members
from bot.memory.posts import Posts
from bot.memory.servers import Servers
from bot.memory.subscriptions import Subscriptions
from bot.posting.channels import DiscordChannels
from bot.posting.polling import LEASE as POLLING
from bot.posting.polling import Polling
from bot.posting.posting import LEASE as POSTING
from bot.posting.posting import Posting
from bot.settings import Settings
from bot.sharing import Shards
from bot.upkeep.forgetting import forget_long_gone, servers_reading
from retrieval.errors import StoreUnavailable
from retrieval.newsroom import Newsroom
from retrieval.replicas.leases import Leases

if TYPE_CHECKING:
    from bot.connection.metrics import Metrics

_log = logging.getLogger(__name__)

CLOSE_WITHIN = 2.0
"""Seconds that replies and a reload under way get to end when the bot closes."""
REFRESHED_AFTER = 1.0
"""Seconds after which the settings of servers are read anew, where another process goes on changing what is there."""


class Bot:
    """Everything that serves Discord from `room`, which is neither opened nor closed here; `clock` is in Unix time."""

    def __init__(self, room: Newsroom, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._room = room
        self._settings = settings
        self._ready_shards: frozenset[int] = frozenset()
        self._is_noted = True
        self._clock = clock
        metrics = _metrics(settings)

        # What is remembered between starts.
        self._database = database = Database(settings.data_dir, room.shared)
        self._guild_settings = guild_settings = Guilds(database)
        self._subscriptions = subscriptions = Subscriptions(database)
        self._servers = servers = Servers(database)
        posts = Posts(database)

        # The connection, and what goes on beside it.
        self.client = client = QuotewireClient(self, settings.shards)
        client.identifying = Identifying(room.leases) if room.shared else None
        self._claiming = _claiming(client, room.leases, settings.shards, self._let_go)
        channels = DiscordChannels(client, guild_settings, metrics.posted if metrics else _uncounted)
        taken_in = metrics.taken_in if metrics else _uncounted
        not_posted = metrics.not_posted if metrics else _uncounted
        look = self._look_after_servers
        self._posting = posting = Posting(room, posts, channels, clock, not_posted, look, room.leases)
        self._polling = polling = Polling(room, posting.wake_soon, partial(taken_in, "poll"), room.leases)
        verified = metrics.verified if metrics else _uncounted
        self._desk = desk = NewsDesk(room, posting.wake, partial(taken_in, "reload"), verified)

        self._newest = Soon(self._catch_up, "serving what another process has read")
        self._settings_anew = Soon(guild_settings.refresh, "reading what another process has set", REFRESHED_AFTER)

        # What members can do, and what they are served with.
        _offer_commands(client)
        client.serving = Serving(
            desk=desk,
            guild_settings=guild_settings,
            exchanges=Exchanges(database),
            listings=Listings(database),
            looks=Looks(database),
            subscriptions=subscriptions,
            servers=servers,
            members=Members(database),
            posts=posts,
            posting=posting,
            polling=polling,
            moderator_roles=settings.moderator_roles,
            sharing=partial(_sharing, room),
            metrics=metrics,
            clock=clock,
        )

    # --- what the client tells: see `Listener` -----------------------------------------------------------

    async def begin(self) -> None:
        """Send changed commands to Discord; load the model, read the articles and poll feeds in the background."""
        if self.client.identifying is not None:
            await self.client.identifying.ask_how_many(self.client)
        if 0 in served_by(self.client):
            await self._send_commands()
        reading = self._desk.open()
        self.client.serving.under_way.add(reading)
        # Afterwards, because digests are to tell what is new, and of very many only the first.
        first = asyncio.create_task(self._desk.wait_until_readable())
        first.add_done_callback(lambda _: self._polling.start())
        first.add_done_callback(lambda _: self._posting.start())

    async def _send_commands(self) -> None:
        """Of several processes, the one that serves the first shard does so."""
        try:
            await self.client.tree.sync_if_changed(self._settings.data_dir)
        except discord.HTTPException as error:
            _log.error("Discord did not take the commands, so old ones stay until the next start: %s", error)

    async def present(self, guilds: list[int], shards: Collection[int]) -> None:
        """Note in which servers the bot is: it may have been taken out of some, or back into them, while it was off."""
        self._ready_shards |= {*shards}
        await self._noted(lambda: self._note_present(guilds, shards))
        if self._claiming is not None and 0 in shards:  # another process may have begun with it
            await self._send_commands()

    def _note_present(self, guilds: list[int], shards: Collection[int]) -> None:
        readers, count = servers_reading(self._room), self.client.shard_count or 1
        self._servers.present(guilds, readers, self._clock(), shards=shards, count=count)

    async def joined(self, guild: int) -> None:
        """Have what was subscribed in a server go on."""
        await self._noted(lambda: self._servers.back(guild))

    async def left(self, guild: int) -> None:
        """Look for nothing more on behalf of a server that the bot has left."""
        await self._noted(lambda: self._servers.left(guild, self._clock()))

    async def _noted(self, note: Callable[[], None]) -> None:
        def noting() -> None:
            try:
                note()
            except StoreUnavailable:
                self._is_noted = False  # until it is made up for
                raise

        await logged(offload(noting), "noting in which servers I am")

    async def message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        if self.client.user is not None:
            await answer_message(self.client.serving, self.client.user, message)

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Answer a form; commands and buttons find their own way."""
        await answer_form(interaction)

    async def end(self) -> None:
        """End what is under way, within `CLOSE_WITHIN` seconds."""
        under_way = self.client.serving.under_way
        self._desk.close()
        under_way.add(asyncio.create_task(offload(lambda: self._polling.stop(CLOSE_WITHIN))))
        under_way.add(asyncio.create_task(self._posting.stop(CLOSE_WITHIN)))
        await under_way.wait(CLOSE_WITHIN)

    async def ended(self) -> None:
        """Close what is remembered."""
        for each in (self._newest, self._settings_anew):
            each.end()
        await offload(self._database.close)

    def _look_after_servers(self) -> None:
        """Make up for what could not be noted, and forget servers that were left long ago: on the shards of which it is
        known, here, in which servers the bot is.
        """
        shards = self._ready_shards.intersection(served_by(self.client))
        if not self._is_noted:
            self._note_present([guild.id for guild in self.client.guilds], shards)
            self._is_noted = True
        gone = forget_long_gone(
            self._room, self._servers, self._clock(), lambda guild: shard_of(self.client, guild) in shards
        )
        for guild in gone:
            self._guild_settings.forget(guild)

    def _let_go(self, shard: int) -> None:
        self._ready_shards -= {shard}

    # --- what other processes do -------------------------------------------------------------------------

    def _told(self, name: str) -> None:
        """Another process has changed the file that is called so; called on a thread that must not be held up."""
        match name:
            case "articles":
                self._newest.ask()
            case "discord":
                self._settings_anew.ask()
            case "feeds":
                self._polling.wake()

    def _catch_up(self) -> None:
        self._room.catch_up()
        self._posting.wake_soon()

    # --- from start to stop ------------------------------------------------------------------------------

    async def serve(self, token: str) -> None:
        """Serve until SIGTERM or SIGINT. Raises what `discord.Client.start` raises, and `StartError`."""
        if self._room.shared:
            self._room.shared.follow(self._told)
        async with self._health(), self.client:
            with _stop_signals() as stop:
                serving = asyncio.create_task(self._connect(token))
                sparing = asyncio.create_task(self._spare_what_is_loaded())
                stopping = asyncio.create_task(stop.wait())
                await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                sparing.cancel()
                if serving.done():
                    serving.result()
                    return
                _log.info("stopping")
                await self.client.close()
                serving.cancel()
                await asyncio.wait({serving})

    async def _connect(self, token: str) -> None:
        """Connect to Discord, and serve; of shards that are claimed, once there is one."""
        if self._claiming is None:
            if self._room.shared and (double := await offload(self._served_twice)):
                _log.warning(SERVED_TWICE, ", ".join(double))
            await self.client.start(token)
            return
        await self._claiming.first()
        going_on = asyncio.create_task(self._claiming.go_on())
        try:
            await self.client.start(token)
        finally:
            going_on.cancel()
            await self._claiming.end()

    def _served_twice(self) -> list[str]:
        return of_others(self._room.leases, self._settings.shards)

    def _health(self) -> contextlib.AbstractAsyncContextManager[None]:
        """The endpoint of the host's settings, if any, within a block."""
        port, host, metrics = self._settings.health_port, self._settings.health_host, self.client.serving.metrics
        if port is None or metrics is None:
            return contextlib.nullcontext()
        from bot.connection.health import Health, serving_health

        return serving_health(Health(self.client, self._desk, metrics, self._subscriptions), host, port)

    async def _spare_what_is_loaded(self) -> None:
        """Have the garbage collector pass over what is there once the bot is warm, for good: libraries and the model.

        A look through all of it would hold the event loop up for some 300 ms, again and again.
        """
        await self.client.wait_until_ready()
        await self._desk.wait_until_warm()
        gc.collect()
        gc.freeze()


async def run_bot(room: Newsroom, settings: Settings) -> None:
    """Serve Discord until SIGTERM or SIGINT, then close within seconds.

    Raises `StartError` when there is no token, Discord refuses it, or Discord cannot be reached.
    """
    if settings.discord_token is None:
        raise StartError("There is no DISCORD_TOKEN; set it in .env to the token of your Discord application.")
    try:
        await Bot(room, settings).serve(settings.discord_token.get_secret_value())
    except Exception as error:
        if (failure := start_failure(error)) is error:
            raise
        raise failure from error


def _sharing(room: Newsroom) -> Sharing | None:
    if room.shared is None:
        return None
    state = room.shared.state()
    polls, posts = POLLING in state.leases, POSTING in state.leases
    return Sharing(reached=state.failure is None, polls=polls, posts=posts, without_vectors=state.without_vectors)


def _offer_commands(client: QuotewireClient) -> None:
    for command in COMMANDS:
        client.tree.add_command(command)
    client.add_dynamic_items(*BUTTONS)


def _metrics(settings: Settings) -> Metrics | None:
    """What is counted for the host, if it wants to know; what is off costs nothing, not even to be imported."""
    if settings.health_port is None:
        return None
    from bot.connection.metrics import Metrics

    return Metrics(settings.data_dir)


SERVED_TWICE = (
    "another process of this bot serves %s, too, so members may be answered twice: give each process shards of its own "
    "in SHARDS (docs/scale.md). Where this one has just taken another's place, all is well."
)


def _claiming(
    client: QuotewireClient, leases: Leases, shards: Shards | None, let_go: Callable[[int], object]
) -> Claiming | None:
    """How shards are claimed; None where they are named, or all are served."""
    return Claiming(client, leases, shards, let_go) if shards and shards.most else None


def _uncounted(*_: object) -> None:
    """In place of counting."""


@contextlib.contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set; where loops know no signals (Windows), Ctrl-C cancels instead."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    handled: list[signal.Signals] = []
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield stop
    finally:
        for number in handled:
            loop.remove_signal_handler(number)

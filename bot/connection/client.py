"""The Discord client: what it listens to, what it does at start, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import aiohttp
import discord
from discord import app_commands

from bot.commands.answer_buttons import Press
from bot.commands.every import COMMANDS
from bot.commands.follow_up import answer_form
from bot.commands.latest import LatestPage
from bot.commands.messages import answer_message
from bot.commands.sources import SourcesPage
from bot.connection.choices import Choices
from bot.connection.errors import ShutdownError, StartError, TokenRefused
from bot.connection.limits import Limits, Turns, asker
from bot.connection.locales import Locales
from bot.connection.offload import offload
from bot.connection.tree import QuotewireTree
from bot.connection.views import NO_MENTIONS
from bot.log import concerning
from bot.memory.database import State
from bot.memory.exchanges import Exchanges
from bot.memory.guilds import Guilds
from bot.memory.listings import Briefings
from bot.memory.subscriptions import Subscriptions
from bot.posting.channels import DiscordChannels
from bot.posting.polling import Polling
from bot.posting.posting import Posting
from bot.settings import Settings
from retrieval.article import Progress, ReloadReport
from retrieval.errors import IndexUnavailable, QuotewireError
from retrieval.newsroom import Newsroom

if TYPE_CHECKING:
    from bot.connection.metrics import Metrics

_log = logging.getLogger(__name__)

# The bot never speaks, so discord.py need not warn at each start that it could not.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

T = TypeVar("T")

FIRST_READING = 120.0
"""Seconds that a question waits for the articles to be read for the first time."""
CLOSE_WITHIN = 2.0
"""Seconds that replies and a reload under way get to end when the bot closes."""


class QuotewireClient(discord.AutoShardedClient):
    """Answers in Discord from `room`; `room` is neither opened nor closed here.

    No privileged intent is asked for: Discord sends the content of direct messages, and of those
    that mention the bot, without one.
    """

    def __init__(self, room: Newsroom, settings: Settings) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=NO_MENTIONS, max_messages=None)
        self.room = room
        self.settings = settings
        self.state = State(settings.data_dir)
        self.guild_settings = Guilds(self.state)
        self.exchanges = Exchanges(self.state)
        self.briefings = Briefings(self.state)
        self.tree = QuotewireTree(self)
        for command in COMMANDS:
            self.tree.add_command(command)
        self.add_dynamic_items(Press, LatestPage, SourcesPage)
        self.subscriptions = Subscriptions(self.state)
        self.posting = Posting(room, self.subscriptions, DiscordChannels(self))
        self.polling = Polling(room, self._news_came, partial(self._taken_in, "poll"))
        self.choices = Choices()
        self.locales = Locales()
        self.limits = Limits()
        self.turns = Turns()
        self.metrics: Metrics | None = None
        """What is counted for the host; None counts nothing."""
        self.started = datetime.now(UTC)
        self.closed_logs: set[int] = set()
        self._closing = threading.Event()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def query(self, question: Callable[[Newsroom], T]) -> T:
        """The result of `question` on the newsroom, which is asked off the event loop.

        Raises what `question` raises, `IndexUnavailable` when the first reading of the articles takes long, and
        `Crowded` when many questions from the same place wait.
        """
        await self._readable()
        async with self.turns.turn(asker.get()):
            return await offload(lambda: question(self.room))

    async def reload(self, progress: Callable[[Progress], object] = lambda _: None) -> ReloadReport:
        """Reload the newsroom off the event loop; `progress` is called on another thread.

        Raises `ShutdownError` soon after `close` is called, and what `Newsroom.reload` raises.
        """
        try:
            report = await self.change(lambda room, step: room.reload(step), progress)
        except Exception:
            self._taken_in("reload", None)
            raise
        self._taken_in("reload", report)
        return report

    async def change(
        self,
        work: Callable[[Newsroom, Callable[[Progress], None]], T],
        progress: Callable[[Progress], object] = lambda _: None,
    ) -> T:
        """The result of `work`, which may change what the newsroom holds. As for `reload`."""

        def step(now: Progress) -> None:
            # A reload may be ended at any step; what was served before stays whole.
            if self._closing.is_set():
                raise ShutdownError
            progress(now)

        try:
            return await offload(lambda: work(self.room, step))
        finally:  # part of it may be in the index
            self.posting.wake()

    def _news_came(self) -> None:
        """Post what there is to post of it. Called on another thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self.loop.call_soon_threadsafe(self.posting.wake)

    def _taken_in(self, kind: Literal["reload", "poll"], report: ReloadReport | None) -> None:
        """Count a reload or a poll, which failed if there is no report. Also called on another thread."""
        if self.metrics:
            self.metrics.taken_in(kind, report)

    def track(self, task: asyncio.Task[Any] | None) -> None:
        """Have `close` wait a moment for `task`, which owes someone a reply or the store an orderly end."""
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def setup_hook(self) -> None:
        """Send changed commands to Discord; load the model, read the articles and poll feeds in the background."""
        try:
            await self.tree.sync_if_changed(self.settings.data_dir)
        except discord.HTTPException as error:
            _log.error("Discord did not take the commands, so old ones stay until the next start: %s", error)
        self._reading = asyncio.create_task(_logged(self.reload(), "the reload at start"))
        self.track(self._reading)
        # Afterwards, because neither can take in articles beside the other, and digests are to tell what is new.
        self._reading.add_done_callback(lambda _: self.polling.start())
        self._reading.add_done_callback(lambda _: self.posting.start())
        self._warming = asyncio.create_task(_logged(offload(self.room.warm_up), "loading the model"))

    async def wait_until_warm(self) -> None:
        """Wait until the bot is logged in, and has loaded what it needs to answer."""
        await self.wait_until_ready()
        await asyncio.wait({task for task in (self._reading, self._warming) if task})

    async def _readable(self) -> None:
        """While the reload at start is under way and nothing can be answered before it ends, wait for it.

        Members do not know that the bot has only just started.
        """
        if self._reading is None or self._reading.done():
            return
        if await offload(self.room.ready):
            return
        if not (await asyncio.wait({self._reading}, timeout=FIRST_READING))[0]:
            raise IndexUnavailable("I am still reading the articles for the first time; ask me again in a few minutes.")

    async def on_ready(self) -> None:
        """Log that the bot serves, and note where."""
        _log.info("ready as %s; servers: %d, shards: %d", self.user, len(self.guilds), len(self.shards))
        # It may have been taken out of servers, or back into them, while it was off.
        guilds = [guild.id for guild in self.guilds]
        await self._note(lambda: self.subscriptions.present(guilds, self.posting.now()))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Have what was subscribed in a server go on."""
        await self._note(lambda: self.subscriptions.back(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Look for nothing more on behalf of a server that the bot has left."""
        await self._note(lambda: self.subscriptions.left(guild.id, self.posting.now()))

    async def _note(self, note: Callable[[], None]) -> None:
        await _logged(offload(note), "noting in which servers I am")

    def shard_of(self, guild: int | None) -> int:
        """The shard on which Discord tells of a server; of what is in none, it is the first."""
        return (guild >> 22) % (self.shard_count or 1) if guild else 0

    async def on_app_command_completion(
        self, _: discord.Interaction, command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu
    ) -> None:
        """Count a command that was done."""
        if self.metrics:
            self.metrics.command_ended(command.qualified_name, "done")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a form; commands and buttons find their own way."""
        await answer_form(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        self.track(asyncio.current_task())
        guild = message.guild.id if message.guild else None
        concerning(shard=self.shard_of(guild), guild=guild)
        await answer_message(self, message)

    async def close(self) -> None:
        """Leave Discord, after at most `CLOSE_WITHIN` seconds for what is under way."""
        self._closing.set()
        self.track(asyncio.create_task(offload(lambda: self.polling.stop(CLOSE_WITHIN))))
        self.track(asyncio.create_task(self.posting.stop(CLOSE_WITHIN)))
        await asyncio.wait(self._under_way, timeout=CLOSE_WITHIN)
        await super().close()
        await offload(self.state.close)


async def run_bot(room: Newsroom, settings: Settings) -> None:
    """Serve Discord until SIGTERM or SIGINT, then close within seconds.

    Raises `StartError` when there is no token, Discord refuses it, or Discord cannot be reached.
    """
    if settings.discord_token is None:
        raise StartError("There is no DISCORD_TOKEN; set it in .env to the token of your Discord application.")
    client = QuotewireClient(room, settings)
    try:
        async with _health(client):
            await _serve_until_stopped(client, settings.discord_token.get_secret_value())
    except Exception as error:
        if (failure := start_failure(error)) is error:
            raise
        raise failure from error


def _health(client: QuotewireClient) -> contextlib.AbstractAsyncContextManager[None]:
    """The endpoint of the host's settings, if any, within a block."""
    port, host = client.settings.health_port, client.settings.health_host
    if port is None:
        return contextlib.nullcontext()
    # What is off costs nothing, not even to be imported.
    from bot.connection.health import serving_health

    return serving_health(client, host, port)


async def _serve_until_stopped(client: QuotewireClient, token: str) -> None:
    """Raises what `client.start` raises."""
    async with client:
        with _stop_signals() as stop:
            serving = asyncio.create_task(client.start(token))
            sparing = asyncio.create_task(_spare_what_is_loaded(client))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            sparing.cancel()
            if serving.done():
                serving.result()
                return
            _log.info("stopping")
            await client.close()
            serving.cancel()
            await asyncio.wait({serving})


def start_failure(error: BaseException) -> BaseException:
    """`StartError` with the remedy for a start that failed for a known reason, else `error` itself."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return TokenRefused(
                "Discord refused the token; copy a new one from the Bot page of your application "
                "(https://discord.com/developers/applications) into DISCORD_TOKEN."
            )
        case discord.PrivilegedIntentsRequired() | discord.ConnectionClosed():
            return StartError(f"Discord closed the connection ({error}); start the bot again in a minute.")
        case discord.HTTPException(status=429):
            return StartError("Discord limits this address for now; wait an hour, then start the bot again.")
        case discord.HTTPException() | discord.GatewayNotFound() | aiohttp.ClientError() | OSError():
            return StartError(
                f"Discord cannot be reached ({error}); check this machine's network and "
                "https://discordstatus.com, then start the bot again."
            )
    return error


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


async def _spare_what_is_loaded(client: QuotewireClient) -> None:
    """Have the garbage collector pass over what is there once `client` is warm, for good: libraries and the model.

    A look through all of it would hold the event loop up for some 300 ms, again and again.
    """
    await client.wait_until_warm()
    gc.collect()
    gc.freeze()


async def _logged(work: Coroutine[Any, Any, object], what: str) -> None:
    """Do `work` that nobody waits for; an error goes to the log, as one line when it says what to do."""
    try:
        await work
    except ShutdownError:
        _log.info("%s was stopped", what)
    except QuotewireError as error:
        _log.warning("%s: %s", what, error)
    except Exception:
        _log.exception("%s failed", what)

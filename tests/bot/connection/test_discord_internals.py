"""That discord.py still is what the adapter takes it for. A failure here names what to look at after an update."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import discord
import discord.shard
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.commands.every import COMMANDS
from bot.connection.discord_internals import PatientBackoff, ResumingShard, adapt, let_go, payloads, take_up
from bot.connection.translator import Translator
from bot.connection.tree import QuotewireTree

INTENTS = discord.Intents(guilds=True)

ADAPTER = "bot/connection/discord_internals.py"
SHARD = f"compare `ResumingShard` in {ADAPTER} with `Shard` in discord/shard.py"
BACKOFF = f"compare `PatientBackoff` in {ADAPTER} with discord/backoff.py and with who makes one in discord/shard.py"
LOGS = f"compare the filters in {ADAPTER} with what is logged in discord/shard.py and discord/app_commands/tree.py"
VOICE = f"compare `adapt` in {ADAPTER} with what `Client.__init__` in discord/client.py warns of"
SHARDS = (
    f"compare `take_up` and `let_go` in {ADAPTER} with `AutoShardedClient` in discord/shard.py and with `parse_ready` "
    "of `AutoShardedConnectionState` in discord/state.py"
)
SYNC = f"compare `payloads` in {ADAPTER} with `CommandTree.sync` in discord/app_commands/tree.py"


class Socket:
    """A connection to Discord that has a session, or none yet."""

    def __init__(self, session: str | None = "a session", shard: int = 0) -> None:
        self.shard_id, self.session_id, self.sequence = shard, session, 7
        self.gateway = yarl.URL("wss://resume.example")

        self.ended_with: int | None = None

    async def poll_event(self) -> None:
        raise ReconnectWebSocket(0)

    async def close(self, *, code: int) -> None:
        self.ended_with = code


class Connecting:
    """Stands in for `DiscordWebSocket.from_client`: notes what it was asked for, and connects or fails."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fails: Exception | None = None
        self.session: str | None = "a session"
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, _client: discord.Client, **options: Any) -> Socket:
        self.asked.append(options)
        if self.meanwhile:
            await self.meanwhile()
        if self.fails:
            raise self.fails
        return Socket(self.session, options["shard_id"])


@pytest.fixture(autouse=True)
def _adapted() -> None:
    adapt()
    adapt()  # which does no harm


@pytest.fixture
def connecting(monkeypatch: pytest.MonkeyPatch) -> Connecting:
    connecting = Connecting()
    monkeypatch.setattr(DiscordWebSocket, "from_client", connecting)
    return connecting


async def shard_of_a_client() -> discord.shard.Shard:
    """The shard of a client that has just connected, as the client made it."""
    client = discord.AutoShardedClient(intents=INTENTS, shard_count=1)
    await client._async_setup_hook()
    client._reconnect = True  # as `connect` is told
    await client.launch_shard(yarl.URL("wss://gateway.example"), 0)
    (shard,) = client._AutoShardedClient__shards.values()  # type: ignore[attr-defined]
    shard._cancel_task()
    return shard


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert discord.__version__ == "2.7.1", (
        f"{SHARD}; {BACKOFF}; {LOGS}; {VOICE}; {SHARDS}; {SYNC}; then change this line"
    )


@pytest.mark.parametrize("session", ["a session", None])
async def test_an_outage_ends_with_the_session_that_it_began_with(connecting: Connecting, session: str | None) -> None:
    connecting.session = session
    shard = await shard_of_a_client()
    assert isinstance(shard, ResumingShard), SHARD
    connecting.asked.clear()
    await shard.reconnect()
    shard._cancel_task()
    (asked,) = connecting.asked
    assert asked["resume"] is (session is not None), SHARD
    if session:
        assert (asked["session"], asked["sequence"], asked["gateway"]) == (
            session,
            7,
            yarl.URL("wss://resume.example"),
        ), SHARD


async def ready_client(*shards: int) -> discord.AutoShardedClient:
    """A client that is ready on some of four shards, as `connect` makes it, with a server on each of all four."""
    client = discord.AutoShardedClient(intents=INTENTS, shard_count=4, shard_ids=[*shards])
    await client._async_setup_hook()
    client._reconnect = True
    await client.launch_shards()
    for shard in shards:
        be_ready(client, shard)
    async with asyncio.timeout(30):
        await client.wait_until_ready()
    return client


def be_ready(client: discord.AutoShardedClient, shard: int) -> None:
    """Discord tells of a shard's one server."""
    client._connection.guild_ready_timeout = 0.01
    user = {"id": "1", "username": "bot", "discriminator": "0", "avatar": None}
    guilds = [{"id": str((4 + shard) << 22), "unavailable": True}]
    client._connection.parse_ready(cast(Any, {"shard": [shard, 4], "user": user, "guilds": guilds}))


async def test_a_client_takes_up_one_more_shard(connecting: Connecting, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = asyncio.Queue[int]()

    async def shard_ready(shard: int) -> None:
        ready.put_nowait(shard)

    client = await ready_client(0, 2)
    monkeypatch.setattr(client, "on_shard_ready", shard_ready, raising=False)
    assert [asked["shard_id"] for asked in connecting.asked] == [0, 2], SHARDS
    await take_up(client, 3)
    assert connecting.asked[-1]["shard_id"] == 3
    assert client.shard_ids == [0, 2, 3]
    assert sorted(client.shards) == [0, 2, 3], SHARDS
    be_ready(client, 3)
    async with asyncio.timeout(30):
        assert await ready.get() == 3
    assert client.is_ready(), SHARDS
    assert sorted(guild.shard_id for guild in client.guilds) == [0, 2, 3]
    await client.close()


async def test_a_client_lets_go_of_a_shard_and_all_that_it_knew_by_it(connecting: Connecting) -> None:
    client = await ready_client(0, 2)
    shard = client._AutoShardedClient__shards[2]  # type: ignore[attr-defined]
    await let_go(client, 2)
    assert shard.ws.ended_with == 1000, "Discord ends the session then"
    assert client.shard_ids == [0]
    assert sorted(client.shards) == [0], SHARDS
    assert [guild.shard_id for guild in client.guilds] == [0], SHARDS
    # What was to be connected again just then is not.
    connecting.asked.clear()
    await shard.reconnect()
    await shard.reidentify(ReconnectWebSocket(2))
    assert connecting.asked == [], SHARDS
    await let_go(client, 2)  # twice does no harm
    await take_up(client, 2)
    assert sorted(client.shards) == [0, 2], "it can come back"
    assert connecting.asked[-1]["shard_id"] == 2
    await client.close()


async def test_a_shard_that_is_let_go_while_it_is_connected_again_ends(connecting: Connecting) -> None:
    client = await ready_client(0)
    shard = client._AutoShardedClient__shards[0]  # type: ignore[attr-defined]
    connecting.meanwhile = lambda: let_go(client, 0)
    await shard.reidentify(ReconnectWebSocket(0))
    assert shard.ws.ended_with == 1000, SHARDS
    assert shard._task is None or shard._task.cancelled() or shard._task.cancelling(), SHARDS
    await client.close()


async def test_pauses_between_tries_are_of_a_minute_at_most(
    connecting: Connecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    backoff = (await shard_of_a_client())._backoff
    assert isinstance(backoff, PatientBackoff), BACKOFF
    pauses = [backoff.delay() for _ in range(500)]
    assert 32 < max(pauses) <= 64, BACKOFF
    later = time.monotonic() + 181
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert backoff.delay() <= 2, BACKOFF


async def test_a_try_to_connect_that_fails_is_one_line(
    connecting: Connecting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shard = await shard_of_a_client()
    monkeypatch.setattr(shard._backoff, "delay", lambda: 0.0)
    connecting.fails = ConnectionRefusedError("no way")
    await shard.reconnect()
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (record.name, record.levelname, record.exc_info) == ("discord.shard", "WARNING", None), LOGS
    assert record.getMessage() == "Attempting a reconnect for shard ID 0 in 0.00s (ConnectionRefusedError)", LOGS


def sent_by_discord(kind: int, name: str, option: str) -> discord.Interaction:
    """Someone types a value for a command's option."""
    options = [{"name": option, "type": 3, "value": "x", "focused": True}]
    command = {"id": "5", "name": name, "type": 1, "options": options}
    user = {"id": "2", "username": "alice", "discriminator": "0", "avatar": None, "global_name": None}
    client = discord.Client(intents=INTENTS)
    return discord.Interaction(
        data=cast(
            Any,
            {
                "id": "1",
                "application_id": "3",
                "type": kind,
                "token": "t",
                "version": 1,
                "user": user,
                "data": command,
                "channel_id": "4",
                "locale": "en-GB",
                "entitlements": [],
                "attachment_size_limit": 0,
            },
        ),
        state=client._connection,
    )


class Gone:
    """What discord.py makes an error of, for an interaction that nobody waits for any more."""

    status, reason = 404, "Not Found"


async def test_choices_that_come_too_late_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tree = app_commands.CommandTree(discord.Client(intents=INTENTS))

    @app_commands.command(description="A command")
    async def find(_: discord.Interaction, what: str) -> None:
        """A command with choices."""

    @find.autocomplete("what")
    async def too_late(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        raise discord.NotFound(cast(Any, Gone()), {"code": 10062, "message": "Unknown interaction"})

    tree.add_command(find)
    await tree._call(sent_by_discord(4, "find", "what"))
    (record,) = [record for record in caplog.records if "autocomplete" in record.getMessage()]
    assert (record.name, record.levelname, record.exc_info) == ("discord.app_commands.tree", "INFO", None), LOGS


def test_nothing_is_said_about_voice(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for switch in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, switch, True)
    discord.Client(intents=INTENTS)
    assert caplog.text.count("voice will NOT be supported") == 2, VOICE
    caplog.clear()
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    adapt()
    discord.Client(intents=INTENTS)
    assert caplog.text == "", VOICE


@pytest.mark.parametrize("guild", [None, discord.Object(8)])
async def test_the_commands_are_known_as_they_are_sent(
    guild: discord.Object | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = discord.Client(intents=INTENTS)
    client._connection.application_id = 3
    tree = QuotewireTree(client)
    for command in COMMANDS:
        tree.add_command(command, guild=guild)
    sent: list[list[dict[str, Any]]] = []

    async def overwrite(*_: int, payload: list[dict[str, Any]]) -> list[Any]:
        sent.append(payload)
        return []

    for name in ("bulk_upsert_global_commands", "bulk_upsert_guild_commands"):
        monkeypatch.setattr(client.http, name, overwrite)
    await tree.set_translator(translator := Translator())
    await tree.sync(guild=guild)
    assert sent == [await payloads(tree, translator, guild)], SYNC
    assert len(sent[0]) == len(COMMANDS)

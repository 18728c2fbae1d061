from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from unittest.mock import AsyncMock

import aiohttp
import discord
import pytest
import simcord
from pydantic import SecretStr

from bot.app import CLOSE_WITHIN, run_bot
from bot.connection.client import QuotewireClient
from bot.connection.errors import ShutdownError
from bot.connection.starting import StartError, start_failure
from bot.connection.tree import KNOWN, QuotewireTree, fingerprint
from bot.settings import Settings
from retrieval import article
from retrieval.article import Progress, ReloadReport
from retrieval.errors import IndexUnavailable
from tests.support.discord.stand_in import NOTHING_CHANGED, StandIn
from tests.support.discord.world import make_client

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.a-secret-that-nobody-may-see"


Reloading = Callable[[Callable[[Progress], None]], ReloadReport]
Reading = tuple[QuotewireClient, StandIn, threading.Event]


def syncs(env: simcord.Env) -> int:
    return sum(r.method == "PUT" and r.path.endswith("/commands") for r in env.http_requests)


async def test_commands_are_sent_at_the_first_start_only(tmp_path: Path) -> None:
    room = StandIn().room
    async with simcord.run(make_client(room, tmp_path)) as env:
        assert syncs(env) == 1
        await env.restart_bot(make_client(room, tmp_path))
        assert syncs(env) == 1
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        assert (await alice.slash(channel, "ask", question="Why?")).response is not None


async def test_changed_commands_are_sent_again(tmp_path: Path) -> None:
    room = StandIn().room
    async with simcord.run(make_client(room, tmp_path)) as env:
        changed = make_client(room, tmp_path)
        changed.tree.remove_command("latest")
        await env.restart_bot(changed)
        assert syncs(env) == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"1": 2}', "\udcff"])
async def test_a_damaged_mark_costs_one_sync(tmp_path: Path, damage: str) -> None:
    room = StandIn().room
    async with simcord.run(make_client(room, tmp_path)) as env:
        (tmp_path / KNOWN).write_bytes(damage.encode("utf-8", "surrogateescape"))
        for _ in range(2):
            await env.restart_bot(make_client(room, tmp_path))
            assert syncs(env) == 2


async def test_commands_are_known_of_each_application_and_server(tmp_path: Path) -> None:
    room = StandIn().room
    one, other = make_client(room, tmp_path), make_client(room, tmp_path)
    async with simcord.run(one) as env:
        guild = discord.Object(env.create_guild().id)
        assert await one.tree.is_known(tmp_path)
        assert not await one.tree.is_known(tmp_path, guild)
        await one.tree.send(tmp_path, guild)
        assert await one.tree.is_known(tmp_path, guild)
        other._connection.application_id = 7
        assert not await other.tree.is_known(tmp_path)
        assert await one.tree.is_known(tmp_path)


def test_the_fingerprint_tells_definitions_and_applications_apart() -> None:
    ask, latest = {"name": "ask", "description": "a"}, {"name": "latest", "description": "b"}
    assert fingerprint(1, [ask, latest]) == fingerprint(1, [latest, ask])
    assert fingerprint(1, [ask]) != fingerprint(2, [ask])
    assert fingerprint(1, [ask]) != fingerprint(1, [{**ask, "description": "c"}])


async def test_a_refused_sync_does_not_stop_the_bot(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = make_client(StandIn().room, tmp_path)
    env = simcord.Env(client, strict_sync=False)
    env.inject_error("PUT", "/applications/*/commands", status=403)
    await env.start()
    try:
        assert "Discord did not take the commands" in caplog.text
        assert client.is_ready()
    finally:
        await env.shutdown()


async def test_no_privileged_intent_is_needed(tmp_path: Path) -> None:
    client = make_client(StandIn().room, tmp_path)
    intents = client.intents
    assert not any((intents.members, intents.presences, intents.message_content))
    async with simcord.run(client, approved_intents=discord.Intents.none()) as env:
        assert env.bot.is_ready()


def a_long_reload(started: threading.Event, ended: threading.Event) -> Reloading:
    def reloading(progress: Callable[[Progress], None]) -> ReloadReport:
        started.set()
        while not ended.wait(0.02):
            progress(Progress("embedding", 1, 2))
        return NOTHING_CHANGED

    return reloading


async def test_closing_ends_a_reload(tmp_path: Path) -> None:
    started, ended = threading.Event(), threading.Event()
    client = make_client(StandIn(reloading=a_long_reload(started, ended), reloads=1).room, tmp_path)
    reload = asyncio.create_task(client.serving.desk.reload())
    client.serving.under_way.add(reload)
    assert await asyncio.to_thread(started.wait, 60)
    await client._async_setup_hook()
    began = time.monotonic()
    async with asyncio.timeout(CLOSE_WITHIN):
        await client.close()
    assert time.monotonic() - began < CLOSE_WITHIN
    with pytest.raises(ShutdownError):
        await reload


@pytest.fixture
async def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reading]:
    """A client whose reload at start is under way, and the newsroom that it reloads."""
    monkeypatch.setattr(QuotewireTree, "sync_if_changed", AsyncMock())
    started, ended = threading.Event(), threading.Event()
    stand_in = StandIn(reloading=a_long_reload(started, ended), reloads=1)
    client = make_client(stand_in.room, tmp_path)
    await client._async_setup_hook()
    await client.setup_hook()
    assert await asyncio.to_thread(started.wait, 60)
    yield client, stand_in, ended
    await client.close()


async def test_a_question_waits_for_the_first_articles(reading: Reading) -> None:
    client, stand_in, ended = reading
    assert await client.serving.desk.at(1).query(lambda _: "from the last generation") == "from the last generation"

    stand_in.notice = "No articles are indexed yet."
    asked = asyncio.create_task(client.serving.desk.at(1).query(lambda _: "from the first generation"))
    await asyncio.sleep(0.2)
    assert not asked.done()
    ended.set()
    assert await asked == "from the first generation"


async def test_a_question_does_not_wait_for_the_last_articles(reading: Reading) -> None:
    client, stand_in, ended = reading
    stand_in.notice = "No articles are indexed yet."
    asked = asyncio.create_task(client.serving.desk.at(1).query(lambda _: "from the first slice"))
    await asyncio.sleep(0.1)
    assert not asked.done()
    stand_in.notice, stand_in.still = None, article.Reading(1, 2)
    assert await asked == "from the first slice"
    assert not ended.is_set()


async def test_a_question_does_not_wait_for_ever(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    client, stand_in, _ = reading
    stand_in.notice = "No articles are indexed yet."
    monkeypatch.setattr("bot.connection.newsdesk.FIRST_READING", 0.1)
    with pytest.raises(IndexUnavailable, match="still reading the articles for the first time"):
        await client.serving.desk.at(1).query(lambda _: "too early")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_the_bot_within_seconds(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = asyncio.Event()
    stuck = threading.Event()  # neither a question nor the model may hold up the end

    async def start(client: QuotewireClient, token: str) -> None:
        assert token == TOKEN
        await client._async_setup_hook()
        client.serving.under_way.add(asyncio.create_task(client.serving.desk.at(1).query(lambda _: stuck.wait(60))))
        serving.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(QuotewireClient, "start", start)
    bot = asyncio.create_task(run_bot(StandIn().room, settings_with_token(tmp_path)))
    await serving.wait()
    began = time.monotonic()
    os.kill(os.getpid(), number)
    async with asyncio.timeout(10):
        await bot
    stuck.set()
    assert time.monotonic() - began < CLOSE_WITHIN + 2


def settings_with_token(data_dir: Path) -> Settings:
    return Settings(discord_token=SecretStr(TOKEN), data_dir=data_dir, seeds_dir=data_dir)


async def test_a_refused_token_is_one_sentence_without_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def start(client: QuotewireClient, token: str) -> None:
        raise discord.LoginFailure("Improper token has been passed.")

    monkeypatch.setattr(QuotewireClient, "start", start)
    with pytest.raises(StartError, match="Discord refused the token; copy a new one") as caught:
        await run_bot(StandIn().room, settings_with_token(tmp_path))
    assert TOKEN not in f"{caught.value} {caplog.text}"


async def test_without_a_token_the_remedy_is_named(tmp_path: Path) -> None:
    settings = Settings(discord_token=None, data_dir=tmp_path, seeds_dir=tmp_path)
    with pytest.raises(StartError, match="DISCORD_TOKEN"):
        await run_bot(StandIn().room, settings)


def test_other_failures_at_start() -> None:
    assert "network" in str(start_failure(aiohttp.ClientConnectionError("no route")))
    assert "network" in str(start_failure(OSError("no route")))
    odd = ZeroDivisionError()
    assert start_failure(odd) is odd


LEAVING = """
import atexit, asyncio, sys, time
from bot.connection import leaving, offload

async def main():
    call = asyncio.create_task(offload.offload(lambda: time.sleep(float(sys.argv[1]))))
    await asyncio.sleep(0.1)
    call.cancel()

leaving.PATIENCE = 1.0
asyncio.run(main())
atexit.register(leaving.leave_behind, 7)
"""


@pytest.mark.parametrize(("seconds", "code"), [("0.5", 0), ("60", 7)])
def test_the_end_of_the_process_waits_for_a_call_but_not_for_ever(seconds: str, code: int) -> None:
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", LEAVING, seconds], check=False, timeout=30)
    assert ended.returncode == code
    assert time.monotonic() - began < 20

"""Health and metrics of a running client, asked for over HTTP as a host's programs do."""

from __future__ import annotations

import asyncio
import errno
import math
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NoReturn, cast

import aiohttp
import pytest
import simcord
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.app import Bot
from bot.cards.card import Card
from bot.cli.invocation import EX_CONFIG
from bot.connection.client import QuotewireClient
from bot.connection.health import Health, PortRefused, serving_health
from bot.connection.limits import Crowded, Limits
from bot.connection.metrics import KINDS, Metrics
from bot.connection.shards import Shard
from bot.connection.starting import StartError
from bot.memory.subscriptions import Subscription, SubscriptionRequest
from bot.posting.channels import DiscordChannels
from bot.posting.posting import Closed
from bot.settings import HostError, Settings
from retrieval.article import Failure, ReloadReport, Status
from retrieval.errors import InvalidQuestion, StoreUnavailable
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.replicas.leases import Alone
from tests.support.places import ROOT

RUSSIA = "What did Rutte say about Russia?"
WORLD_CUP = "Who won the 2018 World Cup?"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def client_on(room: Newsroom, folder: Path, shards: int = 1) -> QuotewireClient:
    """A client that counts."""
    settings = Settings(discord_token=None, data_dir=folder / "bot", seeds_dir=ROOT / "seeds", health_port=1)
    client = Bot(room, settings).client
    client.shard_count = shards
    client.serving.limits = Limits(count(1e9, 3600).__next__)  # nobody has to rest
    return client


@dataclass
class Endpoint:
    """Asks a client's endpoint."""

    port: int
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    async def readiness(self) -> tuple[int, dict[str, Any]]:
        async with self.session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
            return answer.status, await answer.json()

    async def samples(self) -> Samples:
        status, text = await self.get("/metrics")
        assert status == 200
        return samples_in(text)


def samples_in(text: str) -> Samples:
    families = list(text_string_to_metric_families(text))
    return {(each.name, tuple(sorted(each.labels.items()))): each.value for one in families for each in one.samples}


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


def health_of(client: QuotewireClient) -> Health:
    assert client.serving.metrics is not None
    return Health(client, client.serving.desk, client.serving.metrics, client.serving.subscriptions)


@asynccontextmanager
async def endpoint_of(client: QuotewireClient) -> AsyncIterator[Endpoint]:
    port = free_port()
    async with serving_health(health_of(client), "127.0.0.1", port), aiohttp.ClientSession() as session:
        yield Endpoint(port, session)


async def test_a_client_is_ready_when_every_shard_is_connected(seed_room: Newsroom, tmp_path: Path) -> None:
    client = client_on(seed_room, tmp_path, shards=2)
    async with endpoint_of(client) as endpoint:
        before = await endpoint.readiness()
        assert before == (503, {"ready": False, "reasons": ["not logged in to Discord yet"]})
        assert await endpoint.get("/healthz") == (200, "ok\n")
        async with simcord.run(client, settle_timeout=60):
            assert await endpoint.readiness() == (200, {"ready": True, "reasons": []})
            await client.shards[1].disconnect()
            status, said = await endpoint.readiness()
            assert (status, said["reasons"]) == (503, ["shard 1 is not connected to Discord"])
            samples = await endpoint.samples()
            connected = [value(samples, "quotewire_discord_shard_connected", shard=shard) for shard in "01"]
            assert connected == [1, 0]
            await client.shards[1].connect()
            assert (await endpoint.readiness())[0] == 200
        assert (await endpoint.get("/healthz"))[0] == 200
        assert (await endpoint.readiness())[0] == 503
        assert (await endpoint.get("/"))[0] == 404


async def test_what_members_do_is_counted_without_what_they_write(seed_room: Newsroom, tmp_path: Path) -> None:
    client = client_on(seed_room, tmp_path)
    async with endpoint_of(client) as endpoint, simcord.run(client, settle_timeout=60) as env:
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        await alice.slash(channel, "ask", question=RUSSIA)
        await alice.slash(channel, "ask", question=WORLD_CUP)
        client.serving.limits = Limits(lambda: 1e9)
        await alice.slash(channel, "ask", question=RUSSIA)
        await alice.slash(channel, "ask", question=RUSSIA)  # at once: she has to rest
        text = (await endpoint.get("/metrics"))[1]
        samples = samples_in(text)
    outcomes = ("answered", "may_bear", "abstained", "refused", "failed")
    counted = [value(samples, "quotewire_questions_total", outcome=outcome) for outcome in outcomes]
    assert counted == [2, 0, 1, 1, 0]
    assert value(samples, "quotewire_answer_seconds_count") == 3
    assert value(samples, "quotewire_commands_total", command="ask", result="done") == 3
    assert value(samples, "quotewire_commands_total", command="ask", result="refused") == 1
    assert value(samples, "quotewire_questions_working") == value(samples, "quotewire_questions_waiting") == 0
    held = [value(samples, f"quotewire_{name}") for name in ("generation", "articles")]
    assert held == [seed_room.status().generation, 1]
    assert value(samples, "quotewire_reloads_total", kind="reload", result="unchanged") == 1
    assert value(samples, "quotewire_discord_latency_seconds", shard="0") >= 0
    assert value(samples, "process_resident_memory_bytes") > 0
    assert not [word for word in ("Rutte", "alice", "World", str(env.guild.id), str(alice.id)) if word in text]


async def test_what_is_posted_by_itself_is_counted_once_it_is_there(seed_room: Newsroom, tmp_path: Path) -> None:
    client = client_on(seed_room, tmp_path)
    metrics = Metrics()
    env = simcord.Env(client)
    await env.start()
    try:
        channel = env.create_guild().create_text_channel("news")
        channels = DiscordChannels(client, client.serving.guild_settings, metrics.posted)
        place = await channels.open(Subscription(env.guild.id, channel.id, "harbour", "en"))
        env.inject_error("POST", "/channels/*/messages", status=403)
        with pytest.raises(Closed):
            await place.send(7, Card((("Not sent",),)))
        await place.send(7, Card((("Sent",),)))
        samples = samples_in(metrics.text(None, 0, 0, []).decode())
    finally:
        await env.shutdown()
    assert [value(samples, "quotewire_posts_total", kind=kind) for kind in ("alert", "digest")] == [1, 0]


async def test_what_cannot_be_posted_is_counted_and_what_may_not_be_is_told(
    seed_room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_on(seed_room, tmp_path)
    metrics, subscriptions = client.serving.metrics, client.serving.subscriptions
    assert metrics
    paused = [
        subscriptions.add(SubscriptionRequest(guild, 9, topic, "en"), 0, 0.0)
        for guild, topic in ((1, "ferries"), (1, "wine"), (2, "books"))
    ]
    with subscriptions._database.transaction() as connection:
        connection.executemany("UPDATE subscription SET paused = 'gone' WHERE id = ?", [(each.id,) for each in paused])
    client.serving.servers.left(2, 1.0)
    metrics.not_posted("digest")
    async with endpoint_of(client) as endpoint:
        samples = await endpoint.samples()
        assert [value(samples, "quotewire_posts_failed_total", kind=kind) for kind in KINDS] == [1, 0]
        assert [value(samples, "quotewire_subscriptions_paused", kind=kind) for kind in KINDS] == [0, 2]
        assert value(samples, "quotewire_last_failure_timestamp_seconds", of="post") > 0
        monkeypatch.setattr(type(subscriptions), "paused", unreadable)
        samples = await endpoint.samples()
        assert math.isnan(value(samples, "quotewire_subscriptions_paused", kind="alert"))
        assert value(samples, "quotewire_articles") == 1


def unreadable(_: object) -> NoReturn:
    raise StoreUnavailable("discord.sqlite3 is locked.")


async def test_an_index_is_verified_when_the_bot_starts(tmp_path: Path, bag_of_words: None) -> None:
    with Newsroom.open(NewsroomSettings(tmp_path / "data", ROOT / "seeds")) as room:
        room.reload()
        client = client_on(room, tmp_path)
        (damaged,) = (tmp_path / "data" / "lexical").glob("*.store")
        damaged.write_bytes(damaged.read_bytes()[::-1])
        async with endpoint_of(client) as endpoint:
            await client.serving.desk.open()
            assert value(await endpoint.samples(), "quotewire_index_files_damaged") == 1
            await client.serving.desk.open()
            assert value(await endpoint.samples(), "quotewire_index_files_damaged") == 0


async def test_an_index_that_cannot_answer_is_not_ready_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds")) as room:
        client = client_on(room, tmp_path)
        async with endpoint_of(client) as endpoint, simcord.run(client, settle_timeout=60):
            status, said = await endpoint.readiness()
            assert status == 503
            assert said["reasons"] == [room.status().notice]
    await client.close()


async def answer_to(port: int, request: bytes) -> bytes:
    """What comes back until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"ready?\r\n\r\n",
        b"GET /healthz HTTP/9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_and_no_fault_of_ours(
    seed_room: Newsroom, tmp_path: Path, caplog: pytest.LogCaptureFixture, said: bytes
) -> None:
    async with endpoint_of(client_on(seed_room, tmp_path)) as endpoint:
        caplog.clear()
        assert b" 400 Bad Request\r\n" in await answer_to(endpoint.port, said)
        assert [each.getMessage() for each in caplog.records if each.levelname != "DEBUG"] == []


async def test_a_fault_of_ours_is_logged(
    seed_room: Newsroom, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> list[str]:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.connection.health.discord_obstacles", broken)
    async with endpoint_of(client_on(seed_room, tmp_path)) as endpoint:
        assert (await endpoint.get("/readyz"))[0] == 500
        assert "RuntimeError: broken" in caplog.text


async def test_who_connects_and_does_not_ask_is_not_waited_for(
    seed_room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.connection.health.ASK_WITHIN", 0.3)
    async with endpoint_of(client_on(seed_room, tmp_path)) as endpoint:
        begun = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
        slow = [asyncio.create_task(answer_to(endpoint.port, part)) for part in (b"", begun)]
        whole = begun + b"\r\n"
        assert (await answer_to(endpoint.port, whole)).endswith(b"ok\n"), "and the connection ends with the answer"
        ends = await asyncio.gather(*slow, return_exceptions=True)
        assert [end for end in ends if end != b"" and not isinstance(end, ConnectionError)] == []


class Stuck:
    """A newsroom that does not answer."""

    shared, leases = None, Alone()

    def __init__(self) -> None:
        self.asked, self.go_on = 0, threading.Event()

    def status(self) -> Status:
        self.asked += 1
        self.go_on.wait(30)
        raise StoreUnavailable("The disk is gone.")

    def ready(self) -> bool:
        return False


async def test_a_stuck_index_costs_one_thread_and_leaves_the_process_healthy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.connection.health.LOOK_WITHIN", 0.05)
    room = Stuck()
    client = client_on(cast(Newsroom, room), tmp_path)
    async with endpoint_of(client) as endpoint:
        for _ in range(3):
            status, said = await endpoint.readiness()
            assert (status, said["reasons"][1]) == (503, "the index did not answer within 0.05 s")
        assert await endpoint.get("/healthz") == (200, "ok\n")
        assert "quotewire_articles NaN" in (await endpoint.get("/metrics"))[1]
        assert room.asked == 1
        room.go_on.set()
        monkeypatch.setattr("bot.connection.health.LOOK_WITHIN", 10.0)
        assert "The disk is gone." in (await endpoint.readiness())[1]["reasons"]


async def test_a_port_that_is_taken_is_refused_with_the_remedy(tmp_path: Path) -> None:
    client = client_on(cast(Newsroom, Stuck()), tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            StartError, match=rf"HEALTH_PORT: .*port {port}, .*another program.*another port"
        ) as refused:
            async with serving_health(health_of(client), "127.0.0.1", port):
                raise AssertionError("it was served")
    assert not isinstance(refused.value, HostError)  # the program may end


async def test_a_port_that_this_user_may_not_have_is_the_hosts_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start(_: web.TCPSite) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(web.TCPSite, "start", start)
    with pytest.raises(PortRefused, match="set a port above 1023") as refused:
        async with serving_health(health_of(client_on(cast(Newsroom, Stuck()), tmp_path)), "127.0.0.1", 80):
            raise AssertionError("it was served")
    assert isinstance(refused.value, HostError)
    assert EX_CONFIG == 78


def test_each_client_counts_for_itself_and_by_few_labels() -> None:
    one, other = Metrics(), Metrics()
    for _ in range(3):
        one.posted("digest")
    report = ReloadReport(2, 1, 0, 5, 3, (Failure("a.txt", "it is empty"),), 0.1, 4)
    one.taken_in("poll", report)
    one.taken_in("poll", None)
    one.command_ended(None, "failed")
    text = one.text(None, 1, 2, [Shard(0, True, float("inf"))]).decode()
    samples = samples_in(text)
    assert value(samples, "quotewire_posts_total", kind="digest") == 3
    assert value(samples, "quotewire_reloads_total", kind="poll", result="changed") == 1
    assert value(samples, "quotewire_reloads_total", kind="poll", result="failed") == 1
    changes = [
        value(samples, "quotewire_articles_changed_total", change=change) for change in ("added", "updated", "skipped")
    ]
    assert changes == [2, 1, 1]
    assert value(samples, "quotewire_commands_total", command="unknown", result="failed") == 1
    assert (value(samples, "quotewire_questions_working"), value(samples, "quotewire_questions_waiting")) == (1, 2)
    assert "a.txt" not in text
    assert "quotewire_discord_latency_seconds{" not in text  # not known yet
    assert value(samples_in(other.text(None, 0, 0, []).decode()), "quotewire_posts_total", kind="digest") == 0


@pytest.mark.parametrize(
    ("error", "outcome"), [(InvalidQuestion("?"), "refused"), (Crowded("!"), "refused"), (OSError(), "failed")]
)
async def test_a_question_that_ends_in_an_error_is_counted(error: Exception, outcome: str) -> None:
    async def asked() -> Any:
        raise error

    metrics = Metrics()
    with pytest.raises(type(error)):
        await metrics.question(asked())
    samples = samples_in(metrics.text(None, 0, 0, []).decode())
    assert value(samples, "quotewire_questions_total", outcome=outcome) == 1
    assert value(samples, "quotewire_answer_seconds_count") == 0


async def test_the_lag_of_the_event_loop_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.connection.metrics.LAG_EVERY", 0.01)
    metrics, loop = Metrics(), asyncio.get_running_loop()
    watching = asyncio.create_task(metrics.watch_loop())
    await asyncio.sleep(0.005)
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + 10)  # as if it had been held
    await asyncio.sleep(0.02)
    watching.cancel()
    samples = samples_in(metrics.text(None, 0, 0, []).decode())
    late = value(samples, "quotewire_event_loop_lag_seconds_count")
    assert late - value(samples, "quotewire_event_loop_lag_seconds_bucket", le="3.0") == 1


def test_what_is_off_is_not_even_imported() -> None:
    off = {"prometheus_client", "bot.connection.health", "bot.connection.metrics"}
    code = f"import sys, bot.app; print({off} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "set()"

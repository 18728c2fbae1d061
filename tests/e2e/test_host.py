"""What a host does with the bot's process: send its commands, run it on several shards, watch it, start it again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.commands.every import COMMANDS
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.server import LoopbackDiscord
from tests.support.places import ROOT
from tests.support.promql import Selector, selectors

pytestmark = pytest.mark.usefixtures("bag_of_words")
GLOBAL = "/applications/{application_id}/commands"
CONTAINERFILE = ROOT / "deploy" / "Containerfile"
NAMES = sorted(command.name for command in COMMANDS)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Home]:
    async with LoopbackDiscord() as discord:
        yield Home.furnish(tmp_path, discord)


async def ended(process: BotProcess, home: Home) -> tuple[int, str, str]:
    """The exit code and what was said on standard output and standard error."""
    try:
        await process.start(home.discord.changes)
        code = await process.wait(60)
    finally:
        await process.kill()
    return code, process.stdout, process.stderr


async def sync(home: Home, *options: str, token: str | None = None) -> tuple[int, str, str]:
    number = len(list(home.folder.iterdir()))
    return await ended(home.bot(f"sync-{number}", token, arguments=("sync", *options)), home)


async def test_commands_are_sent_when_they_changed_and_by_force(host: Home) -> None:
    discord = host.discord
    code, out, err = await sync(host)
    assert (code, err) == (0, "")
    assert out == f"Added: {', '.join(NAMES)}\n"
    assert discord.gateway.queries == []  # the bot was not started
    assert await sync(host) == (0, "Discord has these commands already; --force sends them all the same.\n", "")
    assert len(discord.calls_to("PUT", GLOBAL)) == 1

    # Somebody removed one, changed one and added one on Discord's side, of which this side knows nothing.
    first, second, *rest = discord.commands.registered
    other = {**second, "id": "1", "name": "other"}
    discord.commands.registered = [{**first, "description": "Another text"}, *rest, other]
    code, out, err = await sync(host, "--force", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "sent": True,
        "added": [second["name"]],
        "changed": [first["name"]],
        "removed": ["other"],
    }
    assert discord.violations() == []


async def test_a_test_server_gets_and_loses_commands_of_its_own(host: Home) -> None:
    discord = host.discord
    guild = ("--guild", discord.world.guild_id)
    assert (await sync(host, *guild))[1].startswith("Added: ")
    assert sorted(each["name"] for each in discord.commands.of_guild[discord.world.guild_id]) == NAMES
    assert discord.commands.registered == []
    assert (await sync(host, *guild, "--clear"))[1] == f"Removed: {', '.join(NAMES)}\n"
    assert discord.commands.of_guild[discord.world.guild_id] == []

    code, out, err = await sync(host, "--guild", "42")
    assert (code, out) == (1, "")
    assert err == (
        "quotewire: Discord does not let the bot add commands to the server 42; check the id, and invite the bot "
        "there with the scope applications.commands.\n"
    )


async def test_what_hinders_a_sync_is_one_line(host: Home) -> None:
    token = "wrong.token.entirely"
    code, out, err = await sync(host, token=token)
    assert (code, out) == (1, "")
    assert err.startswith("quotewire: Discord refused the token; copy a new one")
    assert err.count("\n") == 1
    assert token not in err

    nowhere = replace(host, discord=LoopbackDiscord())
    nowhere.discord.base_url = f"http://127.0.0.1:{free_port()}/api/v10"
    code, out, err = await sync(nowhere)
    assert (code, out) == (1, "")
    assert err.startswith("quotewire: Discord cannot be reached (")
    assert err.count("\n") == 1


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def test_a_bot_on_two_shards_answers_on_both_and_can_be_watched(host: Home, tmp_path: Path) -> None:
    discord, port = host.discord, free_port()
    discord.world.shards = 2
    bot = host.bot("run", HEALTH_PORT=str(port), LOG_FORMAT="json")
    try:
        await bot.start(discord.changes)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            statuses = [each async for each in readiness(session)]
            assert statuses[0][0] == 503
            assert statuses[-1] == (200, [])
            assert all(reasons for _, reasons in statuses[:-1])
            assert sorted(session.identify["shard"] for session in discord.gateway.present.values()) == [[0, 2], [1, 2]]

            for channel in (discord.world.channel, discord.world.direct):
                asked = await discord.slash("ask", question="What did Rutte say about Russia?", channel=channel)
                assert "Rutte" in (await discord.answer_to(asked, timeout=60)).text
            assert await container_is_healthy(port)
            assert not await container_is_healthy(free_port())
            async with session.get("/metrics") as answer:
                metrics = await answer.text()
        assert 'quotewire_questions_total{outcome="answered"} 2.0' in metrics
        assert metrics.count("quotewire_discord_shard_connected{") == 2
        assert not_exported(metrics) == set()

        # Another one that is to listen there cannot, and says so.
        code, _, err = await ended(host.bot("second", HEALTH_PORT=str(port), DATA_DIR=str(tmp_path)), host)
        assert code == 1
        assert f"HEALTH_PORT: nothing can be served at 127.0.0.1, port {port}" in err
        assert "Traceback" not in err

        code, _seconds = await bot.stop()
        assert code == 0, bot.words()
        records = [json.loads(line) for line in bot.stderr.splitlines()]
        assert {record["shard"] for record in records if "shard" in record} == {0, 1}
        assert not [record for record in records if "Rutte" in str(record)]
        assert discord.violations() == []
    finally:
        await bot.kill()


def not_exported(metrics: str) -> set[Selector]:
    """What the dashboard and the alerts ask for, and a bot does not tell."""
    told = {
        (sample.name, pair)
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        for pair in (("", ""), *sample.labels.items())
    }
    return {each for each in selectors() if not {(each[0], pair) for pair in (("", ""), *each[1])} <= told}


async def container_is_healthy(port: int) -> bool:
    """Whether the container's check succeeds, for a bot that serves its health at `port`."""
    (check,) = re.findall(r"HEALTHCHECK .*\n\s*CMD (\[.*\])", CONTAINERFILE.read_text())
    environment = {**os.environ, "HEALTH_PORT": str(port)}
    quiet = asyncio.subprocess.DEVNULL
    run = await asyncio.create_subprocess_exec(sys.executable, *json.loads(check)[1:], env=environment, stderr=quiet)
    return await run.wait() == 0


async def readiness(session: aiohttp.ClientSession) -> AsyncIterator[tuple[int, list[Any]]]:
    """What /readyz says, from the first time that it says anything to the first time that it says yes."""
    async with asyncio.timeout(120):
        while True:
            try:
                async with session.get("/readyz") as answer:
                    yield answer.status, (await answer.json())["reasons"]
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:  # not yet there
                pass
            await asyncio.sleep(0.2)


async def test_what_a_restart_cannot_mend_ends_with_78_and_what_it_may_with_1(host: Home) -> None:
    for setting, text, code in (("HEALTH_PORT", "99999", 78), ("HEALTH_HOST", "192.0.2.1", 1)):
        port, address = (text, "127.0.0.1") if setting == "HEALTH_PORT" else (str(free_port()), text)
        bot = host.bot(f"with-{setting}", HEALTH_PORT=port, HEALTH_HOST=address)
        ended_with, _, err = await ended(bot, host)
        assert ended_with == code, err
        assert setting in err
        assert "Traceback" not in err

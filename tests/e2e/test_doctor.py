"""`quotewire doctor` beside a Discord: what is on its side, told without a session of the gateway."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.memory.database import Database
from bot.memory.guilds import Guilds
from bot.upkeep import at_discord
from tests.support.loopback.launch import Home
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import EVERYBODY, SEND_MESSAGES, Channel

pytestmark = pytest.mark.usefixtures("bag_of_words")

THREADS, FILES = 1 << 38, 1 << 15
ALL = EVERYBODY | THREADS | FILES


async def doctor(home: Home, token: str | None = None) -> tuple[int, dict[str, dict[str, Any]]]:
    run = home.bot(f"doctor-{time.monotonic_ns()}", token, arguments=("doctor", "--json"))
    try:
        await run.start(home.discord.changes)
        code = await run.wait(120)
    finally:
        await run.kill()
    assert "Traceback" not in run.stderr
    assert home.discord.world.token not in run.stdout + run.stderr
    return code, {finding["about"]: finding for finding in json.loads(run.stdout)["findings"]}


async def test_permissions_intents_and_channels_are_told(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        world = discord.world
        closed = Channel("closed", denied=SEND_MESSAGES)
        world.guilds[0] = replace(world.guilds[0], permissions=ALL, channels=(world.channel, closed))
        world.found("Elsewhere", Channel("here"))
        home = Home.furnish(tmp_path, discord)
        database = Database(tmp_path / "data")
        channels = (int(world.channel.id), int(closed.id), 42)
        Guilds(database).change(int(world.guild_id), lambda now: replace(now, channels=channels))
        database.close()
        code, found = await doctor(home)
        assert code == 0, found
        assert found["discord"]["says"].endswith("servers: 2")
        assert found["intents"]["state"] == found["clock"]["state"] == found["token"]["state"] == "ok"
        lacking = {about: each["says"] for about, each in found.items() if "lacks" in each["says"]}
        assert lacking == {
            "server Elsewhere": "the bot lacks permissions: Send Messages in Threads, Attach Files",
            "server Newsroom, #closed": "the bot lacks permissions: Send Messages, Attach Files",
        }
        assert found["server Newsroom, channel 42"]["state"] == "warning"
        assert discord.gateway.queries == []  # no session, so none that it costs
        assert discord.violations() == [], "\n".join(discord.violations())

        code, found = await doctor(home, "wrong.token.entirely")
        assert code == 1
        assert found["discord"]["says"].startswith("Discord refused the token; copy a new one")


@pytest.mark.parametrize(("ahead", "state"), [(0.0, "ok"), (-120.0, "fault"), (7200.0, "fault")])
def test_a_clock_that_disagrees_with_discords_is_a_fault(ahead: float, state: str) -> None:
    finding = at_discord._of_clock(ahead)
    assert finding.state == state
    assert state == "ok" or ("behind" in finding.says) == (ahead > 0)

"""The bot's process beside a loopback Discord, one of each for all tests of a module (starting takes seconds)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from retrieval.index.embed import Embedder
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.member import articles_are_read
from tests.support.loopback.server import LoopbackDiscord


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(discord: LoopbackDiscord, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.furnish(tmp_path_factory.mktemp("home"), discord)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(discord: LoopbackDiscord, home: Home) -> AsyncIterator[BotProcess]:
    """The running bot: logged in, its commands registered, its articles read."""
    if BAG_OF_WORDS not in os.environ:  # the model is converted first: on a busy machine, that alone takes a minute
        await asyncio.to_thread(Embedder(None, home.folder).load)
    process = home.bot("run")
    try:
        await process.start(discord.changes)
        await discord.ready()
        await articles_are_read(discord)
        yield process
    finally:
        await process.kill()


@pytest.fixture(autouse=True)
def in_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every call that a test causes keeps to Discord's description, its rules and our policy."""
    discord = request.getfixturevalue("discord") if "discord" in request.fixturenames else None
    if not isinstance(discord, LoopbackDiscord):
        yield
        return
    before = len(discord.calls)
    yield
    assert discord.violations(before) == []

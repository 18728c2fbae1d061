"""A virtual Discord around the real client and command tree, and a newsroom of real articles behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simcord

from bot.connection.client import QuotewireClient
from retrieval.newsroom import Newsroom
from tests.support.discord.world import Serve, make_client


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Start a client on a newsroom, in a Discord of its own. Each test's data folder is new."""

    @asynccontextmanager
    async def serving(room: Newsroom) -> AsyncIterator[simcord.Env]:
        # The first question may have to wait until the model is loaded.
        async with simcord.run(make_client(room, tmp_path), settle_timeout=60) as env:
            yield env

    return serving


@pytest.fixture
def simcord_bot(seed_room: Newsroom, tmp_path: Path) -> QuotewireClient:
    """The bot of `env`: it knows the project's own seed article."""
    return make_client(seed_room, tmp_path)


@pytest.fixture
def env(simcord_env: simcord.Env) -> simcord.Env:
    """A Discord with the bot of `simcord_bot` in it."""
    return simcord_env

"""A virtual Discord around the real client and command tree, and a newsroom of real articles behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor

from bot.connection.client import QuotewireClient
from retrieval.newsroom import Newsroom
from tests.support.discord.desk import Desk
from tests.support.discord.news_wire import Wire
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import Serve, make_client


@pytest.fixture
def speaks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locale that Discord tells of whoever uses a command or a button: the last of this list."""
    locales = ["en-US"]
    read: Any = discord.Interaction._from_data

    def told(interaction: discord.Interaction, payload: Any) -> None:
        read(interaction, {**payload, "locale": locales[-1]})

    monkeypatch.setattr(discord.Interaction, "_from_data", told)
    return locales


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
def room(seed_room: Newsroom) -> Newsroom | StandIn:
    """What the bot of `env` knows: the project's own seed article, where a module has no other room."""
    return seed_room


@pytest.fixture
def simcord_bot(room: Newsroom | StandIn, tmp_path: Path) -> QuotewireClient:
    return make_client(room.room if isinstance(room, StandIn) else room, tmp_path)


@pytest.fixture
def env(simcord_env: simcord.Env) -> simcord.Env:
    """A Discord with the bot of `simcord_bot` in it."""
    return simcord_env


@pytest.fixture
def channel(env: simcord.Env) -> ChannelHandle:
    """A channel of a new server."""
    return env.create_guild().create_text_channel("general")


@pytest.fixture
def alice(env: simcord.Env, channel: ChannelHandle) -> MemberActor:
    return env.guild.add_member(env.create_user("alice"))


@pytest.fixture
def bob(env: simcord.Env, channel: ChannelHandle) -> MemberActor:
    return env.guild.add_member(env.create_user("bob"))


@pytest.fixture
def desk(env: simcord.Env) -> Desk:
    """A new server with a moderator."""
    return Desk.furnish(env)


@pytest.fixture
def wire() -> Wire:
    """A newsroom to which headlines come when a test says so."""
    return Wire()

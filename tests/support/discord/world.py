"""What the tests of the Discord face share: a client on a newsroom, and what a message shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from itertools import count
from pathlib import Path
from typing import cast

import discord
import simcord
from simcord.components import walk_components

from bot.app import Bot
from bot.connection.client import QuotewireClient
from bot.connection.limits import Limits
from bot.settings import Settings
from retrieval.newsroom import Newsroom
from tests.support.places import SEEDS

MODERATOR_ROLE = "News Desk"

Serve = Callable[[Newsroom], AbstractAsyncContextManager[simcord.Env]]


def make_client(room: Newsroom, data_dir: Path, clock: Callable[[], float] = time.time) -> QuotewireClient:
    """The client of a bot that is put together as it is for Discord itself."""
    settings = Settings(discord_token=None, data_dir=data_dir, seeds_dir=SEEDS, moderator_roles=(MODERATOR_ROLE,))
    client = Bot(room, settings, clock).client
    client.shard_count = 1  # which a real Discord says
    client.serving.limits = Limits(count(1e9, 3600).__next__)  # nobody has to rest, but where a test sets the clock
    return client


def make_host(env: simcord.Env, account: simcord.MemberActor) -> None:
    """Have the bot's application belong to an account."""
    assert isinstance(env.bot, QuotewireClient)
    assert env.bot.application is not None
    env.bot.application.owner = cast(discord.User, discord.Object(account.id))


def texts(message: object) -> list[str]:
    """The texts of a message with components, from top to bottom."""
    components = getattr(message, "components", [])
    roots = [part if isinstance(part, dict) else part.to_dict() for part in components]
    return [part["content"] for part in walk_components(roots) if part["type"] == 10]


def text(message: object) -> str:
    return "\n".join(texts(message))


def last(channel: simcord.ChannelHandle) -> discord.Message:
    message = channel.last_message
    assert message is not None
    return message


def mention(env: simcord.Env) -> str:
    assert env.bot.user is not None
    return env.bot.user.mention

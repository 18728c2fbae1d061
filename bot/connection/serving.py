"""What members are served with: put together in `bot/app.py`, carried by the client, found by whatever answers them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import discord

from bot.cards.status import Sharing
from bot.connection.choices import Choices, PlaceChoices
from bot.connection.limits import Limits
from bot.connection.locales import Locales, speak_to
from bot.connection.newsdesk import Desk, NewsDesk
from bot.connection.under_way import UnderWay
from bot.memory.exchanges import Exchanges
from bot.memory.guilds import Guilds
from bot.memory.listings import Listings
from bot.memory.looks import Looks
from bot.memory.members import Members
from bot.memory.posts import Posts
from bot.memory.servers import Servers
from bot.memory.subscriptions import Subscriptions

if TYPE_CHECKING:
    from bot.connection.metrics import Metrics  # what is off is not even imported


class Background(Protocol):
    """What runs beside everything else, and sleeps where there is nothing to do."""

    def wake(self) -> None:
        """Look at once for something to do."""
        ...


@dataclass(kw_only=True)
class Serving:
    """What a command, a button, a form or a message may need to be answered."""

    desk: NewsDesk
    guild_settings: Guilds
    exchanges: Exchanges
    listings: Listings
    looks: Looks
    subscriptions: Subscriptions
    servers: Servers
    members: Members
    posts: Posts
    posting: Background
    polling: Background
    moderator_roles: Collection[str] = ()
    """The ids or names of roles that the host has moderate."""
    sharing: Callable[[], Sharing | None] = lambda: None
    """How the process stands with the database that it shares with others, if it does; at once."""
    metrics: Metrics | None = None
    """What is counted for the host; None counts nothing."""
    clock: Callable[[], float] = time.time
    """The time in seconds since 1970."""
    limits: Limits = field(default_factory=Limits)
    choices: PlaceChoices = field(default_factory=PlaceChoices)
    locales: Locales = field(default_factory=Locales)
    under_way: UnderWay = field(default_factory=UnderWay)
    closed_logs: set[int] = field(default_factory=set)
    """Log channels (ids) that could not be written to, and were complained of."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))


def serving_of(interaction: discord.Interaction[Any]) -> Serving:
    """What the member is served with who used a command, a button or a form."""
    serving: Serving = interaction.client.serving
    return serving


def desk_of(interaction: discord.Interaction[Any]) -> Desk:
    """What the place reads in which a member used a command, a button or a form: the only way to any article."""
    return serving_of(interaction).desk.at(interaction.guild_id)


def choices_of(interaction: discord.Interaction[Any]) -> Choices:
    """What is offered, and was, in the place where a member types."""
    return serving_of(interaction).choices.at(interaction.guild_id)


def attend(interaction: discord.Interaction[Any]) -> Serving:
    """Begin to answer a member in the present task: in their language, and the bot does not close before it tried."""
    serving = serving_of(interaction)
    serving.under_way.add(asyncio.current_task())
    speak_to(serving.locales, interaction)
    return serving

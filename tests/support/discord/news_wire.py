"""A newsroom to which headlines come, and a client that posts them when a test moves its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord import ChannelHandle

from bot.connection.client import QuotewireClient
from retrieval.answer import Briefing
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import make_client, text
from tests.support.headlines import MORNING, News


@dataclass
class Wire(StandIn):
    """A `StandIn` whose news are those of `news`; `time` is the clock of the clients made here."""

    news: News = field(default_factory=News)
    time: float = MORNING

    @property
    def arrivals(self) -> News:
        return self.news

    def latest(self, topic: str | None = None, **more: Any) -> Briefing:
        return self.news.latest(topic, **more)

    def client(self, data_dir: Path) -> QuotewireClient:
        return make_client(self.room, data_dir, lambda: self.time)

    async def later(self, env: simcord.Env, seconds: float = 0.0) -> None:
        """Let time pass, and the bot look for what to post."""
        self.time += seconds
        assert isinstance(env.bot, QuotewireClient)
        env.bot.serving.posting.wake()
        await env.settle()


def posted(channel: ChannelHandle) -> list[str]:
    """What the bot's own messages say that are no replies to commands."""
    return [text(message) for message in channel.history() if message.type is discord.MessageType.default]

"""Posting in servers of which Discord tells another process: channels and permissions are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.cards.card import Card
from bot.connection.shards import shard_of
from bot.memory.subscriptions import GONE, Subscription
from bot.posting.channels import DiscordChannels
from bot.posting.posting import Closed
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import last, text

MARK = 1 << 30


@pytest.fixture
def room() -> StandIn:
    return StandIn()


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A server of a shard that another process serves, which discord.py therefore knows nothing of."""
    client = desk.client
    client.shard_count = 2
    client.shard_ids = [1 - shard_of(client, desk.guild.id)]
    state = client._connection
    guild = client.get_guild(desk.guild.id)
    assert guild is not None
    state._remove_guild(guild)
    return desk


def channels(desk: Desk) -> DiscordChannels:
    return DiscordChannels(desk.client, desk.client.serving.guild_settings, lambda _: None)


def subscription(desk: Desk, channel: int) -> Subscription:
    return Subscription(guild=desk.guild.id, channel=channel, topic="ferries", locale="en-GB", id=1)


async def test_a_post_gets_there_once_and_is_found_again(desk: Desk) -> None:
    place = await channels(desk).open(subscription(desk, desk.channel.id))
    await place.send(MARK, Card((("On ferries",),)))
    assert text(last(desk.channel)) == "On ferries"
    again = await channels(desk).open(subscription(desk, desk.channel.id))
    assert await again.holds(MARK, 0)
    assert not await again.holds(MARK + 1, 0)


async def test_a_channel_that_is_gone_or_closed_says_so(desk: Desk) -> None:
    with pytest.raises(Closed) as gone:
        await channels(desk).open(subscription(desk, 4711))
    assert gone.value.reason == GONE
    nobody: dict[Any, Any] = {desk.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    locked = desk.guild.create_text_channel("locked", overwrites=nobody)
    with pytest.raises(Closed) as closed:
        await channels(desk).open(subscription(desk, locked.id))
    assert closed.value.reason == "send_messages"


async def test_moderators_are_told_in_their_log_channel_and_in_no_other_servers(desk: Desk) -> None:
    guilds = desk.client.serving.guild_settings
    guilds.change(desk.guild.id, lambda now: replace(now, log_channel=desk.channel.id))
    await channels(desk).tell(desk.guild.id, lambda: Card((("Paused",),)))
    assert text(last(desk.channel)) == "Paused"
    elsewhere = desk.guild.id + (2 << 22)  # another server of the same shard, set to this one's channel
    guilds.change(elsewhere, lambda now: replace(now, log_channel=desk.channel.id))
    await channels(desk).tell(elsewhere, lambda: Card((("Not for you",),)))
    assert text(last(desk.channel)) == "Paused"

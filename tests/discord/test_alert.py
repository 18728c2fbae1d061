"""`/alert`, and what it posts: on a Discord that can be closed, broken off and restarted."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord

from bot.commands.subscribing import NoTopic
from bot.connection.checks import NotAModerator
from bot.connection.client import QuotewireClient
from bot.memory.subscriptions import SubscriptionRefused, UnknownSubscription
from tests.support.discord.desk import Desk
from tests.support.discord.news_wire import Wire, posted
from tests.support.discord.world import text, texts

pytestmark = pytest.mark.simcord(settle_timeout=20)


@pytest.fixture
def simcord_bot(wire: Wire, tmp_path: Path) -> QuotewireClient:
    return wire.client(tmp_path)


async def test_an_alert_is_added_posts_and_is_removed(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    mod, channel = desk.mod, desk.channel
    wire.news.add("Old ferries")
    result = await mod.slash(channel, "alert add", topic=" ferries ")
    assert text(result.response).startswith(f"<#{channel.id}> gets a message when new articles are about “ferries”.")
    await wire.later(env)
    assert posted(channel) == []

    wire.news.add("Fast ferries", "Something else")
    await wire.later(env)
    (said,) = posted(channel)
    assert said.startswith("## New article about “ferries”\n**Fast ferries**\n-# Post")
    assert "moderators can end it with **/alert remove**" in said

    listed = text((await mod.slash(channel, "alert list")).response)
    assert listed.startswith(f"## 1 alert\n- <#{channel.id}>")
    choices = await mod.autocomplete(channel, "alert remove", "alert", "FERR")
    assert [choice["name"] for choice in choices] == ["ferries · #general"]
    assert await mod.autocomplete(channel, "alert remove", "alert", "trains") == []
    result = await mod.slash(channel, "alert remove", alert=choices[0]["value"])
    assert text(result.response) == f"<#{channel.id}> gets no more messages about “ferries”."
    wire.news.add("More ferries")
    await wire.later(env, 3600)
    assert len(posted(channel)) == 1
    assert text((await mod.slash(channel, "alert list")).response).startswith("There is no alert in this server yet")


async def test_a_reload_that_brings_articles_wakes_it(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    mod, channel = desk.mod, desk.channel
    await mod.slash(channel, "alert add", topic="ferries")
    wire.news.add("Fast ferries")
    await mod.slash(channel, "reload")
    await env.settle()
    assert len(posted(channel)) == 1


async def test_only_moderators_may(env: simcord.Env, desk: Desk) -> None:
    member = desk.member("member")
    with pytest.raises(simcord.SetupError):
        await member.slash(desk.channel, "alert list")  # the menu does not show it
    await desk.allow_everyone("alert")
    for command, options in [("add", {"topic": "x"}), ("list", {}), ("remove", {"alert": "1"})]:
        result = await member.slash(desk.channel, f"alert {command}", **options)
        assert result.ephemeral
        assert text(result.response).startswith("Only moderators can do this")
        simcord.assert_error(env, NotAModerator)
    assert await member.autocomplete(desk.channel, "alert remove", "alert", "") == []
    with pytest.raises(simcord.SetupError):
        await env.create_user("alone").slash("alert list")  # nor do direct messages


async def test_what_is_refused_says_the_remedy(env: simcord.Env, desk: Desk) -> None:
    mod, channel = desk.mod, desk.channel
    await mod.slash(channel, "alert add", topic="ferries")
    again = await mod.slash(channel, "alert add", topic="Ferries")
    assert text(again.followups[0]) == "That channel has this alert already; /alert list shows all of them."
    simcord.assert_error(env, SubscriptionRefused)
    wordless = await mod.slash(channel, "alert add", topic="🔥 !")
    assert text(wordless.followups[0]) == "Name a topic in a few words, such as “ceasefire in Sudan”."
    simcord.assert_error(env, NoTopic)
    unknown = await mod.slash(channel, "alert remove", alert="ferries")
    assert text(unknown.followups[0]).startswith("There is no such alert; choose one from the menu")
    simcord.assert_error(env, UnknownSubscription)
    for number in range(24):
        await mod.slash(channel, "alert add", topic=f"topic {number}")
    full = await mod.slash(channel, "alert add", topic="one more")
    assert "at most 25 alerts" in text(full.followups[0])
    simcord.assert_error(env, SubscriptionRefused)


async def test_a_restarted_bot_goes_on_and_posts_nothing_twice(
    env: simcord.Env, desk: Desk, wire: Wire, tmp_path: Path
) -> None:
    mod, channel = desk.mod, desk.channel
    await mod.slash(channel, "alert add", topic="ferries")
    wire.news.add("Fast ferries")
    await wire.later(env)
    await env.restart_bot(wire.client(tmp_path))
    await wire.later(env)
    assert len(posted(channel)) == 1
    wire.news.add("Slow ferries")
    await env.restart_bot(wire.client(tmp_path))
    await wire.later(env)
    assert len(posted(channel)) == 2


@pytest.mark.parametrize("kept", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["queue", "plan", "trying", "done"])
async def test_a_crash_at_any_step_posts_exactly_once(
    env: simcord.Env,
    desk: Desk,
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    kept: bool,
) -> None:
    mod, channel = desk.mod, desk.channel
    await mod.slash(channel, "alert add", topic="ferries")
    client = desk.client
    real = getattr(client.serving.posts, step)
    dead = False

    def dies(*arguments: object) -> None:
        nonlocal dead
        if kept and not dead:
            real(*arguments)
        dead = True
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(client.serving.posts, step, dies)
    monkeypatch.setattr(client.serving.posts, "put_off", dies)
    posting = client.serving.posting
    monkeypatch.setattr(posting, "_complain", lambda _: setattr(posting, "_stopped", True))
    wire.news.add("Fast ferries")
    await wire.later(env)
    assert dead
    assert len(posted(channel)) == (step == "done")
    for number in range(3):
        await mod.send(channel, f"message {number}")
    await env.restart_bot(wire.client(tmp_path))
    await wire.later(env, 3600)
    await wire.later(env, 3600)
    assert sum("Fast ferries" in said for said in posted(channel)) == 1
    wire.news.add("Slow ferries")
    await wire.later(env)
    assert sum("Slow ferries" in said for said in posted(channel)) == 1


async def test_an_outage_of_discord_delays_and_never_doubles(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    mod, channel = desk.mod, desk.channel
    await mod.slash(channel, "alert add", topic="ferries")
    env.inject_error("POST", f"/channels/{channel.id}/messages", status=503, times=1)
    wire.news.add("Fast ferries")
    await wire.later(env)
    assert posted(channel) == []
    await wire.later(env, 30)
    assert posted(channel) == []
    await wire.later(env, 30)
    await wire.later(env, 3600)
    assert len(posted(channel)) == 1


async def test_a_closed_channel_pauses_is_told_and_goes_on(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    mod, channel = desk.mod, desk.channel
    log = env.guild.create_text_channel("log")
    await mod.slash(channel, "settings log", channel=log)
    await mod.slash(channel, "alert add", topic="ferries")
    env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50013, times=1)
    wire.news.add("Fast ferries")
    before = len(posted(log))
    await wire.later(env)
    for _ in range(5):
        await wire.later(env, 3600)
    assert posted(channel) == []
    (told,) = posted(log)[before:]
    assert told == (
        f"The alert about “ferries” in <#{channel.id}> is paused: I need these permissions there: Send Messages. "
        "I try again once a day."
    )
    assert "**Paused:** I need these permissions" in text((await mod.slash(channel, "alert list")).response)
    await wire.later(env, 86_400)
    assert len(posted(channel)) == 1
    assert "Paused" not in text((await mod.slash(channel, "alert list")).response)


async def test_a_server_that_the_bot_leaves_costs_nothing_until_it_is_back(
    env: simcord.Env, desk: Desk, wire: Wire, tmp_path: Path
) -> None:
    await desk.mod.slash(desk.channel, "alert add", topic="ferries")
    # It finds out at its start what happened while it was off, and is told of the rest.
    desk.client.serving.servers.left(desk.guild.id, wire.time)
    await env.restart_bot(client := wire.client(tmp_path))
    await env.settle()
    assert len(client.serving.posts.alerts()) == 1
    guild = client.get_guild(desk.guild.id)
    assert guild is not None
    env.backend.remove_guild(guild.id)
    await env.settle()
    assert client.serving.posts.alerts() == []
    client.serving.servers.back(guild.id)
    await env.restart_bot(client := wire.client(tmp_path))
    await env.settle()
    assert client.serving.posts.alerts() == []
    await client.on_guild_join(guild)
    assert len(client.serving.posts.alerts()) == 1


async def test_a_channel_without_permissions_is_refused_at_once(env: simcord.Env, desk: Desk) -> None:
    mod, channel = desk.mod, desk.channel
    closed = env.guild.create_text_channel(
        "closed", overwrites={env.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await mod.slash(channel, "alert add", topic="ferries", channel=closed)
    assert text(result.followups[0]) == (
        "I cannot post in #closed; ask an admin of this server to give me there: Send Messages."
    )
    assert len(env.errors) == 1
    assert texts((await mod.slash(channel, "alert list")).response)[0].startswith("There is no alert")

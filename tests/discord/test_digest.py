"""`/digest`: subscribed, listed, previewed, posted at its time, ended; also with the real newsroom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import simcord

from bot.commands.digest import UnknownZone
from bot.commands.subscribing import NoTopic
from bot.connection.checks import NotAModerator
from bot.connection.client import QuotewireClient
from bot.memory.subscriptions import SubscriptionRefused, UnknownSubscription
from tests.support.arrivals import LIBRARY, VINEYARD, arrival, opened
from tests.support.discord.desk import Desk
from tests.support.discord.news_wire import Wire, posted
from tests.support.discord.world import make_client, text
from tests.support.headlines import MORNING

# Shorter than every pause of the posting below: simcord waits for what ends sooner.
pytestmark = pytest.mark.simcord(settle_timeout=20)


PLAN = "Norhaven will open a new library, the council decided. It is to be built within six years, its architect said."


@pytest.fixture
def simcord_bot(wire: Wire, tmp_path: Path) -> QuotewireClient:
    return wire.client(tmp_path)


async def test_a_digest_is_subscribed_previewed_posted_and_ended(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    mod, channel = desk.mod, desk.channel
    wire.news.add("Known of old")
    result = await mod.slash(channel, "digest subscribe")
    # The defaults of the server hold: eight o'clock, UTC. It is seven.
    assert text(result.response).startswith(
        f"<#{channel.id}> gets a digest every day at 08:00 (UTC); the first one comes <t:{int(MORNING) + 3600}:R>."
    )
    preview = await mod.slash(channel, "digest preview")
    assert preview.ephemeral
    assert "nothing would be posted" in text(preview.response)

    wire.news.add("Ferry aground", "Frost in April")
    preview = await mod.slash(channel, "digest preview")
    assert text(preview.response).startswith("## Today’s news\n1\\. **Frost in April**\n-# Post")
    assert preview.ephemeral
    await wire.later(env, 3570)
    assert posted(channel) == []
    await wire.later(env, 30)
    (said,) = posted(channel)
    assert said == text(preview.response)
    assert "Known of old" not in said
    await wire.later(env, 86_400)
    assert len(posted(channel)) == 1, "nothing is new"

    listed = text((await mod.slash(channel, "digest list")).response)
    assert listed.startswith(f"## 1 digest\n- <#{channel.id}>")
    assert "every day at 08:00 (UTC)" in listed
    (choice,) = await mod.autocomplete(channel, "digest unsubscribe", "digest", "general")
    assert choice["name"] == "every day at 08:00 (UTC) · #general"
    result = await mod.slash(channel, "digest unsubscribe", digest=choice["value"])
    assert text(result.response) == f"<#{channel.id}> gets the digest no more."
    assert text((await mod.slash(channel, "digest list")).response).startswith("There is no digest")
    wire.news.add("Library opens")
    await wire.later(env, 86_400)
    assert len(posted(channel)) == 1


async def test_a_weekly_digest_about_a_topic_in_another_channel(env: simcord.Env, desk: Desk, wire: Wire) -> None:
    other = desk.guild.create_text_channel("weekly")
    result = await desk.mod.slash(
        desk.channel,
        "digest subscribe",
        channel=other,
        hour=17,
        minute=30,
        weekday=6,
        zone="europe/berlin",
        topic="ferries",
    )
    said = text(result.response)
    assert f"<#{other.id}> gets a digest every Sunday at 17:30 (Europe/Berlin)" in said
    assert "It is about “ferries”." in said
    wire.news.add("Fast ferries", "Slow trains")
    # From seven on Saturday to half past four on Sunday, both in Universal Time.
    await wire.later(env, 32.5 * 3600)
    assert posted(other) == []
    await wire.later(env, 3600)
    (said,) = posted(other)
    assert said.startswith("## This week’s news about “ferries”\n**Fast ferries**")
    assert "Slow trains" not in said
    assert posted(desk.channel) == []


async def test_time_zones_are_offered(desk: Desk) -> None:
    offered = await desk.mod.autocomplete(desk.channel, "digest subscribe", "zone", "berl")
    assert offered == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]
    assert len(await desk.mod.autocomplete(desk.channel, "digest subscribe", "zone", "")) == 25


async def test_a_restarted_bot_posts_what_was_due_once(
    env: simcord.Env, desk: Desk, wire: Wire, tmp_path: Path
) -> None:
    await desk.mod.slash(desk.channel, "digest subscribe")
    wire.news.add("Ferry aground")
    wire.time += 2 * 86_400 + 3 * 3600
    await env.restart_bot(wire.client(tmp_path))
    await wire.later(env)
    await env.restart_bot(wire.client(tmp_path))
    await wire.later(env)
    assert len(posted(desk.channel)) == 1


async def test_what_is_refused_says_the_remedy(env: simcord.Env, desk: Desk) -> None:
    mod, channel = desk.mod, desk.channel
    result = await mod.slash(channel, "digest subscribe", zone="Berlin time")
    assert text(result.followups[0]) == "There is no such time zone; choose one from the menu, such as Europe/Berlin."
    simcord.assert_error(env, UnknownZone)
    with pytest.raises(simcord.SetupError):
        await mod.slash(channel, "digest subscribe", zone="x" * 101)
    result = await mod.slash(channel, "digest subscribe", topic="🔥")
    assert text(result.followups[0]) == "Name a topic in a few words, such as “ceasefire in Sudan”."
    simcord.assert_error(env, NoTopic)
    assert (await mod.slash(channel, "digest preview")).ephemeral
    await mod.slash(channel, "digest subscribe")
    result = await mod.slash(channel, "digest subscribe", hour=9)
    assert "has this digest already; end it with /digest unsubscribe" in text(result.followups[0])
    simcord.assert_error(env, SubscriptionRefused)
    result = await mod.slash(channel, "digest preview", digest="99")
    assert text(result.response).startswith("There is no such digest")
    simcord.assert_error(env, UnknownSubscription)
    result = await mod.slash(channel, "digest unsubscribe", digest="x")
    assert text(result.followups[0]).startswith("There is no such digest")
    simcord.assert_error(env, UnknownSubscription)


async def test_only_moderators_may(env: simcord.Env, desk: Desk) -> None:
    member = desk.member("member")
    with pytest.raises(simcord.SetupError):
        await member.slash(desk.channel, "digest list")  # the menu does not show it
    await desk.allow_everyone("digest")
    for command, options in [("subscribe", {}), ("list", {}), ("unsubscribe", {"digest": "1"}), ("preview", {})]:
        result = await member.slash(desk.channel, f"digest {command}", **options)
        assert result.ephemeral
        assert text(result.response).startswith("Only moderators can do this")
        simcord.assert_error(env, NotAModerator)
    assert await member.autocomplete(desk.channel, "digest unsubscribe", "digest", "") == []
    with pytest.raises(simcord.SetupError):
        await env.create_user("alone").slash("digest list")  # nor do direct messages


async def test_the_real_newsroom_tells_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles that come into the index, through matching, to the channel."""
    with opened(tmp_path) as room:
        room.add([arrival("old")])
        now = [MORNING]
        client = make_client(room, tmp_path / "bot", lambda: now[0])
        async with simcord.run(client, settle_timeout=30) as env:
            desk = Desk.furnish(env)
            await desk.mod.slash(desk.channel, "alert add", topic="new library in Norhaven")
            digests = desk.guild.create_text_channel("digests")
            await desk.mod.slash(desk.channel, "digest subscribe", channel=digests)
            opens, new = "Norhaven opens its library", datetime.now(UTC).date()
            room.add(
                [
                    arrival("library", LIBRARY, title=opens, published=new),
                    arrival("frost", VINEYARD, title="Frost ruins the grapes", published=new),
                    arrival("copy", LIBRARY, host="other.example", title=opens, source="Other", published=new),
                    arrival("archived", PLAN, title=f"{opens}, as planned", published=date(2019, 3, 5)),
                ]
            )
            client.serving.posting.wake()
            await env.settle()
            (said,) = posted(desk.channel)
            assert "Norhaven opens its library" in said
            assert said.count("Norhaven opens its library") == 1
            assert "Frost" not in said
            now[0] += 3600
            client.serving.posting.wake()
            await env.settle()
            (said,) = posted(digests)
            assert said.count("Norhaven opens its library") == 1
            assert "Frost ruins the grapes" in said
            assert "as planned" not in said
            assert "Ferry runs aground" not in said

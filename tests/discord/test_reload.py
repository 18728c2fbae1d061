from __future__ import annotations

import asyncio
from collections.abc import Callable

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor

from bot.cards.card import DOT
from bot.commands import progress
from bot.connection.checks import NotAModerator, may_moderate
from bot.connection.client import QuotewireClient
from retrieval.article import Failure, Progress, ReloadReport
from retrieval.errors import ReloadInProgress
from tests.support.discord.stand_in import NOTHING_CHANGED, StandIn
from tests.support.discord.world import MODERATOR_ROLE, Serve, text, texts

# The first question of a run waits until the model is loaded.
pytestmark = pytest.mark.simcord(settle_timeout=60)


def a_moderator(env: simcord.Env) -> tuple[MemberActor, ChannelHandle]:
    guild = env.create_guild()
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("mod"), roles=[role]), guild.create_text_channel("general")


async def allow_everyone(env: simcord.Env, guild: simcord.GuildHandle) -> None:
    """Put /reload into everyone's menu, as an admin can: what remains is the check at run time."""
    assert isinstance(env.bot, discord.Client)
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "reload")  # pyright: ignore
    guild.set_command_permissions(command, {guild.default_role: True})


async def test_a_moderator_reloads(env: simcord.Env) -> None:
    mod, channel = a_moderator(env)
    result = await mod.slash(channel, "reload")
    heading, counts = texts(result.response)
    assert heading.startswith("## Reloaded in ")
    assert counts == f"Nothing changed{DOT}1 article"


async def test_a_member_does_not_see_the_command(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    alice = guild.add_member(env.create_user("alice"))
    assert {"ask", "latest", "reload"} & set(alice.available_commands(channel)) == {"ask", "latest"}


async def test_a_member_whose_menu_has_it_is_refused_all_the_same(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    alice = guild.add_member(env.create_user("alice"), roles=[guild.create_role("Readers")])
    await allow_everyone(env, guild)
    result = await alice.slash(channel, "reload")
    assert result.ephemeral
    assert text(result.response).startswith("Only moderators can do this")
    assert r"MODERATOR\_ROLES" in text(result.response)
    simcord.assert_error(env, NotAModerator)


async def test_a_role_from_the_settings_may_reload(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    bob = guild.add_member(env.create_user("bob"), roles=[guild.create_role(MODERATOR_ROLE.lower())])
    await allow_everyone(env, guild)
    result = await bob.slash(channel, "reload")
    assert "## Reloaded in " in text(result.response)


@pytest.mark.parametrize(
    ("permissions", "roles", "may"),
    [
        (discord.Permissions(manage_guild=True), [], True),
        (discord.Permissions(administrator=True), [], True),
        (discord.Permissions(manage_messages=True), [(1, "Readers")], False),
        (discord.Permissions.none(), [(1, "Readers"), (2, "news desk")], True),
        (discord.Permissions.none(), [(77, "Readers")], True),
        (discord.Permissions.none(), [(7, "77 ")], False),
        (discord.Permissions.none(), [], False),
    ],
)
def test_who_may_moderate(permissions: discord.Permissions, roles: list[tuple[int, str]], may: bool) -> None:
    assert may_moderate(permissions, roles, ("News Desk", "77")) is may


async def test_progress_is_shown_and_then_the_report(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def reload(progress: Callable[[Progress], object]) -> ReloadReport:
        # Not on a thread as in truth: the clock of this Discord stands still while one works.
        for done in range(4):
            progress(Progress("embedding", done * 10, 40))
            await asyncio.sleep(2.9)
        return ReloadReport(2, 1, 0, 5, 40, (Failure("bad.txt", "it is *empty*"),), 12, 2)

    async with serve(StandIn().room) as env:
        assert isinstance(env.bot, QuotewireClient)
        monkeypatch.setattr(env.bot.serving.desk, "reload", reload)
        env.settle_timeout = 1
        mod, channel = a_moderator(env)
        result = await mod.slash(channel, "reload")
        assert result.deferred
        for done in (0, 10, 20, 20, 30):
            await env.advance_time(progress.EDIT_INTERVAL)
            assert texts(result.response) == [f"Embedding passages: {done} of 40…"]
        await env.advance_time(progress.EDIT_INTERVAL)
        shown = texts(result.response)
        assert shown[1] == f"2 added{DOT}1 updated{DOT}5 unchanged\n-# 40 passages embedded"
        assert shown[2] == "**1 skipped**\n- **bad.txt** it is \\*empty\\*"


async def test_a_reload_beside_another_is_told_so(serve: Serve) -> None:
    def reloading(_: object) -> ReloadReport:
        raise ReloadInProgress("A reload is running already: wait until it has ended.")

    async with serve(StandIn(reloading=reloading).room) as env:
        mod, channel = a_moderator(env)
        result = await mod.slash(channel, "reload")
        assert result.response is None
        assert [text(reply) for reply in result.followups] == ["A reload is running already: wait until it has ended."]
        assert result.followups[0].ephemeral
        assert env.errors


async def test_a_reload_that_outlives_its_interaction_ends_in_the_channel(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reload(_: object) -> ReloadReport:
        await asyncio.sleep(16 * 60)
        return NOTHING_CHANGED

    async with serve(StandIn().room) as env:
        assert isinstance(env.bot, QuotewireClient)
        monkeypatch.setattr(env.bot.serving.desk, "reload", reload)
        env.settle_timeout = 1
        mod, channel = a_moderator(env)
        result = await mod.slash(channel, "reload")
        env.settle_timeout = 60
        await env.advance_time(14 * 60)
        assert text(result.response) == "Reloading the articles…"
        assert len(channel.history()) == 1
        await env.advance_time(3 * 60)
        assert channel.last_message is not None
        assert channel.last_message.type is discord.MessageType.default
        assert "## Reloaded in 0.1 secs" in text(channel.last_message)


async def test_a_late_failure_is_said_in_the_channel_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def reloading(_: object) -> ReloadReport:
        raise ReloadInProgress("A reload is running already.")

    async with serve(StandIn(reloading=reloading).room) as env:
        mod, channel = a_moderator(env)
        monkeypatch.setattr(discord.Interaction, "is_expired", lambda _: True)
        await mod.slash(channel, "reload")
        assert text(channel.last_message) == "A reload is running already."
        assert env.errors

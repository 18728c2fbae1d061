from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
import simcord
from simcord import ChannelHandle, MemberActor

from bot.cards.card import DOT
from bot.commands import progress
from bot.connection.checks import NotTheHost, hosts, may_moderate
from bot.connection.client import QuotewireClient
from bot.connection.newsdesk import Desk
from retrieval.article import Failure, Progress, ReloadReport
from retrieval.errors import ReloadInProgress
from tests.support.discord.stand_in import NOTHING_CHANGED, StandIn
from tests.support.discord.world import MODERATOR_ROLE, Serve, make_host, text, texts

# The first question of a run waits until the model is loaded.
pytestmark = pytest.mark.simcord(settle_timeout=60)


def a_moderator(env: simcord.Env, name: str = "mod") -> tuple[MemberActor, ChannelHandle]:
    guild = env.create_guild()
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user(name), roles=[role]), guild.create_text_channel("general")


def the_host(env: simcord.Env) -> tuple[MemberActor, ChannelHandle]:
    """The owner of the bot's application, in a server that they moderate."""
    host, channel = a_moderator(env, "host")
    make_host(env, host)
    return host, channel


async def allow_everyone(env: simcord.Env, guild: simcord.GuildHandle) -> None:
    """Put /reload into everyone's menu, as an admin can: what remains is the check at run time."""
    assert isinstance(env.bot, discord.Client)
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "reload")  # pyright: ignore
    guild.set_command_permissions(command, {guild.default_role: True})


async def test_the_host_reloads(env: simcord.Env) -> None:
    host, channel = the_host(env)
    result = await host.slash(channel, "reload")
    assert result.ephemeral, "it names the host's files"
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
    assert text(result.response).startswith("Only the bot's host can do this")
    assert "/feeds add" in text(result.response)
    simcord.assert_error(env, NotTheHost)


async def test_moderators_are_told_what_to_do_instead(env: simcord.Env) -> None:
    the_host(env)
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    roles = [guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))]
    moderator = guild.add_member(env.create_user("mod"), roles=roles)
    with_role = guild.add_member(env.create_user("bob"), roles=[guild.create_role(MODERATOR_ROLE.lower())])
    await allow_everyone(env, guild)
    for each in (moderator, with_role):
        result = await each.slash(channel, "reload")
        assert result.ephemeral
        assert text(result.response).startswith("Only the bot's host can do this")
        simcord.assert_error(env, NotTheHost)


def an_application(owner: int, *team: tuple[int, str, int]) -> discord.AppInfo:
    """One that belongs to an account or, where some are named with their role and state, to a team with these."""
    members = [
        {"user": account(id_), "team_id": "9", "membership_state": state, "permissions": [], "role": role}
        for id_, role, state in team
    ]
    told: Any = {
        "id": "1",
        "name": "Quotewire",
        "icon": None,
        "description": "",
        "summary": "",
        "verify_key": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": account(owner),
    }
    if team:
        told["team"] = {"id": "9", "name": "Desk", "icon": None, "owner_user_id": str(owner), "members": members}
    return discord.AppInfo(MagicMock(create_user=lambda data: discord.Object(data["id"])), told)


def account(id_: int) -> dict[str, Any]:
    return {"id": str(id_), "username": "someone", "discriminator": "0", "avatar": None}


def test_who_hosts_a_bot() -> None:
    assert hosts(None) == set()
    assert hosts(an_application(5)) == {5}
    team = [(5, "admin", 2), (6, "developer", 2), (7, "read_only", 2), (8, "admin", 1)]
    assert hosts(an_application(4, *team)) == {4, 5, 6}


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
        host, channel = the_host(env)
        result = await host.slash(channel, "reload")
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
        host, channel = the_host(env)
        result = await host.slash(channel, "reload")
        assert result.ephemeral
        assert text(result.response) == "A reload is running already: wait until it has ended."
        assert env.errors


async def test_what_outlives_its_interaction_ends_in_the_channel(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def change(*_: object) -> ReloadReport:
        await asyncio.sleep(16 * 60)
        return NOTHING_CHANGED

    async with serve(StandIn().room) as env:
        monkeypatch.setattr(Desk, "change", change)
        env.settle_timeout = 1
        mod, channel = a_moderator(env)
        result = await mod.slash(channel, "add", url="https://news.example/long")
        env.settle_timeout = 60
        await env.advance_time(14 * 60)
        assert text(result.response) == "Reading the page…"
        assert len(channel.history()) == 1
        await env.advance_time(3 * 60)
        assert channel.last_message is not None
        assert channel.last_message.type is discord.MessageType.default
        assert "## Read in 0.1 secs" in text(channel.last_message)


async def test_a_late_failure_is_said_in_the_channel_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def change(*_: object) -> ReloadReport:
        raise ReloadInProgress("A reload is running already.")

    async with serve(StandIn().room) as env:
        monkeypatch.setattr(Desk, "change", change)
        mod, channel = a_moderator(env)
        monkeypatch.setattr(discord.Interaction, "is_expired", lambda _: True)
        await mod.slash(channel, "add", url="https://news.example/long")
        assert text(channel.last_message) == "A reload is running already."
        assert env.errors


async def test_what_only_the_host_was_to_see_does_not_end_in_the_channel(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(StandIn().room) as env:
        host, channel = the_host(env)
        monkeypatch.setattr(discord.Interaction, "is_expired", lambda _: True)
        await host.slash(channel, "reload")
        assert not [each for each in channel.history() if "Reloaded" in text(each)]

"""`/settings` as members, moderators and strangers use it, and the log channel that tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from simcord import ChannelHandle, MemberActor
from simcord.results import InteractionResult

from bot.commands.settings import MOST_NAMED, SettingRefused, matching_zones
from bot.connection.checks import NotAModerator, for_host, for_moderators
from bot.memory.guilds import DEFAULTS, GuildSettings
from tests.support.discord.desk import Desk
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import MODERATOR_ROLE, make_client, text


@pytest.fixture
def room() -> StandIn:
    return StandIn()


async def refused(desk: Desk, name: str, **options: Any) -> str:
    """What the moderator sees of a value that does not do."""
    before = desk.settings
    shown = await desk.set(name, **options)
    simcord.assert_error(desk.env, SettingRefused)
    assert desk.settings == before
    return shown


def closed(desk: Desk, *permissions: str) -> dict[Any, discord.PermissionOverwrite]:
    """Overwrites that keep the bot from something in a channel."""
    return {desk.guild.default_role: discord.PermissionOverwrite(**dict.fromkeys(permissions, False))}


async def test_every_setting_is_stored_shown_and_reset(desk: Desk) -> None:
    news, role = desk.guild.create_text_channel("news"), desk.guild.create_role("Editors")
    assert await desk.set("channels add", channel=news) == (
        f"I answer in <#{news.id}> only.\n-# Before: I answer in every channel."
    )
    assert f"one of these roles: <@&{role.id}>." in await desk.set("moderators add", role=role)
    assert (await desk.set("cooldown", seconds=1)).startswith("A member may ask again after 1 second.\n")
    assert (await desk.set("quotes", count=5)).startswith("An answer has 5 quotes at most.\n")
    assert "Only the member who uses a command sees the answer." in await desk.set("answers", seen_by=1)
    result = await desk.mod.slash(desk.channel, "settings language", name="French")
    assert "are read in this one: French." in text(result.response)
    assert (await desk.set("digest", hour=17)).startswith("Digests come at 17:00 (UTC), unless")
    assert "17:00 (America/New_York)" in await desk.set("digest", zone="america/new york")
    assert f"posted in <#{news.id}>." in await desk.set("log", channel=news)
    set_ = GuildSettings(
        (news.id,), (role.id,), news.id, 1, 5, ephemeral=True, digest_hour=17, zone="America/New_York", language="fr"
    )
    assert desk.settings == set_
    shown = await desk.set("show")
    for part in (
        f"<#{news.id}> only",
        f"<@&{role.id}>",
        "1 second",
        "5 quotes",
        "Only the member",
        "17:00",
        "posted in",
        "in this one: French",
    ):
        assert part in shown

    assert (await desk.set("reset", setting="quotes")).startswith("An answer has 3 quotes at most.\n-# Before: ")
    assert desk.settings.quotes == DEFAULTS.quotes
    assert desk.settings.cooldown == 1
    await desk.set("reset", setting="all")
    assert desk.settings == DEFAULTS
    assert "I answer in every channel." in await desk.set("show")


async def test_a_server_keeps_what_is_its_own_for_so_many_days(desk: Desk, room: StandIn) -> None:
    endless = "Articles from this server's own feeds and pages are quoted for as long as the bot's host keeps them."
    a_day, month = (
        endless.replace("for as long as the bot's host keeps them", f"until they are {age} old")
        for age in ("1 day", "30 days")
    )
    assert f"- **keep** {endless}" in await desk.set("show")
    assert await desk.set("keep", days=30) == f"{month}\n-# Before: {endless}"
    assert room.kept == 30
    assert f"- **keep** {month}" in await desk.set("show")
    assert await desk.set("keep", days=30) == f"{month} It was so before."
    assert await desk.set("keep", days=1) == f"{a_day}\n-# Before: {month}"
    assert await desk.set("keep") == f"{endless}\n-# Before: {a_day}"
    for setting in ("keep", "all"):
        await desk.set("keep", days=30)
        await desk.set("cooldown", seconds=9)
        shown = await desk.set("reset", setting=setting)
        assert shown.endswith(f"{endless}\n-# Before: {month}")
        assert ("A member may ask again after 5 seconds.\n-# Before: " in shown) == (setting == "all")
        assert room.kept is None
        assert desk.settings.cooldown == (5 if setting == "all" else 9)
    await desk.set("keep", days=30)
    await desk.set("reset", setting="cooldown")
    assert room.kept == 30
    for days in (0, 3651):
        with pytest.raises(simcord.OptionError):
            await desk.set("keep", days=days)


async def test_channels_and_roles_are_removed_and_cleared(desk: Desk) -> None:
    one, two = (desk.guild.create_text_channel(name) for name in ("one", "two"))
    for channel in (one, two, one):
        await desk.set("channels add", channel=channel)
    assert desk.settings.channels == (one.id, two.id)
    await desk.set("channels remove", channel=one)
    assert desk.settings.channels == (two.id,)
    assert "It was so before." in await desk.set("channels remove", channel=one)
    await desk.set("channels clear")
    assert desk.settings.channels == ()
    roles = [desk.guild.create_role(name) for name in ("a", "b")]
    for role in roles:
        await desk.set("moderators add", role=role)
    await desk.set("moderators remove", role=roles[0])
    assert desk.settings.moderator_roles == (roles[1].id,)
    await desk.set("moderators clear")
    assert desk.settings.moderator_roles == ()


async def test_channels_that_were_deleted_go_with_the_next_one_that_is_named(desk: Desk) -> None:
    desk.keep(GuildSettings(channels=(1, 2)))
    await desk.set("channels add", channel=desk.channel)
    assert desk.settings.channels == (desk.channel.id,)


async def test_what_does_not_do_is_refused_with_the_remedy(desk: Desk) -> None:
    silent = desk.guild.create_text_channel("silent", overwrites=closed(desk, "send_messages"))
    assert await refused(desk, "log", channel=silent) == (
        "I cannot write in #silent; ask an admin of this server to give me there: Send Messages."
    )
    hidden = desk.guild.create_text_channel("hidden", overwrites=closed(desk, "view_channel"))
    boss = desk.guild.create_role("Boss", permissions=discord.Permissions(administrator=True))
    desk.mod = desk.guild.add_member(desk.env.create_user("boss"), roles=[boss])
    assert "give me there: View Channel" in await refused(desk, "channels add", channel=hidden)
    assert "make every member a moderator" in await refused(desk, "moderators add", role=desk.guild.default_role)
    assert await refused(desk, "digest") == "Give an hour, a time zone, or both."
    assert "no time zone “Atlantis/Capital”" in await refused(desk, "digest", zone="Atlantis/Capital")
    named = tuple(desk.guild.create_text_channel(f"c{number}").id for number in range(MOST_NAMED))
    desk.keep(GuildSettings(channels=named))
    assert f"You can name {MOST_NAMED} at most" in await refused(desk, "channels add", channel=desk.channel)
    assert len(await desk.set("show")) < 4000
    for name, options in {"cooldown": {"seconds": 3601}, "quotes": {"count": 0}, "digest": {"hour": 24}}.items():
        with pytest.raises(simcord.OptionError):
            await desk.set(name, **options)


async def test_time_zones_are_offered(desk: Desk) -> None:
    offered = await desk.mod.autocomplete(desk.channel, "settings digest", "zone", "new york")
    assert offered == [{"name": "America/New_York", "value": "America/New_York"}]
    assert len(await desk.mod.autocomplete(desk.channel, "settings digest", "zone", "")) == 25
    zones = ("America/Port-au-Prince", "Europe/Prague", "Africa/Porto-Novo", "UTC")
    assert matching_zones(zones, "por") == ["America/Port-au-Prince", "Africa/Porto-Novo"]
    assert matching_zones(zones, "RAG") == ["Europe/Prague"]


async def test_settings_outlive_a_restart(desk: Desk, tmp_path: Path) -> None:
    await desk.set("channels add", channel=desk.channel)
    await desk.set("cooldown", seconds=30)
    kept = desk.settings
    await desk.env.restart_bot(make_client(StandIn().room, tmp_path))
    assert desk.settings == kept == GuildSettings(channels=(desk.channel.id,), cooldown=30)


# --- who may -----------------------------------------------------------------------------------------


def commands(tree: app_commands.CommandTree[Any]) -> Iterator[Any]:
    """Every command that can be used, and every context menu."""
    for root in tree.get_commands():
        yield from root.walk_commands() if isinstance(root, app_commands.Group) else [root]
    yield from tree.get_commands(type=discord.AppCommandType.message)
    yield from tree.get_commands(type=discord.AppCommandType.user)


def test_the_hint_in_the_menu_is_the_check_at_run_time(tmp_path: Path) -> None:
    client = make_client(StandIn().room, tmp_path)
    guarded: set[str] = set()
    hosted: set[str] = set()
    for command in commands(client.tree):
        if isinstance(command, app_commands.Group):
            continue
        root = getattr(command, "root_parent", None) or command
        hinted = root.default_permissions == discord.Permissions(manage_guild=True)
        assert (for_moderators(command) or for_host(command)) == hinted, command.qualified_name
        assert root.guild_only or not hinted, command.qualified_name
        if hinted:
            guarded.add(command.qualified_name)
        if for_host(command):
            hosted.add(command.qualified_name)
    assert hosted == {"reload"}
    assert {"reload", "status", "settings show", "settings channels add", "feeds import", "restore"} <= guarded
    assert not guarded & {"ask", "latest"}


OPTIONS: dict[str, dict[str, Any]] = {
    "show": {},
    "channels clear": {},
    "moderators clear": {},
    "cooldown": {"seconds": 9},
    "quotes": {"count": 2},
    "answers": {"seen_by": 1},
    "language": {"name": "de"},
    "digest": {"hour": 9},
    "keep": {"days": 9},
    "reset": {"setting": "all"},
}


async def test_members_are_told_how_to_become_moderators(desk: Desk, room: StandIn) -> None:
    await desk.allow_everyone("settings")
    alice = desk.member("alice", "Readers")
    role, there = desk.guild.create_role("Editors"), desk.guild.create_text_channel("there")
    options = OPTIONS | {
        "channels add": {"channel": there},
        "channels remove": {"channel": there},
        "moderators add": {"role": role},
        "moderators remove": {"role": role},
        "log": {"channel": there},
    }
    group = desk.client.tree.get_command("settings")
    assert isinstance(group, app_commands.Group)
    leaves = [each for each in group.walk_commands() if isinstance(each, app_commands.Command)]
    assert {each.qualified_name.removeprefix("settings ") for each in leaves} == set(options)
    for name, values in options.items():
        result = await alice.slash(desk.channel, f"settings {name}", **values)
        assert result.ephemeral
        shown = text(result.response)
        assert shown.startswith("Only moderators can do this")
        assert "Manage Server" in shown
        assert "/settings moderators add" in shown
        simcord.assert_error(desk.env, NotAModerator)
    assert desk.settings == DEFAULTS
    assert room.kept is None
    # A command's check is not made before its choices are shown, so these have their own.
    assert await alice.autocomplete(desk.channel, "settings digest", "zone", "berlin") == []


MODERATORS = {"settings", "status", "restore", "history"}


def menu(member: Any, *where: ChannelHandle) -> set[str]:
    """The commands, without their subcommands, that somebody is offered."""
    return {name.partition(" ")[0] for name in member.available_commands(*where)}


async def test_a_member_does_not_see_the_commands_of_moderators(desk: Desk) -> None:
    alice = desk.member("alice")
    assert not MODERATORS & menu(alice, desk.channel)
    assert menu(desk.mod, desk.channel) >= MODERATORS


async def test_there_is_nothing_to_set_in_a_direct_message(desk: Desk) -> None:
    user = desk.env.create_user("alice")
    assert "ask" in menu(user)
    assert not MODERATORS & menu(user)


async def test_a_role_of_the_server_or_of_the_host_makes_moderators(desk: Desk) -> None:
    await desk.allow_everyone("settings")
    editors = desk.guild.create_role("Editors")
    by_server = desk.guild.add_member(desk.env.create_user("bob"), roles=[editors])
    by_host = desk.member("carol", MODERATOR_ROLE)
    impostor = desk.member("eve", str(editors.id))

    async def may(member: MemberActor) -> bool:
        result = await member.slash(desk.channel, "settings show")
        return "How I behave in this server" in text(result.response)

    assert [await may(member) for member in (by_server, by_host, impostor)] == [False, True, False]
    await desk.set("moderators add", role=editors)
    assert [await may(member) for member in (by_server, by_host, impostor)] == [True, True, False]
    await desk.set("moderators clear")
    assert not await may(by_server)
    assert len(desk.env.errors) == 4
    desk.env.errors.clear()


# --- the log channel ---------------------------------------------------------------------------------


def posted(channel: ChannelHandle) -> list[str]:
    return [text(message) for message in channel.history()]


async def test_what_moderators_do_is_posted(desk: Desk) -> None:
    log = desk.guild.create_text_channel("mod-log")
    await desk.set("log", channel=log)
    await desk.set("cooldown", seconds=60)
    await desk.set("cooldown", seconds=60)  # nothing changes
    assert "Reloaded" in text((await desk.mod.slash(desk.channel, "reload")).response)  # for all, so not theirs
    await desk.set("keep", days=30)
    await desk.set("keep", days=30)  # nothing changes
    await desk.set("quotes", count=2)
    await desk.set("show")
    newest, *_ = sorted(log.history(), key=lambda message: message.id, reverse=True)
    assert "2 quotes" in text(newest)
    first, kept, second, third = sorted(posted(log))
    assert first.splitlines()[0].startswith(f"**/settings cooldown**\u00a0· <@{desk.mod.id}>\u00a0· <t:")
    assert "A member may ask again after 60 seconds." in first
    assert "Before: A member may ask again after 5 seconds." in first
    assert kept.startswith("**/settings keep**")
    assert "until they are 30 days old.\n-# Before: " in kept
    assert second.startswith("**/settings log**")
    assert third.startswith("**/settings quotes**")
    sent = [
        request.json
        for request in desk.env.http_requests
        if request.method == "POST" and request.path == f"/channels/{log.id}/messages"
    ]
    assert len(sent) == 4
    assert all(isinstance(body, dict) and body["allowed_mentions"]["parse"] == [] for body in sent)


def followed(result: InteractionResult) -> list[str]:
    return [text(message) for message in result.followups]


async def test_a_log_channel_that_is_gone_breaks_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.keep(GuildSettings(log_channel=123))
    for seconds in (60, 61):
        result = await desk.mod.slash(desk.channel, "settings cooldown", seconds=seconds)
        assert f"after {seconds} seconds" in text(result.response)
        assert followed(result) == [
            "-# This could not be posted in <#123>, the log channel; "
            "let me write there, or set another one with **/settings log**."
        ]
        assert result.followups[0].ephemeral
    assert caplog.text.count("there is no such channel any more") == 1


async def test_a_log_channel_that_is_closed_breaks_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    silent = desk.guild.create_text_channel("silent", overwrites=closed(desk, "send_messages"))
    desk.keep(GuildSettings(log_channel=silent.id))
    result = await desk.mod.slash(desk.channel, "settings quotes", count=2)
    assert "2 quotes" in text(result.response)
    assert len(followed(result)) == 1
    assert caplog.text.count(f"cannot be posted in channel {silent.id}") == 1
    assert posted(silent) == []

"""Who may moderate, where the bot answers, and what is declared for Discord's menu."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.connection.checks import (
    NotAModerator,
    answers_in,
    for_moderators,
    may_moderate,
    moderators_choose,
    moderators_group,
    moderators_only,
)
from bot.wording.language import speaking

NOTHING = discord.Permissions.none()


@pytest.mark.parametrize(
    ("permissions", "roles", "moderator_roles", "role_ids", "may"),
    [
        (NOTHING, [], [], [], False),
        (discord.Permissions(manage_guild=True), [], [], [], True),
        (discord.Permissions(administrator=True), [], [], [], True),
        (discord.Permissions(manage_messages=True, kick_members=True), [], [], [], False),
        (NOTHING, [(1, "Readers"), (2, "Straße")], ["STRASSE"], [], True),
        (NOTHING, [(1, "Readers"), (2, "News Desk")], ["2"], [], True),
        (NOTHING, [(1, "Readers"), (2, "News Desk")], [], [2], True),
        (NOTHING, [(1, "Readers")], ["News", "2"], [2], False),
    ],
)
def test_permissions_and_roles_make_moderators(
    permissions: discord.Permissions,
    roles: list[tuple[int, str]],
    moderator_roles: list[str],
    role_ids: list[int],
    may: bool,
) -> None:
    assert may_moderate(permissions, roles, moderator_roles, role_ids) is may


@pytest.mark.parametrize(
    ("language", "help_"),
    [
        ("en-GB", "An admin of this server can give you one of these."),
        ("de", "Ein Admin dieses Servers kann dir eines davon geben."),
    ],
)
def test_who_is_refused_reads_in_their_language_who_can_help(language: str, help_: str) -> None:
    with speaking(language):
        said = str(NotAModerator())
    assert said.endswith(f" MODERATOR_ROLES. {help_}")


def test_a_server_that_named_no_role_has_none() -> None:
    assert not may_moderate(NOTHING, [(1, "Readers")], [])


@pytest.mark.parametrize(
    ("channels", "channel", "parent", "answers"),
    [
        ((), 1, None, True),
        ((), None, None, True),
        ((1,), 1, None, True),
        ((1,), 2, None, False),
        ((1,), 2, 1, True),
        ((1,), 2, 3, False),
    ],
)
def test_the_bot_answers_in_the_channels_that_were_named(
    channels: tuple[int, ...], channel: int | None, parent: int | None, answers: bool
) -> None:
    assert answers_in(channels, channel, parent) is answers


def test_a_command_for_moderators_says_so_in_the_menu_and_checks_it() -> None:
    @app_commands.command(description="Everyone's")
    async def look(_: discord.Interaction[Any]) -> None: ...

    @app_commands.command(description="Moderators'")
    @moderators_only
    async def change(_: discord.Interaction[Any]) -> None: ...

    assert not for_moderators(look)
    assert look.default_permissions is None
    assert for_moderators(change)
    assert change.guild_only
    assert change.default_permissions == discord.Permissions(manage_guild=True)


def test_a_group_for_moderators_is_offered_to_them_in_a_server() -> None:
    group = moderators_group("pins", "Pins and needles")
    assert (group.name, group.description, group.guild_only) == ("pins", "Pins and needles", True)
    assert group.default_permissions == discord.Permissions(manage_guild=True)


async def test_choices_for_moderators_are_checked_like_a_command() -> None:
    async def offered(_: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current, value=current)]

    assert moderators_choose(offered) is offered
    (check,) = offered.__discord_app_commands_checks__  # type: ignore[attr-defined]

    permissions = discord.Permissions.all()
    asking: Any = SimpleNamespace(client=SimpleNamespace(serving=None), user=object(), permissions=permissions)
    with pytest.raises(NotAModerator, match="MODERATOR_ROLES"):  # who asks is no member of a server
        await check(asking)

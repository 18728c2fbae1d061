"""Who may do what: the hint that Discord shows and the check at run time, declared together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.connection.serving import Serving, serving_of
from bot.wording.language import _

C = TypeVar("C", bound=Callable[..., Any])
AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu


class NotAModerator(app_commands.CheckFailure):
    """The member may neither manage the server nor has a role of the server's settings or the host's."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Only moderators can do this: members who may Manage Server, or who have a role that was named with "
                "/settings moderators add, or by the bot's host in MODERATOR_ROLES. "
                "An admin of this server can give you one of these."
            )
        )


def may_moderate(
    permissions: discord.Permissions,
    roles: Iterable[tuple[int, str]],
    moderator_roles: Collection[str],
    role_ids: Collection[int] = (),
) -> bool:
    """Whether a member with these permissions and roles (id, name) may moderate.

    `moderator_roles` are the host's: ids or names, which are compared without regard to case. `role_ids` are the
    server's own.
    """
    if permissions.manage_guild or permissions.administrator:
        return True
    wanted = {role.casefold() for role in moderator_roles}
    return any(role_id in role_ids or str(role_id) in wanted or name.casefold() in wanted for role_id, name in roles)


def moderates(serving: Serving, user: discord.abc.User, permissions: discord.Permissions) -> bool:
    """Whether `user`, who has `permissions` where they act, may moderate there; nobody does in direct messages."""
    if not isinstance(user, discord.Member):
        return False
    roles = [(role.id, role.name) for role in user.roles]
    ours = serving.guild_settings.of(user.guild.id).moderator_roles
    return may_moderate(permissions, roles, serving.moderator_roles, ours)


async def _is_moderator(interaction: discord.Interaction) -> bool:
    """Raises `NotAModerator`."""
    if not moderates(serving_of(interaction), interaction.user, interaction.permissions):
        raise NotAModerator
    return True


class NotTheHost(app_commands.CheckFailure):
    """The member does not own the bot's application, alone or in its team."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Only the bot's host can do this, since all servers read that folder. "
                "Moderators add feeds with /feeds add and pages with /add, for their own server."
            )
        )


def hosts(application: discord.AppInfo | None) -> frozenset[int]:
    """Who hosts a bot, by their ids: the owner of its application or, where a team owns that, those of the team who may
    change it.
    """
    if application is None:  # it has not logged in yet
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    roles = (discord.TeamMemberRole.admin, discord.TeamMemberRole.developer)
    accepted = [
        member
        for member in application.team.members
        if member.membership_state is discord.TeamMembershipState.accepted and member.role in roles
    ]
    return frozenset([member.id for member in accepted] + [application.team.owner_id or 0])


async def _is_host(interaction: discord.Interaction) -> bool:
    """Raises `NotTheHost`."""
    if interaction.user.id not in hosts(interaction.client.application):
        raise NotTheHost
    return True


def host_only(command: C) -> C:
    """A command for the host in a server: by Discord's menu, which knows no hosts, one for moderators, and at run time
    for the host alone.
    """
    guarded = app_commands.check(_is_host)(command)
    return app_commands.guild_only(app_commands.default_permissions(manage_guild=True)(guarded))


def moderators_choose(autocomplete: C) -> C:
    """An autocomplete for moderators: a command's own check is not made before its choices are shown."""
    return app_commands.check(_is_moderator)(autocomplete)


def moderators_only(command: C) -> C:
    """A command for moderators in a server, by Discord's menu and at run time.

    The menu alone is only a hint: a server can give the command to anyone. The reverse holds too: a role from
    the settings sees the command once the server allows it under Server Settings, Integrations.
    """
    guarded = app_commands.check(_is_moderator)(command)
    return app_commands.guild_only(app_commands.default_permissions(manage_guild=True)(guarded))


def moderators_group(name: str, description: str) -> app_commands.Group:
    """A group whose commands are all for moderators in a server; each brings its own `moderators_only`."""
    return app_commands.Group(
        name=name,
        description=description,
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )


def for_moderators(command: AnyCommand) -> bool:
    """Whether `command` checks at run time that a moderator uses it."""
    return _is_moderator in command.checks


def for_host(command: AnyCommand) -> bool:
    """Whether `command` checks at run time that the host uses it."""
    return _is_host in command.checks


ANYWHERE = {"anywhere": True}
"""The `extras` of a command that asks for no article: it is bound to no channel, and nobody has to rest before it."""


def has_to_be_admitted(command: AnyCommand) -> bool:
    """Whether `command` is a question, which a member may ask in certain channels and now and then."""
    return not (for_moderators(command) or for_host(command) or command.extras.get("anywhere"))


def answers_in(channels: Collection[int], channel: int | None, parent: int | None = None) -> bool:
    """Whether the bot answers in `channel`, a thread if it has a `parent`; no `channels` stand for all of them."""
    return not channels or channel in channels or parent in channels

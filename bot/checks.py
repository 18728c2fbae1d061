"""Who may do what: the hint that Discord shows and the check at run time, declared together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import QuotewireClient

C = TypeVar("C", bound=Callable[..., Any])


class NotAModerator(app_commands.CheckFailure):
    """The member may neither manage the server nor has a role from the settings."""

    def __init__(self) -> None:
        super().__init__(
            "Only moderators can do this: members who may Manage Server, or who have a role "
            "that the bot's host named in MODERATOR_ROLES."
        )


def may_moderate(
    permissions: discord.Permissions, roles: Iterable[tuple[int, str]], moderator_roles: Collection[str]
) -> bool:
    """Whether a member with these permissions and roles (id, name) may moderate.

    `moderator_roles` are ids or names; names are compared without regard to case.
    """
    if permissions.manage_guild or permissions.administrator:
        return True
    wanted = {role.casefold() for role in moderator_roles}
    return any(str(role_id) in wanted or name.casefold() in wanted for role_id, name in roles)


async def _is_moderator(interaction: discord.Interaction[QuotewireClient]) -> bool:
    """Raises `NotAModerator`."""
    member = interaction.user
    roles = [(role.id, role.name) for role in member.roles] if isinstance(member, discord.Member) else []
    if not may_moderate(interaction.permissions, roles, interaction.client.settings.moderator_roles):
        raise NotAModerator
    return True


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

"""Sending the commands to Discord without starting the bot: what `quotewire sync` does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.connection.discord_internals import adapt
from bot.connection.starting import StartError, start_failure
from bot.connection.tree import QuotewireTree
from bot.settings import Settings

Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Synced:
    """What Discord has now that it had not before, by the commands' names. `sent` is False where the commands have not
    changed since they were last sent."""

    sent: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


async def sync_commands(
    commands: Iterable[Command], settings: Settings, *, guild: int | None = None, force: bool = False
) -> Synced:
    """Log in, over HTTP only, and send `commands` if they changed: to Discord as a whole or, for a test, to the server
    `guild`. What else is there is removed.

    Raises `StartError` when there is no token, Discord refuses it or the commands, or cannot be reached.
    """
    if settings.discord_token is None:
        raise StartError("There is no DISCORD_TOKEN; set it in .env to the token of your Discord application.")
    adapt()
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(settings.discord_token.get_secret_value())
            return await _sync(client, commands, settings, guild, force)
        except Exception as error:
            if (failure := _failure(error, guild)) is error:
                raise
            raise failure from error


async def _sync(
    client: discord.Client, commands: Iterable[Command], settings: Settings, guild: int | None, force: bool
) -> Synced:
    tree = QuotewireTree(client)
    place = discord.Object(guild) if guild else None
    for command in commands:
        tree.add_command(command, guild=place)
    if not force and await tree.is_known(settings.data_dir, place):
        return Synced(sent=False)
    before = await tree.fetch_commands(guild=place)
    return difference(before, await tree.send(settings.data_dir, place))


def difference(before: Iterable[app_commands.AppCommand], after: Iterable[app_commands.AppCommand]) -> Synced:
    """What became of the commands, each known by its name and kind."""
    old, new = ({(each.name, each.type): _definition(each) for each in commands} for commands in (before, after))
    return Synced(
        sent=True,
        added=tuple(sorted(name for name, kind in new.keys() - old.keys())),
        changed=tuple(sorted(name for name, kind in new.keys() & old.keys() if new[name, kind] != old[name, kind])),
        removed=tuple(sorted(name for name, kind in old.keys() - new.keys())),
    )


def _definition(command: app_commands.AppCommand) -> Definition:
    own = {"id", "application_id"}
    return {
        **{name: value for name, value in command.to_dict().items() if name not in own},
        "permissions": command.default_member_permissions and command.default_member_permissions.value,
        "dm": command.dm_permission,
        "nsfw": command.nsfw,
    }


def _failure(error: Exception, guild: int | None) -> BaseException:
    match error:
        case app_commands.CommandSyncFailure():
            return StartError(f"Discord does not take the commands: {' '.join(str(error).split())}")
        case discord.Forbidden() | discord.NotFound() | discord.HTTPException(status=400) if guild:
            return StartError(
                f"Discord does not let the bot add commands to the server {guild}; check the id, and invite the bot "
                "there with the scope applications.commands."
            )
    return start_failure(error)

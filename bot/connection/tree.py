"""The command tree: every error ends in one place; commands are sent to Discord only when they changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.connection.admission import admit
from bot.connection.checks import has_to_be_admitted
from bot.connection.discord_internals import payloads
from bot.connection.errors import explain, reply_to_interaction
from bot.connection.limits import Asker, asker
from bot.connection.serving import attend, serving_of
from bot.connection.shards import shard_of
from bot.connection.translator import Translator
from bot.log import concerning

_log = logging.getLogger(__name__)

KNOWN = "discord-commands.json"
"""The file in the data folder that says which commands Discord has: of each application, and of each server."""


class QuotewireTree(app_commands.CommandTree[discord.Client]):
    """The commands of one client."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Speak the member's language, have `close` wait for the reply, and admit what may be answered here and now.

        The commands of moderators and of the host, whose own check is made later, and those that ask nothing are
        neither bound to a place nor have to rest.
        """
        serving = attend(interaction)
        asker.set(Asker(interaction.user.id, interaction.guild_id))
        name = interaction.command.qualified_name if interaction.command else None
        concerning(shard=shard_of(self.client, interaction.guild_id), guild=interaction.guild_id, command=name)
        typing = interaction.type is discord.InteractionType.autocomplete
        used = interaction.command
        if typing or used is None or not has_to_be_admitted(used):
            return True
        admitted = await admit(interaction)
        if serving.metrics and not admitted:
            serving.metrics.command_ended(name, "refused")
        return admitted

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Show the error to the member who caused it."""
        metrics = serving_of(interaction).metrics
        if metrics and interaction.type is discord.InteractionType.application_command:
            name = interaction.command.qualified_name if interaction.command else None
            metrics.command_ended(name, "refused" if explain(error) else "failed")
        await reply_to_interaction(interaction, error)

    async def sync_if_changed(self, folder: Path) -> bool:
        """Send the commands to Discord unless it `is_known` that it has them; True if they were sent.

        Discord counts syncs, and a sync at each start is a usual cause of a ban.
        """
        if await self.is_known(folder):
            return False
        sent = await self.send(folder)
        _log.info("sent %d commands to Discord", len(sent))
        return True

    async def is_known(self, folder: Path, guild: discord.abc.Snowflake | None = None) -> bool:
        """Whether a mark in `folder` says that the commands (those of `guild`) were sent as they now are."""
        known = await asyncio.to_thread(_read, folder / KNOWN)
        return known.get(self._place(guild)) == await self._mark(guild)

    async def send(self, folder: Path, guild: discord.abc.Snowflake | None = None) -> list[app_commands.AppCommand]:
        """Send the commands (those of `guild`), and mark that in `folder`. Raises what `CommandTree.sync` raises."""
        mark = await self._mark(guild)
        sent = await self.sync(guild=guild)
        await asyncio.to_thread(_write, folder / KNOWN, self._place(guild), mark)
        return sent

    def _place(self, guild: discord.abc.Snowflake | None) -> str:
        return f"{self.client.application_id}/{guild.id}" if guild else f"{self.client.application_id}"

    async def _mark(self, guild: discord.abc.Snowflake | None) -> str:
        return fingerprint(self.client.application_id, await self._definitions(guild))

    async def _definitions(self, guild: discord.abc.Snowflake | None) -> list[dict[str, Any]]:
        """The commands as `sync` sends them, translations included."""
        if (translator := self.translator) is None:
            await self.set_translator(translator := Translator())
        return await payloads(self, translator, guild)


def fingerprint(application_id: int | None, commands: Sequence[dict[str, Any]]) -> str:
    """SHA-256 over an application and the definition of its commands, in any order."""
    by_name = sorted(commands, key=lambda command: (command["name"], command.get("type", 1)))
    return hashlib.sha256(json.dumps([application_id, by_name], sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> dict[str, str]:
    """The marks; none where the file is missing or damaged, which costs one sync."""
    try:
        marks = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _write(file: Path, place: str, mark: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}.part")
        fresh.write_text(json.dumps(_read(file) | {place: mark}, indent=1) + "\n", encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        _log.warning("%s cannot be written, so the next start sends the commands again: %s", file, error)

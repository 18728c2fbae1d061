"""The command tree: every error ends in one place; commands are sent to Discord only when they changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.admission import admit
from bot.checks import for_moderators
from bot.errors import reply_to_interaction
from bot.language import speak
from bot.limits import Asker, asker

if TYPE_CHECKING:
    from bot.client import QuotewireClient

_log = logging.getLogger(__name__)


class QuotewireTree(app_commands.CommandTree["QuotewireClient"]):
    """The commands of one client."""

    async def interaction_check(self, interaction: discord.Interaction[QuotewireClient], /) -> bool:
        """Speak the member's language, have `close` wait for the reply, and admit what may be answered here and now.

        The commands of moderators, whose own check is made later, are neither bound to a place nor have to rest.
        """
        self.client.track(asyncio.current_task())
        speak(interaction.locale.value)
        asker.set(Asker(interaction.user.id, interaction.guild_id))
        typing = interaction.type is discord.InteractionType.autocomplete
        if typing or interaction.command is None or for_moderators(interaction.command):
            return True
        return await admit(interaction)

    async def on_error(
        self, interaction: discord.Interaction[QuotewireClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Show the error to the member who caused it."""
        await reply_to_interaction(interaction, error)

    async def sync_if_changed(self, known: Path) -> bool:
        """Send the commands to Discord unless the file `known` says that it has them; True if they were sent.

        Discord counts syncs, and a sync at each start is a usual cause of a ban.
        """
        payload = [command.to_dict(self) for command in self.get_commands()]
        mark = fingerprint(self.client.application_id, payload)
        if await asyncio.to_thread(_read, known) == mark:
            return False
        await self.sync()
        await asyncio.to_thread(_write, known, mark)
        _log.info("sent %d commands to Discord", len(payload))
        return True


def fingerprint(application_id: int | None, commands: Sequence[dict[str, Any]]) -> str:
    """SHA-256 over an application and the definition of its commands, in any order."""
    by_name = sorted(commands, key=lambda command: (command["name"], command.get("type", 1)))
    return hashlib.sha256(json.dumps([application_id, by_name], sort_keys=True).encode()).hexdigest()


def _read(known: Path) -> str | None:
    try:
        return known.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None


def _write(known: Path, mark: str) -> None:
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(mark + "\n", encoding="ascii")
    except OSError as error:
        _log.warning("%s cannot be written, so the next start sends the commands again: %s", known, error)

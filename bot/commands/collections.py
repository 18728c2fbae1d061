"""What a server reads of what the host offers: the commands under `/collections`."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.collections import collections_card, left_card, reads_card
from bot.commands.progress import done
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.choices import MAX_CHOICES
from bot.connection.replies import complete, defer
from bot.connection.serving import choices_of, desk_of

NAME_LENGTH = 40

collections = moderators_group("collections", "The articles of the bot's host that this server reads")


@collections.command(name="list", description="Show what the bot's host offers, and which of it this server reads")
@moderators_only
async def list_collections(interaction: discord.Interaction) -> None:
    """Show the collections."""
    await defer(interaction)
    found = await desk_of(interaction).look(lambda edition: edition.collections())
    await complete(interaction, collections_card(found))


@collections.command(name="read", description="Read a collection in this server from now on")
@app_commands.describe(collection="Which one")
@moderators_only
async def read_collection(
    interaction: discord.Interaction, collection: app_commands.Range[str, 1, NAME_LENGTH]
) -> None:
    """Have the server read a collection."""
    await defer(interaction)
    name = choices_of(interaction).chosen(collection)
    await desk_of(interaction).change(lambda edition, _step: edition.read_collection(name))
    await done(interaction, reads_card(name))


@collections.command(name="leave", description="Read a collection in this server no more")
@app_commands.describe(collection="Which one")
@moderators_only
async def leave_collection(
    interaction: discord.Interaction, collection: app_commands.Range[str, 1, NAME_LENGTH]
) -> None:
    """Have the server leave a collection."""
    await defer(interaction)
    name = choices_of(interaction).chosen(collection)
    await desk_of(interaction).change(lambda edition, _step: edition.leave_collection(name))
    await done(interaction, left_card(name))


@read_collection.autocomplete("collection")
@moderators_choose
async def _to_read(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await _offered(interaction, typed, read=False)


@leave_collection.autocomplete("collection")
@moderators_choose
async def _to_leave(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await _offered(interaction, typed, read=True)


async def _offered(interaction: discord.Interaction, typed: str, *, read: bool) -> list[Choice[str]]:
    found = await desk_of(interaction).look(lambda edition: edition.collections())
    wanted = typed.strip().casefold()
    names = [each.name for each in found if each.read is read and wanted in each.name.casefold()]
    choices = choices_of(interaction)
    return [choices.offer(name, name) for name in names[:MAX_CHOICES]]

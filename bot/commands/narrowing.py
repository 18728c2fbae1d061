"""The options by which a member narrows what may be quoted: the days, the outlet, and the language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import discord
from discord.app_commands import Choice

from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from bot.connection.serving import choices_of, desk_of
from bot.wording.days import Edge, offered, window
from bot.wording.tongues import articles_in, holding, meant
from retrieval.article import Scope
from retrieval.edition import Edition


async def narrowed(
    interaction: discord.Interaction,
    since: str | None,
    until: str | None,
    source: str | None = None,
    language: str | None = None,
) -> Scope:
    """The days, the outlet and the language that a member typed or chose. Raises `UnclearDay`.

    Whether the outlet and the language are there, the newsroom finds out.
    """
    first, last = None, None
    if since or until:
        locale = interaction.locale.value
        first, last = await offload(lambda: window(since, until, today(), locale))
    outlet = choices_of(interaction).chosen(source) if source and source.strip() else None
    if language and language.strip():
        typed = language.strip()
        language = await desk_of(interaction).look(lambda edition: meant(typed, edition.languages()))
    return Scope(since=first, until=last, source=outlet, language=language or None)


def today() -> date:
    """The day it is, in UTC, by which articles are dated."""
    return datetime.now(UTC).date()


async def choose_since(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Days to begin with."""
    return await _days(interaction, typed, "since")


async def choose_until(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Days to end with."""
    return await _days(interaction, typed, "until")


async def choose_source(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Outlets whose name holds what is typed."""
    found = await desk_of(interaction).look(lambda edition: edition.outlets_holding(typed, MAX_CHOICES))
    choices = choices_of(interaction)
    return [choices.offer(outlet, outlet) for outlet in found]


async def choose_language(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """The languages that there are articles in and whose name begins with what is typed, with how many there are."""

    def names(edition: Edition) -> list[tuple[str, str]]:
        counts = edition.languages()
        return [(articles_in(code, counts[code]), code) for code in holding(typed, counts)]

    found = await desk_of(interaction).look(names)
    choices = choices_of(interaction)
    return [choices.offer(name, code) for name, code in found[:MAX_CHOICES]]


async def _days(interaction: discord.Interaction, typed: str, edge: Edge) -> list[Choice[str]]:
    locale = interaction.locale.value
    days = await offload(lambda: offered(typed, today(), edge, locale))
    choices = choices_of(interaction)
    return [choices.offer(name, value) for name, value in days]

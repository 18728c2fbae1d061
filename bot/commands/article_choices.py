"""The articles from which a moderator chooses one while typing."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord.app_commands import Choice

from bot.connection.checks import moderators_choose
from bot.connection.choices import MAX_CHOICES
from bot.connection.serving import choices_of, desk_of
from retrieval.article import Article


@moderators_choose
async def choose_article(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Articles that are quoted."""
    found = await desk_of(interaction).look(lambda edition: edition.headlines(typed, MAX_CHOICES))
    return _offered(interaction, found)


@moderators_choose
async def choose_withdrawn(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Articles that were removed."""
    found = await desk_of(interaction).look(lambda edition: edition.withdrawn(typed, MAX_CHOICES))
    return _offered(interaction, found)


def _offered(interaction: discord.Interaction, articles: Sequence[Article]) -> list[Choice[str]]:
    names = [" · ".join(filter(None, [article.title, article.source])) for article in articles]
    choices = choices_of(interaction)
    return [choices.offer(name, article.id) for name, article in zip(names, articles, strict=True)]

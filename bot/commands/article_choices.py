"""The articles from which a moderator chooses one while typing."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord.app_commands import Choice

from bot.connection.checks import moderators_choose
from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from bot.connection.serving import Serving, serving_of
from retrieval.article import Article


@moderators_choose
async def choose_article(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Articles that are quoted."""
    serving = serving_of(interaction)
    return _offered(serving, await offload(lambda: serving.desk.room.headlines(typed, MAX_CHOICES)))


@moderators_choose
async def choose_withdrawn(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Articles that were removed."""
    serving = serving_of(interaction)
    return _offered(serving, await offload(lambda: serving.desk.room.withdrawn(typed, MAX_CHOICES)))


def _offered(serving: Serving, articles: Sequence[Article]) -> list[Choice[str]]:
    names = [" · ".join(filter(None, [article.title, article.source])) for article in articles]
    return [serving.choices.offer(name, article.id) for name, article in zip(names, articles, strict=True)]

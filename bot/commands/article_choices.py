"""The articles from which a moderator chooses one while typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord.app_commands import Choice

from bot.connection.checks import moderators_choose
from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from retrieval.article import Article

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient


@moderators_choose
async def choose_article(interaction: discord.Interaction[QuotewireClient], typed: str) -> list[Choice[str]]:
    """Articles that are quoted."""
    client = interaction.client
    return _offered(client, await offload(lambda: client.room.headlines(typed, MAX_CHOICES)))


@moderators_choose
async def choose_withdrawn(interaction: discord.Interaction[QuotewireClient], typed: str) -> list[Choice[str]]:
    """Articles that were removed."""
    client = interaction.client
    return _offered(client, await offload(lambda: client.room.withdrawn(typed, MAX_CHOICES)))


def _offered(client: QuotewireClient, articles: Sequence[Article]) -> list[Choice[str]]:
    names = [" · ".join(filter(None, [article.title, article.source])) for article in articles]
    return [client.choices.offer(name, article.id) for name, article in zip(names, articles, strict=True)]

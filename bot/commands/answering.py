"""A question on its way to a card with buttons, and the exchange that these come back to."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

import discord

from bot.cards.answers import show_answer
from bot.cards.card import Card
from bot.cards.searched import Dates
from bot.connection.offload import offload
from bot.connection.replies import complete, is_hidden
from bot.connection.serving import Serving, serving_of
from bot.memory.exchanges import Asking, Exchange, new_id, place_of
from retrieval.answer import Answer
from retrieval.article import EVERYTHING, Scope
from retrieval.edition import Edition
from retrieval.errors import StoreUnavailable

__all__ = ["Answered", "Asking", "answer", "delivered", "respond"]

_log = logging.getLogger(__name__)

KEPT_WITHIN = 4.0
"""Seconds that an answer waits for being kept: a database may be slow to say that it is gone."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What to send, and the exchange that it belongs to: once it is sent, `delivered` ties the two."""

    card: Card
    exchange: Exchange


def asking_of(interaction: discord.Interaction, question: str, scope: Scope = EVERYTHING) -> Asking:
    """A question that a member puts by an interaction, for as many eyes as see the reply to that."""
    return Asking(
        question=question,
        member=interaction.user.id,
        channel=interaction.channel_id,
        guild=interaction.guild_id,
        scope=scope,
        hidden=is_hidden(interaction),
    )


async def answer(serving: Serving, asking: Asking) -> Answered:
    """Ask the newsroom, keep the exchange, and show what was said. Raises what `Newsroom.ask` raises."""
    settings = serving.guild_settings.of(asking.guild)

    def ask(edition: Edition) -> tuple[Answer, Dates]:
        scope = asking.scope
        answer = edition.ask(
            asking.put,
            since=scope.since,
            as_of=scope.until,
            source=scope.source,
            language=scope.language,
            limit=settings.quotes,
            preferred=settings.language,
        )
        return answer, (None, None) if answer.quotes else edition.span_of_dates()

    asked = serving.desk.at(asking.guild).query(ask)
    answer, dates = await (serving.metrics.question(asked) if serving.metrics else asked)
    id_ = new_id()
    shown = show_answer(answer, asking, id_, dates)
    nearest = tuple(article.id for article in answer.nearest)
    exchange = Exchange(
        id=id_,
        asking=asking,
        asked=datetime.now(UTC),
        quotes=tuple(map(place_of, shown.quotes)),
        nearest=nearest,
    )
    try:
        async with asyncio.timeout(KEPT_WITHIN):
            await offload(lambda: serving.exchanges.keep(exchange))
    except (StoreUnavailable, TimeoutError) as error:
        # The answer does not depend on it, but buttons do.
        _log.warning("an answer goes out without buttons: %s", str(error) or "to keep it takes too long")
        shown = show_answer(answer, asking, None, dates)
    return Answered(shown.card, exchange)


async def respond(interaction: discord.Interaction, asking: Asking) -> None:
    """Answer in place of "thinking…". Raises what `answer` raises."""
    answered = await answer(serving_of(interaction), asking)
    message = await complete(interaction, answered.card)
    if message:
        await delivered(serving_of(interaction), answered.exchange, message.id)


async def delivered(serving: Serving, exchange: Exchange, message_id: int) -> None:
    """Tie the message that shows the answer to its exchange, so that replies to it find that. Never raises."""
    try:
        await offload(lambda: serving.exchanges.sent(exchange.id, message_id))
    except StoreUnavailable as error:
        # The answer stands; it would only be confusing to follow it with an error.
        _log.warning("replies to message %d will not be understood: %s", message_id, error)

"""A question on its way to a card with buttons, and the exchange that these come back to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.cards.answers import show_answer
from bot.cards.card import Card
from bot.cards.searched import Dates
from bot.connection.offload import offload
from bot.connection.replies import complete
from bot.memory.exchanges import Asking, Exchange, new_id, place_of
from retrieval.article import Answer
from retrieval.errors import StoreUnavailable
from retrieval.newsroom import Newsroom

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient

__all__ = ["Answered", "Asking", "answer", "delivered", "respond"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """What to send, and the exchange that it belongs to: once it is sent, `delivered` ties the two."""

    card: Card
    exchange: Exchange


async def answer(client: QuotewireClient, asking: Asking) -> Answered:
    """Ask the newsroom, keep the exchange, and show what was said. Raises what `Newsroom.ask` raises."""
    quotes = client.guild_settings.of(asking.guild).quotes

    def ask(room: Newsroom) -> tuple[Answer, Dates]:
        answer = room.ask(asking.put, since=asking.since, as_of=asking.until, source=asking.source, limit=quotes)
        return answer, (None, None) if answer.quotes else room.span_of_dates()

    asked = client.query(ask)
    answer, dates = await (client.metrics.question(asked) if client.metrics else asked)
    id_ = new_id()
    shown = show_answer(answer, asking, id_, dates)
    nearest = tuple(article.id for article in answer.nearest)
    exchange = Exchange(id_, asking, datetime.now(UTC), tuple(map(place_of, shown.quotes)), nearest)
    try:
        await offload(lambda: client.exchanges.keep(exchange))
    except StoreUnavailable as error:
        # The answer does not depend on it, but buttons do.
        _log.warning("an answer goes out without buttons: %s", error)
        shown = show_answer(answer, asking, None, dates)
    return Answered(shown.card, exchange)


async def respond(interaction: discord.Interaction[QuotewireClient], asking: Asking) -> None:
    """Answer in place of "thinking…". Raises what `answer` raises."""
    answered = await answer(interaction.client, asking)
    message = await complete(interaction, answered.card)
    if message:
        await delivered(interaction.client, answered.exchange, message.id)


async def delivered(client: QuotewireClient, exchange: Exchange, message_id: int) -> None:
    """Tie the message that shows the answer to its exchange, so that replies to it find that. Never raises."""
    try:
        await offload(lambda: client.exchanges.sent(exchange.id, message_id))
    except StoreUnavailable as error:
        # The answer stands; it would only be confusing to follow it with an error.
        _log.warning("replies to message %d will not be understood: %s", message_id, error)

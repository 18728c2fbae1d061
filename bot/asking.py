"""A question on its way to a card with buttons, and the exchange that these come back to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.card import Card
from bot.exchanges import Asking, Exchange, new_id, place_of
from bot.offload import offload
from bot.render import answer_card
from retrieval.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.client import QuotewireClient

__all__ = ["Answered", "Asking", "answer", "delivered"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """What to send, and the exchange that it belongs to: once it is sent, `delivered` ties the two."""

    card: Card
    exchange: Exchange


async def answer(client: QuotewireClient, asking: Asking) -> Answered:
    """Ask the newsroom, keep the exchange, and show what was said. Raises what `Newsroom.ask` raises."""
    quotes = client.guild_settings.of(asking.guild).quotes
    answer = await client.query(
        lambda room: room.ask(asking.put, since=asking.since, as_of=asking.until, source=asking.source, limit=quotes)
    )
    exchange = Exchange(
        new_id(),
        asking,
        datetime.now(UTC),
        tuple(place_of(quote) for quote in answer.quotes),
        tuple(article.id for article in answer.nearest),
    )
    await offload(lambda: client.exchanges.keep(exchange))
    return Answered(answer_card(answer), exchange)


async def delivered(client: QuotewireClient, exchange: Exchange, message_id: int) -> None:
    """Tie the message that shows the answer to its exchange, so that replies to it find that. Never raises."""
    try:
        await offload(lambda: client.exchanges.sent(exchange.id, message_id))
    except StoreUnavailable as error:
        # The answer stands; it would only be confusing to follow it with an error.
        _log.warning("replies to message %d will not be understood: %s", message_id, error)

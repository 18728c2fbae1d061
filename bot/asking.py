"""A question on its way to a card: who puts it where, and what is shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.card import Card
from bot.render import answer_card
from retrieval.article import Day

if TYPE_CHECKING:
    from bot.client import QuotewireClient


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with what it may see (days and outlet as `Newsroom.ask` takes them), and who put it where (ids)."""

    question: str
    member: int
    channel: int | None = None
    guild: int | None = None
    since: Day | None = None
    until: Day | None = None
    source: str | None = None


async def answer(client: QuotewireClient, asking: Asking) -> Card:
    """Ask the newsroom, and show what it says. Raises what `Newsroom.ask` raises."""
    quotes = client.guild_settings.of(asking.guild).quotes
    answer = await client.query(
        lambda room: room.ask(
            asking.question, since=asking.since, as_of=asking.until, source=asking.source, limit=quotes
        )
    )
    return answer_card(answer)

"""The buttons of an answer at work, also after a restart: each is found by its custom id, which names the exchange."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.cards.buttons import TEMPLATE, press_id, turn_rows
from bot.cards.card import Card
from bot.cards.excerpts import article_card, excerpt_card, excerpt_of, gone_card, more_pages, not_shown
from bot.cards.notes import note_card
from bot.cards.paging import page_rows
from bot.commands.follow_up import FollowUp, known
from bot.commands.paging import turn
from bot.connection.errors import reply_to_interaction
from bot.connection.offload import offload
from bot.connection.serving import Serving, attend, serving_of
from bot.memory.exchanges import Exchange, ExchangeForgotten
from bot.wording.language import _
from retrieval.edition import Edition
from retrieval.errors import UnknownArticle
from retrieval.index.versions import Version

MORE_QUOTES = 15
"""Further quotes that are looked for."""
HITS = 10
"""Passages looked through for those of the nearest headlines: as many as the abstention was based on."""
NOBODY = 0
"""Who owns the message of an answer, so that whoever presses is shown a message of their own."""


class Press(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TEMPLATE):
    """A button under an answer, or under what another one has shown."""

    def __init__(self, button: ui.Button[ui.LayoutView], action: str, exchange: int, number: int) -> None:
        super().__init__(button)
        self._action, self._exchange, self._number = action, exchange, number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Press:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["action"], int(match["exchange"]), int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for, and show it to the member who pressed it and to nobody else."""
        if self._action == "follow":
            await self._ask_what(interaction)
            return
        serving = serving_of(interaction)

        async def card() -> Card:
            exchange = await known(interaction, self._exchange)
            return await _SHOWN[self._action](serving, exchange, self._number, interaction.user.id)

        # What shows a page in place of another one stands under a message that only its member sees.
        owner = interaction.user.id if self._action in ("page", "turn") else NOBODY
        await turn(interaction, owner, card)

    async def _ask_what(self, interaction: discord.Interaction) -> None:
        attend(interaction)
        try:
            exchange = await known(interaction, self._exchange)
            await interaction.response.send_modal(FollowUp(exchange.id))
        except Exception as error:
            await reply_to_interaction(interaction, error)


async def _more(serving: Serving, exchange: Exchange, page: int, _member: int) -> Card:
    """A page of the quotes that would have come next, as the index has them now."""
    asking, scope, shown = exchange.asking, exchange.asking.scope, exchange.quotes
    limit = len(shown) + MORE_QUOTES
    quotes = await serving.desk.at(asking.guild).query(
        lambda edition: edition.quotes(
            asking.put,
            since=scope.since,
            as_of=scope.until,
            source=scope.source,
            language=scope.language,
            limit=limit,
            preferred=serving.guild_settings.of(asking.guild).language,
        )
    )
    pages = more_pages(asking.put, not_shown(quotes, shown)[:MORE_QUOTES], len(shown) + 1)
    if not pages:
        return note_card(_("I have no more quotes on this."))
    page = min(page, len(pages) - 1)
    turning = page_rows(lambda number: press_id("page", exchange.id, number), page, more=page + 1 < len(pages))
    return replace(pages[page], rows=(*pages[page].rows, *turning))


async def _passage(serving: Serving, exchange: Exchange, number: int, _member: int) -> Card:
    """The passage around a quote, with the numbers of the others."""
    if number >= len(exchange.quotes):
        raise ExchangeForgotten
    place, rows = exchange.quotes[number], turn_rows(exchange.id, number, len(exchange.quotes))
    versions = await serving.desk.at(exchange.asking.guild).query(lambda edition: _versions(edition, place.article))
    excerpt = excerpt_of(place, versions, as_it_stood=exchange.asking.scope.until is not None)
    if excerpt is None:
        return gone_card(rows, next((version.article for version in versions if version.live), None))
    return excerpt_card(excerpt, number + 1, rows)


async def _nearest(serving: Serving, exchange: Exchange, number: int, _member: int) -> Card:
    """One of the articles whose headlines came nearest, and the passage of it that does."""
    if number >= len(exchange.nearest):
        raise ExchangeForgotten
    asking, scope, id_ = exchange.asking, exchange.asking.scope, exchange.nearest[number]

    def look(edition: Edition) -> Card:
        hits = edition.search(
            asking.put,
            since=scope.since,
            as_of=scope.until,
            source=scope.source,
            language=scope.language,
            limit=HITS,
            preferred=serving.guild_settings.of(asking.guild).language,
        )
        if passage := next((hit.passage for hit in hits if hit.passage.article.id == id_), None):
            return article_card(passage.article, passage)
        live = next((version.article for version in _versions(edition, id_) if version.live), None)
        return article_card(live, None) if live else gone_card()

    return await serving.desk.at(asking.guild).query(look)


def _versions(edition: Edition, id_: str) -> Sequence[Version]:
    try:
        return edition.history(id_)
    except UnknownArticle:
        return ()


async def _up(serving: Serving, exchange: Exchange, _number: int, member: int) -> Card:
    return await _vote(serving, exchange, member, helpful=True)


async def _down(serving: Serving, exchange: Exchange, _number: int, member: int) -> Card:
    return await _vote(serving, exchange, member, helpful=False)


async def _vote(serving: Serving, exchange: Exchange, member: int, *, helpful: bool) -> Card:
    if not await offload(lambda: serving.exchanges.vote(exchange.id, member, helpful=helpful)):
        raise ExchangeForgotten
    if helpful:
        return note_card(_("Thank you! I noted that this answer helped you."))
    return note_card(_("Thank you! I noted that this answer did not help you."))


_SHOWN: dict[str, Callable[[Serving, Exchange, int, int], Awaitable[Card]]] = {
    "more": _more,
    "page": _more,
    "passage": _passage,
    "turn": _passage,
    "nearest": _nearest,
    "up": _up,
    "down": _down,
}
"""For each action what it shows, by the exchange, the button's number and the id of the member."""

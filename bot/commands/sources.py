"""What the bot can quote from: the `/sources` command, and the buttons that turn its pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands, ui

from bot.cards.card import Card
from bot.cards.chart import coverage_picture
from bot.cards.coverage import TURN, coverage_card
from bot.commands.paging import turn
from bot.connection.newsdesk import Desk
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import desk_of


@app_commands.command(description="What I can quote from: outlets, how many articles, and how new they are")
async def sources(interaction: discord.Interaction) -> None:
    """Show what the index holds, by outlet and age."""
    await defer(interaction)
    await complete(interaction, await _page(desk_of(interaction), 0, interaction.user.id))


class SourcesPage(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TURN):
    """Turns to a page of `/sources`."""

    def __init__(self, button: ui.Button[ui.LayoutView], page: int, member: int) -> None:
        super().__init__(button)
        self._page, self._member = page, member

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> SourcesPage:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, int(match["page"]), int(match["member"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        await turn(interaction, self._member, lambda: _page(desk_of(interaction), self._page, interaction.user.id))


async def _page(desk: Desk, page: int, member: int) -> Card:
    held = await desk.query(lambda edition: edition.coverage())
    card = coverage_card(held, page, member)
    # Drawn outside of the question's turn, so that nobody else's answer waits for a picture.
    return card if page else replace(card, picture=await offload(lambda: coverage_picture(held)))

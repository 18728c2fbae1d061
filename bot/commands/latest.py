"""The latest news: the `/latest` command, and the buttons that turn its pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands, ui

from bot.cards.card import Card
from bot.cards.lengths import QUESTION_LENGTH
from bot.cards.paging import page_rows
from bot.cards.stories import briefing_card
from bot.commands.narrowing import choose_since, choose_source, narrowed
from bot.commands.paging import turn
from bot.connection.choices import MAX_LENGTH
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import Serving, serving_of
from bot.memory.listings import Listing
from bot.wording.days import LONGEST as DAY_LENGTH
from bot.wording.language import _
from retrieval.errors import QuotewireError

STORIES = 5
"""Stories on a page."""
LAST_PAGE = 999


class Forgotten(QuotewireError):
    """What a page belongs to is not known any more."""


@app_commands.command(description="The latest stories, with the publishers' key points")
@app_commands.describe(
    topic="Only stories about this",
    since="Only stories from this day on: yesterday, 3 days ago, 2026-11-20",
    source="Only stories of this outlet",
)
@app_commands.autocomplete(since=choose_since, source=choose_source)
async def latest(
    interaction: discord.Interaction,
    topic: app_commands.Range[str, 1, QUESTION_LENGTH] | None = None,
    since: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
    source: app_commands.Range[str, 1, MAX_LENGTH] | None = None,
) -> None:
    """Show the latest stories, newest first."""
    await defer(interaction)
    within = await narrowed(interaction, since, None, source)
    wanted = Listing(topic, within.since, within.source)
    await complete(interaction, await _page(serving_of(interaction), wanted, 0, interaction.user.id))


class LatestPage(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"latest:(?P<wanted>[0-9a-f]{16}):(?P<page>[0-9]{1,3}):(?P<member>[0-9]{1,20})",
):
    """Turns to a page of `/latest`."""

    def __init__(self, button: ui.Button[ui.LayoutView], wanted: str, page: int, member: int) -> None:
        super().__init__(button)
        self._wanted, self._page, self._member = wanted, page, member

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> LatestPage:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["wanted"], int(match["page"]), int(match["member"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        serving = serving_of(interaction)

        async def page() -> Card:
            wanted = await offload(lambda: serving.listings.get(self._wanted))
            if wanted is None:
                raise Forgotten(_("This list is too old to turn its pages; use /latest again."))
            return await _page(serving, wanted, self._page, interaction.user.id)

        await turn(interaction, self._member, page)


async def _page(serving: Serving, wanted: Listing, page: int, member: int) -> Card:
    """A page for a member, who can turn it; the first one when there are not so many (any more)."""
    briefing = await serving.desk.query(
        lambda room: room.latest(
            wanted.topic, since=wanted.since, source=wanted.source, limit=STORIES + 1, skip=page * STORIES
        )
    )
    if page and not briefing.stories:
        return await _page(serving, wanted, 0, member)
    more = len(briefing.stories) > STORIES and page < LAST_PAGE
    id_ = await offload(lambda: serving.listings.keep(wanted)) if more or page else ""
    rows = page_rows(lambda number: f"latest:{id_}:{number}:{member}", page, more=more)
    shown = replace(briefing, stories=briefing.stories[:STORIES])
    return replace(briefing_card(shown, wanted.source, wanted.since, page), rows=rows)

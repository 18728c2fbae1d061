"""One story, step by step: the `/story` command, and the buttons that open stories and turn their pages."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.app_commands import Choice

from bot.cards.card import Card
from bot.cards.chart import story_picture
from bot.cards.story_buttons import TURN
from bot.cards.timeline import timeline_card
from bot.cards.withdrawals import REFERENCE_LENGTH
from bot.commands.narrowing import choose_until, narrowed
from bot.commands.paging import turn
from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import choices_of, desk_of
from bot.wording.days import LONGEST as DAY_LENGTH
from retrieval.answer import Story, Timeline
from retrieval.article import Day
from retrieval.edition import Edition
from retrieval.errors import UnknownArticle, UnknownStory


async def choose_story(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """The latest stories, or those with a report whose headline or outlet holds what is typed."""
    found = await desk_of(interaction).look(lambda edition: _offered(edition, typed))
    choices = choices_of(interaction)
    return [choices.offer(_name(story), str(story.id)) for story in found]


@app_commands.command(description="One story step by step: who reported what, and when")
@app_commands.describe(
    story="Which one; the address of one of its articles will do, too",
    until="The story as it was known at the end of this day",
)
@app_commands.autocomplete(story=choose_story, until=choose_until)
async def story(
    interaction: discord.Interaction,
    story: app_commands.Range[str, 1, REFERENCE_LENGTH],
    until: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
) -> None:
    """Show the time line of a story."""
    await defer(interaction)
    as_of = (await narrowed(interaction, None, until, None)).until
    wanted = choices_of(interaction).chosen(story)
    timeline = await desk_of(interaction).query(lambda edition: edition.story(number_of(edition, wanted), as_of=as_of))
    await complete(interaction, await _card(timeline, 0, interaction.user.id, as_of))


class StoryPage(ui.DynamicItem[ui.Button[ui.LayoutView]], template=TURN):
    """Opens a story from a list, or turns to a page of one that was opened."""

    def __init__(self, button: ui.Button[ui.LayoutView], number: int, page: int, day: date | None, owner: int) -> None:
        super().__init__(button)
        self._number, self._page, self._day, self._owner = number, page, day, owner

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> StoryPage:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        day = None if match["day"] == "-" else datetime.strptime(match["day"], "%Y%m%d").date()
        return cls(item, int(match["number"]), int(match["page"]), day, int(match["member"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page: in place of the one before, or below the list to nobody but who pressed."""

        async def page() -> Card:
            timeline = await desk_of(interaction).query(lambda edition: edition.story(self._number, as_of=self._day))
            return await _card(timeline, self._page, interaction.user.id, self._day)

        await turn(interaction, self._owner, page)


async def _card(timeline: Timeline, page: int, member: int, as_of: Day | None) -> Card:
    # Drawn outside of the question's turn, so that nobody else's answer waits for a picture.
    picture = None if page else await offload(lambda: story_picture(timeline.story))
    return timeline_card(timeline, page, member, as_of, picture)


def number_of(edition: Edition, wanted: str) -> int:
    """The number of the story that is wanted: by that, by the id or address of one of its articles, or by words of a
    headline. Raises `UnknownStory`.
    """
    if wanted.isdecimal() and len(wanted) < 19:
        return int(wanted)
    try:
        ids = [edition.history(wanted)[-1].article.id]
    except UnknownArticle:
        ids = [article.id for article in edition.headlines(wanted, 1)]
    stories = edition.arrivals.stories(ids)
    if not stories:
        raise UnknownStory("I know of no such story; /latest lists the latest ones.")
    return stories[0].id


def _offered(edition: Edition, typed: str) -> tuple[Story, ...]:
    if not typed.strip():
        return edition.latest(limit=MAX_CHOICES).stories
    return edition.arrivals.stories([article.id for article in edition.headlines(typed, MAX_CHOICES)])


def _name(story: Story) -> str:
    """The headline, as it is; of a story that many report, not one outlet."""
    return " · ".join(filter(None, [story.lead.title, story.lead.source if len(story.outlets) == 1 else ""]))

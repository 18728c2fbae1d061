"""The latest news: the `/latest` command, and the buttons that turn its pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands, ui

from bot.cards.card import Card
from bot.cards.lengths import QUESTION_LENGTH
from bot.cards.paging import page_rows
from bot.cards.stories import STORIES, briefing_card
from bot.commands.narrowing import choose_language, choose_since, choose_source, choose_until, narrowed
from bot.commands.paging import turn
from bot.connection.choices import MAX_LENGTH
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import Serving, desk_of, serving_of
from bot.memory.listings import Listing
from bot.wording.days import LONGEST as DAY_LENGTH
from bot.wording.language import _
from retrieval.errors import QuotewireError, StoreUnavailable

_log = logging.getLogger(__name__)

LAST_PAGE = 999


class Forgotten(QuotewireError):
    """What a page belongs to is not known any more."""


@app_commands.command(description="The latest stories, in quotes of those who report them")
@app_commands.describe(
    topic="Only stories about this",
    since="Only stories from this day on: yesterday, 3 days ago, 2026-11-20",
    until="The stories as they were known at the end of this day",
    source="Only stories of this outlet",
    language="Only stories in this language",
)
@app_commands.autocomplete(since=choose_since, until=choose_until, source=choose_source, language=choose_language)
async def latest(
    interaction: discord.Interaction,
    topic: app_commands.Range[str, 1, QUESTION_LENGTH] | None = None,
    since: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
    until: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
    source: app_commands.Range[str, 1, MAX_LENGTH] | None = None,
    language: app_commands.Range[str, 1, MAX_LENGTH] | None = None,
) -> None:
    """Show the latest stories, newest first."""
    await defer(interaction)
    serving, within = serving_of(interaction), await narrowed(interaction, since, until, source, language)
    wanted = Listing(
        topic=topic, since=within.since, source=within.source, until=within.until, language=within.language
    )
    place, member = interaction.guild_id, interaction.user.id
    known = await offload(lambda: _known(serving, place, member, wanted))
    card, generation = await _page(interaction, wanted, 0, known)
    await complete(interaction, card)
    await offload(lambda: _seen(serving, place, member, wanted, generation))


class LatestPage(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"latest:(?P<wanted>[0-9a-f]{16}):(?P<page>[0-9]{1,3}):(?P<member>[0-9]{1,20})(:(?P<known>[0-9]{1,19}))?",
):
    """Turns to a page of `/latest`; what came after the generation `known` is new on it."""

    def __init__(
        self, button: ui.Button[ui.LayoutView], wanted: str, page: int, member: int, known: int | None
    ) -> None:
        super().__init__(button)
        self._wanted, self._page, self._member, self._known = wanted, page, member, known

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> LatestPage:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        known = int(match["known"]) if match["known"] else None
        return cls(item, match["wanted"], int(match["page"]), int(match["member"]), known)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        serving, member = serving_of(interaction), interaction.user.id

        async def page() -> Card:
            wanted = await offload(lambda: serving.listings.get(self._wanted, interaction.guild_id))
            if wanted is None:
                raise Forgotten(_("This list is too old to turn its pages; use /latest again."))
            # What the one who asked has seen is none of another member's news.
            known = self._known if member == self._member else None
            return (await _page(interaction, wanted, self._page, known, self._wanted))[0]

        await turn(interaction, self._member, page)


async def _page(
    interaction: discord.Interaction, wanted: Listing, page: int, known: int | None, kept: str | None = None
) -> tuple[Card, int]:
    """A page, which who asks can turn, and its generation; the first where there are not so many (any more).

    `kept` is the id of what is `wanted`, if it is kept already. What cannot be kept has no pages to turn.
    """
    serving, member = serving_of(interaction), interaction.user.id
    briefing = await desk_of(interaction).query(
        lambda edition: edition.latest(
            wanted.topic,
            as_of=wanted.until,
            since=wanted.since,
            source=wanted.source,
            language=wanted.language,
            limit=STORIES + 1,
            skip=page * STORIES,
            known=known,
        )
    )
    if page and not briefing.stories:
        return await _page(interaction, wanted, 0, known, kept)
    more = len(briefing.stories) > STORIES and page < LAST_PAGE
    if kept is None and more:
        kept = await offload(lambda: _kept(serving, interaction.guild_id, wanted))
    seen = "" if known is None else f":{known}"
    turning = kept is not None
    rows = page_rows(lambda number: f"latest:{kept}:{number}:{member}{seen}", page, more=more) if turning else ()
    shown = replace(briefing, stories=briefing.stories[:STORIES])
    return briefing_card(shown, wanted.scope, page, rows), briefing.generation


def _kept(serving: Serving, place: int | None, wanted: Listing) -> str | None:
    with _unneeded("pages of the latest stories cannot be turned"):
        return serving.listings.keep(wanted, place)
    return None


def _known(serving: Serving, place: int | None, member: int, wanted: Listing) -> int | None:
    """Up to which generation a member has looked; None where that is not known, or what they ask for is of the past."""
    with _unneeded():
        return None if wanted.until else serving.looks.last(place, member, wanted)
    return None


def _seen(serving: Serving, place: int | None, member: int, wanted: Listing, generation: int) -> None:
    with _unneeded():
        if not wanted.until:
            serving.looks.keep(place, member, wanted, generation)


@contextmanager
def _unneeded(what: str = "what is new since a member's last look is not told") -> Iterator[None]:
    """The stories can be shown all the same."""
    try:
        yield
    except StoreUnavailable as error:
        _log.warning("%s: %s", what, error)

"""`/sources`: what can be quoted from, its pages and its chart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import simcord
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord import ChannelHandle, MemberActor

from bot.cards.card import DOT, fits, length
from bot.cards.chart import ALT_LENGTH, coverage_picture
from bot.cards.coverage import OUTLETS, coverage_card
from retrieval.index.coverage import Coverage, OutletCoverage
from retrieval.newsroom import Newsroom
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import last, text, texts

DAY = date(2026, 11, 24)
NAMES = ["Star", r"_hidden_ $\x$", "日本経済新聞", "**@everyone** <@1>\n# Post", "x" * 300, None, *"abcdefghijkl"]


def held(names: list[str | None] = NAMES, days: int = 4) -> Coverage:
    outlets = tuple(OutletCoverage(name, 2_000 - rank, DAY if rank % 3 else None) for rank, name in enumerate(names))
    by_day = tuple(
        (DAY - timedelta(days - 1 - at), {name: at + rank for rank, name in enumerate(names)}) for at in range(days)
    )
    return Coverage(12_345, 1, 20, 300, 4_000, 7, date(2020, 1, 1), DAY, outlets, by_day)


class Room(StandIn):
    """A newsroom that covers what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.held = held()

    def coverage(self) -> Coverage:
        return self.held


@pytest.fixture
def room() -> Room:
    return Room()


def attached(message: Any) -> list[str]:
    return [attachment.filename for attachment in message.attachments]


async def test_sources_show_counts_outlets_and_a_chart(alice: MemberActor, channel: ChannelHandle) -> None:
    result = await alice.slash(channel, "sources")
    heading, counts, ages, outlets = texts(result.response)
    assert heading == "## What I can quote from"
    assert counts == f"**12,345** articles{DOT}**17** outlets{DOT}from 1 January 2020 to 24 November 2026"
    assert ages.replace("\u00a0", " ") == "-# " + (
        f"the last day **1**{DOT}the last 7 days **20**{DOT}the last 30 days **300**{DOT}older **4,000**"
        f"{DOT}undated **7**"
    ).replace("\u00a0", " ")
    lines = outlets.split("\n")
    assert lines[0] == f"1\\. **Star**{DOT}2,000\u00a0articles{DOT}undated"
    newest = "newest\u00a024\u00a0November\u00a02026"
    assert lines[1] == f"2\\. **\\_hidden\\_ $\\\\x$**{DOT}1,999\u00a0articles{DOT}{newest}"
    assert lines[3].startswith("4\\. **\\*\\*\\@everyone\\*\\* \\<@1> # Post**")
    assert lines[5].startswith("6\\. **no outlet named**")
    assert len(lines) == OUTLETS
    assert result.response is not None
    assert attached(result.response) == ["coverage.png"]
    assert "@everyone" not in text(result.response).replace("\\@everyone", "")


async def test_the_outlets_come_in_pages(env: simcord.Env, alice: MemberActor, channel: ChannelHandle) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    await alice.slash(channel, "sources")
    other = await bob.click(last(channel), custom_id=f"sources:1:{alice.id}")
    assert other.ephemeral
    assert "11\\. **" in text(other.response)
    await alice.click(last(channel), custom_id=f"sources:1:{alice.id}")
    message = last(channel)
    assert texts(message)[1].split("\n")[0].startswith("11\\. **")
    assert attached(message) == []
    await alice.click(message, custom_id=f"sources:0:{alice.id}")
    assert attached(last(channel)) == ["coverage.png"]
    assert len(channel.history()) == 1


async def test_sources_of_nothing_say_so(env: simcord.Env, room: Room) -> None:
    room.held = Coverage(0, 0, 0, 0, 0, 0, None, None, (), ())
    result = await env.create_user("alice").slash("sources")
    assert text(result.response) == "I have no articles yet."


async def test_sources_of_a_real_newsroom(env: simcord.Env, room: Room, seed_room: Newsroom) -> None:
    room.held = seed_room.coverage()
    result = await env.create_user("alice").slash("sources")
    assert "**1** article" in text(result.response)
    assert "undated\u00a0**1**" in text(result.response)
    assert result.response is not None
    assert attached(result.response) == []


@settings(max_examples=6)
@given(st.lists(st.one_of(st.none(), st.text(max_size=80)), min_size=1, max_size=30, unique=True))
def test_whatever_outlets_are_called_they_are_shown(names: list[str | None]) -> None:
    coverage = held(names, days=2)
    picture = coverage_picture(coverage)
    assert picture is not None
    assert length(picture.alt) <= ALT_LENGTH
    for page in range(4):
        assert fits(coverage_card(coverage, page, 2**64))


def test_the_largest_page_fits() -> None:
    names: list[str | None] = [chr(0x1F600) * 60 + str(number) for number in range(99)]
    card = coverage_card(held(names), 1, 2**64)
    assert fits(card)
    assert all(len(button.custom_id or "") <= 100 for row in card.rows for button in row)

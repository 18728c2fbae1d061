"""The pages of `/latest`, on a newsroom of invented stories."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord import ChannelHandle, MemberActor
from simcord.components import walk_components

from bot.connection.client import QuotewireClient
from bot.memory.database import Database
from bot.memory.listings import KEEP_SECONDS, Listing, Listings
from retrieval.answer import Briefing, Story
from retrieval.article import Article
from retrieval.errors import InvalidQuestion
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import last, make_client, text


class Room(StandIn):
    """A newsroom with twelve stories, which notes what is wanted of it."""

    def __init__(self) -> None:
        super().__init__()
        self.stories = [Story((Article(str(at), f"Story {at}", "Body.", None, None),), ()) for at in range(12)]
        self.wanted: list[dict[str, Any]] = []

    def latest(self, topic: str | None = None, **filters: Any) -> Briefing:
        self.wanted.append({"topic": topic, **filters})
        if filters["source"] == "nobody":
            raise InvalidQuestion("No articles of an outlet 'nobody' are indexed.")
        shown = self.stories[filters["skip"] :][: filters["limit"]]
        return Briefing(topic, tuple(shown), 1, 0.01)


@pytest.fixture
def room() -> Room:
    return Room()


def shown(message: object) -> list[int]:
    return [int(line.strip("*").split()[1]) for line in text(message).split("\n") if line.startswith("**Story")]


def buttons(message: Any) -> dict[str, tuple[str, bool]]:
    """The custom ids of ◀ and ▶, and whether they can be pressed."""
    roots = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    found = [part for part in walk_components(roots) if part["type"] == 2]
    return {part["emoji"]["name"][0]: (part["custom_id"], not part.get("disabled")) for part in found}


async def test_the_pages_are_turned_in_place_by_who_asked(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, tmp_path: Path
) -> None:
    await alice.slash(channel, "latest", topic="ferries *and* @everyone", since="2025-11-01", source="Star")
    message = last(channel)
    assert shown(message) == [0, 1, 2, 3, 4]
    assert "-# from Star\u00a0· since 1 November 2025" in text(message)
    assert not buttons(message)["◀"][1]
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    message = last(channel)
    assert shown(message) == [5, 6, 7, 8, 9]
    assert "page 2" in text(message)
    # also after a restart
    await env.restart_bot(make_client(room.room, tmp_path))
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    message = last(channel)
    assert shown(message) == [10, 11]
    assert not buttons(message)["▶"][1]
    wanted = {"topic": "ferries *and* @everyone", "since": date(2025, 11, 1), "source": "Star", "limit": 6}
    assert room.wanted == [{**wanted, "skip": skip} for skip in (0, 5, 10)]
    await alice.click(message, custom_id=buttons(message)["◀"][0])
    assert shown(last(channel)) == [5, 6, 7, 8, 9]
    assert len(channel.history()) == 1


async def test_another_member_turns_a_page_of_their_own(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    await alice.slash(channel, "latest")
    message = last(channel)
    result = await bob.click(message, custom_id=buttons(message)["▶"][0])
    assert result.ephemeral
    assert result.response is not None
    assert shown(result.response) == [5, 6, 7, 8, 9]
    assert shown(last(channel)) == [0, 1, 2, 3, 4]
    assert str(bob.id) in buttons(result.response)["▶"][0]
    await bob.click(result.response, custom_id=buttons(result.response)["▶"][0])
    assert len(channel.history()) == 1


async def test_few_stories_have_no_buttons_and_lost_pages_begin_anew(
    alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    await alice.slash(channel, "latest")
    message = last(channel)
    room.stories = room.stories[:3]
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    assert shown(last(channel)) == [0, 1, 2]
    assert buttons(last(channel)) == {}


async def test_what_is_not_known_is_said_to_the_member_and_the_page_stays(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    await alice.slash(channel, "latest")
    message = last(channel)
    assert isinstance(env.bot, QuotewireClient)
    with env.bot.serving.listings._database.transaction() as connection:
        connection.execute("DELETE FROM listing")
    result = await alice.click(message, custom_id=buttons(message)["▶"][0])
    assert text(result.followups[0]) == "This list is too old to turn its pages; use /latest again."
    assert result.followups[0].ephemeral
    assert shown(last(channel)) == [0, 1, 2, 3, 4]
    refused = await alice.slash(channel, "latest", source="nobody")
    assert "No articles of an outlet 'nobody' are indexed." in text(refused.followups[0])
    assert len(env.errors) == 1


async def test_pages_turn_in_direct_messages(env: simcord.Env) -> None:
    alice = env.create_user("alice")
    await alice.slash("latest")
    message = last(alice.dm_channel)
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    assert shown(last(alice.dm_channel)) == [5, 6, 7, 8, 9]


def test_what_was_asked_for_is_kept_for_a_while(tmp_path: Path) -> None:
    now = [1e9]
    database = Database(tmp_path)
    kept = Listings(database, lambda: now[0])
    wanted = Listing("ferries", date(2025, 11, 1), "Star")
    id_ = kept.keep(wanted)
    assert id_ == kept.keep(wanted) != kept.keep(Listing())
    assert len(id_) == 16
    now[0] += KEEP_SECONDS - 1
    assert kept.get(id_) == wanted
    now[0] += 2
    kept.keep(Listing("other"))
    assert kept.get(id_) == wanted  # it was turned since
    now[0] += KEEP_SECONDS + 1
    kept.keep(Listing("other"))
    assert kept.get(id_) is None
    database.close()

"""The pages of `/latest`, on a newsroom of invented stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord import ChannelHandle, MemberActor
from simcord.components import walk_components

from bot.cards.card import DOT
from bot.connection.client import QuotewireClient
from bot.memory import looks
from bot.memory.database import Database
from bot.memory.listings import KEEP_SECONDS, Listing, Listings
from bot.memory.looks import KEEP_SECONDS as LOOKS_KEPT
from bot.memory.looks import Looks
from retrieval.answer import Briefing, Story
from retrieval.article import Article
from retrieval.errors import DatabaseUnavailable, InvalidQuestion
from tests.support.discord.stand_in import StandIn
from tests.support.discord.world import last, make_client, text


class Room(StandIn):
    """A newsroom with twelve stories, which notes what is wanted of it."""

    def __init__(self) -> None:
        super().__init__()
        self.stories = [Story((Article(str(at), f"Story {at}", "Body.", None, None),), id=at + 1) for at in range(12)]
        self.wanted: list[dict[str, Any]] = []
        self.generation = 1

    def latest(self, topic: str | None = None, **filters: Any) -> Briefing:
        self.wanted.append({"topic": topic, **filters})
        if filters["source"] == "nobody":
            raise InvalidQuestion("No articles of an outlet 'nobody' are indexed.")
        shown = self.stories[filters["skip"] :][: filters["limit"]]
        if filters["known"] is not None:
            shown = [replace(each, new=frozenset({each.lead.id})) for each in shown]
        return Briefing(topic, tuple(shown), self.generation, 0.01)


@pytest.fixture
def room() -> Room:
    return Room()


def shown(message: object) -> list[int]:
    return [int(number) for number in re.findall(r"^\d+\\\. \*\*Story (\d+)\*\*$", text(message), re.MULTILINE)]


def buttons(message: Any) -> dict[str, tuple[str, bool]]:
    """The custom ids of ◀ and ▶, and whether they can be pressed."""
    roots = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    found = [part for part in walk_components(roots) if part["type"] == 2]
    return {
        part["emoji"]["name"][0]: (part["custom_id"], not part.get("disabled")) for part in found if "emoji" in part
    }


async def test_while_a_shared_database_is_gone_stories_are_shown_and_known_pages_turned(
    alice: MemberActor, channel: ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alice.slash(channel, "latest")
    kept = last(channel)

    @contextmanager
    def gone(_: Database) -> Iterator[Any]:
        raise DatabaseUnavailable("It is gone.")
        yield

    monkeypatch.setattr(Database, "transaction", gone)
    await alice.click(kept, custom_id=buttons(kept)["▶"][0])
    assert shown(last(channel)) == [5, 6, 7, 8, 9]
    await alice.click(last(channel), custom_id=buttons(last(channel))["◀"][0])
    assert shown(last(channel)) == [0, 1, 2, 3, 4]
    other = await alice.slash(channel, "latest", topic="trains")
    assert shown(other.response) == [0, 1, 2, 3, 4]
    assert "▶" not in buttons(other.response), "what could not be kept could not be turned"


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
    unset = dict.fromkeys(("as_of", "language", "known"))
    assert room.wanted == [{**wanted, **unset, "skip": skip} for skip in (0, 5, 10)]
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


async def test_a_member_is_told_what_is_new_since_their_last_look_and_pages_do_not_count(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, tmp_path: Path
) -> None:
    bob = env.guild.add_member(env.create_user("bob"))
    elsewhere = env.create_guild()
    await alice.slash(channel, "latest")
    assert "new since" not in text(last(channel))
    room.generation = 7
    await alice.slash(channel, "latest")
    message = last(channel)
    assert text(message).count("new since you last looked") == 5
    await env.restart_bot(make_client(room.room, tmp_path))
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    assert text(last(channel)).count("new since you last looked") == 5
    other = await bob.click(last(channel), custom_id=buttons(last(channel))["▶"][0])
    assert "new since" not in text(other.response), "it was alice who looked"
    await alice.slash(channel, "latest", topic="ferries")
    await alice.slash(channel, "latest", topic="ferries", since="2025-11-01")
    await alice.slash(channel, "latest", until="2025-11-02")
    await bob.slash(channel, "latest")
    await elsewhere.add_member(alice.user).slash(elsewhere.create_text_channel("general"), "latest")
    await alice.slash(channel, "latest")
    asked = [(each["topic"], each["as_of"], each["known"]) for each in room.wanted if not each["skip"]]
    assert asked == [
        *((None, None, None), (None, None, 1), ("ferries", None, None), ("ferries", None, 7)),
        *((None, date(2025, 11, 2), None), (None, None, None), (None, None, None), (None, None, 7)),
    ]


async def test_the_stories_of_a_day_are_opened_as_of_that_day(alice: MemberActor, channel: ChannelHandle) -> None:
    await alice.slash(channel, "latest", until="2025-11-02")
    message = last(channel)
    assert "-# as of 2 November 2025" in text(message)
    found = [
        part["custom_id"]
        for part in walk_components([each.to_dict() for each in message.components])
        if part["type"] == 2 and "label" in part
    ]
    assert found == [f"story:{number}:0:20251102:0" for number in range(1, 6)]
    await alice.click(message, custom_id=buttons(message)["▶"][0])
    assert f"-# as of 2 November 2025{DOT}page 2" in text(last(channel))


async def test_stories_are_shown_where_nothing_can_be_remembered(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle
) -> None:
    assert isinstance(env.bot, QuotewireClient)
    with env.bot.serving.looks._database.transaction() as connection:
        connection.execute("DROP TABLE look")
    await alice.slash(channel, "latest")
    assert shown(last(channel)) == [0, 1, 2, 3, 4]


def test_looks_are_kept_for_a_while_and_not_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1e9]
    database = Database(tmp_path)
    kept = Looks(database, lambda: now[0])
    kept.keep(1, 5, Listing("ferries"), 3)
    kept.keep(1, 5, Listing("ferries", date(2025, 11, 1)), 4)
    assert kept.last(1, 5, Listing("ferries")) == 4
    assert [
        kept.last(*other) for other in ((2, 5, Listing("ferries")), (1, 6, Listing("ferries")), (1, 5, Listing()))
    ] == [None] * 3
    now[0] += LOOKS_KEPT + 1
    assert kept.last(1, 5, Listing("ferries")) is None
    monkeypatch.setattr(looks, "KEEP_MOST", 10)
    for member in range(20):
        now[0] += 1
        kept.keep(None, member, Listing(), 8)
    assert [kept.last(None, member, Listing()) for member in range(20)] == [None] * 10 + [8] * 10
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM look").fetchone() == (10,)
    database.close()


def test_what_was_asked_for_is_kept_for_a_while(tmp_path: Path) -> None:
    now = [1e9]
    database = Database(tmp_path)
    kept = Listings(database, lambda: now[0])
    wanted = Listing(topic="ferries", since=date(2025, 11, 1), source="Star", until=date(2025, 11, 3))
    id_ = kept.keep(wanted, 1)
    ids = {
        kept.keep(replace(wanted, until=until, language=code), 1)
        for until in (wanted.until, None)
        for code in (None, "de")
    }
    assert len(ids) == 4
    assert kept.get(kept.keep(in_german := replace(wanted, until=None, language="de"), 1), 1) == in_german
    assert id_ == kept.keep(wanted, 1) in ids
    assert len(id_) == 16
    assert kept.get(id_, None) is kept.get(id_, 2) is None
    assert kept.keep(wanted, None) != id_ != kept.keep(wanted, 2)
    now[0] += KEEP_SECONDS - 1
    assert kept.get(id_, 1) == wanted
    now[0] += 2
    kept.keep(Listing("other"), 1)
    assert kept.get(id_, 1) == wanted  # it was turned since
    now[0] += KEEP_SECONDS + 1
    kept.keep(Listing("other"), 1)
    assert kept.get(id_, 1) is None
    database.close()

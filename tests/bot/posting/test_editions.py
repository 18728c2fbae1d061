"""Digests and alerts tell what is new in the edition of their server, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from bot.cards.card import Card
from bot.memory.database import Database
from bot.memory.posts import Posts
from bot.memory.schedule import Schedule
from bot.memory.subscriptions import Subscription, SubscriptionRequest, Subscriptions
from bot.posting.posting import Posting
from retrieval.answering.matching import Arrived
from tests.support.headlines import MORNING, News

DAILY = Schedule("UTC", 8, 0)
SERVERS = (1, 2, 3)


@dataclass
class Own(News):
    """What one server reads: the generations are those of all."""

    whole: Newsrooms | None = None

    def generation(self) -> int:
        assert self.whole
        return self.whole.number

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        assert self.whole
        self.number = self.whole.number
        self.whole.looked.append((self, generation))
        return super().since(generation, topics)


@dataclass
class Newsrooms(News):
    """The host's newsroom, which reads nothing here, and the editions of `SERVERS`."""

    own: dict[str, Own] = field(default_factory=dict)
    looked: list[tuple[Own, int]] = field(default_factory=list)

    def edition(self, reader: str) -> Own:
        return self.own.setdefault(reader, Own(whole=self))

    def add_to(self, guild: int, *titles: str) -> None:
        self.number += 1
        edition = self.edition(str(guild))
        edition.number = self.number - 1
        edition.add(*titles)

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        raise AssertionError("this is the host's")


class Sent:
    """The channels of all servers, and what was sent into each."""

    def __init__(self) -> None:
        self.says: dict[int, list[str]] = {guild: [] for guild in SERVERS}

    async def open(self, subscription: Subscription) -> Sent._Channel:
        return Sent._Channel(self.says[subscription.guild])

    async def tell(self, guild: int, card: Callable[[], Card]) -> None:
        raise AssertionError("nothing is closed")

    class _Channel:
        def __init__(self, says: list[str]) -> None:
            self.says, self.last = says, 0

        async def holds(self, mark: int, after: int) -> bool:
            return False

        async def send(self, mark: int, card: Card) -> None:
            self.says.append("\n".join(card.texts))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


def test_each_server_is_told_its_own_news(database: Database) -> None:
    rooms, sent, now = Newsrooms(), Sent(), [MORNING]
    subscriptions = Subscriptions(database)
    for guild in SERVERS:
        for topic, schedule in (("ferries", None), ("trains", None), (None, DAILY)):
            wanted = SubscriptionRequest(guild, guild * 10, topic, "en-GB", schedule)
            subscriptions.add(wanted, rooms.number, now[0])
    posting = Posting(rooms.room, Posts(database), sent, lambda: now[0])
    rooms.add_to(1, "Fast ferries of one", "Frost of one")
    rooms.add_to(2, "New ferries of two")
    rooms.add_to(3, "Slow trains of three")
    asyncio.run(cast(Any, posting.turn()))
    assert len(rooms.looked) == 3, "one look for all alerts of a server that have seen as much"
    told = {guild: "\n".join(said) for guild, said in sent.says.items()}
    assert ["Fast ferries of one" in told[1], "New ferries of two" in told[2], "Slow trains of three" in told[3]] == [
        True
    ] * 3
    now[0] += 3600
    asyncio.run(cast(Any, posting.turn()))
    assert "Frost of one" in sent.says[1][-1]
    names = {1: "of one", 2: "of two", 3: "of three"}
    for guild, said in sent.says.items():
        for other, name in names.items():
            assert (name in "\n".join(said)) == (other == guild)
    rooms.looked.clear()
    asyncio.run(cast(Any, posting.turn()))
    assert rooms.looked == [], "nothing has come since"

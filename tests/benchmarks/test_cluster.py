"""Whether the benchmark of many processes sees what is lost, torn or doubled."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cluster import judging, work
from benchmarks.cluster.hosts import Host
from benchmarks.cluster.record import Record
from bot.memory.database import Database
from bot.memory.posts import POST_IDS
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.replicas.marks import OURS
from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord

FEED = "https://news.example/feed"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, bag_of_words: None, alone: None) -> Path:
    """A data folder in which the folder's articles and a feed are."""
    folder = tmp_path_factory.mktemp("judged")
    work.furnish(folder / "seeds")
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as room:
        room.reload()
        room.poll_feeds()
        Database(folder / "data").close()
    return folder / "data"


def found(data: Path, record: Record) -> list[str]:
    return judging.lost(record, "here", judging.on_disk(data))


def test_what_is_there_is_not_lost(data: Path) -> None:
    assert found(data, Record(articles={"Talks of day 1"})) == []


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (Record(articles={"Talks of day 1", "Never came"}), "1 articles: ['Never came']"),
        (Record(offered={"Never came"}), "1 articles of feeds"),
        (Record(feeds={FEED}), "1 feeds"),
        (Record(votes={(7, 8): True}), "1 votes"),
        (Record(alerts={(1, "ferries")}), "1 alerts"),
        (Record(digests={2}), "1 digests"),
        (Record(gauge=5), "not of level 5"),
    ],
)
def test_what_was_acknowledged_and_is_not_there_is_named(data: Path, record: Record, what: str) -> None:
    (said,) = found(data, record)
    assert what in said


def test_a_setting_is_one_of_those_that_were_set(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / "discord.sqlite3") as connection:
        connection.execute("""INSERT INTO guild VALUES (1, '{"quotes": 4}')""")
    record = Record()
    record.quotes[1] = {4, 5}
    assert found(tmp_path / "data", record) == []
    record.quotes[1] = {3}
    (said,) = found(tmp_path / "data", record)
    assert "server 1 has 4 quotes, not one of [3]" in said


class Stands:
    """A data folder in the place of PostgreSQL, where `late` rows were changed last, after `behind` other changes."""

    def __init__(self, data: Path) -> None:
        self._asked = judging.on_disk(data)
        self.late: list[tuple[str, str]] = []
        self.behind = 0

    def __call__(self, name: str, statement: str) -> list[tuple[Any, ...]]:
        if f"FROM {OURS}commit" in statement:
            return [(self.behind,)]
        return self.late if f"FROM {OURS}log WHERE seq > 7" in statement else self._asked(name, statement)


def test_rows_that_only_one_has_are_named(data: Path, tmp_path: Path) -> None:
    host = Host(0, tmp_path, LoopbackDiscord(), tmp_path, {})
    shutil.copytree(data, host.data)
    with sqlite3.connect(host.data / "articles.sqlite3") as connection:
        connection.execute(f"CREATE TABLE {OURS}state (seq INTEGER)")
        connection.execute(f"INSERT INTO {OURS}state VALUES (7)")
    database = Stands(data)
    tables = {"articles": ["article", "passage", "generation"]}
    assert judging.torn(host, tables, database) == []
    with sqlite3.connect(host.data / "articles.sqlite3") as connection:
        connection.execute("UPDATE passage SET start = start + 1 WHERE key = 1")
    (said,) = judging.torn(host, tables, database)
    assert "host 0: articles.passage: 1 rows that PostgreSQL has not, 1 that it has" in said
    database.late = [("passage", "[2]"), ("article", "[1]")]
    assert judging.torn(host, tables, database) == [said], "these are others"
    database.late = [("passage", "[1]")]
    assert judging.torn(host, tables, database) == [], "it ended before that was changed"
    database.behind = 3
    (said,) = judging.torn(host, tables, database)
    assert "host 0: articles: 3 changes of more than 10 s before its end" in said


def test_a_post_that_is_there_twice_is_named() -> None:
    discord = LoopbackDiscord()
    for mark in (POST_IDS + 1, POST_IDS + 2, POST_IDS + 2):
        message = Message(discord.world.channel, discord.world.bot)
        message.components = [{"type": 17, "id": mark}]
        discord.messages.add(message)
    assert judging.doubled(discord) == [f"Newsroom: post {POST_IDS + 2} 2 times"]

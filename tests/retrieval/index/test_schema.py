"""Stores that earlier versions wrote go on with everything in them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval.article import Article
from retrieval.errors import StoreUnavailable
from retrieval.index.schema import STEPS
from retrieval.index.store import Store
from retrieval.reading.arrival import Arrival
from tests.support.arrivals import FEED, FERRY, LIBRARY, VINEYARD, arrival, one_state, opened
from tests.support.stores import restored, schema, sound, versions

CORRECTED = FERRY.replace("212", "221")
SEED = {
    "id": "ferry",
    "url": "https://news.example/ferry",
    "title": "Ferry runs aground off Marlo",
    "text": CORRECTED,
    "source": "Marlo Gazette",
    "published": "2025-03-04",
}
ON_BOARD = "How many people were on board the ferry that ran aground off Marlo?"
FROST = "Frost in the Tessel valley"
EVERY_VERSION = pytest.mark.parametrize("version", versions("articles"))
SINCE_2 = pytest.mark.parametrize("version", versions("articles")[1:])


def left_by(version: int, path: Path) -> Path:
    """The data folder of that version, and the folder of articles that it read; returns the store in it."""
    restored(f"articles_{version}", path / "data" / "articles.sqlite3")
    (path / "seeds").mkdir()
    (path / "seeds" / "ferry.jsonl").write_text(json.dumps(SEED) + "\n")
    return path / "data" / "articles.sqlite3"


def test_there_is_a_store_of_each_version() -> None:
    assert versions("articles") == list(range(1, len(STEPS) + 1))


@EVERY_VERSION
def test_a_store_of_each_version_becomes_the_present_one(tmp_path: Path, version: int) -> None:
    Store(left_by(version, tmp_path)).close()
    Store(tmp_path / "new.sqlite3").close()
    with closing(sqlite3.connect(tmp_path / "data" / "articles.sqlite3")) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert sound(old)
        with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as new:
            assert schema(old) == schema(new)
            assert [row[1] for row in new.execute("PRAGMA table_info(article)")][-4:] == [
                "key_points",
                "sentences",
                "body",
                "layout",
            ], "the long columns last, or the others are read slowly"


@EVERY_VERSION
def test_a_store_of_each_version_answers_and_goes_on(tmp_path: Path, version: int) -> None:
    left_by(version, tmp_path)
    with opened(tmp_path, answer_from=0.0) as room:
        one_state(room)
        [quote] = room.ask(ON_BOARD).quotes
        assert "221 people" in quote.text
        assert [each.article.body for each in room.history("ferry")] == [FERRY, CORRECTED]
        before = [hit.passage for hit in room.search("ferry")]
        assert before
        generation = room.status().generation
        report = room.reload()
        assert (report.added, report.updated, report.removed, report.embedded) == (0, 0, 0, 0)
        assert report.generation == generation, "what the file says is known"
        copy = arrival("again", CORRECTED, host="wire.example", source="Second Wire", title="Copy")
        report = room.add([arrival("ferry", CORRECTED), copy])
        assert (report.added, report.unchanged, report.copies, report.embedded) == (1, 1, 1, 0)
        one_state(room)
        assert [hit.passage for hit in room.search("ferry")] == before


@EVERY_VERSION
def test_all_that_a_store_of_each_version_has_is_the_hosts_and_every_server_sees_it(
    tmp_path: Path, version: int
) -> None:
    left_by(version, tmp_path)
    with opened(tmp_path, answer_from=0.0) as room:
        server = room.edition("1")
        assert [(each.name, each.read) for each in server.collections()] == [("news", True)]
        assert server.headlines() == room.headlines() != ()
        assert (server.articles, server.outlets()) == (room.articles, room.outlets())
        assert replace(server.ask(ON_BOARD), seconds=0.0) == replace(room.ask(ON_BOARD), seconds=0.0)
        assert server.latest().stories == room.latest().stories
        before = server.headlines()
        room.edition("2").remove("ferry", "a test")
        assert server.headlines() == room.headlines() == before


@SINCE_2
def test_what_arrived_is_recognised_and_what_was_removed_stays_out(tmp_path: Path, version: int) -> None:
    left_by(version, tmp_path)
    with opened(tmp_path, answer_from=0.0) as room:
        url = "https://news.example/library"
        opening = Article(url, "Norhaven opens its library", LIBRARY, url, "Norhaven News", date(2025, 3, 2))
        report = room.add([Arrival(FEED, opening)])
        assert (report.added, report.generation) == (0, room.status().generation)
        assert [failure.reason for failure in report.failed] == [
            "was removed and stays out; `quotewire restore` brings it back"
        ]
        asked = "When will Norhaven open its new library?"
        assert all(quote.article.id != url for quote in room.ask(asked).quotes)
        texts = [each.article.body for each in room.history("https://news.example/vineyard")]
        assert texts == [VINEYARD, VINEYARD.replace("a third", "a quarter")]
        [quote] = room.ask(ON_BOARD).quotes
        assert [each.source for each in quote.also_carried_by] == ["Harbour Wire"]
        again = VINEYARD.replace("a third", "a fifth")
        report = room.add([arrival("vineyard", again, title=FROST, source="Tessel Post", published=date(2025, 3, 5))])
        assert (report.added, report.updated) == (0, 1)
        room.restore(url)
        assert room.ask(asked).quotes[0].article.id == url


@EVERY_VERSION
def test_a_key_that_was_given_once_is_given_to_no_other_version(tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(left_by(version, tmp_path))) as connection, connection:
        (last,) = connection.execute("SELECT max(key) FROM article").fetchone()
        connection.executescript(f"DELETE FROM passage WHERE article = {last}; DELETE FROM article WHERE key = {last};")
    store = Store(tmp_path / "data" / "articles.sqlite3")
    (given,) = store.connection().execute("SELECT seq FROM sqlite_sequence WHERE name = 'article'").fetchone()
    assert given == last
    store.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "data" / "articles.sqlite3") as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    with pytest.raises(StoreUnavailable, match="newer Quotewire"):
        opened(tmp_path)

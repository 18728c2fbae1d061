"""Feeds that earlier versions read go on with everything that was known of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.article import Failure
from retrieval.errors import StoreUnavailable
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.feed import FeedState
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.poll import poll, taken
from retrieval.reading.feeds.schema import STEPS, VERSION_TABLE
from retrieval.reading.feeds.visits import AGAIN
from retrieval.reading.web.session import GuardedSession
from tests.support.publisher import Publisher, Story, rss2, story
from tests.support.stores import restored, schema, sound, versions
from tests.support.web_server import Handler, Server, session_for

START = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PORT = ":8123"
"""Of the publisher in the files."""


@pytest.fixture(params=versions("feeds"))
def version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def publisher(server: Server) -> Publisher:
    """The publisher whose feeds are in the files, with all as it was but for the page that could not be had."""
    publisher = Publisher(server)
    barges = [story(number, about="barge") for number in (1, 2, 3, 4)]
    publisher.pages(*barges)
    conditional(server, "/full", rss2("http://news.example", [story(1), story(2)], True)[0], '"full-1"')
    conditional(server, "/summaries", rss2(publisher.site, barges)[0], '"summaries-1"')
    server.serves("/missing", status=404)
    publisher.feed([story(9)], full=True, path="/unasked")
    return publisher


@pytest.fixture
def path(tmp_path: Path, server: Server, version: int) -> Path:
    restored(f"feeds_{version}", tmp_path / "feeds.sqlite3", {PORT: f":{server.port}"})
    return tmp_path / "feeds.sqlite3"


@pytest.fixture
def feeds(server: Server, path: Path) -> Iterator[Feeds]:
    with Feeds.open(path, session_for(server)) as feeds:
        yield feeds


def conditional(server: Server, path: str, body: bytes, tag: str) -> None:
    """Serve a feed once; who names its tag gets a 304."""

    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == tag:
            handler.reply(status=304, ETag=tag)
        else:
            handler.reply(body, Content_Type="application/rss+xml", ETag=tag)

    server.does(path, answer)


def take(feeds: Feeds, at: datetime) -> list[str]:
    """The titles that one poll brings, all of which are safe at once."""
    items = list(poll(feeds, at))
    taken(feeds, [item for item in items if not isinstance(item, Failure)])
    return sorted(item.article.title for item in items if isinstance(item, Arrival))


def test_there_is_a_file_of_each_version() -> None:
    assert versions("feeds") == list(range(len(STEPS) + 1))


def test_it_becomes_the_present_one_beside_the_tables_of_reader(path: Path, tmp_path: Path) -> None:
    def told(connection: sqlite3.Connection) -> list[int]:
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]

    with closing(sqlite3.connect(path)) as old:
        before = told(old)
    for each in (path, tmp_path / "new.sqlite3"):
        Feeds.open(each, GuardedSession()).close()
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(tmp_path / "new.sqlite3")) as new:
        ours = [
            {
                kind: {name: each for name, each in found.items() if "quotewire" in name}
                for kind, found in schema(file).items()
            }
            for file in (old, new)
        ]
        assert ours[0] == ours[1]
        assert told(new) == told(old) >= before
        assert old.execute(f"SELECT version FROM {VERSION_TABLE}").fetchall() == [(len(STEPS),)]
        assert sound(old)


def test_feeds_are_as_they_were(feeds: Feeds, publisher: Publisher) -> None:
    full, summaries, missing, unasked = feeds.list()
    names = [each.url.rpartition("/")[2] for each in (full, summaries, missing, unasked)]
    assert names == ["full", "summaries", "missing", "unasked"]
    for each in (full, summaries):
        assert (each.title, each.outlet, each.checked, each.error) == ("Harbour Post", "Harbour Post", START, None)
        assert each.due is not None
        assert timedelta(minutes=15) <= each.due - START < timedelta(minutes=17)
        assert each.origin == f"/feed/{each.url}"
    assert (missing.checked, unasked.checked) == (START, None)
    assert "HTTP 404" in (missing.error or "")
    assert not any(each.retired for each in (missing, unasked, full, summaries))


def test_feeds_are_polled_with_their_tags_and_what_was_taken_is_not_given_again(
    feeds: Feeds, publisher: Publisher
) -> None:
    # Of what is given, the one was handed out and not taken, of the other only the summary could be had before.
    assert take(feeds, START + DAY / 2) == [
        "The barge 2 sails again",
        "The barge 4 sails again",
        "The ferry 9 sails again",
    ]
    asked = dict(publisher.server.asked)
    assert asked["/full"]["If-None-Match"] == '"full-1"'
    assert asked["/summaries"]["If-None-Match"] == '"summaries-1"'
    assert "/news/barge-1" not in asked, "its page is read again after a day"
    publisher.server.serves("/full", rss2("http://news.example", [story(1), story(2), story(3)], True)[0])
    assert take(feeds, START + DAY - timedelta(hours=1)) == ["The ferry 3 sails again"]


def test_pages_are_read_again_when_they_are_due(feeds: Feeds, publisher: Publisher) -> None:
    take(feeds, START + timedelta(hours=1))
    corrected = story(3, about="barge")
    publisher.pages(
        Story(corrected.path, corrected.title, corrected.summary, corrected.text.replace("7 people", "9 people"))
    )
    publisher.server.asked.clear()
    assert take(feeds, START + timedelta(seconds=AGAIN[0])) == ["The barge 3 sails again"]
    assert {"/news/barge-1", "/news/barge-3"} <= set(publisher.server.paths)


def test_a_feed_that_is_removed_takes_its_visits_along(feeds: Feeds, path: Path, publisher: Publisher) -> None:
    feeds.remove(f"{publisher.site}/summaries")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM quotewire_visit").fetchone() == (0,)


@pytest.mark.parametrize("whose", ["ours", "reader's"])
def test_a_file_of_a_newer_version_is_refused_in_a_line(tmp_path: Path, whose: str) -> None:
    path = tmp_path / "feeds.sqlite3"
    Feeds.open(path, GuardedSession()).close()
    newer = f"UPDATE {VERSION_TABLE} SET version = {len(STEPS) + 1}" if whose == "ours" else "PRAGMA user_version = 999"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(newer)
    with pytest.raises(StoreUnavailable, match=r"feeds\.sqlite3 was written by a newer Quotewire: update Quotewire"):
        Feeds.open(path, GuardedSession())


@pytest.mark.parametrize(
    ("tag", "origin"),
    [
        ({"origin": "/feed/x", "rhythm": {"interval": 60.0, "tide": 1}, "colour": "blue"}, "/feed/x"),
        ({"rhythm": {}}, "/feed/https://news.example/feed"),
        ({"origin": "/feed/x"}, "/feed/https://news.example/feed"),
        ({"origin": "/feed/x", "rhythm": None}, "/feed/https://news.example/feed"),
        (None, "/feed/https://news.example/feed"),
        (["x"], "/feed/https://news.example/feed"),
    ],
)
def test_a_feeds_record_of_another_version_or_damaged_is_read_as_far_as_it_goes(tag: object, origin: str) -> None:
    state = FeedState.read("https://news.example/feed", tag)
    assert (state.origin, state.error) == (origin, None)

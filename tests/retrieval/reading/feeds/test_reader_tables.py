"""The list of feeds that is read without `reader` is the list that `reader` gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import StoreUnavailable
from retrieval.reading.deliveries import Deliveries
from retrieval.reading.feeds.feed import FeedState
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.reader_tables import VERSION, listed
from retrieval.reading.feeds.schedule import Rhythm
from retrieval.reading.web.session import GuardedSession

URLS = ["https://river.example/feed", "https://harbour.example/rss?a=%20", "https://www.tessel.example/x"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder?" / "feeds.sqlite3"


@pytest.fixture
def feeds(path: Path) -> Iterator[Feeds]:
    """Three feeds: one as it was imported, one that fails, and one that is retired and has lost its tag."""
    with Feeds.open(path, GuardedSession()) as feeds:
        outlines = "".join(f'<outline type="rss" text="F" xmlUrl="{url}"/>' for url in URLS)
        assert len(feeds.import_opml(f'<opml version="2.0"><body>{outlines}</body></opml>').added) == 3
        with feeds.store.open() as reader:
            failing = FeedState(
                origin="/feed/elsewhere",
                rhythm=Rhythm(due=2e9),
                checked=1.9e9,
                error="It is away.",
                note="Odd.",
                lost=2,
            )
            feeds.store.keep(reader, URLS[1], failing)
            reader.disable_feed_updates(URLS[2])
            reader.delete_tag(URLS[2], "quotewire")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "UPDATE feeds SET title = 'News &amp; <b>more</b> | Harbour Wire', link = 'https://harbour.example/'"
                " WHERE url = ?",
                (URLS[1],),
            )
        yield feeds


def test_it_is_the_same_list(feeds: Feeds, path: Path) -> None:
    found = listed(path)
    assert found == feeds.every() == feeds.list()
    assert {(feed.title, feed.error, feed.retired) for feed in found or ()} == {
        (URLS[0], None, False),
        ("News & more | Harbour Wire", "It is away.", False),
        (URLS[2], None, True),
    }


def test_reader_writes_the_version_that_is_read(feeds: Feeds, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_what_another_reader_wrote_is_left_to_it(feeds: Feeds, path: Path) -> None:
    feeds.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    assert listed(path) is None
    with pytest.raises(StoreUnavailable, match="newer"):
        Deliveries(path).list()


def test_what_is_wrong_is_told_as_it_is_elsewhere(feeds: Feeds, path: Path) -> None:
    feeds.close()
    path.write_bytes(b"no database at all" * 100)
    assert listed(path) is None
    with pytest.raises(StoreUnavailable, match="is damaged"):
        Deliveries(path).list()
    count, failures = Deliveries(path).troubles({0})
    assert count == 0
    assert "is damaged" in failures[0].reason


def test_a_folder_without_feeds_gets_no_file(path: Path) -> None:
    assert Deliveries(path).list() == ()
    assert not path.parent.exists()

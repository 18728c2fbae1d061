"""What is used of `reader` beyond its promises is still there, does what it did, and is used in one module only."""

from __future__ import annotations

import contextlib
import gzip
import inspect
import re
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import pytest
import requests
from reader import EntryNotFoundError, ParseError, Reader, StorageError, make_reader
from reader._parser import HTTPInfo, Parser
from reader._parser.http import HTTPRetriever
from reader._storage import Storage
from reader._types import EntryForUpdate

from retrieval.errors import AddressRefused, FetchFailed
from retrieval.reading.feeds import reader_internals
from retrieval.reading.feeds.reader_internals import (
    LOOKED_AT,
    delete_entries,
    fetch_with,
    is_of_newer_file,
    parse_xml,
    take_over,
    tell_infos,
    tell_responses,
)
from retrieval.reading.web.session import user_agent
from tests.support.places import ROOT
from tests.support.web_server import Server, session_for

TO_LOOK_AT = """
reader._parser.Parser               do_lazy_init, retrievers, parsers_by_mime_type, process_entry_pairs of its parsers
reader._parser.http.HTTPRetriever   session, response_hooks and what they are called with
reader._parser.HTTPInfo             get_update_after; that after_feed_update_hooks are called with it
reader._parser.feedparser           feedparser, _process_feed, READER_NO_VENDORED_FEEDPARSER
reader._parser.jsonfeed             JSONFeedParser
reader._update                      should_update_entry, HASH_CHANGED_LIMIT (as in `will_be_stored`)
reader._storage                     delete_entries, the message of SchemaVersionError; the tables that
                                    reader_tables.py reads, and their version
reader._types                       EntryData, EntryForUpdate, FeedData
"""


@pytest.fixture
def reader() -> Iterator[Reader]:
    with contextlib.closing(make_reader(":memory:")) as reader:
        yield reader


def test_it_is_the_release_that_was_looked_at() -> None:
    todo = f"look in the new release of reader at what reader_internals.py uses, then raise LOOKED_AT:{TO_LOOK_AT}"
    assert version("reader") == LOOKED_AT, todo
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"reader=={LOOKED_AT}" in project["dependencies"], "pinned to the very release"


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_what_is_used_has_the_same_shape() -> None:
    assert {"retrievers", "parsers_by_mime_type"} <= set(vars(Parser()))
    assert parameters(Parser.do_lazy_init) == ["self"]
    assert parameters(Parser.process_entry_pairs) == ["self", "url", "mime_type", "pairs"]
    assert {"response_hooks"} <= {field.name for field in fields(HTTPRetriever)}
    assert isinstance(HTTPRetriever().session, requests.Session)
    assert parameters(HTTPInfo.get_update_after) == ["self", "now"]
    from reader._parser.feedparser import _process_feed  # here, or it would be imported before ours says how

    assert parameters(_process_feed) == ["url", "d"]
    assert parameters(Storage.delete_entries) == ["self", "entries", "added_by"]
    assert {"updated", "hash", "hash_changed"} <= set(EntryForUpdate._fields)


def test_nobody_else_uses_what_is_not_promised() -> None:
    private = re.compile(r"\b(?:store|_?reader)\._[a-z]|^\s*(?:import|from) feedparser\b", re.MULTILINE)
    modules = [path for folder in ("bot", "retrieval") for path in (ROOT / folder).rglob("*.py")]
    using = [path for path in modules if private.search(path.read_text(encoding="utf-8"))]
    assert using == [Path(reader_internals.__file__)]


def test_the_released_feedparser_is_used() -> None:
    found = parse_xml(FEED, "http://news.example/feed")
    feed, entries = take_over("http://news.example/feed", found)
    assert (feed.title, [entry.title for entry in entries]) == ("River News", ["The river rose"])
    assert type(found).__module__.startswith("feedparser.")
    assert "reader._vendor.feedparser" not in sys.modules


FEED = b"""<rss version="2.0"><channel><title>River News</title><link>http://news.example/</link>
<item><guid>1</guid><title>The river rose</title></item></channel></rss>"""


def test_reader_fetches_through_the_session(server: Server) -> None:
    url = server.serves("/feed", gzip.compress(FEED), Content_Encoding="gzip", Content_Type="text/xml", ETag='"7"')
    moved = server.serves("/moved", status=301, Location="/feed")
    inside = server.serves("/inside", status=302, Location="http://127.0.0.1:9/")
    large = server.serves("/large", b"x", Content_Length=str(50 * 1024 * 1024))
    denied = server.serves("/denied", status=403)
    with contextlib.closing(make_reader(":memory:")) as reader:
        fetch_with(reader, session_for(server))
        for feed in (url, moved, inside, large, denied):
            reader.add_feed(feed)
        for feed in (url, moved):
            reader.update_feed(feed)
            assert [entry.title for entry in reader.get_entries(feed=feed)] == ["The river rose"]
        for feed, error in ((inside, AddressRefused), (large, FetchFailed)):
            with pytest.raises(ParseError) as caught:
                reader.update_feed(feed)
            assert isinstance(caught.value.__cause__, error)
        with pytest.raises(ParseError, match="bad HTTP status code"):
            reader.update_feed(denied)
        assert server.paths.count("/denied") == 1
        server.answers["/feed"] = lambda handler: handler.reply(
            status=304 if handler.headers["If-None-Match"] == '"7"' else 500
        )
        reader.update_feed(url)
        with pytest.raises(AddressRefused, match="carries a user name"):
            reader.add_feed("http://127.0.0.1\\@news.example/")
    assert server.asked[0][1]["User-Agent"] == user_agent()


def test_responses_and_what_their_headers_say_are_told(server: Server, reader: Reader) -> None:
    url = server.serves("/feed", FEED, Content_Type="text/xml", Cache_Control="max-age=7200")
    moved = server.serves("/moved", status=301, Location="/feed")
    responses: list[tuple[str, str]] = []
    infos: list[tuple[str, float]] = []
    fetch_with(reader, session_for(server))
    tell_responses(reader, lambda asked, response: responses.append((asked, response.url)))
    tell_infos(reader, lambda asked, info: infos.append((asked, reader_internals.asked_to_wait(info, 0.0))))
    reader.add_feed(moved)
    reader.update_feed(moved)
    assert responses == [(moved, url)]
    assert [asked for asked, _ in infos] == [moved]
    assert infos[0][1] > 0


def test_entries_of_feeds_can_be_deleted(server: Server, reader: Reader) -> None:
    url = server.serves("/feed", FEED, Content_Type="text/xml")
    fetch_with(reader, session_for(server))
    reader.add_feed(url)
    reader.update_feed(url)
    there = [entry.resource_id for entry in reader.get_entries()]
    with pytest.raises(EntryNotFoundError):
        delete_entries(reader, [*there, (url, "another")])
    assert [entry.resource_id for entry in reader.get_entries()] == there != []
    delete_entries(reader, there)
    assert list(reader.get_entries()) == []


def test_a_file_of_a_newer_reader_is_known(tmp_path: Path) -> None:
    path = tmp_path / "feeds.sqlite3"
    with contextlib.closing(make_reader(str(path))):
        pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StorageError) as caught:
        make_reader(str(path))
    assert is_of_newer_file(caught.value)
    assert not is_of_newer_file(StorageError("disk full"))

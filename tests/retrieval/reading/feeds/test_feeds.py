"""Feeds from a real server on loopback, kind and hostile: what is taken, what is told, and that nothing is lost."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retrieval.article import Day, Failure
from retrieval.errors import AddressRefused, FeedUnusable, FetchFailed, QuotewireError, StoreUnavailable
from retrieval.reading.arrival import Arrival, Gone
from retrieval.reading.feeds import parsing
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.pending import PAUSES
from retrieval.reading.feeds.poll import poll, taken
from retrieval.reading.sources import html_page
from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import HostTurns
from tests.support import strangers
from tests.support.places import ROOT
from tests.support.publisher import FORMATS, NOON, Publisher, Story, atom, json_feed, page, rss2, story
from tests.support.web_server import Handler, Server, session_for

START = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "boom">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><rss version="2.0"><channel><title>&j;</title></channel></rss>'
)
FILE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel>'
    b"<title>&x;</title><item><title>&x;</title><guid>1</guid></item></channel></rss>"
)


@pytest.fixture(scope="module")
def public() -> GuardedSession:
    """As the bot has it: no way to this machine."""
    return GuardedSession(turns=HostTurns(0))


@pytest.fixture
def feeds(server: Server, tmp_path: Path) -> Iterator[Feeds]:
    with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
        yield feeds


def articles(items: list) -> list[str]:
    return sorted(item.article.title for item in items if isinstance(item, Arrival))


def failures(items: list) -> list[str]:
    found = [item.reason for item in items if isinstance(item, Failure) and item.kind != "note"]
    assert all(reason.endswith(".") for reason in found), found
    return found


def taken_of(feeds: Feeds) -> list[int]:
    """How many entries of each feed, by their titles, are ticked off."""
    with feeds.store.open() as reader:
        return [reader.get_entry_counts(feed=feed.url, read=True).total or 0 for feed in feeds.list()]


def take(feeds: Feeds, at: datetime = START) -> list:
    """One poll, all of which is safe at once."""
    items = list(poll(feeds, at))
    taken(feeds, [item for item in items if not isinstance(item, Failure)])
    return items


@pytest.mark.parametrize("full", [True, False], ids=["full text", "summaries"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(publisher: Publisher, feeds: Feeds, name: str, full: bool) -> None:
    stories = [story(1), Story("/news/tide", "Tides & “moons” <rise>", "A tide.", story(2).text)]
    publisher.pages(*stories)
    url = publisher.feed(stories, FORMATS[name], full=full)
    preview = feeds.check(url)
    assert (preview.format, preview.title, preview.entries) == (name, "Harbour Post", 2)
    is_early = name.startswith("RSS 0.9")  # no dates, and no place for an article but its description
    assert preview.newest == (None if is_early else stories[0].published)
    carried = full and not is_early
    assert preview.full_text == (2 if carried else 0)
    assert feeds.list() == ()

    feeds.add(url)
    publisher.server.asked.clear()
    arrivals = [item for item in take(feeds) if isinstance(item, Arrival)]
    assert articles(arrivals) == ["The ferry 1 sails again", "Tides & “moons” <rise>"]
    for arrival in arrivals:
        article = arrival.article
        wanted = next(each for each in stories if each.title == article.title)
        assert article.body == wanted.text
        assert not article.summary_only
        assert article.source == "Harbour Post"
        assert article.url == publisher.site + wanted.path
        assert article.published == (None if is_early else wanted.published)
        assert arrival.origin == feeds.list()[0].origin
    assert ("/news/tide" in publisher.server.paths) == (not carried)


class TestAFeedIsFound:
    def test_behind_a_page(self, publisher: Publisher, feeds: Feeds) -> None:
        good = publisher.feed([story()], path="/good.xml")
        publisher.server.serves("/broken.xml", b"<rss><channel>", Content_Type="text/xml")
        publisher.server.serves(
            "/",
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/broken.xml">'
            b'<link rel="alternate" type="application/rss+xml" title="All" href="good.xml">'
            b'<link rel="alternate" type="application/feed+json" href="/third.json"></head><body>Hello</body></html>',
            Content_Type="text/html",
        )
        added = feeds.add(publisher.site)
        assert added.feed.url == good
        assert added.feed.title == "Harbour Post"
        assert not added.known
        assert added.others == (f"{publisher.site}/broken.xml", f"{publisher.site}/third.json")

    @pytest.mark.parametrize(
        "body", [b"<html><body>No feed here</body></html>", b"Just words", b"", b'{"a": 1}', b"<a><b/></a>"]
    )
    def test_or_one_sentence_says_that_there_is_none(self, publisher: Publisher, feeds: Feeds, body: bytes) -> None:
        url = publisher.server.serves("/", body, Content_Type="text/html")
        for attempt in (feeds.add, feeds.check):
            with pytest.raises(FeedUnusable, match=r"no (RSS|feed).*add the? ?address|add that one"):
                attempt(url)
        assert feeds.list() == ()

    def test_once_however_its_address_is_spelled(self, publisher: Publisher, feeds: Feeds) -> None:
        url = publisher.feed([story()])
        assert not feeds.add(url).known
        publisher.server.asked.clear()
        again = feeds.add(f"{url}/?utm_source=x#top")
        assert again.known
        assert again.feed.url == url
        assert publisher.server.paths == []
        assert len(feeds.list()) == 1

    def test_where_it_has_moved_for_good(self, publisher: Publisher, feeds: Feeds) -> None:
        new = publisher.feed([story()], path="/new")
        old = publisher.server.serves("/old", status=301, Location="/new")
        for_now = publisher.server.serves("/now", status=302, Location="/new")
        assert feeds.add(old).feed.url == new
        assert feeds.add(for_now).feed.url == for_now

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/feed", "ftp://news.example/feed", "feed"])
    def test_on_the_public_web_only(self, tmp_path: Path, public: GuardedSession, url: str) -> None:
        feeds = Feeds.open(tmp_path / "feeds.sqlite3", public)
        for attempt in (feeds.add, feeds.check):
            with pytest.raises(AddressRefused):
                attempt(url)

    def test_a_refusal_says_what_to_do(self, publisher: Publisher, feeds: Feeds) -> None:
        url = publisher.server.serves("/feed", status=404)
        with pytest.raises(FetchFailed, match=r"HTTP 404\).*new address on the site"):
            feeds.add(url)


class TestWhatIsTakenOnce:
    def test_is_not_given_again_and_its_pages_are_not_asked_for(self, publisher: Publisher, feeds: Feeds) -> None:
        stories = [story(1), story(2)]
        publisher.pages(*stories)
        feeds.add(publisher.feed(stories))
        assert len(articles(take(feeds))) == 2
        publisher.server.asked.clear()
        assert take(feeds, START + 0.9 * DAY) == []
        assert publisher.server.paths == ["/feed"]
        assert taken_of(feeds) == [2]

    @pytest.mark.parametrize(
        ("validator", "value"), [("ETag", '"v1"'), ("Last-Modified", "Fri, 01 May 2026 12:00:00 GMT")]
    )
    def test_a_feed_that_has_not_changed_is_not_sent_again(
        self, publisher: Publisher, feeds: Feeds, validator: str, value: str
    ) -> None:
        publisher.pages(story())
        feeds.add(publisher.conditional([story()], validator, value))
        take(feeds)
        publisher.server.asked.clear()
        assert take(feeds, START + DAY) == []
        (_, headers) = publisher.server.asked[0]
        assert "application/rss+xml" in headers["Accept"]
        assert value in headers.values()
        assert feeds.list()[0].error is None

    def test_comes_again_until_it_is_taken(self, publisher: Publisher, server: Server, tmp_path: Path) -> None:
        stories = [story(1), story(2), story(3)]
        publisher.pages(*stories)
        path = tmp_path / "feeds.sqlite3"
        feeds = Feeds.open(path, session_for(server))
        feeds.add(publisher.feed(stories))
        first = [item for item in poll(feeds, START) if isinstance(item, Arrival)]
        taken(feeds, first[:1])
        # The process dies here; another one begins.
        feeds = Feeds.open(path, session_for(server))
        assert articles(take(feeds, START)) == articles(first[1:])
        assert take(feeds, START) == []

    def test_comes_again_when_it_changes(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.feed([story(1), story(2)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        changed = Story(story(1).path, "The ferry 1 is late", story(1).summary, story(1).text + " It is late.")
        publisher.feed([changed, story(2)], full=True)
        (arrival,) = take(feeds, START + DAY)
        assert arrival.article.title == "The ferry 1 is late"
        assert arrival.article.id == f"https://news.example:{publisher.server.port}{changed.path}"
        assert take(feeds, START + 2 * DAY) == []

    def test_stays_when_the_process_dies_as_a_change_is_stored(
        self, publisher: Publisher, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publisher.feed([story(1)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        publisher.feed([Story(story(1).path, "Changed", "", story(1).text)], full=True)
        monkeypatch.setattr(feeds.store, "keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            list(poll(feeds, START + DAY))
        monkeypatch.undo()
        assert articles(take(feeds, START + DAY)) == ["Changed"]

    def test_a_change_while_the_old_state_is_on_its_way_is_not_lost(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.feed([story(1)], full=True)
        feeds.add(f"{publisher.site}/feed")
        old = [item for item in poll(feeds, START) if isinstance(item, Arrival)]
        publisher.feed([Story(story(1).path, "Changed", "", story(1).text)], full=True)
        assert articles(list(poll(feeds, START + DAY))) == ["Changed"]
        taken(feeds, old)  # late, and of both states this is the only one that is safe
        assert articles(take(feeds, START + DAY)) == ["Changed"]
        assert take(feeds, START + DAY) == []

    def test_vanishing_from_the_feed_changes_nothing(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.feed([story(1), story(2)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        publisher.feed([story(2)], full=True)
        assert take(feeds, START + DAY) == []
        assert taken_of(feeds) == [2]


class TestAPage:
    """What is behind an entry that carries only a summary."""

    def test_is_read_again_ever_more_rarely(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        take(feeds)
        asked = []
        for hours in range(6, 24 * 30, 6):
            publisher.server.asked.clear()
            assert take(feeds, START + timedelta(hours=hours)) == []
            asked += [hours] * publisher.server.paths.count(story().path)
        assert asked == [24, 24 + 3 * 24, 24 + 13 * 24]

    def test_that_was_corrected_without_a_word_in_the_feed_comes_again(
        self, publisher: Publisher, feeds: Feeds
    ) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        (first,) = take(feeds)
        publisher.pages(replace(story(), text=story().text.replace("dawn", "dusk")))
        (second,) = take(feeds, START + DAY)
        assert second.article.id == first.article.id
        assert "at dusk" in second.article.body

    def test_that_vanished_without_a_word_in_the_feed_takes_its_article_with_it(
        self, publisher: Publisher, feeds: Feeds
    ) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        url = publisher.site + story().path
        publisher.server.serves(story().path, status=410)
        # It is told until it is safe, as an article is.
        assert list(poll(feeds, START + DAY)) == [
            Gone(arrival.origin, arrival.article.id, url, url, f"id:{story().path}")
        ]
        assert take(feeds, START + DAY) == [Gone(arrival.origin, arrival.article.id, url, url, f"id:{story().path}")]
        assert [take(feeds, START + days * DAY) for days in (1, 5, 20)] == [[], [], []]

    def test_that_is_not_found_is_looked_for_again_before_its_article_goes(
        self, publisher: Publisher, feeds: Feeds
    ) -> None:
        publisher.pages(story(1), story(2))
        feeds.add(publisher.feed([story(1), story(2)]))
        take(feeds)
        publisher.server.serves("/maintenance", status=410)
        for each in (story(1), story(2)):
            publisher.server.serves(each.path, status=302, Location="/maintenance")
        assert take(feeds, START + DAY) == []
        publisher.pages(story(2))  # which was only being mended
        assert take(feeds, START + DAY + timedelta(seconds=PAUSES[0])) == []
        (gone,) = take(feeds, START + DAY + timedelta(seconds=sum(PAUSES[:2])))
        assert isinstance(gone, Gone)
        assert gone.asked == publisher.site + story(1).path
        assert take(feeds, START + 20 * DAY) == []

    def test_at_a_new_address_is_another_one(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        take(feeds)
        moved = replace(story(), path="/moved")
        body, kind = rss2(publisher.site, [moved])
        body = body.replace(b"id:/moved", f"id:{story().path}".encode())
        publisher.server.serves("/feed", body, Content_Type=kind)
        publisher.server.serves("/moved", status=404)
        assert [type(item) for item in take(feeds, START + DAY)] == [Arrival]  # what the feed says of it
        publisher.pages(moved)
        (arrival,) = take(feeds, START + 2 * DAY)
        assert arrival.from_page

    def test_is_asked_for_again_after_it_was_refused(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        take(feeds)
        publisher.server.serves(story().path, status=403)
        assert take(feeds, START + DAY) == []
        publisher.server.serves(story().path, status=410)
        assert [type(item) for item in take(feeds, START + 5 * DAY)] == [Gone]

    def test_stays_known_when_its_feed_moves(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        take(feeds)
        publisher.server.serves("/feed", status=301, Location="/new")
        publisher.feed([story()], path="/new")
        assert take(feeds, START + 0.5 * DAY) == []
        publisher.server.serves(story().path, status=410)
        assert [type(item) for item in take(feeds, START + DAY)] == [Gone]

    def test_of_a_feed_that_was_removed_is_left_alone(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        take(feeds)
        feeds.remove(f"{publisher.site}/feed")
        publisher.server.asked.clear()
        assert take(feeds, START + DAY) == []
        assert publisher.server.paths == []
        assert feeds.store.visits.due(START.timestamp() + 10**7) == []

    def test_is_not_asked_for_whenever_the_feed_calls_its_entries_changed(
        self, publisher: Publisher, feeds: Feeds
    ) -> None:
        publisher.pages(story())
        publisher.feed([story()], atom)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        publisher.server.asked.clear()
        for hours in range(1, 24):
            publisher.feed([replace(story(), published=NOON + timedelta(hours=hours))], atom)
            assert take(feeds, START + timedelta(hours=hours)) == []
        assert 2 <= publisher.server.paths.count(story().path) <= 5

    def test_of_another_site_is_believed_rather_than_the_feed(self, publisher: Publisher, feeds: Feeds) -> None:
        """Anyone may serve a feed with words of their own under another publisher's link."""
        lie = replace(story(), text="The ferry has sunk, they say. " * 60)
        publisher.pages(story())
        body, kind = rss2(publisher.site.replace("news.example", "liar.test"), [lie], True)
        body = body.replace(b"<link>http://liar.test", b"<link>http://news.example")
        publisher.server.serves("/feed", body, Content_Type=kind)
        feeds.add(f"{publisher.site.replace('news.example', 'liar.test')}/feed")
        (arrival,) = take(feeds)
        assert "has sunk" not in arrival.article.body
        assert not arrival.article.summary_only
        # Where the page cannot be had, the words are the feed's: a summary, and told by its site.
        publisher.server.serves("/news/ferry-9", status=403)
        publisher.server.serves("/feed", body.replace(b"news/ferry-1", b"news/ferry-9"), Content_Type=kind)
        (arrival,) = take(feeds, START + 0.5 * DAY)
        assert arrival.article.summary_only
        assert arrival.article.source == "liar.test"

    @pytest.mark.parametrize("way", ["the feed moves there", "by a redirect of the site's own"])
    def test_of_another_site_is_believed_also_where_the_feed_comes_from_there(
        self, publisher: Publisher, feeds: Feeds, way: str
    ) -> None:
        liar = publisher.site.replace("news.example", "liar.test")
        lie = replace(story(), text="The ferry has sunk, they say. " * 60)
        publisher.pages(story())
        publisher.feed([story()], path="/honest")
        body, kind = rss2(publisher.site, [lie], True)
        publisher.server.serves("/lies", body, Content_Type=kind)
        publisher.server.serves("/moved", status=301, Location=f"{publisher.site}/honest")
        publisher.server.serves("/out", status=302, Location=f"{liar}/lies")
        feeds.add(f"{liar}/lies" if way == "the feed moves there" else f"{publisher.site}/out")
        first = take(feeds)
        publisher.server.answers["/lies"] = publisher.server.answers["/moved"]
        items = [item for days in (0.5, 1, 2, 5) for item in take(feeds, START + days * DAY)]
        assert not [item for item in (*first, *items) if "has sunk" in item.article.body]


def test_what_left_a_feed_long_ago_is_forgotten(publisher: Publisher, feeds: Feeds) -> None:
    publisher.feed([story(1), story(2)], full=True)
    feeds.add(f"{publisher.site}/feed")
    now = datetime.now(UTC)  # `reader` dates changes by the clock
    take(feeds, now)
    publisher.feed([story(2), story(3)], full=True)
    take(feeds, now + 20 * DAY)
    assert taken_of(feeds) == [3]
    publisher.feed([story(2), story(3), story(4)], full=True)
    take(feeds, now + 40 * DAY)
    assert taken_of(feeds) == [3]  # without the first
    assert take(feeds, now + 41 * DAY) == []


def test_a_feed_that_is_removed_during_a_poll_does_not_end_it(publisher: Publisher, feeds: Feeds) -> None:
    publisher.server.serves(story(1).path, status=503)
    publisher.feed([story(1)], path="/a")
    publisher.feed([story(2)], full=True, path="/b")
    feeds.add(f"{publisher.site}/a")
    feeds.add(f"{publisher.site}/b")
    items = poll(feeds, START)
    first = next(items)
    assert not isinstance(first, Failure)
    feeds.remove(f"{publisher.site}/a")
    feeds.remove(f"{publisher.site}/b")
    taken(feeds, [first, *(item for item in items if not isinstance(item, Failure))])
    assert take(feeds, START + DAY) == []


def test_an_entry_that_changes_all_the_time_is_not_frozen(
    publisher: Publisher, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`reader` stores 24 changes of an entry that has no `updated`, and then none any more."""

    def told(number: int, **changed: object) -> list[str]:
        each = replace(story(1), text=f"{story(1).text} It is {number} o'clock.", **changed)  # type: ignore[arg-type]
        publisher.feed([each], full=True)
        return [item.article.body.rpartition("It is ")[2] for item in take(feeds, START + number * DAY)]

    publisher.feed([story(1)], full=True)
    feeds.add(f"{publisher.site}/feed")
    assert [len(told(number)) for number in range(27)] == [1] * 25 + [0] * 2
    assert told(27, title="The ferry 1 has sunk") == ["27 o'clock."]
    assert told(28, title="The ferry 1 has sunk", published=NOON + DAY) == ["28 o'clock."]
    monkeypatch.setattr("retrieval.reading.feeds.feed_store.THAWS_AFTER", timedelta(0))  # `reader` goes by the clock
    assert told(29, title="The ferry 1 has sunk", published=NOON + DAY) == ["29 o'clock."]


class TestAPageThatCannotBeHad:
    @pytest.mark.parametrize("status", [403, 402, 401])
    def test_leaves_the_summary(self, publisher: Publisher, feeds: Feeds, status: int) -> None:
        publisher.server.serves(story().path, status=status)
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        assert arrival.article.body == story().summary
        assert arrival.article.summary_only
        publisher.server.asked.clear()
        assert take(feeds, START + 3 * DAY) == []
        assert publisher.server.paths == ["/feed"]  # a refusal is not asked about again

    def test_by_robots_txt_is_not_asked_for(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.pages(story())
        publisher.server.serves("/robots.txt", b"User-agent: *\nDisallow: /news/")
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        assert arrival.article.summary_only
        assert story().path not in publisher.server.paths

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"<meta property=og:type content=article><h1>A ferry</h1><article><p>Subscribe.</p>", "text/html"),
            (b"<html><body><ul><li><a href='/'>Home</a></ul></body></html>", "text/html"),
            (b"%PDF-1.7", "application/pdf"),
            (b"", "text/html"),
        ],
    )
    def test_or_that_shows_less_than_the_feed(self, publisher: Publisher, feeds: Feeds, body: bytes, kind: str) -> None:
        publisher.server.serves(story().path, body, Content_Type=kind)
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        assert arrival.article.body == story().summary
        assert arrival.article.summary_only
        assert take(feeds, START + 3 * DAY) == []

    def test_for_the_moment_is_tried_again_at_growing_distances(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.server.serves(story().path, status=500)
        feeds.add(publisher.feed([story()], path="/feed"))
        (arrival,) = take(feeds)
        assert arrival.article.summary_only
        at = START
        for pause in PAUSES:
            publisher.server.asked.clear()
            assert take(feeds, at + timedelta(seconds=pause - 1)) == []
            assert story().path not in publisher.server.paths
            at += timedelta(seconds=pause)
            assert take(feeds, at) == []
            assert publisher.server.paths.count(story().path) == 1
        publisher.server.asked.clear()
        publisher.pages(story())
        assert take(feeds, at + 30 * DAY) == []  # given up
        assert story().path not in publisher.server.paths

    def test_for_the_moment_becomes_the_article_under_the_same_id(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.server.serves(story().path, status=503)
        feeds.add(publisher.feed([story()]))
        (summary,) = take(feeds)
        publisher.pages(story())
        later = START + timedelta(seconds=PAUSES[0])
        untaken = list(poll(feeds, later))
        (full,) = take(feeds, later)
        assert untaken == [full]
        assert full.article.body == story().text
        assert not full.article.summary_only
        assert full.article.id == summary.article.id
        assert take(feeds, later + 9 * DAY) == []

    def test_without_a_summary_is_told_and_tried_again(self, publisher: Publisher, feeds: Feeds) -> None:
        bare = Story(story().path, story().title, "", story().text)
        publisher.server.serves(bare.path, status=500)
        feeds.add(publisher.feed([bare]))
        items = take(feeds)
        assert articles(items) == []
        assert "HTTP 500" in failures(items)[0]
        publisher.pages(bare)
        assert take(feeds, START) == []  # not yet
        assert articles(take(feeds, START + DAY)) == [bare.title]

    def test_because_its_host_is_silent_is_not_asked_for_page_by_page(self, publisher: Publisher, feeds: Feeds) -> None:
        stories = [story(number) for number in range(1, 6)]
        for each in stories:
            publisher.server.serves(each.path, status=429)
        feeds.add(publisher.feed(stories))
        assert len(articles(take(feeds))) == 5
        assert sum(path.startswith("/news/") for path in publisher.server.paths) == 1

    @pytest.mark.parametrize("status", [404, 410])
    def test_because_the_publisher_took_it_back_is_told(self, publisher: Publisher, feeds: Feeds, status: int) -> None:
        publisher.pages(story())
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        publisher.server.serves(story().path, status=status)
        publisher.feed([Story(story().path, "Withdrawn", "This report was withdrawn.")])
        url = publisher.site + story().path
        items = [item for hours in (0, 1, 4) for item in take(feeds, START + DAY + timedelta(hours=hours))]
        assert items[-1] == Gone(arrival.origin, arrival.article.id, url, url, f"id:{story().path}")
        assert take(feeds, START + 2 * DAY) == []

    def test_because_the_link_leads_nowhere_is_no_withdrawal(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.server.serves(story().path, status=404)
        feeds.add(publisher.feed([story()]))
        (arrival,) = take(feeds)
        assert arrival.article.summary_only
        for days in range(1, 6):
            assert take(feeds, START + days * DAY) == []
        publisher.feed([Story(story().path, "Changed", "Another summary.")])
        assert articles(take(feeds, START + 9 * DAY)) == ["Changed"]

    def test_because_there_never_was_one_is_no_withdrawal(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.server.serves(story().path, status=410)
        feeds.add(publisher.feed([story()]))
        items = take(feeds)
        assert len(failures(items)) == len(items) == 1
        assert take(feeds, START + DAY) == []


def slow(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/rss+xml")
    handler.end_headers()
    handler.wfile.write(b"<rss>")
    threading.Event().wait(0.2)
    handler.close_connection = True
    handler.wfile.flush()


def large(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/rss+xml")
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b" " * 1024 * 1024)


def truncated(handler: Handler) -> None:
    packed = gzip.compress(rss2("http://news.example", [story()])[0])
    handler.reply(packed[: len(packed) // 2], Content_Type="application/rss+xml", Content_Encoding="gzip")


WHOLE = rss2("http://news.example", [story()])[0]
BODIES = {
    "truncated XML": (WHOLE[:-60], "not well-formed"),
    "malformed XML": (WHOLE.replace(b"<guid", b"<<guid"), "not well-formed"),
    "entity bomb": (BOMB, "declares entities"),
    "external entity": (FILE, "declares entities"),
    "an HTML page": (b"<!DOCTYPE html><html><body>Moved</body></html>", "web page"),
    "nothing": (b"", "no RSS, Atom or JSON feed"),
    "another XML": (b"<sitemap><url/></sitemap>", "no RSS, Atom or JSON feed"),
    "broken JSON": (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "JSON"),
    "a tower of JSON": (b'{"a":' * 100_000, "JSON"),
    "a tower of XML": (b"<rss>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</rss>", "deeper"),
}
ANSWERS = {
    "slow, then cut": (slow, "not well-formed"),
    "50 MB": (large, "larger than 10 MB"),
    "truncated gzip": (truncated, "compressed text"),
    "404": (lambda handler: handler.reply(status=404), "HTTP 404"),
    "403": (lambda handler: handler.reply(status=403), "HTTP 403"),
    "429": (lambda handler: handler.reply(status=429), "HTTP 429"),
    "500": (lambda handler: handler.reply(status=500), "HTTP 500"),
    "a circle": (lambda handler: handler.reply(status=302, Location="/bad"), "redirects"),
    "a way inside": (lambda handler: handler.reply(status=302, Location="http://127.0.0.1:1/"), "refused"),
    **{name: (lambda handler, body=body: handler.reply(body), words) for name, (body, words) in BODIES.items()},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_faulty_feed_ends_in_a_line_and_harms_no_other(publisher: Publisher, feeds: Feeds, name: str) -> None:
    answer, words = ANSWERS[name]
    publisher.feed([story(1)], full=True, path="/bad")
    publisher.feed([story(2)], full=True, path="/good")
    feeds.add(f"{publisher.site}/bad")
    feeds.add(f"{publisher.site}/good")
    assert len(articles(take(feeds))) == 2

    publisher.server.does("/bad", answer)
    publisher.feed([story(2), story(3)], full=True, path="/good")
    items = take(feeds, START + DAY)
    assert articles(items) == [story(3).title]
    (failure,) = [item for item in items if isinstance(item, Failure)]
    assert failure.where == "Harbour Post"
    assert words in failure.reason
    assert "\n" not in failure.reason
    assert failure.reason.endswith(".")
    bad = next(feed for feed in feeds.list() if feed.url.endswith("/bad"))
    assert bad.error == failure.reason
    assert sorted(taken_of(feeds)) == [1, 2]

    # It comes back, and nothing of it is lost.
    publisher.feed([story(1), story(4)], full=True, path="/bad")
    assert articles(take(feeds, START + 9 * DAY)) == [story(4).title]
    assert all(feed.error is None for feed in feeds.list())


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("cp1252", "latin1"), ("utf-16", "utf-16")],
)
def test_a_wrong_charset_is_seen_through(publisher: Publisher, feeds: Feeds, charset: str, declared: str) -> None:
    title = "Fähre fährt wieder über den Fluß"
    item = f"<item><guid>1</guid><title>{title}</title><description>Über Nacht.</description></item>"
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    text = f'{head}<rss version="2.0"><channel><title>Köln</title>{item}</channel></rss>'
    kind = f"application/rss+xml; charset={declared}"
    feeds.add(publisher.server.serves("/feed", text.encode(charset), Content_Type=kind))
    assert articles(take(feeds)) == [title]


def test_entries_without_ids_dates_or_sense_do_not_cost_the_others(publisher: Publisher, feeds: Feeds) -> None:
    text = (
        '<rss version="2.0"><channel><title>X</title>'
        "<item><title>No id</title><description>One.</description></item>"
        "<item><title>Bad date</title><guid>2</guid><pubDate>Mon, 99 Foo 99999 77:77:77</pubDate>"
        "<description>Two.</description></item>"
        "<item><guid>3</guid></item><item/>"
        "<item><title>Twice</title><guid>5</guid><description>Old.</description></item>"
        "<item><title>Odd link</title><guid>6</guid><link>javascript:alert(1)</link>"
        "<description>Six.</description></item>"
        "</channel></rss>"
    )
    feeds.add(publisher.server.serves("/feed", text.encode(), Content_Type="text/xml"))
    items = take(feeds)
    assert articles(items) == ["Bad date", "No id", "Odd link", "Twice"]
    assert all(item.article.url is None for item in items if isinstance(item, Arrival))
    assert take(feeds, START + DAY) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"date_published": "0001-01-01T00:00:00+14:00"},
        {"date_modified": "9999-12-31T23:59:59-12:00"},
        {"attachments": [{"url": "https://news.example/a.mp3", "size_in_bytes": float("inf")}]},
    ],
)
def test_a_json_feeds_impossible_values_cost_no_entry(publisher: Publisher, feeds: Feeds, fields: dict) -> None:
    body, kind = json_feed(publisher.site, [story(1), story(2)], True)
    feed = json.loads(body)
    feed["items"][0] |= fields
    feeds.add(publisher.server.serves("/feed", json.dumps(feed).encode(), Content_Type=kind))
    assert articles(take(feeds)) == [story(1).title, story(2).title]


@pytest.mark.parametrize(
    "body",
    [
        b"<!---->" * 50_000,
        b"<!--" * 50_000,
        b"<?xml " + b"<" * 200_000,
        b"<rss><guid>" + b" " * 200_000,
        b"<!DOCTYPE " + b"html" * 50_000,
        b"{" + b" " * 200_000,
    ],
    ids=["comments", "open comments", "angles", "space", "doctype", "brace"],
)
def test_what_is_made_to_be_slow_to_read_is_refused_at_once(publisher: Publisher, feeds: Feeds, body: bytes) -> None:
    url = publisher.server.serves("/feed", body, Content_Type="application/rss+xml")
    with pytest.raises(FeedUnusable) as caught:
        feeds.check(url)
    assert "takes more than" not in str(caught.value)


@pytest.mark.parametrize("mark", ["<!--", "<!", "<b>", "<a href='/x'>", "</", "<![CDATA["])
def test_an_entry_of_markup_out_of_all_proportion_costs_the_others_nothing(
    publisher: Publisher, feeds: Feeds, mark: str
) -> None:
    """Its own text is not read, and what its page says stands for it."""
    publisher.pages(story(1), story(2))
    feeds.add(publisher.feed([story(1), replace(story(2), summary=mark * 50_000)]))
    assert articles(take(feeds)) == [story(1).title, story(2).title]


def test_a_feed_and_a_page_that_end_their_reader_are_named_and_harm_no_other(
    publisher: Publisher, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "_parsed", strangers.parses_or_ends)
    monkeypatch.setattr(html_page, "_page", strangers.reads_or_ends)
    feeds.add(publisher.feed([story(1), replace(story(2), summary="")]))
    feeds.add(publisher.feed([story(3)], path="/bad"))
    publisher.pages(story(1))
    publisher.server.serves(story(2).path, f"<p>{strangers.TRAP}".encode(), Content_Type="text/html")
    publisher.server.serves("/bad", b"<rss>" + strangers.TRAP.encode(), Content_Type="application/rss+xml")
    items = take(feeds)
    assert articles(items) == [story(1).title]
    assert any("its page (makes the program fail that reads it; save the article alone" in f for f in failures(items))
    assert any("The feed cannot be read (it makes the program fail that reads it)." in f for f in failures(items))


def test_of_a_huge_feed_the_newest_are_taken(publisher: Publisher, feeds: Feeds) -> None:
    stories = [
        Story(f"/news/{number}", f"Story {number}", "", story(number).text, START - timedelta(minutes=number))
        for number in range(520, 0, -1)
    ]
    feeds.add(publisher.feed(stories, full=True))
    with feeds.store.open() as reader:
        reader.update_feed(f"{publisher.site}/feed")
        titles = {entry.title for entry in reader.get_entries()}
    assert titles == {f"Story {number}" for number in range(1, 501)}


class TestAFeedThatMoves:
    @pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
    def test_is_asked_at_its_new_address_if_it_moved_for_good(
        self, publisher: Publisher, feeds: Feeds, status: int, moves: bool
    ) -> None:
        publisher.feed([story(1)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        (before,) = feeds.list()
        publisher.server.serves("/feed", status=status, Location="/new")
        publisher.feed([story(1), story(2)], full=True, path="/new")
        (arrival,) = take(feeds, START + DAY)
        assert arrival.origin == before.origin
        (after,) = feeds.list()
        assert after.url == f"{publisher.site}{'/new' if moves else '/feed'}"
        assert (after.origin, taken_of(feeds)) == (before.origin, [2])
        assert take(feeds, START + 2 * DAY) == []

    def test_to_no_feed_stays_where_it_was(self, publisher: Publisher, feeds: Feeds) -> None:
        publisher.feed([story(1)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        publisher.server.serves("/feed", status=301, Location="/parked")
        publisher.server.serves("/parked", b"<html><body>For sale</body></html>", Content_Type="text/html")
        assert failures(take(feeds, START + DAY))
        assert feeds.list()[0].url == f"{publisher.site}/feed"

    def test_to_one_that_is_read_already_retires(self, publisher: Publisher, feeds: Feeds) -> None:
        for path in ("/one", "/two"):
            publisher.feed([story(1)], full=True, path=path)
            feeds.add(publisher.site + path)
        take(feeds)
        publisher.server.serves("/one", status=301, Location="/two")
        assert "moved" in failures(take(feeds, START + DAY))[0]
        one = next(feed for feed in feeds.list() if feed.url.endswith("/one"))
        assert one.retired
        assert "/two" in (one.error or "")

    def test_away_for_good_is_never_asked_again_until_it_is_added_anew(
        self, publisher: Publisher, feeds: Feeds
    ) -> None:
        publisher.feed([story(1)], full=True)
        url = feeds.add(f"{publisher.site}/feed").feed.url
        take(feeds)
        publisher.server.serves("/feed", status=410)
        assert "not asked any more" in failures(take(feeds, START + DAY))[0]
        (feed,) = feeds.list()
        assert feed.retired
        assert feed.due is None
        publisher.server.asked.clear()
        assert take(feeds, START + 90 * DAY) == []
        assert publisher.server.paths == []
        publisher.feed([story(1), story(2)], full=True)
        assert not feeds.add(url).known
        assert articles(take(feeds, START + DAY)) == [story(2).title]

    @pytest.mark.parametrize(("status", "retired"), [(301, True), (302, False), (307, False)])
    def test_to_where_nothing_is_left_is_given_up_only_if_it_moved_for_good(
        self, publisher: Publisher, feeds: Feeds, status: int, retired: bool
    ) -> None:
        publisher.feed([story(1)], full=True)
        feeds.add(f"{publisher.site}/feed")
        take(feeds)
        publisher.server.serves("/feed", status=status, Location="/away")
        publisher.server.serves("/away", status=410)
        assert ("not asked any more" in failures(take(feeds, START + DAY))[0]) == retired
        assert feeds.list()[0].retired == retired
        publisher.feed([story(1), story(2)], full=True)
        assert articles(take(feeds, START + 9 * DAY)) == ([] if retired else [story(2).title])


class TestWhenItIsAsked:
    def due(self, feeds: Feeds) -> timedelta:
        (feed,) = feeds.list()
        assert feed.due is not None
        return feed.due - START

    def test_only_when_it_is_due(self, publisher: Publisher, feeds: Feeds) -> None:
        feeds.add(publisher.feed([story()], full=True))
        take(feeds)
        publisher.server.asked.clear()
        assert take(feeds, START + self.due(feeds) - timedelta(seconds=1)) == []
        assert publisher.server.paths == []
        take(feeds, START + self.due(feeds) + timedelta(seconds=1))
        assert publisher.server.paths == ["/feed"]

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_server_that_asks_for_rest_gets_it(self, publisher: Publisher, feeds: Feeds, status: int) -> None:
        feeds.add(publisher.feed([story()], full=True))
        publisher.server.serves("/feed", status=status, Retry_After="200000")
        assert failures(take(feeds))
        assert timedelta(seconds=200_000) <= self.due(feeds) <= timedelta(seconds=220_001)

    @pytest.mark.parametrize(
        "headers", [{"Cache_Control": "max-age=40000"}, {"Expires": "Mon, 01 Jun 2026 12:00:00 GMT"}]
    )
    def test_what_is_called_fresh_is_not_asked_for(
        self, publisher: Publisher, feeds: Feeds, headers: dict[str, Any]
    ) -> None:
        feeds.add(publisher.feed([story()], full=True, **headers))
        take(feeds)
        assert timedelta(seconds=40_000) <= self.due(feeds) <= timedelta(seconds=50_000)

    def test_what_the_feed_says_of_its_pace_counts(self, publisher: Publisher, feeds: Feeds) -> None:
        body = rss2(publisher.site, [story()], True)[0].replace(
            b"<description>News", b"<ttl>300</ttl><description>News"
        )
        feeds.add(publisher.server.serves("/feed", body, Content_Type="application/rss+xml"))
        take(feeds)
        assert timedelta(minutes=300) <= self.due(feeds) <= timedelta(minutes=331)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Cache_Control": f"max-age={10**30}"},
            {"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"},
            {"Retry_After": "9" * 40, "Expires": "-1"},
        ],
    )
    def test_no_header_puts_it_off_for_more_than_a_day(
        self, publisher: Publisher, feeds: Feeds, headers: dict[str, Any]
    ) -> None:
        feeds.add(publisher.feed([story()], full=True, **headers))
        assert articles(take(feeds)) == [story().title]
        assert self.due(feeds) <= 1.11 * DAY


class TestTheList:
    def test_of_feeds_survives_a_way_through_opml(self, publisher: Publisher, server: Server, tmp_path: Path) -> None:
        feeds = Feeds.open(tmp_path / "feeds.sqlite3", session_for(server))
        for path in ("/a", "/b?x=1&y=2"):
            publisher.feed([story()], path=path.partition("?")[0])
            feeds.add(publisher.site + path)
        exported = feeds.export_opml()
        other = Feeds.open(tmp_path / "others.sqlite3", session_for(server))
        urls = tuple(sorted(feed.url for feed in feeds.list()))
        assert tuple(sorted(other.import_opml(exported).added)) == urls
        again = other.import_opml(exported.encode())
        assert (again.added, tuple(sorted(again.known)), again.failed) == ((), urls, ())

    def test_reads_what_other_readers_write(self, feeds: Feeds, server: Server, tmp_path: Path) -> None:
        site = f"http://news.example:{server.port}"
        path = tmp_path / "list.opml"
        path.write_text(
            f'<opml version="1.0"><body><outline text="Folder"><outline text="A" xmlURL="{site}/a"/>'
            f'<outline type="atom" xmlUrl="{site}/b"/></outline><outline text="Inside" xmlUrl="http://localhost/x"/>'
            f'<outline text="Again" xmlUrl="{site}/a#x"/></body></opml>',
            encoding="utf-16",
        )
        imported = feeds.import_opml(path)
        assert imported.added == (f"{site}/a", f"{site}/b")
        assert imported.known == (f"{site}/a",)
        assert [failure.where for failure in imported.failed] == ["Inside"]
        assert server.paths == []

    @pytest.mark.parametrize(
        "opml", [BOMB, FILE.replace(b"rss", b"opml"), b"<html/>", b"<opml>", b"", b"words", b"<a>" * 5000]
    )
    def test_refuses_what_is_none(self, feeds: Feeds, opml: bytes) -> None:
        with pytest.raises(FeedUnusable, match=r"export it as OPML from your reader\.$"):
            feeds.import_opml(opml)

    def test_that_comes_with_the_project_can_be_read(self, tmp_path: Path, public: GuardedSession) -> None:
        feeds = Feeds.open(tmp_path / "feeds.sqlite3", public)
        imported = feeds.import_opml(ROOT / "feeds.example.opml")
        assert len(imported.added) >= 12
        assert imported.failed == ()
        assert all(url.startswith("https://") for url in imported.added)

    def test_without_a_feed_that_was_removed(self, publisher: Publisher, feeds: Feeds) -> None:
        url = publisher.feed([story()], full=True)
        feeds.add(url)
        items = list(poll(feeds, START))
        assert feeds.remove(f"{url}/").url == url
        assert feeds.list() == ()
        taken(feeds, [item for item in items if isinstance(item, Arrival)])
        with pytest.raises(FeedUnusable, match="is not read"):
            feeds.remove(url)

    def test_of_a_file_that_is_none_is_told(self, tmp_path: Path, public: GuardedSession) -> None:
        path = tmp_path / "feeds.sqlite3"
        path.write_bytes(b"not a database, but long enough to look at" * 100)
        with pytest.raises(StoreUnavailable, match=r"feeds\.sqlite3"):
            Feeds.open(path, public)
        with pytest.raises(QuotewireError, match="cannot be opened"):
            Feeds.open(tmp_path / "f.sqlite3", public).import_opml(tmp_path / "missing.opml")


def test_threads_share_the_feeds(publisher: Publisher, feeds: Feeds) -> None:
    stories = [story(number) for number in range(1, 9)]
    for number, each in enumerate(stories):
        publisher.feed([each], full=True, path=f"/feed{number}")
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            feeds.add(f"{publisher.site}/feed{number}")
            take(feeds)
            feeds.list()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    take(feeds)
    assert taken_of(feeds) == [1] * 8


def test_one_connection_to_a_host_at_a_time(publisher: Publisher, feeds: Feeds) -> None:
    busy, most = threading.Semaphore(1), []

    def answer(handler: Handler) -> None:
        most.append(busy.acquire(blocking=False))
        threading.Event().wait(0.02)
        busy.release()  # before the answer, which lets the next one begin
        handler.reply(rss2(publisher.site, [story()], True)[0], Content_Type="application/rss+xml")

    opml = "".join(f'<outline xmlUrl="{publisher.site}/f{number}"/>' for number in range(6))
    feeds.import_opml(f"<opml><body>{opml}</body></opml>")
    for number in range(6):
        publisher.server.does(f"/f{number}", answer)
    take(feeds)
    assert most == [True] * 6


def test_pages_of_a_host_are_bounded_and_the_others_follow(
    publisher: Publisher, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.reading.feeds.poll.MOST_PAGES", 2)
    stories = [story(number) for number in range(1, 6)]
    publisher.pages(*stories)
    feeds.add(publisher.feed(stories))
    counts = [len(articles(take(feeds))) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


def test_the_page_says_more_of_its_dates(publisher: Publisher, feeds: Feeds) -> None:
    dates = '<meta property="article:published_time" content="2026-04-30T08:00:00+02:00">'
    publisher.server.serves(story().path, page(story(), dates), Content_Type="text/html")
    feeds.add(publisher.feed([story()]))
    (arrival,) = take(feeds)
    assert arrival.article.published == datetime(2026, 4, 30, 6, tzinfo=UTC)


def test_formats_are_those_of_the_table() -> None:
    table = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    assert all(name in table for name in [*FORMATS, *ANSWERS])


def test_a_day_that_lay_in_the_future_is_looked_at_again_when_it_has_come(publisher: Publisher, feeds: Feeds) -> None:
    early, typo = START + 9 * DAY, START.replace(year=2199)
    stories = [replace(story(1), published=early), replace(story(2), published=typo), story(3)]
    feeds.add(publisher.feed(stories, full=True))

    def days(at: datetime) -> list[Day | None]:
        return [item.article.published for item in take(feeds, at) if isinstance(item, Arrival)]

    assert sorted(map(str, days(START))) == sorted(map(str, [None, None, story(3).published]))
    assert days(START + 2 * DAY) == []
    assert days(early + DAY) == [early]
    assert days(early + 2 * DAY) == []

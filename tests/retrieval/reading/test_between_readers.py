"""What one reader brings about, by accident or on purpose, changes nothing that another one sees or keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrieval.edition import Edition
from retrieval.newsroom import Newsroom
from retrieval.reading.retention import Retention
from tests.retrieval.reading.test_own_feeds import FERRY, KITE, LANTERN, titles
from tests.retrieval.reading.test_own_pages import long_ago
from tests.retrieval.reading.test_shared_feeds import due_again, held
from tests.support.publisher import Publisher, page, story

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture
def one(room: Newsroom) -> Edition:
    return room.edition("1")


@pytest.fixture
def two(room: Newsroom) -> Edition:
    return room.edition("2")


class TestAPageThatCallsAnotherAddressItsOwn:
    CLAIM = '<link rel="canonical" href="{}">'

    def forged(self, publisher: Publisher, address: str) -> str:
        told = page(KITE, self.CLAIM.format(address))
        publisher.server.serves("/forged", told, Content_Type="text/html; charset=utf-8")
        return f"{publisher.site}/forged"

    def test_is_not_seen_by_who_added_that(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        publisher.pages(FERRY)
        genuine = publisher.site + FERRY.path
        one.add_pages([genuine])
        two.add_pages([self.forged(publisher, genuine)])
        assert (titles(one), titles(two)) == ([FERRY.title], [KITE.title])
        assert one.headlines()[0].url == genuine

    def test_nor_by_who_adds_it_later(self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
        publisher.pages(FERRY)
        genuine = publisher.site + FERRY.path
        two.add_pages([self.forged(publisher, genuine)])
        one.add_pages([genuine])
        assert (titles(one), titles(two)) == ([FERRY.title], [KITE.title])
        long_ago(room)
        two.add_pages([self.forged(publisher, genuine)])
        assert (titles(one), titles(two)) == ([FERRY.title], [KITE.title])


class TestAFeedThatMoves:
    def test_and_comes_back_brings_nothing_to_who_read_where_it_went(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        genuine = publisher.feed([FERRY], full=True, path="/genuine")
        bait = publisher.feed([LANTERN], full=True, path="/bait")
        two.feeds.add(bait)
        publisher.server.serves("/bait", status=301, Location=genuine)
        room.poll_feeds()
        one.feeds.add(genuine)
        room.poll_feeds()
        publisher.feed([KITE], full=True, path="/bait")
        two.feeds.add(bait)
        due_again(room)
        room.poll_feeds()
        assert (titles(one), titles(two)) == ([FERRY.title], [FERRY.title, KITE.title])

    def test_to_another_site_brings_nothing_of_what_it_was_to_who_reads_that(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        genuine = publisher.feed([FERRY], full=True, path="/genuine")
        bait = publisher.feed([LANTERN], full=True, path="/bait").replace("news.example", "bait.example")
        two.feeds.add(bait)
        room.poll_feeds()
        publisher.server.serves("/bait", status=301, Location=genuine)
        due_again(room)
        room.poll_feeds()
        one.feeds.add(genuine)
        room.poll_feeds()
        assert (titles(one), titles(two)) == ([FERRY.title], [FERRY.title, LANTERN.title])

    def test_to_one_that_the_host_reads_too_goes_on_for_who_does_not(
        self, publisher: Publisher, room: Newsroom, one: Edition
    ) -> None:
        old = publisher.feed([FERRY], full=True, path="/old")
        new = publisher.feed([FERRY, KITE], full=True, path="/new")
        one.leave_collection("news")
        for url in (old, new):
            room.feeds.add(url)
        one.feeds.add(old)
        publisher.server.serves("/old", status=301, Location=new)
        room.poll_feeds()
        assert titles(one) == titles(room) == [FERRY.title, KITE.title]
        assert [(feed.retired, feed.error) for feed in one.list_feeds()] == [(False, None)]


class TestWhoLeavesAFeed:
    def test_before_another_one_got_what_it_had_leaves_it_that(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        url = publisher.feed([FERRY, KITE], full=True)
        room.feeds.add(url)
        room.poll_feeds()
        one.leave_collection("news")
        one.feeds.add(url)
        room.feeds.remove(url)
        room.poll_feeds()
        assert titles(one) == [FERRY.title, KITE.title]
        assert room.next_poll() != 0


def test_only_one_of_several_at_an_address_is_taken_out(publisher: Publisher, room: Newsroom, one: Edition) -> None:
    posts = [replace(each, path=f"/live#post-{at}") for at, each in enumerate((FERRY, KITE), 1)]
    one.feeds.add(publisher.feed(posts, full=True))
    room.poll_feeds()
    assert titles(one) == [FERRY.title, KITE.title]
    one.remove(next(each.id for each in one.headlines() if each.title == KITE.title), "a test")
    assert titles(one) == [FERRY.title]


def test_news_of_readers_age_nothing_of_the_hosts(publisher: Publisher, room: Newsroom, one: Edition) -> None:
    """Where no news comes, articles age no more: that it comes to others is none of the host's."""
    now = datetime.now(UTC)
    room.feeds.add(publisher.feed([replace(FERRY, published=now - timedelta(300))], full=True, path="/old"))
    room.poll_feeds()
    room._machinery.retention = room._machinery.changes._retention = Retention(days=30)
    assert titles(room) == [FERRY.title]
    one.feeds.add(publisher.feed([replace(KITE, published=now)], full=True, path="/new"))
    room.poll_feeds()
    assert (titles(room), titles(one)) == ([FERRY.title], [FERRY.title, KITE.title])
    publisher.pages(LANTERN)
    report = one.add_pages([publisher.site + LANTERN.path])
    assert report.removed == 0


def test_what_goes_by_its_age_is_not_told_to_who_adds_a_page(
    publisher: Publisher, room: Newsroom, one: Edition
) -> None:
    room.feeds.add(publisher.feed([FERRY, KITE], full=True))
    room.poll_feeds()
    room._machinery.changes._retention = Retention(articles=1)
    publisher.pages(LANTERN)
    assert one.add_pages([publisher.site + LANTERN.path]).removed == 0
    assert len(held(room)[0]) == 1


def test_of_a_readers_feed_the_newest_are_kept(publisher: Publisher, room: Newsroom, one: Edition) -> None:
    room._machinery.changes._retention = Retention(of_readers=2)
    one.leave_collection("news")
    now = datetime.now(UTC)
    told = [replace(each, published=now - timedelta(days)) for days, each in enumerate((FERRY, KITE, LANTERN))]
    room.feeds.add(publisher.feed(told, full=True))
    one.feeds.add(publisher.feed(told, full=True, path="/one"))
    room.poll_feeds()
    assert (titles(one), len(titles(room))) == (sorted([FERRY.title, KITE.title]), 3)


def test_a_feed_with_many_pages_of_a_site_leaves_others_their_turn(
    publisher: Publisher, room: Newsroom, one: Edition, two: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.reading.feeds.poll.MOST_PAGES", 4)
    many = [story(number, about="lantern") for number in range(10, 20)]
    publisher.pages(FERRY, *many)
    two.feeds.add(publisher.feed(many, path="/a-many"))
    one.feeds.add(publisher.feed([FERRY], path="/b-one"))
    room.poll_feeds()
    assert titles(one) == [FERRY.title]


def test_the_addresses_of_the_hosts_feeds_are_told_to_nobody(
    publisher: Publisher, room: Newsroom, one: Edition
) -> None:
    secret = publisher.server.serves("/secret", status=500) + "?key=hush"
    room.feeds.add(publisher.feed([FERRY], full=True, path="/secret") + "?key=hush")
    own = publisher.feed([KITE], full=True, path="/own") + "?key=mine"
    one.feeds.add(own)
    publisher.server.serves("/secret", status=500)
    publisher.server.serves("/own", status=500)
    room.poll_feeds()
    told = {failure.where for failure in one.status().feeds_failed}
    assert told == {"news.example", own}
    assert [failure.where for failure in room.status().feeds_failed] == [secret]

"""Feeds that readers choose for themselves: each reader has its own list, and each feed is read once for all."""

from __future__ import annotations

import pytest

from retrieval.edition import Edition
from retrieval.errors import FeedUnusable
from retrieval.index.sections import open_section, readers_of, sections
from retrieval.newsroom import Newsroom
from tests.retrieval.reading.test_shared_feeds import due_again, held
from tests.support.publisher import Publisher, story

pytestmark = pytest.mark.usefixtures("bag_of_words")
FERRY, KITE, LANTERN = story(1), story(2, about="kite"), story(3, about="lantern")


@pytest.fixture
def one(room: Newsroom) -> Edition:
    return room.edition("1")


@pytest.fixture
def two(room: Newsroom) -> Edition:
    return room.edition("2")


def titles(edition: Edition) -> list[str]:
    return sorted(article.title for article in edition.headlines())


def addresses(edition: Edition) -> list[str]:
    return [feed.url for feed in edition.list_feeds()]


class TestAFeed:
    def test_is_its_readers_alone(self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
        ours = publisher.feed([FERRY], full=True, path="/one")
        theirs = publisher.feed([KITE], full=True, path="/two")
        assert not one.feeds.add(ours).known
        assert one.feeds.add(ours).known
        two.feeds.add(theirs)
        assert room.poll_feeds().added == 2
        assert (titles(one), titles(two), titles(room)) == ([FERRY.title], [KITE.title], [])
        assert (addresses(one), addresses(two), addresses(room)) == ([ours], [theirs], [])
        assert [feed.articles for feed in one.list_feeds()] == [1]
        assert one.feeds.export_opml().count("xmlUrl") == 1
        assert (one.status().feeds, two.status().feeds, room.status().feeds) == (1, 1, 0)
        with pytest.raises(FeedUnusable, match="This feed is not read"):
            two.feeds.remove(ours)
        publisher.server.serves("/one", status=500)
        due_again(room)
        room.poll_feeds()
        failed = [len(each.status().feeds_failed) for each in (one, two, room)]
        assert failed == [1, 0, 0]

    def test_is_asked_once_for_all_and_joined_without_asking(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        url = publisher.feed([FERRY], full=True)
        one.feeds.add(url)
        room.poll_feeds()
        generation = room.status().generation
        publisher.server.asked.clear()
        assert not two.feeds.add(url).known
        assert titles(two) == [FERRY.title]
        assert (room.poll_feeds().added, room.status().generation, publisher.server.paths) == (0, generation, [])
        room.feeds.add(url)
        assert room.poll_feeds().embedded == 0
        assert (titles(room), titles(one)) == ([FERRY.title], [FERRY.title])
        assert [feed.articles for feed in room.list_feeds()] == [1]

    def test_is_asked_until_the_last_one_left(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        url = publisher.feed([FERRY], full=True)
        one.feeds.add(url)
        two.feeds.add(url)
        room.poll_feeds()
        assert one.feeds.remove(url).url == url
        assert (one.feeds.list(), len(two.feeds.list())) == ((), 1)
        publisher.feed([FERRY, KITE], full=True)
        due_again(room)
        assert room.poll_feeds().added == 1
        assert (titles(one), titles(two)) == ([FERRY.title], [FERRY.title, KITE.title])
        two.feeds.remove(url)
        assert (room.feeds.every(), room.next_poll()) == ((), None)
        assert titles(two) == [FERRY.title, KITE.title]
        one.feeds.add(url)
        assert titles(one) == [FERRY.title, KITE.title]
        publisher.feed([LANTERN], full=True)
        room.poll_feeds()
        assert titles(one) == sorted([FERRY.title, KITE.title, LANTERN.title])
        assert titles(two) == [FERRY.title, KITE.title]

    def test_of_the_host_is_not_for_others_to_remove(self, publisher: Publisher, room: Newsroom, one: Edition) -> None:
        url = publisher.feed([FERRY], full=True)
        room.feeds.add(url)
        room.poll_feeds()
        assert (titles(one), addresses(one)) == ([FERRY.title], [])
        assert [(feed.url, feed.articles) for feed in one.shared_feeds()] == [(url, 1)]
        with pytest.raises(FeedUnusable, match="the host's, in the collection news"):
            one.feeds.remove(url)
        assert not one.feeds.add(url).known
        room.poll_feeds()
        assert titles(one) == [FERRY.title]
        one.feeds.remove(url)
        assert len(room.feeds.list()) == 1


def test_lists_of_feeds_are_ones_own(publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
    urls = [publisher.feed([FERRY], full=True, path="/one"), publisher.feed([KITE], full=True, path="/two")]
    two.feeds.add(urls[1])
    outlines = "".join(f'<outline type="rss" text="F" xmlUrl="{url}"/>' for url in [*urls, urls[0] + "/"])
    opml = f'<opml version="2.0"><body>{outlines}</body></opml>'
    imported = one.feeds.import_opml(opml)
    assert (imported.added, imported.known, imported.failed) == (tuple(urls), (urls[0] + "/",), ())
    assert sorted(addresses(one)) == sorted(urls)
    assert one.feeds.import_opml(opml).added == ()
    assert addresses(two) == [urls[1]]
    room.poll_feeds()
    assert (len(titles(one)), titles(two)) == (2, [KITE.title])


def test_a_secret_of_one_is_not_told_to_another(
    publisher: Publisher, room: Newsroom, one: Edition, two: Edition
) -> None:
    plain = publisher.feed([FERRY], full=True)
    secret = f"{plain}?giftid=hush"
    one.feeds.add(secret)
    added = two.feeds.add(plain)
    assert "hush" not in repr(added)
    room.poll_feeds()
    assert "hush" not in repr((two.list_feeds(), two.status(), two.feeds.export_opml()))
    assert len(sections(room._machinery.store)) == 3


def test_a_choice_without_its_feed_is_mended_by_adding_it_again(
    publisher: Publisher, room: Newsroom, one: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = publisher.feed([FERRY], full=True)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room.feeds, "subscribe", dies)
        with pytest.raises(KeyboardInterrupt):
            one.feeds.add(url)
    with room._machinery.store.transaction() as connection:
        assert readers_of(connection, open_section(connection, room.feeds.sought(url, ()).origin)) == ["1"]
    assert (addresses(one), room.poll_feeds().added) == ([], 0)
    assert not one.feeds.add(url).known
    room.poll_feeds()
    assert (titles(one), list(held(room))) == ([FERRY.title], [1])

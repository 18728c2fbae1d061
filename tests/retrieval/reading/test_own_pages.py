"""Pages that readers add, and what they take out, for themselves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.article import ReloadReport
from retrieval.edition import Edition
from retrieval.errors import TooOld, UnknownArticle
from retrieval.newsroom import Newsroom
from retrieval.reading.withdrawals import STAYS_OUT
from tests.retrieval.reading.test_own_feeds import FERRY, KITE, addresses, titles
from tests.retrieval.reading.test_shared_feeds import due_again, held
from tests.support.publisher import Publisher

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture
def one(room: Newsroom) -> Edition:
    return room.edition("1")


@pytest.fixture
def two(room: Newsroom) -> Edition:
    return room.edition("2")


def counts(report: ReloadReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


def long_ago(room: Newsroom) -> None:
    """As if all had been fetched the day before."""
    with room._machinery.store.transaction() as connection:
        connection.execute("UPDATE article SET seen = '2026-01-01T00:00:00.000000+00:00'")


class TestAPage:
    def test_is_its_readers_alone(self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
        publisher.pages(FERRY)
        url = publisher.site + FERRY.path
        assert counts(one.add_pages([url])) == (1, 0, 0, 0)
        assert counts(one.add_pages([url])) == (0, 0, 0, 1)
        assert (titles(one), titles(two), titles(room)) == ([FERRY.title], [], [])
        assert [hit.passage.article.title for hit in one.search("ferry", limit=1)] == [FERRY.title]
        assert two.search("ferry", limit=1) == () if two.ready() else True

    def test_is_fetched_once_within_the_hour(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        publisher.pages(FERRY)
        url = publisher.site + FERRY.path
        one.add_pages([url])
        publisher.server.asked.clear()
        report = two.add_pages([url])
        assert (counts(report), report.embedded, publisher.server.paths) == ((1, 0, 0, 0), 0, [])
        assert (titles(two), len(held(room)[1])) == ([FERRY.title], 1)
        long_ago(room)
        assert counts(room.edition("3").add_pages([url])) == (1, 0, 0, 0)
        assert FERRY.path in publisher.server.paths
        assert list(held(room)) == [1]

    def test_changes_for_all_who_added_it(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        publisher.pages(FERRY)
        url = publisher.site + FERRY.path
        one.add_pages([url])
        two.add_pages([url])
        long_ago(room)
        publisher.pages(replace(FERRY, text=FERRY.text.replace("harbour", "haven")))
        assert counts(two.add_pages([url])) == (0, 1, 0, 0)
        for edition in (one, two):
            (article,) = edition.headlines()
            assert "haven" in article.body
        long_ago(room)
        publisher.server.serves(FERRY.path, status=410)
        report = one.add_pages([url])
        assert (counts(report), len(report.failed)) == ((0, 0, 1, 0), 1)
        assert (titles(one), titles(two)) == ([], [])

    def test_that_is_seen_already_is_not_new(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        publisher.pages(FERRY)
        room.add_pages([publisher.site + FERRY.path])
        assert counts(one.add_pages([publisher.site + FERRY.path])) == (0, 0, 0, 1)
        assert titles(one) == [FERRY.title]

    def test_shows_to_nobody_what_only_a_secret_address_does(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        publisher.pages(FERRY)
        one.add_pages([f"{publisher.site}{FERRY.path}?unlocked_article_code=hush"])
        publisher.server.asked.clear()
        publisher.pages(replace(FERRY, text=FERRY.paragraphs[0]))
        assert counts(two.add_pages([publisher.site + FERRY.path])) == (1, 0, 0, 0)
        assert FERRY.path in publisher.server.paths
        assert [article.body == FERRY.text for article in (*one.headlines(), *two.headlines())] == [True, False]

    def test_that_cannot_be_read_leaves_nothing(self, publisher: Publisher, room: Newsroom, one: Edition) -> None:
        report = one.add_pages([f"{publisher.site}/nothing"])
        assert (counts(report), len(report.failed), held(room)) == ((0, 0, 0, 0), 1, {})


class TestTakingOut:
    def test_is_for_oneself_alone(self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
        room.feeds.add(publisher.feed([FERRY, KITE], full=True))
        room.poll_feeds()
        generation = room.status().generation
        url = publisher.site + FERRY.path
        article, report = one.remove(url, "a test")
        assert (article.title, report.removed, report.generation) == (FERRY.title, 1, generation)
        assert (titles(one), len(titles(two)), len(titles(room))) == ([KITE.title], 2, 2)
        assert one.remove(url, "again")[1].removed == 0
        assert [each.title for each in one.withdrawn()] == [FERRY.title]
        assert (two.withdrawn(), room.withdrawn()) == ((), ())
        article, report = one.restore(url)
        assert (article.title, report.added) == (FERRY.title, 1)
        assert one.restore(url)[1].added == 0
        assert (len(titles(one)), one.withdrawn()) == (2, ())

    def test_is_of_an_article_by_whatever_way_it_comes(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        url = publisher.feed([FERRY], full=True)
        one.feeds.add(url)
        room.poll_feeds()
        page = publisher.site + FERRY.path
        one.remove(page, "a test")
        room.feeds.add(url)
        publisher.pages(FERRY)
        room.add_pages([page])
        room.poll_feeds()
        assert (titles(one), titles(two)) == ([], [FERRY.title])
        refused = one.add_pages([page])
        assert (counts(refused), [each.reason for each in refused.failed]) == ((0, 0, 0, 0), [STAYS_OUT])
        assert len(one.withdrawn()) == 1
        one.restore(page)
        assert titles(one) == [FERRY.title]

    def test_knows_nothing_of_what_others_have(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        one.feeds.add(publisher.feed([FERRY], full=True))
        room.poll_feeds()
        page = publisher.site + FERRY.path
        for edition in (two, room):
            with pytest.raises(UnknownArticle):
                edition.remove(page, "a test")
            with pytest.raises(UnknownArticle):
                edition.restore(page)
        assert (titles(one), addresses(two)) == ([FERRY.title], [])

    def test_of_the_host_is_for_all(self, publisher: Publisher, room: Newsroom, one: Edition) -> None:
        room.feeds.add(publisher.feed([FERRY, KITE], full=True))
        room.poll_feeds()
        assert room.remove(publisher.site + FERRY.path, "a test")[1].removed == 1
        assert (titles(one), one.withdrawn()) == ([KITE.title], ())
        assert [each.title for each in room.withdrawn()] == [FERRY.title]
        due_again(room)
        room.poll_feeds()
        room.restore(publisher.site + FERRY.path)
        assert titles(one) == [FERRY.title, KITE.title]

    def test_cannot_be_undone_where_it_is_too_old(self, publisher: Publisher, room: Newsroom, one: Edition) -> None:
        one.feeds.add(publisher.feed([FERRY], full=True))
        room.poll_feeds()
        one.remove(publisher.site + FERRY.path, "a test")
        room._machinery.retention = replace(room._machinery.retention, days=1)
        with pytest.raises(TooOld):
            one.restore(publisher.site + FERRY.path)

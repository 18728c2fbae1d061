"""What the host offers and allows, and what is left of a reader that is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.article import Collection
from retrieval.edition import Edition
from retrieval.errors import CollectionRefused, LimitReached, UnknownCollection
from retrieval.index.sections import sections
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.allowance import HOUR, Allowance
from tests.retrieval.reading.test_own_feeds import FERRY, KITE, LANTERN, addresses, titles
from tests.retrieval.reading.test_shared_feeds import due_again, held
from tests.support.arrivals import arrival
from tests.support.publisher import Publisher
from tests.support.web_server import Server, session_for

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture
def one(room: Newsroom) -> Edition:
    return room.edition("1")


@pytest.fixture
def two(room: Newsroom) -> Edition:
    return room.edition("2")


def names(room: Newsroom) -> list[str]:
    return [section.name for section in sections(room._machinery.store)]


class TestACollection:
    def test_is_filled_by_the_host_and_read_by_who_wants(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition, tmp_path: Path
    ) -> None:
        room.add_collection("science")
        room.collection_feeds("science").add(publisher.feed([FERRY], full=True))
        publisher.pages(KITE)
        room.poll_feeds()
        room.add_pages([publisher.site + KITE.path], collection="science")
        (tmp_path / "lantern.txt").write_text(f"{LANTERN.title}\n\n{LANTERN.text}\n")
        room.add_files([tmp_path / "lantern.txt"], collection="science")
        assert titles(one) == titles(room) == sorted([FERRY.title, KITE.title, LANTERN.title])
        assert room.collections() == (
            Collection("news", articles=0, feeds=0, read=True),
            Collection("science", articles=3, feeds=1, read=True),
        )
        assert (addresses(room), len(one.shared_feeds()), one.status().feeds) == ([], 1, 1)
        one.leave_collection("science")
        assert (titles(one), one.shared_feeds(), one.status().feeds) == ([], (), 0)
        assert [each.read for each in one.collections()] == [True, False]
        assert [each.read for each in two.collections()] == [True, True]
        one.read_collection("science")
        assert len(titles(one)) == len(titles(two)) == 3

    def test_that_is_not_there_is_named_with_those_that_are(self, room: Newsroom, one: Edition) -> None:
        room.add_collection("sport")
        for ask in (one.read_collection, one.leave_collection, room.drop_collection, room.collection_feeds):
            with pytest.raises(UnknownCollection, match="no collection tennis; those that there are: news, sport"):
                ask("tennis")

    @pytest.mark.parametrize("name", ["", "a" * 41, "two words", "/feed/x", "news"])
    def test_has_a_name_of_its_own(self, room: Newsroom, name: str) -> None:
        with pytest.raises(CollectionRefused):
            room.add_collection(name)

    def test_goes_with_all_that_is_in_it(self, publisher: Publisher, room: Newsroom, one: Edition) -> None:
        room.add_collection("science")
        url = publisher.feed([FERRY], full=True)
        room.collection_feeds("science").add(url)
        room.feeds.add(publisher.feed([KITE], full=True, path="/kite"))
        one.feeds.add(url)
        room.poll_feeds()
        assert room.drop_collection("science").removed == 1
        assert (titles(room), titles(one)) == ([KITE.title], [FERRY.title, KITE.title])
        assert [each.name for each in room.collections()] == ["news"]
        assert len(room.feeds.every()) == 2
        with pytest.raises(CollectionRefused):
            room.drop_collection("news")
        room.add([arrival("ferry")])
        room.add_collection("science")
        assert [each.articles for each in room.collections()] == [2, 0]
        assert not any(name.startswith("/dropped") for name in names(room))


class TestWhatTheHostAllows:
    @pytest.fixture
    def strict(self, server: Server, tmp_path: Path) -> Iterator[Newsroom]:
        (tmp_path / "seeds").mkdir()
        settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds")
        with Newsroom.open(replace(settings, reader_feeds=2, reader_articles=3, reader_adds=4)) as room:
            room._machinery.deliveries._session = session_for(server)
            yield room

    def test_is_so_many_feeds(self, publisher: Publisher, strict: Newsroom) -> None:
        urls = [publisher.feed([each], full=True, path=f"/{at}") for at, each in enumerate((FERRY, KITE, LANTERN))]
        one, two = strict.edition("1"), strict.edition("2")
        one.feeds.add(urls[0])
        one.feeds.add(urls[1])
        publisher.server.asked.clear()
        with pytest.raises(LimitReached, match=r"as many feeds .* \(2\): remove one"):
            one.feeds.add(urls[2])
        assert publisher.server.paths == []
        assert one.feeds.add(urls[0]).known
        two.feeds.add(urls[2])
        one.feeds.remove(urls[0])
        assert not one.feeds.add(urls[2]).known
        outlines = "".join(f'<outline type="rss" text="F" xmlUrl="{url}"/>' for url in urls)
        imported = two.feeds.import_opml(f'<opml version="2.0"><body>{outlines}</body></opml>')
        assert (len(imported.added), len(imported.known), len(imported.failed)) == (1, 1, 1)
        assert imported.failed[0].reason.endswith("remove one before you add another.")
        for url in urls:
            strict.feeds.add(url)

    def test_is_so_many_articles(self, publisher: Publisher, strict: Newsroom) -> None:
        one = strict.edition("1")
        url = publisher.feed([FERRY, KITE, LANTERN], full=True)
        one.feeds.add(url)
        strict.poll_feeds()
        for add in (lambda: one.add_pages([publisher.site]), lambda: one.feeds.add(publisher.site)):
            with pytest.raises(LimitReached, match=r"as many articles .* \(3\)"):
                add()
        one.feeds.remove(url)
        assert one.feeds.add(url)

    def test_is_so_many_adds_an_hour(self) -> None:
        times = [0.0]
        allowance = Allowance(adds=2, clock=lambda: times[0])
        for reader in ("1", "1", "2"):
            allowance.spend(None, reader)  # type: ignore[arg-type]
        times[0] = HOUR - 90
        with pytest.raises(LimitReached, match=r"\(2\): try again in 2 minutes"):
            allowance.spend(None, "1")  # type: ignore[arg-type]
        times[0] = HOUR
        allowance.spend(None, "1")  # type: ignore[arg-type]

    def test_is_said_of_the_pages_that_are_too_many(self, publisher: Publisher, strict: Newsroom) -> None:
        publisher.pages(FERRY)
        one, url = strict.edition("1"), publisher.site + FERRY.path
        report = one.add_pages([url] * 5)
        assert (report.added, report.unchanged, len(report.failed)) == (1, 3, 1)
        with pytest.raises(LimitReached):
            one.add_pages([url])
        assert strict.add_pages([url] * 5).added == 1


class TestAReaderThatIsForgotten:
    def test_leaves_nothing_behind(self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition) -> None:
        shared, own = publisher.feed([FERRY], full=True), publisher.feed([KITE], full=True, path="/own")
        publisher.pages(LANTERN)
        for edition in (one, two):
            edition.feeds.add(shared)
        one.feeds.add(own)
        room.poll_feeds()
        one.add_pages([publisher.site + LANTERN.path])
        one.remove(publisher.site + LANTERN.path, "a test")
        assert room.readers() == ("1", "2")
        report = room.forget("1")
        assert (report.removed, room.readers()) == (2, ("2",))
        assert (titles(one), titles(two), one.withdrawn()) == ([], [FERRY.title], ())
        assert [feed.url for feed in room.feeds.every()] == [shared]
        room.add([arrival("ferry")])
        count = "SELECT count(*) FROM article WHERE title IN (?, ?)"
        assert room._machinery.store.connection().execute(count, (KITE.title, LANTERN.title)).fetchone() == (0,)
        assert len(names(room)) == 2
        assert room.forget("nobody").removed == 0

    def test_is_forgotten_also_where_that_was_broken_off(
        self, publisher: Publisher, room: Newsroom, one: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one.feeds.add(publisher.feed([FERRY], full=True))
        room.poll_feeds()

        def dies() -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(room._machinery.changes, "drop_unseen", dies)
            with pytest.raises(KeyboardInterrupt):
                room.forget("1")
        assert titles(one) == []
        due_again(room)
        publisher.server.asked.clear()
        room.poll_feeds()
        assert (held(room), room.feeds.every(), publisher.server.paths) == ({}, (), [])

    def test_keeps_what_others_have_seen(
        self, publisher: Publisher, room: Newsroom, one: Edition, two: Edition
    ) -> None:
        url = publisher.feed([FERRY], full=True)
        one.feeds.add(url)
        two.feeds.add(url)
        room.poll_feeds()
        two.feeds.remove(url)
        assert room.forget("1").removed == 0
        assert (room.feeds.every(), titles(two)) == ((), [FERRY.title])

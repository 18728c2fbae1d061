"""One feed that several sections read: asked once, its pages fetched once, and each gets all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.article import Failure
from retrieval.errors import FeedUnusable
from retrieval.index.sections import id_within, open_section, read, section_of_version
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.poll import poll, taken
from retrieval.reading.origins import feed_origin
from tests.support.publisher import Publisher, story

pytestmark = pytest.mark.usefixtures("bag_of_words")
STORIES = [story(1), story(2, about="kite")]


def section_of(room: Newsroom, url: str, *readers: str) -> int:
    """The section of a feed, which these read."""
    with room._machinery.store.transaction() as connection:
        number = open_section(connection, feed_origin(url))
        for reader in readers:
            read(connection, reader, number, 0)
    return number


def held(room: Newsroom) -> dict[int, list[str]]:
    """The ids of what each section holds."""
    connection = room._machinery.store.connection()
    found: dict[int, list[str]] = {}
    live = "SELECT key, id FROM article WHERE died IS NULL AND born <= ? ORDER BY id"
    for key, id_ in connection.execute(live, (room._machinery.store.generation().number,)).fetchall():
        found.setdefault(section_of_version(connection, key), []).append(id_)
    return found


def due_again(room: Newsroom) -> None:
    store = room.feeds.store
    with store.open() as reader:
        for feed in reader.get_feeds():
            state = store.state(reader, feed.url)
            store.keep(reader, feed.url, replace(state, rhythm=replace(state.rhythm, due=0.0)))


def test_is_asked_once_for_all(publisher: Publisher, room: Newsroom) -> None:
    publisher.pages(*STORIES)
    url = publisher.feed(STORIES)
    number = section_of(room, url, "1")
    assert not room.feeds.add(url, number).known
    assert not room.feeds.add(url).known
    assert room.feeds.add(url).known
    assert room.feeds.add(url, number).known
    publisher.server.asked.clear()
    report = room.poll_feeds()
    assert (report.added, report.removed) == (4, 0)
    assert sorted(publisher.server.paths) == sorted(["/feed", "/robots.txt", *(each.path for each in STORIES)])
    there = held(room)
    assert len(there[0]) == 2
    assert there[number] == [id_within(id_, number) for id_ in there[0]]
    due_again(room)
    again = room.poll_feeds()
    assert (again.added, again.unchanged, again.embedded) == (0, 0, 0)
    publisher.server.serves(STORIES[0].path, status=410)
    publisher.feed([replace(STORIES[0], summary="Taken back."), STORIES[1]])
    due_again(room)
    assert room.poll_feeds().removed == 2
    assert {section: len(ids) for section, ids in held(room).items()} == {0: 1, number: 1}


def test_comes_again_until_all_have_it(publisher: Publisher, room: Newsroom) -> None:
    url = publisher.feed(STORIES, full=True)
    number = section_of(room, url, "1")
    room.feeds.add(url, number)
    room.feeds.add(url)
    items = [item for item in poll(room.feeds) if isinstance(item, Arrival)]
    assert {item.section for item in items} == {0, number}
    taken(room.feeds, [item for item in items if item.section == 0])
    again = [item for item in poll(room.feeds) if not isinstance(item, Failure)]
    assert again == items
    taken(room.feeds, again[:1])
    taken(room.feeds, again[1:])
    assert list(poll(room.feeds)) == []


class TestWhoJoins:
    def test_gets_what_is_there_without_asking(self, publisher: Publisher, room: Newsroom) -> None:
        publisher.pages(*STORIES)
        url = publisher.feed(STORIES)
        room.feeds.add(url)
        room.poll_feeds()
        due = room.next_poll()
        number = section_of(room, url, "1")
        publisher.server.asked.clear()
        assert not room.feeds.add(url, number).known
        assert due
        assert room.next_poll() == 0
        report = room.poll_feeds()
        assert (report.added, report.embedded, publisher.server.paths) == (2, 0, [])
        assert held(room)[number] == [id_within(id_, number) for id_ in held(room)[0]]
        assert room.next_poll() == due
        assert room.poll_feeds().added == 0
        due_again(room)
        assert room.poll_feeds().updated == 0

    def test_gets_it_also_where_that_was_broken_off(self, publisher: Publisher, room: Newsroom) -> None:
        url = publisher.feed(STORIES, full=True)
        number = section_of(room, url, "1")
        room.feeds.add(url, number)
        room.poll_feeds()
        room.feeds.add(url)  # now the host, from what another one reads

        def stop(_: object) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            room.poll_feeds(stop)
        assert 0 not in held(room)
        assert room.poll_feeds().added == 2
        assert [id_within(id_, number) for id_ in held(room)[0]] == held(room)[number]

    def test_has_to_know_all_of_an_address(self, publisher: Publisher, room: Newsroom) -> None:
        plain = publisher.feed(STORIES)
        secret = f"{plain}?giftid=secret"
        number = section_of(room, secret, "1")
        room.feeds.add(secret, number)
        assert not room.feeds.add(plain).known
        assert [feed.url for feed in room.feeds.list()] == [plain]
        assert [feed.url for feed in room.list_feeds()] == [plain]
        assert [feed.url for feed in room.feeds.list(number)] == [secret]
        assert room.feeds.add(secret, number).known
        assert room.feeds.export_opml().count("xmlUrl") == 1

    def test_is_told_nothing_of_others_when_it_moves(self, publisher: Publisher, room: Newsroom) -> None:
        new = publisher.feed(STORIES, path="/new") + "?key=secret"
        number = section_of(room, new, "1")
        room.feeds.add(new, number)
        old = publisher.feed(STORIES, path="/old")
        room.feeds.add(old)
        publisher.server.serves("/old", status=301, Location=new)
        report = room.poll_feeds()
        assert [each for each in report.failed if "secret" in each.reason + each.where] == []
        assert (room.status().feeds, room.status().feeds_failed) == (1, ())
        assert {section: len(ids) for section, ids in held(room).items()} == {0: 2, number: 2}


class TestWhoLeaves:
    def test_leaves_others_what_they_read(self, publisher: Publisher, room: Newsroom) -> None:
        url = publisher.feed(STORIES, full=True)
        number = section_of(room, url, "1")
        room.feeds.add(url)
        room.feeds.add(url, number)
        assert room.feeds.remove(url).url == url
        with pytest.raises(FeedUnusable):
            room.feeds.remove(url)
        assert (room.feeds.list(), len(room.feeds.list(number))) == ((), 1)
        room.poll_feeds()
        assert list(held(room)) == [number]
        room.feeds.remove(url, number)
        assert room.feeds.every() == ()
        assert room.next_poll() is None

    def test_is_asked_for_no_more_where_only_that_was_noted(self, publisher: Publisher, room: Newsroom) -> None:
        """Had the process died before the feed was told, the next poll would tell it."""
        url = publisher.feed(STORIES, full=True)
        number = section_of(room, url, "1")
        room.feeds.add(url, number)
        with room._machinery.store.transaction() as connection:
            connection.execute("UPDATE reads SET until = 0")
        publisher.server.asked.clear()
        assert room.poll_feeds().added == 0
        assert (publisher.server.paths, room.feeds.every()) == ([], ())

    def test_another_store_of_articles_is_not_filled_with_it(self, publisher: Publisher, room: Newsroom) -> None:
        url = publisher.feed(STORIES, full=True)
        other = section_of(room, "https://other.example/feed", "2")
        room.feeds.add(url, other)
        room.poll_feeds()
        assert (held(room), room.feeds.every()) == ({}, ())


def test_a_feed_half_added_for_a_reader_is_not_the_hosts(
    publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = publisher.feed(STORIES, full=True)
    number = section_of(room, url, "1")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room.feeds.store, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            room.feeds.add(url, number)
    assert room.feeds.every() != ()
    assert (room.feeds.list(), room.list_feeds()) == ((), ())
    room.poll_feeds()
    assert (held(room), room.feeds.every()) == ({}, ())
    assert not room.feeds.add(url, number).known
    room.poll_feeds()
    assert list(held(room)) == [number]

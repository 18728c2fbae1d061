"""Newsrooms that share a database, each with a folder of its own: they serve the same, and change it one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from retrieval.errors import DatabaseUnavailable, KeptHere, ReloadInProgress, StoreUnavailable
from retrieval.index.lexical import LexicalIndex
from retrieval.index.since import TOLD
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.feeds.followed import Feeds
from retrieval.replicas.following import Following
from retrieval.replicas.replica import Replica
from tests.support.postgres import Server, Servers
from tests.support.talks import write
from tests.support.web_server import running

pytestmark = pytest.mark.usefixtures("bag_of_words")

Opened = Callable[..., Newsroom]
APPLE, BERRY, CHERRY = (f"What happened at the {each} talks?" for each in ("apple", "berry", "cherry"))
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>
<item><title>Cherry harvest begins</title><guid isPermaLink="false">cherry</guid>
<pubDate>Tue, 04 Mar 2025 08:00:00 GMT</pubDate>
<description>The cherry harvest began in Marlo on Tuesday, two weeks early: growers expect 40 tonnes.</description>
</item>
</channel></rss>"""


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens newsrooms by name on one database; `follows` it from then on."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    with ExitStack() as open_ones:

        def open_one(name: str, url: str = database_url, *, follows: bool = True) -> Newsroom:
            settings = NewsroomSettings(
                tmp_path / name, seeds, answer_from=0.0, database=url, allow_private_addresses=True
            )
            room = open_ones.enter_context(Newsroom.open(settings))
            if follows and room.shared:
                room.shared.follow(lambda _: room.catch_up())
            return room

        yield open_one


def soon(done: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def quoted(room: Newsroom, question: str) -> list[str]:
    return [quote.text for quote in room.ask(question).quotes]


def reloaded(room: Newsroom) -> bool:
    """Whether it could be: who was away from the database comes back by itself, and says so until then."""
    with suppress(DatabaseUnavailable):
        return bool(room.reload().added)
    return False


def with_standby(servers: Servers) -> tuple[Server, Server, str]:
    """A primary, its standby, and the address of a database that names both."""
    primary = servers.start()
    url = primary.create_database()
    standby = primary.standby()
    (_, first), (_, second) = primary.address(), standby.address()
    return primary, standby, url.replace(f":{first}/", f":{first},127.0.0.1:{second}/")


def found(room: Newsroom, question: str) -> list[tuple[str, float | None]]:
    """By headline, how near the passages are that are found."""
    return [(hit.passage.article.title, hit.cosine) for hit in room.search(question)]


def test_what_one_takes_in_or_out_all_serve(opened: Opened, tmp_path: Path) -> None:
    first, second = opened("first"), opened("second")
    write(tmp_path / "seeds", "a.txt", "apple")
    write(tmp_path / "seeds", "b.txt", "berry")
    first.reload()
    soon(lambda: second.status().generation == 1)
    assert quoted(second, APPLE) == quoted(first, APPLE)
    assert quoted(second, APPLE)
    [article] = {quote.article.id for quote in second.ask(BERRY).quotes}
    second.remove(article, "wrong")
    soon(lambda: first.status().generation == 2)
    assert not any("berry" in text for text in quoted(first, BERRY))
    assert first.latest().stories
    second.restore(article)
    soon(lambda: first.status().generation == 3)
    assert quoted(first, BERRY) == quoted(second, BERRY)


def test_who_comes_later_has_all_there_is(opened: Opened, tmp_path: Path) -> None:
    first = opened("first")
    for word in ("apple", "berry", "cherry"):
        write(tmp_path / "seeds", "a.txt", word)
        first.reload()
    later = opened("later")
    assert later.status().generation == 3
    assert quoted(later, "What happened at the cherry talks?") == quoted(first, "What happened at the cherry talks?")
    article = later.ask(APPLE).quotes[0].article.id
    assert len(later.history(article)) == 3


def test_who_was_away_for_many_generations_indexes_what_changed_only(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What died meanwhile is gone from the tables, and told all the same."""
    first, away = opened("first"), opened("away")
    for number in range(20):
        write(tmp_path / "seeds", f"stays{number}.txt", f"stays{number}")
    first.reload()
    soon(lambda: away.catch_up() == 1)
    away.close()
    for number in range(5):
        write(tmp_path / "seeds", "a.txt", f"word{number}")
        first.reload()
    monkeypatch.setattr("retrieval.index.lexical.FEW", 0)  # a small index is made anew for anything that dies
    monkeypatch.delattr(LexicalIndex, "rebuild")
    away = opened("away")
    assert away.catch_up() == 6
    assert TOLD >= 1000
    for room in (first, away):
        assert room.status().passages == first.status().passages
        assert quoted(room, "What happened at the word4 talks?") == quoted(first, "What happened at the word4 talks?")
        assert not any("word3" in text for text in quoted(room, "What happened at the word3 talks?"))
    assert len(away._machinery.generations.current().dense) == len(first._machinery.generations.current().dense)


def test_one_changes_articles_at_a_time(opened: Opened, tmp_path: Path) -> None:
    first, second = opened("first"), opened("second")
    write(tmp_path / "seeds", "a.txt", "apple")
    assert second.leases.take("changing")
    with pytest.raises(ReloadInProgress):
        first.reload()
    waiting = threading.Thread(target=first.add_files, args=([tmp_path / "seeds" / "a.txt"],))
    waiting.start()
    time.sleep(0.3)
    assert first.status().generation == 0, "it waits"
    second.leases.give_back("changing")
    waiting.join(20)
    soon(lambda: second.status().generation == 1)


def test_two_that_add_the_same_at_once_have_it_once(opened: Opened, tmp_path: Path) -> None:
    rooms = [opened("first"), opened("second")]
    write(tmp_path / "seeds", "a.txt", "apple")
    adding = [threading.Thread(target=room.add_files, args=([tmp_path / "seeds" / "a.txt"],)) for room in rooms]
    for each in adding:
        each.start()
    for each in adding:
        each.join(30)
    soon(lambda: {room.status().generation for room in rooms} == {rooms[0].status().generation})
    assert [room.status().articles for room in rooms] == [1, 1]


@pytest.mark.parametrize("way", ["add_files", "reload"])
def test_who_has_not_heard_of_a_change_yet_makes_the_next_one_on_top_of_it(
    opened: Opened, tmp_path: Path, way: str
) -> None:
    """What the other one took in is not a rest of an interrupted change."""
    first, second = opened("first"), opened("second", follows=False)
    for word in ("apple", "berry"):
        write(tmp_path, f"{word}.txt", word)
    first.add_files([tmp_path / "apple.txt"])
    if way == "reload":
        write(tmp_path / "seeds", "berry.txt", "berry")
        assert second.reload().generation == 2
    else:
        assert second.add_files([tmp_path / "berry.txt"]).generation == 2
    soon(lambda: first.catch_up() == 2)
    for room in (first, second, opened("third")):
        assert {title for title, _ in found(room, APPLE)} == {"Headline about apple", "Headline about berry"}


def test_a_feed_that_one_adds_another_polls(opened: Opened, tmp_path: Path) -> None:
    with running() as web:
        web.serves("/feed", FEED, Content_Type="application/rss+xml")
        address = f"http://127.0.0.1:{web.server_port}/feed"
        first, second = opened("first"), opened("second")
        assert [feed.url for feed in second.list_feeds()] == []
        first.feeds.add(address)
        soon(lambda: [feed.url for feed in second.list_feeds()] == [address])
        second.poll_feeds()
        soon(lambda: first.status().articles == 1)
        soon(lambda: (first.next_poll() or 0) > time.time())
        assert first.poll_feeds().added == 0
        second.feeds.remove(address)
        soon(lambda: not first.list_feeds())


@contextmanager
def cut_off() -> Iterator[None]:
    """What is changed by the feeds' own connections is not shared meanwhile."""

    def exchange(_: Replica) -> None:
        raise DatabaseUnavailable("It is gone.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Replica, "exchange", exchange)
        yield


def test_what_was_changed_while_cut_off_stands_against_what_others_did_to_it(opened: Opened) -> None:
    with running() as web:
        web.serves("/feed", FEED, Content_Type="application/rss+xml")
        address = f"http://127.0.0.1:{web.server_port}/feed"
        first, second = opened("first", follows=False), opened("second", follows=False)
        first.feeds.add(address)
        assert [feed.url for feed in second.list_feeds()] == [address]
        with cut_off(), pytest.raises(KeptHere):
            first.feeds.remove(address)
        second.poll_feeds()
    for room in (first, second):
        assert room.shared
        room.shared.follow(lambda _: None)
    soon(lambda: not second.list_feeds())
    assert not first.list_feeds()


def break_off(feeds: Feeds, url: str) -> None:
    with feeds.store.open() as reader:
        reader.delete_feed(url)
        raise ValueError("by itself")


def test_a_list_of_feeds_is_shared_at_its_end_and_what_breaks_off_is_told_as_it_is(opened: Opened) -> None:
    first, second = opened("first"), opened("second")
    feeds = [f"http://127.0.0.1:8099/feed-{number}" for number in range(3)]
    outlines = "".join(f'<outline xmlUrl="{each}"/>' for each in feeds)
    shared: list[int] = []
    exchange = Replica.exchange
    with cut_off():
        with pytest.raises(KeptHere):
            first.feeds.import_opml(f'<opml version="2.0"><body>{outlines}</body></opml>')
        assert sorted(feed.url for feed in first.list_feeds()) == feeds, "they are kept, and can be looked at"
        with pytest.raises(ValueError, match="by itself"):
            break_off(first.feeds, feeds[2])
    soon(lambda: sorted(feed.url for feed in second.list_feeds()) == feeds[:2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Replica, "exchange", lambda self: shared.append(self.changed_here()) or exchange(self))
        more = outlines.replace("feed-", "more-")
        assert len(second.feeds.import_opml(f'<opml version="2.0"><body>{more}</body></opml>').added) == 3
    assert sum(map(bool, shared)) == 1


def test_it_is_told_of_what_a_change_of_ones_own_brought_in(opened: Opened, tmp_path: Path) -> None:
    first, second = opened("first", follows=False), opened("second", follows=False)
    assert second.shared
    told: list[str] = []
    shared = second.shared
    following = Following(shared._address, None, "nobody", shared._known, told.append)
    with shared._address.connect() as remote:
        following._bring_up(remote, {"articles"}, behind=False)
        assert told == []
        write(tmp_path, "apple.txt", "apple")
        first.add_files([tmp_path / "apple.txt"])
        with second.corpus().store.transaction():
            pass
        following._bring_up(remote, {"articles"}, behind=False)
        following._bring_up(remote, {"articles"}, behind=False)
    assert told == ["articles"]


@pytest.mark.postgres_long
def test_questions_go_on_without_the_database_and_changes_say_so(
    opened: Opened, servers: Servers, tmp_path: Path
) -> None:
    server = servers.start(sync=True)
    url = server.create_database()
    first, second = opened("first", url), opened("second", url)
    write(tmp_path / "seeds", "a.txt", "apple")
    first.reload()
    soon(lambda: second.status().generation == 1)
    assert not first.list_feeds()
    assert not second.list_feeds()
    server.kill()
    assert quoted(first, APPLE) == quoted(second, APPLE)
    write(tmp_path / "seeds", "b.txt", "berry")
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        first.reload()
    with pytest.raises(DatabaseUnavailable):
        second.add_collection("papers")
    assert time.monotonic() - began < 15
    began = time.monotonic()
    with running() as web:
        web.serves("/feed", FEED, Content_Type="application/rss+xml")
        with pytest.raises(KeptHere, match="is kept in this data folder, and shared"):
            first.feeds.add(f"http://127.0.0.1:{web.server_port}/feed")
    assert len(first.list_feeds()) == 1
    assert time.monotonic() - began < 10
    assert first.shared
    soon(lambda: bool(first.shared and first.shared.state().failure))
    late = opened("first", url)  # a process that starts meanwhile, on a folder that is there
    assert quoted(late, APPLE)
    with pytest.raises(StoreUnavailable):
        opened("new", url)
    server.start()
    soon(lambda: first.shared is not None and first.shared.state().failure is None)
    assert first.reload().added == 1
    soon(lambda: second.status().generation == 2)
    soon(lambda: len(second.list_feeds()) == 1)
    second.add_collection("papers")


@pytest.mark.postgres_long
def test_a_process_hears_of_changes_from_a_standby(servers: Servers, tmp_path: Path, opened: Opened) -> None:
    """What the primary wrote before it was gone comes from the standby, which is promoted and then written to."""
    primary, standby, both = with_standby(servers)
    write(tmp_path / "seeds", "a.txt", "apple")
    first = opened("first", both)
    first.reload()
    standby.catch_up(primary)
    primary.kill()
    settings = NewsroomSettings(
        tmp_path / "second",
        tmp_path / "seeds",
        answer_from=0.0,
        database=both,
        database_read=standby.url(both.rsplit("/", 1)[1]),
    )
    with Newsroom.open(settings) as second:  # a new folder begins with what the standby holds
        assert quoted(second, APPLE) == quoted(first, APPLE)
    standby.promote()
    soon(lambda: first.leases.take("polling"))
    write(tmp_path / "seeds", "b.txt", "berry")
    assert first.reload().added == 1
    assert opened("third", both).status().generation == 2


@pytest.mark.postgres_long
def test_generations_that_a_promoted_standby_lacked_are_not_taken_for_later_ones_of_their_numbers(
    servers: Servers, tmp_path: Path, opened: Opened
) -> None:
    """What was lost is not found any more, by words or by meaning, and what came in its place is."""
    primary, standby, both = with_standby(servers)
    write(tmp_path / "seeds", "a.txt", "apple")
    first = opened("first", both)
    first.reload()
    standby.catch_up(primary)
    standby.stop()
    write(tmp_path / "seeds", "b.txt", "berry")
    assert first.reload().generation == 2
    assert quoted(first, BERRY)
    primary.kill()
    standby.start()
    standby.promote()
    (tmp_path / "seeds" / "b.txt").unlink()
    write(tmp_path / "seeds", "c.txt", "cherry")
    second = opened("second", both)
    soon(lambda: second.leases.take("polling"))
    assert second.reload().generation == 2
    soon(lambda: "Headline about cherry" in {title for title, _ in found(first, CHERRY)})
    for question in (APPLE, BERRY, CHERRY):
        assert quoted(first, question) == quoted(second, question)
        assert found(first, question) == found(second, question)
        assert {title for title, _ in found(first, question)} == {"Headline about apple", "Headline about cherry"}
    write(tmp_path / "seeds", "b.txt", "berry")
    soon(lambda: reloaded(first))
    assert first.status().generation == 3
    assert quoted(first, BERRY)

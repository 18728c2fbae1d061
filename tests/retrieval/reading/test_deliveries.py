"""Pages, files and feeds from a real server on loopback, into a real newsroom."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.article import Progress, ReloadReport
from retrieval.errors import AddressRefused, StoreUnavailable
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading import brought
from tests.support.publisher import Publisher, Story, page
from tests.support.skips import needs_files_alone
from tests.support.web_server import Server, session_for

pytestmark = pytest.mark.usefixtures("bag_of_words")


WORDS = """harbour bridge tide ferry council budget school winter strike market bread river museum garden orchestra
station tunnel fire rescue storm roof vote mayor law court judge farm wheat export steel mill union clinic""".split()


def story(number: int = 1) -> Story:
    """Something that never happened, and is not like the others."""
    chosen = random.Random(number)
    name = ("ferry", "kite", "balloon", "lantern")[number - 1]
    sentences = [f"The {' '.join(chosen.choices(WORDS, k=12))} of {chosen.randrange(10**6)}." for _ in range(12)]
    text = f"A {name} rose above the harbour on Friday, and {number + 40} people watched it.\n\n" + "\n\n".join(
        sentences
    )
    return Story(f"/news/{name}", f"A {name} above the harbour", f"A {name} rose.", text)


def changes(report: ReloadReport) -> tuple[int, int, int]:
    return report.added, report.updated, report.removed


def due_again(room: Newsroom) -> None:
    """Have all feeds be due, as they are after a while."""
    store = room.feeds.store
    with store.open() as reader:
        for feed in reader.get_feeds():
            state = store.state(reader, feed.url)
            store.keep(reader, feed.url, replace(state, rhythm=replace(state.rhythm, due=0.0)))


class TestWhatFeedsBring:
    def test_is_taken_in_once(self, publisher: Publisher, room: Newsroom) -> None:
        stories = [story(1), story(2)]
        publisher.pages(*stories)
        assert room.next_poll() is None
        room.feeds.add(publisher.feed(stories))
        assert room.next_poll() == 0
        assert changes(room.poll_feeds()) == (2, 0, 0)
        (hit,) = room.search("How many people watched a kite rise above the harbour?", limit=1)
        assert "42 people watched it" in hit.passage.text
        assert hit.passage.article.source == "Harbour Post"

        due = room.next_poll()
        assert due is not None
        assert due > time.time()
        due_again(room)
        publisher.server.asked.clear()
        again = room.poll_feeds()
        assert (changes(again), again.embedded, again.generation) == ((0, 0, 0), 0, 1)
        assert publisher.server.paths == ["/feed"]  # no page is fetched again

    def test_comes_again_when_it_did_not_get_into_the_index(
        self, publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(brought, "ARTICLES_A_TRANSACTION", 2)
        stories = [story(1), story(2), story(3)]
        room.feeds.add(publisher.feed(stories, full=True))

        def stop_in_the_second_batch(progress: Progress) -> None:
            if progress.stage == "embedding" and room.articles == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            room.poll_feeds(stop_in_the_second_batch)
        assert room.articles == 2
        assert room.list_feeds()[0].articles == 2
        assert changes(room.poll_feeds()) == (1, 0, 0)
        assert len(room.headlines()) == room.list_feeds()[0].articles == 3

    def test_is_taken_in_before_all_of_it_has_come(
        self, publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(brought, "BATCH_SECONDS", 0.0)
        room.feeds.add(publisher.feed([story(1), story(2)], full=True))
        assert changes(room.poll_feeds()) == (2, 0, 0)
        assert room.status().generation == 2

    def test_goes_when_its_publisher_takes_it_back(self, publisher: Publisher, room: Newsroom) -> None:
        gone, stays = story(1), story(2)
        publisher.pages(gone, stays)
        url = publisher.feed([gone, stays])
        room.feeds.add(url)
        room.poll_feeds()
        publisher.server.serves(gone.path, status=410)
        publisher.feed([replace(gone, summary="Taken back."), stays])
        due_again(room)
        assert changes(room.poll_feeds()) == (0, 0, 1)
        assert [article.title for article in room.headlines()] == [stays.title]
        due_again(room)
        assert changes(room.poll_feeds()) == (0, 0, 0)

    def test_and_what_goes_wrong_is_in_the_status(self, publisher: Publisher, room: Newsroom) -> None:
        assert (room.status().feeds, room.status().feeds_failed) == (0, ())
        room.feeds.add(publisher.feed([story()], full=True))
        publisher.server.serves("/feed", status=503)
        report = room.poll_feeds()
        (failure,) = report.failed
        assert "HTTP 503" in failure.reason
        assert (room.status().feeds, room.status().feeds_failed[0].reason) == (1, failure.reason)

    def test_does_not_turn_a_reload_away(
        self, publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        room.feeds.add(publisher.feed([story(1)], full=True))
        reloads: list[ReloadReport] = []
        reloading = threading.Thread(target=lambda: reloads.append(room.reload()))

        def meanwhile(progress: Progress) -> None:
            if progress.stage == "embedding" and not reloading.is_alive() and not reloads:
                reloading.start()
                time.sleep(0.05)
                assert reloading.is_alive()  # it waits for its turn

        assert changes(room.poll_feeds(meanwhile)) == (1, 0, 0)
        reloading.join(30)
        (report,) = reloads
        assert changes(report) == (0, 0, 0)

    def test_leaves_what_lies_in_the_folder(self, publisher: Publisher, room: Newsroom, tmp_path: Path) -> None:
        publisher.pages(story(1))
        url = publisher.site + story(1).path
        front = f"---\n{{url: {url}, published: 2026-05-01}}\n---\n"
        (tmp_path / "seeds" / "kite.txt").write_text(f"{front}{story(1).title}\n{story(1).text}\n")
        room.reload()
        room.feeds.add(publisher.feed([story(1)]))
        assert changes(room.poll_feeds()) == (0, 0, 0)
        publisher.server.serves(story(1).path, status=410)
        publisher.feed([replace(story(1), summary="Taken back.")])
        due_again(room)
        assert changes(room.poll_feeds()) == (0, 0, 0)
        assert len(room.headlines()) == 1


@needs_files_alone
def test_what_the_feeds_brought_comes_again_into_another_index(
    server: Server, publisher: Publisher, tmp_path: Path
) -> None:
    @contextmanager
    def opened() -> Iterator[Newsroom]:
        with Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds")) as room:
            room._machinery.deliveries._session = session_for(server)
            yield room

    (tmp_path / "seeds").mkdir()
    file, earlier = tmp_path / "data" / "articles.sqlite3", tmp_path / "earlier.sqlite3"
    stories = [story(1), story(2)]
    publisher.pages(*stories)
    with opened() as room:
        room.feeds.add(publisher.feed(stories[:1]))
        assert changes(room.poll_feeds()) == (1, 0, 0)
    shutil.copy(file, earlier)
    with opened() as room:
        publisher.feed(stories)
        due_again(room)
        assert changes(room.poll_feeds()) == (1, 0, 0)
        assert changes(room.poll_feeds()) == (0, 0, 0)
    shutil.copy(earlier, file)
    with opened() as room:
        assert changes(room.poll_feeds()) == (1, 0, 0), "what came since the copy"
    file.unlink()
    with opened() as room:
        assert changes(room.poll_feeds()) == (2, 0, 0)
        assert changes(room.poll_feeds()) == (0, 0, 0)


def test_feeds_are_not_opened_again_behind_a_closed_door(publisher: Publisher, room: Newsroom) -> None:
    room.feeds.add(publisher.feed([story(1)], full=True))
    room.close()
    with pytest.raises(StoreUnavailable):
        room.poll_feeds()


class TestPages:
    @pytest.mark.parametrize("status", [404, 410])
    def test_that_are_gone_take_their_article_with_them(
        self, publisher: Publisher, room: Newsroom, status: int
    ) -> None:
        publisher.pages(story(1), story(2))
        urls = [publisher.site + each.path for each in (story(1), story(2))]
        assert changes(room.add_pages(urls)) == (2, 0, 0)
        publisher.server.serves(story(1).path, status=status)
        report = room.add_pages(urls)
        assert changes(report) == (0, 0, 1)
        assert f"HTTP {status}" in report.failed[0].reason
        assert [each.title for each in room.headlines()] == [story(2).title]

    def test_under_another_spelling_that_are_gone_leave_their_article(
        self, publisher: Publisher, room: Newsroom
    ) -> None:
        publisher.pages(story(1))
        url = publisher.site + story(1).path
        room.add_pages([url])
        publisher.server.serves(story(1).path + "/amp", status=404)
        assert changes(room.add_pages([url + "/amp"])) == (0, 0, 0)
        publisher.server.serves(story(1).path, status=404)
        assert changes(room.add_pages([url + "/amp"])) == (0, 0, 1)

    def test_are_taken_in_by_their_address(self, publisher: Publisher, room: Newsroom) -> None:
        publisher.pages(story())
        publisher.server.serves("/picture", b"GIF89a", Content_Type="image/gif")
        publisher.server.serves("/missing", status=404)
        paths = [story().path, "/picture", "/missing"]
        report = room.add_pages([*(publisher.site + path for path in paths), "file:///etc/passwd"])
        assert changes(report) == (1, 0, 0)
        assert [failure.where.rpartition("/")[2] for failure in report.failed] == ["picture", "missing", "passwd"]
        assert "image/gif" in report.failed[0].reason
        assert "HTTP 404" in report.failed[1].reason
        assert changes(room.add_pages([publisher.site + story().path])) == (0, 0, 0)

    def test_that_list_others_now_leave_what_was_read(self, publisher: Publisher, room: Newsroom) -> None:
        publisher.pages(story(1))
        url = publisher.site + story(1).path
        room.add_pages([url])
        others = "".join(
            f"<h2><a href='{each.path}'>{each.title}</a></h2><p>{each.summary}</p>" for each in map(story, (2, 3, 4))
        )
        publisher.server.serves(story(1).path, f"<body>{others}</body>".encode(), Content_Type="text/html")
        report = room.add_pages([url])
        assert (changes(report), [each.reason for each in report.failed]) == (
            (0, 0, 0),
            ["is no article: it lists others; add one of those, or the feed of the site"],
        )

    def test_of_one_site_ask_for_its_robots_txt_once_and_make_one_generation(
        self, publisher: Publisher, room: Newsroom
    ) -> None:
        publisher.pages(story(1), story(2), story(3))
        report = room.add_pages([publisher.site + story(number).path for number in (1, 2, 3)])
        assert (changes(report), report.generation) == ((3, 0, 0), 1)
        assert publisher.server.paths.count("/robots.txt") == 1

    def test_that_robots_may_not_fetch_are_left_alone(self, publisher: Publisher, room: Newsroom) -> None:
        publisher.pages(story())
        publisher.server.serves("/robots.txt", b"User-agent: *\nDisallow: /news/")
        (failure,) = room.add_pages([publisher.site + story().path]).failed
        assert "robots.txt" in failure.reason
        assert publisher.server.paths == ["/robots.txt"]

    @pytest.mark.parametrize("allowed", [True, False])
    def test_of_this_machine_only_where_that_is_allowed(
        self, allowed: bool, publisher: Publisher, tmp_path: Path
    ) -> None:
        url = publisher.feed([story()], full=True).replace("news.example", "127.0.0.1")
        settings = NewsroomSettings(tmp_path / "data", tmp_path, allow_private_addresses=allowed)
        with Newsroom.open(settings) as room:
            if allowed:
                assert room.feeds.check(url).entries == 1
            else:
                with pytest.raises(AddressRefused):
                    room.feeds.check(url)


def test_files_of_every_format_are_taken_in(room: Newsroom, tmp_path: Path) -> None:
    records = [{"id": str(number), "title": f"Tide {number}", "text": story(number).text} for number in (1, 2)]
    (tmp_path / "tides.jsonl").write_text("\n".join(map(json.dumps, records)) + "\nno json\n")
    (tmp_path / "saved.html").write_bytes(page(story(3)))
    (tmp_path / "note.txt").write_text("A note\nThe harbour master retired on Friday after forty years.\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    names = ["tides.jsonl", "saved.html", "note.txt", "picture.png", "missing.csv", "seeds"]
    seen: list[Progress] = []
    report = room.add_files([tmp_path / name for name in names], seen.append)
    assert changes(report) == (4, 0, 0)
    failed = [failure.where.removeprefix(f"{tmp_path}/") for failure in report.failed]
    assert failed == ["tides.jsonl line 3", "picture.png", "missing.csv", "seeds"]
    assert Progress("reading", 1, None) in seen
    again = room.add_files([tmp_path / "tides.jsonl"])
    assert (changes(again), again.unchanged) == ((0, 0, 0), 2)


def test_files_of_one_name_in_two_folders_are_two(room: Newsroom, tmp_path: Path) -> None:
    paths = []
    for number, folder in enumerate(("x", "y"), start=1):
        (tmp_path / folder).mkdir()
        record = {"id": "1", "title": f"Tide {number}", "text": story(number).text}
        (tmp_path / folder / "tides.jsonl").write_text(json.dumps(record))
        (tmp_path / folder / "note.txt").write_text(f"Note {number}\n{story(number + 2).text}\n")
        paths += [tmp_path / folder / "tides.jsonl", tmp_path / folder / "note.txt"]
    report = room.add_files(paths)
    assert changes(report) == (3, 0, 0)
    (failure,) = report.failed
    assert "the id '1' is already used in archive/tides.jsonl" in failure.reason
    assert [article.title for article in room.headlines()].count("Tide 2") == 0
    again = room.add_files(paths)
    assert (changes(again), again.unchanged) == ((0, 0, 0), 3)


def test_a_file_that_gives_an_id_to_another_article_is_told(room: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "tides.jsonl"

    def brings(title: str, text: str) -> tuple[tuple[int, int, int], int]:
        path.write_text(json.dumps({"id": "1", "title": title, "text": text}))
        report = room.add_files([path])
        return changes(report), len(report.failed)

    assert brings("Tide", "The tide rose by two metres on Friday.") == ((1, 0, 0), 0)
    assert brings("Tide, corrected", "The tide rose by three metres on Friday night.") == ((0, 1, 0), 0)
    assert brings("Loans", "Growers asked for help after an April frost.") == ((0, 0, 0), 1)
    assert [article.title for article in room.headlines()] == ["Tide, corrected"]


def test_headlines_are_found_by_what_they_hold_the_newest_first(room: Newsroom, tmp_path: Path) -> None:
    records = [
        {"id": "a", "title": "Prices up 5% in May", "text": "Bread costs more.", "published": "2026-05-02"},
        {"id": "b", "title": "Prices up 50 in June", "text": "Milk costs more, too.", "published": "2026-06-02"},
        {"id": "c", "title": "Calm", "text": "Nothing costs more.", "source": "Price Post", "published": "2026-01-02"},
    ]
    (tmp_path / "prices.jsonl").write_text("\n".join(map(json.dumps, records)))
    room.add_files([tmp_path / "prices.jsonl"])
    assert [article.id for article in room.headlines("price")] == ["b", "a", "c"]
    assert [article.id for article in room.headlines("price", limit=1)] == ["b"]
    assert [article.id for article in room.headlines("5%")] == ["a"]
    assert [article.id for article in room.headlines("_")] == []
    room.remove("b", "test")
    assert [article.id for article in room.headlines()] == ["a", "c"]

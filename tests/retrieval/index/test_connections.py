"""The end of a store: whatever other threads do just then, it comes, and leaves one file that holds everything."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from retrieval.errors import StoreUnavailable
from retrieval.index.store import Store
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.web.session import GuardedSession
from tests.support.skips import needs_files_alone
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words")
ENDLESS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@contextmanager
def beside(work: Callable[[ExitStack], object]) -> Iterator[None]:
    """A thread that lives until the end of the block, having done `work` before its beginning."""
    done, over = threading.Event(), threading.Event()

    def live() -> None:
        with ExitStack() as left_open:
            work(left_open)
            done.set()
            over.wait(60)

    thread = threading.Thread(target=live)
    thread.start()
    assert done.wait(60)
    yield
    over.set()
    thread.join()


def test_a_copy_of_the_file_alone_is_a_copy_of_everything(settings: NewsroomSettings, tmp_path: Path) -> None:
    with Newsroom.open(settings) as room, beside(lambda _: room.status()):  # whose connection is still open at the end
        room.reload()
        room.close()
        copied = tmp_path / "copied"
        copied.mkdir()
        shutil.copy(settings.data_dir / "articles.sqlite3", copied)
    with Newsroom.open(NewsroomSettings(copied, tmp_path / "nowhere")) as room:
        assert room.status().articles == 3
        assert room.ask("What happened at the apple talks?").answered


@needs_files_alone
def test_a_store_that_lost_its_log_says_so(
    settings: NewsroomSettings, seeds: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = tmp_path / "earlier.sqlite3"
    with Newsroom.open(settings) as room:
        room.reload()
    shutil.copy(settings.data_dir / "articles.sqlite3", earlier)
    with Newsroom.open(settings) as room:
        assert caplog.text == ""
        write(seeds, "d.txt", "damson")
        room.reload()
    shutil.copy(earlier, settings.data_dir / "articles.sqlite3")
    with Newsroom.open(settings) as room:
        assert "older than what was served from it (generation 1, where 2 was reached)" in caplog.text
        assert room.ask("What happened at the apple talks?").answered, "what is there is served"
        assert room.reload().added == 1


def test_feeds_are_in_one_file_too_though_a_poll_is_broken_off(tmp_path: Path) -> None:
    feeds = Feeds.open(tmp_path / "feeds.sqlite3", GuardedSession())
    with beside(lambda polling: polling.enter_context(feeds.store.open()).add_feed("https://news.example/feed")):
        feeds.close()
        shutil.copy(tmp_path / "feeds.sqlite3", tmp_path / "copied.sqlite3")
    with Feeds.open(tmp_path / "copied.sqlite3", GuardedSession()) as copied:
        assert [feed.url for feed in copied.list()] == ["https://news.example/feed"]


def test_nothing_is_left_beside_the_file_where_nobody_else_has_it_open(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
    assert [path.name for path in settings.data_dir.glob("articles.sqlite3*")] == ["articles.sqlite3"]


def test_a_thread_that_has_just_closed_its_connection_does_not_disturb(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite3")
    with beside(lambda _: store.connection().close()):  # as the end of a thread does, which can be under way
        store.close()
    with pytest.raises(StoreUnavailable, match="closing"):
        store.connection()


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_thread_has_the_connection_of_one_that_has_ended(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite3")
    had: list[sqlite3.Connection] = []
    for _ in range(3):
        in_a_thread(lambda: had.append(store.connection()))
    assert had[0] is had[1] is had[2]
    with beside(lambda _: had.append(store.connection())):
        assert had[3] is had[0]
        in_a_thread(lambda: had.append(store.connection()))
        assert had[4] is not had[0], "two threads never have one"
    store.close()
    for each in had:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            each.execute("SELECT 1")


@pytest.mark.parametrize(
    "left", [["SELECT count(*) FROM withdrawn UNION ALL SELECT 1"], ["BEGIN", "SELECT count(*) FROM withdrawn"]]
)
def test_what_is_left_unread_is_not_seen_by_the_next_thread(tmp_path: Path, left: list[str]) -> None:
    """As where an error is kept, with all that was being done when it was raised."""
    store = Store(tmp_path / "articles.sqlite3")
    kept: list[sqlite3.Cursor] = []
    seen: list[tuple[int]] = []

    def leave() -> None:
        for statement in left:
            kept.append(store.connection().execute(statement))
            kept[-1].fetchone()

    in_a_thread(leave)
    with store.transaction() as connection:
        connection.execute("INSERT INTO withdrawn (id, reason, at) VALUES ('a', 'b', 'c')")
    in_a_thread(lambda: seen.append(store.connection().execute("SELECT count(*) FROM withdrawn").fetchone()))
    assert seen == [(1,)]
    store.close()


def test_what_runs_for_long_is_broken_off(tmp_path: Path) -> None:
    store = Store(tmp_path / "articles.sqlite3")
    asking = threading.Event()
    raised: list[Exception] = []

    def ask() -> None:
        connection = store.connection()
        connection.set_progress_handler(asking.set, 1000)
        try:
            connection.execute(ENDLESS)
        except sqlite3.Error as error:
            raised.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    assert asking.wait(60)
    store.close()
    thread.join(60)
    assert [str(error) for error in raised] == ["interrupted"]
    with pytest.raises(StoreUnavailable, match="closing"):
        store.connection()


def test_a_file_that_is_used_by_another_process_is_let_go_of_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("retrieval.sqlite.WRITTEN_BACK_WITHIN", 0.1)
    path = tmp_path / "articles.sqlite3"
    store = Store(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT count(*) FROM article").fetchone() == (0,)
    with store.transaction() as connection:
        connection.execute("INSERT INTO withdrawn (id, reason, at) VALUES ('a', 'b', 'c')")
    store.close()
    assert other.execute("SELECT count(*) FROM withdrawn").fetchone() == (0,), "it goes on reading what it read"
    other.close()
    assert not Path(f"{path}-wal").exists(), "who ends last writes it back"
    assert caplog.text == ""

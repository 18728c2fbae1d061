"""Polling in the background: when, what it survives, and that it ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posting import polling
from bot.posting.polling import LONGEST, Polling, poll_at
from retrieval.article import Progress, ReloadReport
from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.index.embed import Embedder
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.publisher import Publisher, story
from tests.support.web_server import Handler, running, session_for

QUIET = ReloadReport(0, 0, 0, 0, 0, (), 0.1, 1)


class Room:
    """A newsroom whose feeds are due, and fail, as a test decides."""

    def __init__(self, *polls: Callable[[Callable[[Progress], None]], ReloadReport], due: float | None = 0.0) -> None:
        self.polls = list(polls)
        self.due = due
        self.looks = 0
        self.polled = threading.Semaphore(0)

    def next_poll(self) -> float | None:
        self.looks += 1
        return self.due if self.polls else time.time() + 3600

    def poll_feeds(self, progress: Callable[[Progress], None]) -> ReloadReport:
        try:
            return self.polls.pop(0)(progress)
        finally:
            self.polled.release()


@pytest.fixture
def start() -> Iterator[Callable[[Room | Newsroom], Polling]]:
    started: list[Polling] = []

    def starting(room: Room | Newsroom) -> Polling:
        started.append(Polling(cast(Newsroom, room)))
        started[-1].start()
        return started[-1]

    yield starting
    for each in started:
        each.stop(60)
        assert each._thread is None or not each._thread.is_alive()


@given(st.none() | st.floats(0, 1e10), st.floats(0, 1e10))
def test_a_poll_is_never_later_than_feeds_are_due_nor_than_the_longest_pause(due: float | None, last: float) -> None:
    at = poll_at(due, last)
    assert (at == float("inf")) == (due is None)
    assert due is None or (at <= due and at <= last + LONGEST and at in (due, last + LONGEST))


def test_what_is_due_is_polled_once(start: Callable[[Room], Polling]) -> None:
    room = Room(lambda _: QUIET)
    start(room)
    assert room.polled.acquire(timeout=60)
    assert not room.polled.acquire(timeout=0.2)


def test_without_feeds_nothing_is_asked_until_one_is_added(start: Callable[[Room], Polling]) -> None:
    room = Room(lambda _: QUIET, due=None)
    bot = start(room)
    assert not room.polled.acquire(timeout=0.1)
    room.due = 0.0
    bot.wake()
    assert room.polled.acquire(timeout=60)


def test_a_feed_that_another_process_adds_is_noticed(
    start: Callable[[Room], Polling], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LOOK", 0.02)
    room = Room(lambda _: QUIET, due=None)
    start(room)
    while room.looks < 3:
        time.sleep(0.01)
    room.due = 0.0
    assert room.polled.acquire(timeout=60)


@pytest.mark.parametrize("error", [StoreUnavailable("The disk is full."), ZeroDivisionError("odd\nthing")])
def test_an_error_is_one_line_in_the_log_and_the_next_poll_comes_after_a_rest(
    error: Exception,
    start: Callable[[Room], Polling],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_: object) -> ReloadReport:
        raise error

    monkeypatch.setattr(polling, "REST", 0.2)
    monkeypatch.setattr(polling, "LOOK", 0.01)
    caplog.set_level(logging.INFO)
    room = Room(fails, lambda _: QUIET)
    began = time.monotonic()
    start(room)
    assert room.polled.acquire(timeout=60)
    assert room.polled.acquire(timeout=60)
    assert time.monotonic() - began >= 0.2
    (record,) = [record for record in caplog.records if record.name == "bot.posting.polling"]
    assert record.levelname == "WARNING"
    assert str(error).splitlines()[0] in record.message
    assert "\n" not in record.message


def test_where_the_shared_database_fails_the_rest_is_short(
    start: Callable[[Room], Polling], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polling, "DATABASE_REST", 0.1)
    monkeypatch.setattr(polling, "LOOK", 0.01)

    def fails(_: object) -> ReloadReport:
        raise DatabaseUnavailable("The database cannot be reached.")

    room = Room(fails, lambda _: QUIET)
    start(room)
    assert room.polled.acquire(timeout=60)
    assert room.polled.acquire(timeout=60)
    assert "tried again in 0 seconds: The database cannot be reached." in caplog.text


def test_stopping_ends_a_poll_at_its_next_step_without_a_word(
    start: Callable[[Room], Polling], caplog: pytest.LogCaptureFixture
) -> None:
    begun = threading.Event()

    def goes_on(progress: Callable[[Progress], None]) -> ReloadReport:
        begun.set()
        while True:
            progress(Progress("reading", 1, None))
            time.sleep(0.01)

    bot = start(Room(goes_on))
    assert begun.wait(60)
    bot.stop(60)
    assert bot._thread is not None
    assert not bot._thread.is_alive()
    bot.start()  # too late
    assert [record for record in caplog.records if record.name == "bot.posting.polling"] == []


def test_a_real_feed_is_taken_in_while_questions_are_answered(
    start: Callable[[Newsroom], Polling], tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    Embedder(None, tmp_path).load()  # which is converted by then: on a busy machine, that alone takes a minute
    with running() as server, Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds")) as room:
        room._machinery.deliveries._session = session_for(server)
        publisher = Publisher(server)
        held, release = threading.Event(), threading.Event()

        room.feeds.add(publisher.feed([story()], full=True))
        feed = server.answers["/feed"]

        def slow_feed(handler: Handler) -> None:
            held.set()
            release.wait(60)
            feed(handler)

        server.does("/feed", slow_feed)
        bot = start(room)
        assert held.wait(60)
        assert room.latest().stories == ()  # asked while the feed has yet to answer
        release.set()
        until = time.monotonic() + 60
        while not room.articles and time.monotonic() < until:
            time.sleep(0.05)
        bot.stop(60)
        assert "sails again" in room.latest().stories[0].lead.title

"""What is done soon: once for all that ask meanwhile, and again for who asks later."""

from __future__ import annotations

import logging
import threading

import pytest

from bot.connection.soon import Soon
from retrieval.errors import StoreUnavailable


class Work:
    """Counts how often it is done, and waits each time until it may go on."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self) -> None:
        self.begun.release()
        assert self.go_on.acquire(timeout=60)
        if self.errors:
            raise self.errors.pop(0)


def test_it_is_done_once_for_all_that_ask_meanwhile() -> None:
    work = Work()
    soon = Soon(work, "working")
    soon.ask()
    assert work.begun.acquire(timeout=60)
    for _ in range(5):
        soon.ask()
    work.go_on.release()
    assert work.begun.acquire(timeout=60), "what came meanwhile may not have been seen"
    work.go_on.release()
    assert not work.begun.acquire(timeout=0.2)
    soon.ask()
    assert work.begun.acquire(timeout=60)
    work.go_on.release()
    soon.end()


def test_an_error_is_a_line_in_the_log_and_it_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    work = Work(StoreUnavailable("The disk is full."), ZeroDivisionError("odd"))
    soon = Soon(work, "working")
    for _ in range(3):
        soon.ask()
        assert work.begun.acquire(timeout=60)
        work.go_on.release()
    soon.end()
    assert soon._thread is not None
    soon._thread.join(60)
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("WARNING", "working: The disk is full."),
        ("ERROR", "working failed"),
    ]


def test_what_fails_because_all_is_closed_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(ZeroDivisionError("closed"))
    soon = Soon(work, "working")
    soon.ask()
    assert work.begun.acquire(timeout=60)
    soon.end()
    work.go_on.release()
    assert soon._thread is not None
    soon._thread.join(60)
    assert caplog.records == []


def test_it_rests_between_two_times_and_ends_at_once() -> None:
    work = Work()
    soon = Soon(work, "working", pause=600.0)
    soon.ask()
    assert work.begun.acquire(timeout=60)
    soon.ask()
    work.go_on.release()
    assert not work.begun.acquire(timeout=0.2)
    soon.end()
    assert soon._thread is not None
    soon._thread.join(60)
    assert not soon._thread.is_alive()

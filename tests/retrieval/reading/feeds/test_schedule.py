"""When a feed is next asked: bounds that hold for whatever publishers send, and a pace that follows the feed's."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.feeds.schedule import (
    DAY,
    HOUR,
    LONGEST,
    LONGEST_REST,
    MINUTE,
    SHORTEST,
    Rhythm,
    after_answer,
    after_failure,
    hint_of,
    moved_to,
)

NOW = 1_780_000_000.0
seconds = st.floats(0, 1e12)
chances = st.floats(0, 1, exclude_max=True)
rhythms = st.builds(Rhythm, st.floats(SHORTEST, LONGEST), st.integers(0, 1000), seconds, seconds)


@given(rhythms, st.booleans(), seconds, st.none() | seconds, chances)
def test_an_answer_puts_it_off_within_bounds(
    rhythm: Rhythm, changed: bool, asked: float, hint: float | None, chance: float
) -> None:
    after = after_answer(rhythm, NOW, changed=changed, asked=asked, hint=hint, chance=chance)
    pause = after.due - NOW
    assert SHORTEST <= after.interval <= LONGEST
    assert SHORTEST * 0.999 <= pause <= LONGEST * 1.1001
    named = rhythm.hint if hint is None else hint
    assert pause >= min(max(asked, named), LONGEST) * 0.999
    assert after.failures == 0
    assert not after.is_due(NOW)
    assert after.is_due(after.due)


@given(rhythms, seconds, chances)
def test_a_failure_puts_it_off_within_bounds(rhythm: Rhythm, asked: float, chance: float) -> None:
    after = after_failure(rhythm, NOW, asked=asked, chance=chance)
    pause = after.due - NOW
    assert SHORTEST * 0.999 <= pause <= LONGEST_REST * 1.1001
    assert pause >= min(asked, LONGEST_REST) * 0.999
    assert after.interval == rhythm.interval  # failing says nothing of how often it changes


def test_failures_in_a_row_double_the_pause_up_to_a_day() -> None:
    rhythm, pauses = Rhythm(interval=10 * MINUTE), []
    for _ in range(10):
        rhythm = after_failure(rhythm, NOW, chance=0.999999)
        pauses.append(round((rhythm.due - NOW) / MINUTE))
    assert pauses == [20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]
    assert after_answer(rhythm, NOW, changed=False, chance=0).failures == 0


def test_feeds_that_failed_together_do_not_come_back_together() -> None:
    due = {after_failure(Rhythm(), NOW, chance=chance / 100).due for chance in range(100)}
    assert len(due) == 100
    assert max(due) - min(due) > 10 * MINUTE


@pytest.mark.parametrize("every", [10 * MINUTE, HOUR, 6 * HOUR, DAY])
def test_the_pace_follows_how_often_a_feed_changes(every: float) -> None:
    draws = random.Random(7)
    now, changed_at, rhythm, asked, found = 0.0, 0.0, Rhythm(), 0, 0
    while now < 60 * every:
        changed = now - changed_at >= every
        changed_at += (now - changed_at) // every * every if changed else 0
        rhythm = after_answer(rhythm, now, changed=changed, chance=draws.random())
        now, asked, found = rhythm.due, asked + 1, found + changed
    assert found >= 40  # little of what is new waits for long
    assert asked <= 5 * 60 + 10  # and few questions are in vain


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, 0.0),
        ({"ttl": "60"}, HOUR),
        ({"ttl": "soon"}, 0.0),
        ({"ttl": "-5"}, 0.0),
        ({"sy_updateperiod": "hourly"}, HOUR),
        ({"sy_updateperiod": " Daily ", "sy_updatefrequency": "4"}, 6 * HOUR),
        ({"sy_updateperiod": "hourly", "sy_updatefrequency": "0"}, HOUR),
        ({"sy_updateperiod": "never", "ttl": "10"}, 10 * MINUTE),
        ({"ttl": None, "sy_updateperiod": None}, 0.0),
        ({"ttl": "٣"}, 0.0),
    ],
)
def test_what_a_feed_names_is_understood(fields: dict[str, object], wanted: float) -> None:
    assert hint_of(fields) == wanted


def test_a_feed_that_is_not_sent_again_still_means_what_it_said() -> None:
    first = after_answer(Rhythm(), NOW, changed=True, hint=5 * HOUR, chance=0)
    assert after_answer(first, NOW, changed=False, chance=0).due - NOW == 5 * HOUR
    assert after_answer(first, NOW, changed=True, hint=0.0, chance=0).due - NOW < HOUR


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ([], None),
        ([(301, "/a")], "/a"),
        ([(308, "/a"), (301, "/b")], "/b"),
        ([(302, "/a")], None),
        ([(301, "/a"), (302, "/b")], "/a"),
        ([(307, "/a"), (301, "/b")], None),
        ([(303, "/a")], None),
    ],
)
def test_only_what_moved_for_good_moves(hops: list[tuple[int, str]], target: str | None) -> None:
    assert moved_to(hops) == target


@given(rhythms, st.booleans(), seconds, seconds, chances, st.integers(-3, 3))
def test_a_clock_that_was_wrong_puts_nothing_off_for_good(
    rhythm: Rhythm, failed: bool, asked: float, hint: float, chance: float, jump: int
) -> None:
    wrong = NOW + jump * 5 * 365 * DAY
    if failed:
        after = after_failure(rhythm, wrong, asked=asked, chance=chance)
    else:
        after = after_answer(rhythm, wrong, changed=False, asked=asked, hint=hint, chance=chance)
    assert after.is_due(NOW) == (jump != 0)
    assert not after.is_due(wrong), "and with a clock that goes on being wrong it is asked no more often"

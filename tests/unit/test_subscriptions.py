"""The store of digests and alerts, and when a digest is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.due import Schedule, zone_named, zones
from bot.state import State
from bot.subscriptions import MOST, NEVER, SubscriptionRefused, Subscriptions, UnknownSubscription, Wanted

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Schedule("Europe/Berlin", 8, 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Subscriptions]:
    state = State(tmp_path)
    yield Subscriptions(state)
    state.close()


def berlin(*parts: int, fold: int = 0) -> float:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (DAILY, berlin(2026, 1, 10, 7, 59), berlin(2026, 1, 10, 8)),
        (DAILY, berlin(2026, 1, 10, 8), berlin(2026, 1, 11, 8)),
        # Summer time begins and ends: the same hour on the clocks, 23 and 25 hours later.
        (DAILY, berlin(2026, 3, 28, 8), berlin(2026, 3, 28, 8) + 23 * 3600),
        (DAILY, berlin(2026, 10, 24, 8), berlin(2026, 10, 24, 8) + 25 * 3600),
        # 02:30 is left out: the next time that there is, which is 03:00, and 02:30 again the day after.
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 3)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 3, 29, 3), berlin(2026, 3, 30, 2, 30)),
        # 02:30 comes twice: the first one only.
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 24, 12), berlin(2026, 10, 25, 2, 30)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 25, 2, 30), berlin(2026, 10, 26, 2, 30)),
        (Schedule("Europe/Berlin", 2, 30), berlin(2026, 10, 25, 2, 30, fold=1), berlin(2026, 10, 26, 2, 30)),
        # 29 March 2026 is a Sunday.
        (Schedule("Europe/Berlin", 2, 30, 6), berlin(2026, 3, 23, 12), berlin(2026, 3, 29, 3)),
        (Schedule("Europe/Berlin", 8, 0, 0), berlin(2026, 3, 23, 8), berlin(2026, 3, 30, 8)),
        (Schedule("Nowhere/Lost", 8, 0), datetime(2026, 1, 1, tzinfo=UTC).timestamp(), 1767254400.0),
    ],
)
def test_a_digest_is_due_at_its_local_time(schedule: Schedule, after: float, due: float) -> None:
    assert schedule.next_after(after) == due


@given(
    st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
    st.integers(0, 23),
    st.integers(0, 59),
    st.none() | st.integers(0, 6),
    st.integers(1_600_000_000, 1_900_000_000),
)
def test_a_digest_is_due_once_a_day_or_week(zone: str, hour: int, minute: int, weekday: int | None, after: int) -> None:
    schedule = Schedule(zone, hour, minute, weekday)
    first = schedule.next_after(after)
    second = schedule.next_after(first)
    days = 1 if weekday is None else 7
    assert after < first <= after + days * 86_400 + 3 * 3600
    assert abs(second - first - days * 86_400) <= 3 * 3600
    local = [datetime.fromtimestamp(due, ZoneInfo(zone)) for due in (first, second)]
    assert (local[1].date() - local[0].date()).days == days
    assert weekday in (None, local[0].weekday())
    assert all((each.hour, each.minute) >= (hour, minute) for each in local)
    assert any((each.hour, each.minute) == (hour, minute) for each in local)


def test_a_time_zone_is_known_however_it_is_written() -> None:
    assert "Europe/Berlin" in zones()
    assert zone_named(" europe/BERLIN ") == "Europe/Berlin"
    assert zone_named("america/new york") == "America/New_York"
    assert zone_named("Berlin time") is None


def alert(topic: str = "ferries", *, guild: int = 1, channel: int = 2) -> Wanted:
    return Wanted(guild, channel, topic, "en-GB")


def test_subscriptions_are_kept_and_ended(store: Subscriptions, tmp_path: Path) -> None:
    now = berlin(2026, 1, 10, 7)
    digest = store.add(Wanted(1, 2, None, "de", Schedule("Europe/Berlin", 8, 30, 5)), 7, now)
    assert (digest.kind, digest.known, digest.due, digest.paused) == ("digest", 7, berlin(2026, 1, 10, 8, 30), None)
    ferries = store.add(alert(), 7, now)
    state = State(tmp_path)
    again = Subscriptions(state)
    assert again.of(1, "digest") == [digest]
    assert again.of(1, "alert") == [ferries]
    assert again.of(2, "alert") == []
    with pytest.raises(UnknownSubscription):
        again.remove(2, "alert", ferries.id)
    with pytest.raises(UnknownSubscription):
        again.remove(1, "digest", ferries.id)
    assert again.remove(1, "alert", ferries.id) == ferries
    assert store.of(1, "alert") == []
    state.close()


def test_a_server_has_so_many_and_none_twice(store: Subscriptions) -> None:
    for number in range(MOST["alert"]):
        store.add(alert(f"topic {number}"), 1, 0)
    with pytest.raises(SubscriptionRefused, match="at most 25 alerts; end one with /alert remove"):
        store.add(alert("one more"), 1, 0)
    with pytest.raises(SubscriptionRefused, match="has this alert already"):
        store.add(alert("TOPIC 3"), 1, 0)
    store.add(alert("one more", guild=2), 1, 0)
    for number in range(MOST["digest"]):
        store.add(Wanted(1, number, None, "en-US", DAILY), 1, 0)
    with pytest.raises(SubscriptionRefused, match="at most 10 digests; end one with /digest unsubscribe"):
        store.add(Wanted(1, 99, None, "en-US", DAILY), 1, 0)


def test_what_is_ended_takes_its_posts_along(store: Subscriptions) -> None:
    ferries = store.add(alert(), 1, 0)
    store.queue({ferries.id: ["b", "a"]}, 2)
    assert store.waiting(ferries, 10) == ["b", "a"]
    store.plan(ferries, ["b", "a"], 2, 5.0)
    (post,) = store.to_post(6.0)
    assert (post.articles, post.after, post.tries) == (("b", "a"), None, 0)
    assert 2**30 <= post.id < 2**31, "Discord takes only such ids of components"
    store.remove(1, "alert", ferries.id)
    assert store.to_post(6.0) == []
    # What was under way meanwhile does no harm.
    store.trying(post, 3, [])
    store.queue({ferries.id: ["c"]}, 3)
    store.plan(ferries, ["c"], 3, 7.0)
    store.done(post, 8.0)
    assert store.to_post(9.0) == []
    assert store.next_moment(0.0) is None


def test_an_article_waits_once_for_ever(store: Subscriptions) -> None:
    ferries = store.add(alert(), 1, 0)
    store.queue({ferries.id: ["a"]}, 2)
    store.plan(ferries, ["a"], 2, 5.0)
    (post,) = store.to_post(6.0)
    store.trying(post, 0, [])
    store.done(post, 7.0)
    store.queue({ferries.id: ["a", "b"]}, 3)
    assert store.waiting(ferries, 10) == ["b"]
    assert store.posts_since(ferries, 6.0) == 1
    assert store.posts_since(ferries, 7.0) == 0
    assert store.posted_in(2, ["a", "b", "c"]) == {"a"}
    assert store.posted_in(3, ["a"]) == set()


def test_a_paused_alert_keeps_the_newest_only(store: Subscriptions) -> None:
    ferries = store.add(alert(), 1, 0)
    store.queue({ferries.id: ["first"]}, 2)
    store.plan(ferries, ["first"], 2, 5.0)
    (post,) = store.to_post(6.0)
    assert store.put_off(post, NEVER, "gone") is True
    assert store.put_off(post, NEVER, "gone") is False, "it is told once"
    assert store.of(1, "alert")[0].paused == "gone"
    store.queue({ferries.id: [str(number) for number in range(40)]}, 3)
    assert store.waiting(ferries, 100) == [str(number) for number in range(25)]
    assert store.next_moment(0.0) == NEVER
    assert store.to_post(1e12) == []
    store.done(post, 8.0)
    assert store.of(1, "alert")[0].paused is None

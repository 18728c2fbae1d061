"""The store of digests and alerts, and when a digest is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.database import State
from bot.memory.schedule import Schedule, zone_named, zones
from bot.memory.subscriptions import (
    KEPT,
    MOST,
    NEVER,
    WAITING,
    Post,
    Subscription,
    SubscriptionRefused,
    Subscriptions,
    UnknownSubscription,
    Wanted,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Schedule("Europe/Berlin", 8, 0)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path)
    yield state
    state.close()


@pytest.fixture
def store(state: State) -> Subscriptions:
    return Subscriptions(state)


def planned(store: Subscriptions, subscription: Subscription, articles: list[str], now: float) -> Post:
    store.plan(subscription, articles, 2, now)
    (post,) = store.to_post(now)
    return post


def rows(state: State) -> dict[str, int]:
    """How many posts, articles of posts, articles that are yet to be told as left out, and servers that were left."""
    counted = {
        "post": "count(*) FROM post",
        "item": "count(*) FROM item",
        "unshown": "coalesce(sum(n), 0) FROM (SELECT unshown AS n FROM subscription"
        " UNION ALL SELECT unshown FROM post WHERE done IS NULL)",
        "deserted": "count(DISTINCT guild) FROM subscription WHERE deserted IS NOT NULL",
    }
    with state.transaction() as connection:
        return {name: connection.execute(f"SELECT {query}").fetchone()[0] for name, query in counted.items()}


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


def test_an_alert_keeps_the_newest_only_and_counts_the_others(store: Subscriptions) -> None:
    ferries = store.add(alert(), 1, 0)
    store.queue({ferries.id: ["first"]}, 2)
    store.plan(ferries, ["first"], 2, 5.0)
    (post,) = store.to_post(6.0)
    assert store.put_off(post, NEVER, "gone") is True
    assert store.put_off(post, NEVER, "gone") is False, "it is told once"
    assert store.of(1, "alert")[0].paused == "gone"
    store.queue({ferries.id: [str(number) for number in range(40)]}, 3)
    store.queue({ferries.id: [str(number) for number in range(40, 80)]}, 4)
    newest = [str(number) for number in [*range(40, 80), *range(WAITING - 40)]]
    assert store.waiting(ferries, 100) == newest
    assert store.next_moment(0.0) == NEVER
    assert store.to_post(1e12) == []
    store.done(post, 8.0)
    assert store.of(1, "alert")[0].paused is None
    later = planned(store, ferries, newest[-10:], 9.0)
    assert (post.unshown, later.unshown) == (0, 80 - WAITING)
    store.queue({ferries.id: [f"late {number}" for number in range(20)]}, 5)
    assert [post.unshown for post in store.to_post(9.0)] == [80 - WAITING], (
        "what is left out now is told by the next one"
    )
    store.done(later, 10.0)
    assert planned(store, ferries, ["late 19"], 11.0).unshown == 10


def test_what_was_posted_long_ago_is_forgotten(store: Subscriptions, state: State) -> None:
    ferries, trains = store.add(alert(), 1, 0), store.add(alert("trains"), 1, 0)
    store.queue({ferries.id: [str(number) for number in range(WAITING + 1)]}, 2)
    store.done(planned(store, ferries, ["0", "1"], 5.0), 6.0)
    store.done(planned(store, trains, ["0"], 5.0), 6.0)
    store.done(planned(store, ferries, ["2"], 7.0), 6.0 + KEPT)
    assert rows(state) == {"post": 3, "item": WAITING + 1, "unshown": 0, "deserted": 0}
    store.done(planned(store, ferries, ["3"], 8.0), 6.1 + KEPT)
    assert rows(state) == {"post": 3, "item": WAITING - 1, "unshown": 0, "deserted": 0}
    assert store.posted_in(2, ["0", "1", "2", "3"]) == {"0", "2", "3"}, "the first of them with the trains"


@pytest.mark.parametrize(("schedule", "waiting"), [(None, ["a"]), (DAILY, [])], ids=["alert", "digest"])
def test_what_does_not_fit_waits_for_an_alert_and_goes_with_a_digest(
    store: Subscriptions, state: State, schedule: Schedule | None, waiting: list[str]
) -> None:
    subscription = store.add(Wanted(1, 2, "ferries", "en-GB", schedule), 1, 0)
    post = planned(store, subscription, ["b", "a"], 5.0)
    store.trying(post, 3, ["a"])
    assert store.waiting(subscription, 10) == waiting
    assert rows(state)["item"] == 1 + len(waiting)
    assert store.to_post(5.0)[0].articles == ("b",)


def test_a_digest_that_is_left_out_ends_a_pause(store: Subscriptions) -> None:
    digest = store.add(Wanted(1, 2, None, "en-GB", DAILY), 1, 0)
    for end in ("drop", "pass_by"):
        post = planned(store, digest, [end], 5.0)
        store.put_off(post, 6.0, "send_messages")
        if end == "drop":
            store.drop(post)
        else:
            store.pass_by(digest, 7.0, 2)
        assert store.of(1, "digest")[0].paused is None


def test_a_server_that_was_left_is_forgotten_after_a_month(store: Subscriptions, state: State) -> None:
    ferries, other = store.add(alert(), 1, 0), store.add(alert(guild=7), 1, 0)
    store.left(1, 10.0)
    store.left(2, 10.0)
    assert rows(state)["deserted"] == 1, "nothing is subscribed in the other one"
    assert store.alerts() == [other]
    store.left(1, 20.0)
    store.forget_deserted(10.0 + KEPT)
    store.back(1)
    assert store.alerts() == [ferries, other]
    store.present([7, 8], 30.0)
    assert store.alerts() == [other]
    store.present([1, 7], 31.0)
    assert store.alerts() == [ferries, other]
    store.present([], 32.0)
    store.back(7)
    store.forget_deserted(32.1 + KEPT)
    assert (store.of(1, "alert"), store.of(7, "alert")) == ([], [other])
    assert rows(state)["deserted"] == 0

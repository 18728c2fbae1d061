"""What waits to be posted, what was, and for how long that is remembered."""

from __future__ import annotations

import pytest

from bot.memory.database import Database
from bot.memory.posts import KEPT, NEVER, WAITING, Post, Posts
from bot.memory.schedule import Schedule
from bot.memory.servers import KEPT as SERVERS_KEPT
from bot.memory.servers import Remembered, Servers
from bot.memory.subscriptions import Subscription, SubscriptionRequest, Subscriptions

DAILY = Schedule("Europe/Berlin", 8, 0)


def alert(topic: str = "ferries", *, guild: int = 1, channel: int = 2) -> SubscriptionRequest:
    return SubscriptionRequest(guild, channel, topic, "en-GB")


def planned(posts: Posts, subscription: Subscription, articles: list[str], now: float) -> Post:
    posts.plan(subscription, articles, 2, now)
    (post,) = posts.to_post(now)
    return post


def rows(database: Database) -> dict[str, int]:
    """How many posts, articles of posts, articles that are yet to be told as left out, and servers that were left."""
    counted = {
        "post": "count(*) FROM post",
        "item": "count(*) FROM item",
        "unshown": "coalesce(sum(n), 0) FROM (SELECT unshown AS n FROM subscription"
        " UNION ALL SELECT unshown FROM post WHERE done IS NULL)",
        "deserted": "count(*) FROM departed",
    }
    with database.transaction() as connection:
        return {name: connection.execute(f"SELECT {query}").fetchone()[0] for name, query in counted.items()}


def test_what_is_ended_takes_its_posts_along(subscriptions: Subscriptions, posts: Posts) -> None:
    ferries = subscriptions.add(alert(), 1, 0)
    posts.queue({ferries.id: ["b", "a"]}, 2)
    assert posts.waiting(ferries, 10) == ["b", "a"]
    posts.plan(ferries, ["b", "a"], 2, 5.0)
    (post,) = posts.to_post(6.0)
    assert (post.articles, post.after, post.tries) == (("b", "a"), None, 0)
    assert 2**30 <= post.id < 2**31, "Discord takes only such ids of components"
    subscriptions.remove(1, "alert", ferries.id)
    assert posts.to_post(6.0) == []
    # What was under way meanwhile does no harm.
    posts.trying(post, 3, [])
    posts.queue({ferries.id: ["c"]}, 3)
    posts.plan(ferries, ["c"], 3, 7.0)
    posts.done(post, 8.0)
    assert posts.to_post(9.0) == []
    assert posts.next_moment(0.0) is None


def test_an_article_waits_once_for_ever(subscriptions: Subscriptions, posts: Posts) -> None:
    ferries = subscriptions.add(alert(), 1, 0)
    posts.queue({ferries.id: ["a"]}, 2)
    posts.plan(ferries, ["a"], 2, 5.0)
    (post,) = posts.to_post(6.0)
    posts.trying(post, 0, [])
    posts.done(post, 7.0)
    posts.queue({ferries.id: ["a", "b"]}, 3)
    assert posts.waiting(ferries, 10) == ["b"]
    assert posts.posts_between(ferries, 6.0, 9.0) == 1
    assert posts.posts_between(ferries, 7.0, 9.0) == 0
    assert posts.posted_in(2, ["a", "b", "c"]) == {"a"}
    assert posts.posted_in(3, ["a"]) == set()


def test_an_alert_keeps_the_newest_only_and_counts_the_others(subscriptions: Subscriptions, posts: Posts) -> None:
    ferries = subscriptions.add(alert(), 1, 0)
    posts.queue({ferries.id: ["first"]}, 2)
    posts.plan(ferries, ["first"], 2, 5.0)
    (post,) = posts.to_post(6.0)
    assert posts.put_off(post, NEVER, "gone") is True
    assert posts.put_off(post, NEVER, "gone") is False, "it is told once"
    assert subscriptions.of(1, "alert")[0].paused == "gone"
    posts.queue({ferries.id: [str(number) for number in range(40)]}, 3)
    posts.queue({ferries.id: [str(number) for number in range(40, 80)]}, 4)
    newest = [str(number) for number in [*range(40, 80), *range(WAITING - 40)]]
    assert posts.waiting(ferries, 100) == newest
    assert posts.next_moment(0.0) == NEVER
    assert posts.to_post(1e12) == []
    posts.done(post, 8.0)
    assert subscriptions.of(1, "alert")[0].paused is None
    later = planned(posts, ferries, newest[-10:], 9.0)
    assert (post.unshown, later.unshown) == (0, 80 - WAITING)
    posts.queue({ferries.id: [f"late {number}" for number in range(20)]}, 5)
    assert [post.unshown for post in posts.to_post(9.0)] == [80 - WAITING], (
        "what is left out now is told by the next one"
    )
    posts.done(later, 10.0)
    assert planned(posts, ferries, ["late 19"], 11.0).unshown == 10


def test_what_was_posted_long_ago_is_forgotten(subscriptions: Subscriptions, posts: Posts, database: Database) -> None:
    ferries, trains = subscriptions.add(alert(), 1, 0), subscriptions.add(alert("trains"), 1, 0)
    posts.queue({ferries.id: [str(number) for number in range(WAITING + 1)]}, 2)
    posts.done(planned(posts, ferries, ["0", "1"], 5.0), 6.0)
    posts.done(planned(posts, trains, ["0"], 5.0), 6.0)
    posts.done(planned(posts, ferries, ["2"], 7.0), 6.0 + KEPT)
    assert rows(database) == {"post": 3, "item": WAITING + 1, "unshown": 0, "deserted": 0}
    posts.done(planned(posts, ferries, ["3"], 8.0), 6.1 + KEPT)
    assert rows(database) == {"post": 3, "item": WAITING - 1, "unshown": 0, "deserted": 0}
    assert posts.posted_in(2, ["0", "1", "2", "3"]) == {"0", "2", "3"}, "the first of them with the trains"


@pytest.mark.parametrize(("schedule", "waiting"), [(None, ["a"]), (DAILY, [])], ids=["alert", "digest"])
def test_what_does_not_fit_waits_for_an_alert_and_goes_with_a_digest(
    subscriptions: Subscriptions, posts: Posts, database: Database, schedule: Schedule | None, waiting: list[str]
) -> None:
    subscription = subscriptions.add(SubscriptionRequest(1, 2, "ferries", "en-GB", schedule), 1, 0)
    post = planned(posts, subscription, ["b", "a"], 5.0)
    posts.trying(post, 3, ["a"])
    assert posts.waiting(subscription, 10) == waiting
    assert rows(database)["item"] == 1 + len(waiting)
    assert posts.to_post(5.0)[0].articles == ("b",)


def test_a_digest_that_is_left_out_ends_a_pause(subscriptions: Subscriptions, posts: Posts) -> None:
    digest = subscriptions.add(SubscriptionRequest(1, 2, None, "en-GB", DAILY), 1, 0)
    for end in ("drop", "pass_by"):
        post = planned(posts, digest, [end], 5.0)
        posts.put_off(post, 6.0, "send_messages")
        (digest,) = subscriptions.of(1, "digest")
        if end == "drop":
            posts.drop(post)
        else:
            posts.pass_by(digest, 7.0, 2)
        assert subscriptions.of(1, "digest")[0].paused is None


def test_a_server_that_was_left_is_forgotten_after_a_month(
    subscriptions: Subscriptions, posts: Posts, database: Database
) -> None:
    servers = Servers(database)
    ferries, other = subscriptions.add(alert(), 1, 0), subscriptions.add(alert(guild=7), 1, 0)
    servers.left(1, 10.0)
    assert rows(database)["deserted"] == 1
    assert posts.alerts() == [other]
    servers.left(1, 20.0)
    assert servers.long_gone(10.0 + SERVERS_KEPT) == []
    assert servers.long_gone(10.1 + SERVERS_KEPT) == [1]
    servers.back(1)
    assert posts.alerts() == [ferries, other]
    servers.present([7, 8], [], 30.0)
    assert posts.alerts() == [other]
    servers.present([1, 7], [], 31.0)
    assert posts.alerts() == [ferries, other]
    servers.present([], [], 32.0)
    servers.back(7)
    assert servers.long_gone(32.1 + SERVERS_KEPT) == [1]
    assert servers.forget(1) == Remembered(subscriptions=1)
    assert (subscriptions.of(1, "alert"), subscriptions.of(7, "alert")) == ([], [other])
    assert rows(database)["deserted"] == 0

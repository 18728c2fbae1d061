"""Which channels get a digest or an alert, as moderators want it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.memory.database import Database
from bot.memory.schedule import Schedule
from bot.memory.subscriptions import (
    MOST,
    SubscriptionRefused,
    SubscriptionRequest,
    Subscriptions,
    UnknownSubscription,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = Schedule("Europe/Berlin", 8, 0)


def berlin(*parts: int, fold: int = 0) -> float:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).timestamp()  # type: ignore[arg-type, misc]


def alert(topic: str = "ferries", *, guild: int = 1, channel: int = 2) -> SubscriptionRequest:
    return SubscriptionRequest(guild, channel, topic, "en-GB")


def test_subscriptions_are_kept_and_ended(subscriptions: Subscriptions, tmp_path: Path) -> None:
    now = berlin(2026, 1, 10, 7)
    digest = subscriptions.add(SubscriptionRequest(1, 2, None, "de", Schedule("Europe/Berlin", 8, 30, 5)), 7, now)
    assert (digest.kind, digest.known, digest.due, digest.paused) == ("digest", 7, berlin(2026, 1, 10, 8, 30), None)
    ferries = subscriptions.add(alert(), 7, now)
    database = Database(tmp_path)
    again = Subscriptions(database)
    assert again.of(1, "digest") == [digest]
    assert again.of(1, "alert") == [ferries]
    assert again.of(2, "alert") == []
    with pytest.raises(UnknownSubscription):
        again.remove(2, "alert", ferries.id)
    with pytest.raises(UnknownSubscription):
        again.remove(1, "digest", ferries.id)
    assert again.remove(1, "alert", ferries.id) == ferries
    assert subscriptions.of(1, "alert") == []
    database.close()


def test_a_server_has_so_many_and_none_twice(subscriptions: Subscriptions) -> None:
    for number in range(MOST["alert"]):
        subscriptions.add(alert(f"topic {number}"), 1, 0)
    with pytest.raises(SubscriptionRefused, match="at most 25 alerts; end one with /alert remove"):
        subscriptions.add(alert("one more"), 1, 0)
    with pytest.raises(SubscriptionRefused, match="has this alert already"):
        subscriptions.add(alert("TOPIC 3"), 1, 0)
    subscriptions.add(alert("one more", guild=2), 1, 0)
    for number in range(MOST["digest"]):
        subscriptions.add(SubscriptionRequest(1, number, None, "en-US", DAILY), 1, 0)
    with pytest.raises(SubscriptionRefused, match="at most 10 digests; end one with /digest unsubscribe"):
        subscriptions.add(SubscriptionRequest(1, 99, None, "en-US", DAILY), 1, 0)

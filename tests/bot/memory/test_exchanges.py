from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory import exchanges as module
from bot.memory.database import Database
from bot.memory.exchanges import KEEP_SECONDS, Asking, Exchange, Exchanges, Place, Votes, new_id
from bot.memory.listings import Listing, Listings
from retrieval.article import Scope
from tests.support.clock import Clock

NOW = 1.7e9


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def kept(database: Database, clock: Clock) -> Exchanges:
    return Exchanges(database, clock)


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


def an_exchange(question: str = "Why?", asked: float = 0, parent: int | None = None, channel: int = 9) -> Exchange:
    return Exchange(new_id(), Asking(question, 5, channel, parent=parent), at(asked))


places = st.builds(Place, st.text(), st.text(), st.integers(0, 10**6), st.integers(0, 10**6))
days = st.none() | st.dates() | st.datetimes(timezones=st.just(UTC))
some = st.none() | st.integers(0, 2**63 - 1)
printable = st.text(st.characters(exclude_categories=["Cs"]))
askings = st.builds(
    Asking,
    printable,
    st.integers(0, 2**63 - 1),
    some,
    some,
    st.builds(Scope, days, days, st.none() | printable, language=st.none() | st.sampled_from(["de", "en"])),
    some,
    st.none() | printable,
)
moments = st.integers(0, 2**33).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
exchanges = st.builds(
    Exchange,
    st.integers(0, 2**59),
    askings,
    moments,
    st.lists(places, max_size=5).map(tuple),
    st.lists(printable, max_size=3).map(tuple),
)


@given(exchanges)
def test_an_exchange_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, exchange: Exchange) -> None:
    database = Database(tmp_path_factory.mktemp("database"))
    Exchanges(database, lambda: 0.0).keep(exchange)
    assert Exchanges(database, lambda: 0.0).get(exchange.id) == exchange
    database.close()


def test_what_is_not_known_is_none(kept: Exchanges) -> None:
    assert kept.get(1) is None
    assert kept.of_message(1) is None
    assert kept.newest_in(9, 5, at(-60)) is None
    assert kept.conversation(1, within=60) == ()


def test_a_message_finds_its_exchange(kept: Exchanges) -> None:
    first, second = an_exchange("One?"), an_exchange("Two?")
    for exchange in (first, second):
        kept.keep(exchange)
    kept.sent(second.id, 77)
    assert kept.of_message(77) == second
    assert kept.of_message(78) is None


def test_the_newest_of_a_member_in_a_channel(kept: Exchanges) -> None:
    old, new, elsewhere = an_exchange("Old?", -90), an_exchange("New?", -30), an_exchange("There?", -1, channel=8)
    for exchange in (new, old, elsewhere):
        kept.keep(exchange)
    assert kept.newest_in(9, 5, at(-100)) == new
    assert kept.newest_in(9, 5, at(-10)) is None
    assert kept.newest_in(9, 6, at(-100)) is None


def test_a_conversation_is_bounded_in_turns_and_time(kept: Exchanges) -> None:
    parent: int | None = None
    asked = [("One?", 0), ("Two?", 100), ("Three?", 160), ("Four?", 170)]
    for question, seconds in asked:
        exchange = an_exchange(question, seconds, parent)
        kept.keep(exchange)
        parent = exchange.id
    assert parent is not None
    assert kept.conversation(parent, within=1000) == ("Two?", "Three?", "Four?")
    assert kept.conversation(parent, within=1000, turns=9) == ("One?", "Two?", "Three?", "Four?")
    assert kept.conversation(parent, within=50) == ("Three?", "Four?")
    assert kept.conversation(parent, within=0) == ("Four?",)


def test_a_conversation_is_told_as_it_was_understood(kept: Exchanges) -> None:
    exchange = an_exchange("And he?")
    asking = dataclasses.replace(exchange.asking, understood="What did Rutte say?", parent=12345)
    kept.keep(dataclasses.replace(exchange, asking=asking))
    assert kept.conversation(exchange.id, within=60) == ("What did Rutte say?",)


def test_a_vote_is_one_of_each_member_and_can_be_changed(kept: Exchanges, clock: Clock) -> None:
    exchange = an_exchange()
    kept.keep(exchange)
    assert kept.vote(exchange.id, 1, helpful=True)
    assert kept.vote(exchange.id, 2, helpful=True)
    assert kept.votes(None) == Votes(2, 0)
    clock.now += 10
    assert kept.vote(exchange.id, 2, helpful=False)
    assert kept.vote(exchange.id, 2, helpful=False)
    assert kept.votes(None) == Votes(1, 1)
    assert kept.votes(None, at(5)) == Votes(0, 1)
    assert not kept.vote(new_id(), 1, helpful=True)
    assert kept.votes(None) == Votes(1, 1)


def test_what_is_old_is_forgotten_with_its_votes(database: Database, kept: Exchanges, clock: Clock) -> None:
    old, young = an_exchange(), an_exchange("Young?", 10)
    for exchange in (old, young):
        kept.keep(exchange)
        kept.vote(exchange.id, 1, helpful=True)
    clock.now += KEEP_SECONDS + 5
    again = Exchanges(database, clock)
    assert again.get(old.id) is None
    assert again.get(young.id) == young
    assert again.votes(None) == Votes(1, 0)


def test_only_so_many_are_kept(kept: Exchanges, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_MOST", 3)
    several = [an_exchange(f"{number}?", number) for number in range(5)]
    for exchange in several:
        kept.keep(exchange)
    kept.prune()
    assert [kept.get(exchange.id) is not None for exchange in several] == [False, False, True, True, True]


def test_pruning_comes_now_and_then(kept: Exchanges, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PRUNE_EVERY", 2)
    kept.prune()
    first = an_exchange()
    kept.keep(first)
    clock.now += KEEP_SECONDS + timedelta(seconds=5).total_seconds()
    assert kept.get(first.id) == first
    kept.keep(an_exchange("Later?", KEEP_SECONDS + 5))
    assert kept.get(first.id) is None


def test_days_keep_their_kind(kept: Exchanges) -> None:
    asking = Asking("Why?", 1, scope=Scope(date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC), "AP"))
    exchange = Exchange(new_id(), asking, at(0))
    kept.keep(exchange)
    found = kept.get(exchange.id)
    assert found is not None
    assert type(found.asking.scope.since) is date
    assert type(found.asking.scope.until) is datetime


@pytest.mark.parametrize("record", ["no JSON", "[]", "{}", '{"asking": {"voice": 1}, "quotes": [], "nearest": []}'])
def test_what_is_damaged_or_of_a_newer_version_is_unknown(database: Database, kept: Exchanges, record: str) -> None:
    exchange = an_exchange()
    kept.keep(exchange)
    assert kept.get(exchange.id) == exchange
    with database.transaction() as connection:
        connection.execute("UPDATE exchange SET record = ?", (record,))
    assert kept.get(exchange.id) is None


def test_a_list_that_is_damaged_is_unknown(database: Database) -> None:
    listings = Listings(database)
    id_ = listings.keep(Listing("ferries", None, None), 1)
    assert listings.get(id_, 1) == Listing("ferries", None, None)
    with database.transaction() as connection:
        connection.execute("UPDATE listing SET record = '[1]'")
    assert listings.get(id_, 1) is None

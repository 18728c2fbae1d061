"""Several bots that share what is remembered: one polls, one posts, and where it dies or sleeps another one goes on."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from bot.cards.card import Card
from bot.memory.database import FILE
from bot.memory.subscriptions import SubscriptionRequest
from bot.posting import polling, posting
from bot.posting.polling import Polling
from retrieval.article import Progress, ReloadReport
from retrieval.errors import StoreUnavailable
from retrieval.newsroom import Newsroom
from retrieval.replicas.shared import Shared
from tests.bot.posting.test_posting import ALERT, DIGEST, Bot, Channel, Killed, dying_after, inline
from tests.support.headlines import News
from tests.support.leases import Board, Holder


@pytest.fixture(autouse=True)
def on_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "offload", inline)


class Discord(Channel):
    """Takes no nonce twice, as Discord does for some minutes; `refused` counts how often it came to that."""

    refused = 0

    async def send(self, mark: int, card: Card) -> None:
        if any(sent == mark for _, sent, _ in self.messages):
            self.refused += 1
            return
        await super().send(mark, card)


class Cluster:
    """Three bots on one file, one Discord and one newsroom."""

    def __init__(self, folder: Path) -> None:
        self.news, self.channel, self.board = News(), Discord(), Board()
        self.bots = [self._bot(folder) for _ in range(3)]

    def _bot(self, folder: Path) -> Bot:
        bot = Bot(folder)
        bot.database.close()
        bot.news, bot.channel = self.news, self.channel
        bot.leases = Holder(self.board)
        bot.start()
        return bot

    def lose(self, bot: Bot) -> None:
        """Have a bot lose its leases, as when it is dead, cut off or stands still for long."""
        assert isinstance(bot.leases, Holder)
        bot.leases.lose_all()

    def turns(self, *bots: Bot, after: float = 0.0) -> list[str]:
        """Let time pass and have a turn of each, or of all of them; what all messages say."""
        for bot in self.bots:
            bot.time += after
        for bot in bots or self.bots:
            bot.turn()
        return self.channel.says()

    def close(self) -> None:
        for bot in self.bots:
            bot.database.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.close()


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_three_bots_post_once(cluster: Cluster, wanted: SubscriptionRequest) -> None:
    cluster.bots[1].subscribe(wanted)
    cluster.turns(after=3600 - 86_400)
    for number in range(3):
        cluster.news.add(f"On ferries {number}")
        assert len(cluster.turns(after=86_400)) == number + 1
        cluster.turns(after=60)
        cluster.board.holders.clear()  # so that another one may be next
        cluster.bots.append(cluster.bots.pop(0))
    assert len(cluster.channel.messages) == 3


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_where_one_dies_at_any_step_another_one_goes_on(tmp_path: Path, wanted: SubscriptionRequest) -> None:
    steps = 0
    for steps in range(1_000):
        (folder := tmp_path / str(steps)).mkdir()
        cluster = Cluster(folder)
        one, *others = cluster.bots
        others[0].subscribe(wanted)
        cluster.news.add("On ferries")
        cluster.turns(one, after=60)
        cluster.news.add("More ferries")
        before = len(cluster.channel.messages)
        for bot in cluster.bots:
            bot.time += 3600
        died = False
        with dying_after(one, steps):
            try:
                one.turn()
            except Killed:
                died = True
        cluster.lose(one)
        cluster.turns(*others)
        cluster.turns(*others, after=60)
        assert len(cluster.channel.messages) == before + 1, f"after {steps} steps"
        assert "More ferries" in cluster.channel.says()[-1]
        cluster.close()
        if not died:
            break
    assert steps > 20, "there is something to be interrupted"


@contextmanager
def standing_still(bot: Bot, steps: int, meanwhile: Callable[[], None]) -> Iterator[list[str]]:
    """Have a process stand still before it takes, or has taken, its so-manieth step of the store and the channel, while
    something else goes on: the name of the step, if it came to that.
    """
    left, at = [steps], list[str]()

    def step(name: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            at.append(name)
            thread = threading.Thread(target=meanwhile)
            thread.start()
            thread.join()

    def standing(
        name: str, real: Callable[[], AbstractContextManager[Any]]
    ) -> Callable[[], AbstractContextManager[Any]]:
        @contextmanager
        def block() -> Iterator[Any]:
            step(name)
            with real() as connection:
                yield connection
            step(name)

        return block

    bot.database.transaction = standing("transaction", bot.database.transaction)  # type: ignore[method-assign]
    bot.database.reading = standing("reading", bot.database.reading)  # type: ignore[method-assign]
    channel = bot.posting._channels = cast(Any, Stepping(bot.channel, step))
    try:
        yield at
    finally:
        channel.step = lambda _: None


class Stepping:
    """A channel as one bot uses it, which tells of each step."""

    def __init__(self, channel: Channel, step: Callable[[str], None]) -> None:
        self._channel, self.step = channel, step

    @property
    def last(self) -> int:
        return self._channel.last

    async def open(self, *_: object) -> Stepping:
        self.step("open")
        return self

    async def holds(self, mark: int, after: int) -> bool:
        self.step("holds")
        return await self._channel.holds(mark, after)

    async def send(self, mark: int, card: Card) -> None:
        self.step("send")
        await self._channel.send(mark, card)
        self.step("sent")

    async def tell(self, *_: object) -> None:
        raise AssertionError("nothing is closed")


@pytest.mark.parametrize("tried", [False, True], ids=["new", "tried before"])
@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_one_that_wakes_up_late_in_any_step_doubles_nothing(
    tmp_path: Path, wanted: SubscriptionRequest, tried: bool
) -> None:
    names: set[str] = set()
    for steps in range(1_000):
        (folder := tmp_path / str(steps)).mkdir()
        cluster = Cluster(folder)
        one, *others = cluster.bots
        one.subscribe(wanted)
        cluster.news.add("On ferries")
        if tried:
            cluster.channel.failing = [ConnectionError("down")]
            assert cluster.turns(one, after=3600) == []
        for bot in cluster.bots:
            bot.time += 3600

        def meanwhile(cluster: Cluster = cluster, one: Bot = one, others: list[Bot] = others) -> None:
            cluster.lose(one)
            cluster.turns(*others)
            cluster.news.add("Late ferries")
            cluster.turns(*others, after=60)

        with standing_still(one, steps, meanwhile) as at:
            one.turn()
        if not at:
            cluster.close()
            break
        names.update(at)
        said = [*cluster.channel.says()]
        assert sum("On ferries" in each for each in said) == 1, f"stood still before step {steps} ({at})"
        assert cluster.channel.refused <= (at == ["send"]), "a send that had begun is what the nonce is for"
        cluster.turns(after=86_400)
        cluster.turns(after=86_400)
        assert sum("On ferries" in each for each in cluster.channel.says()) == 1
        assert sum("Late ferries" in each for each in cluster.channel.says()) == 1
        cluster.close()
    assert names >= {"transaction", "reading", "open", "send", "sent"} | ({"holds"} if tried else set())


def test_one_that_loses_its_lease_sends_nothing_more(cluster: Cluster) -> None:
    one, other, _ = cluster.bots
    for channel in range(5):
        one.subscribe(SubscriptionRequest(1, channel, "ferries", "en-GB"))
    cluster.news.add("On ferries")
    sent = cluster.channel.send

    async def last(mark: int, card: Card) -> None:
        await sent(mark, card)
        if len(cluster.channel.messages) == 2:
            cluster.lose(one)

    cluster.channel.send = last  # type: ignore[method-assign]
    assert len(cluster.turns(one)) == 2
    assert len(cluster.turns(other)) == 5


def test_a_bot_that_ends_lets_another_one_post_at_once(cluster: Cluster) -> None:
    one, other, _ = cluster.bots
    one.subscribe(ALERT)
    cluster.turns(one)
    cluster.news.add("On ferries")
    assert cluster.turns(other) == []
    asyncio.run(one.posting.stop(1.0))
    assert len(cluster.turns(other)) == 1


def test_a_bot_that_nobody_gives_a_lease_posts_nothing(cluster: Cluster) -> None:
    one = cluster.bots[0]
    one.subscribe(ALERT)
    leases = one.leases
    assert isinstance(leases, Holder)
    leases.reached = False
    cluster.news.add("On ferries")
    assert cluster.turns(one) == []
    leases.reached = True
    assert len(cluster.turns(one)) == 1


# --- over PostgreSQL -----------------------------------------------------------------------------------


class SharedCluster(Cluster):
    """Bots with a file each, which follows a database, and leases in that."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        super().__init__(folder)

    def _bot(self, folder: Path) -> Bot:
        home = folder / secrets.token_hex(4)
        home.mkdir()
        bot = Bot(home)
        bot.database.close()
        (home / FILE).unlink()
        bot.news, bot.channel = self.news, self.channel
        bot.shared = Shared(self.url)
        bot.leases = bot.shared.leases
        bot.start()
        bot.shared.follow(lambda _: None)
        return bot

    def lose(self, bot: Bot) -> None:
        """The process is gone, without a word: PostgreSQL sees its connections end."""
        assert bot.shared
        bot.shared.close()

    def close(self) -> None:
        super().close()
        for bot in self.bots:
            assert bot.shared
            bot.shared.close()

    def follow(self) -> None:
        """Wait until all bots know of what was done."""
        until(lambda: len({tuple(bot.subscriptions.of(1, "alert")) for bot in self.bots}) == 1)


@pytest.mark.parametrize("steps", [5, *(pytest.param(n, marks=pytest.mark.postgres_long) for n in (1, 9, 13, 17))])
def test_over_postgresql_a_post_comes_once_wherever_a_bot_dies(tmp_path: Path, database_url: str, steps: int) -> None:
    cluster = SharedCluster(tmp_path, database_url)
    one, *others = cluster.bots
    one.subscribe(ALERT)
    cluster.follow()
    cluster.turns(one, after=60)
    assert cluster.turns(*others) == []
    cluster.news.add("On ferries")
    with dying_after(one, steps), suppress(Killed):
        one.turn()
    cluster.lose(one)
    for _ in range(3):
        cluster.turns(*others, after=60)
    (said,) = cluster.channel.says()
    assert "On ferries" in said
    cluster.close()


# --- polling -------------------------------------------------------------------------------------------


QUIET = ReloadReport(0, 0, 0, 0, 0, (), 0.1, 1)


class Room:
    """The newsroom of one bot, whose feeds are always due."""

    def __init__(self, polled: list[Room], poll: Callable[[Callable[[Progress], None]], object] = id) -> None:
        self._polled, self._poll = polled, poll

    def next_poll(self) -> float:
        return 0.0

    def poll_feeds(self, progress: Callable[[Progress], None]) -> ReloadReport:
        self._polled.append(self)
        self._poll(progress)
        return QUIET


def polling_of(room: Room, holder: Holder) -> Polling:
    return Polling(cast(Newsroom, room), leases=holder)


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TAKE_OVER", 0.01)
    monkeypatch.setattr(polling, "LOOK", 0.01)
    monkeypatch.setattr(polling, "LONGEST", 0.01)


def until(happened: Callable[[], object]) -> None:
    for _ in range(3000):
        if happened():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never happened")


@pytest.mark.usefixtures("quickly")
def test_one_of_several_polls_and_another_takes_over_when_it_ends() -> None:
    polled: list[Room] = []
    board, rooms = Board(), [Room(polled), Room(polled)]
    bots = [polling_of(room, Holder(board)) for room in rooms]
    bots[0].start()
    until(lambda: polled)
    bots[1].start()
    until(lambda: len(polled) > 5)
    assert set(polled) == {rooms[0]}
    bots[0].stop(60)
    until(lambda: polled[-1] is rooms[1])
    bots[1].stop(60)
    assert board.holders == {}


@pytest.mark.usefixtures("quickly")
def test_a_poll_ends_when_its_lease_is_lost() -> None:
    begun, goes_on = threading.Event(), [True]
    polled: list[Room] = []

    def reads(progress: Callable[[Progress], None]) -> None:
        begun.set()
        while goes_on[0]:
            progress(Progress("reading", 1, None))
            threading.Event().wait(0.01)

    board = Board()
    bot = polling_of(Room(polled, reads), Holder(board))
    bot.start()
    assert begun.wait(60)
    board.holders["polling"] = other = Holder(board)
    threading.Event().wait(0.2)
    goes_on[0] = False
    assert len(polled) == 1, "the other one holds it"
    other.give_back("polling")
    until(lambda: len(polled) > 1)
    bot.stop(60)


@pytest.mark.usefixtures("quickly")
def test_who_loses_the_lease_in_a_poll_that_fails_takes_no_rest() -> None:
    polled: list[Room] = []
    holder = Holder(Board())

    def fails_once(_: object) -> None:
        if len(polled) == 1:
            holder.lose_all()
            raise StoreUnavailable("The shared database cannot be reached.")

    bot = polling_of(Room(polled, fails_once), holder)
    bot.start()
    until(lambda: len(polled) > 2)
    bot.stop(60)

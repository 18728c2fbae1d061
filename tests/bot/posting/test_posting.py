"""What is posted when: each article once, whatever happens between two steps."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from unittest.mock import Mock

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import DOT, Card
from bot.memory.database import Database
from bot.memory.posts import WAITING, Posts
from bot.memory.schedule import Schedule
from bot.memory.servers import KEPT, Servers
from bot.memory.subscriptions import GONE, Subscription, SubscriptionRequest, Subscriptions
from bot.posting import posting
from bot.posting.polling import Polling
from bot.posting.posting import ALERTS_AN_HOUR, HOUR, LOOK, Closed, Posting, Unsendable
from bot.upkeep.forgetting import forget_long_gone
from retrieval.article import Article, ReloadReport
from retrieval.newsroom import Newsroom
from retrieval.replicas.leases import Leases
from retrieval.replicas.shared import Shared
from tests.support.headlines import MORNING, News
from tests.support.leases import Board, Holder

T = TypeVar("T")

EIGHT = Schedule("UTC", 8, 0)
CHANNEL = 2
ALERT = SubscriptionRequest(1, CHANNEL, "ferries", "en-GB")
DIGEST = SubscriptionRequest(1, CHANNEL, None, "en-GB", EIGHT)


class Killed(BaseException):
    """The process dies."""


@dataclass
class Channel:
    """A channel of a Discord that fails when it is told to; it is all channels, and `OpenChannel` at once."""

    messages: list[tuple[int, int, Card]] = field(default_factory=list)
    """The id of each, its mark and its card."""
    last: int = 0
    closed: str | None = None
    failing: list[Exception] = field(default_factory=list)
    """What the next sends raise; the message arrives all the same where `lost` says so."""
    lost: bool = False
    opened: int = 0
    told: list[str] = field(default_factory=list)
    step: Callable[[], None] = lambda: None

    async def open(self, subscription: Subscription) -> Channel:
        self.step()
        self.opened += 1
        if self.closed:
            raise Closed(self.closed)
        return self

    async def holds(self, mark: int, after: int) -> bool:
        self.step()
        return any(sent == mark for number, sent, _ in self.messages if number > after)

    async def send(self, mark: int, card: Card) -> None:
        self.step()
        failure = self.failing.pop(0) if self.failing else None
        if failure and not self.lost:
            raise failure
        self.last += 1
        self.messages.append((self.last, mark, card))
        if failure:
            raise failure
        self.step()

    async def tell(self, guild: int, card: Callable[[], Card]) -> None:
        self.told.append("\n".join(card().texts))

    def says(self) -> list[str]:
        """The texts of all messages."""
        return ["\n".join(card.texts) for _, _, card in self.messages]


async def inline(call: Callable[[], T]) -> T:
    """In the place of `offload`: what dies here, dies in the loop, too."""
    return call()


@pytest.fixture(autouse=True)
def on_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "offload", inline)


class Bot:
    """What a process of the bot has of all this; `crash` begins another one on the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.news = News()
        self.channel = Channel()
        self.time = MORNING
        self.leases: Leases = Holder(Board())
        self.shared: Shared | None = None
        self.start()

    def start(self) -> None:
        self.database = Database(self.folder, self.shared)
        # A process that dies leaves the disk as it is; only a machine that does would need to wait for it.
        self.database._connection.execute("PRAGMA synchronous = OFF")
        self.subscriptions, self.posts = Subscriptions(self.database), Posts(self.database)
        self.failed: list[str] = []
        self.servers = Servers(self.database)
        self.posting = Posting(
            *(self.news.room, self.posts, self.channel, lambda: self.time, self.failed.append),
            lambda: forget_long_gone(self.news.room, self.servers, self.time),
            self.leases,
        )

    def crash(self) -> None:
        self.database.close()
        self.start()

    def subscribe(self, wanted: SubscriptionRequest) -> Subscription:
        return self.subscriptions.add(wanted, self.news.number, self.time)

    def turn(self, after: float = 0.0) -> list[str]:
        """Let time pass and have one turn; what all messages say."""
        self.time += after
        asyncio.run(cast(Any, self.posting.turn()))
        return self.channel.says()


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    bot = Bot(tmp_path)
    yield bot
    bot.database.close()


# --- digests -------------------------------------------------------------------------------------------


def test_a_digest_comes_at_its_time_with_what_is_new(bot: Bot) -> None:
    bot.news.add("Known of old")
    bot.subscribe(DIGEST)
    bot.news.add("Ferry aground", "Frost in April")
    assert bot.turn(3599) == []
    (said,) = bot.turn(1)
    assert said.startswith("## Today’s news\n1\\. **Frost in April**")
    assert "**Ferry aground**" in said
    assert "Known of old" not in said
    assert "moderators can end it with **/digest unsubscribe**" in said
    assert bot.turn(60) == [said]
    # Nothing new: nothing is posted.
    assert bot.turn(86_400) == [said]
    bot.news.add("Library opens")
    later = bot.turn(86_400)[1]
    assert "**Library opens**" in later
    assert "Ferry" not in later


def test_a_clock_that_was_years_ahead_does_not_keep_a_digest_for_years(bot: Bot) -> None:
    ahead = 14 * 365 * 86_400
    bot.subscribe(DIGEST)
    bot.turn(ahead)
    bot.time -= ahead
    bot.news.add("Ferry aground")
    assert bot.turn() == []
    (said,) = bot.turn(3600)
    assert "**Ferry aground**" in said


def test_a_digest_has_five_stories_at_most_and_none_that_the_channel_had(bot: Bot) -> None:
    bot.subscribe(DIGEST)
    bot.subscribe(ALERT)
    bot.news.add(*(f"Story {number}" for number in range(7)), "On ferries")
    (alert,) = bot.turn()
    assert "On ferries" in alert
    digest = bot.turn(3600)[1]
    assert [number for number in range(7) if f"**Story {number}**" in digest] == [2, 3, 4, 5, 6]
    assert "On ferries" not in digest
    assert len(bot.turn(86_400)) == 2, "what did not get in is no news the day after"


@pytest.mark.parametrize(
    ("late", "posted"),
    [(6 * HOUR, 1), (6 * HOUR + 1, 0), (24 * HOUR, 1), (30 * HOUR, 1), (30 * HOUR + 1, 0), (9 * 24 * HOUR + 5, 1)],
)
def test_a_bot_that_was_off_posts_once_when_it_is_back(bot: Bot, late: float, posted: int) -> None:
    bot.subscribe(DIGEST)
    bot.news.add("Ferry aground")
    assert len(bot.turn(3600 + late)) == posted
    assert len(bot.turn(60)) == posted
    for _ in range(24):
        bot.turn(3600)
    assert len(bot.channel.messages) == 1, "what was left out comes with the next one"


def test_a_weekly_digest_waits_a_day_for_a_bot_that_was_off(bot: Bot) -> None:
    # The 10th is a Saturday.
    bot.subscribe(SubscriptionRequest(1, CHANNEL, None, "en-GB", Schedule("UTC", 8, 0, 5)))
    bot.news.add("Ferry aground")
    (said,) = bot.turn(20 * HOUR)
    assert said.startswith("## This week’s news")
    assert "You get this every week" in said


def test_a_digest_that_cannot_be_made_yet_is_not_lost(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.subscribe(DIGEST)
    bot.news.add("Ferry aground")
    bot.news.ready = False
    assert bot.turn(3600) == []
    assert bot.turn(60) == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING], "once"
    bot.news.ready = True
    assert len(bot.turn(60)) == 1


def test_an_undelivered_digest_goes_into_the_next_one(bot: Bot) -> None:
    bot.subscribe(DIGEST)
    bot.news.add("Ferry aground")
    bot.channel.failing = [aiohttp.ClientError()] * 100
    for _ in range(9):
        bot.turn(3600)
    bot.news.add("Frost in April")
    bot.channel.failing = []
    assert bot.turn(3600) == []
    for _ in range(20):
        bot.turn(3600)
    (said,) = bot.channel.says()
    assert "Frost in April" in said
    assert "Ferry aground" in said


def test_a_digest_that_is_too_late_once_its_channel_is_open_is_not_paused_any_more(bot: Bot) -> None:
    bot.subscribe(DIGEST)
    bot.news.add("Ferry aground")
    bot.channel.closed = "send_messages"
    bot.turn(3600)
    assert bot.subscriptions.of(1, "digest")[0].paused == "send_messages"
    bot.channel.closed = None
    assert bot.turn(24 * HOUR) == [], "it is taken back"
    assert bot.subscriptions.of(1, "digest")[0].paused is None


@pytest.mark.parametrize("wanted", [DIGEST, ALERT])
def test_what_was_published_before_it_was_subscribed_is_not_posted(bot: Bot, wanted: SubscriptionRequest) -> None:
    bot.subscribe(wanted)
    moment = datetime.fromtimestamp(bot.time, UTC)
    bot.news.add("Early ferries", day=moment - timedelta(hours=1))
    bot.news.add("Ferries of the day before", day=moment.date() - timedelta(1))
    assert bot.turn(3600) == []
    bot.news.add("Late ferries", day=moment + timedelta(hours=1))
    bot.news.add("Some ferries of the day", day=moment.date())
    (said,) = bot.turn(24 * 3600)
    assert "Late ferries" in said
    assert "Some ferries of the day" in said
    assert "Early" not in said
    assert "before" not in said


# --- alerts --------------------------------------------------------------------------------------------


def test_an_alert_bundles_what_matches(bot: Bot) -> None:
    bot.news.add("Old ferries")
    bot.subscribe(ALERT)
    assert bot.turn() == []
    bot.news.add("New ferries", "No match", "Fast ferries")
    (said,) = bot.turn()
    assert said.startswith("## New articles about “ferries”\n1\\. **Fast ferries**\n-# Post")
    assert "**New ferries**" in said
    assert "No match" not in said
    assert "Old ferries" not in said
    assert bot.turn(60) == [said]


def test_an_alert_has_three_messages_an_hour_and_loses_nothing(bot: Bot) -> None:
    bot.subscribe(ALERT)
    for number in range(30):
        bot.news.add(f"ferries {number:02}")
        bot.turn(60)
    assert len(bot.channel.messages) == ALERTS_AN_HOUR
    for _ in range(200):
        bot.turn(60)
    says = bot.channel.says()
    assert [sum(f"ferries {number:02}**" in said for said in says) for number in range(30)] == [1] * 30
    assert len(says) < 8


def test_an_alert_that_falls_behind_tells_the_newest_and_how_many_more_there_were(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add(*(f"ferries {number:03}" for number in range(200)))
    bot.channel.failing = [aiohttp.ClientError()]
    bot.channel.lost = True
    for _ in range(180):
        bot.turn(60)
    says = bot.channel.says()
    assert [number for number in range(200) if any(f"ferries {number:03}**" in said for said in says)] == list(
        range(200 - WAITING, 200)
    )
    assert says[0].endswith(
        "-# 150 more not shown\n-# You get this when new articles match; moderators can end it with **/alert remove**."
    )
    assert sum("more not shown" in said for said in says) == 1


def test_what_is_withdrawn_before_it_is_posted_is_not_posted(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add("Wrong ferries")
    bot.channel.failing = [aiohttp.ClientError()]
    assert bot.turn() == []
    bot.news.articles.clear()
    assert bot.turn(3600) == []
    bot.news.add("Right ferries")
    assert len(bot.turn(60)) == 1


def test_what_does_not_fit_comes_later(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add(*(f"ferries *{number:02}* " + "*" * 100 for number in range(10)))
    bot.news.articles = [
        (born, Article(each.id, each.title, "", f"https://news.example/{'a' * 450}{number}", "*" * 60, each.published))
        for number, (born, each) in enumerate(bot.news.articles)
    ]
    for _ in range(10):
        bot.turn(3600)
    says = "\n".join(bot.channel.says())
    assert len(bot.channel.messages) > 1
    assert [says.count(f"ferries \\*{number:02}\\*") for number in range(10)] == [1] * 10


def test_a_new_store_of_articles_is_not_a_flood(bot: Bot) -> None:
    bot.news.number = 50
    bot.subscribe(ALERT)
    bot.news.number, bot.news.articles = 2, [(2, Article("x", "ferries", "A body."))]
    assert bot.turn() == []
    bot.news.add("New ferries")
    assert len(bot.turn(60)) == 1


# --- stories of several articles -----------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_a_story_comes_once_with_all_that_is_new_of_it_and_again_when_it_has_grown(
    bot: Bot, wanted: SubscriptionRequest
) -> None:
    bot.news.add("On ferries: early")
    bot.subscribe(wanted)
    bot.news.add("On ferries: aground", "No match", "On ferries: afloat")
    (said,) = bot.turn(3600)
    assert said.count("**On ferries") == 1
    assert "**On ferries: early**" in said, "the article that stands for the story"
    assert "3\u00a0reports" in said
    assert "\u00a0new**" not in said, "the channel has not read of it before"
    assert bot.turn(86_400) == [said]
    bot.news.add("On ferries: at sea")
    grown = bot.turn(86_400)[1]
    assert grown.count("**On ferries: early**") == 1
    assert "4\u00a0reports" in grown
    assert f"{DOT}**1\u00a0new**" in grown
    assert len(bot.turn(86_400)) == 2


def test_articles_of_a_story_do_not_wait_for_the_next_message_of_an_alert(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add(*(f"ferries {number % 12:02}: part {number}" for number in range(36)))
    for _ in range(3):
        bot.turn(3600)
    first, second = bot.channel.says()
    told = [[number for number in range(12) if f"**ferries {number:02}: part" in said] for said in (first, second)]
    assert told == [[*range(10)], [10, 11]], "those that wait longest first"


def test_a_digest_leaves_out_of_a_story_what_an_alert_told_in_its_channel(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.subscribe(DIGEST)
    bot.news.add("Storm: on ferries", "Frost")
    (alert,) = bot.turn()
    bot.news.add("Storm: on land")
    digest = bot.turn(3600)[1]
    assert "**Storm: on ferries**" in alert
    assert "**Frost**" in digest
    assert f"2\u00a0reports{DOT}" in digest
    assert f"{DOT}**1\u00a0new**" in digest


def test_an_alert_passes_over_articles_that_are_gone_and_keeps_what_is_left(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add(*(f"ferries {number:02}" for number in range(25)))
    bot.posting._look()
    bot.news.articles = [each for number, each in enumerate(bot.news.articles) if number % 2]
    for _ in range(4):
        bot.turn(60)
    says = "\n".join(bot.channel.says())
    assert [number for number in range(25) if f"**ferries {number:02}**" in says] == [*range(1, 25, 2)]
    with bot.database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM item WHERE post IS NULL").fetchone() == (0,)


def test_a_digest_looks_past_what_its_channel_has_had(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.subscribe(DIGEST)
    bot.news.add(*(f"Story {number}" for number in range(3)))
    bot.news.add(*(f"On ferries {number:02}" for number in range(25)))
    for _ in range(3):
        bot.turn(60)
    assert sum("**On ferries" in said for said in bot.channel.says()) == 3
    digest = bot.turn(3600)[-1]
    assert [number for number in range(3) if f"**Story {number}**" in digest] == [0, 1, 2]
    assert "On ferries" not in digest


def test_a_story_that_does_not_fit_comes_later_with_all_that_is_new_of_it(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add(*(f"ferries *{number:02}* {'*' * 100}: {part}" for part in range(2) for number in range(10)))
    bot.news.articles = [
        (born, replace(each, url=f"https://news.example/{'a' * 450}{number}", source="*" * 60))
        for number, (born, each) in enumerate(bot.news.articles)
    ]
    for _ in range(10):
        bot.turn(3600)
    says = "\n".join(bot.channel.says())
    assert len(bot.channel.messages) > 1
    assert [says.count(f"ferries \\*{number:02}\\*") for number in range(10)] == [1] * 10
    with bot.database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM item WHERE post IS NOT NULL").fetchone() == (20,)


# --- servers that the bot has left ---------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_nothing_is_looked_for_in_a_server_that_was_left_until_the_bot_is_back(
    bot: Bot, wanted: SubscriptionRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.subscribe(wanted)
    bot.news.add("On ferries")
    bot.servers.left(1, bot.time)
    with monkeypatch.context() as broken:
        broken.setattr(News, "since", lambda *_: pytest.fail("nothing is to be looked for"))
        for _ in range(48):
            bot.turn(HOUR)
    assert bot.channel.opened == 0
    bot.servers.back(1)
    bot.turn(24 * HOUR)
    bot.turn(HOUR)
    (said,) = bot.channel.says()
    assert "On ferries" in said


def test_what_was_under_way_in_a_server_that_was_left_is_ended_after_a_month(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add("On ferries")
    bot.channel.failing = [aiohttp.ClientError()]
    bot.turn()
    bot.servers.left(1, bot.time)
    bot.turn(KEPT)
    assert bot.subscriptions.of(1, "alert")
    assert bot.channel.opened == 1
    bot.turn(1)
    assert not bot.subscriptions.of(1, "alert")


def test_no_more_is_looked_for_on_behalf_of_a_channel_that_is_gone(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    bot.subscribe(ALERT)
    bot.news.add("On ferries")
    bot.channel.closed = GONE
    bot.turn()
    bot.news.add("More ferries")
    since = Mock(side_effect=News.since)
    monkeypatch.setattr(News, "since", since)
    bot.turn(60)
    assert since.mock_calls == []


# --- what goes wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
@pytest.mark.parametrize("reason", [GONE, "send_messages"])
def test_a_closed_channel_pauses_and_is_told_once(bot: Bot, wanted: SubscriptionRequest, reason: str) -> None:
    bot.subscribe(wanted)
    bot.news.add("On ferries")
    bot.channel.closed = reason
    for _ in range(120):
        bot.turn(60)
    assert bot.channel.opened == 1
    assert len(bot.channel.told) == 1
    assert "is paused" in bot.channel.told[0]
    assert bot.subscriptions.of(1, wanted.kind)[0].paused == reason
    bot.channel.closed = None
    for _ in range(30):
        bot.turn(3600)
    assert bot.failed == [], "it is paused"
    assert len(bot.channel.messages) == (0 if reason == GONE else 1)
    assert (bot.subscriptions.of(1, wanted.kind)[0].paused is None) is (reason != GONE)


@pytest.mark.parametrize("lost", [False, True], ids=["refused", "answer lost"])
def test_an_outage_delays_and_never_doubles(bot: Bot, lost: bool) -> None:
    bot.subscribe(ALERT)
    bot.news.add("On ferries")
    bot.channel.failing = [aiohttp.ClientError("down")] * 5
    bot.channel.lost = lost
    moments = []
    for _ in range(120):
        before = bot.channel.opened
        bot.turn(60)
        moments += [bot.time - MORNING] * (bot.channel.opened - before)
    assert len(bot.channel.messages) == 1
    assert moments == ([60, 120] if lost else [60, 120, 240, 480, 960, 1920])
    assert bot.failed == ["alert"] * (len(moments) - 1)


def test_what_discord_never_takes_does_not_come_again(bot: Bot) -> None:
    bot.subscribe(ALERT)
    bot.news.add("Bad ferries")
    bot.channel.failing = [Unsendable("400 Bad Request")]
    assert bot.turn() == []
    assert bot.failed == ["alert"]
    bot.news.add("Good ferries")
    (said,) = bot.turn(60)
    assert "Bad ferries" not in said


@contextmanager
def dying_after(bot: Bot, steps: int) -> Iterator[None]:
    """Have the process die after so many steps of the store and the channel, before or after what each does."""
    left = [steps]

    def step() -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1

    def stepping(real: Callable[[], AbstractContextManager[Any]]) -> Callable[[], AbstractContextManager[Any]]:
        @contextmanager
        def block() -> Iterator[Any]:
            step()
            with real() as connection:
                yield connection
                step()  # everything is written, nothing is kept
            step()

        return block

    bot.channel.step = step
    bot.database.transaction = stepping(bot.database.transaction)  # type: ignore[method-assign]
    bot.database.reading = stepping(bot.database.reading)  # type: ignore[method-assign]
    try:
        yield
    finally:
        bot.channel.step = lambda: None


@pytest.mark.parametrize("wanted", [DIGEST, ALERT], ids=["digest", "alert"])
def test_a_crash_at_any_step_posts_exactly_once(tmp_path: Path, wanted: SubscriptionRequest) -> None:
    steps = 0
    for steps in range(1_000):
        (tmp_path / str(steps)).mkdir()
        bot = Bot(tmp_path / str(steps))
        bot.subscribe(wanted)
        bot.news.add("On ferries")
        bot.time += 3600
        died = False
        with dying_after(bot, steps):
            try:
                bot.turn()
            except Killed:
                died = True
        bot.crash()
        bot.turn(60)
        bot.turn(60)
        assert len(bot.channel.messages) == 1, f"after {steps} steps"
        assert "On ferries" in bot.channel.says()[0]
        bot.news.add("More ferries")
        bot.turn(86_400 - 120)
        bot.turn(3600)
        assert len(bot.channel.messages) == 2
        bot.database.close()
        if not died:
            break
    assert steps > 20, "there is something to be interrupted"


Event = tuple[str, int]
EVENTS = st.lists(
    st.tuples(st.just("add"), st.integers(1, 3))
    | st.tuples(st.just("grow"), st.integers(1, 3))
    | st.tuples(st.just("other"), st.integers(1, 3))
    | st.tuples(st.just("pass"), st.sampled_from([60, 1800, 7200, 86_400]))
    | st.tuples(st.just("crash"), st.integers(0, 40))
    | st.tuples(st.just("fail"), st.integers(1, 2))
    | st.tuples(st.just("lose"), st.integers(1, 2))
    | st.tuples(st.just("restart"), st.just(0)),
    max_size=14,
)


@settings(max_examples=15)
@given(EVENTS)
def test_every_article_is_posted_once_at_most_and_once_if_it_matches(events: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bot = Bot(Path(folder))
        bot.news.add("known ferries 0")
        alert, digest = bot.subscribe(ALERT), bot.subscribe(SubscriptionRequest(1, 3, None, "en-GB", EIGHT))
        count = 0
        for event, number in events:
            if event in ("add", "other"):
                titles = [f"{'ferries' if event == 'add' else 'trains'} {count + each}." for each in range(number)]
                count += number
                bot.news.add(*titles)
            elif event == "grow":
                bot.news.add(f"storm on ferries: {count}", f"flood: {count}")
                count += 1
            elif event == "crash":
                with dying_after(bot, number), suppress(Killed):
                    bot.turn(60)
                bot.crash()
            elif event == "restart":
                bot.crash()
            elif event == "pass":
                bot.turn(number)
            else:
                bot.channel.failing = [aiohttp.ClientError()] * number
                bot.channel.lost = event == "lose"
        bot.channel.failing = []
        for _ in range(30):
            bot.turn(3600)
        posts: dict[int, list[tuple[str, set[str]]]] = {alert.id: [], digest.id: []}
        with bot.database.transaction() as connection:
            owners = dict(connection.execute("SELECT id, subscription FROM post").fetchall())
        for _, mark, card in bot.channel.messages:
            posts[owners[mark]].append(("\n".join(card.texts), set(bot.posts.articles_of(mark, 1))))
        for title in (article.title for _, article in bot.news.articles):
            wanted, story = int("ferries" in title and title != "known ferries 0"), title.partition(": ")[0]
            for owner, least, most in ((alert.id, wanted, wanted), (digest.id, 0, int(title != "known ferries 0"))):
                telling = [said for said, told in posts[owner] if title in told]
                assert least <= len(telling) <= most
                assert all(said.count(f"**{story}") == 1 for said in telling)
                assert sum(f"**{story}" in said for said, _ in posts[owner]) <= sum(
                    any(each.partition(": ")[0] == story for each in told) for _, told in posts[owner]
                )
        bot.database.close()


# --- the loop ------------------------------------------------------------------------------------------


def loop(bot: Bot, during: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        bot.posting.start()
        try:
            await during()
        finally:
            await bot.posting.stop(1.0)

    asyncio.run(run())


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_the_loop_posts_when_it_is_woken(bot: Bot) -> None:
    async def during() -> None:
        await asyncio.sleep(0.05)
        bot.subscribe(ALERT)
        bot.news.add("On ferries")
        await asyncio.sleep(0.05)
        assert bot.channel.messages == []
        bot.posting.wake()
        await until(lambda: bot.channel.messages)
        bot.news.add("More ferries")
        bot.posting.wake()
        await until(lambda: len(bot.channel.messages) == 2)

    loop(bot, during)
    assert bot.posting._task is not None
    assert bot.posting._task.done()
    bot.posting.start()
    assert bot.posting._task.done(), "it has been stopped"


def test_the_loop_wakes_when_something_is_due(bot: Bot) -> None:
    bot.subscribe(DIGEST)
    bot.news.add("On ferries")
    bot.time += 3599.9
    assert 0 < asyncio.run(cast(Any, bot.posting.turn())) <= 0.11

    async def during() -> None:
        await asyncio.sleep(0.02)
        bot.time += 0.1
        await until(lambda: bot.channel.messages)

    loop(bot, during)
    assert asyncio.run(cast(Any, bot.posting.turn())) == LOOK


def test_the_loop_survives_every_error(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.subscribe(ALERT)
    real = bot.posts.ripe

    def broken(_: float) -> list[Subscription]:
        raise RuntimeError("boom")

    bot.posts.ripe = broken  # type: ignore[method-assign]

    async def during() -> None:
        await until(lambda: "boom" in caplog.text)
        bot.posting.wake()
        await asyncio.sleep(0.05)
        told = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert len(told) == 1
        bot.posts.ripe = real  # type: ignore[method-assign]
        bot.news.add("On ferries")
        bot.posting.wake()
        await until(lambda: bot.channel.messages)

    loop(bot, during)


def test_the_language_is_that_of_the_one_who_subscribed(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str | None] = []

    @contextmanager
    def speaking(locale: str | None) -> Iterator[None]:
        spoken.append(locale)
        yield

    monkeypatch.setattr(posting, "speaking", speaking)
    bot.subscribe(SubscriptionRequest(1, CHANNEL, "ferries", "de"))
    bot.news.add("On ferries")
    bot.turn()
    assert spoken == ["de"]


def test_a_poll_that_brought_something_is_told_and_one_that_did_not_is_not() -> None:
    quiet = ReloadReport(0, 0, 0, 3, 0, (), 0.1, 1)
    reports = [quiet, replace(quiet, added=1), quiet]
    told: list[int] = []

    class Feeds:
        def next_poll(self) -> float:
            return 0.0 if reports else float("inf")

        def poll_feeds(self, _: object) -> ReloadReport:
            return reports.pop(0)

    polling = Polling(cast(Newsroom, Feeds()), lambda: told.append(len(reports)))
    polling.start()
    asyncio.run(until(lambda: not reports))
    polling.stop(5)
    assert told == [1]

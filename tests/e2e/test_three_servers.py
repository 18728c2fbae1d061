"""Three servers with feeds and pages of their own, some of them the same, and the bot's own process: each server is
served what it reads, and nothing that only another one reads is in any request that the bot makes for it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.memory.database import FILE
from tests.support.loopback.interactions import Interaction
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.member import articles_are_read, quotes_in, sees
from tests.support.loopback.messages import Message
from tests.support.loopback.recording import Call
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import Channel
from tests.support.publisher import Story, page, rss2
from tests.support.web_server import Server, running

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("bag_of_words", "bot")]

TOWNS = ("Aldermoor", "Brackwater", "Cinderford")
"""Of each server, what only its own feed tells of."""
OVERLAP, PAGE = "Overlapton", "Pagecester"
"""What the first two read, by a feed and a page; the third does not."""
QUESTION = "Who opened the new tram line?"


def story(town: str, number: int = 0) -> Story:
    text = (
        f"The mayor of {town} opened the new tram line number {number} on Monday.\n\n"
        f"The tram line of {town} has {number + 7} stops, and {300 + number} passengers came on the first day. "
        f"A second tram line of {town} is to follow in two years, its planners said."
    )
    title = f"{town} opens tram line {number}"
    return Story(f"/{town.lower()}/{number}", title, f"A tram line in {town}.", text, datetime.now(UTC))


class Site:
    """What the servers read: a feed of each town, and a page."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = f"http://127.0.0.1:{server.port}"
        server.serves("/robots.txt", status=404)
        for town in (*TOWNS, OVERLAP):
            self.publish(town, story(town))
        server.serves("/page", page(story(PAGE)), Content_Type="text/html; charset=utf-8")

    def publish(self, town: str, *stories: Story) -> None:
        body, kind = rss2(self.address, stories, True)
        body = body.replace(b"Harbour Post", f"{town} Post".encode())
        self.server.serves(f"/{town.lower()}.xml", body, Content_Type=kind)

    def feed(self, town: str) -> str:
        return f"{self.address}/{town.lower()}.xml"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as server:
        yield Site(server)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(discord: LoopbackDiscord, tmp_path_factory: pytest.TempPathFactory) -> Home:
    discord.world.found("Second", Channel("second"))
    discord.world.found("Third", Channel("third"))
    return Home.furnish(tmp_path_factory.mktemp("home"), discord)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(discord: LoopbackDiscord, home: Home) -> AsyncIterator[BotProcess]:
    process = home.bot("run", ALLOW_PRIVATE_ADDRESSES="on")
    try:
        await process.start(discord.changes)
        await discord.ready()
        await articles_are_read(discord)
        yield process
    finally:
        await process.kill()


class Place:
    """A server, as its moderator uses the bot there."""

    def __init__(self, discord: LoopbackDiscord, number: int) -> None:
        self.discord, self.town = discord, TOWNS[number]
        self.guild = discord.world.guilds[number]
        self.channel = self.guild.channels[0]
        self.reads = {self.town, *((OVERLAP, PAGE) if number < 2 else ())}

    async def use(self, name: str, **options: object) -> Message:
        asked = await self.discord.slash(name, options, user=self.discord.world.moderator, channel=self.channel)
        return await self.discord.answer_to(asked, timeout=60)

    async def press(self, message: Message, label: str) -> Message:
        return await self.discord.answer_to(await self.discord.click(message, label))

    async def choices(self, name: str, option: str, **options: object) -> list[str]:
        typing = await self.discord.autocomplete(
            name, option, user=self.discord.world.moderator, channel=self.channel, **options
        )
        await self.discord.until(lambda: typing.answered, what="choices")
        assert typing.callback is not None
        return [choice["name"] for choice in typing.callback["data"]["choices"]]

    async def digest(self) -> Message:
        """What the bot posted here by itself."""
        await self.discord.until(lambda: self.discord.sent_by_bot(self.channel), what="a digest", timeout=60)
        return self.discord.sent_by_bot(self.channel)[-1]

    async def told(self, words: str) -> None:
        """Wait until somebody is told this here."""
        every = self.discord.messages
        await self.discord.until(
            lambda: any(words in sees(each) for each in every.all if each.channel is self.channel), what=words
        )

    async def articles(self) -> int:
        """How many articles there are, as /status has it."""
        said = sees(await self.use("status"))
        return int(said.partition("Articles: ")[2].partition(";")[0].replace(",", ""))

    async def until_there_are(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while (found := await self.articles()) != count:
            assert time.monotonic() < deadline, f"{self.town} has {found} articles instead of {count}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def places(discord: LoopbackDiscord, bot: BotProcess, site: Site) -> tuple[Place, ...]:
    """The three servers, each with its feed, the first two with one more and a page."""
    found = tuple(Place(discord, number) for number in range(3))
    for place in found:
        await place.use("digest subscribe", hour=7, zone="Europe/Berlin")
        await place.use("feeds add", url=site.feed(place.town))
    for place in found[:2]:
        await place.use("feeds add", url=site.feed(OVERLAP))
        added = await place.use("add", url=f"{site.address}/page")
        await discord.until(lambda added=added: "1 added" in sees(added), what="the page")
    for place in found:
        await place.until_there_are(1 + len(place.reads))
    return found


# --- what each reads


async def test_each_server_reads_its_own(places: tuple[Place, ...], site: Site) -> None:
    for place in places:
        listed = sees(await place.use("feeds list"))
        assert f"{place.town} Post" in listed
        assert (f"{OVERLAP} Post" in listed) == (OVERLAP in place.reads)
        sources = [
            choice for choice in await place.choices("ask", "source", question="?", source="") if "Post" in choice
        ]
        assert sorted(sources) == sorted(f"{town} Post" for town in place.reads - {PAGE})
    assert site.server.paths.count(f"/{OVERLAP.lower()}.xml") < 2 + site.server.paths.count("/aldermoor.xml")
    assert site.server.paths.count("/page") == 1, "who adds it within the hour reads what was fetched"


async def test_the_same_question_is_answered_from_what_each_reads(places: tuple[Place, ...]) -> None:
    for place in places:
        answer = await place.use("ask", question=QUESTION)
        assert quotes_in(answer), sees(answer)
        assert all(any(town in quote for town in place.reads) for quote in quotes_in(answer))
        for label in ("More quotes", "Passage", "👍"):
            await place.press(answer, label)
        for command in ("latest", "sources"):
            shown = sees(await place.use(command))
            assert place.town in shown
        latest = await place.use("latest")
        opened = await place.press(latest, "Open story" if "Open story" in json.dumps(latest.components) else "Open 1")
        assert any(town in sees(opened) for town in (*place.reads, "NATO"))
        headlines = await place.choices("remove", "article", article="tram")
        assert len(headlines) == len(place.reads)
        await place.choices("story", "story", story="tram")


async def test_what_one_takes_out_others_keep(places: tuple[Place, ...], site: Site) -> None:
    first, second, third = places
    article = f"{site.address}/{OVERLAP.lower()}/0"
    headline = f"{OVERLAP} opens tram line 0"
    before = [await place.articles() for place in places]
    (choice,) = await first.choices("remove", "article", article=OVERLAP)
    assert choice.startswith(headline)
    await first.use("remove", article=article)
    assert [await place.articles() for place in places] == [before[0] - 1, *before[1:]]
    assert await second.choices("remove", "article", article=OVERLAP)
    assert await third.choices("remove", "article", article=OVERLAP) == []
    assert await second.choices("restore", "article", article="") == []
    assert len(await first.choices("restore", "article", article="")) == 1
    await third.use("remove", article=article)
    await third.told("No article")
    await first.use("restore", article=article)
    assert [await place.articles() for place in places] == before


async def test_digests_tell_each_server_its_own(places: tuple[Place, ...], home: Home) -> None:
    with sqlite3.connect(home.folder / "data" / FILE, timeout=10) as state:
        state.execute("UPDATE subscription SET due = ?, begun = 0", (time.time() - 60,))
    await places[0].use("alert add", topic="ferries")  # which has the bot look for what is due
    for place in places:
        assert place.town in sees(await place.digest())


# --- what the bot sent


def place_of(call: Call, interactions: list[Interaction], places: tuple[Place, ...]) -> Place | None:
    """For which server a request was made: by its channel, or by the interaction that it answers."""
    channel = next((each.channel for each in interactions if each.token in call.path), None)
    return next(
        (place for place in places if channel is place.channel or f"/channels/{place.channel.id}/" in call.path), None
    )


async def test_nothing_of_one_server_was_sent_to_another(
    discord: LoopbackDiscord, places: tuple[Place, ...], bot: BotProcess
) -> None:
    every = {*TOWNS, OVERLAP, PAGE}
    seen: dict[str, set[str]] = {place.town: set() for place in places}
    for call in discord.calls:
        place = place_of(call, discord.interactions.all, places)
        body = json.dumps(call.body, default=str).casefold()
        if place is None or "no article" in body:  # which repeats what the moderator typed
            continue
        told = {town for town in every if town.casefold() in body}
        assert told <= place.reads, (place.town, body)
        seen[place.town] |= told
    assert seen == {place.town: place.reads for place in places}, "each was told of all that it reads"
    assert "Traceback" not in bot.stderr

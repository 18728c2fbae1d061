"""What members, moderators and publishers do while it runs, all at once, each on a server of its own choice."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cluster.invented import TOPICS, invented
from benchmarks.cluster.record import Record
from tests.support.loopback.interactions import Interaction
from tests.support.loopback.member import quotes_in
from tests.support.loopback.messages import Message
from tests.support.loopback.rules import BUTTON, walk
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import Channel, Guild, User, World, snowflake
from tests.support.publisher import NOON, Story, page, rss2
from tests.support.talks import write_talks
from tests.support.web_server import Server

WITHIN = 30.0  # seconds that an answer may take, on two cores that all of this shares
TOWN = "Aldermoor"
TALKS = 30  # articles about something else, so that what a question names is rare
GAUGES = ("harbour", "river", "canal")
"""Of each, the folder has an article; one file holds them, so they always change together."""
QUESTION = f"How high did the water stand in {TOWN}?"
STANDS = re.compile(r"stood at (\d+) centimetres")
REFUSAL = re.compile("database.* (cannot be reached|refuses)|writing to the database|is running already|broke off")
"""How the bot says that something cannot be changed now: the database is gone, or another change is under way."""


@dataclass(slots=True)
class Scene:
    """Where it all happens. `ends` is when nobody begins anything new."""

    discord: LoopbackDiscord
    publisher: Server
    seeds: Path
    chance: random.Random
    record: Record = field(default_factory=Record)
    count: int = 0
    ends: float = 0.0

    @property
    def guild(self) -> Guild:
        """One of the servers."""
        return self.chance.choice(self.discord.world.guilds)

    def connection(self, guild: Guild) -> object | None:
        """What serves a server just now: the newest connection of its shard, if there is one."""
        # Of two, the older one goes on where the newer one ends: its process stood still, and claims the shard again.
        shard = self.discord.world.shard_of(guild.id)
        return next((each.socket for each in reversed(self.discord.gateway.live) if each.shard == shard), None)

    def next_story(self) -> Story:
        """One that was not there before."""
        self.count += 1
        return invented(self.count)

    def serve(self, each: Story) -> None:
        """Have the publisher serve the page of an article, with its date."""
        dated = f'<meta property="article:published_time" content="{(each.published or NOON).isoformat()}">'
        self.publisher.serves(each.path, page(each, dated), Content_Type="text/html; charset=utf-8")

    async def answered(
        self, guild: Guild, name: str, begin: Callable[[], Awaitable[Interaction]], ended: Callable[[str], object]
    ) -> Message | None:
        """The answer to what somebody did, once its text has `ended`; None, noted by its reason, if there is none."""
        before = self.connection(guild)
        if before is None:
            self.record.unserved[name] += 1
            await asyncio.sleep(0.5)
            return None
        began = time.monotonic()
        asked = await begin()

        def over() -> bool:
            said = asked.reply.text if asked.answered else ""
            return bool(asked.answered and (ended(said) or REFUSAL.search(said))) or self.connection(guild) != before

        with suppress(TimeoutError):
            await self.discord.until(over, timeout=WITHIN, what=f"an answer to {name}")
        said = asked.reply.text if asked.answered else ""
        if not (asked.answered and ended(said)):
            if self.connection(guild) is not before:
                self.record.cut_off[name] += 1
            elif REFUSAL.search(said):
                self.record.refused[name] += 1
            else:
                self.record.failed.append(f"{name} at {began:.0f}: {said[:200]!r} within {WITHIN:g} s")
            return None
        self.record.done[name] += 1
        if name == "ask":
            self.record.took.append(time.monotonic() - began)
        return asked.reply

    async def command(self, name: str, guild: Guild, ended: Callable[[str], object], **options: Any) -> Message | None:
        """The answer to a moderator's command in a server, as in `answered`."""
        channel, moderator = guild.channels[0], self.discord.world.moderator
        return await self.answered(
            guild, name, lambda: self.discord.slash(name, options, user=moderator, channel=channel), ended
        )


def settle(world: World, shards: int) -> None:
    """A server on each shard."""
    world.shards = shards
    while len(world.guilds) < shards:
        while world.shard_of(id_ := snowflake()) in {world.shard_of(each.id) for each in world.guilds}:
            time.sleep(0.001)
        number = len(world.guilds)
        world.guilds.append(Guild(f"Server {number}", (Channel(f"news-{number}"),), id=id_))


def furnish(seeds: Path) -> None:
    """The folder of articles, as it is at first."""
    seeds.mkdir()
    write_talks(seeds / "talks.jsonl", TALKS)
    write_gauges(seeds, 0)


def write_gauges(seeds: Path, level: int) -> None:
    """The articles of the folder, at another level of the water: all of them at once."""
    lines = [
        {
            "id": f"gauge-{name}",
            "title": f"Water at the {name} gauge of {TOWN}",
            "text": f"At the {name} gauge of {TOWN} the water stood at {level} centimetres this morning. "
            f"Wardens of the {name} look at the gauge of {TOWN} each hour, the {name} office said.",
            "source": f"{name.title()} Gazette",
            "published": datetime.now(UTC).isoformat(),
        }
        for name in GAUGES
    ]
    (partial := seeds / "gauges.partial").write_text("".join(json.dumps(line) + "\n" for line in lines))
    partial.replace(seeds / "gauges.jsonl")


async def ask(scene: Scene) -> None:
    """A member asks what three articles tell, and may vote on the answer."""
    guild, member = scene.guild, User("member")
    channel = guild.channels[0]
    answer = await scene.answered(
        guild,
        "ask",
        lambda: scene.discord.slash("ask", {"question": QUESTION}, user=member, channel=channel),
        lambda text: "> " in text,
    )
    if answer is None:
        return
    levels = {int(found) for quote in quotes_in(answer) for found in STANDS.findall(quote)}
    scene.record.compared += len(quotes_in(answer)) > 1
    if len(levels) > 1:
        scene.record.torn.append(f"levels {sorted(levels)} in one answer")
    if scene.chance.random() < 0.3:
        await vote(scene, guild, answer, member)


async def vote(scene: Scene, guild: Guild, answer: Message, member: User) -> None:
    """The member finds the answer helpful, or not."""
    ids = [
        str(placed.component.get("custom_id"))
        for placed in walk({"components": answer.components})
        if placed.type == BUTTON
    ]
    exchange = next((int(id_.split(":")[2]) for id_ in ids if id_.startswith("answer:up:")), None)
    if exchange is None:
        return  # the exchange could not be kept, so that there are no buttons
    helpful = scene.chance.random() < 0.7
    label = "👍" if helpful else "👎"
    said = await scene.answered(
        guild, "vote", lambda: scene.discord.click(answer, label, user=member), lambda text: "hank" in text
    )
    if said:
        scene.record.votes[exchange, int(member.id)] = helpful


async def latest(scene: Scene) -> None:
    """A member looks at what is new."""
    guild = scene.guild
    channel = guild.channels[0]
    await scene.answered(
        guild, "latest", lambda: scene.discord.slash("latest", user=User("reader"), channel=channel), str
    )


async def reload(scene: Scene) -> None:
    """The folder's articles change, and the bot is told to read it."""
    level = scene.record.gauge + 1
    write_gauges(scene.seeds, level)
    told = re.compile(r"\d+ (added|updated|unchanged)|Nothing changed")
    if await scene.command("reload", scene.guild, told.search):
        scene.record.gauge = level


async def add_page(scene: Scene) -> None:
    """A moderator adds a page."""
    each, guild = scene.next_story(), scene.guild
    scene.serve(each)
    url = f"http://127.0.0.1:{scene.publisher.port}{each.path}"
    if await scene.command("add", guild, lambda text: "1 added" in text or "1 unchanged" in text, url=url):
        scene.record.articles.add(each.title)


async def add_feed(scene: Scene) -> None:
    """A moderator adds a feed of two articles, with their full text or with pages behind it."""
    stories, guild = [scene.next_story() for _ in range(2)], scene.guild
    site = f"http://127.0.0.1:{scene.publisher.port}"
    body, kind = rss2(site, stories, scene.chance.random() < 0.5)
    path = f"/feed-{scene.count}"
    scene.publisher.serves(path, body, Content_Type=kind)
    for each in stories:
        scene.serve(each)
    if await scene.command("feeds add", guild, lambda text: "Harbour Post" in text, url=f"{site}{path}"):
        scene.record.feeds.add(f"{site}{path}")
        scene.record.offered |= {each.title for each in stories}


async def change_setting(scene: Scene) -> None:
    """A moderator changes a setting, which is then the one before or the new one until it is acknowledged."""
    guild, wanted = scene.guild, scene.chance.randint(3, 5)
    possible = scene.record.quotes[int(guild.id)]
    possible.add(wanted)
    if await scene.command("settings quotes", guild, lambda text: str(wanted) in text, count=wanted):
        possible.clear()
        possible.add(wanted)


async def subscribe(scene: Scene) -> None:
    """A moderator has a server alerted of some topic."""
    guild = scene.guild
    scene.count += 1
    topic = f"{scene.chance.choice(TOPICS)} {scene.count}"
    if await scene.command("alert add", guild, lambda text: topic in text, topic=topic):
        scene.record.alerts.add((int(guild.id), topic))


WORKS: tuple[tuple[Callable[[Scene], Awaitable[None]], float], ...] = (
    (ask, 0.7),
    (ask, 0.7),
    (latest, 5.0),
    (reload, 6.0),
    (add_page, 4.0),
    (add_feed, 15.0),
    (change_setting, 5.0),
    (subscribe, 40.0),
)
"""What is done at once, each with the seconds, roughly, between two times."""


async def begin(scene: Scene) -> None:
    """What moderators set up first: in each server a digest and an alert of each topic."""
    for guild in scene.discord.world.guilds:
        if await scene.command("digest subscribe", guild, lambda text: "igest" in text, hour=12):
            scene.record.digests.add(int(guild.channels[0].id))
        for topic in TOPICS:
            if await scene.command("alert add", guild, lambda text, topic=topic: topic in text, topic=topic):
                scene.record.alerts.add((int(guild.id), topic))


async def go_on(scene: Scene) -> None:
    """All works at once, until the scene ends."""

    async def again_and_again(work: Callable[[Scene], Awaitable[None]], pause: float) -> None:
        while time.monotonic() < scene.ends:
            await work(scene)
            await asyncio.sleep(pause * scene.chance.uniform(0.5, 1.5))

    await asyncio.gather(*(again_and_again(work, pause) for work, pause in WORKS))

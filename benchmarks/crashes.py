"""A hundred deaths of the bot's own process, at any instant of any work: is anything lost, torn or said twice?

    python -m benchmarks.crashes [--deaths 100] [--bag-of-words] [--seed N]

On a loopback Discord and beside a loopback publisher, at once: a moderator writes articles into the folder and reloads,
adds feeds and single pages, changes settings; members ask; alerts post what comes. Somewhere between its start and
some seconds later the process is killed, and started again. After each death a copy of its data folder is opened: it
must serve one complete generation, and hold whatever the bot had confirmed. After the last one the bot may finish, and
everything ever offered must be there. Nothing may be posted twice. Exit code 1 if not. `--bag-of-words`
leaves the model out. Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.memory.database import FILE, Database
from bot.memory.guilds import Guilds
from bot.memory.posts import POST_IDS
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import newest, one_state
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User
from tests.support.publisher import Story, page, rss2, story
from tests.support.web_server import Server, running

TOPICS = "ferry tram orchard library lighthouse vineyard bakery windmill theatre harbour".split()
"""Each has an alert."""
LIFE = 12.0  # seconds from the start of the process within which it dies
ANSWER_WITHIN = 20.0
AT_LAST, QUIET = 300, 75  # seconds for the last start to bring everything; a poll writes within a minute until it has


@dataclass(slots=True)
class Crashes:
    """What was offered and confirmed, what was done when the process died, and what was found wrong after it."""

    discord: LoopbackDiscord
    home: Home
    publisher: Server
    chance: random.Random
    bot: BotProcess | None = None
    offered: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    feeds: set[str] = field(default_factory=set)
    quotes: set[int] = field(default_factory=lambda: {3})
    count: int = 0
    generation: int = 0
    under_way: Counter[str] = field(default_factory=Counter)
    died_while: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.bot is not None and self.bot.running

    def next_story(self) -> Story:
        """One that was not there before."""
        self.count += 1
        each = story(self.count, about=TOPICS[self.count % len(TOPICS)])
        return replace(each, published=datetime.now(UTC))

    async def command(self, name: str, **options: Any) -> Message | None:
        """The answer to a moderator's command; None if the bot died before."""
        self.under_way[name] += 1
        try:
            asked = await self.discord.slash(name, user=self.discord.world.moderator, **options)
            answer = await self.discord.answer_to(asked, timeout=ANSWER_WITHIN)
            self.done[name] += 1
            return answer
        except (TimeoutError, AssertionError, LookupError) as error:
            if self.alive:
                self.wrong.append(f"/{name}: {str(error).splitlines()[0]}")
            return None
        finally:
            if self.alive:
                self.under_way[name] -= 1


async def reload(crashes: Crashes) -> None:
    """An article comes into the folder, and a moderator reloads."""
    each = crashes.next_story()
    about = f"---\npublished: {datetime.now(UTC).isoformat()}\n---\n"
    (crashes.home.seeds / f"{crashes.count}.txt").write_text(f"{about}{each.title}\n{each.text}\n")
    crashes.offered.add(each.title)
    there = {*crashes.offered}
    files = {title for title in there if (crashes.home.seeds / f"{_number(title)}.txt").exists()}
    if (said := await crashes.command("reload")) and re.search(r"\d+ (added|unchanged)", " ".join(said.texts)):
        crashes.confirmed |= files


async def add_feed(crashes: Crashes) -> None:
    """A moderator adds a feed of three articles, with their full text or with pages behind it."""
    stories = [crashes.next_story() for _ in range(3)]
    site = f"http://127.0.0.1:{crashes.publisher.port}"
    body, kind = rss2(site, stories, crashes.chance.random() < 0.5)
    path = f"/feed-{crashes.count}"
    crashes.publisher.serves(path, body, Content_Type=kind)
    for each in stories:
        crashes.publisher.serves(each.path, page(each), Content_Type="text/html; charset=utf-8")
    if await crashes.command("feeds add", url=f"{site}{path}"):
        crashes.feeds.add(f"{site}{path}")
        crashes.offered |= {each.title for each in stories}


async def add_page(crashes: Crashes) -> None:
    """A moderator adds a page."""
    each = crashes.next_story()
    crashes.publisher.serves(each.path, page(each), Content_Type="text/html; charset=utf-8")
    said = await crashes.command("add", url=f"http://127.0.0.1:{crashes.publisher.port}{each.path}")
    if said and each.title in " ".join(said.texts):
        crashes.offered.add(each.title)
        crashes.confirmed.add(each.title)


async def change_setting(crashes: Crashes) -> None:
    """A moderator changes a setting, which is then the one before or the new one until it is confirmed."""
    wanted = crashes.chance.randint(1, 5)
    crashes.quotes.add(wanted)
    if await crashes.command("settings quotes", count=wanted):
        crashes.quotes = {wanted}


async def ask(crashes: Crashes) -> None:
    """A member asks."""
    with suppress(TimeoutError, AssertionError, LookupError):
        asked = await crashes.discord.slash("ask", user=User("member"), question=f"When did the {TOPICS[0]} leave?")
        await crashes.discord.answer_to(asked, timeout=ANSWER_WITHIN)


WORKS: tuple[Callable[[Crashes], Awaitable[None]], ...] = (reload, add_feed, add_page, change_setting, ask)


async def live(crashes: Crashes, number: int, life: float | None, words: str | None) -> None:
    """One life of the bot; it dies after `life` seconds, or (None) lives until all is there."""
    settings = {"ALLOW_PRIVATE_ADDRESSES": "on", **({BAG_OF_WORDS: words} if words else {})}
    bot = crashes.bot = crashes.home.bot(f"life-{number}", arguments=("run",), **settings)
    await bot.start(crashes.discord.changes)
    dying = asyncio.create_task(_kill_after(bot, life)) if life is not None else None
    try:
        await crashes.discord.ready(timeout=60)
        if number == 0:
            for topic in TOPICS:
                await crashes.command("alert add", topic=f"{topic} sails again")
        works = [asyncio.create_task(_again_and_again(crashes, work)) for work in WORKS] if dying else []
        if life is None:
            await _all_is_there(crashes)
        for work in works:
            await work
    except (TimeoutError, AssertionError) as error:  # it died while it started
        if bot.running:
            crashes.wrong.append(str(error).splitlines()[0])
    if dying:
        await dying
    else:
        await bot.stop()
    crashes.died_while.update({name for name, count in crashes.under_way.items() if count} or {"nothing of theirs"})
    crashes.under_way.clear()


async def _kill_after(bot: BotProcess, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(bot.process.wait()), seconds)
    await bot.kill()


async def _again_and_again(crashes: Crashes, work: Callable[[Crashes], Awaitable[None]]) -> None:
    while crashes.alive:
        await work(crashes)
        await asyncio.sleep(crashes.chance.random() / 2)


async def _all_is_there(crashes: Crashes) -> None:
    """Or will not be any more: nothing has been written for a while."""
    await crashes.command("reload")
    data = crashes.home.folder / "data"

    def quiet() -> bool:
        return time.time() - max(each.stat().st_mtime for each in data.glob("*.sqlite3*")) >= QUIET

    for _ in range(AT_LAST):
        if quiet():
            return
        await asyncio.sleep(1)


def found(crashes: Crashes) -> tuple[set[str], int, int, set[str]]:
    """What a copy of the data folder serves: headlines, generation, the setting, the feeds. Raises where it is torn."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(crashes.home.folder / "data", data)
        with Newsroom.open(NewsroomSettings(data, crashes.home.seeds)) as room:
            one_state(room)
            status = room.status()
            held = {each.title for each in newest(room)}
            feeds = {each.url for each in room.list_feeds()}
        database = Database(data)
        quotes = Guilds(database).of(int(crashes.discord.world.guilds[0].id)).quotes
        database.close()
        return held, status.generation, quotes, feeds


def posts(crashes: Crashes) -> Counter[int]:
    """How often each post of the alert is in its channel, by the mark that it carries; an article belongs to one post
    of an alert, while a story comes with each that tells something new of it.
    """
    sent = crashes.discord.sent_by_bot(crashes.discord.world.channel)
    marks = (part.get("id", 0) for message in sent for part in message.components)
    return Counter(mark for mark in marks if mark >= POST_IDS)


def check(crashes: Crashes, when: str) -> None:
    """Add to what is wrong."""
    try:
        held, generation, quotes, feeds = found(crashes)
    except Exception as error:  # whatever it is, a start would meet it, too
        crashes.wrong.append(f"{when}: {type(error).__name__}: {str(error).splitlines()[:1]}")
        return
    if lost := crashes.confirmed - held:
        crashes.wrong.append(f"{when}: lost {sorted(lost)}")
    if generation < crashes.generation:
        crashes.wrong.append(f"{when}: generation {generation} after {crashes.generation}")
    if quotes not in crashes.quotes:
        crashes.wrong.append(f"{when}: {quotes} quotes, not {crashes.quotes}")
    if lost := crashes.feeds - feeds:
        crashes.wrong.append(f"{when}: lost the feeds {sorted(lost)}")
    if twice := [mark for mark, count in posts(crashes).items() if count > 1]:
        crashes.wrong.append(f"{when}: posted twice: {sorted(twice)}")
    crashes.generation, crashes.quotes = generation, {quotes}


def an_hour_passes(crashes: Crashes) -> None:
    """For alerts, which post a few times an hour."""
    with closing(sqlite3.connect(crashes.home.folder / "data" / FILE)) as state, state:
        state.execute("UPDATE post SET done = done - 3600")


def _number(title: str) -> str:
    return re.sub(r"\D", "", title)


async def crashed(folder: Path, deaths: int, seed: int, words: str | None) -> Crashes:
    """Let the bot die so often."""
    with running() as publisher:
        publisher.serves("/robots.txt", status=404)
        async with LoopbackDiscord() as discord:
            crashes = Crashes(discord, Home.furnish(folder, discord), publisher, random.Random(seed))  # noqa: S311
            for number in range(deaths):
                life = 30.0 if number == 0 else crashes.chance.uniform(0.5, LIFE)
                await live(crashes, number, life, words)
                check(crashes, f"death {number + 1}")
                an_hour_passes(crashes)
            await live(crashes, deaths, None, words)
            check(crashes, "at the end")
            held, *_ = found(crashes)
            if lost := crashes.offered - held:
                crashes.wrong.append(f"at the end: never came: {sorted(lost)}")
            crashes.wrong += discord.violations()
            return crashes


def main() -> None:
    """Crash as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--deaths", type=int, default=100)
    parser.add_argument("--bag-of-words", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))  # noqa: S311
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = folder if given.bag_of_words else None
        crashes = asyncio.run(crashed(Path(folder) / "home", given.deaths, given.seed, words))
    print(f"{given.deaths} deaths (seed {given.seed}); {len(crashes.offered)} articles, {len(crashes.feeds)} feeds")
    print("confirmed:", ", ".join(f"{count} × /{name}" for name, count in crashes.done.most_common()))
    print("under way at a death:", ", ".join(f"{count} × {name}" for name, count in crashes.died_while.most_common()))
    print(f"posted: {sum(posts(crashes).values())}; wrong: {len(crashes.wrong)}", *crashes.wrong, sep="\n")
    sys.exit(bool(crashes.wrong))


if __name__ == "__main__":
    main()

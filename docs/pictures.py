"""Pictures of the bot's messages as Discord shows them, for the README and docs/gallery.md: `python docs/pictures.py`.

The real client answers in simcord's Discord, and headless Chromium photographs simcord's preview of the
replies. Needs the extra `pictures`, and Chromium or Chrome: on the PATH, or named in the variable CHROMIUM.
"""

from __future__ import annotations

import asyncio
import http.server
import itertools
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import discord
import simcord
from browser import Browser, chromium
from invented_news import ACCIDENT, CORRECTED, LATER, NEWS, UNREADABLE, address, feed, files
from PIL import Image
from simcord import ChannelHandle, GuildHandle, MemberActor
from simcord.components import walk_components
from simcord.results import InteractionResult

from bot.app import Bot
from bot.connection.client import QuotewireClient
from bot.connection.limits import Limits
from bot.posting import posting
from bot.settings import Settings
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import HostTurns

DOCS = Path(__file__).parent
WIDTHS = {"": 700, "-phone": 390}
"""The end of a picture's name, and its width in CSS pixels; a picture has twice as many, for sharp screens."""
SHOWN = "answer"
"""In the README, too."""
KINDS = {
    SHOWN: "`/ask`: quotes, what was corrected, and where reports differ",
    "also-reported": "Who else reports what a quote says",
    "key-points": "Three quotes, and the key points of the first one's publisher",
    "bearing": "Nothing answers for certain, but this may bear on it",
    "abstention": "Nothing answers: the nearest headlines",
    "headline": "One of the nearest headlines, opened",
    "more-quotes": "*More quotes* under an answer",
    "passage": "*Passage*: the quote within what stands around it",
    "follow-up-form": "*Ask a follow-up*",
    "follow-up": "A follow-up, and how it was understood",
    "vote": "A vote, thanked for",
    "broad": "`/ask` about what happened, at large: a story, and others that may be meant",
    "latest": "`/latest`",
    "latest-new": "`/latest`, asked again: what is new since then",
    "latest-topic": "`/latest` about a topic",
    "latest-none": "`/latest` where there is nothing",
    "story": "`/story`, or *Open* below a list of stories: one of them step by step",
    "sources": "`/sources`: what can be quoted from",
    "digest": "A digest, posted every morning",
    "alert": "An alert: new articles about a topic",
    "digest-subscribed": "`/digest subscribe`",
    "digests": "`/digest list`",
    "alert-added": "`/alert add`",
    "alerts": "`/alert list`",
    "settings": "`/settings show`",
    "settings-changed": "A setting changed",
    "status": "`/status`",
    "log": "What a moderator did, in the log channel",
    "reload": "`/reload`, with what could not be read",
    "feeds-none": "`/feeds list`, before there are any",
    "feeds-check": "`/feeds check`",
    "feeds-added": "`/feeds add`",
    "feeds-import": "`/feeds import`",
    "feeds": "`/feeds list`",
    "history": "`/history`: what a publisher changed",
    "remove": "`/remove`",
    "restore": "`/restore`",
    "refused-cooldown": "Asking again too soon",
    "refused-channel": "Asking in a channel where the bot does not answer",
    "refused-moderator": "A member who tries a moderator's command",
    "refused-address": "An address that leads inside the network",
}
"""What each picture of docs/gallery.md shows."""
GALLERY = """\
# What the bot says

Each picture is drawn from what the bot sends, as Discord shows it on a desktop and on a phone. The outlets, places and
people in them are invented. `make pictures` draws them anew, and writes this page.

| | desktop | phone |
|---|---|---|
"""
DAY = 24 * 3600.0
QUESTION = "How many people were injured when the ferry hit the pier?"


@dataclass
class Clock:
    """Tells the time, or what it is set to."""

    shows: float | None = None

    def __call__(self) -> float:
        """In seconds since 1970."""
        return time.time() if self.shows is None else self.shows


@dataclass
class Studio:
    """A server with members and channels, the bot in it, and a camera."""

    env: simcord.Env
    browser: Browser
    client: QuotewireClient
    room: Newsroom
    clock: Clock
    articles: Path
    out: Path
    guild: GuildHandle
    alice: MemberActor
    """A member."""
    ines: MemberActor
    """A moderator, who hosts the bot."""
    news: ChannelHandle
    log: ChannelHandle

    @classmethod
    def furnish(
        cls,
        env: simcord.Env,
        browser: Browser,
        client: QuotewireClient,
        room: Newsroom,
        clock: Clock,
        articles: Path,
        out: Path,
    ) -> Studio:
        """The members, channels and roles."""
        guild = env.create_guild()
        role = guild.create_role("News Desk", permissions=discord.Permissions(manage_guild=True))
        alice, ines = (
            guild.add_member(env.create_user("alice")),
            guild.add_member(env.create_user("ines"), roles=[role]),
        )
        news, log = guild.create_text_channel("news"), guild.create_text_channel("mod-log")
        assert client.application
        client.application.owner = cast(discord.User, discord.Object(ines.id))  # who may use /reload
        return cls(env, browser, client, room, clock, articles, out, guild, alice, ines, news, log)

    async def shoot(self, name: str, who: MemberActor, target: object, channel: ChannelHandle | None = None) -> None:
        """Write the pictures of a message, or of a form, as `who` sees it."""
        if isinstance(target, InteractionResult) and not target.modal:
            target = target.response or target.followups[0]
        # Otherwise a time that is "in 3 hours" would be reckoned from simcord's clock, which stands still.
        shown = self.env.preview(channel or self.news, viewers=[who], presentation_time=self.now())
        async with shown as preview:
            await preview.show(target)
            for suffix, width in WIDTHS.items():
                (self.out / f"{name}{suffix}.png").write_bytes(await self.browser.photograph(preview.url, width))

    def last_in(self, channel: ChannelHandle, words: str) -> discord.Message:
        """The last message of a channel that says `words`."""
        return next(
            message
            for message in reversed(channel.history())
            if any(words in part.get("content", "") for part in walk_components([*map(_as_sent, message.components)]))
        )

    def now(self) -> datetime:
        """What the bot's clock for digests says."""
        return datetime.fromtimestamp(self.clock(), UTC)

    async def use(self, name: str, who: MemberActor, command: str, **options: Any) -> InteractionResult:
        """Use a command and take the pictures of its reply."""
        result = await who.slash(self.news, command, **options)
        await self.shoot(name, who, result)
        return result

    async def press(self, name: str, who: MemberActor, under: Any, action: str) -> InteractionResult:
        """Press the first button whose custom id contains `action`, and take the pictures of what comes."""
        ids = (part.get("custom_id") or "" for part in walk_components(under.components))
        result = await who.click(under, custom_id=next(id_ for id_ in ids if action in id_))
        await self.shoot(name, who, result)
        return result


def _as_sent(component: Any) -> dict[str, Any]:
    return component.to_dict()


async def of_answers(studio: Studio) -> None:
    """What members ask, and what they press."""
    use, press, alice = studio.use, studio.press, studio.alice
    answer = (await use("answer", alice, "ask", question=QUESTION)).response
    await use("also-reported", alice, "ask", question="What did harbour master Ines Calder say?")
    closed = (await use("key-points", alice, "ask", question="How long does the northern pier stay closed?")).response
    await press("more-quotes", alice, closed, ":more:")
    await press("passage", alice, answer, ":passage:")
    await press("vote", alice, answer, ":up:")
    form = await press("follow-up-form", alice, answer, ":follow:")
    await studio.shoot("follow-up", alice, await alice.submit_modal(form, {"question": "And why did it hit the pier?"}))
    await use("broad", alice, "ask", question="What happened with the ferry?")
    await use("bearing", alice, "ask", question="What will the new library cost?")
    abstention = (await use("abstention", alice, "ask", question="When does the lighthouse open?")).response
    await press("headline", alice, abstention, ":nearest:")


async def of_news(studio: Studio) -> None:
    """Briefings and sources."""
    latest = (await studio.use("latest", studio.alice, "latest")).response
    assert latest is not None
    await studio.use("story", studio.alice, "story", story=ACCIDENT.title)
    await studio.use("latest-topic", studio.alice, "latest", topic="ferries", since="3 days ago")
    await studio.use("latest-none", studio.alice, "latest", topic="ferries", source="Nobody’s Herald")
    await studio.use("sources", studio.alice, "sources")


async def of_settings(studio: Studio) -> None:
    """Settings, and what is refused."""
    use, alice, ines = studio.use, studio.alice, studio.ines
    await use("settings-changed", ines, "settings cooldown", seconds=60)
    await ines.slash(studio.news, "settings log", channel=studio.log)
    await ines.slash(studio.news, "settings channels add", channel=studio.news)
    await use("settings", ines, "settings show")
    studio.client.serving.limits = Limits()
    await alice.slash(studio.news, "ask", question=QUESTION)
    await use("refused-cooldown", alice, "ask", question=QUESTION)
    refused = await alice.slash(studio.log, "ask", question=QUESTION)
    await studio.shoot("refused-channel", alice, refused, studio.log)
    await ines.slash(studio.news, "settings reset", setting="channels")
    await ines.slash(studio.news, "settings reset", setting="cooldown")
    command = next(each for each in await studio.client.tree.fetch_commands() if each.name == "reload")
    studio.guild.set_command_permissions(command, {studio.guild.default_role: True})
    await use("refused-moderator", alice, "reload")


async def of_sources(studio: Studio, site: str) -> None:
    """Feeds, single articles, reloads; `site` serves feeds."""
    use, ines = studio.use, studio.ines
    await use("feeds-none", ines, "feeds list")
    await use("feeds-check", ines, "feeds check", url=f"{site}/coastwire.xml")
    await use("feeds-added", ines, "feeds add", url=f"{site}/coastwire.xml")
    outlines = "".join(f'<outline xmlUrl="{site}/{name}"/>' for name in ("ledger.xml", "coastwire.xml", "gone.xml"))
    opml = f'<opml version="2.0"><body>{outlines}</body></opml>'.encode()
    await use("feeds-import", ines, "feeds import", file=("feeds.opml", opml))
    await asyncio.to_thread(studio.room.poll_feeds)
    BROKEN.add("/ledger.xml")
    write(studio.articles, files(*LATER) | UNREADABLE)
    await use("reload", ines, "reload")
    await studio.shoot("log", ines, studio.last_in(studio.log, "/feeds import"), studio.log)
    await use("feeds", ines, "feeds list")
    await use("history", ines, "history", article=address(ACCIDENT))
    await use("remove", ines, "remove", article=address(ACCIDENT))
    await use("restore", ines, "restore", article=address(ACCIDENT))
    await use("status", ines, "status")
    await use("refused-address", ines, "add", url="https://nowhere.example/news")


async def of_posts(studio: Studio) -> None:
    """Digests and alerts, which are there before news come."""
    ines = studio.ines
    await studio.use("digest-subscribed", ines, "digest subscribe", hour=7, zone="Europe/Oslo")
    await ines.slash(studio.news, "digest subscribe", hour=18, weekday=4, topic="ferries")
    await ines.slash(studio.log, "alert add", topic="ferry engines")
    await studio.use("alert-added", ines, "alert add", topic="the pass at Hallin")
    await studio.use("digests", ines, "digest list")
    await studio.use("alerts", ines, "alert list")


async def of_posted(studio: Studio) -> None:
    """What is told once news had come, unasked and asked."""
    await studio.use("latest-new", studio.alice, "latest")
    studio.client.serving.posting.wake()
    await studio.env.settle()
    await studio.shoot("alert", studio.alice, studio.last_in(studio.news, "New article"))
    due = studio.client.serving.subscriptions.of(studio.guild.id, "digest")[0].due
    studio.clock.shows = due + 60
    studio.client.serving.posting.wake()
    await studio.env.settle()
    await studio.shoot("digest", studio.alice, studio.last_in(studio.news, "Today’s news"))


async def take_pictures(scratch: Path, out: Path) -> None:
    """Write the pictures of every kind of message to `out`."""
    articles = scratch / "articles"
    articles.mkdir()
    settings = Settings(discord_token=None, data_dir=scratch / "bot", seeds_dir=articles)
    with serving_feeds() as port, Newsroom.open(NewsroomSettings(scratch / "index", articles)) as room:
        room._machinery.deliveries._session = GuardedSession(
            allowed=lambda ip, there: ip.is_loopback and there == port,
            resolve=lambda host, _port: ["127.0.0.1"] if host.startswith("feeds.") else [],
            turns=HostTurns(0),
        )
        for published in (files(ACCIDENT, *NEWS), files(CORRECTED)):
            write(articles, published)
            room.reload()
        room.warm_up()
        clock = Clock()
        client = Bot(room, settings, clock).client
        client.shard_count = 1  # which a real Discord says
        client.serving.limits = Limits(iter(range(10**9, 10**10, 3600)).__next__)  # nobody has to wait
        posting.LOOK = DAY  # simcord takes the bot for busy while it sleeps for less than `settle_timeout`
        # Refusals are errors to simcord.
        async with simcord.run(client, settle_timeout=60, check_errors=False) as env, chromium() as browser:
            assert env.bot.user is not None
            await env.bot.user.edit(username="Quotewire")
            studio = Studio.furnish(env, browser, client, room, clock, articles, out)
            await of_answers(studio)
            await of_news(studio)
            await of_settings(studio)
            await of_posts(studio)
            await of_sources(studio, f"http://feeds.example.org:{port}")
            await of_posted(studio)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text to the file in `folder` that it is named for."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


BROKEN: set[str] = set()
"""Feeds that are there no more."""


@contextmanager
def serving_feeds() -> Iterator[int]:
    """A web server with feeds on loopback; yields its port."""
    feeds = {
        "/coastwire.xml": feed("Coast Wire", *(story for story in NEWS if story.outlet == "Coast Wire")),
        "/ledger.xml": feed("Northern Ledger", *(story for story in NEWS if story.outlet == "Northern Ledger")),
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = feeds.get(self.path) if self.path not in BROKEN else None
            body = (found or "").encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def keep(pictures: Path) -> None:
    """Put the pictures where the README and the gallery show them, in few colours to be small; write the gallery."""
    (DOCS / "pictures").mkdir(exist_ok=True)
    for name, end in itertools.product(KINDS, WIDTHS):
        small = Image.open(pictures / f"{name}{end}.png").convert("RGB").quantize(128)
        small.save(DOCS / f"{_place(name)}{end}.png", optimize=True)
    rows = [
        f'| {what} | <img src="{_place(name)}.png" width="420" alt="{_plain(what)}"> '
        f'| <img src="{_place(name)}-phone.png" width="230" alt="The same on a phone"> |\n'
        for name, what in KINDS.items()
    ]
    (DOCS / "gallery.md").write_text(GALLERY + "".join(rows), encoding="utf-8")


def _place(name: str) -> str:
    return name if name == SHOWN else f"pictures/{name}"


def _plain(text: str) -> str:
    return text.replace("`", "").replace("*", "")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "taken"
        out.mkdir()
        asyncio.run(take_pictures(Path(scratch), out))
        keep(out)

"""The newsroom as an event loop may use it: asked in turns, changed and read, all of it off the loop.

Whoever answers a member does so at the `Desk` of the place where that member is, which sees the edition of that server
and nothing else. The `NewsDesk`, of which there is one, hands them out.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from bot.cards.notes import note_card
from bot.connection.errors import ShutdownError
from bot.connection.limits import Turns, asker
from bot.connection.offload import offload
from bot.connection.replies import meanwhile
from bot.connection.under_way import logged
from bot.wording.language import _
from retrieval.article import Progress, ReloadReport, Status, Tell
from retrieval.edition import Edition
from retrieval.errors import NotYetRead, ReloadInProgress
from retrieval.newsroom import Newsroom

T = TypeVar("T")

FIRST_READING = 13 * 60.0
"""Seconds that a question waits for the first articles to be read: Discord takes an answer for 15 minutes."""
TOLD_AFTER = 3.0
"""Seconds after which whoever waits is told what for."""
LOOK = 0.5
"""Seconds after which it is looked again whether they are."""


class Desk:
    """The edition of one place, asked in turns and changed, off the event loop. `edition` itself blocks."""

    def __init__(self, newsdesk: NewsDesk, edition: Edition) -> None:
        self._newsdesk = newsdesk
        self.edition = edition

    async def query(self, question: Callable[[Edition], T]) -> T:
        """The result of `question` on the edition.

        Raises what `question` raises, `NotYetRead` when it takes long until the first articles are read, and
        `Crowded` when many questions from the same place wait.
        """
        await self._newsdesk.wait_for_answers()
        async with self._newsdesk.turns.turn(asker.get()):
            return await offload(lambda: question(self.edition))

    async def look(self, question: Callable[[Edition], T]) -> T:
        """As `query`, of what is found without searching, such as choices while a member types: nobody waits."""
        return await offload(lambda: question(self.edition))

    async def change(self, work: Callable[[Edition, Tell], T], progress: Tell = lambda _: None) -> T:
        """The result of `work`, which may change what the edition holds; `progress` is called on another thread.

        Raises what `work` raises, and `ShutdownError` soon after the bot begins to close.
        """
        return await self._newsdesk.changing(lambda step: work(self.edition, step), progress)


class NewsDesk:
    """Hands out the desks of `room`, which is neither opened nor closed here, and looks after all of it.

    `changed` is called after each change, also one that failed: part of it may be in the index. `reloaded` is called
    after each reload, with None after one that failed, and `verified` with the number of damaged files of the index.
    """

    def __init__(
        self,
        room: Newsroom,
        changed: Callable[[], object] = lambda: None,
        reloaded: Callable[[ReloadReport | None], object] = lambda _: None,
        verified: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._room = room
        self.turns = Turns()
        self._changed = changed
        self._reloaded = reloaded
        self._verified = verified
        self._closing = threading.Event()
        self._reading: asyncio.Task[None] | None = None
        self._first: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    def open(self) -> asyncio.Task[None]:
        """Begin to verify the index and read the articles, which is the task that is returned; and load the model."""
        self._reading = reading = asyncio.create_task(self._verified_and_read())
        self._first = asyncio.create_task(self._until_some_are_read(reading))
        self._warming = asyncio.create_task(logged(offload(self._room.warm_up), "loading the model"))
        return self._reading

    async def _verified_and_read(self) -> None:
        await logged(self._verify(), "verifying the index")
        await logged(self._read(), "the reload at start")

    async def _read(self) -> None:
        """Reload; while another process does, and there is nothing yet to answer with, wait for it, and try again."""
        while True:
            try:
                await self.reload()
                return
            except ReloadInProgress:
                if self._closing.is_set() or await offload(self._room.ready):
                    raise
            await asyncio.sleep(LOOK)

    async def _verify(self) -> None:
        self._verified(len(await offload(self._room.verify)))

    async def wait_until_readable(self) -> None:
        """Wait until the articles are read that `open` began to read, or, of very many, the first of them."""
        if self._first:
            await asyncio.wait({self._first})

    def close(self) -> None:
        """End any change at its next step; what was served before stays whole."""
        self._closing.set()

    async def wait_until_warm(self) -> None:
        """Wait until what `open` began is done."""
        await asyncio.wait({task for task in (self._reading, self._warming) if task})

    def at(self, guild: int | None) -> Desk:
        """The desk of a server; without one, of direct messages, which read what the host does."""
        return Desk(self, self._room if guild is None else self._room.edition(str(guild)))

    def fares(self) -> tuple[Status, bool]:
        """How the newsroom fares as a whole, and whether it can answer. It blocks."""
        return self._room.status(), self._room.ready()

    async def reload(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Reload the folder, for all; `progress` is called on another thread.

        Raises `ShutdownError` soon after `close` is called, and what `Newsroom.reload` raises.
        """
        try:
            report = await self.changing(self._room.reload, progress)
        except ReloadInProgress:  # another one counts it
            raise
        except Exception:
            self._reloaded(None)
            raise
        self._reloaded(report)
        return report

    async def changing(self, work: Callable[[Tell], T], progress: Tell) -> T:
        """The result of `work`, which changes what the newsroom holds and tells how far it is. As for `reload`."""

        def step(now: Progress) -> None:
            if self._closing.is_set():
                raise ShutdownError
            progress(now)

        try:
            return await offload(lambda: work(step))
        finally:
            self._changed()

    async def wait_for_answers(self) -> None:
        """While the reload at start is under way and nothing can be answered yet, wait until something can.

        Members do not know that the bot has only just started. Raises `NotYetRead` when that takes long.
        """
        if self._first is None or self._first.done() or await offload(self._room.ready):
            return
        if not await _done(self._first, min(TOLD_AFTER, FIRST_READING)):
            said = _("I am reading the first articles. Your answer comes here as soon as they are in.")
            await meanwhile(note_card(said))
            if not await _done(self._first, FIRST_READING - TOLD_AFTER):
                raise NotYetRead("I am still reading the articles for the first time; ask me again in a few minutes.")

    async def _until_some_are_read(self, reading: asyncio.Task[None]) -> None:
        def some() -> bool:
            return self._room.ready() and self._room.reading() is not None

        while not reading.done() and not await offload(some):
            await asyncio.wait({reading}, timeout=LOOK)


async def _done(task: asyncio.Task[None], within: float) -> bool:
    return bool((await asyncio.wait({task}, timeout=max(0.0, within)))[0])

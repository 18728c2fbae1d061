"""The newsroom as an event loop may use it: asked in turns, changed and read, all of it off the loop."""

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
from retrieval.article import Progress, ReloadReport, Tell
from retrieval.errors import NotYetRead
from retrieval.newsroom import Newsroom

T = TypeVar("T")

FIRST_READING = 13 * 60.0
"""Seconds that a question waits for the first articles to be read: Discord takes an answer for 15 minutes."""
TOLD_AFTER = 3.0
"""Seconds after which whoever waits is told what for."""
LOOK = 0.5
"""Seconds after which it is looked again whether they are."""


class NewsDesk:
    """Asks and changes `room`, which is neither opened nor closed here.

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
        self.room = room
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
        self._warming = asyncio.create_task(logged(offload(self.room.warm_up), "loading the model"))
        return self._reading

    async def _verified_and_read(self) -> None:
        await logged(self._verify(), "verifying the index")
        await logged(self.reload(), "the reload at start")

    async def _verify(self) -> None:
        self._verified(len(await offload(self.room.verify)))

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

    async def query(self, question: Callable[[Newsroom], T]) -> T:
        """The result of `question` on the newsroom.

        Raises what `question` raises, `NotYetRead` when it takes long until the first articles are read, and
        `Crowded` when many questions from the same place wait.
        """
        await self._readable()
        async with self.turns.turn(asker.get()):
            return await offload(lambda: question(self.room))

    async def reload(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Reload the newsroom; `progress` is called on another thread.

        Raises `ShutdownError` soon after `close` is called, and what `Newsroom.reload` raises.
        """
        try:
            report = await self.change(lambda room, step: room.reload(step), progress)
        except Exception:
            self._reloaded(None)
            raise
        self._reloaded(report)
        return report

    async def change(
        self,
        work: Callable[[Newsroom, Tell], T],
        progress: Tell = lambda _: None,
    ) -> T:
        """The result of `work`, which may change what the newsroom holds. As for `reload`."""

        def step(now: Progress) -> None:
            if self._closing.is_set():
                raise ShutdownError
            progress(now)

        try:
            return await offload(lambda: work(self.room, step))
        finally:
            self._changed()

    async def _readable(self) -> None:
        """While the reload at start is under way and nothing can be answered yet, wait until something can.

        Members do not know that the bot has only just started.
        """
        if self._first is None or self._first.done() or await offload(self.room.ready):
            return
        if not await _done(self._first, min(TOLD_AFTER, FIRST_READING)):
            said = _("I am reading the first articles. Your answer comes here as soon as they are in.")
            await meanwhile(note_card(said))
            if not await _done(self._first, FIRST_READING - TOLD_AFTER):
                raise NotYetRead("I am still reading the articles for the first time; ask me again in a few minutes.")

    async def _until_some_are_read(self, reading: asyncio.Task[None]) -> None:
        def some() -> bool:
            return self.room.ready() and self.room.reading() is not None

        while not reading.done() and not await offload(some):
            await asyncio.wait({reading}, timeout=LOOK)


async def _done(task: asyncio.Task[None], within: float) -> bool:
    return bool((await asyncio.wait({task}, timeout=max(0.0, within)))[0])

"""How much one member, and one server, may ask: rests between questions, and turns while many are asked at once.

Knows nothing of Discord. For one event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.wording.language import _
from retrieval.errors import QuotewireError

QUESTIONS_AT_ONCE = 3
"""Questions worked on at the same time. More would hold each other up, and the event loop, rather than be done sooner:
half of the work is Python's, which does one thing at a time."""
MOST_WAITING = 50
"""Questions of one server that may wait."""
MOST_UNDER_WAY = 2
"""Questions of one member that may be under way."""
REMEMBERED = 10_000
"""Members whose last question is remembered; with more, what is longest ago is forgotten."""

Clock = Callable[[], float]
"""The time in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and in which server (ids); no server is a direct message."""

    member: int
    guild: int | None = None

    @property
    def place(self) -> int:
        """What takes turns with other places: a server, or a member in direct messages."""
        return self.guild or -self.member


NOBODY = Asker(0)
"""The bot itself, for what no member waits for."""

asker: ContextVar[Asker] = ContextVar("asker", default=NOBODY)
"""Whose question the present task works on."""


class Crowded(QuotewireError):
    """So many questions of a server wait that another one would wait for too long."""


class Recent:
    """When something last was, for each of at most `REMEMBERED` keys."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def note(self, key: Hashable) -> None:
        """It is now."""
        self._at[key] = self._clock()
        self._at.move_to_end(key)
        while len(self._at) > REMEMBERED:
            self._at.popitem(last=False)

    def over(self, key: Hashable, seconds: float) -> float | None:
        """When `seconds` after the last time are over; None where they are, or where there was no such time."""
        last, now = self._at.get(key), self._clock()
        # A clock that was set back must not lock anyone out.
        return last + seconds if last is not None and last <= now < last + seconds else None

    def first(self, key: Hashable, seconds: float) -> bool:
        """Whether it is not within `seconds` of the last time that this was true."""
        if self.over(key, seconds) is not None:
            return False
        self.note(key)
        return True


@dataclass(frozen=True, slots=True)
class Wait:
    """A member has to wait `until` then (seconds since 1970); None: until a question of theirs is answered."""

    until: float | None


class Limits:
    """Admits the questions of members; each that is admitted has to `end`."""

    def __init__(self, clock: Clock = time.time) -> None:
        self.told = Recent(clock)
        """Notices that are given rarely."""
        self._asked = Recent(clock)
        self._under_way: Counter[int] = Counter()

    def admit(self, asker: Asker, cooldown: float | None) -> Wait | None:
        """None if a question is admitted, else how long to wait; `cooldown` is in seconds from the last admitted.

        With `cooldown` None it is a look at what was asked before, which needs no rest.
        """
        if self._under_way[asker.member] >= MOST_UNDER_WAY:
            return Wait(None)
        if cooldown is not None:
            if (until := self._asked.over(asker, cooldown)) is not None:
                return Wait(until)
            self._asked.note(asker)
        self._under_way[asker.member] += 1
        return None

    def end(self, asker: Asker) -> None:
        """A question that was admitted is answered, or never will be."""
        self._under_way[asker.member] -= 1
        if self._under_way[asker.member] <= 0:
            del self._under_way[asker.member]

    @property
    def under_way(self) -> int:
        """Questions that were admitted and have not ended."""
        return self._under_way.total()


class Turns:
    """Lets `at_once` questions be worked on. The others wait: places take turns, and in each of them its members.

    So a place, or a member, that asks a hundred questions delays another's by one of theirs, not by a hundred.
    """

    def __init__(self, at_once: int = QUESTIONS_AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._free = at_once
        self._working: Counter[int] = Counter()
        self._most_waiting = most_waiting
        # In the order of their turns; no queue in it is empty.
        self._places: OrderedDict[int, OrderedDict[int, deque[asyncio.Future[None]]]] = OrderedDict()

    def working(self, place: int | None = None) -> int:
        """Questions that are worked on, of one place or of all."""
        return self._working.total() if place is None else self._working[place]

    def waiting(self, place: int | None = None) -> int:
        """Questions that wait, of one place or of all."""
        places = self._places.values() if place is None else [self._places.get(place, {})]
        return sum(len(queue) for members in places for queue in members.values())

    @asynccontextmanager
    async def turn(self, asker: Asker) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the block. Raises `Crowded`."""
        await self._take(asker)
        self._working[asker.place] += 1
        try:
            yield
        finally:
            self._working[asker.place] -= 1
            self._working += Counter[int]()  # without those that are 0
            self._pass_on()

    async def _take(self, asker: Asker) -> None:
        if self._free:  # then nobody waits
            self._free -= 1
            return
        if self.waiting(asker.place) >= self._most_waiting:
            raise Crowded(_("Many questions are waiting here just now; ask again in a minute."))
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        members = self._places.setdefault(asker.place, OrderedDict())
        members.setdefault(asker.member, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()  # the turn came in the moment in which its question was given up
            else:
                self._leave(asker, mine)
            raise

    def _pass_on(self) -> None:
        """Give a turn that ended to who is next."""
        while self._places:
            place, members = self._places.popitem(last=False)
            member, queue = members.popitem(last=False)
            mine = queue.popleft()
            # Who had a turn goes to the end, as do others of the same place.
            if queue:
                members[member] = queue
            if members:
                self._places[place] = members
            if not mine.done():
                mine.set_result(None)
                return
        self._free += 1

    def _leave(self, asker: Asker, mine: asyncio.Future[None]) -> None:
        members = self._places.get(asker.place, OrderedDict())
        queue = members.get(asker.member, deque())
        if mine not in queue:
            return
        queue.remove(mine)
        if not queue:
            del members[asker.member]
        if not members:
            del self._places[asker.place]

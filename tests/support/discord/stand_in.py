"""A newsroom whose answers, delays and failures a test decides: for what a real one cannot be brought to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from retrieval.answer import Answer, Briefing
from retrieval.article import Progress, Reading, ReloadReport, Status
from retrieval.newsroom import Newsroom
from retrieval.replicas.leases import Alone, Leases

NOTHING_CHANGED = ReloadReport(0, 0, 0, 1, 0, (), 0.1, 1)


def no_answer(question: str) -> Answer:
    return Answer(question, False, 0.1, (), (), 7, 1, 0.01)


@dataclass
class StandIn:
    """Each member is called in place of the method of the same name."""

    asking: Callable[[str], Answer] = no_answer
    reloading: Callable[[Callable[[Progress], None]], ReloadReport] = lambda _: NOTHING_CHANGED
    notice: str | None = None
    still: Reading | None = None
    outlets: tuple[str, ...] = ()
    kept: int | None = None
    threads: set[str] = field(default_factory=set)
    reloads: int = 0
    shared: None = None
    leases: Leases = field(default_factory=Alone)

    def readers(self) -> tuple[str, ...]:
        return ()

    def edition(self, reader: str) -> StandIn:
        assert reader
        return self

    def ask(self, question: str, **_: object) -> Answer:
        self.threads.add(threading.current_thread().name)
        return self.asking(question)

    def latest(self, topic: str | None = None, **_: object) -> Briefing:
        self.threads.add(threading.current_thread().name)
        return Briefing(topic, (), 1, 0.01)

    def keep_days(self) -> int | None:
        return self.kept

    def keep(self, days: int | None) -> None:
        self.kept = days

    def languages(self) -> dict[str, int]:
        return {}

    def outlets_holding(self, text: str, limit: int) -> tuple[str, ...]:
        return tuple(outlet for outlet in self.outlets if text.casefold() in outlet.casefold())[:limit]

    def reload(self, progress: Callable[[Progress], None]) -> ReloadReport:
        self.reloads += 1
        # The bot's own reload at start is none of a test's business.
        return self.reloading(progress) if self.reloads > 1 else NOTHING_CHANGED

    def next_poll(self) -> None:
        pass

    def ready(self) -> bool:
        return self.notice is None

    def reading(self) -> Reading | None:
        return self.still

    def span_of_dates(self) -> tuple[None, None]:
        return None, None

    def verify(self) -> list[str]:
        return []

    def warm_up(self) -> None:
        pass

    def status(self) -> Status:
        return Status(1, 1, 1, 1, None, None, "a model", None, (), self.notice)

    @property
    def room(self) -> Newsroom:
        return cast(Newsroom, self)

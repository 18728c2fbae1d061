"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrieval.article import Answer, Briefing, Day, Hit, Progress, ReloadReport, Status


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. `embedding_model` is a name or a folder; None is the built-in one."""

    data_dir: Path
    seeds_dir: Path
    embedding_model: str | None = None


class Newsroom:
    """Every method may be called from any thread; none may be called on an event loop (they block)."""

    @classmethod
    def open(cls, settings: NewsroomSettings) -> Newsroom:
        raise NotImplementedError

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None: ...

    def warm_up(self) -> None:
        """Load the model now, so that the first question does not wait for it."""

    def reload(self, progress: Callable[[Progress], None] = lambda _: None) -> ReloadReport:
        raise NotImplementedError

    def ask(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 3,
    ) -> Answer:
        raise NotImplementedError

    def search(self, question: str, *, limit: int = 10) -> tuple[Hit, ...]:
        raise NotImplementedError

    def latest(
        self, topic: str | None = None, *, since: Day | None = None, source: str | None = None, limit: int = 5
    ) -> Briefing:
        raise NotImplementedError

    def status(self) -> Status:
        raise NotImplementedError

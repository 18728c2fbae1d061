"""Headlines that arrive when a test says so: of a newsroom, what digests and alerts ask it for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from retrieval.answer import Briefing, Story
from retrieval.answering.matching import Arrived
from retrieval.article import Article, Day
from retrieval.errors import IndexUnavailable
from retrieval.newsroom import Newsroom

MORNING = datetime(2026, 1, 10, 7, tzinfo=UTC).timestamp()
"""A Saturday."""


@dataclass
class News:
    """A newsroom of headlines, in the place of `Newsroom`; each addition is a generation."""

    articles: list[tuple[int, Article]] = field(default_factory=list)
    number: int = 1
    ready: bool = True

    def add(self, *titles: str, day: Day | None = None) -> None:
        self.number += 1
        day = day or datetime.fromtimestamp(MORNING, UTC)
        self.articles += [(self.number, Article(title, title, "A body.", None, "Post", day)) for title in titles]

    @property
    def arrivals(self) -> News:
        return self

    @property
    def room(self) -> Newsroom:
        return cast(Newsroom, self)

    def generation(self) -> int:
        return self.number

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        if not self.ready:
            raise IndexUnavailable("Nothing is indexed.")
        new = [article for born, article in reversed(self.articles) if born > generation]
        about = {topic: tuple(each.id for each in new if topic in each.title) for topic in topics}
        return Arrived(self.number, {each.id: each.published for each in new}, about)

    def stories(self, ids: Sequence[str]) -> tuple[Story, ...]:
        found = {article.id: Story((article,), ()) for _, article in self.articles}
        return tuple(found[id_] for id_ in ids if id_ in found)

    def latest(self, topic: str | None, *, since: Day | None, limit: int) -> Briefing:
        found = [each for _, each in reversed(self.articles) if topic is None or topic in each.title]
        return Briefing(topic, tuple(Story((each,), ()) for each in found[:limit]), self.number, 0.0)

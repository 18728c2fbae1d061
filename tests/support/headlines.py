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
    """A newsroom of headlines, in the place of `Newsroom`; each addition is a generation.

    Headlines that begin alike, up to a colon, are of one story.
    """

    articles: list[tuple[int, Article]] = field(default_factory=list)
    number: int = 1
    ready: bool = True
    forgotten: list[str] = field(default_factory=list)

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

    def edition(self, reader: str) -> News:
        assert reader
        return self

    def forget(self, reader: str) -> None:
        self.forgotten.append(reader)

    def generation(self) -> int:
        return self.number

    def since(self, generation: int, topics: Collection[str] = ()) -> Arrived:
        if not self.ready:
            raise IndexUnavailable("Nothing is indexed.")
        new = [article for born, article in reversed(self.articles) if born > generation]
        about = {topic: tuple(each.id for each in new if topic in each.title) for topic in topics}
        return Arrived(self.number, {each.id: each.published for each in new}, about)

    def stories(self, ids: Sequence[str]) -> tuple[Story, ...]:
        told = self._told()
        parts = {each.id: story for story in told for each in story.articles}
        return tuple({parts[id_].id: parts[id_] for id_ in ids if id_ in parts}.values())

    def latest(self, topic: str | None, *, since: Day | None, limit: int, skip: int = 0) -> Briefing:
        found = [each for each in self._told() if topic is None or any(topic in one.title for one in each.articles)]
        return Briefing(topic, tuple(found[skip:][:limit]), self.number, 0.0)

    def _told(self) -> list[Story]:
        """The stories, that of the newest article first; the first article stands for each."""
        parts: dict[str, list[Article]] = {}
        for _, article in reversed(self.articles):
            parts.setdefault(article.title.partition(": ")[0], []).append(article)
        numbers = {article.id: number for number, (_, article) in enumerate(self.articles, 1)}
        return [Story(tuple(each), id=numbers[each[-1].id], central=len(each) - 1) for each in parts.values()]

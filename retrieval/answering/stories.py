"""Stories as they are told wherever one is: in `/latest`, in digests and in alerts, and step by step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.answer import Story, Timeline
from retrieval.answering.steps import steps
from retrieval.answering.summary import summarised
from retrieval.article import Day, instant, instant_end
from retrieval.errors import UnknownStory
from retrieval.index.arrived import articles_by_id, unseen
from retrieval.index.links import article_of, held_together, number_of
from retrieval.index.shelf import Shelf
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import as_it_stood

READ = 100
"""Reports of a story that are read, those nearest by links to the one that it was found by."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A story before it is told: its number, and its articles as they stood, newest first (undated ones last)."""

    number: int
    members: tuple[StoredArticle, ...]

    def told(self, new: frozenset[str] = frozenset()) -> Story:
        """The story with its quotes; `new` are the ids of articles that are new to its reader, of whatever story."""
        return summarised(self.number, self.members, new & {each.article.id for each in self.members})


def gathered(
    shelf: Shelf,
    found_by: Iterable[StoredArticle],
    until: float | None = None,
    source: str | None = None,
    language: str | None = None,
) -> Iterator[Gathered]:
    """The stories that articles are part of, each once, in the order of those; as they were known at a moment, in
    seconds since 1970, and with a `source` as that outlet tells them, or with a `language` as it is told in that.
    """
    known: set[str] = set()
    for stored in found_by:
        if stored.article.id in known:
            continue
        ids = held_together(shelf.store, shelf.sight, stored.article.id, until)
        known.update(ids)
        members = _members(shelf, ids[:READ], until)
        ours = [each for each in members if source is None or each.article.source == source]
        ours = [each for each in ours if language is None or each.article.language == language]
        if ours:
            yield Gathered(number_of(shelf.store, ids), tuple(ours))


def _members(shelf: Shelf, ids: Collection[str], until: float | None) -> list[StoredArticle]:
    found: Iterable[StoredArticle | None] = articles_by_id(shelf.store, shelf.sight, ids).values()
    if until is not None:
        found = [as_it_stood(shelf.store, each, until) for each in found if each and published_at(each) <= until]
    return sorted((each for each in found if each), key=lambda each: (published_at(each), each.key), reverse=True)


def published_at(stored: StoredArticle) -> float:
    """When an article was published, in seconds since 1970; before everything where it is undated."""
    published = stored.article.published
    return instant(published) if published else float("-inf")


def stories_of(shelf: Shelf, ids: Sequence[str]) -> tuple[Story, ...]:
    """The stories of the articles with these ids, which are what is new in them, each once, in the order of the ids;
    without those that the index holds no more.
    """
    ids = [shelf.sight.id_now(id_) for id_ in ids]
    found = articles_by_id(shelf.store, shelf.sight, ids)
    new = frozenset(found)
    return tuple(each.told(new) for each in gathered(shelf, (found[id_] for id_ in ids if id_ in found)))


def with_news(shelf: Shelf, found: Sequence[Gathered], known: int | None) -> tuple[Story, ...]:
    """Stories, told to who has seen the generation `known`."""
    new = unseen(shelf.store, shelf.sight, {member.article.id for each in found for member in each.members}, known)
    return tuple(each.told(new) for each in found)


def timeline(shelf: Shelf, number: int, as_of: Day | None) -> Timeline:
    """The story with this number, step by step, as it was known at a moment. Raises `UnknownStory`."""
    until = None if as_of is None else instant_end(as_of)
    id_ = article_of(shelf.store, number)
    id_ = id_ and shelf.sight.id_now(id_)
    # The article that gave the number may have come later than that moment: then any other of the story will do.
    ids = held_together(shelf.store, shelf.sight, id_) if id_ else []
    first = sorted(_members(shelf, ids[:READ], until), key=lambda each: each.article.id != id_)
    for story in gathered(shelf, first[:1], until):
        return Timeline(story.told(), steps(story.members), shelf.generation)
    raise UnknownStory("No story {number} is known; /latest lists those that are.", number=str(number))

"""Which stories a post tells, and which of their articles are dealt with by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.memory.posts import Post, Posts
from bot.memory.subscriptions import Subscription
from retrieval.answer import Story
from retrieval.article import instant
from retrieval.edition import Edition

STORIES = 5
"""Stories of a digest."""
CONSIDERED = 100
"""Stories from which those of a digest are chosen: known ones may be among the latest."""
LOOK = 10
"""Stories that are looked at together: to sum up those that are not needed would take long."""


def news_of(edition: Edition, posts: Posts, digest: Subscription) -> tuple[tuple[Story, ...], tuple[str, ...], int]:
    """The stories that a digest would tell now, those of their articles that are news to its channel, and the
    generation of the index up to which that is. It blocks.

    Raises what `Edition.latest` raises.
    """
    arrived = edition.arrivals.since(digest.known)
    new = {id_: day for id_, day in arrived.articles.items() if digest.is_news(day)}
    if not new:
        return (), (), arrived.generation
    dated = [day for day in new.values() if day is not None]
    # Nothing new is older than this.
    since = min(dated, key=instant) if len(dated) == len(new) else None
    found: dict[int, Story] = {}
    posted: set[str] = set()
    for skip in range(0, CONSIDERED, LOOK):
        latest = edition.latest(digest.topic, since=since, limit=LOOK, skip=skip).stories
        posted |= posts.posted_in(digest.channel, _ids(latest))
        found |= {story.id: story for story in latest if {*_ids([story])} & new.keys() - posted}
        if len(latest) < LOOK or len(found) >= STORIES:
            break
    news = [*found.values()][:STORIES]
    told = [id_ for id_ in _ids(news) if id_ in new and id_ not in posted]
    return tuple(_as_told(story, told, posted) for story in news), tuple(told), arrived.generation


def told_by(edition: Edition, posts: Posts, post: Post) -> tuple[Story, ...]:
    """The stories of a post, each once; without those whose articles the index holds no more. It blocks."""
    stories = edition.arrivals.stories(post.articles)
    posted = posts.posted_in(post.subscription.channel, _ids(stories)) - {*post.articles}
    return tuple(_as_told(story, post.articles, posted) for story in stories)


def bundled(edition: Edition, waiting: Sequence[str], most: int) -> list[str]:
    """Of articles that wait, newest first, all those of the `most` stories that wait longest: no story is left to come
    again with the next post. What the index holds no more is dealt with, too. It blocks.
    """
    longest = [*reversed(waiting)]
    stories: dict[int, Story] = {}
    looked_up: set[str] = set()
    for start in range(0, len(longest), most):
        told = {*_ids([*stories.values()])}
        some = [id_ for id_ in longest[start : start + most] if id_ not in told]
        stories |= {story.id: story for story in edition.arrivals.stories(some)}
        looked_up.update(some)
        if len(stories) >= most:
            break
    chosen, others = {*_ids([*stories.values()][:most])}, {*_ids([*stories.values()][most:])}
    return [id_ for id_ in waiting if id_ in chosen or id_ in looked_up - others]


def dealt_with(stories: Sequence[Story], post: Post) -> list[str]:
    """The articles of a post that are part of these stories."""
    parts = {*_ids(stories)}
    return [id_ for id_ in post.articles if id_ in parts]


def _as_told(story: Story, told: Collection[str], posted: Collection[str]) -> Story:
    """With what is told of it as new; all of it, where its channel has read nothing of it yet."""
    ids = {each.id for each in story.articles}
    return replace(story, new=frozenset(ids & {*told} if ids & {*posted} else ids))


def _ids(stories: Sequence[Story]) -> list[str]:
    return [each.id for story in stories for each in story.articles]

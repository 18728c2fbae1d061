"""Whatever several readers do, each sees what it would see in a newsroom of its own.

But for one thing: of a page that a feed has brought already, the one that came first is seen, not that of the page.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.edition import Edition
from retrieval.errors import FeedUnusable, UnknownArticle
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.retrieval.reading.test_deliveries import story
from tests.retrieval.reading.test_shared_feeds import due_again
from tests.support.publisher import Publisher
from tests.support.web_server import Server, running, session_for

pytestmark = pytest.mark.usefixtures("bag_of_words")
STORIES = [story(number) for number in (1, 2, 3, 4)]
READERS = ("1", "2", "3")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(READERS),
        st.sampled_from(["feed", "feed", "page", "page", "leave", "remove", "remove", "restore", "publish"]),
        st.integers(0, 3),
    ),
    min_size=3,
    max_size=10,
)


def opened(server: Server, path: Path) -> Newsroom:
    (path / "seeds").mkdir(parents=True)
    room = Newsroom.open(NewsroomSettings(path / "data", path / "seeds"))
    room._machinery.deliveries._session = session_for(server)
    return room


def does(edition: Edition, what: str, feed: str, page: str) -> object:
    """What one reader does, and what it is told of that."""
    try:
        if what == "feed":
            return edition.feeds.add(feed).known
        if what == "leave":
            return edition.feeds.remove(feed).url
        if what == "page":
            report = edition.add_pages([page])
            return report.added, [each.reason for each in report.failed]
        if what == "remove":
            return edition.remove(page, "a test")[0].title
        return edition.restore(page)[0].title
    except (FeedUnusable, UnknownArticle) as error:
        return str(error)


def sees(edition: Edition) -> tuple[object, ...]:
    return (
        sorted(article.title for article in edition.headlines()),
        [(feed.url, feed.title) for feed in edition.list_feeds()],
        sorted(article.title for article in edition.withdrawn()),
        (edition.articles, edition.status().feeds),
    )


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_each_sees_what_it_would_see_alone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]]
) -> None:
    path = tmp_path_factory.mktemp("rooms")
    with running() as server, ExitStack() as open_rooms:
        publisher = Publisher(server)
        publisher.pages(*STORIES)
        published = [[STORIES[0]], [STORIES[0], STORIES[1]]]
        feeds = [publisher.feed(each, full=True, path=f"/feed-{at}") for at, each in enumerate(published)]
        shared = open_rooms.enter_context(opened(server, path / "shared"))
        alone = {reader: open_rooms.enter_context(opened(server, path / reader)) for reader in READERS}
        for reader, what, which in steps:
            feed, page = feeds[which % 2], publisher.site + STORIES[which].path
            if what == "publish":
                published[which % 2] = list(dict.fromkeys([*published[which % 2], STORIES[which]]))
                publisher.feed(published[which % 2], full=True, path=f"/feed-{which % 2}")
            else:
                told = [does(edition, what, feed, page) for edition in (shared.edition(reader), alone[reader])]
                assert told[0] == told[1], (reader, what)
            for room in (shared, *alone.values()):
                due_again(room)
                room.poll_feeds()
            for each in READERS:
                assert sees(shared.edition(each)) == sees(alone[each]), (each, reader, what)
            assert sees(shared) == ([], [], [], (0, 0))

"""Each server's edition is what a newsroom of its own would be, whatever others read, add and take out beside it."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.edition import Edition
from retrieval.errors import QuotewireError, UnknownArticle, UnknownStory
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import FERRY, LIBRARY, VINEYARD
from tests.support.events import BRIDGE, CHESS, ORCHID
from tests.support.publisher import NOON, Story, page, rss2
from tests.support.web_server import Server, running, session_for

pytestmark = pytest.mark.usefixtures("bag_of_words")

TOLD = (
    *BRIDGE,
    *ORCHID,
    *CHESS,
    ("Ferry runs aground off Marlo", FERRY),
    ("Frost in the Tessel valley", VINEYARD),
    ("A library opens in Norhaven", LIBRARY),
)
FEEDS = 4
BACKGROUND = 60
READERS = ("100", "200", "300")
STORIES = tuple(
    Story(f"/news/{number}", title, f"{title}.", text, NOON + timedelta(hours=number))
    for number, (title, text) in enumerate(TOLD)
)
BY_WIRE = tuple(
    Story(f"/wire/{number}", f"Wire: {title}", f"{title}.", text, NOON + timedelta(hours=number, minutes=5))
    for number, (title, text) in enumerate(BRIDGE)
)
"""The texts of the first stories once more, at addresses of their own."""
EVERY = (*STORIES, *BY_WIRE)
HOSTS = STORIES[-3:]  # what lies in the folder of the host, among much else
SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo zu".split()
"""Of these the words of much else are made: so much that a word weighs much the same whatever a few feeds add."""
HEAD = '<meta property="og:site_name" content="Harbour Post"><meta property="article:published_time" content="{}">'
QUESTIONS = (
    "When was the bridge over the Lahn at Osterwald built?",
    "Who won the national chess title in Tampere?",
    "How many people were on board the ferry off Marlo?",
    "Who brought the orchid from Borneo?",
)

feeds = st.integers(0, FEEDS - 1)
stories = st.integers(0, len(EVERY) - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), feeds, stories),
        st.tuples(st.just("read"), st.sampled_from(READERS), feeds),
        st.tuples(st.just("leave"), st.sampled_from(READERS), feeds),
        st.tuples(st.just("add"), st.sampled_from(READERS), stories),
        st.tuples(st.just("remove"), st.sampled_from(READERS), stories),
        st.tuples(st.just("restore"), st.sampled_from(READERS), stories),
        st.tuples(st.just("poll"), st.just(0), st.just(0)),
    ),
    min_size=6,
    max_size=16,
)


@dataclass
class World:
    """A bot that serves all readers, and beside it a newsroom for each reader that serves nobody else."""

    server: Server
    shared: Newsroom
    alone: dict[str, Newsroom]
    published: defaultdict[int, list[Story]] = field(default_factory=lambda: defaultdict(list))

    def url(self, path: str) -> str:
        return f"http://news.example:{self.server.port}{path}"

    def both(self, reader: str) -> tuple[Edition, Edition]:
        return self.shared.edition(reader), self.alone[reader]

    def take(self, step: str, who: int | str, what: int) -> None:
        if step == "publish":
            if EVERY[what] not in self.published[int(who)]:
                self.published[int(who)].append(EVERY[what])
            self.serve(int(who))
        elif step == "poll":
            self.poll()
        else:
            outcomes = [self.change(each, step, what) for each in self.both(str(who))]
            assert outcomes[0] == outcomes[1], (step, who, what)
            if step == "read":  # what others read already is seen at once; a newsroom of its own has to ask for it
                self.poll()

    def serve(self, number: int) -> None:
        body, kind = rss2(f"http://news.example:{self.server.port}", self.published[number], True)
        self.server.serves(f"/feed/{number}", body, Content_Type=kind)

    def change(self, edition: Edition, step: str, what: int) -> object:
        """What a moderator is told: the fault, or what matters of the outcome."""
        try:
            match step:
                case "read":
                    return edition.feeds.add(self.url(f"/feed/{what}")).known
                case "leave":
                    return edition.feeds.remove(self.url(f"/feed/{what}")).url
                case "add":
                    report = edition.add_pages([self.url(EVERY[what].path)])
                    return report.added, report.failed
                case "remove":
                    article, report = edition.remove(self.url(EVERY[what].path), "a test")
                    return article.title, report.removed
                case _:
                    article, _ = edition.restore(self.url(EVERY[what].path))
                    return article.title
        except QuotewireError as error:
            return type(error).__name__, str(error)

    def poll(self) -> None:
        for room in (self.shared, *self.alone.values()):
            store = room.feeds.store
            with store.open() as reader:
                for feed in reader.get_feeds():
                    state = store.state(reader, feed.url)
                    store.keep(reader, feed.url, replace(state, rhythm=replace(state.rhythm, due=0.0)))
        self.server.asked.clear()
        self.shared.poll_feeds()
        asked = [path for path in self.server.paths if path.startswith("/feed/")]
        assert len(asked) == len(set(asked)), "each feed is asked once"
        for room in self.alone.values():
            room.poll_feeds()


def much_else(number: int) -> str:
    chance = random.Random(number)

    def line(words: int) -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words)).capitalize()

    return f"{line(5)}\n\n{' '.join(line(9) + '.' for _ in range(6))}\n"


@contextmanager
def world() -> Iterator[World]:
    with ExitStack() as stack:
        server = stack.enter_context(running())
        server.serves("/robots.txt", status=404)
        for each in EVERY:
            server.serves(each.path, page(each, HEAD.format(each.published)), Content_Type="text/html; charset=utf-8")
        folder = Path(mkdtemp())
        stack.callback(shutil.rmtree, folder)
        (folder / "seeds").mkdir()
        for number in range(BACKGROUND):
            (folder / "seeds" / f"other-{number}.txt").write_text(much_else(number))
        for each in HOSTS:
            (folder / "seeds" / f"{each.path.rpartition('/')[2]}.txt").write_text(f"{each.title}\n\n{each.text}\n")

        def opened(name: str) -> Newsroom:
            room = stack.enter_context(Newsroom.open(NewsroomSettings(folder / name, folder / "seeds")))
            room._machinery.deliveries._session = session_for(server)
            room.reload()
            return room

        made = World(server, opened("shared"), {reader: opened(reader) for reader in READERS})
        for number in range(FEEDS):
            made.serve(number)
        yield made


def seen(edition: Edition) -> dict[str, object]:
    """What members and moderators of a server are shown, but for ids."""
    held, status = edition.coverage(), edition.status()
    return {
        "articles": (edition.articles, held.articles, status.articles, status.passages),
        "outlets": (edition.outlets(), edition.outlets_holding("", 9), [each.outlet for each in held.outlets]),
        "languages": edition.languages(),
        "span": edition.span_of_dates(),
        "headlines": sorted((each.title, each.url or "") for each in edition.headlines(limit=99)),
        "withdrawn": sorted(each.title for each in edition.withdrawn()),
        "feeds": (sorted((each.url, each.title) for each in edition.list_feeds()), status.feeds),
        "stories": told(edition),
    }


def told(edition: Edition) -> list[list[str]]:
    return sorted(sorted(each.title for each in story.articles) for story in edition.latest(limit=99).stories)


def answered(edition: Edition, question: str) -> tuple[object, ...]:
    answer = edition.ask(question)
    quotes = [
        (each.text, each.article.title, sorted(it.title for it in each.also_carried_by)) for each in answer.quotes
    ]
    return answer.answered, quotes, answer.articles, [each.title for each in answer.nearest]


def nothing_shows(edition: Edition, others: Sequence[Edition]) -> None:
    """Whatever names another reader's article or story: it is not known here, or it is ours, too."""
    ours = {each.title for each in edition.headlines(limit=999)} | {each.title for each in edition.withdrawn()}
    for other in others:
        for story in other.latest(limit=999).stories:
            try:
                shown = edition.story(story.id).story.articles
            except UnknownStory:
                shown = ()
            assert {each.title for each in shown} <= ours
            assert {each.title for it in edition.arrivals.stories([story.lead.id]) for each in it.articles} <= ours
        for article in other.headlines(limit=999):
            for reference in filter(None, (article.id, article.url)):
                try:
                    known = {version.article.title for version in edition.history(reference)}
                except UnknownArticle:
                    known = set()
                assert known <= ours


@settings(max_examples=3)
@given(steps)
def test_each_edition_is_as_a_newsroom_of_its_own(taken: Sequence[tuple[str, int | str, int]]) -> None:
    with world() as both:
        for step in [*taken, ("poll", 0, 0)]:
            both.take(*step)
            if step[0] not in ("poll", "remove", "restore"):
                continue
            for reader in READERS:
                here, there = both.both(reader)
                assert seen(here) == seen(there), (reader, step)
        assert both.shared.articles == BACKGROUND + len(HOSTS)
        assert (both.shared.list_feeds(), both.shared.withdrawn()) == ((), ())
        for reader in READERS:
            here, there = both.both(reader)
            nothing_shows(here, [both.shared.edition(other) for other in READERS if other != reader])
            for question in QUESTIONS:
                assert answered(here, question) == answered(there, question), (reader, question)

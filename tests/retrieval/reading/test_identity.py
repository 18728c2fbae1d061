"""What is one article: told from all that speaks for it and against it, and never lost without a word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from retrieval.article import Article, ReloadReport
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from retrieval.reading.sources.html_page import read_page
from retrieval.text.addresses import own_address
from tests.support.arrivals import (
    FEED,
    FERRY,
    LIBRARY,
    OTHER_FEED,
    VINEYARD,
    arrival,
    article,
    newest,
    one_state,
    opened,
)
from tests.support.publisher import NOON, Publisher, Story, page, story

pytestmark = pytest.mark.usefixtures("bag_of_words")


@dataclass(frozen=True)
class Item:
    """An entry of a feed, with what a feed may do without."""

    title: str
    text: str
    link: str = ""
    guid: str = ""
    published: datetime | None = NOON


def poll(publisher: Publisher, room: Newsroom, items: Sequence[Item]) -> ReloadReport:
    """What comes of it when the one feed says this, and that each of what it says is accounted for."""
    site = publisher.site
    told = "".join(
        f"<item><title>{escape(each.title)}</title>"
        + (f"<link>{site}{escape(each.link)}</link>" if each.link else "")
        + (f"<guid isPermaLink='false'>{escape(each.guid)}</guid>" if each.guid else "")
        + (f"<pubDate>{format_datetime(each.published, usegmt=True)}</pubDate>" if each.published else "")
        + f"<description>{escape(f'<p>{each.text}</p>')}</description></item>"
        for each in items
    )
    body = f"<rss version='2.0'><channel><title>Harbour Post</title><link>{site}/</link>{told}</channel></rss>"
    url = publisher.server.serves("/feed", body.encode(), Content_Type="application/rss+xml")
    if not room.list_feeds():
        room.feeds.add(url)
    store = room.feeds.store
    with store.open() as reader:
        state = store.state(reader, url)
        store.keep(reader, url, replace(state, rhythm=replace(state.rhythm, due=0.0)))
    report = room.poll_feeds()
    one_state(room)
    return report


def changes(report: ReloadReport) -> tuple[int, int, int]:
    """Added, updated and folded."""
    return report.added, report.updated, len(report.folded)


def shown(room: Newsroom) -> list[tuple[str, str]]:
    """Headline and link of all articles that can be quoted, in order."""
    return sorted((each.title, (each.url or "").rpartition("/")[2]) for each in newest(room))


FERRY_LATE = Item("Ferry runs aground", FERRY, "/news/ferry", "1")
FROST = Item("Frost in the valley", VINEYARD, "/news/frost", "2", NOON - timedelta(hours=1))
OPENING = Item("Library opens", LIBRARY, "/news/library", "3", NOON - timedelta(hours=2))
THREE = [FERRY_LATE, FROST, OPENING]


class TestOneIdForSeveral:
    @pytest.mark.parametrize(
        "guid", ["N/A", "0", "https://news.example/", "urn:uuid:00000000-0000-0000-0000-000000000000"]
    )
    def test_is_the_id_of_none(self, publisher: Publisher, room: Newsroom, guid: str) -> None:
        items = [replace(each, guid=guid) for each in THREE]
        assert changes(poll(publisher, room, items)) == (3, 0, 0)
        for again in (items, items[::-1], [items[1]], [items[2], items[0]], items):
            assert changes(poll(publisher, room, again)) == (0, 0, 0)
        assert [title for title, _ in shown(room)] == ["Ferry runs aground", "Frost in the valley", "Library opens"]

    @pytest.mark.parametrize("dated", [True, False])
    @pytest.mark.parametrize("linked", [True, False])
    def test_two_of_one_id_stay_two(self, publisher: Publisher, room: Newsroom, linked: bool, dated: bool) -> None:
        items = [
            replace(each, guid="7", link=each.link if linked else "", published=NOON if dated else None)
            for each in THREE[:2]
        ]
        assert changes(poll(publisher, room, items)) == (2, 0, 0)
        for again in (items, items[::-1], items):
            assert changes(poll(publisher, room, again)) == (0, 0, 0)
        assert len(room.history(room.headlines()[0].id)) == len(room.history(room.headlines()[1].id)) == 1

    def test_what_stands_twice_is_taken_once_and_named(self, publisher: Publisher, room: Newsroom) -> None:
        older = replace(FERRY_LATE, text=FERRY.replace("212", "210"), published=NOON)
        report = poll(publisher, room, [FERRY_LATE, older, replace(FROST, guid="9"), FROST])
        assert changes(report) == (2, 0, 2)
        assert [each.kind for each in report.folded] == ["folded", "folded"]
        assert "“Ferry runs aground”" in report.folded[0].where
        assert (
            "212 people" in room.history("".join(h.id for h in room.headlines() if "Ferry" in h.title))[0].article.body
        )


class TestOneAddressForSeveral:
    @pytest.mark.parametrize(
        "links",
        [
            ["/news/live#post-1", "/news/live#post-2", "/news/live#post-3"],
            ["/news/story?ref=881", "/news/story?ref=882", "/news/story?ref=883"],
            ["/news/show?cmp=a", "/news/show?cmp=b&utm_source=rss", "/news/show?cmp=c"],
            ["/news/board", "/news/board", "/news/board"],
        ],
    )
    def test_is_that_of_each(self, publisher: Publisher, room: Newsroom, links: list[str]) -> None:
        items = [replace(each, link=link) for each, link in zip(THREE, links, strict=True)]
        everything = Story("/news/live", "Live", "", "\n\n".join(each.text for each in items))
        for path in ("/news/live", "/news/board"):
            publisher.server.serves(path, page(replace(everything, path=path)), Content_Type="text/html")
        assert changes(poll(publisher, room, items)) == (3, 0, 0)
        assert changes(poll(publisher, room, items)) == (0, 0, 0)
        told = {each.title: each for each in room.headlines()}
        assert {title: made.body for title, made in told.items()} == {each.title: each.text for each in items}
        changed = replace(items[1], text=VINEYARD.replace("thirty", "forty"))
        assert changes(poll(publisher, room, [items[0], changed, items[2]])) == (0, 1, 0)
        assert "forty years" in {each.title: each for each in room.headlines()}[FROST.title].body

    def test_of_notices_in_the_same_form(self, publisher: Publisher, room: Newsroom) -> None:
        towns = ["Alder", "Birchwick", "Cedar Point", "Damson Quay"]
        notices = [
            Item(
                f"No water in {town}",
                f"The pipes in {town} are shut on Monday from {hour} to {hour + 2}.",
                "/news/list",
                town,
            )
            for hour, town in enumerate(towns, 8)
        ]
        assert changes(poll(publisher, room, notices)) == (4, 0, 0)
        anew = [replace(each, guid=f"again {each.guid}") for each in notices]
        assert changes(poll(publisher, room, anew)) == (0, 0, 0)
        assert len(room.headlines()) == 4

    def test_one_that_was_removed_takes_no_other_along(self, publisher: Publisher, room: Newsroom) -> None:
        items = [replace(each, link="/news/board") for each in THREE]
        poll(publisher, room, items[:2])
        removed, _ = room.remove(next(each.id for each in room.headlines() if each.title == FROST.title), "a test")
        assert removed.title == FROST.title
        report = poll(publisher, room, [replace(items[0], text=FERRY + " More is to follow."), *items[1:]])
        assert changes(report) == (1, 1, 0)
        report = poll(publisher, room, [replace(items[1], text=VINEYARD + " More is to follow.")])
        assert "stays out" in report.failed[0].reason

    def test_by_what_a_tracker_adds_is_that_of_one(self, publisher: Publisher, room: Newsroom) -> None:
        links = ["/news/ferry?utm_source=a", "/news/ferry?fbclid=2", "/news/ferry?ref=3"]
        items = [replace(FERRY_LATE, link=link, guid=link) for link in links]
        report = poll(publisher, room, items)
        assert changes(report) == (1, 0, 2)
        assert {each.kind for each in report.folded} == {"folded"}


class TestAnAddressThatChanges:
    @pytest.mark.parametrize("title", [FERRY_LATE.title, "Ferry is afloat again"])
    @pytest.mark.parametrize("text", [FERRY, FERRY.replace("212 people", "214 people")])
    def test_under_one_id_takes_its_article_along(
        self, publisher: Publisher, room: Newsroom, title: str, text: str
    ) -> None:
        poll(publisher, room, [FERRY_LATE])
        moved = replace(FERRY_LATE, title=title, text=text, link="/news/ferry-aground-off-marlo")
        assert changes(poll(publisher, room, [moved])) == (0, 1, 0)
        assert shown(room) == [(title, "ferry-aground-off-marlo")]
        for reference in ("/news/ferry", "/news/ferry-aground-off-marlo"):
            assert room.history(publisher.site + reference)[-1].article.title == title
        assert changes(poll(publisher, room, [moved])) == (0, 0, 0)

    def test_before_its_page_is_there_too(self, publisher: Publisher, room: Newsroom) -> None:
        publisher.server.serves("/news/a", page(replace(story(), path="/news/a")), Content_Type="text/html")
        poll(publisher, room, [replace(FERRY_LATE, title=story().title, text="A ferry left.", link="/news/a")])
        publisher.server.serves("/news/a", status=404)
        publisher.server.serves("/news/b", status=403)
        moved = replace(FERRY_LATE, title=story().title, text="A ferry left the harbour at dawn.", link="/news/b")
        assert changes(poll(publisher, room, [moved])) == (0, 1, 0)
        assert shown(room) == [(story().title, "b")]
        assert not room.headlines()[0].summary_only

    def test_of_what_was_removed_does_not_bring_it_back(self, publisher: Publisher, room: Newsroom) -> None:
        poll(publisher, room, [FERRY_LATE])
        room.remove(room.headlines()[0].id, "a test")
        report = poll(publisher, room, [replace(FERRY_LATE, title="The ferry", link="/news/elsewhere")])
        assert (report.added, len(report.failed)) == (0, 1)

    @pytest.mark.parametrize("guid", ["bulletin", "N/A"])
    def test_with_all_that_it_says_leads_to_another_article(
        self, publisher: Publisher, room: Newsroom, guid: str
    ) -> None:
        day = timedelta(days=1)
        monday = Item(
            "Water level on Monday",
            "The river stood at 3.2 metres on Monday morning, the office said.",
            "/news/1",
            guid,
        )
        tuesday = Item(
            "Water level on Tuesday",
            "The river stood at 4.1 metres on Tuesday morning, the office said.",
            "/news/2",
            guid,
            NOON + day,
        )
        other = Item("Library opens", LIBRARY, "/news/3", guid, NOON + 2 * day)
        for item in (monday, tuesday, other):
            assert changes(poll(publisher, room, [item])) == (1, 0, 0)
        assert shown(room) == [
            ("Library opens", "3"),
            ("Water level on Monday", "1"),
            ("Water level on Tuesday", "2"),
        ]


class TestIdsThatChange:
    @pytest.mark.parametrize("linked", [True, False])
    def test_make_no_article_new(self, publisher: Publisher, room: Newsroom, linked: bool) -> None:
        short = [
            Item(
                f"Pier {pier} closed",
                f"Pier {pier} is closed until the storm is over.",
                f"/news/pier-{pier}",
                published=None,
            )
            for pier in range(1, 4)
        ]
        for number in range(4):
            items = [replace(each, guid=f"{number}-{at}", link=each.link * linked) for at, each in enumerate(short)]
            assert changes(poll(publisher, room, items)) == ((0, 0, 0) if number else (3, 0, 0))
        assert len(room.headlines()) == 3
        room.remove(room.headlines()[0].id, "a test")
        poll(
            publisher,
            room,
            [replace(each, guid=f"last {at}", link=each.link * linked) for at, each in enumerate(short)],
        )
        assert len(room.headlines()) == 2

    def test_a_notice_in_other_words_is_another(self, publisher: Publisher, room: Newsroom) -> None:
        notice = Item("Pier closed", "The pier is closed until Friday.", published=None)
        poll(publisher, room, [replace(notice, guid="a")])
        report = poll(publisher, room, [replace(notice, guid="b", text="The pier is closed until Sunday.")])
        assert changes(report) == (1, 0, 0)


FORMS = {
    "results": (
        "Marlo {0} Norhaven {1}",
        "The handball club of Marlo played against Norhaven on Saturday and the match ended {0} to {1}. The report was"
        " made from the league's own figures without a reporter in the hall. All matches of the league are played on"
        " Saturdays at six, and tickets can be had at the doors from five o'clock on, or at the office of the club.",
        [("24", "19"), ("31", "30")],
    ),
    "weather": (
        "Warning of {1} for {0}",
        "The weather office warned of {1} for the county of {0} from six in the evening until noon. Loose things"
        " should be brought in, cars left in garages, and woods and shores kept clear of, said the office. The warning"
        " was sent by a programme to all papers of the country, and is lifted as soon as the wind has dropped again.",
        [("Gorse", "gales"), ("Alder", "gales")],
    ),
    "courts": (
        "In court on {0}",
        "The district court hears its cases on {0} from nine in the morning in the old customs house by the harbour."
        " Who wants to listen needs no ticket but has to pass the gate by ten minutes before the hour. The list of"
        " cases hangs at the door, and the clerk of the court answers questions between two and four, except on"
        " holidays, when the house stays shut and the porter takes letters only.",
        [("Monday", ""), ("Wednesday", "")],
    ),
    "turns": (
        "Shares in Marlo {0} on Monday",
        "Shares in Marlo {1} on Monday after the ferry company told how it had done in the summer, brokers said. The"
        " index of the harbour town is made of nine companies, of which the ferry company is the largest by far. Trade"
        " begins at nine in the morning and ends at five, and the next report is due when the season is over, as the"
        " exchange wrote in a note to its members that all papers of the county were given.",
        [("up", "rose"), ("down", "fell")],
    ),
    "votes": (
        "Council on the school",
        "The council of Norhaven {0} the plan for a school of forty rooms at the harbour on Monday evening. The"
        " plan had been {1} by the committee in spring after a year of talks with the teachers, the parents and the"
        " owners of the ground, on which a rope walk stood until the great fire. The mayor thanked all of them.",
        [("approved", "seen"), ("rejected", "seen")],
    ),
    "German": (
        "Feinstaub in {0}: {1} Mikrogramm",
        "In {0} wurden am Freitag {1} Mikrogramm Feinstaub je Kubikmeter Luft gemessen, wie das Landesamt mitteilte."
        " Der Grenzwert liegt bei 50 Mikrogramm. Empfindliche Menschen sollten bei hohen Werten auf Sport im Freien"
        " verzichten und die Fenster zur Straße geschlossen halten. Diese Meldung wurde automatisch aus den Daten der"
        " Messstationen erstellt und von keinem Menschen gelesen, bevor sie erschien.",
        [("Birkwick", "48"), ("Zederspitz", "61")],
    ),
}


class TestReportsFromATemplate:
    @pytest.mark.parametrize("name", FORMS)
    def test_are_articles_of_their_own(self, room: Newsroom, name: str) -> None:
        title, text, facts = FORMS[name]
        made = [arrival(f"{name}-{at}", text.format(*each), title=title.format(*each)) for at, each in enumerate(facts)]
        report = room.add(made)
        assert (report.added, report.copies, report.folded) == (2, 0, ())
        assert len(room.latest(limit=10).stories) == 2

    @pytest.mark.parametrize(
        "edited",
        [
            FERRY.replace("Divers will look", "Divers are to look"),
            FERRY.replace("Captain Ilse Brandt told reporters", "Captain Brandt told the Harbour Wire"),
            FERRY.replace("on Tuesday evening", "late on Tuesday"),
            FERRY.replace("all passengers were brought", "more than 200 passengers were brought"),
            "MARLO (HW) - " + FERRY,
            FERRY + " It is the third accident off the island in 14 months, after those of the Marigold and the Heron.",
        ],
    )
    def test_an_edited_copy_is_none_of_them(self, room: Newsroom, edited: str) -> None:
        report = room.add([arrival("ferry"), arrival("copy", edited, host="wire.example", title="Steering failed")])
        assert (report.added, report.copies) == (2, 1)
        [copy] = report.folded
        assert copy.where == "“Steering failed” (https://wire.example/copy)"
        assert copy.reason == "carries the text of https://news.example/ferry"


class TestAnAddressThatIsNotThePagesOwn:
    @pytest.mark.parametrize(
        "claim", ["/news", "/news/", "/", "/index.html", "/politik", "/en/local-news", "/news/index.php"]
    )
    @pytest.mark.parametrize("tag", ['<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">'])
    def test_since_it_is_a_sections(self, claim: str, tag: str) -> None:
        for url in ("https://news.example/news/ferry-1", "https://news.example/n/17"):
            found = read_page(page(story(), tag.format(f"https://news.example{claim}")), url).article
            assert (found.url, found.id) == (url, url)

    def test_a_better_one_is_believed(self) -> None:
        claim = "https://news.example/2026/05/ferry-sails-again"
        for url in ("https://news.example/?p=17", "https://news.example/a/17?page=2", f"{claim}?print=1"):
            head = f'<link rel="canonical" href="{claim}">'
            assert read_page(page(story(), head), url).article.url == claim

    @pytest.mark.parametrize("at_once", [True, False])
    def test_since_others_call_it_theirs(self, publisher: Publisher, room: Newsroom, at_once: bool) -> None:
        head = f'<link rel="canonical" href="{publisher.site}/news/special-report-2026">'
        stories = [
            Story(f"/news/{name}", title, "", text)
            for name, title, text in (
                ("a", "Ferry aground", FERRY),
                ("b", "Frost", VINEYARD),
                ("c", "Library", LIBRARY),
            )
        ]
        publisher.pages(*stories, head=head)
        urls = [publisher.site + each.path for each in stories]
        for _ in range(2):
            for each in [urls] if at_once else [[url] for url in urls]:
                room.add_pages(each)
        links = [link for _, link in shown(room)]
        assert links == ["a", "b", "c"]

    @pytest.mark.parametrize("by_feed", [False, True])
    @pytest.mark.parametrize("title", ["Frost", "Ferry aground"])
    def test_since_its_neighbour_stands_there(
        self, publisher: Publisher, room: Newsroom, title: str, by_feed: bool
    ) -> None:
        own = Story("/news/ferry-runs-aground-off-marlo", "Ferry aground", "A ferry ran aground.", FERRY)
        other = Story("/news/frost-in-the-valley-of-tessel", title, "", VINEYARD)
        publisher.pages(own, other, head=f'<link rel="canonical" href="{publisher.site}{own.path}">')
        room.add_pages([publisher.site + other.path])  # nobody knows yet whose address that is
        if by_feed:
            room.feeds.add(publisher.feed([own]))
            room.poll_feeds()
        else:
            room.add_pages([publisher.site + own.path])
        links = {(each.url or "").removeprefix(publisher.site): each.body for each in room.headlines()}
        assert links == {own.path: FERRY, other.path: VINEYARD}

    def test_two_ways_to_one_page_are_one_article(self, publisher: Publisher, room: Newsroom) -> None:
        head = f'<link rel="canonical" href="{publisher.site}/news/ferry-runs-aground">'
        for path in ("/news/ferry-runs-aground", "/sport/ferry-runs-aground"):
            publisher.server.serves(path, page(replace(story(), path=path), head), Content_Type="text/html")
        report = room.add_pages(
            [f"{publisher.site}/sport/ferry-runs-aground", f"{publisher.site}/news/ferry-runs-aground"]
        )
        assert changes(report) == (1, 0, 1)


# --- nothing is lost silently --------------------------------------------------------------------------

# Few titles, and most without an address: what is taken for another one shows in few examples.
BODIES = [VINEYARD, LIBRARY, FERRY, FERRY.replace("212", "221"), "The pier is closed.", "The pier is open."]
OFFERED = st.builds(
    lambda title, body, path, name, origin, summary: Arrival(
        origin=origin,
        article=made(title, body, path, summary),
        name=name,
    ),
    st.sampled_from(["Notice", "Ferry"]),
    st.sampled_from(BODIES),
    st.sampled_from([None, None, "a", "a#1", "a#2", "a?ref=1", "a?ref=2", "b?utm_source=x", "b", "c"]),
    st.sampled_from([None, "N/A", "1", "2", "3"]),
    st.sampled_from([FEED, OTHER_FEED]),
    st.sampled_from([False, False, True]),
)


def made(title: str, body: str, path: str | None, summary: bool) -> Article:
    whole = article(path or "", body, title=title, summary_only=summary)
    return whole if path else replace(whole, url=None)


def notice(body: str, name: str) -> Arrival:
    return Arrival(origin=FEED, article=made("Notice", body, None, False), name=name)


ROWS = np.full((64, 384), 0.05, np.float32)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(st.lists(OFFERED, min_size=1, max_size=7), min_size=1, max_size=2))
# What few examples find: notices of one headline without an address, and of one name, offered together and in turn.
@example([[notice(VINEYARD, "1"), notice(LIBRARY, "2")]])
@example([[notice(VINEYARD, "N/A"), notice(LIBRARY, "N/A")], [notice(FERRY, "3"), notice(VINEYARD, "N/A")]])
@example([[notice(VINEYARD, "1")], [notice(LIBRARY, "2")]])
def test_what_is_offered_is_taken_in_folded_or_skipped(
    tmp_path_factory: pytest.TempPathFactory, polls: list[list[Arrival]]
) -> None:
    with opened(tmp_path_factory.mktemp("offered")) as room:
        room._machinery.embedder.embed_passages = lambda texts: ROWS[: len(texts)]  # type: ignore[method-assign]
        for offered in polls:
            report = room.add(offered)
            one_state(room)
            folded = sum(each.kind == "folded" for each in report.folded)
            assert len(report.folded) == folded + report.copies
            skipped = sum(each.kind == "skipped" for each in report.failed)
            assert report.added + report.updated + report.unchanged + folded + skipped == len(offered)
            # A text that stands where no other does, and is called otherwise, is in no other article's place.
            bodies = {each.body for each in room.headlines(limit=100)}
            for text in (VINEYARD, LIBRARY):
                told = [each for each in offered if each.article.body == text and not each.article.summary_only]
                rivals = [each for poll in polls for each in poll if each.article.body != text]
                if told and not any(_shares(*pair) for pair in product(told, rivals)):
                    assert text in bodies


def _shares(one: Arrival, other: Arrival) -> bool:
    """Whether both are at one address, or of one source that calls them the same."""
    address = own_address(one.article.url)
    if address is not None and address == own_address(other.article.url):
        return True
    return one.name is not None and (one.origin, one.name) == (other.origin, other.name)


def test_a_folded_line_is_named_however_far_apart_both_stand(tmp_path: Path) -> None:
    records = [{"id": str(at), "title": f"Tide {at}", "text": f"The tide rose by {at} cm."} for at in range(300)]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in [*records, records[0]]))
    with opened(tmp_path) as room:
        room._machinery.embedder.embed_passages = lambda texts: np.full((len(texts), 384), 0.05, np.float32)  # type: ignore[method-assign]
        report = room.add_files([tmp_path / "a.jsonl"])
    assert (report.added, report.unchanged) == (300, 0)
    assert [each.where for each in report.folded] == ["“Tide 0”"]
    assert len(report.undated) == 300

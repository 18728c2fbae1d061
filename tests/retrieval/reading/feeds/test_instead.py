"""What a feed's entries lead to and is not their article: never taken in, never in place of a good text, and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.article import Article, Failure
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.instead import Sighting
from retrieval.reading.feeds.poll import poll, taken
from tests.support.publisher import Publisher, Story, story
from tests.support.web_server import Server, session_for

START = datetime(2026, 6, 1, tzinfo=UTC)
WORDS = "Egy nagyon hosszú szöveg arról hogy ez az oldal most éppen nem olvasható sajnos senkinek sem a városban. "


@pytest.fixture
def feeds(server: Server, tmp_path: Path) -> Iterator[Feeds]:
    with Feeds.open(tmp_path / "feeds.sqlite3", session_for(server)) as feeds:
        yield feeds


def take(feeds: Feeds, at: datetime = START) -> list:
    items = list(poll(feeds, at))
    taken(feeds, [item for item in items if not isinstance(item, Failure)])
    return items


def notes(items: list) -> list[str]:
    return [item.reason for item in items if isinstance(item, Failure)]


def serve(publisher: Publisher, each: Story, headline: str, text: str, head: str = "") -> None:
    body = f"<html><head><title>{headline}</title>{head}</head><body><h1>{headline}</h1><p>{text}</p></body></html>"
    publisher.server.serves(each.path, body.encode(), Content_Type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("headline", "text", "does"),
    [
        ("Cookie settings", "We and our 30 partners use cookies. You can change that on any page of ours.", "consent"),
        ("Seite nicht gefunden", "Die gesuchte Seite ist nicht mehr vorhanden. Zurück zur Startseite.", "no such page"),
        ("Verzeihung", WORDS * 2, "something else"),
        ("Verzeihung", WORDS * 20, "something else"),
    ],
)
def test_a_wall_is_named_and_the_summary_stands(
    publisher: Publisher, feeds: Feeds, headline: str, text: str, does: str
) -> None:
    told = replace(story(), summary="The ferry left the harbour at dawn, and nobody had expected it to sail so early.")
    serve(publisher, told, headline, text)
    feeds.add(publisher.feed([told]))
    note, arrival = take(feeds)
    assert isinstance(arrival, Arrival)
    assert (arrival.article.body, arrival.article.summary_only) == (told.summary, True)
    assert does in note.reason
    assert "feed's own words" in note.reason
    publisher.pages(told)  # it was there only for a while
    (later,) = take(feeds, START + timedelta(days=1))
    assert later.article.body == told.text


def test_a_list_of_other_articles_is_not_the_entrys(publisher: Publisher, feeds: Feeds) -> None:
    told = story()
    others = "".join(f"<h2><a href='/n/{each}'>{told.title} {each}</a></h2><p>{told.summary}</p>" for each in range(5))
    publisher.server.serves(told.path, f"<body>{others}</body>".encode(), Content_Type="text/html")
    feeds.add(publisher.feed([told]))
    note, arrival = take(feeds)
    assert note.reason == "its page is not the article: it lists others; the feed's own words stand for it"
    assert (arrival.article.body, arrival.article.summary_only) == (told.summary, True)


def test_without_a_summary_nothing_is_taken(publisher: Publisher, feeds: Feeds) -> None:
    told = replace(story(), summary="")
    serve(publisher, told, "Log in", "To read on, log in with your e-mail address and password.")
    feeds.add(publisher.feed([told]))
    (failure,) = take(feeds)
    assert isinstance(failure, Failure)
    assert "asks for a log-in" in failure.reason


def test_what_is_the_same_at_all_addresses_is_none_of_their_articles(publisher: Publisher, feeds: Feeds) -> None:
    stories = [story(number) for number in (1, 2, 3)]
    for each in stories:
        serve(publisher, each, each.title, WORDS * 9)  # under the headline that was asked for
    feeds.add(publisher.feed([*stories, story(4)]))
    publisher.pages(story(4))
    items = take(feeds)
    bodies = [item.article.body for item in items if isinstance(item, Arrival)]
    assert sorted(bodies) == sorted([*(each.summary for each in stories), story(4).text])
    assert sum("says the same as other addresses" in reason for reason in notes(items)) == 3


def test_a_headline_worded_anew_is_no_wall(publisher: Publisher, feeds: Feeds) -> None:
    serve(publisher, story(), "Early start", f"{story().text} {story().text}")
    feeds.add(publisher.feed([story()]))
    (arrival,) = take(feeds)
    assert arrival.article.title == "Early start"
    assert not arrival.article.summary_only


def test_a_good_text_stays_when_its_page_becomes_a_wall(publisher: Publisher, feeds: Feeds) -> None:
    publisher.pages(story())
    feeds.add(publisher.feed([story()]))
    take(feeds)
    serve(publisher, story(), "Page not found", "The page that you are looking for has moved. Use the search above.")
    (note,) = take(feeds, START + timedelta(days=1))
    assert "what was read before is kept" in note.reason
    publisher.feed([replace(story(), title="The ferry 1 sails again and again")])
    arrivals = [item for item in take(feeds, START + timedelta(days=2)) if isinstance(item, Arrival)]
    assert all(item.article.summary_only for item in arrivals)  # which replaces no text from a page


def test_a_way_to_the_front_page_is_none_to_the_article(publisher: Publisher, feeds: Feeds) -> None:
    publisher.server.serves(story().path, status=302, Location="/")
    serve(publisher, replace(story(), path="/"), "Harbour Post", story(2).text)
    feeds.add(publisher.feed([story()]))
    note, arrival = take(feeds)
    assert "front page" in note.reason
    assert arrival.article.summary_only


class TestSighting:
    """Each sign alone is not enough."""

    ARTICLE = Article(id="a", title="Early start", body="The boat left the pier at dawn. " * 40)

    def sighting(self, **changes: object) -> Sighting:
        seen = Sighting(
            headline="Ferry sails",
            summary="",
            asked="https://gazette.example/news/harbour/ferry",
            found="https://gazette.example/news/harbour/ferry",
            article=self.ARTICLE,
            declared=True,
        )
        return replace(seen, **changes)  # pyright: ignore[reportArgumentType]

    def test_another_headline_alone_is_none(self) -> None:
        assert self.sighting().other is None
        assert self.sighting(headline="Boat sails", declared=False).other is None
        assert self.sighting(headline="").other is None

    def test_of_several(self) -> None:
        assert "something else" in str(self.sighting(declared=False).other)
        told = "Passengers waited for hours on Monday, and the mayor came to see them."
        assert "something else" in str(self.sighting(summary=told).other)
        assert "another page" in str(self.sighting(found="https://gazette.example/news/").other)
        assert "front page" in str(self.sighting(found="https://www.gazette.example/").other)

    def test_a_page_at_a_longer_address_is_no_way_upwards(self) -> None:
        assert self.sighting(found="https://gazette.example/news/harbour/ferry-sails?x=1").other is None

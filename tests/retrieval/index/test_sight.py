"""What each reader sees: its own sections, without what it took out, and one of what two of them have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.edition import Edition
from retrieval.errors import InvalidQuestion, UnknownArticle, UnknownStory
from retrieval.index import linking, twins
from retrieval.index.sections import close_collection, leave, open_section, read, section_named
from retrieval.index.store import LATER, Store
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from retrieval.reading.origins import feed_origin
from tests.support.arrivals import LIBRARY, VINEYARD, arrival, opened
from tests.support.events import BRIDGE, CHESS, FILLERS, ORCHID, reports

pytestmark = pytest.mark.usefixtures("bag_of_words")

MARLO, TESSEL = feed_origin("https://marlo.example/feed"), feed_origin("https://tessel.example/feed")
HARBOUR, VALLEY = "100", "200"
"""Readers: the first reads the feed of Marlo, the second that of Tessel."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path) as room:
        yield room


def section(room: Newsroom, origin: str, *readers: str) -> int:
    """The section of a feed, which these readers read."""
    with room._machinery.store.transaction() as connection:
        number = open_section(connection, origin)
        for reader in readers:
            read(connection, reader, number, room._machinery.store.generation().number)
    return number


def hide(room: Newsroom, reader: str, *urls: str) -> None:
    with room._machinery.store.transaction() as connection:
        for url in urls:
            connection.execute("INSERT INTO hidden VALUES (?, ?, ?, 'a test', '2026-01-01')", (reader, url, url))


def brought(number: int, *arrivals: Arrival) -> list[Arrival]:
    return [replace(each, section=number) for each in arrivals]


def titles(edition: Edition) -> list[str]:
    return sorted(each.lead.title for each in edition.latest(limit=50).stories)


FERRY_THERE = arrival("ferry", origin=MARLO, host="marlo.example")
FROST = arrival("frost", VINEYARD, origin=TESSEL, host="tessel.example", source="Tessel Post", title="Frost in Tessel")
LIBRARY_OPENS = arrival("library", LIBRARY, title="A library opens in Norhaven")


def test_each_reader_sees_its_own_and_what_the_host_offers(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    room.add([LIBRARY_OPENS, *brought(marlo, FERRY_THERE), *brought(tessel, FROST)])
    harbour, valley = room.edition(HARBOUR), room.edition(VALLEY)
    assert titles(room) == ["A library opens in Norhaven"]
    assert titles(harbour) == ["A library opens in Norhaven", "Ferry runs aground off Marlo"]
    assert titles(valley) == ["A library opens in Norhaven", "Frost in Tessel"]
    assert (room.articles, harbour.articles, valley.articles, room.edition("300").articles) == (1, 2, 2, 1)
    assert harbour.outlets() == ("Marlo Gazette",)
    assert valley.outlets() == ("Marlo Gazette", "Tessel Post")
    assert harbour.coverage().articles == harbour.status().articles == 2
    assert [each.title for each in harbour.headlines("frost")] == []
    assert [each.title for each in valley.headlines("frost")] == ["Frost in Tessel"]


def test_nothing_is_found_that_a_reader_does_not_see(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    room.add([LIBRARY_OPENS, *brought(marlo, FERRY_THERE), *brought(tessel, FROST)])
    harbour, valley = room.edition(HARBOUR), room.edition(VALLEY)
    asked = "How many people were on board the ferry that ran aground off Marlo?"
    assert {hit.passage.article.title for hit in harbour.search(asked)} >= {"Ferry runs aground off Marlo"}
    assert "Ferry runs aground off Marlo" not in {hit.passage.article.title for hit in valley.search(asked)}
    assert harbour.ask(asked).quotes[0].article.title == "Ferry runs aground off Marlo"
    assert all("212" not in quote.text for quote in valley.ask(asked).quotes)
    assert not room.ask(asked).answered
    with pytest.raises(InvalidQuestion, match="nearest: Marlo Gazette"):
        harbour.ask(asked, source="Tessel Post")
    with pytest.raises(UnknownArticle):
        valley.history("https://marlo.example/ferry")
    story = harbour.latest("ferry").stories[0]
    with pytest.raises(UnknownStory):
        valley.story(story.id)


def test_terms_weigh_what_they_weigh_in_what_a_reader_sees(room: Newsroom, tmp_path: Path) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    shared = [LIBRARY_OPENS, *reports(FILLERS)]
    room.add([*brought(marlo, FERRY_THERE), *shared])
    more = [
        arrival(
            f"ferry-{number}",
            f"A ferry to the city. {text}",
            origin=TESSEL,
            host="tessel.example",
            title=f"Ferry {number}",
        )
        for number, (_, text) in enumerate(FILLERS)
    ]
    room.add(brought(tessel, *more))
    (tmp_path / "alone").mkdir()
    with opened(tmp_path / "alone") as alone:
        alone.add([FERRY_THERE, *shared])
        seen, whole = room._machinery.views.of(HARBOUR), alone.corpus().index
        words = ["ferri", "librari", "citi", "unheard"]
        assert seen.lexical.document_frequencies(words) == whole.lexical.document_frequencies(words)
        assert seen.passages == whole.passages
        found = [score for _, score in seen.lexical.search(["ferri", "citi"], 10)]
        assert found == pytest.approx([score for _, score in whole.lexical.search(["ferri", "citi"], 10)], rel=0.05)


def test_what_a_reader_took_out_is_there_for_others(room: Newsroom) -> None:
    marlo = section(room, MARLO, HARBOUR, VALLEY)
    room.add([LIBRARY_OPENS, *brought(marlo, FERRY_THERE)])
    hide(room, HARBOUR, "https://marlo.example/ferry", "https://news.example/library")
    assert titles(room.edition(HARBOUR)) == []
    assert not room.edition(HARBOUR).ready()
    assert titles(room.edition(VALLEY)) == ["A library opens in Norhaven", "Ferry runs aground off Marlo"]
    assert titles(room) == ["A library opens in Norhaven"]
    assert room.edition(HARBOUR).history("https://marlo.example/ferry")[-1].article.title == FERRY_THERE.article.title


def test_who_leaves_a_section_keeps_what_had_come(room: Newsroom) -> None:
    marlo = section(room, MARLO, HARBOUR, VALLEY)
    room.add(brought(marlo, FERRY_THERE))
    with room._machinery.store.transaction() as connection:
        leave(connection, HARBOUR, marlo, room._machinery.store.generation().number)
    room.add(brought(marlo, replace(FROST, origin=MARLO)))
    assert titles(room.edition(HARBOUR)) == ["Ferry runs aground off Marlo"]
    assert titles(room.edition(VALLEY)) == ["Ferry runs aground off Marlo", "Frost in Tessel"]
    assert "Frost in Tessel" not in {
        hit.passage.article.title for hit in room.edition(HARBOUR).search("frost in the valley")
    }


def test_who_leaves_a_collection_sees_nothing_of_it(room: Newsroom) -> None:
    room.add([LIBRARY_OPENS])
    marlo = section(room, MARLO, HARBOUR)
    room.add(brought(marlo, FERRY_THERE))
    with room._machinery.store.transaction() as connection:
        leave(connection, HARBOUR, 0, room._machinery.store.generation().number)
    assert titles(room.edition(HARBOUR)) == ["Ferry runs aground off Marlo"]


def test_an_article_that_two_sections_have_is_one(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR, VALLEY), section(room, TESSEL, VALLEY)
    same = replace(FERRY_THERE, origin=TESSEL)
    room.add([*brought(marlo, FERRY_THERE), *brought(tessel, same, FROST)])
    valley = room.edition(VALLEY)
    assert valley.articles == 2
    assert titles(valley) == ["Ferry runs aground off Marlo", "Frost in Tessel"]
    assert room.edition(HARBOUR).articles == 1
    assert len({hit.passage.article.id for hit in valley.search("ferry aground", limit=50)}) == 2


def test_a_summary_gives_way_to_the_text(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR, VALLEY), section(room, TESSEL, VALLEY)
    brief = replace(FERRY_THERE.article, body="A ferry ran aground off Marlo.", summary_only=True)
    room.add(brought(marlo, replace(FERRY_THERE, article=brief)))
    room.add(brought(tessel, replace(FERRY_THERE, origin=TESSEL)))
    (told,) = room.edition(VALLEY).headlines()
    assert not told.summary_only
    (told,) = room.edition(HARBOUR).headlines()
    assert told.summary_only


def test_a_text_that_two_articles_carry_is_one_with_its_carriers(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR, VALLEY), section(room, TESSEL, VALLEY)
    copy = arrival(
        "wire", origin=TESSEL, host="tessel.example", source="Harbour Wire", title="Steering failed off Marlo"
    )
    room.add(brought(marlo, FERRY_THERE))
    room.add(brought(tessel, copy))
    valley, harbour = room.edition(VALLEY), room.edition(HARBOUR)
    assert (valley.articles, harbour.articles) == (1, 1)
    asked = "How many people were on board the ferry?"
    assert [each.source for each in valley.quotes(asked, limit=1)[0].also_carried_by] == ["Harbour Wire"]
    assert [each.source for each in harbour.quotes(asked, limit=1)[0].also_carried_by] == []
    hide(room, VALLEY, "https://marlo.example/ferry")  # then the copy stands for itself
    assert titles(valley) == ["Steering failed off Marlo"]
    assert valley.quotes(asked, limit=1)[0].article.source == "Harbour Wire"


def test_what_is_not_seen_joins_nothing(room: Newsroom) -> None:
    """Two articles are not taken for one because of a third, unseen one that is like both."""
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    bridge = replace(FROST, article=replace(FROST.article, url="https://marlo.example/ferry"))
    room.add([LIBRARY_OPENS, *brought(marlo, FERRY_THERE, replace(FROST, origin=MARLO)), *brought(tessel, bridge)])
    assert titles(room.edition(HARBOUR)) == sorted(
        ["A library opens in Norhaven", "Ferry runs aground off Marlo", "Frost in Tessel"]
    )


def test_a_story_holds_what_its_reader_sees(room: Newsroom, tmp_path: Path) -> None:
    first, second = reports(BRIDGE, "Marlo Gazette"), reports(BRIDGE, "Tessel Post")
    marlo, tessel = section(room, MARLO, HARBOUR, VALLEY), section(room, TESSEL, VALLEY)
    others = reports((*CHESS, *ORCHID, *FILLERS))
    room.add([*others, *brought(marlo, *first), *brought(tessel, *second)])

    def sizes(edition: Edition) -> list[int]:
        return sorted(len(story.articles) for story in edition.latest(limit=50).stories)

    (tmp_path / "one").mkdir()
    (tmp_path / "both").mkdir()
    with opened(tmp_path / "one") as one, opened(tmp_path / "both") as both:
        one.add([*others, *first])
        both.add([*others, *first, *second])
        assert sizes(room.edition(HARBOUR)) == sizes(one)
        assert sizes(room.edition(VALLEY)) == sizes(both)


def test_what_came_is_news_to_who_sees_it(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    room.add([LIBRARY_OPENS])
    before = room._machinery.store.generation().number
    room.add([*brought(marlo, FERRY_THERE), *brought(tessel, FROST)])
    with room._machinery.store.transaction() as connection:
        connection.execute("UPDATE article SET seen = NULL")  # dated long ago: of what was read then, all is news

    def news(edition: Edition) -> list[str]:
        return sorted(id_ for id_ in edition.arrivals.since(before).articles)

    assert news(room) == []
    assert news(room.edition(HARBOUR)) == [f"https://marlo.example/ferry [{marlo}]"]
    assert news(room.edition(VALLEY)) == [f"https://tessel.example/frost [{tessel}]"]
    assert [story.lead.title for story in room.edition(VALLEY).arrivals.stories(news(room.edition(HARBOUR)))] == []


def test_a_story_is_found_by_the_number_of_what_another_article_stands_for_by_now(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    room.add(brought(marlo, arrival("ferry", FERRY_THERE.article.body[:90], origin=MARLO, summary_only=True)))
    harbour = room.edition(HARBOUR)
    (before,) = harbour.latest().stories
    room.add(brought(tessel, arrival("ferry", origin=TESSEL)))
    section(room, TESSEL, HARBOUR)
    (after,) = harbour.latest().stories
    assert (after.id, after.lead.body) != (before.id, before.lead.body)
    assert harbour.story(before.id).story.lead == after.lead
    assert [each.id for each in harbour.arrivals.stories([before.lead.id])] == [after.id]


def test_a_story_keeps_its_number_whoever_else_tells_of_it(room: Newsroom) -> None:
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    first, second, third = (
        replace(each, origin=origin) for each, origin in zip(reports(BRIDGE), (MARLO, TESSEL, MARLO), strict=False)
    )
    room.add([*reports(FILLERS), *brought(marlo, first)])
    room.add(brought(tessel, second))
    room.add(brought(marlo, third))
    harbour = room.edition(HARBOUR)
    story = next(each for each in harbour.latest(limit=50).stories if len(each.articles) == 2)
    gone = next(each for each in story.articles if each.title == first.article.title)
    room._machinery.changes._withdraw([gone.id], "a test")
    assert [each.title for each in harbour.story(story.id).story.articles] == [third.article.title]


def test_what_others_read_of_a_source_makes_no_news_of_its_undated_articles(room: Newsroom) -> None:
    room.add([replace(FROST, origin=MARLO)])
    with room._machinery.store.transaction() as connection:
        connection.execute("UPDATE article SET seen = '2020-01-01T00:00:00+00:00'")
    harbour = room.edition(HARBOUR)
    harbour.leave_collection("news")
    marlo = section(room, MARLO, HARBOUR)
    known = harbour.arrivals.generation()
    room.add(brought(marlo, arrival("ferry", origin=MARLO, published=None)))
    assert harbour.articles == 1
    assert harbour.arrivals.since(known).articles == {}


def test_what_waits_in_the_folder_is_told_to_who_reads_it(room: Newsroom) -> None:
    marlo = section(room, MARLO, HARBOUR, VALLEY)
    room.add([*brought(marlo, FERRY_THERE), *(arrival(f"{at}", f"{LIBRARY} {at}") for at in range(40))])
    with room._machinery.store.transaction() as connection:
        connection.execute("UPDATE article SET born = ? WHERE key NOT IN (SELECT article FROM placed)", (LATER,))
    room.edition(HARBOUR).leave_collection("news")
    assert (room.edition(HARBOUR).reading(), room.edition(HARBOUR).latest().reading) == (None, None)
    assert room.edition(VALLEY).reading() is not None


def test_many_of_one_text_in_what_others_read_hide_none_that_a_reader_has(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twins, "CANDIDATES", 3)
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    room.add(brought(tessel, *(arrival(f"ferry-{at}", origin=TESSEL, host="tessel.example") for at in range(9))))
    room.add([arrival("ferry", host="wire.example"), *brought(marlo, FERRY_THERE)])
    assert room.edition(HARBOUR).articles == 1


def test_another_process_sees_no_generation_before_its_twins_are_found(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marlo = section(room, MARLO, HARBOUR)
    room.add([LIBRARY_OPENS])
    with opened(tmp_path) as other:
        find = twins.bring_up

        def asked_before(store: Store, generation: int) -> None:
            if store is room._machinery.store:
                seen.append(other.edition(HARBOUR).articles)
            find(store, generation)

        seen: list[int] = []
        monkeypatch.setattr(twins, "bring_up", asked_before)
        room.add([arrival("ferry"), *brought(marlo, arrival("ferry", origin=MARLO))])
        assert (seen[0], other.edition(HARBOUR).articles) == (1, 2)


def test_a_collection_is_seen_no_more_as_soon_as_it_is_offered_no_more(room: Newsroom) -> None:
    room.add_collection("more")
    number = section_named(room._machinery.store, "more").number
    room.add(brought(number, FERRY_THERE))
    assert room.edition(HARBOUR).articles == 1
    with room._machinery.store.transaction() as connection:
        close_collection(connection, number)  # and the process dies
    assert room.edition(HARBOUR).articles == 0


def test_a_reader_sees_what_its_own_sections_brought_for_as_long_as_it_wants(room: Newsroom) -> None:
    marlo = section(room, MARLO, HARBOUR, VALLEY)
    today = datetime.now(UTC)
    recent = replace(FROST.article, url="https://marlo.example/frost", id="frost", published=today - timedelta(days=3))
    room.add([LIBRARY_OPENS, *brought(marlo, FERRY_THERE, replace(FROST, origin=MARLO, article=recent))])
    harbour, valley = room.edition(HARBOUR), room.edition(VALLEY)
    everything = ["A library opens in Norhaven", "Ferry runs aground off Marlo", "Frost in Tessel"]
    assert (harbour.keep_days(), titles(harbour)) == (None, everything)
    harbour.keep(7)
    assert (harbour.keep_days(), titles(harbour)) == (7, ["A library opens in Norhaven", "Frost in Tessel"])
    assert "Ferry runs aground off Marlo" not in {hit.passage.article.title for hit in harbour.search("ferry aground")}
    with pytest.raises(UnknownArticle):
        harbour.history("https://marlo.example/ferry")
    harbour.keep(2)
    assert titles(harbour) == ["A library opens in Norhaven"]
    assert titles(valley) == everything, "others keep it"
    harbour.keep(None)
    assert titles(harbour) == everything


def test_many_alike_in_what_others_read_part_no_story(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "PASSAGES", 1)
    marlo, tessel = section(room, MARLO, HARBOUR), section(room, TESSEL, VALLEY)
    first, _, third = (replace(each, origin=MARLO) for each in reports(BRIDGE))
    much_else = [
        arrival(f"{at}", " ".join(f"it{at}x{word}" for word in range(30)), title=f"It{at}") for at in range(40)
    ]
    room.add([*much_else, *brought(marlo, first)])
    body = third.article.body
    flood = [
        arrival(f"b-{at}", body, origin=TESSEL, title=third.article.title, published=third.article.published)
        for at in range(4)
    ]
    room.add(brought(tessel, *flood))
    room.add(brought(marlo, third))
    stories = [[each.title for each in it.articles] for it in room.edition(HARBOUR).latest(limit=50).stories]
    assert [third.article.title, first.article.title] in stories

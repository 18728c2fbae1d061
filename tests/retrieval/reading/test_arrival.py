"""Articles that arrive from anywhere but the folder: each is taken in once, and kept out once it was removed."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.answer import Quote
from retrieval.answering.history import with_history
from retrieval.article import Failure
from retrieval.errors import TooOld, UnknownArticle
from retrieval.newsroom import Newsroom
from retrieval.reading import embedding
from retrieval.reading import recognition as recognise
from retrieval.reading.arrival import TAKEN_BACK, Arrival
from retrieval.reading.offers import sorted_out
from retrieval.reading.origins import PAGES, archive_origin, feed_origin
from tests.support.arrivals import (
    ARCHIVE,
    FEED,
    FERRY,
    LIBRARY,
    OTHER_FEED,
    VINEYARD,
    arrival,
    article,
    one_state,
    opened,
    titles,
)

pytestmark = pytest.mark.usefixtures("bag_of_words")
QUESTION = "Why did the ferry run aground?"
TOLD = "Captain Ilse Brandt told reporters that the steering had failed in heavy rain."
EDITED = FERRY.replace("Divers will look at the hull", "Divers are to look at the hull")
COPY = {"host": "wire.example", "source": "Harbour Wire", "title": "Steering failed before the ferry ran aground"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path, answer_from=0.0) as room:  # what it quotes is looked at here, not how sure it is
        yield room


def past(room: Newsroom, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    return with_history(room._machinery.store, room.corpus().index.sight, quotes)


def carried(room: Newsroom) -> Quote:
    """The best quote with who carries it, however sure the newsroom is of it."""
    return past(room, room.quotes(QUESTION, limit=1))[0]


def counts(room: Newsroom, *arrivals: Arrival | Failure) -> tuple[int, int, int, int]:
    """What `add` reports as added, updated, unchanged (what is folded into another arrival included) and copies."""
    report = room.add(arrivals)
    one_state(room)
    folded = sum(each.kind == "folded" for each in report.folded)
    skipped = sum(each.kind != "note" for each in report.failed)
    assert report.added + report.updated + report.unchanged + folded + skipped == len(arrivals)
    assert report.copies == sum(each.kind == "copy" for each in report.folded)
    return report.added, report.updated, report.unchanged + folded, report.copies


@pytest.mark.parametrize(
    "again",
    [
        arrival("ferry"),
        arrival("ferry?utm_source=mail&fbclid=1"),
        arrival("ferry/amp"),
        arrival("ferry", host="m.news.example", origin=OTHER_FEED),
        Arrival(ARCHIVE, replace(article("ferry"), id="4711")),
        Arrival(ARCHIVE, replace(article("ferry"), url=None)),
        arrival("ferry", "Another summary of the same.", origin=OTHER_FEED, summary_only=True),
    ],
    ids=lambda each: f"{each.article.url} {each.article.id} {each.origin}",
)
def test_what_is_known_is_not_taken_in_again(room: Newsroom, again: Arrival) -> None:
    assert counts(room, arrival("ferry")) == (1, 0, 0, 0)
    report = room.add([again])
    assert (report.added, report.updated, report.unchanged, report.embedded) == (0, 0, 1, 0)
    assert (report.generation, report.failed, report.copies) == (1, (), 0)
    assert [quote.article.url for quote in room.quotes(QUESTION, limit=1)] == ["https://news.example/ferry"]


def test_all_at_once_are_one(room: Newsroom) -> None:
    summary = arrival("ferry", "A ferry ran aground.", summary_only=True)
    again = arrival("ferry?utm_source=mail", origin=OTHER_FEED)
    assert counts(room, summary, arrival("ferry"), again, Failure("a feed", "is broken")) == (1, 0, 2, 0)
    assert any(TOLD in quote.text for quote in room.quotes(QUESTION))


@pytest.mark.parametrize("body", [FERRY, EDITED], ids=["word for word", "edited"])
def test_a_copy_is_named_and_counts_for_nothing(room: Newsroom, body: str) -> None:
    copy = arrival("aground", body, **COPY, origin=OTHER_FEED)
    assert counts(room, arrival("ferry"), copy, arrival("grapes", VINEYARD, title="Frost")) == (3, 0, 0, 1)
    assert titles(room) == ["Ferry runs aground off Marlo", "Frost"]
    assert (room.status().articles, room.outlets()) == (2, ("Marlo Gazette",))
    quote = room.ask(QUESTION).quotes[0]
    assert quote.article.source == "Marlo Gazette"
    assert [each.source for each in quote.also_carried_by] == ["Harbour Wire"]
    assert quote.also_reported_by == ()
    report = room.add([copy])
    assert (report.unchanged, report.copies, report.generation) == (1, 0, 1)


def test_a_copy_carries_a_quote_only_if_it_holds_it(room: Newsroom) -> None:
    room.add([arrival("ferry"), arrival("aground", FERRY.replace("in heavy rain", "in the rain"), **COPY)])
    quotes = with_history(
        room._machinery.store, room.corpus().index.sight, room.quotes("What did Captain Ilse Brandt tell reporters?")
    )
    told = {quote.text: [each.source for each in quote.also_carried_by] for quote in quotes}
    assert [sources for text, sources in told.items() if "in heavy rain" in text] == [[]]
    quote = room.quotes("How many people were on board?", limit=1)
    assert [each.source for each in past(room, quote)[0].also_carried_by] == ["Harbour Wire"]


def test_one_outlet_under_two_names_does_not_carry_itself(room: Newsroom) -> None:
    room.add([arrival("ferry"), arrival("aground", **(COPY | {"source": "The Marlo Gazette"}))])
    assert room.status().articles == 1
    assert room.ask(QUESTION).quotes[0].also_carried_by == ()


def test_of_several_copies_one_stands_up_for_an_original_that_is_removed(room: Newsroom) -> None:
    second = arrival("third", **(COPY | {"source": "Third Post"}), origin=ARCHIVE)
    room.add([arrival("ferry"), arrival("aground", **COPY), second])
    _, report = room.remove("https://news.example/ferry", "a test")
    one_state(room)
    assert (report.added, report.updated, report.removed, report.generation) == (0, 0, 1, 2)
    quote = carried(room)
    assert (quote.article.source, [each.source for each in quote.also_carried_by]) == ("Harbour Wire", ["Third Post"])
    _, report = room.restore("https://news.example/ferry")
    assert (report.added, report.copies, report.unchanged) == (1, 0, 1)
    assert room.status().articles == 1
    one_state(room)


def test_a_copy_stands_up_when_the_original_is_changed_away(room: Newsroom) -> None:
    copy = arrival("aground", **COPY)
    room.add([arrival("ferry"), copy])
    room.add([arrival("ferry", VINEYARD)])
    one_state(room)
    assert room.status().articles == 2
    assert room.quotes(QUESTION, limit=1)[0].article == copy.article
    # ... and within one batch, whichever comes first; what it says again is a copy again.
    assert counts(room, arrival("ferry")) == (0, 1, 0, 0)
    assert (room.status().articles, room.quotes(QUESTION, limit=1)[0].article.source) == (1, "Harbour Wire")
    changed = copy.article.body.replace("on Tuesday evening", "on Tuesday night")
    room.add([arrival("aground", changed, **COPY), arrival("ferry", LIBRARY)])
    one_state(room)
    assert room.status().articles == 2


def test_a_change_that_leaves_the_report_the_same_leaves_its_copies(room: Newsroom) -> None:
    room.add([arrival("ferry"), arrival("aground", **COPY)])
    assert counts(room, arrival("ferry", EDITED)) == (0, 1, 0, 0)
    assert room.status().articles == 1


def test_short_texts_and_front_pages_make_no_two_articles_one(room: Newsroom) -> None:
    one = replace(article("", "The talks ended without a result."), id="1")
    two = replace(article("", "The talks ended without a result.", title="Talks"), id="2")
    assert counts(room, Arrival(FEED, one), Arrival(FEED, two)) == (2, 0, 0, 0)
    room.remove("1", "a test")
    assert [version.live for version in room.history("2")] == [True]
    three = replace(article("", "The talks will go on in May.", title="On"), id="3")
    assert counts(room, Arrival(FEED, three)) == (1, 0, 0, 0)


def test_full_text_replaces_a_summary_and_never_the_reverse(room: Newsroom) -> None:
    summary = arrival("ferry", "A ferry ran aground off the island of Marlo.", summary_only=True)
    full = Arrival(ARCHIVE, replace(article("ferry"), source=None, published=None))
    assert counts(room, summary) == (1, 0, 0, 0)
    other = arrival("ferry", "Another feed's words on the ferry.", summary_only=True, origin=OTHER_FEED)
    assert counts(room, other) == (0, 0, 1, 0)
    assert counts(room, full) == (0, 1, 0, 0)
    assert counts(room, summary, other) == (0, 0, 2, 0)
    quote = carried(room)
    assert (quote.article.source, quote.article.published) == ("Marlo Gazette", date(2025, 3, 4))
    assert not quote.article.summary_only
    assert quote.corrected is None


def test_a_page_that_a_moderator_named_replaces_what_a_feed_said(room: Newsroom) -> None:
    room.add([arrival("ferry")])
    assert counts(room, arrival("ferry", EDITED, origin=PAGES)) == (0, 1, 0, 0)
    assert counts(room, arrival("ferry")) == (0, 0, 1, 0)


def test_an_earlier_state_does_not_replace_a_later_one(room: Newsroom) -> None:
    later = arrival("ferry", EDITED, updated=date(2025, 3, 6))
    room.add([later])
    assert counts(room, arrival("ferry", updated=date(2025, 3, 5))) == (0, 0, 1, 0)


def test_another_feed_may_bring_the_correction(room: Newsroom) -> None:
    early, late = datetime(2025, 3, 4, 9, tzinfo=UTC), datetime(2025, 3, 5, 9, tzinfo=UTC)
    corrected = arrival("ferry", EDITED, updated=late, origin=OTHER_FEED)
    room.add([arrival("ferry", updated=early)])
    assert counts(room, arrival("ferry", LIBRARY, updated=early, origin=OTHER_FEED)) == (0, 0, 1, 0)
    assert counts(room, arrival("ferry", LIBRARY, origin=OTHER_FEED)) == (0, 0, 1, 0)
    assert counts(room, arrival("ferry", updated=early), corrected) == (0, 1, 1, 0)
    assert room.headlines()[0].body == EDITED
    assert counts(room, arrival("ferry", updated=early), corrected) == (0, 0, 2, 0)
    summary = arrival("ferry", "Later.", updated=date(2025, 3, 9), summary_only=True, origin=OTHER_FEED)
    assert counts(room, summary) == (0, 0, 1, 0)


@pytest.mark.parametrize("owner_first", [True, False])
def test_a_correction_is_not_lost_to_what_another_feed_says_beside_it(room: Newsroom, owner_first: bool) -> None:
    room.add([arrival("ferry")])
    pair = [arrival("ferry", EDITED), arrival("ferry", published=date(2025, 3, 6), origin=OTHER_FEED)]
    assert counts(room, *(pair if owner_first else pair[::-1])) == (0, 1, 1, 0)
    assert room.headlines()[0].body == EDITED


def test_an_archive_with_two_states_of_an_article_settles(room: Newsroom) -> None:
    states = [arrival("ferry", origin=ARCHIVE), arrival("ferry", EDITED, origin=ARCHIVE)]
    for state in states:
        assert sum(counts(room, state)[:2]) == 1
    for state in states:
        assert counts(room, state) == (0, 0, 1, 0)


def test_one_id_for_two_articles_is_a_failure(room: Newsroom) -> None:
    first = Arrival(ARCHIVE, replace(article("ferry"), id="1", url=None))
    second = Arrival(archive_origin("new.jsonl"), replace(article("grapes", VINEYARD, title="Frost"), id="1"))
    report = room.add([first, second])
    [failure] = report.failed
    assert (report.added, failure.where) == (1, "https://news.example/grapes")
    assert "'1' is already used in archive/old.jsonl: give each article its own id" in failure.reason
    same = Arrival(archive_origin("new.jsonl"), replace(article("ferry", EDITED), id="1"))
    assert (room.add([same]).failed, titles(room)) == ((), ["Ferry runs aground off Marlo"])


def write(folder: Path, name: str, **fields: object) -> None:
    (folder / name).write_text(json.dumps({"text": FERRY, "title": "From the folder", **fields}) + "\n")


def test_the_folder_has_the_last_word(room: Newsroom, tmp_path: Path) -> None:
    id_ = article("ferry").id
    room.add([arrival("ferry"), arrival("aground", **COPY)])
    write(tmp_path / "seeds", "a.jsonl", id=id_, source="Seed Post")
    report = room.reload()
    one_state(room)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 0)
    assert (titles(room), room.outlets()) == (["From the folder"], ("Seed Post",))
    assert counts(room, arrival("ferry", EDITED), arrival("ferry", origin=PAGES)) == (0, 0, 2, 0)
    assert titles(room) == ["From the folder"]
    (tmp_path / "seeds" / "a.jsonl").unlink()
    assert room.reload().removed == 1
    one_state(room)
    assert titles(room) == [COPY["title"]]  # the copy stands for itself


def test_a_removed_article_stays_out_until_it_is_restored(room: Newsroom) -> None:
    room.add([arrival("ferry"), arrival("grapes", VINEYARD, title="Frost")])
    removed, report = room.remove("https://m.news.example/ferry?utm_source=x", "it was retracted")
    one_state(room)
    assert (removed.url, report.removed, report.generation) == ("https://news.example/ferry", 1, 2)
    assert titles(room) == ["Frost"]
    again = room.add([arrival("ferry"), Arrival(ARCHIVE, replace(article("ferry"), id="4711"))])
    assert again.generation == 2
    assert {failure.where for failure in again.failed} == {"https://news.example/ferry"}
    assert all("was removed and stays out" in failure.reason for failure in again.failed)
    assert [version.live for version in room.history("https://news.example/ferry")] == [False]
    restored, report = room.restore("https://news.example/ferry")
    one_state(room)
    assert (restored, report.added, report.unchanged) == (removed, 1, 1)
    assert any(TOLD in quote.text for quote in room.quotes(QUESTION))
    assert [version.live for version in room.history(removed.id)] == [True]
    assert room.restore(removed.id)[1].generation == 3


def test_hearsay_gives_way_to_the_site_itself(room: Newsroom) -> None:
    told = arrival(
        "ferry", "The ferry has sunk, say others.", summary_only=True, origin=feed_origin("https://liar.test/")
    )
    own = arrival("ferry", "A ferry ran aground.", summary_only=True, origin=feed_origin("https://news.example/feed"))
    assert counts(room, told) == (1, 0, 0, 0)
    assert counts(room, own) == (0, 1, 0, 0)
    assert counts(room, told) == (0, 0, 1, 0)
    assert room.history(own.article.id)[-1].article.body == own.article.body


def test_hearsay_that_comes_beside_what_the_site_says_is_not_heard(room: Newsroom) -> None:
    liar = feed_origin("https://liar.test/")
    later = datetime(2025, 3, 9, tzinfo=UTC)
    told = arrival("ferry", "The ferry has sunk, say others.", summary_only=True, origin=liar, published=later)
    own = arrival("ferry", "A ferry ran aground.", summary_only=True, origin=feed_origin("https://news.example/feed"))
    assert counts(room, told, own) == (1, 0, 1, 0)
    assert room.headlines()[0].body == own.article.body


def test_what_its_publisher_took_back_and_puts_back_is_there_again(room: Newsroom) -> None:
    room.add([arrival("ferry")])
    room.remove(article("ferry").id, TAKEN_BACK)
    assert titles(room) == []
    assert counts(room, arrival("ferry")) == (0, 0, 0, 0)  # a feed's word alone does not bring it back
    assert counts(room, replace(arrival("ferry"), from_page=True)) == (1, 0, 0, 0)
    assert titles(room) == [article("ferry").title]
    room.remove(article("ferry").id, "it was retracted")
    assert counts(room, replace(arrival("ferry"), from_page=True)) == (0, 0, 0, 0)


def test_a_page_read_again_corrects_what_another_way_brought(room: Newsroom) -> None:
    room.add([arrival("ferry", origin=PAGES)])
    assert counts(room, replace(arrival("ferry", EDITED), from_page=True)) == (0, 1, 0, 0)


def test_an_article_that_is_only_called_changed_is_not(room: Newsroom) -> None:
    room.add([arrival("ferry", updated=datetime(2025, 3, 9, 12, tzinfo=UTC))])
    assert counts(room, arrival("ferry", updated=datetime(2025, 3, 9, 13, tzinfo=UTC))) == (0, 0, 1, 0)
    assert counts(room, arrival("ferry", published=datetime(2025, 3, 9, 14, tzinfo=UTC))) == (0, 0, 1, 0)
    assert len(room.history(article("ferry").id)) == 1


def test_a_copy_is_found_among_many_made_from_one_template(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shares its form with all the others, and with them some of its bands."""
    monkeypatch.setattr(recognise, "CANDIDATES", 3)
    form = " ".join(f"word{number}" for number in range(60))
    results = [
        arrival(f"r{number}", f"{form} {' '.join(f'team{number}x{each}' for each in range(30))}", title=f"R{number}")
        for number in range(20)
    ]
    assert counts(room, *results) == (20, 0, 0, 0)
    copy = replace(results[15].article, id="copy", url=None, title="Another headline")
    assert counts(room, Arrival(ARCHIVE, copy)) == (1, 0, 0, 1)


def test_what_retention_would_prune_at_once_is_not_brought_back(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        room.add([arrival("ferry")])
        room.remove("https://news.example/ferry", "it was retracted")
    with opened(tmp_path, keep_days=30) as room, pytest.raises(TooOld, match="KEEP_DAYS"):
        room.restore("https://news.example/ferry")


def test_an_unrelated_article_under_the_id_of_a_removed_one_is_taken_in(room: Newsroom) -> None:
    gone = replace(article("ferry"), id="1", url=None)
    other = Arrival(archive_origin("new.jsonl"), replace(article("grapes", VINEYARD, title="Frost"), id="1", url=None))
    room.add([Arrival(ARCHIVE, gone)])
    room.remove("1", "a test")
    assert counts(room, other) == (1, 0, 0, 0)
    for origin in (ARCHIVE, archive_origin("copy.jsonl")):
        report = room.add([Arrival(origin, gone)])
        assert "was removed and stays out" in report.failed[0].reason
    assert titles(room) == ["Frost"]
    assert counts(room, other) == (0, 0, 1, 0)


def test_two_articles_at_the_address_of_their_section_are_two(room: Newsroom) -> None:
    one = Arrival(ARCHIVE, replace(article("harbour"), id="1"))
    two = Arrival(ARCHIVE, replace(article("harbour", VINEYARD, title="Frost"), id="2"))
    assert counts(room, one, two) == (2, 0, 0, 0)
    assert counts(room, one, two) == (0, 0, 2, 0)
    room.remove("1", "a test")
    assert counts(room, two) == (0, 0, 1, 0)
    assert titles(room) == ["Frost"]


def test_a_removed_file_article_stays_out(room: Newsroom, tmp_path: Path) -> None:
    write(tmp_path / "seeds", "a.jsonl", id="a")
    room.reload()
    assert room.remove("a", "a test")[1].removed == 1
    os.utime(tmp_path / "seeds" / "a.jsonl")
    report = room.reload()
    assert (report.generation, report.added) == (2, 0)
    assert [failure.where for failure in report.failed] == ["a.jsonl"]
    assert "a was removed and stays out" in report.failed[0].reason
    write(tmp_path / "seeds", "a.jsonl", id="a", title="Written anew")
    room.reload()
    assert room.restore("a")[0].title == "From the folder"
    report = room.reload()
    assert (report.updated, report.failed, titles(room)) == (1, (), ["Written anew"])
    room.remove("a", "a test")
    (tmp_path / "seeds" / "a.jsonl").unlink()
    room.reload()
    room.restore("a")  # its file is gone, so that it is here by the moderator's word alone
    assert (room.reload().removed, titles(room)) == (0, ["Written anew"])
    assert counts(room, Arrival(PAGES, replace(article("a", EDITED), id="a", url=None))) == (0, 1, 0, 0)


@pytest.mark.parametrize("reference", ["", "nothing", "https://news.example/", "https://news.example/other"])
def test_an_unknown_article_is_said(room: Newsroom, reference: str) -> None:
    room.add([arrival("ferry")])
    for refuse in (room.history, room.restore, lambda each: room.remove(each, "a test")):
        with pytest.raises(UnknownArticle, match="give its address"):
            refuse(reference)
    assert room.status().generation == 1


def test_adding_waits_for_another_reload(tmp_path: Path) -> None:
    with opened(tmp_path) as room, opened(tmp_path) as other:
        write(tmp_path / "seeds", "a.jsonl", id="a", text=LIBRARY)
        waiting = threading.Thread(target=lambda: other.add([arrival("ferry")]))

        def meanwhile(_: object) -> None:
            if waiting.ident is None:
                waiting.start()
                waiting.join(0.3)
                assert waiting.is_alive()

        room.reload(meanwhile)
        waiting.join(60)
        assert titles(room) == ["Ferry runs aground off Marlo", "From the folder"]


ROWS = np.full((64, 384), 0.05, np.float32)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "restore", "write", "delete"]), st.integers(0, 3), st.integers(0, 2)),
    min_size=3,
    max_size=8,
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_whatever_happens_every_part_holds_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("steps")
    bodies = [FERRY, EDITED, VINEYARD]
    with opened(path) as room:
        room._machinery.embedder.embed_passages = lambda texts: ROWS[: len(texts)]  # type: ignore[method-assign]
        for step, which, text in steps:
            made = article(f"{which}", bodies[text], source=f"Outlet {which}")
            if step == "add":
                room.add([Arrival(FEED if which % 2 else ARCHIVE, made), arrival("grapes", VINEYARD, title="Frost")])
            elif step in ("remove", "restore"):
                try:
                    room.remove(made.id, "a test") if step == "remove" else room.restore(made.id)
                except UnknownArticle:
                    continue
            elif step == "write":
                write(path / "seeds", f"{which}.jsonl", id=made.id, text=made.body)
                room.reload()
            else:
                (path / "seeds" / f"{which}.jsonl").unlink(missing_ok=True)
                room.reload()
            one_state(room)
            for story in room.latest(limit=20).stories:
                for quote in story.quotes:
                    assert quote.text == quote.article.body[quote.start : quote.end]


def test_of_a_long_article_the_beginning_is_searched_and_that_is_named(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "MOST_PASSAGES", 2)
    body = " ".join(f"The ferry number {at} left the harbour at dawn and came back in the evening." for at in range(40))
    report = room.add([arrival("ferry", body)])
    assert (report.added, report.embedded) == (1, 2)
    (note,) = [each for each in report.failed if each.kind == "note"]
    assert note.reason == "is longer than 2 passages and is searched up to there: split it"


@pytest.mark.parametrize("damage", ["body = 'x' || body", "published = 'no day'", "key_points = 'no list'"])
@pytest.mark.parametrize("body", [FERRY, EDITED])
def test_what_is_damaged_is_replaced_when_it_comes_again(room: Newsroom, damage: str, body: str) -> None:
    room.add([arrival("ferry")])
    with room._machinery.store.transaction() as connection:
        connection.execute(f"UPDATE article SET {damage}")
    assert room.status().articles == 1
    assert not room.quotes(QUESTION)
    report = room.add([arrival("ferry", body)])
    assert (report.added, report.updated) == (0, 1)
    assert TOLD in carried(room).text


def test_a_moment_that_a_sites_pages_have_in_common_is_no_date_of_theirs() -> None:
    moment = datetime(2019, 5, 2, 8, 30, 11, tzinfo=UTC)
    bodies = [FERRY, VINEYARD, LIBRARY, FERRY[::-1]]
    pages = [
        replace(arrival(f"{at}.html", each, title=f"Story {at}", origin=PAGES, published=moment), from_page=True)
        for at, each in enumerate(bodies)
    ]
    listed = [replace(item, from_page=False) for item in pages]  # as an archive says of each
    for offered, stays in ((pages, None), (pages[:3], moment), (listed, moment)):  # three may have come out together
        kept = sorted_out(offered).kept
        assert {item.article.published for item in kept if isinstance(item, Arrival)} == {stays}

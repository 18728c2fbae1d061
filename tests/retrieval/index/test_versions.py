"""What an article said when: its history, what was corrected of a quote, and questions as of an earlier day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from retrieval.answer import Quote
from retrieval.answering.history import with_history
from retrieval.article import Day, instant_end
from retrieval.newsroom import Newsroom
from tests.support.arrivals import ARCHIVE, FERRY, LIBRARY, VINEYARD, arrival, article, one_state, opened

QUESTION = "How many people were on board of the ferry?"
CORRECTED = FERRY.replace("212 people", "221 people")
ADDED = f"{FERRY} Twelve of the passengers were treated for shock, a hospital said on Wednesday."


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path) as room:
        yield room


def quoted(room: Newsroom, about: str, as_of: Day | None = None, question: str = QUESTION) -> Quote | None:
    """The quote that holds `about` with its history, if there is one."""
    until = None if as_of is None else instant_end(as_of)
    quotes = with_history(room._machinery.store, room.corpus().index.sight, room.quotes(question, as_of=as_of), until)
    assert all(quote.text == quote.article.body[quote.start : quote.end] for quote in quotes)
    return next((quote for quote in quotes if about in quote.text), None)


def test_a_correction_is_a_new_version(room: Newsroom) -> None:
    room.add([arrival("ferry")])
    report = room.add([arrival("ferry", CORRECTED, updated=date(2025, 3, 6))])
    one_state(room)
    assert (report.added, report.updated, report.embedded) == (0, 1, 1)
    assert quoted(room, "212 people") is None
    quote = quoted(room, "221 people")
    assert quote
    assert quote.corrected == date(2025, 3, 6)
    history = room.history("https://news.example/ferry?utm_source=x")
    assert [version.article.body for version in history] == [FERRY, CORRECTED]
    assert [version.since for version in history] == [date(2025, 3, 4), date(2025, 3, 6)]
    assert [version.live for version in history] == [False, True]
    # a second one; its sentence is as it was since the first
    room.add([arrival("ferry", CORRECTED.replace("Divers", "Two divers"), updated=date(2025, 3, 8))])
    quote = quoted(room, "221 people")
    assert quote
    assert quote.corrected == date(2025, 3, 6)
    assert len(room.history(quote.article.id)) == 3


def test_a_correction_without_a_date_is_as_old_as_its_reading(room: Newsroom) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    room.add([arrival("ferry")])
    room.add([arrival("ferry", CORRECTED)])
    quote = quoted(room, "221 people")
    assert quote
    assert isinstance(quote.corrected, datetime)
    assert began <= quote.corrected <= datetime.now(UTC)
    assert quoted(room, "212 people", date(2025, 3, 10))


@pytest.mark.parametrize(
    "later",
    [
        ADDED,
        f"{FERRY} A ferry with 90 people on board ran aground off the island of Senn on Friday evening.",
        FERRY.replace("The ferry company", "The shipping company"),
        FERRY.replace(". ", ".\n\n").replace("the coast", "the\ncoast"),
        FERRY.replace("ran aground off", "ran aground\noff"),
    ],
    ids=["added", "alike added", "elsewhere", "paragraphs", "line break"],
)
def test_what_was_not_reworded_is_not_corrected(room: Newsroom, later: str) -> None:
    room.add([arrival("ferry")])
    assert room.add([arrival("ferry", later, updated=date(2025, 3, 6))]).updated == 1
    quote = quoted(room, "212 people")
    assert quote
    assert quote.corrected is None
    for added in ("Twelve of the passengers", "90 people"):
        quote = quoted(room, added, question="Who was treated for shock, and how many people were on board off Senn?")
        assert quote is None or quote.corrected is None


def test_the_wording_of_an_earlier_day(room: Newsroom) -> None:
    room.add([arrival("ferry"), arrival("grapes", VINEYARD, title="Frost", published=date(2025, 2, 1))])
    room.add([arrival("ferry", CORRECTED, updated=date(2025, 3, 6))])
    for day in (date(2025, 3, 4), date(2025, 3, 5)):
        quote = quoted(room, "212 people", day)
        assert quote
        assert (quote.article.body, quote.corrected) == (FERRY, None)
        assert quoted(room, "221 people", day) is None
    assert quoted(room, "221 people", date(2025, 3, 6))
    assert quoted(room, "people", date(2025, 3, 3)) is None


def test_an_earlier_wording_is_found_wherever_it_stood(room: Newsroom) -> None:
    sentences = FERRY.split(". ")
    for at, sentence in enumerate(sentences):
        changed = ". ".join([*sentences[:at], f"It is now said that {sentence.lower()}", *sentences[at + 1 :]])
        room.add([arrival(f"ferry/{at}", title=f"Ferry {at}", source=f"Outlet {at}")])
        room.add(
            [arrival(f"ferry/{at}", changed, title=f"Ferry {at}", source=f"Outlet {at}", updated=date(2025, 4, 1))]
        )
        hits = room.search(sentence, as_of=date(2025, 3, 10), source=f"Outlet {at}" if at == 0 else None)
        assert any(sentence in hit.passage.text for hit in hits), sentence
        room.remove(f"https://news.example/ferry/{at}", "a test")


def test_what_was_added_later_was_not_said_before(room: Newsroom) -> None:
    room.add([arrival("ferry")])
    room.add([arrival("ferry", ADDED, updated=date(2025, 3, 6))])
    assert all("Twelve" not in hit.passage.text for hit in room.search("Twelve passengers", as_of=date(2025, 3, 5)))
    assert any("Twelve" in hit.passage.text for hit in room.search("Twelve passengers", as_of=date(2025, 3, 6)))


def test_an_update_whose_earlier_text_was_never_read_is_not_shown_before(room: Newsroom) -> None:
    room.add([arrival("ferry", CORRECTED, updated=date(2025, 3, 6))])
    assert room.search(QUESTION, as_of=date(2025, 3, 5)) == ()
    assert room.latest(as_of=date(2025, 3, 5)).stories == ()
    assert room.latest(as_of=date(2025, 3, 6)).stories


def test_the_full_text_was_there_from_the_start(room: Newsroom) -> None:
    summary = "A ferry with 200 people on board ran aground off the island of Marlo on Tuesday."
    room.add([arrival("ferry", summary, summary_only=True)])
    room.add([arrival("ferry", origin=ARCHIVE)])
    quote = quoted(room, "212 people", date(2025, 3, 5))
    assert quote
    assert quote.corrected is None


def test_the_latest_news_as_it_stood(room: Newsroom) -> None:
    grapes = {"title": "Frost", "published": date(2025, 2, 1)}
    unread = arrival("library", LIBRARY, title="Library", updated=date(2025, 5, 1))
    room.add([arrival("ferry", title="212 aboard"), arrival("grapes", VINEYARD, **grapes), unread])
    room.add([arrival("ferry", CORRECTED, title="221 aboard", updated=date(2025, 3, 6))])

    def latest(topic: str | None, as_of: Day | None, limit: int = 5) -> list[str]:
        return [story.lead.title for story in room.latest(topic, as_of=as_of, limit=limit).stories]

    assert latest(None, date(2025, 3, 5)) == ["212 aboard", "Frost"]
    assert latest(None, date(2025, 3, 5), 2) == ["212 aboard", "Frost"]
    assert latest(None, date(2025, 3, 6)) == ["221 aboard", "Frost"]
    assert latest(None, None, 2) == ["221 aboard", "Library"] or latest(None, None, 2) == ["Library", "221 aboard"]
    assert latest("the ferry that ran aground", date(2025, 3, 5))[:1] == ["212 aboard"]


def test_a_carrier_of_a_later_day_is_not_named_before(room: Newsroom) -> None:
    copy = {"host": "wire.example", "source": "Harbour Wire", "published": date(2025, 3, 7)}
    room.add([arrival("ferry"), arrival("aground", **copy)])
    quotes = [quoted(room, "212 people", day) for day in (date(2025, 3, 5), date(2025, 3, 7), None)]
    carriers = [[each.source for each in quote.also_carried_by] for quote in quotes if quote]
    assert carriers == [[], ["Harbour Wire"], ["Harbour Wire"]]


def test_removal_and_return_are_no_versions(room: Newsroom) -> None:
    room.add([arrival("ferry")])
    id_ = article("ferry").id
    for _ in range(2):
        room.remove(id_, "a test")
        room.restore(id_)
    [version] = room.history(id_)
    assert (version.since, version.live) == (date(2025, 3, 4), True)
    assert quoted(room, "212 people", date(2025, 3, 5))

"""Whoever asks as of an earlier moment sees nothing that came later, and is told what really was looked through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from retrieval.errors import InvalidQuestion
from retrieval.newsroom import Newsroom
from tests.support.arrivals import FERRY, LIBRARY, OTHER_FEED, arrival, opened

QUESTION = "How many people were on board of the ferry?"
MARCH = date(2025, 3, 10)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder: Path = tmp_path_factory.mktemp("as-of")
    with opened(folder) as room:
        room.add([arrival("ferry")])
        room.add(
            [arrival("copy", origin=OTHER_FEED, host="post.example", source="Late Post", published=date(2025, 6, 1))]
        )
        room.add([arrival("library", LIBRARY, source="June Post", title="A library", published=date(2025, 6, 2))])
        yield room


def test_a_copy_that_came_later_is_not_named(room: Newsroom) -> None:
    def carriers(as_of: date) -> list[str | None]:
        quotes = room.ask(QUESTION, as_of=as_of).quotes
        return [copy.source for copy in quotes[0].also_carried_by]

    assert carriers(date(2025, 6, 5)) == ["Late Post"]
    assert carriers(MARCH) == []


def test_a_later_correction_is_not_named(tmp_path: Path) -> None:
    # undated, and set back to what it said at first: by its text alone the present version is the first one
    with opened(tmp_path) as room:
        for body in (FERRY, FERRY.replace("212", "221"), FERRY):
            room.add([arrival("ferry", body, published=None)])
        assert room.ask(QUESTION).quotes[0].corrected is not None
        assert room.ask(QUESTION, as_of=MARCH).quotes[0].corrected is None


def test_only_what_was_there_is_counted(room: Newsroom) -> None:
    assert room.ask(QUESTION).articles == 2
    assert room.ask(QUESTION, as_of=MARCH).articles == 1


def test_an_outlet_of_later_is_not_known_yet(room: Newsroom) -> None:
    question = "How many people were on board of the ferry, according to June Post?"
    assert str(room.ask(question).narrowed) == "articles from June Post"
    assert room.ask(question, as_of=MARCH).narrowed is None


def test_what_is_set_is_not_read_out_of_the_question(room: Newsroom) -> None:
    question = "How many people were on board of the ferry in May 2024, according to June Post?"
    answer = room.ask(question, source="Marlo Gazette", since=date(2025, 1, 1))
    assert answer.narrowed is None
    found = room.quotes(question, source="Marlo Gazette", since=date(2025, 1, 1))
    assert {quote.article.source for quote in found} == {"Marlo Gazette"}


def test_a_time_that_leaves_nothing_of_an_outlet_is_dropped_within_it(room: Newsroom) -> None:
    answer = room.ask("How many people were on board of the ferry in July 2026?", source="Marlo Gazette")
    assert answer.narrowed
    assert str(answer.narrowed).startswith("all others of those, as there are no articles since 1 July 2026")


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1)])
def test_a_moment_out_of_time_is_named(room: Newsroom, day: date) -> None:
    with pytest.raises(InvalidQuestion, match="out of reach"):
        room.ask("What happened yesterday?", as_of=day)

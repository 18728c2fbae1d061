"""Broad questions over invented events: the story that is meant, as it was known then, and others that fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from retrieval.answer import Answer
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.events import BEGINS, BRIDGE, CHESS, FILLERS, ORCHID, reports

FLOOD = (
    (
        "Flood closes the road to Osterwald",
        "The Lahn burst its banks near Osterwald and closed the road from Karlsfeld on Sunday. Firefighters brought "
        "sandbags to the mill, fire chief Ruben Aas said. Nobody was hurt in the flood.",
    ),
)
FIRST_DAY = BEGINS.date()
BROAD = (
    "What happened with the Osterwald bridge?",
    "What is the latest on the Osterwald bridge?",
    "Tell me about the cracked girders in Osterwald",
    "Why is everyone talking about the Osterwald bridge?",
    "Summarise the Osterwald bridge, please",
    "osterwald bridge",
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder: Path = tmp_path_factory.mktemp("telling")
    (folder / "seeds").mkdir()
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as room:
        room.add(
            [
                *reports(BRIDGE, "Marlo Gazette", "Karlsfeld Herald"),
                *reports(ORCHID, "Vesby Post", "Marlo Gazette", day=1),
                *reports(CHESS, "Tampere Star", day=2),
                *reports(FILLERS, "Nord Express", day=0),
                *reports(FLOOD, "Marlo Gazette", day=40),
            ]
        )
        yield room


def told(answer: Answer) -> set[str]:
    return {article.title for article in answer.stories[0].articles} if answer.stories else set()


@pytest.mark.parametrize("question", BROAD)
def test_a_broad_question_is_answered_with_its_story(room: Newsroom, question: str) -> None:
    answer = room.ask(question, as_of=FIRST_DAY + timedelta(30))
    assert answer.answered
    assert told(answer) == {title for title, _ in BRIDGE}
    first = answer.stories[0]
    assert answer.quotes == first.quotes
    assert 0 < len(answer.quotes) <= 3
    assert all(quote.text == quote.article.body[quote.start : quote.end] for quote in answer.quotes)
    assert first.id == room.story(first.id).story.id
    assert "osterwald" in (answer.topic or "").lower()


def test_it_is_told_as_it_was_known_then(room: Newsroom) -> None:
    answer = room.ask("What happened with the Osterwald bridge?", as_of=FIRST_DAY)
    assert told(answer) == {BRIDGE[0][0]}


def test_a_time_and_an_outlet_in_the_question_narrow_what_is_told(room: Newsroom) -> None:
    answer = room.ask("What happened with the bridge since 5 March 2025?", as_of=FIRST_DAY + timedelta(30))
    assert told(answer) == {title for title, _ in BRIDGE[1:]}
    assert str(answer.narrowed) == "articles since 5 March 2025"
    answer = room.ask("What happened with the bridge, according to the Karlsfeld Herald?")
    assert told(answer) == {BRIDGE[1][0]}
    assert told(room.ask("What happened with the bridge?", source="Marlo Gazette")) == {BRIDGE[0][0], BRIDGE[2][0]}


def test_of_several_stories_the_newest_comes_first_and_the_others_are_offered(room: Newsroom) -> None:
    answer = room.ask("Osterwald", as_of=FIRST_DAY + timedelta(45))
    assert told(answer) == {FLOOD[0][0]}
    assert [story.lead.title for story in answer.stories[1:]]
    assert BRIDGE[0][0] in {article.title for article in answer.stories[1].articles}
    earlier = room.ask("What happened in Osterwald in March 2025?", as_of=date(2025, 6, 30))
    assert told(earlier) >= {BRIDGE[0][0]}


def test_what_no_story_is_about_is_not_told(room: Newsroom) -> None:
    for question in ("What is the latest on the Lisbon tramway crash?", "Venezuela", "Tell me about quantum computing"):
        answer = room.ask(question)
        assert (answer.answered, answer.stories, answer.topic) == (False, (), None)
        assert answer.nearest


def test_a_question_for_a_fact_is_answered_as_ever(room: Newsroom) -> None:
    answer = room.ask("Who won the national chess title in Tampere?")
    assert answer.answered
    assert (answer.stories, answer.topic) == ((), None)
    assert "Ilmari Koskela" in answer.quotes[0].text


def test_no_more_is_quoted_than_is_wanted(room: Newsroom) -> None:
    limited = room.ask("What happened with the stolen orchid?", limit=1)
    assert len(limited.quotes) == 1
    assert limited.stories[0].quotes == limited.quotes

"""`/story`, its choices and its buttons, on a newsroom of invented stories of several outlets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import simcord
from simcord import ChannelHandle, MemberActor
from simcord.components import walk_components

from retrieval.answer import Answer, Briefing, Story, Timeline
from retrieval.article import Article, Day
from retrieval.errors import UnknownArticle, UnknownStory
from tests.support.discord.stand_in import StandIn, no_answer
from tests.support.discord.world import last, make_client, mention, text, texts
from tests.support.values import quoted


def report(name: str, outlet: str, day: int) -> Article:
    body = f"{name}, says {outlet} on day {day}."
    url = f"https://{outlet.lower()}.example/{day}"
    return Article(f"{name}/{day}", f"{name} {day}", body, url=url, source=outlet, published=date(2026, 3, day))


def a_story(number: int, name: str, count: int) -> Story:
    outlets = ("Star", "Gazette", "Herald")
    articles = tuple(report(name, outlets[day % 3], day) for day in range(count, 0, -1))
    return Story(articles, tuple(quoted(each, each.body) for each in articles[:2]), id=number)


class Room(StandIn):
    """A newsroom with three stories."""

    def __init__(self) -> None:
        super().__init__()
        self.stories = {7: a_story(7, "Ferry aground", 12), 8: a_story(8, "Frost in April", 1)}
        self.asked: list[tuple[int, Day | None]] = []

    def latest(self, topic: str | None = None, **_: object) -> Briefing:
        return Briefing(topic, tuple(self.stories.values()), 1, 0.01)

    def story(self, number: int, *, as_of: Day | None = None) -> Timeline:
        self.asked.append((number, as_of))
        if number not in self.stories:
            raise UnknownStory("No story {number} is known; /latest lists those that are.", number=str(number))
        story = self.stories[number]
        return Timeline(story, tuple(quoted(each, each.body) for each in reversed(story.articles)), 1)

    def history(self, reference: str) -> list[Any]:
        found = [each for each in self._articles() if reference in (each.id, each.url)]
        if not found:
            raise UnknownArticle("No article {reference} is known; give its address or its id.", reference=reference)
        return [SimpleNamespace(article=found[0])]

    def headlines(self, words: str, limit: int) -> tuple[Article, ...]:
        return tuple(each for each in self._articles() if words.casefold() in each.title.casefold())[:limit]

    @property
    def arrivals(self) -> Room:
        return self

    def _articles(self) -> list[Article]:
        return [each for story in self.stories.values() for each in story.articles]

    @property
    def room(self) -> Any:
        return Told(self)


class Told:
    """The same room, whose `stories` are those of articles, as `Arrivals` gives them; all read it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(self._room, name)

    @property
    def arrivals(self) -> Told:
        return self

    def edition(self, reader: str) -> Told:
        assert reader
        return self

    def stories(self, ids: Iterable[str]) -> tuple[Story, ...]:
        wanted = set(ids)
        told = self._room.stories.values()
        return tuple(story for story in told if wanted & {each.id for each in story.articles})


@pytest.fixture
def room() -> Room:
    return Room()


def steps(message: object) -> list[int]:
    return [int(said.split("on day ")[1].split(".")[0]) for said in texts(message) if "on day" in said]


def buttons(message: Any) -> dict[str, str]:
    """The custom ids of the buttons, by label or emoji."""
    roots = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    found = [part for part in walk_components(roots) if part["type"] == 2 and part.get("custom_id")]
    return {part.get("label") or part["emoji"]["name"][0]: part["custom_id"] for part in found}


async def test_a_story_is_chosen_by_its_headline_and_told_in_pages(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room, tmp_path: Path
) -> None:
    offered = await alice.autocomplete(channel, "story", "story", "")
    assert offered == [
        {"name": "Ferry aground 12", "value": "7"},
        {"name": "Frost in April 1 · Gazette", "value": "8"},
    ]
    assert await alice.autocomplete(channel, "story", "story", "FROST") == offered[1:]
    await alice.slash(channel, "story", story="7")
    message = last(channel)
    assert texts(message)[0].startswith("### [Ferry aground 12](https://star.example/12)\n-# 3\u00a0outlets")
    assert steps(message) == [1, 2, 3, 4, 5]
    assert [each.filename for each in message.attachments] == ["story.png"]
    await env.restart_bot(make_client(room.room, tmp_path))
    await alice.click(message, custom_id=buttons(message)["▶"])
    assert steps(last(channel)) == [6, 7, 8, 9, 10]
    assert not last(channel).attachments
    await alice.click(last(channel), custom_id=buttons(last(channel))["▶"])
    assert steps(last(channel)) == [11, 12]
    assert len(channel.history()) == 1


@pytest.mark.parametrize("wanted", ["https://gazette.example/1", "Frost in April/1", "frost in"])
async def test_a_story_is_found_by_one_of_its_articles_too(
    alice: MemberActor, channel: ChannelHandle, room: Room, wanted: str
) -> None:
    del room.stories[7]
    await alice.slash(channel, "story", story=wanted, until="2026-03-09")
    assert steps(last(channel)) == [1]
    assert room.asked == [(8, date(2026, 3, 9))]


async def test_a_story_is_opened_from_the_list_for_who_presses(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    await alice.slash(channel, "latest", until="2026-03-20")
    message = last(channel)
    assert [*buttons(message)] == ["Open 1", "Open 2"]
    opened = await alice.click(message, custom_id=buttons(message)["Open 1"])
    assert opened.ephemeral
    assert opened.response is not None
    assert steps(opened.response) == [1, 2, 3, 4, 5]
    assert "as of 20 March 2026" in text(opened.response)
    await alice.click(opened.response, custom_id=buttons(opened.response)["▶"])
    assert room.asked == [(7, date(2026, 3, 20))] * 2
    assert text(last(channel)).startswith("## Latest news"), "the list stays"
    assert len(channel.history()) == 1


async def test_a_broad_question_shows_a_story_that_opens_and_goes_on(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    questions: list[str] = []

    def told(question: str) -> Answer:
        questions.append(question)
        ferry, frost = room.stories.values()
        answer = replace(no_answer(question), answered=True, confidence=0.9, quotes=ferry.quotes)
        return replace(answer, stories=(ferry, frost), topic="the ferry")

    room.asking = told
    await alice.slash(channel, "ask", question="What happened with the ferry?")
    message = last(channel)
    assert texts(message)[1] == "-# Understood as: the news about “the ferry”"
    assert "**[Ferry aground 12](https://star.example/12)**" in text(message)
    assert [*buttons(message)][:2] == ["Frost in April 1", "Open story"]
    opened = await alice.click(message, custom_id=buttons(message)["Frost in April 1"])
    assert steps(opened.response) == [1]
    await alice.send(channel, f"{mention(env)} and since then?", reply_to=message)
    assert questions[1] == "What is the latest on the ferry since 12 March 2026?"
    assert "Understood as: What is the latest on the ferry since 12 March 2026?" in text(last(channel))


async def test_a_story_that_is_gone_is_said_to_be(
    env: simcord.Env, alice: MemberActor, channel: ChannelHandle, room: Room
) -> None:
    await alice.slash(channel, "latest")
    message = last(channel)
    pressed = buttons(message)["Open 1"]
    room.stories.clear()
    result = await alice.click(message, custom_id=pressed)
    assert text(result.response) == "No story 7 is known; /latest lists those that are."
    for wanted, said in {
        "7": "No story 7 is known; /latest lists those that are.",
        "9" * 30: "I know of no such story; /latest lists the latest ones.",
        "trains": "I know of no such story; /latest lists the latest ones.",
    }.items():
        refused = await alice.slash(channel, "story", story=wanted)
        assert said in text(refused.followups[0])
    assert len(env.errors) == 3

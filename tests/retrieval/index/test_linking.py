"""What is one story, and what becomes of it as articles come and go."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.answer import Story
from retrieval.errors import UnknownStory
from retrieval.index import linking
from retrieval.index.lexical import LexicalDamaged
from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from tests.support.arrivals import opened
from tests.support.events import BEGINS, BRIDGE, CHESS, FILLERS, ORCHID, reports

pytestmark = pytest.mark.usefixtures("bag_of_words")

OUTLETS = ("Marlo Gazette", "Tessel Post")
BRIDGES, ORCHIDS, OTHERS = reports(BRIDGE, *OUTLETS), reports(ORCHID, *OUTLETS), reports((*CHESS, *FILLERS))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path) as room:
        room.add(OTHERS)
        yield room


def ids(arrivals: Sequence[Arrival]) -> set[str]:
    return {each.article.id for each in arrivals}


def stories(room: Newsroom, **scope: object) -> list[Story]:
    return list(room.latest(limit=100, **scope).stories)  # type: ignore[arg-type]


def groups(room: Newsroom, **scope: object) -> set[frozenset[str]]:
    """The ids of the articles of each story that has more than one."""
    found = (frozenset(each.id for each in story.articles) for story in stories(room, **scope))
    return {each for each in found if len(each) > 1}


def again(days: float) -> list[Arrival]:
    """Another outlet's report of the bridge, so many days later."""
    text = (
        "In Osterwald the shops by the river sell a third less since the bridge with the cracked girders was closed, "
        "the traders say. They want a ferry over the Lahn before Easter and have written to Mayor Petra Lindholm."
    )
    return reports((("Osterwald traders want a ferry while the bridge is closed", text),), "Vesby Times", day=days)


def is_mended(failure: BaseException) -> bool:
    return isinstance(failure, LexicalDamaged)


def with_(room: Newsroom, arrival: Arrival) -> Story:
    [story] = [each for each in stories(room) if arrival.article.id in {article.id for article in each.articles}]
    return story


def test_reports_of_one_event_are_one_story_whatever_outlet_they_are_of(room: Newsroom) -> None:
    room.add([*BRIDGES, *ORCHIDS])
    assert groups(room) == {frozenset(ids(BRIDGES)), frozenset(ids(ORCHIDS))}
    bridge = with_(room, BRIDGES[0])
    assert [article.id for article in bridge.articles] == [each.article.id for each in reversed(BRIDGES)], (
        "newest first"
    )
    assert set(bridge.outlets) == set(OUTLETS)
    assert (bridge.first, bridge.last) == (BRIDGES[0].article.published, BRIDGES[-1].article.published)


@pytest.mark.parametrize("seed", range(4))
def test_a_story_does_not_depend_on_the_order_in_which_its_articles_come(tmp_path: Path, seed: int) -> None:
    arrivals = [*BRIDGES, *ORCHIDS, *OTHERS]
    random.Random(seed).shuffle(arrivals)
    with opened(tmp_path) as room:
        for at in range(0, len(arrivals), 3):
            room.add(arrivals[at : at + 3])
        assert groups(room) == {frozenset(ids(BRIDGES)), frozenset(ids(ORCHIDS))}


def test_a_story_keeps_its_number_while_it_grows_at_either_end(room: Newsroom) -> None:
    numbers = set()
    for each in (BRIDGES[1], BRIDGES[2], BRIDGES[0]):
        room.add([each])
        numbers.add(with_(room, BRIDGES[1]).id)
    assert len(numbers) == 1
    assert len(room.story(numbers.pop()).story.articles) == 3


def test_what_is_a_month_apart_is_another_story(room: Newsroom) -> None:
    room.add([*BRIDGES, *again(60)])
    assert groups(room) == {frozenset(ids(BRIDGES))}


def test_a_story_whose_first_article_is_gone_keeps_its_number(room: Newsroom) -> None:
    room.add(BRIDGES)
    whole = with_(room, BRIDGES[0])
    room.remove(BRIDGES[0].article.id, "wrong")
    assert with_(room, BRIDGES[2]).id == whole.id
    assert {article.id for article in room.story(whole.id).story.articles} == ids(BRIDGES[1:])
    room.restore(BRIDGES[0].article.id)
    assert with_(room, BRIDGES[0]).id == whole.id
    assert {article.id for article in room.story(whole.id).story.articles} == ids(BRIDGES)


def test_stories_that_become_one_are_found_under_the_number_of_each(room: Newsroom) -> None:
    [first], [middle], [last] = (reports((each,), day=day) for day, each in zip((0, 9, 11), BRIDGE, strict=True))
    room.add([last])
    room.add([first])
    assert groups(room) == set(), "too far apart for what they share"
    numbers = [with_(room, each).id for each in (last, first)]
    room.add([middle])
    assert groups(room) == {frozenset(ids([first, middle, last]))}
    assert {room.story(number).story.id for number in numbers} == {min(numbers)}


def test_a_story_that_is_gone_is_told_so(room: Newsroom) -> None:
    number = with_(room, OTHERS[0]).id
    room.remove(OTHERS[0].article.id, "wrong")
    for unknown in (number, 10_000):
        with pytest.raises(UnknownStory):
            room.story(unknown)


def test_as_of_a_moment_a_story_is_what_was_known_of_it_then(room: Newsroom) -> None:
    room.add([*BRIDGES, *ORCHIDS])
    then = BEGINS + timedelta(days=1, hours=1)
    assert groups(room, as_of=then) == {frozenset(ids(BRIDGES[:2])), frozenset(ids(ORCHIDS))}
    number = with_(room, BRIDGES[2]).id
    assert [article.id for article in room.story(number, as_of=BEGINS).story.articles] == [BRIDGES[0].article.id]
    with pytest.raises(UnknownStory):
        room.story(number, as_of=BEGINS - timedelta(days=1))


def test_an_outlet_tells_a_story_by_its_own_reports(room: Newsroom) -> None:
    room.add(BRIDGES)
    [bridge] = stories(room, source=OUTLETS[1])
    assert [article.id for article in bridge.articles] == [BRIDGES[1].article.id]


def test_an_article_that_says_something_else_by_now_is_no_longer_part_of_it(tmp_path: Path) -> None:
    def of_the_folder(title: str, text: str) -> None:
        record = {"id": "mine", "title": title, "text": text, "published": "2025-03-05"}
        (tmp_path / "seeds" / "mine.jsonl").write_text(json.dumps(record) + "\n")

    with opened(tmp_path) as room:
        room.add([*OTHERS, *BRIDGES, ORCHIDS[0]])
        of_the_folder(*ORCHID[1])
        room.reload()
        assert groups(room) == {frozenset(ids(BRIDGES)), frozenset({"mine", ORCHIDS[0].article.id})}
        of_the_folder(again(1)[0].article.title, again(1)[0].article.body)
        room.reload()
        assert groups(room) == {frozenset({*ids(BRIDGES), "mine"})}


def test_a_copy_is_part_of_the_story_of_what_it_carries(room: Newsroom) -> None:
    room.add(BRIDGES[:2])
    copied, earlier = BRIDGES[1].article, BEGINS - timedelta(hours=3)
    url = "https://wire.example/bridge"
    copy = replace(copied, id=url, url=url, source="Wire", published=earlier)
    report = room.add([replace(BRIDGES[1], article=copy, origin="/feed/https://wire.example/")])
    assert report.copies == 1
    assert groups(room) == {frozenset({*ids(BRIDGES[:2]), copy.id})}


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), LexicalDamaged("a segment is gone")])
def test_what_a_failure_left_unlinked_is_linked_with_the_next_change(room: Newsroom, failure: BaseException) -> None:
    def fails(*_: object) -> None:
        raise failure

    with pytest.MonkeyPatch.context() as patch, nullcontext() if is_mended(failure) else pytest.raises(type(failure)):
        patch.setattr(linking, "put_links", fails)
        room.add(BRIDGES)
    if is_mended(failure):
        assert with_(room, BRIDGES[0]).quotes, "it is served all the same"
    room.add(ORCHIDS)
    assert groups(room) == {frozenset(ids(BRIDGES)), frozenset(ids(ORCHIDS))}


def test_what_an_older_version_left_unlinked_is_linked_at_the_start(room: Newsroom) -> None:
    room.add(BRIDGES)
    with room._machinery.store.transaction() as connection:
        for table in ("link", "numbered", "linked"):
            connection.execute(f"DELETE FROM {table}")
    assert groups(room) == set()
    alone = stories(room)
    assert len({story.id for story in alone}) == len(alone), "each can be told from the others"
    assert [room.story(story.id).story.articles for story in alone] == [story.articles for story in alone]
    room.verify()
    assert groups(room) == {frozenset(ids(BRIDGES))}


def test_the_cost_of_a_report_does_not_grow_with_the_index(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []
    original: Callable[..., object] = linking.likeness
    monkeypatch.setattr(linking, "likeness", lambda *two: compared.append(two) or original(*two))
    room.add([*BRIDGES, *ORCHIDS])
    compared.clear()
    room.add(again(4))
    assert 0 < len(compared) <= linking.NEAR

"""Many new articles become generation after generation: the newest first, each complete, the last as in one go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Progress, Reading
from retrieval.errors import ModelChanged, QuotewireError
from retrieval.index import waiting
from retrieval.index.embed import Embedder, ModelIdentity
from retrieval.newsroom import Newsroom
from retrieval.reading.retention import Retention
from tests.support.arrivals import FERRY, arrival, one_state, opened
from tests.support.processes import told_by

pytestmark = pytest.mark.usefixtures("bag_of_words")

SLICE = 4
EVERYWHERE = "What did the article say about talks?"


class Interrupted(QuotewireError):
    """Whoever follows a reload has had enough."""


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "SLICE", SLICE)


def write(folder: Path, name: str, *numbers: int, word: str = "first", day: int = 0, published: str = "") -> None:
    """A file of articles, each a day newer than the one before or all of one day; two sentences tell them apart."""
    folder.mkdir(exist_ok=True)
    lines = [
        {
            "id": f"{name}-{number}",
            "title": f"Article {number} of {name}",
            "text": f"Article {number} of {name} told of the {word} talks. It said alpha{number} and beta. " * 8,
            "source": f"Outlet {number % 3}",
            "published": published or f"2025-{1 + (number + day) // 28:02}-{1 + (number + day) % 28:02}",
        }
        for number in numbers
    ]
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def numbers(room: Newsroom) -> list[str]:
    """The ids of the articles that are served."""
    return sorted(story.lead.id for story in room.latest(limit=100).stories)


def followed(room: Newsroom) -> list[tuple[int, Reading | None, list[str]]]:
    """Reload; what is served and told at each generation that comes, the last included."""
    seen: dict[int, tuple[int, Reading | None, list[str]]] = {}

    def look(_: Progress) -> None:
        generation = room._generations.current().generation.number
        if generation not in seen:
            one_state(room)
            answer = room.ask(EVERYWHERE) if generation else None
            assert answer is None or answer.generation == generation
            seen[generation] = (generation, answer and answer.reading, numbers(room))

    room.reload(look)
    look(Progress("done", 0, None))
    return list(seen.values())


def test_the_newest_come_first_and_answers_say_how_many_there_are(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        nothing, *states = followed(room)
        assert nothing == (0, None, [])
        held = [len(ids) for _, _, ids in states]
        assert held == [4, 8, 12, 18, 30]
        for count, (_, reading, ids) in zip(held, states, strict=True):
            assert ids == sorted(f"a-{number}" for number in range(30 - count, 30))
            assert reading == (Reading(count, 30) if count < 30 else None)
        assert room.status().reading is None
        again = room.reload()
        assert (again.unchanged, again.embedded, again.generation) == (30, 0, len(states))


def test_it_is_told_in_articles_and_how_long_the_others_take(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        told: list[Progress] = []
        left: list[float | None] = []

        def look(step: Progress) -> None:
            told.append(step)
            if reading := room.reading():
                left.append(reading.left)

        report = room.reload(look)
        assert (report.added, report.unchanged, report.generation) == (30, 0, 5)
        done = [step.done for step in told if step.total == 30]
        assert done == sorted(done)
        assert done[-1] == 30
        # One slice alone does not tell how fast it goes.
        assert left[0] is None
        assert any(left)


def test_a_few_new_articles_are_one_generation_and_worth_no_word(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(2 * SLICE))
        assert [(reading, len(ids)) for _, reading, ids in followed(room)] == [(None, 0), (None, 8)]


def test_an_article_is_the_old_or_the_new_one_and_what_left_is_gone_with_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        seeds = tmp_path / "seeds"
        write(seeds, "a", *range(6))
        room.reload()
        write(seeds, "a", *range(5), word="second")
        write(seeds, "b", *range(20))
        before, *states = followed(room)
        assert before[2] == [f"a-{number}" for number in range(6)]
        for _, _, ids in states:
            assert [id_ for id_ in ids if id_.startswith("a")] == [f"a-{number}" for number in range(5)]
        assert [len(ids) for _, _, ids in states] == [9, 13, 17, 25]
        bodies = [hit.passage.text for hit in room.search("alpha0 alpha1 alpha2 alpha3 alpha4", limit=20)]
        assert not any("of a told of the first" in body for body in bodies)


def test_a_copy_never_loses_its_text_between_two_generations(tmp_path: Path) -> None:
    """The folder's article that a feed's is a copy of leaves, and another one with the same text comes."""
    with opened(tmp_path) as room:
        seeds = tmp_path / "seeds"
        seeds.mkdir(exist_ok=True)
        (seeds / "old.jsonl").write_text(json.dumps({"id": "old", "title": "Ferry", "text": FERRY}) + "\n")
        room.reload()
        assert room.add([arrival("ferry", FERRY)]).copies == 1
        (seeds / "old.jsonl").unlink()
        write(seeds, "b", *range(20), day=100)
        with (seeds / "b.jsonl").open("a") as file:
            file.write(json.dumps({"id": "new", "title": "Ferry", "text": FERRY, "published": "2001-01-01"}) + "\n")
        for _, _, ids in followed(room):  # (`one_state` is asked of each: there is no copy without an original)
            assert {"old", "new", "https://news.example/ferry"}.intersection(ids)


@contextmanager
def interrupted(room: Newsroom, generation: int) -> Iterator[None]:
    """A reload that is given up while what comes after a generation is embedded."""

    def look(step: Progress) -> None:
        if room._generations.current().generation.number == generation and step.total:
            raise Interrupted

    with pytest.raises(Interrupted):
        room.reload(look)
    yield


def vectors(room: Newsroom) -> int:
    (count,) = room._store.connection().execute("SELECT count(*) FROM passage WHERE vector IS NOT NULL").fetchone()
    return count


@pytest.mark.parametrize("generation", [0, 1, 3])
def test_what_was_begun_is_ended_first_and_nothing_is_embedded_twice(tmp_path: Path, generation: int) -> None:
    seeds = tmp_path / "seeds"
    with opened(tmp_path) as room:
        write(seeds, "a", *range(30))
        with interrupted(room, generation):
            served = numbers(room)
    with opened(tmp_path) as room:
        assert numbers(room) == served
        reading = room.reading()
        assert reading
        assert (reading.done, reading.total) == (len(served), 30)
        write(seeds, "b", *range(6), day=100)  # newer than what was begun: FAISS takes keys that ascend only
        before = vectors(room)
        states = followed(room)
        assert room._generations.current().articles == 36
        assert len(states) > 2
        (whole,) = room._store.connection().execute("SELECT count(*) FROM passage").fetchone()
        assert whole == vectors(room) > before
        keys = room._generations.current().dense.keys.tolist()
        assert keys == sorted(keys)


def test_what_waits_for_a_reload_is_read_again_where_something_else_came_between(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        with interrupted(room, 2):
            room.add([arrival("ferry", FERRY)])
        one_state(room)
        assert len(numbers(room)) == 9
        assert room.reading() is None
        followed(room)
        assert len(numbers(room)) == 31


def test_another_model_is_never_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        with interrupted(room, 2):
            assert len(numbers(room)) == 8
    monkeypatch.setattr(Embedder, "identity", ModelIdentity("another bag of words", "1"))
    with opened(tmp_path) as room:
        generations: set[int] = set()

        def look(_: Progress) -> None:
            generations.add(room._generations.current().generation.number)

        with pytest.raises(ModelChanged):
            room.ask(EVERYWHERE)
        report = room.reload(look)
        assert generations == {2, 3}
        assert report.generation == 3
        assert len(numbers(room)) == 30
        room.reload()  # which forgets what the other model had embedded
        one_state(room)


def test_what_was_read_before_the_first_answer_is_nobodys_news(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        with interrupted(room, 2):
            known = room.arrivals.generation()  # as `/alert` has it, asked for meanwhile
        room.reload()
        assert known == 2
        assert room.arrivals.since(known).articles == {}
        write(tmp_path / "seeds", "b", *range(20), published=datetime.now(UTC).date().isoformat())
        room.reload()
        assert len(room.arrivals.since(known).articles) == 20


changes = st.tuples(
    st.sets(st.integers(0, 12), max_size=9),  # there before
    st.sets(st.integers(0, 12), max_size=9),  # of those numbers, there afterwards, with another word
    st.integers(0, 16),  # new ones
    st.booleans(),  # old ones come as they were
)


def contents(room: Newsroom) -> tuple[object, ...]:
    """All of an index that does not depend on the order in which articles came into it."""
    index = room._generations.current()
    rows = room._store.connection().execute(
        "SELECT a.id, a.sentences, p.start, p.end, p.vector FROM passage p JOIN article a ON a.key = p.article"
        " WHERE a.died IS NULL AND a.born <= ? ORDER BY a.id, p.start",
        (index.generation.number,),
    )
    bands = room._store.connection().execute(
        "SELECT a.id, b.number FROM band b JOIN article a ON a.key = b.article WHERE a.died IS NULL ORDER BY 1, 2"
    )
    found = (
        {(hit.passage.article.id, hit.passage.start) for hit in room.search(EVERYWHERE, limit=200)}
        if index.articles
        else set()
    )
    return rows.fetchall(), bands.fetchall(), found, index.articles, index.outlets, numbers(room)


@settings(max_examples=12)
@given(changes, st.integers(1, 6))
def test_however_it_is_sliced_the_index_is_the_same(change: tuple[set[int], set[int], int, bool], size: int) -> None:
    before, after, new, same = change
    found: list[object] = []
    for each in (size, 1000):
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, opened(Path(folder)) as room:
            patch.setattr(waiting, "SLICE", each)
            write(Path(folder) / "seeds", "a", *sorted(before))
            room.reload()
            write(Path(folder) / "seeds", "a", *sorted(after), word="first" if same else "second")
            write(Path(folder) / "seeds", "b", *range(new), day=50)
            report = replace(room.reload(), generation=0, seconds=0.0)
            one_state(room)
            found.append((report, contents(room)))
    assert found[0] == found[1]


def test_retention_does_not_touch_what_waits() -> None:
    with TemporaryDirectory() as folder, opened(Path(folder), keep_articles=1) as room:
        assert room._retention == Retention(None, 1)
        write(Path(folder) / "seeds", "a", *range(30))
        room.add([arrival("ferry", FERRY)])
        assert [len(ids) for _, _, ids in followed(room)] == [1, 5, 9, 13, 19, 31]


def test_killed_at_any_step_of_a_first_reading(tmp_path: Path) -> None:
    write(tmp_path / "seeds", "a", *range(20))
    deaths = told_by("tests.support.killed_first_readings", tmp_path / "data", tmp_path / "seeds", SLICE, 6)
    served = {0: 0, 1: 4, 2: 8, 3: 12, 4: 20}
    for death in deaths:
        assert death["killed"], death["at"]
        newest = sorted(f"a-{number}" for number in range(20 - served[death["generation"]], 20))
        assert death["served"] == newest
        assert death["after"] == sorted(f"a-{number}" for number in range(20))
        assert death["embedded"] == death["whole"] - death["vectors"]
    assert {0, 1} < {death["generation"] for death in deaths}

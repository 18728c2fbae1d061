"""Many new articles become generation after generation: the newest first, each complete, the last as in one go."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Progress, Reading
from retrieval.errors import ModelChanged, QuotewireError, ReloadInProgress
from retrieval.index import generations, waiting
from retrieval.index.embed import Embedder, ModelIdentity, Vectors
from retrieval.newsroom import Newsroom
from retrieval.reading.retention import Retention
from tests.support.arrivals import FERRY, LIBRARY, VINEYARD, arrival, newest, one_state, opened
from tests.support.processes import told_by
from tests.support.skips import needs_files_alone

pytestmark = pytest.mark.usefixtures("bag_of_words")

SLICE = 4
EVERYWHERE = "What did the article say about talks?"


class Interrupted(QuotewireError):
    """Whoever follows a reload has had enough."""


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "SLICE", SLICE)
    monkeypatch.setattr(generations, "BETWEEN", 0.01)


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
    return sorted(each.id for each in newest(room))


def followed(room: Newsroom) -> list[tuple[int, Reading | None, list[str]]]:
    """Reload; what is served and told at each generation that comes, the last included."""
    seen: dict[int, tuple[int, Reading | None, list[str]]] = {}

    def look(_: Progress) -> None:
        generation = room._machinery.generations.current().generation.number
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
def interrupted(room: Newsroom, generation: int, after: int = 1) -> Iterator[None]:
    """A reload that is given up while what comes after a generation is embedded: the `after`th time that it tells."""
    told = 0

    def look(step: Progress) -> None:
        nonlocal told
        if (
            room._machinery.generations.current().generation.number == generation
            and step.total
            and step.stage != "indexing"
        ):
            told += 1
            if told == after:
                raise Interrupted

    with pytest.raises(Interrupted):
        room.reload(look)
    yield


def vectors(room: Newsroom) -> int:
    (count,) = (
        room._machinery.store.connection().execute("SELECT count(*) FROM passage WHERE vector IS NOT NULL").fetchone()
    )
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
        assert room._machinery.generations.current().articles == 36
        assert len(states) > 2
        (whole,) = room._machinery.store.connection().execute("SELECT count(*) FROM passage").fetchone()
        assert whole == vectors(room) > before
        keys = room._machinery.generations.current().dense.keys.tolist()
        assert keys == sorted(keys)


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is embedded, each time that it is."""
    return recorded(monkeypatch)


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    embed = Embedder.embed_passages

    def noted(self: Embedder, passages: Sequence[str]) -> Vectors:
        seen.extend(passages)
        return embed(self, passages)

    monkeypatch.setattr(Embedder, "embed_passages", noted)
    return seen


@pytest.mark.parametrize("generation", [0, 1, 3])
def test_what_waits_goes_on_waiting_where_something_else_comes_between(
    tmp_path: Path, texts: list[str], monkeypatch: pytest.MonkeyPatch, generation: int
) -> None:
    monkeypatch.setattr("retrieval.reading.embedding.PASSAGES_A_TRANSACTION", 3)  # so that a slice is left half done
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        with interrupted(room, generation, after=4):
            served = len(numbers(room))
    with opened(tmp_path) as room:
        room.add([arrival("ferry", FERRY)])
        one_state(room)
        assert len(numbers(room)) == served + 1
        assert room.ask(EVERYWHERE).reading == Reading(served + 1, 31)
        room.remove("https://news.example/ferry", "a test")
        room.restore("https://news.example/ferry")
        followed(room)
        assert len(numbers(room)) == 31
        keys = room._machinery.generations.current().dense.keys.tolist()
        assert keys == sorted(keys)
    assert len(texts) == len(set(texts))


def test_who_comes_while_many_are_read_has_a_turn_before_all_are(
    tmp_path: Path, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.reading.embedding.TURN", 0.0)
    monkeypatch.setattr("retrieval.reading.embedding.PASSAGES_A_TRANSACTION", 3)
    with opened(tmp_path) as room, ThreadPoolExecutor() as workers:
        write(tmp_path / "seeds", "a", *range(40))
        begun = threading.Event()
        reload = workers.submit(lambda: room.reload(lambda _: begun.set() if room.articles else None))
        assert begun.wait(60)
        counts: list[int] = []
        for body, path in ((FERRY, "ferry"), (VINEYARD, "vineyard"), (LIBRARY, "library")):
            assert room.add([arrival(path, body)]).added == 1
            one_state(room)
            counts.append(room.articles)
        room.remove("https://news.example/vineyard", "a test")
        assert not reload.done()
        with pytest.raises(ReloadInProgress):
            room.reload()
        report = reload.result(120)
        one_state(room)
        assert (report.added, report.unchanged, report.removed) == (40, 0, 0)
        assert 4 < counts[0] <= counts[1] <= counts[2] < 43
        assert len(numbers(room)) == 42
        again = room.reload()
        assert (again.unchanged, again.embedded) == (42, 0)
        assert len(texts) == len(set(texts))


def test_what_waits_in_the_folder_is_known_to_who_brings_it_too(tmp_path: Path) -> None:
    """A feed may bring an article of the folder before its turn has come; the folder has the last word, as ever."""
    with opened(tmp_path) as room:
        seeds = tmp_path / "seeds"
        write(seeds, "a", *range(20), day=200)
        old = {"id": "old", "title": "Ferry", "text": FERRY, "url": "https://news.example/ferry"}
        with (seeds / "a.jsonl").open("a") as file:
            file.write(json.dumps(old) + "\n")
        with interrupted(room, 1):
            assert "old" not in numbers(room)
        report = room.add([arrival("ferry", FERRY)])
        assert (report.added, report.unchanged) == (0, 1)
        room.reload()
        assert len(numbers(room)) == 21
        assert "old" in numbers(room)


def test_what_waits_in_the_folder_keeps_its_place_where_another_article_has_its_address(tmp_path: Path) -> None:
    """The feed's notices are all at one address, and so is what waits, under that address as its id."""
    place = "https://news.example/notices"
    with opened(tmp_path) as room:
        seeds = tmp_path / "seeds"
        write(seeds, "a", *range(20), day=200)
        with (seeds / "a.jsonl").open("a") as file:
            file.write(json.dumps({"id": place, "title": "Ferry", "text": FERRY, "url": place}) + "\n")
        with interrupted(room, 1):
            assert place not in numbers(room)
        notices = [("Grapes", VINEYARD, "1"), ("Books", LIBRARY, "2")]
        told = [replace(arrival("notices", body, title=title), name=name) for title, body, name in notices]
        assert room.add(told).added == 2
        room.reload()
        stories = {each.id: each.title for each in newest(room)}
        assert len(stories) == 23
        assert stories[place] == "Ferry"
        assert {"Grapes", "Books"} < set(stories.values())


happening = st.one_of(
    st.tuples(st.just("interrupted reload"), st.integers(1, 40)),
    st.tuples(st.just("article that arrives"), st.integers(0, 99)),
    st.tuples(st.just("new article in the folder"), st.integers(100, 120)),
    st.tuples(st.just("new wording in the folder"), st.integers(0, 20)),
    st.tuples(st.just("restart"), st.just(0)),
)


@settings(max_examples=6)
@given(st.lists(happening, min_size=2, max_size=10))
def test_whatever_comes_between_nothing_is_lost_or_embedded_twice(happenings: list[tuple[str, int]]) -> None:
    words = dict.fromkeys(range(21), "first")
    arrived: set[str] = set()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("retrieval.reading.embedding.PASSAGES_A_TRANSACTION", 3)
        texts = recorded(patch)
        path = Path(folder)

        def rewrite() -> None:
            for number, word in words.items():
                write(path / "seeds", f"a{number}", number, word=word)

        rewrite()
        room = opened(path)
        for at, (what, number) in enumerate([*happenings, ("restart", 0), ("whole reload", 10_000)]):
            match what:
                case "interrupted reload" | "whole reload":
                    with suppress(Interrupted):
                        room.reload(upto(number))
                case "article that arrives":
                    arrived.add(f"https://news.example/{at}")
                    body = f"The {at}th ferry of the year {number} ran aground off Marlo with {number * at} on board."
                    assert room.add([arrival(str(at), body)]).added == 1
                case "restart":
                    room.close()
                    room = opened(path)
                case _:
                    words[number] = f"word{at}"
                    rewrite()
            one_state(room)
        assert set(numbers(room)) == arrived | {f"a{number}-{number}" for number in words}
        bodies = {each.id: each.body for each in newest(room)}
        assert all(f"the {word} talks" in bodies[f"a{number}-{number}"] for number, word in words.items())
        assert len(texts) == len(set(texts))
        assert room.reload().embedded == 0
        room.close()


def upto(most: int) -> Callable[[Progress], None]:
    """Someone who has had enough after so many words on how far a reload is."""
    told = 0

    def look(_: Progress) -> None:
        nonlocal told
        told += 1
        if told == most:
            raise Interrupted

    return look


def test_another_model_is_never_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as room:
        write(tmp_path / "seeds", "a", *range(30))
        with interrupted(room, 2):
            assert len(numbers(room)) == 8
    monkeypatch.setattr(Embedder, "identity", ModelIdentity("another bag of words", "1"))
    with opened(tmp_path) as room:
        generations: dict[int, int] = {}

        def look(_: Progress) -> None:
            index = room._machinery.generations.current()
            generations[index.generation.number] = index.articles
            if index.generation.number > 2:
                one_state(room, room._machinery.embedder.identity)

        with pytest.raises(ModelChanged):
            room.ask(EVERYWHERE)
        report = room.reload(look)
        # All that was served is there anew at once; what had waited goes on waiting.
        assert generations == {2: 8, 3: 12, 4: 16, 5: 20, 6: 30}
        assert report.generation == 6
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
    index = room._machinery.generations.current()
    rows = room._machinery.store.connection().execute(
        "SELECT a.id, a.sentences, p.start, p.end, p.vector FROM passage p JOIN article a ON a.key = p.article"
        " WHERE a.died IS NULL AND a.born <= ? ORDER BY a.id, p.start",
        (index.generation.number,),
    )
    bands = room._machinery.store.connection().execute(
        "SELECT a.id, b.number FROM band b JOIN article a ON a.key = b.article WHERE a.died IS NULL ORDER BY 1, 2"
    )
    found = (
        {(hit.passage.article.id, hit.passage.start) for hit in room.search(EVERYWHERE, limit=200)}
        if index.articles
        else set()
    )
    return rows.fetchall(), bands.fetchall(), found, index.articles, index.outlets, numbers(room)


@settings(max_examples=6)
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
        assert room._machinery.retention == Retention(None, 1)
        write(Path(folder) / "seeds", "a", *range(30))
        room.add([arrival("ferry", FERRY)])
        assert [len(ids) for _, _, ids in followed(room)] == [1, 5, 9, 13, 19, 31]


@needs_files_alone
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

"""Vectors in a real database: the same passages are found as by FAISS, whatever was handed over and whoever is gone."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.index import dense_remote, handing_over
from retrieval.index.by_meaning import Dense
from retrieval.index.handing_over import hand_over
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.replicas import readers, vectors
from retrieval.replicas.shared import Shared
from retrieval.replicas.vectors import SharedVectors
from tests.support.postgres import Server, Servers
from tests.support.replicas import EXAMPLES
from tests.support.talks import write
from tests.support.vector_stores import VectorStore, about_topics, found, held_keys, recall, unit

DIMENSION = 24
ALL = 1_000_000
ASKED = {"FEW": 10, "AS_SOON": 0, "LEAST": 40}


@pytest.fixture(scope="module")
def url(postgres: Server) -> str:
    """A database that knows vectors; each test has a namespace in it."""
    url = postgres.create_database()
    postgres.add_pgvector(url)
    return url


@pytest.fixture
def shared(url: str, request: pytest.FixtureRequest) -> Iterator[Shared]:
    shared = Shared(url, namespace=f"q{abs(hash(request.node.name))}")
    shared.vectors.prepare()
    yield shared
    shared.close()


@pytest.fixture
def always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a few vectors be looked for as many are: in an index, of which little is asked for."""
    for name, value in ASKED.items():
        monkeypatch.setattr(dense_remote, name, value)
    monkeypatch.setattr(vectors, "INDEXED_FROM", 1)


@pytest.fixture
def filled(tmp_path: Path, shared: Shared, always_asked: None) -> VectorStore:
    """A store of 4,000 vectors, and the database with all of them in an index."""
    filled = VectorStore(tmp_path, DIMENSION)
    filled.commit(about_topics(4_000, DIMENSION, 1))
    assert not hand_over(filled.store, shared.vectors, ALL)
    shared.vectors.build_index()
    return filled


def indexed(server: Server, url: str) -> bool:
    query = "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%%hnsw%%'"
    return server.ask(query, database=url.rpartition("/")[2])[0][0] > 0


def test_the_nearest_are_found_through_any_filter(
    filled: VectorStore, shared: Shared, postgres: Server, url: str
) -> None:
    assert indexed(postgres, url)
    queries = about_topics(60, DIMENSION, 2)
    exact, remote = filled.index(None), filled.index(shared.vectors)
    for share in (1.0, 0.5, 0.1, 0.02, 0.001):
        assert recall(exact, remote, queries, 10, share) >= 0.99, share
        assert recall(exact, remote, queries, 40, share) >= 0.98, share


def test_what_is_found_is_ranked_by_the_same_numbers(filled: VectorStore, shared: Shared) -> None:
    exact, remote = filled.index(None), filled.index(shared.vectors)
    for query in about_topics(20, DIMENSION, 3).astype(np.float32):
        wanted = exact.search(query, 5)
        got = remote.search(query, 5)
        assert [key for key, _ in got] == [key for key, _ in wanted]
        assert [cosine for _, cosine in got] == pytest.approx([cosine for _, cosine in wanted], abs=2e-6)


def test_the_database_is_asked_and_not_the_disk(
    filled: VectorStore, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    stored = dense_remote.stored_vectors
    monkeypatch.setattr(
        dense_remote, "stored_vectors", lambda store, keys, size: read.append(len(keys)) or stored(store, keys, size)
    )
    filled.index(shared.vectors).search(about_topics(1, DIMENSION, 4)[0], 10)
    assert read == [40]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 60),  # articles of so many vectors come
        st.floats(0, 0.6),  # this share of the articles goes
        st.sampled_from(["handed over", "broken off", "not handed over", "some"]),
        st.booleans(),  # what died is deleted from the store
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=EXAMPLES)
@given(steps=STEPS, seed=st.integers(0, 1_000))
def test_whatever_came_went_and_broke_off_the_nearest_are_found(
    steps: list[tuple[int, float, str, bool]],
    seed: int,
    url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """With unit vectors in all directions; generation by generation, each made of the one before."""
    random = np.random.default_rng(seed)
    folder = tmp_path_factory.mktemp("store")
    shared = Shared(url, namespace=folder.name)
    shared.vectors.prepare()
    kept = VectorStore(folder, DIMENSION)
    articles: list[int] = []
    exact: tuple[int, Dense] | None = None
    remote: tuple[int, Dense] | None = None
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ASKED.items():
            patch.setattr(dense_remote, name, value)
        patch.setattr(vectors, "INDEXED_FROM", 1)
        patch.setattr(handing_over, "KEPT", 2)
        for count, share, handed, swept in steps:
            gone = [key for key in articles if random.random() < share]
            articles = [key for key in articles if key not in gone]
            articles += kept.commit(unit(random.normal(size=(5 * count, DIMENSION))), gone)
            exact, remote = (
                (kept.store.generation().number, kept.index(each, of))
                for each, of in ((None, exact), (shared.vectors, remote))
            )
            if swept:
                kept.sweep()
            if handed == "broken off":
                break_off(kept, shared.vectors)
            elif handed != "not handed over":
                hand_over(kept.store, shared.vectors, 50 if handed == "some" else ALL)
                shared.vectors.build_index()
            queries = unit(random.normal(size=(8, DIMENSION)))
            assert sorted(remote[1].keys[remote[1].alive].tolist()) == kept.living()
            if len(remote[1]):
                for part in (1.0, 0.3):
                    if round(part * len(remote[1])) > 100:
                        assert recall(exact[1], remote[1], queries, 10, part) >= 0.99
                assert recall(exact[1], remote[1], queries, 10) >= 0.99
        while hand_over(kept.store, shared.vectors, 50):
            pass
        assert set(kept.living()) <= set(held_keys(shared.vectors))
    shared.close()
    kept.store.close()


def break_off(kept: VectorStore, shared: SharedVectors) -> None:
    """Delete all, and die before that is done."""
    with suppress(KeyError), shared.writing() as writing:
        if writing.held() is None:
            writing.begin(kept.store.identity, 1, DIMENSION, 0)
        writing.remove(writing.keys().tolist())
        raise KeyError


def test_what_died_is_taken_back_when_nobody_answers_from_it_any_more(
    tmp_path: Path, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "KEPT", 3)
    kept = VectorStore(tmp_path, DIMENSION)
    first = kept.commit(about_topics(50, DIMENSION, 1))
    hand_over(kept.store, shared.vectors, ALL)
    everything = kept.living()
    kept.commit(about_topics(5, DIMENSION, 2), first[:4])
    hand_over(kept.store, shared.vectors, ALL)
    for number in range(2):
        assert set(everything) < set(held_keys(shared.vectors))
        if number == 1:
            kept.sweep()
        kept.commit(about_topics(0, DIMENSION, 3))
        hand_over(kept.store, shared.vectors, ALL)
    kept.commit(about_topics(0, DIMENSION, 3))
    hand_over(kept.store, shared.vectors, ALL)
    assert held_keys(shared.vectors) == kept.living()


def test_what_died_so_long_ago_that_nobody_knows_is_taken_back(
    tmp_path: Path, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "KEPT", 0)
    kept = VectorStore(tmp_path, DIMENSION)
    first = kept.commit(about_topics(50, DIMENSION, 1))
    hand_over(kept.store, shared.vectors, ALL)
    kept.commit(about_topics(5, DIMENSION, 2), first[:4])
    with kept.store.transaction() as connection:  # as after a thousand generations
        connection.execute("DELETE FROM passage WHERE article IN (SELECT key FROM article WHERE died IS NOT NULL)")
        connection.execute("UPDATE dead_since SET generation = 2")
    hand_over(kept.store, shared.vectors, ALL)
    assert held_keys(shared.vectors) == kept.living()


def test_another_model_or_an_earlier_copy_of_the_store_begins_anew(tmp_path: Path, shared: Shared) -> None:
    kept = VectorStore(tmp_path, DIMENSION)
    first = kept.commit(about_topics(50, DIMENSION, 1))
    hand_over(kept.store, shared.vectors, ALL)
    before = kept.index(shared.vectors)
    kept.model("second")
    kept.commit(about_topics(30, DIMENSION, 2), first)
    hand_over(kept.store, shared.vectors, ALL)
    assert held_keys(shared.vectors) == kept.living()
    query = about_topics(1, DIMENSION, 1)[0]
    assert found(before, query, 3), "who still answers by the model before reads its own disk"
    with kept.store.transaction() as connection:
        connection.execute("UPDATE generation SET committed = '2001-01-01T00:00:00+00:00' WHERE number = 2")
        connection.execute("DELETE FROM passage WHERE key > 70")
    hand_over(kept.store, shared.vectors, ALL)
    assert held_keys(shared.vectors) == kept.living() == list(range(51, 71))


def test_what_is_not_handed_over_yet_is_found(filled: VectorStore, shared: Shared) -> None:
    new = about_topics(30, DIMENSION, 7)
    filled.commit(new)
    remote = filled.index(shared.vectors)
    for number in (0, 17, 29):
        assert found(remote, new[number], 1) == [4_001 + number]
    hand_over(filled.store, shared.vectors, ALL)
    assert found(remote, new[17], 1) == [4_018]


def test_an_index_is_built_of_enough_vectors_and_those_that_come_are_in_it(
    tmp_path: Path, postgres: Server, url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    alone = postgres.create_database()
    postgres.add_pgvector(alone)
    monkeypatch.setattr(vectors, "INDEXED_FROM", 100)
    shared = Shared(alone)
    kept = VectorStore(tmp_path, DIMENSION)
    for at in range(0, 150, 50):
        kept.commit(about_topics(50, DIMENSION, at))
        hand_over(kept.store, shared.vectors, ALL)
        shared.vectors.build_index(most=120)
        assert indexed(postgres, alone) is (at == 50)
        if at == 50:
            break
    kept.commit(about_topics(50, DIMENSION, 9))
    hand_over(kept.store, shared.vectors, ALL)
    shared.close()


# --- who is gone ----------------------------------------------------------------------------------------


@pytest.mark.postgres_long
def test_questions_go_on_whichever_database_is_gone(
    servers: Servers,
    tmp_path: Path,
    always_asked: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(readers, "AVOIDED", 0.3)
    monkeypatch.setattr(readers, "AT_MOST", 1.0)
    first = servers.start()
    url = first.create_database()
    first.add_pgvector(url)
    second = first.standby()
    shared = Shared(url, second.url(url.rpartition("/")[2]))
    kept = VectorStore(tmp_path, DIMENSION)
    kept.commit(about_topics(1_000, DIMENSION, 1))
    hand_over(kept.store, shared.vectors, ALL)
    shared.vectors.build_index()
    second.catch_up(first)
    exact, remote = kept.index(None), kept.index(shared.vectors)
    queries = about_topics(10, DIMENSION, 2)

    def answers() -> list[bool]:
        """Whether the answers are right, and how many of those that are asked for them read all of the disk."""
        return [recall(exact, remote, queries[at : at + 1], 10) >= 0.9 for at in range(len(queries))]

    def whole_disk() -> bool:
        return len(remote._near(queries[0].astype(np.float32), 10, remote.alive)) == 1_000  # type: ignore[attr-defined]

    with caplog.at_level(logging.INFO):
        assert all(answers()), "by the standby"
        first.kill()
        assert all(answers())
        assert not whole_disk(), "the standby goes on"
        first.start()
        second.kill()
        assert all(answers())
        assert not whole_disk(), "the primary takes over"
        first.kill()
        assert all(answers())
        assert whole_disk(), "nobody is there"
        assert sum("vectors on this disk" in each.message for each in caplog.records) == 1
        first.start()
        time.sleep(0.4)
        assert all(answers())
        assert not whole_disk(), "the primary is back"
        assert caplog.records[-1].message == "the database finds what is near a question again"
        monkeypatch.setattr(readers, "AVOIDED", 60.0)
        first.cut()
        began = time.monotonic()
        assert all(answers())
        assert time.monotonic() - began < 10, "one that says nothing is not waited for"
        assert whole_disk()
        first.mend()
    shared.close()


def test_changes_wait_for_nothing_while_an_index_is_built(filled: VectorStore, shared: Shared) -> None:
    with shared._primary.transaction() as remote:
        remote.execute(shared.vectors._sql("LOCK TABLE {vector} IN SHARE MODE"))
        filled.commit(about_topics(5, DIMENSION, 8))
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            hand_over(filled.store, shared.vectors, ALL)
        assert time.monotonic() - began < 3
    hand_over(filled.store, shared.vectors, ALL)
    assert held_keys(shared.vectors) == filled.living()


# --- a newsroom -----------------------------------------------------------------------------------------

WORDS = ("ferry", "harvest", "library", "tunnel", "orchard", "festival", "glacier", "museum", "railway", "vaccine")
MORE_WORDS = tuple(
    f"{first}{last}" for first in ("bar", "col", "den", "fer", "gal") for last in ("ton", "by", "ow", "ish")
)


def report(number: int) -> str:
    """An article of words by chance, as a file of the folder."""
    random = Random(number)
    sentences = (" ".join(random.choices(WORDS, k=3) + random.choices(MORE_WORDS, k=8)) for _ in range(12))
    return (
        f"---\npublished: 2026-{1 + number % 8:02}-11\nsource: {('Valley Post', 'Harbour Times')[number % 2]}\n---\n"
        f"Report {number} on the {random.choice(WORDS)}\n" + " ".join(f"The {each}." for each in sentences)
    )


@pytest.mark.postgres_long
@pytest.mark.usefixtures("bag_of_words")
def test_a_newsroom_gives_the_same_hits_by_either(
    tmp_path: Path, postgres: Server, always_asked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database()
    postgres.add_pgvector(url)
    monkeypatch.setattr("retrieval.index.search.CANDIDATES", 20)  # so that few of all passages are
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for at in range(120):
        (seeds / f"{at}.txt").write_text(report(at))
    local = NewsroomSettings(tmp_path / "local", seeds)
    remote = NewsroomSettings(tmp_path / "remote", seeds, database=url, vectors="pgvector")
    with Newsroom.open(local) as one, Newsroom.open(remote) as other:

        def same() -> float:
            """The share of hits that both give; sums in another order decide between two that are as near."""
            both = total = 0
            for number in range(2_000, 2_010):
                question = " ".join(Random(number).choices([*WORDS, *MORE_WORDS], k=9))
                for source, since in ((None, None), ("Valley Post", None), (None, date(2026, 4, 1))):
                    wanted = one.search(question, limit=10, source=source, since=since)
                    got = other.search(question, limit=10, source=source, since=since)
                    both += len(
                        {each.passage.article.id for each in wanted} & {each.passage.article.id for each in got}
                    )
                    total += len({each.passage.article.id for each in wanted})
            return both / total

        one.reload()
        other.reload()
        assert type(other._machinery.generations.current().dense).__name__ == "RemoteDense"
        assert same() >= 0.99
        assert held_keys(other._machinery.shared.vectors)  # type: ignore[union-attr]
        for at in range(0, 120, 3):
            (seeds / f"{at}.txt").unlink()
        (seeds / "new.txt").write_text(report(1_000))
        one.reload()
        other.reload()
        assert same() >= 0.99
        other.verify()
        assert same() >= 0.99


@pytest.mark.usefixtures("bag_of_words")
def test_what_was_there_before_is_handed_over_in_parts(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database()
    postgres.add_pgvector(url)
    for word in WORDS:
        write(tmp_path / "seeds", f"{word}.txt", word)
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds", database=url)
    with Newsroom.open(settings) as room:
        room.reload()
    monkeypatch.setattr("retrieval.index.generations.HANDED_OVER", 3)
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds", database=url, vectors="pgvector")
    with Newsroom.open(settings) as room:
        assert room.search("ferry talks", limit=1)[0].passage.article.id == "ferry.txt"
        room.verify()
        keys = held_keys(room._machinery.shared.vectors)  # type: ignore[union-attr]
        assert keys == room._machinery.generations.current().dense.keys.tolist()


def test_what_is_missing_is_said_in_a_sentence(tmp_path: Path, database_url: str) -> None:
    settings = NewsroomSettings(tmp_path / "data", tmp_path, database=database_url, vectors="pgvector")
    with pytest.raises(StoreUnavailable) as refused:
        Newsroom.open(settings)
    assert "have an administrator of the database run CREATE EXTENSION vector in it" in str(refused.value)
    assert "correct" not in str(refused.value), "the password"
    with pytest.raises(StoreUnavailable, match="name that in DATABASE_URL"):
        Newsroom.open(NewsroomSettings(tmp_path / "other", tmp_path, vectors="pgvector"))


def test_shared_vectors_are_safe_before_anything_is_there(database_url: str, tmp_path: Path) -> None:
    shared = Shared(database_url)
    nothing: SharedVectors = shared.vectors
    assert nothing.nearest(1, 1, np.ones(3, np.float32), 5, lambda _: True).up_to == 0
    shared.close()


def test_neither_brings_what_the_other_needs() -> None:
    program = (
        "import sys, retrieval.newsroom, retrieval.index.generations, retrieval.index.dense_remote as _;"
        "print(*({'psycopg', 'faiss'} & sys.modules.keys()))"
    )
    imported = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert imported.split() == []

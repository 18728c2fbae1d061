"""Passages, their vectors and the models that these are of, as rows of a store: what is kept, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.article import Article
from retrieval.errors import ModelUnavailable
from retrieval.index.embed import ModelIdentity
from retrieval.index.passages import (
    NewPassage,
    forget_other_models,
    model_key,
    pending,
    put_passages,
    put_vectors,
    renew_keys,
    uncut,
)
from retrieval.index.staging import Staging
from retrieval.index.store import Store
from retrieval.index.stored import FILE
from tests.support.arrivals import FERRY, LIBRARY, VINEYARD, article

ONE, OTHER = ModelIdentity("one", "1"), ModelIdentity("other", "1")
HALVES = ("The ferry ran aground.", "Divers look at the hull.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / FILE)
    yield store
    store.close()


@pytest.fixture
def model(store: Store) -> int:
    return model_key(store, ONE, 2)


def staging_of(store: Store, *, patient: bool = False) -> Staging:
    return Staging(store=store, current=store.generation(), kept=frozenset(), patient=patient)


def staged(store: Store, *articles: Article, patient: bool = False, copy_of: str | None = None) -> list[int]:
    """Versions of the next generation, or with `patient` ones that wait for theirs."""
    staging = staging_of(store, patient=patient)
    with store.transaction() as connection:
        for each in articles:
            staging.put(connection, "a.jsonl", each, copy_of)
    return staging.staged


def cut(store: Store, model: int, key: int, *texts: str) -> list[int]:
    """Passages of ten characters each, one after the other; their keys."""
    new = [NewPassage(10 * at, 10 * at + 10, text) for at, text in enumerate(texts)]
    with store.transaction() as connection:
        put_passages(connection, model, store.articles([key])[key], new)
    query = "SELECT key FROM passage WHERE article = ? AND model = ? ORDER BY key"
    rows = store.connection().execute(query, (key, model))
    return [passage for (passage,) in rows]


def embed(store: Store, keys: Sequence[int], *vectors: Sequence[float]) -> None:
    put_vectors(store, list(store.passages(keys).values()), np.array(vectors, np.float16))


def vectors(store: Store, keys: Sequence[int]) -> list[list[float] | None]:
    """Of each passage its vector; None where it waits for one."""
    rows = [store.connection().execute("SELECT vector FROM passage WHERE key = ?", (key,)).fetchone() for key in keys]
    return [None if vector is None else np.frombuffer(vector, "<f2").tolist() for (vector,) in rows]


def count(store: Store, table: str) -> int:
    return store.connection().execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class TestModel:
    def test_has_one_key_as_long_as_it_is_known(self, store: Store) -> None:
        key = model_key(store, ONE, 2)
        assert model_key(store, ONE, 2) == key
        others = {model_key(store, OTHER, 2), model_key(store, ModelIdentity("one", "2"), 3)}
        assert len(others | {key}) == 3
        assert store.connection().execute("SELECT name, revision, dimension FROM model ORDER BY key").fetchall() == [
            ("one", "1", 2),
            ("other", "1", 2),
            ("one", "2", 3),
        ]

    def test_of_another_dimension_than_before_is_refused_with_a_remedy(self, store: Store) -> None:
        key = model_key(store, ONE, 2)
        with pytest.raises(ModelUnavailable) as refused:
            model_key(store, ONE, 3)
        assert str(refused.value) == (
            "The embedding model 'one' gives vectors of 3 components, where it gave 2 before: name the model that the "
            "index was made with in EMBEDDING_MODEL, or another one."
        )
        assert model_key(store, ONE, 2) == key

    def test_that_is_neither_served_nor_wanted_goes_with_all_that_it_embedded(self, store: Store) -> None:
        keys = [model_key(store, identity, 2) for identity in (OTHER, ONE, ModelIdentity("wanted", "1"))]
        (version,) = staged(store, article("ferry"))
        for key in keys:
            cut(store, key, version, *HALVES)
        for key in keys[:2]:
            staging_of(store).commit(key, [version])
        assert (count(store, "generation"), count(store, "passage")) == (2, 6)
        forget_other_models(store, store.generation(), ModelIdentity("wanted", "1"))
        assert store.connection().execute("SELECT key FROM model ORDER BY key").fetchall() == [(keys[1],), (keys[2],)]
        assert store.connection().execute("SELECT model FROM generation").fetchall() == [(keys[1],)]
        assert [len(pending(store, key, [version])) for key in keys] == [0, 2, 2]

    def test_of_the_served_name_in_another_revision_is_another_one(self, store: Store, model: int) -> None:
        (version,) = staged(store, article("ferry"))
        staging_of(store).commit(model, [version])
        for gone in (ModelIdentity("one", "0"), OTHER):
            model_key(store, gone, 2)
        forget_other_models(store, store.generation(), ModelIdentity("other", "2"))
        assert store.connection().execute("SELECT key FROM model").fetchall() == [(model,)]


class TestPassages:
    def test_are_wanted_for_versions_that_live_are_no_copies_and_have_none_by_the_model(
        self, store: Store, model: int
    ) -> None:
        versions = staged(store, article("ferry"), article("wine", VINEYARD), article("books", LIBRARY))
        other = model_key(store, OTHER, 2)
        assert uncut(store, model, versions[::-1]) == versions, "in the order in which they were stored"
        assert uncut(store, model, versions[1:]) == versions[1:]
        cut(store, other, versions[0], *HALVES)
        cut(store, model, versions[1], *HALVES)
        assert uncut(store, model, versions) == [versions[0], versions[2]]
        staging_of(store).commit(model, versions)
        staging_of(store).commit(model, [], removed=[versions[2]])
        (copy,) = staged(store, article("again", host="wire.example"), copy_of=article("ferry").id)
        assert uncut(store, model, [*versions, copy]) == [versions[0]]

    def test_wait_for_their_vectors_in_order_model_by_model(self, store: Store, model: int) -> None:
        ferry, wine = staged(store, article("ferry"), article("wine", VINEYARD))
        of_wine, of_ferry = cut(store, model, wine, *HALVES), cut(store, model, ferry, *HALVES)
        (of_other,) = cut(store, model_key(store, OTHER, 2), wine, "Growers expect little.")
        assert of_ferry[-1] < of_other
        assert pending(store, model, [ferry, wine]) == [*of_wine, *of_ferry]
        assert pending(store, model, [wine]) == of_wine
        embed(store, [of_wine[0], of_ferry[1]], (1, 2), (3, 4))
        assert pending(store, model, [ferry, wine]) == [of_wine[1], of_ferry[0]]
        assert vectors(store, [*of_wine, *of_ferry]) == [[1, 2], None, None, [3, 4]]

    def test_are_stored_with_their_spans_and_by_which_text_they_are_known_again(self, store: Store, model: int) -> None:
        (version,) = staged(store, article("ferry"))
        keys = cut(store, model, version, *HALVES)
        passages = store.passages(keys)
        assert [(passages[key].article, passages[key].start, passages[key].end) for key in keys] == [
            (version, 0, 10),
            (version, 10, 20),
        ]
        # Files hold it: by another one nothing would be known again, and all embedded anew.
        (hash_,) = store.connection().execute("SELECT hash FROM passage WHERE key = ?", (keys[0],)).fetchone()
        assert hash_.hex() == "ede62b437619cc26d9e803754c32a699"

    def test_keep_the_vectors_of_what_the_version_before_had_word_for_word(self, store: Store, model: int) -> None:
        before, of_another = staged(store, article("ferry"), article("wine", VINEYARD))
        embed(store, cut(store, model, before, *HALVES), (1, 2), (3, 4))
        embed(store, cut(store, model, of_another, "The harbour is shut."), (5, 6))
        staging_of(store).commit(model, [before, of_another])
        (after,) = staged(store, article("ferry", FERRY.replace("212", "221")))
        keys = cut(store, model, after, "A ferry ran aground.", HALVES[1], "The harbour is shut.")
        assert vectors(store, keys) == [None, [3, 4], None], "of another article nothing is taken"
        assert pending(store, model, [after]) == [keys[0], keys[2]]
        keys = cut(store, model_key(store, OTHER, 2), after, HALVES[1])
        assert vectors(store, keys) == [None], "nor of another model"

    def test_take_over_no_vector_that_is_damaged(self, store: Store, model: int) -> None:
        (before,) = staged(store, article("ferry"))
        (first, second) = cut(store, model, before, *HALVES)
        embed(store, [first, second], (1, 2), (3, 4))
        staging_of(store).commit(model, [before])
        with store.transaction() as connection:
            connection.execute("UPDATE passage SET vector = substr(vector, 1, 3) WHERE key = ?", (first,))
        (after,) = staged(store, article("ferry", FERRY.replace("212", "221")))
        assert vectors(store, cut(store, model, after, *HALVES)) == [None, [3, 4]]


class TestNewKeys:
    def test_come_after_all_others_in_the_order_of_the_old_ones(self, store: Store, model: int) -> None:
        wine, ferry = staged(store, article("wine", VINEYARD), article("ferry"), patient=True)
        old = [*cut(store, model, ferry, *HALVES), *cut(store, model, wine, "Growers expect little.")]
        embed(store, old, (1, 2), (3, 4), (5, 6))
        (came,) = staged(store, article("books", LIBRARY))
        (between,) = cut(store, model, came, "A library opens.")
        renew_keys(store, model, [wine, ferry])
        rows = store.connection().execute('SELECT key, article, start, "end" FROM passage WHERE key > ?', (between,))
        keys, *spans = zip(*rows.fetchall(), strict=True)
        assert list(zip(*spans, strict=True)) == [(ferry, 0, 10), (ferry, 10, 20), (wine, 0, 10)]
        assert vectors(store, keys) == [[1, 2], [3, 4], [5, 6]]
        assert count(store, "passage") == 4, "the old ones are gone"

    def test_are_for_those_that_no_generation_holds_of_the_versions_and_the_model(
        self, store: Store, model: int
    ) -> None:
        (served,) = staged(store, article("books", LIBRARY))
        kept = cut(store, model, served, "A library opens.")
        staging_of(store).commit(model, [served])
        ferry, wine = staged(store, article("ferry"), article("wine", VINEYARD), patient=True)
        kept += cut(store, model, wine, "Growers expect little.")
        kept += cut(store, model_key(store, OTHER, 2), ferry, *HALVES)
        waiting = cut(store, model, ferry, *HALVES)
        renew_keys(store, model, [served, ferry])
        keys = [key for (key,) in store.connection().execute("SELECT key FROM passage ORDER BY key")]
        assert keys[:4] == kept
        assert min(keys[4:]) > max(waiting)
        renew_keys(store, model, [served])
        assert keys == [key for (key,) in store.connection().execute("SELECT key FROM passage ORDER BY key")]


class TestVectors:
    def test_are_written_as_half_precision_numbers(self, store: Store, model: int) -> None:
        (version,) = staged(store, article("ferry"))
        keys = cut(store, model, version, *HALVES)
        embed(store, keys, (0.5, -2), (1 / 3, 0))
        rows = store.connection().execute("SELECT hex(vector) FROM passage ORDER BY key").fetchall()
        assert rows == [("003800C0",), ("55350000",)]

    def test_that_are_too_few_are_written_for_none(self, store: Store, model: int) -> None:
        (version,) = staged(store, article("ferry"))
        keys = cut(store, model, version, *HALVES)
        with pytest.raises(ValueError, match="shorter"):
            embed(store, keys, (1, 2))
        assert pending(store, model, [version]) == keys

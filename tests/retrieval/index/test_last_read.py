"""Articles read for the last questions: no more than so much of them, and no article twice."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Article
from retrieval.index.last_read import EACH, LastRead
from retrieval.index.stored import StoredArticle

SIZE = 510
GONE = {7}


def stored(key: int) -> StoredArticle:
    return StoredArticle(key, Article(f"a{key}", "A title", "x" * (SIZE - EACH)), ((0, SIZE - EACH),))


class Disk:
    """Articles of any key, but for those that are `GONE`."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, keys: Collection[int]) -> dict[int, StoredArticle]:
        self.read += keys
        return {key: stored(key) for key in keys if key not in GONE}


def test_what_was_read_is_not_read_again() -> None:
    disk, last = Disk(), LastRead(3 * SIZE)
    first = last.of({1, 2, 7}, disk)
    assert first.keys() == {1, 2}
    assert last.of([2, 1], disk) == first
    assert sorted(disk.read) == [1, 2, 7]
    last.of({7}, disk)
    assert disk.read.count(7) == 2, "what is not there may come"


def test_what_was_not_wanted_for_longest_goes_first() -> None:
    disk, last = Disk(), LastRead(2 * SIZE)
    for keys in ([1], [2], [1], [3]):
        last.of(keys, disk)
    disk.read.clear()
    last.of([1, 3], disk)
    assert disk.read == []
    last.of([2], disk)
    assert disk.read == [2]


def test_what_is_too_large_takes_the_place_of_nothing() -> None:
    disk, last = Disk(), LastRead(2 * SIZE)
    large = StoredArticle(9, Article("a9", "A title", "x" * 3 * SIZE), ((0, 3 * SIZE),))
    last.of([1], disk)
    assert last.of([9], lambda _: {9: large}) == {9: large}
    last.of([1], disk)
    assert disk.read == [1]


@given(asked=st.lists(st.sets(st.integers(0, 12), max_size=6), max_size=30), most=st.integers(0, 8))
def test_all_are_given_however_few_are_kept(asked: list[set[int]], most: int) -> None:
    disk, last = Disk(), LastRead(most * SIZE)
    for keys in asked:
        assert last.of(keys, disk) == {key: stored(key) for key in keys - GONE}
        assert len(last._held) <= most
        assert last._characters == SIZE * len(last._held)

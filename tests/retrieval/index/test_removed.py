"""What was removed leaves no trace in what is answered: neither in the scores nor in how sure an answer is."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.index.lexical import LexicalEntry, LexicalIndex
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.talks import write

WORDS = ("apple", "birch", "cedar", "dune", "ember", "fjord", "gorse", "hazel", "iris", "juniper")


def answered(room: Newsroom) -> list[tuple[float, list[str], list[tuple[str, float]]]]:
    found = []
    for word in WORDS:
        answer = room.ask(f"Where were the {word} talks held?")
        hits = room.search(f"{word} talks in Geneva", limit=20)
        scores = [(hit.passage.article.id, hit.bm25) for hit in hits]
        found.append((answer.confidence, [quote.text for quote in answer.quotes], scores))
    return found


@pytest.mark.usefixtures("bag_of_words")
@pytest.mark.parametrize("removed", [1, 40])
def test_answers_are_those_of_an_index_that_never_held_it(tmp_path: Path, removed: int):
    seeds = tmp_path / "seeds"
    for word in WORDS:
        write(seeds, f"{word}.txt", word)
    with Newsroom.open(NewsroomSettings(tmp_path / "fresh", seeds)) as room:
        room.reload()
        expected = answered(room)
    with Newsroom.open(NewsroomSettings(tmp_path / "used", seeds)) as room:
        room.reload()
        for number in range(removed):
            write(seeds, f"{number}.txt", f"{WORDS[number % 7]} and {WORDS[number % 3]} number {number}")
        room.reload()
        for number in range(removed):
            (seeds / f"{number}.txt").unlink()
        room.reload()
        assert answered(room) == expected


def passages(keys: range) -> list[LexicalEntry]:
    return [LexicalEntry(key, f"Ferry {key} sails", 100, "AP") for key in keys]


def test_among_many_a_few_that_died_are_not_worth_writing_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retrieval.index.lexical.FEW", 50)
    index = LexicalIndex(tmp_path)
    index.rebuild(1, passages(range(100)))
    assert not index.is_skewed_without(removed=5)
    assert index.is_skewed_without(removed=10)
    index.apply(2, [], range(5))
    assert not index.is_skewed_without(removed=3)
    assert index.is_skewed_without(removed=5)  # those that died before count, too
    assert index.is_skewed_without(removed=60)


def test_few_are_written_anew_when_any_died(tmp_path: Path):
    index = LexicalIndex(tmp_path)
    index.rebuild(1, passages(range(100)))
    assert not index.is_skewed_without(removed=0)
    assert index.is_skewed_without(removed=1)

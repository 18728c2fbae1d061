"""The tantivy index: filters, snapshots, and the generation it knows it holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.index.lexical import UNDATED, Filters, LexicalEntry, LexicalIndex
from retrieval.text.terms import content_terms, grams, terms
from tests.support.places import ROOT


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    index = LexicalIndex(tmp_path / "lexical")
    index.apply(
        1,
        [
            LexicalEntry(1, "The ceasefire in Ukraine failed.", 100, "Reuters"),
            LexicalEntry(2, "A ceasefire was agreed.", 200, "AP"),
            LexicalEntry(3, "Ceasefires are fragile.", UNDATED, "AP"),
        ],
        [],
    )
    return index


def keys(index: LexicalIndex, text: str, filters: Filters | None = None) -> set[int]:
    return {key for key, _ in index.snapshot().search(content_terms(text), 10, filters)}


def test_any_word_matches_and_the_rarer_counts_more(index: LexicalIndex) -> None:
    found = index.snapshot().search(content_terms("ceasefire in Ukraine"), 10)
    assert found[0][0] == 1
    assert {key for key, _ in found} == {1, 2, 3}
    assert index.snapshot().document_frequency("ukrain") == 1


def test_dates_and_outlets_filter(index: LexicalIndex) -> None:
    assert keys(index, "ceasefire", Filters(since=150.5)) == {2}
    assert keys(index, "ceasefire", Filters(until=150)) == {1, 3}  # an undated article is not known to be later
    assert keys(index, "ceasefire", Filters(source="AP")) == {2, 3}
    assert keys(index, "ceasefire", Filters(since=100, until=200, source="Reuters")) == {1}


def test_a_filter_does_not_change_the_scores(index: LexicalIndex) -> None:
    plain = dict(index.snapshot().search(["ceasefir"], 10))
    filtered = dict(index.snapshot().search(["ceasefir"], 10, Filters(source="AP")))
    assert filtered[2] == pytest.approx(plain[2])


def test_a_snapshot_does_not_see_later_changes(index: LexicalIndex) -> None:
    before = index.snapshot()
    index.apply(2, [LexicalEntry(4, "Ukraine again", 300, "AP")], removed=[1])
    assert {key for key, _ in before.search(["ukrain"], 10)} == {1}
    assert keys(index, "ukraine") == {4}


def test_it_knows_its_generation_across_processes(index: LexicalIndex, tmp_path: Path) -> None:
    assert index.snapshot().generation == 1
    index.apply(7, [], [])
    assert LexicalIndex(tmp_path / "lexical").snapshot().generation == 7
    assert LexicalIndex(tmp_path / "other").snapshot().generation is None


def test_a_rebuild_replaces_everything(index: LexicalIndex) -> None:
    index.rebuild(5, [LexicalEntry(9, "Only this", 1, "")])
    assert keys(index, "ceasefire") == set()
    assert keys(index, "only this") == {9}
    assert index.snapshot().generation == 5


def test_a_damaged_index_is_started_over(index: LexicalIndex, tmp_path: Path) -> None:
    (tmp_path / "lexical" / "meta.json").write_text("{ not json")
    assert LexicalIndex(tmp_path / "lexical").snapshot().generation is None


def test_a_failed_change_leaves_the_index_as_it_was(index: LexicalIndex) -> None:
    def entries():
        yield LexicalEntry(8, "half", 1, "")
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        index.apply(2, entries(), [])
    assert (index.snapshot().generation, keys(index, "half")) == (1, set())
    index.apply(3, [LexicalEntry(8, "whole", 1, "")], [])  # and the writer is free again
    assert keys(index, "whole") == {8}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What did Rutte say about the U.S.?", ["rutt", "us"]),
        ("the US", ["us"]),
        ("Who is he?", ["who", "is", "he"]),  # nothing but stop words: better than no words at all
        ("Café, CAFÉ and cafes", ["cafe"]),
        ("30-day", ["30", "day"]),
        ("", []),
    ],
)
def test_content_terms(text: str, expected: list[str]) -> None:
    assert content_terms(text) == expected


def test_dotted_and_plain_spellings_are_one_term() -> None:
    assert terms("U.S. and U.N.") == terms("US and UN")


def test_words_match_however_their_letters_are_written(index: LexicalIndex) -> None:
    index.apply(2, [LexicalEntry(4, "Ra\u00adtify\u200bing in A\u030alesund, at the U.S. mission", 300, "AP")], [])
    for asked in ("ratifying", "rati\u00adfying", "Ålesund", "A\u030alesund", "US"):
        assert keys(index, asked) == {4}, asked


def test_an_index_of_other_terms_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("retrieval.index.lexical.ANALYZER", "of another day")
        earlier = LexicalIndex(tmp_path)
        earlier.apply(1, [LexicalEntry(1, "Ceasefire", 100, "AP")], [])
        assert earlier.snapshot().generation == 1
    assert LexicalIndex(tmp_path).snapshot().generation is None


def test_words_that_are_put_together_are_found_by_their_parts() -> None:
    index = LexicalIndex(None)
    bodies = ["Das Bundesverfassungsgericht entschied am Montag.", "Die Feuerwehr löschte am Montag.", "The court met."]
    index.rebuild(1, [LexicalEntry(at, body, 1, "", "en" if at == 2 else "de") for at, body in enumerate(bodies)])
    found = index.snapshot()
    assert found.search(content_terms("Gericht", "de"), 10) == []
    assert [key for key, _ in found.search([], 10, grams=grams(content_terms("Gericht", "de"), "de"))] == [0]
    assert grams(content_terms("court", "en"), "en") == []
    whole, part = found.search(["montag"], 10), found.search(["montag"], 10, grams=grams(["gericht"], "de"))
    assert part[0][0] == 0
    assert part[0][1] > max(score for _, score in whole), "words count, and parts besides"


def test_scores_are_the_same_in_every_process(tmp_path: Path) -> None:
    """Each process orders a set of words its own way, and sums depend on the order."""
    texts = [f"Das Bundesverfassungsgericht entschied {'Verwaltungsrecht ' * at}am Montag." for at in range(1, 9)]
    LexicalIndex(tmp_path).apply(1, [LexicalEntry(at, text, 1, "", "de") for at, text in enumerate(texts)], [])
    program = (
        "import sys, pathlib; from retrieval.index.lexical import LexicalIndex; from retrieval.text.terms import grams;"
        "sought = grams(['bundesverfassungsgericht', 'verwaltungsrecht', 'entscheidung'], 'de');"
        "print(LexicalIndex(pathlib.Path(sys.argv[1])).snapshot().search([], 10, grams=sought))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1

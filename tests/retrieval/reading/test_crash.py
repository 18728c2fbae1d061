"""A change that is killed at any instant leaves a complete generation, and the next one ends what it began."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import newest
from tests.support.processes import told_by
from tests.support.skips import needs_files_alone

POINTS = 10

pytestmark = pytest.mark.usefixtures("bag_of_words")


def write_articles(folder: Path, names: range, word: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        body = f"Article {name} is told {word} here. " + f"It says alpha and beta, {word} as ever. " * 12
        (folder / f"{name}.txt").write_text(f"Headline {name}\n{body}\n")


@needs_files_alone
def test_kill_at_any_step_of_a_reload(tmp_path: Path) -> None:
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    write_articles(seeds, range(8), "first")
    with Newsroom.open(NewsroomSettings(data, seeds)) as room:
        room.reload()
        old = sorted(each.body[:30] for each in newest(room))
    write_articles(seeds, range(4, 14), "second")
    (seeds / "0.txt").unlink()

    whole, *deaths = told_by("tests.support.killed_reloads", data, seeds, POINTS)
    new = whole["whole"]["bodies"]
    assert (len(old), len(new)) == (8, 13)
    assert len(deaths) == POINTS
    assert all(death["killed"] for death in deaths)
    for death in deaths:
        found = death["found"]
        assert found["bodies"] == (new if found["generation"] == 2 else old), death["at"]
        assert found["articles"] == len(found["bodies"])
        assert found["dense"], "FAISS and tantivy hold the same passages"
        assert death["after"]["bodies"] == new
        assert death["after"]["generation"] == 2
    # The points reach both sides of the commit, else this test would show little.
    assert {death["found"]["generation"] for death in deaths} == {1, 2}


@needs_files_alone
def test_killed_while_adding(tmp_path: Path) -> None:
    deaths = told_by("tests.support.killed_additions", tmp_path)
    assert {generation for generation, *_ in deaths} == {1, 2}
    for generation, found, library, after in deaths:
        before, whole = ["Frost"], ["Ferry runs aground off Marlo", "Frost"]
        assert found == (whole if generation == 2 else before)
        # What the dead process left is neither taken for known nor brought into the next generation.
        assert library == sorted([*found, "Library"])
        assert after == sorted([*whole, "Library"])

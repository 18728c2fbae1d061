"""Whether a data folder of a wanted size is one: larger ones are measured by it, and nobody looks into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sizes.making import make
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.talks import write

GERMAN = (
    "Die Gespräche über den Hafen fanden am Montag in Genf statt. Die Delegierten aus neun Ländern nahmen daran teil. "
)


@pytest.mark.usefixtures("bag_of_words")
def test_articles_are_repeated_whole_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    for word in ("apple", "berry"):
        write(seeds, f"{word}.txt", word)
    (seeds / "hafen.txt").write_text(f"Der Hafen\n{GERMAN * 3}")
    with Newsroom.open(NewsroomSettings(tmp_path / "data", seeds)) as room:
        passages = room.reload().embedded
        languages = room.status().articles_in
    made = make(tmp_path / "data", tmp_path / "made", 3 * passages)
    assert made["passages"] == 3 * passages
    assert made["articles"] == 9
    with Newsroom.open(NewsroomSettings(tmp_path / "made", seeds, answer_from=0.0)) as room:
        assert room.status().articles_in == {code: 3 * count for code, count in languages.items()}
        assert not room.corpus().store.damaged
        assert len({hit.passage.article.id for hit in room.search("What happened at the apple talks?", limit=20)}) >= 3

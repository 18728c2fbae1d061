"""What sentences hold, kept with their article: the same as if they were read anew, and read anew where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index import lines as of_lines
from retrieval.index import readying
from retrieval.index.lines import LONGEST, Lines, lines_text
from retrieval.newsroom import Newsroom
from retrieval.text.facts import facts
from retrieval.text.prose import is_prose
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import terms
from tests.support.arrivals import FERRY, VINEYARD, arrival, opened

BODY = (
    "Storm hits coast\n\nMira Oduya of Port Valdo said on May\u00a03 that 14 ships, worth $2.5 million, were lost.\n"
    "Updated May 3, 2021\nShe told “News | Notes” so\tbecause of the U.S. storm."
)
sentences = st.sampled_from(
    ["Mira  Oduya\nspoke on May 3.", "It rained!", "$5 | 7%", "Who was it?\n", "東京は雨。", "…"]
)
bodies = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=120) | st.lists(
    sentences, min_size=1, max_size=6
).map(" ".join)


def read(body: str, kept: str | None) -> list[tuple[object, list[str], bool]]:
    spans = sentence_spans(body)
    lines = Lines(body, spans, kept)
    return [(lines.facts(at), lines.terms(at, at + 1).split(), lines.is_prose(at)) for at in range(len(spans))]


def anew(body: str) -> list[tuple[object, list[str], bool]]:
    spans = sentence_spans(body)
    return [(facts(body[start:end]), terms(body[start:end]), is_prose(body, start, end)) for start, end in spans]


@given(bodies)
def test_what_is_kept_is_what_reading_finds(body: str) -> None:
    kept = lines_text(body, sentence_spans(body))
    assert read(body, kept) == read(body, None) == anew(body)


def test_nothing_is_read_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, expected = lines_text(BODY, sentence_spans(BODY)), anew(BODY)
    for name in ("facts", "terms", "is_prose"):
        monkeypatch.delattr(of_lines, name)
    assert read(BODY, kept) == expected


@pytest.mark.parametrize("kept", ["", "0 other rules\n\n\n", f"{of_lines.RULES}\none line too few"])
def test_what_others_kept_is_found_anew(kept: str) -> None:
    assert read(BODY, kept) == anew(BODY)


def test_an_endless_sentence_is_not_kept() -> None:
    body = "Mira Oduya and " * LONGEST
    kept = lines_text(body, [(0, len(body))])
    assert len(kept) < 100
    assert Lines(body, [(0, len(body))], kept).facts(0) == facts(body)


def held(room: Newsroom) -> list[str]:
    query = "SELECT a.id, a.body, l.held FROM line l JOIN article a ON a.key = l.article ORDER BY a.key"
    rows = room.corpus().store.connection().execute(query).fetchall()
    assert all(kept == lines_text(body, sentence_spans(body), "en") for _, body, kept in rows)
    return [id_ for id_, _, _ in rows]


@pytest.mark.usefixtures("bag_of_words")
def test_lines_come_and_go_with_what_is_searched(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        copy = arrival("copy", FERRY, host="wire.example")
        room.add([arrival("ferry", FERRY), arrival("vineyard", VINEYARD), copy])
        ferry, vineyard = held(room)
        changed = VINEYARD.replace("a third", "a quarter")
        room.add([arrival("vineyard", changed)])
        assert held(room) == [ferry, vineyard, vineyard], "questions of the generation before may still look"
        room.remove(ferry, "a mistake")
        assert sorted(held(room)) == [ferry, vineyard, "https://wire.example/copy"], "its copy is searched instead"


@pytest.mark.usefixtures("bag_of_words")
def test_what_an_older_version_stored_is_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as room:
        room.add([arrival("ferry", FERRY), arrival("vineyard", VINEYARD)])
        before = room.quotes("Who is the captain of the ferry?")
        room.corpus().store.connection().execute("DELETE FROM line")
        assert room.quotes("Who is the captain of the ferry?") == before
        monkeypatch.setattr(readying, "AT_ONCE", 1)
        assert room.verify() == []
        assert len(held(room)) == 2
        assert room.quotes("Who is the captain of the ferry?") == before

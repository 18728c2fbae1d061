"""However its letters are written, an article is taken in, found and quoted as the same article."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from retrieval.reading.sources.fields import checked_article
from retrieval.reading.sources.html_page import read_page
from tests.support.arrivals import VINEYARD, opened

BODY = (
    "The lighthouse of Åsgård was lit again on Sunday after nine dark years.\n\n"
    "Its keeper, Zoë Hölm, said the repair had cost 1.6 million crowns.\n\n"
    "The lamp can be seen from Çelik Point, forty kilometres away, on clear nights."
)
SOFT = BODY.replace("house", "\u00adhouse").replace("million", "mil\u00adlion").replace("kilo", "kilo\u200b")
WRITTEN = [
    SOFT,
    unicodedata.normalize("NFD", BODY),
    BODY.replace("ee", "e\u2060e").replace("igh", "\ufeffigh").replace("ost", "o\u200dst"),
]


@pytest.mark.parametrize("body", WRITTEN)
def test_it_is_stored_as_if_it_had_been_written_plainly(body: str):
    def read(text: str):
        line = text.partition("\n")[0]
        return checked_article({"id": "1", "title": line, "text": text, "source": line, "key_points": [line]})

    assert read(body) == read(BODY)


@pytest.mark.parametrize("mark", ["&shy;", "&#8203;", "&zwnj;", "<wbr>", "\u2060"])
def test_a_page_that_says_where_words_may_be_broken_reads_as_one_that_does_not(mark: str):
    def page(text: str) -> str:
        paragraphs = "".join(f"<p>{each.replace('house', f'{mark}house')}</p>" for each in text.split("\n\n"))
        return f"<html><body><article><h1>Lit</h1>{paragraphs}</article></body></html>"

    body = read_page(page(BODY), "https://news.example/lit").article.body
    assert body == BODY


def test_nothing_but_marks_is_no_text():
    with pytest.raises(ValueError, match="its `text` is empty"):
        checked_article({"id": "1", "title": "Nothing", "text": "\u00ad\u200b"})


@pytest.mark.usefixtures("bag_of_words")
def test_a_question_finds_and_quotes_it_however_either_is_written(tmp_path: Path):
    lines = [{"id": "a", "title": "Lighthouse lit", "text": SOFT}, {"id": "b", "title": "Frost", "text": VINEYARD}]
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with opened(tmp_path) as room:
        room.reload()
        for question in ("the lighthouse of Åsgård", "the light\u00adhouse of A\u030asga\u030ard"):
            hit = room.search(question, limit=1)[0]
            assert hit.passage.article.id == "a"
            assert hit.passage.article.body == BODY
            assert "lighthouse of Åsgård" in hit.passage.text


@pytest.mark.usefixtures("bag_of_words")
@pytest.mark.parametrize("typed", ["Åsgård", "Ås­gård", "åsgård  lit", "ÅSGÅRD"])
def test_a_headline_is_found_however_it_is_typed(tmp_path: Path, typed: str):
    (tmp_path / "seeds").mkdir()
    lines = [{"id": "a", "title": "Åsgård lit", "text": BODY}, {"id": "b", "title": "Frost", "text": VINEYARD}]
    (tmp_path / "seeds" / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with opened(tmp_path) as room:
        room.reload()
        assert [each.id for each in room.headlines(typed)] == ["a"]

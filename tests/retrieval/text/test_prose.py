"""Headings and the furniture of pages are told from the sentences of a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.prose import is_furniture, is_prose, prose_of
from retrieval.text.sentences import sentence_spans

FURNITURE = """
Advertisement
ADVERTISEMENT
Updated Jan. 3, 2026, 1:55 p.m. ET
Updated Jan. 3, 2026, 1:55 p.m. ET The mayor said on Monday that she would stay.
Published 12 May 2024 at 10:15 BST
Last updated: 10:15, 12 May 2024
Stand: 3.1.2026, 14:05 Uhr
Publié le 3 janvier 2026 à 14h05
What to know
What to know about the strike
Here’s what we know so far:
Key takeaways
Das Wichtigste in Kürze
Sign up for our morning newsletter, and have it in your inbox.
Abonnieren Sie unseren Newsletter für den Morgen
Follow the Gazette on Facebook
Read more: Ferries sail again
Lesen Sie auch: Fähren fahren wieder
Ada Brook/Getty Images
(AP Photo/Ada Brook)
Photo: Ada Brook
This is a developing story. It will be updated.
This story has been updated to correct a name.
LIVE UPDATES
12 comments
5 min read
Copyright 2026 Gazette. All rights reserved.
""".strip().splitlines()
SENTENCES = """
The mayor said what to know.
Updated rules apply from May.
She published a book in 2020.
Live music is back in town, the mayor said.
What we know is that the ferry was late, said Brook.
More than 300 people: that was the count.
Share prices fell.
Breaking the law costs 40 crowns.
Posted to Berlin in 1999, he learned German.
The latest figures show a fall.
Follow the money, she said.
Photos show smoke over the port.
The newsletter of the club says so.
""".strip().splitlines()
PARAGRAPHS = (
    "The ferry across the harbour was late on Monday, the Harbour Office said in a statement.",
    "Passengers waited for two hours in the rain, and some walked across the old bridge instead.",
)


def prose(body: str) -> list[str]:
    return [body[start:end] for start, end in prose_of(body, sentence_spans(body))]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_told(line: str):
    assert is_furniture(line)
    body = "\n\n".join([PARAGRAPHS[0], line, PARAGRAPHS[1]])
    assert [sentence for sentence in prose(body) if sentence in PARAGRAPHS] == list(PARAGRAPHS)


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_are_not(line: str):
    assert not is_furniture(line)


@pytest.mark.parametrize(
    "heading", ["Two hours in the rain", "What went wrong?", "LONDON (Gazette) —", "Brook’s ‘apology’"]
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_headings_are_no_sentences(heading: str, gap: str):
    body = f"{PARAGRAPHS[0]}\n\n{heading}{gap}{PARAGRAPHS[1]}"
    assert prose(body) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "line", ["“Was it late?”", "It was.", "- Two hours in the rain", "Fare: 12 crowns", "“It was” — Brook."]
)
def test_short_paragraphs_are_sentences(line: str):
    assert line in prose(f"{PARAGRAPHS[0]}\n\n{line}\n\n{PARAGRAPHS[1]}")


def test_what_is_written_without_stops_is_prose():
    lines = [
        "The ferry is late and nobody knows why it does not come across the bay",
        "The rain falls on the pier",
        "We wait",
    ]
    assert prose("\n\n".join(lines)) == lines
    thai = "เรือข้ามฟากมาสายในวันจันทร์\n\nผู้โดยสารรอสองชั่วโมง"
    assert prose(thai) == thai.split("\n\n")


def test_where_nothing_is_prose_all_of_it_counts():
    assert prose("Ferry late again") == ["Ferry late again"]
    assert prose("Advertisement") == ["Advertisement"]


@given(st.text(st.sampled_from("Read:. \n?“12—Aa|"), max_size=300))
def test_of_any_text_each_sentence_is_one_or_not(body: str):
    for start, end in sentence_spans(body):
        assert is_prose(body, start, end) in (True, False)
    assert bool(prose_of(body, sentence_spans(body))) == bool(sentence_spans(body))


@pytest.mark.parametrize(
    "line", ["read more " * 24, "a" * 250, "follow " * 35, "updated " + "1 " * 120, "get the " * 31]
)
def test_time_is_bounded(line: str):
    began = time.process_time()
    for _ in range(200):
        is_furniture(line)
    assert time.process_time() - began < 1  # a five-hundredth of it, as it is

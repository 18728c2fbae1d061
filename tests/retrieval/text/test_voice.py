"""How sentences speak: a table of each kind, and of what is taken for it too easily."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.text.alone import unquoted
from retrieval.text.voice import Voice, counts, of_its_page, voice_of


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign up for our newsletter about Porto.",
        "Rui Melo is a reporter for the Tagus Post.",
        "Rui Melo is an award-winning staff writer in Porto.",
        "Read more about the bridge.",
        "Here’s what the mayor knew.",
        "Send what you saw to desk@post.example.",
        "This article was changed on Monday.",
        "Correction – the bridge is in Porto.",
        "You agree to our terms of service.",
    ],
)
def test_it_speaks_of_its_page(sentence: str):
    assert of_its_page(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Reading the report, Mayor Ana Costa resigned.",
        "The reporter Rui Melo was freed on Monday.",
        "Bakers in Porto sold more cookies than ever.",
        "Needles were found under the bridge.",
    ],
)
def test_it_speaks_of_the_news(sentence: str):
    assert not of_its_page(sentence)


PLAIN = Voice(own=False, to_reader=False, linked=False, interposed=False, ahead=False, soon=False)


@pytest.mark.parametrize(
    ("sentence", "voice"),
    [
        ("The bridge fell.", PLAIN),
        ("I saw the bridge fall.", replace(PLAIN, own=True)),
        ("“I saw the bridge fall,” Ana Costa said.", PLAIN),
        ("The US built the bridge.", PLAIN),
        ("If you’re near the bridge, call the police.", replace(PLAIN, to_reader=True)),
        ("The council also closed the bridge.", replace(PLAIN, linked=True)),
        ("The council closed this bridge.", replace(PLAIN, linked=True)),
        ("The council closed the bridge this year.", PLAIN),
        ("The council, however, closed the bridge.", replace(PLAIN, linked=True, interposed=True)),
        ("The council will vote on Tuesday.", replace(PLAIN, ahead=True, soon=True)),
        ("The council is to vote in May.", replace(PLAIN, ahead=True)),
    ],
)
def test_how_it_speaks(sentence: str, voice: Voice):
    assert voice_of(unquoted(sentence)) == voice


@pytest.mark.parametrize(
    ("sentence", "number"), [("A dozen fell.", True), ("Some 12 fell.", True), ("One fell.", False)]
)
def test_whether_it_counts(sentence: str, number: bool):
    assert counts(sentence) is number

"""What a reader sees as one word is one word, however its letters and the marks inside it are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.letters import plain_letters
from retrieval.text.names import names_in
from retrieval.text.terms import terms


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("light\u00adhouse", "lighthouse"),
        ("light\u00ad\nhouse", "lighthouse"),  # a line ended there
        ("Light\u00ad\r\n house", "Lighthouse"),
        ("the light\u00ad\n\nHouse rules", "the light\n\nHouse rules"),  # a paragraph did
        ("old\u200b\u200best", "oldest"),
        ("Ri\u2060ver\ufeffside", "Riverside"),
        ("Auf\u200clage, f\u200di", "Auflage, fi"),
        ("Hol\u200em\u200f", "Holm"),
        ("\ufeffThe \u200bmayor", "The mayor"),
        ("A\u030alesund, Bjo\u0308rn, Ce\u0301line, C\u0327elik", "Ålesund, Björn, Céline, Çelik"),
        ("Vie\u0323\u0302t", "Việt"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("\u304b\u3099", "が"),
        ("plain, “quoted” – and 2.4 million…", "plain, “quoted” – and 2.4 million…"),
    ],
)
def test_marks_that_nobody_sees_are_left_out_and_letters_composed(written: str, read: str):
    assert plain_letters(written) == read
    assert terms(written) == terms(read)


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d🚀 and ❤\ufe0f\u200d🔥",  # one picture
        "می\u200cخواهم",  # Persian, where it parts the halves of a word
        "क्\u200dष",  # Hindi, where it shapes a letter
        "שלום\u200f! 5",  # Hebrew, where it turns the stop to its side
        "ភាសា\u200bខ្មែរ",  # Khmer, where it parts the words
        "\ufa19谷",  # a name with its own form of 神
    ],
)
def test_marks_that_shape_what_is_seen_stay(text: str):
    assert plain_letters(text) == text


@given(st.text(st.sampled_from("aé1 \u00ad\u200b\u200c\u200d\u200f\u2060\ufeff\u0301\u0308\n.שक👩ក"), max_size=30))
def test_the_letters_of_plain_letters_are_plain(text: str):
    plain = plain_letters(text)
    assert unicodedata.is_normalized("NFC", plain)
    assert plain_letters(plain) == plain
    assert not set(plain) & set("\u00ad\u2060\ufeff")


def test_accents_that_no_composed_letter_has_do_not_part_words():
    assert terms("за\u0301мок") == terms("замок")
    assert terms("Ọ\u0300ṣun") == terms("Osun")


def test_a_name_in_decomposed_letters_is_a_name():
    assert [name[0] for name in names_in(plain_letters("Who is Jo\u0308rg A\u030astro\u0308m?"))] == ["Jörg Åström"]

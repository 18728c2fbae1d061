"""Which sentences are understood alone: tables of those that are and those that are not, and any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.alone import is_whole, needs_a_name, needs_a_noun, points_back, stands_alone
from retrieval.text.terms import subject_terms

ALONE = [
    "Rescuers found three more bodies under the bridge in Porto on Tuesday.",
    "“We will rebuild the bridge,” Mayor Ana Costa said.",
    "So far, 12 people have been found under the bridge.",
    "This week the council votes on the bridge.",
    "Mayor Ana Costa said she would resign.",
    "When she took office, Ana Costa promised a new bridge.",
    "The decision to close the bridge was made in March.",
    "The government in Lisbon sent two helicopters.",
    "In a letter to the council, Ana Costa said she had known of the cracks.",
    "Closing the bridge will cost the city two million euros.",
    "Several hundred people slept in tents beside the Douro.",
    "Some armed men were seen near the bridge in Porto.",
    "Then-mayor Rui Melo opened the bridge in 1987.",
    "Die Brücke bei Porto bleibt bis Mai gesperrt.",
    "El puente de Oporto seguirá cerrado hasta mayo.",
    "波尔图的桥梁将关闭至五月。",
]
POINTING_BACK = [
    "He said the bridge was safe.",
    "“It is a disaster,” Ana Costa said.",
    "Its engineers had warned of cracks.",
    "This made the council angry.",
    "However, the bridge stayed open.",
    "But the bridge stayed open.",
    "In addition, the council closed two roads.",
    "At the same time, the river rose.",
    "Two days later, the bridge fell.",
    "For example, the northern pier had cracks.",
    "Later, the council closed two roads.",
    "While this is true of most bridges, the one in Porto was new.",
    "Er sagte, die Brücke sei sicher.",
    "Außerdem wurden zwei Straßen gesperrt.",
    "Sin embargo, el puente siguió abierto.",
]
OF_A_NOUN = [
    "The man was arrested at the station.",
    "The pair were seen near the pier.",
    "The 44-year-old was taken to hospital.",
    "The latest agreement was signed on Monday.",
    "Another was found near the pier.",
    "Some said the cracks were old.",
    "Most acknowledged that the cracks were old.",
    "Several of them were injured.",
    "The two met in Lisbon.",
    "The first will be held in Lisbon.",
    "Most — two thirds of the members — wanted a new bridge.",
]
OF_NOBODY = [
    "“We will rebuild it,” she said.",
    "In a statement on Monday, he thanked the rescuers.",
    "Speaking to reporters, she blamed the engineers.",
    "Picking up speed, it fell into the river.",
    "In a report, it said that the piers were weak.",
    "Engineers had warned of cracks in May, he said.",
]
IN_PIECES = [
    "What did the mayor know?",
    "Two hours in the rain",
    "“We will rebuild the bridge.”",
    "“We will rebuild the bridge.",
    "and a third pier was weak.",
    "Photos: The bridge at night.",
    "Venue: the town hall.",
    "More on the bridge:Engineers warned of cracks.",
    "(The bridge was built in 1987.)",
    "The bridge is near St.",
    "Selling the old bridge for scrap.",
    "What a bridge!",
]


@pytest.mark.parametrize("sentence", ALONE)
def test_stands_alone(sentence: str):
    assert stands_alone(sentence, 0, len(sentence))


@pytest.mark.parametrize("sentence", POINTING_BACK)
def test_its_first_words_point_back(sentence: str):
    assert points_back(sentence)


@pytest.mark.parametrize("sentence", OF_A_NOUN)
def test_it_begins_with_what_was_told_before(sentence: str):
    assert needs_a_noun(sentence)


@pytest.mark.parametrize("sentence", OF_NOBODY)
def test_it_does_not_say_who(sentence: str):
    assert needs_a_name(sentence)


@pytest.mark.parametrize("sentence", IN_PIECES)
def test_it_is_not_whole(sentence: str):
    assert not is_whole(sentence, 0, len(sentence))


@pytest.mark.parametrize("sentence", [*POINTING_BACK, *OF_A_NOUN, *OF_NOBODY, *IN_PIECES])
def test_none_of_these_stands_alone(sentence: str):
    assert not stands_alone(sentence, 0, len(sentence))


def test_what_the_headline_names_is_known():
    sentence = "The trial begins in Porto on Monday."
    assert needs_a_noun(sentence)
    assert not needs_a_noun(sentence, subject_terms("Mayor of Porto faces trial over bridge"))


def test_what_lies_within_a_quotation_is_not_whole():
    body = "“We knew of the cracks. Engineers told us in May. We closed the bridge at once,” Mayor Ana Costa said."
    inner = "Engineers told us in May."
    start = body.index(inner)
    assert is_whole(inner, 0, len(inner))
    assert not is_whole(body, start, start + len(inner))


def test_a_quotation_in_another_paragraph_does_not_count():
    body = "“We knew of the cracks.\n\nEngineers looked at the bridge in May."
    assert is_whole(body, body.index("Engineers"), len(body))


@given(st.text("aA .,“”\"'-:\n(he", max_size=80), st.data())
def test_any_text_is_judged(body: str, data: st.DataObject):
    start = data.draw(st.integers(0, max(0, len(body) - 1)))
    end = data.draw(st.integers(min(start + 1, len(body)), len(body)))
    if start < end and stands_alone(body, start, end):
        assert is_whole(body, start, end)
        assert not points_back(body[start:end])


@pytest.mark.parametrize("unit", ["A", "A ", "A-", "AA ", "a, ", "the ", "“a” ", "in a, "])
def test_it_takes_no_time(unit: str):
    began = time.process_time()
    stands_alone(unit * 1_000 + ".", 0, 1_000 * len(unit) + 1)
    assert time.process_time() - began < 0.5

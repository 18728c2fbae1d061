"""Single sentences as cards."""

from __future__ import annotations

from hypothesis import given

from bot.cards.notes import hint_card, note_card
from tests.support.hostile import texts
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks


@given(texts)
def test_any_note_fits(text: str) -> None:
    assert_only_our_marks(note_card("Error: " + text), [], [])
    assert_is_accepted(note_card("Error: " + text))
    assert_is_accepted(hint_card(text))
    assert_only_our_marks(hint_card(text), [], [])

"""The words that are known one by one, and that no other module lists them."""

from __future__ import annotations

import pytest

from retrieval.text.words import ANY_MONTH, MONTHS, NUMBERS, QUESTION_WORDS, SHORT_MONTHS, STOP_WORDS, month_number
from tests.support.places import ROOT


def test_a_month_has_its_number_in_full_and_shortened() -> None:
    assert [month_number(month) for month in MONTHS] == list(range(1, 13))
    assert [month_number(month.upper()) for month in ("sep", "sept", "may", "dec")] == [9, 9, 5, 12]
    assert set(SHORT_MONTHS) | set(MONTHS) == set(ANY_MONTH.split("|"))


def test_a_number_in_words_has_its_value() -> None:
    assert [NUMBERS[word] for word in ("zero", "twelve", "nineteen", "twenty", "ninety")] == [0, 12, 19, 20, 90]
    assert len(NUMBERS) == len(set(NUMBERS.values())) == 28


def test_question_words_carry_no_subject() -> None:
    assert set(QUESTION_WORDS) <= STOP_WORDS


@pytest.mark.parametrize("word", ["february", "wednesday", "fourteen", "because been", "whom whose", "nobody nothing"])
def test_no_other_module_lists_them(word: str) -> None:
    listing = [path.name for path in (ROOT / "retrieval").rglob("*.py") if word in path.read_text("utf-8").lower()]
    assert set(listing) <= {"words.py"}

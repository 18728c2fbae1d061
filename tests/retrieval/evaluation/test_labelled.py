"""Whether a text holds a labelled answer, in any script."""

from __future__ import annotations

import pytest

from retrieval.evaluation.labelled import holds


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("The mayor, Ana Ruiz, resigned.", "Ana Ruiz", True),
        ("The mayors resigned.", "mayor", False),
        ("Sie nannte es „Wende“.", "Wende", True),
        ("¿Quién? ¡Ana!", "Ana", True),
        ("市长李文清表示，工程需要两年。", "李文清", True),
        ("市长李文清表示，工程需要两年。", "三年", False),
        ("首相は「減税」を約束した。", "減税", True),
        ("وقالت المديرة ليلى حداد إن الدخول مجاني", "مجاني", True),
        ("سافر إلى عمان والقاهرة", "القاهرة", True),
        ("대통령은 서울에서 말했다", "서울", True),
    ],
)
def test_an_answer_is_found_as_its_script_writes_words(text: str, answer: str, expected: bool) -> None:
    assert holds(text, [answer]) == expected

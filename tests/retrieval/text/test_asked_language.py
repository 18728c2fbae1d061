"""The language of a question, however short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.asked_language import asked_language
from retrieval.text.languages.known import LANGUAGES

QUESTIONS = {
    "de": """
Wer ist Olaf Scholz?
Und seitdem?
Warum?
Was sagt er dazu?
Und in China?
Seit wann?
Was hat Rutte über Russland gesagt?
was sagt merz
Gibt es was Neues?
""",
    "fr": """
Qui est Emmanuel Macron ?
Et depuis ?
Pourquoi ?
Et en Chine ?
Qu'en dit-il ?
Que dit Macron ?
Qu'a dit Rutte sur la Russie ?
""",
    "es": """
¿Y desde entonces?
¿Qué dijo él?
¿Por qué?
¿Y China?
Quién es Pedro Sánchez
¿Qué dijo Rutte sobre Rusia?
""",
    "en": """
Who is Olaf Scholz?
Why?
And since then?
What was it?
How old is he?
What did Rutte say about Russia?
""",
    "ru": """
Кто такой Олаф Шольц?
Почему?
""",
    "zh": """
为什么?
谁赢得了选举?
""",
}


@pytest.mark.parametrize(
    ("language", "question"), [(code, row) for code, rows in QUESTIONS.items() for row in rows.strip().split("\n")]
)
def test_a_question_is_in_the_language_of_its_words(language: str, question: str) -> None:
    assert asked_language(question, "en" if language != "en" else "de") == language


@pytest.mark.parametrize("question", ["Olaf Scholz?", "Venezuela", "2024?", "NATO", "?!", ""])
def test_what_says_nothing_is_in_the_language_that_is_preferred(question: str) -> None:
    assert asked_language(question, "fr") == "fr"
    assert asked_language(question) is None


def test_words_of_several_languages_are_of_the_one_that_is_preferred() -> None:
    assert asked_language("Was will er?", "de") == "de"
    assert asked_language("What will he do?", "de") == "en"


def test_it_is_only_one_of_those_that_it_may_be() -> None:
    assert asked_language("Wer ist Olaf Scholz?", "fr", among=["fr", "en"]) != "de"


@given(st.text(max_size=80), st.sampled_from(["de", "xx", None]))
def test_any_text_is_in_a_language_or_none(text: str, preferred: str | None) -> None:
    found = asked_language(text, preferred)
    assert found is None or 2 <= len(found) <= 3
    assert asked_language("", preferred, LANGUAGES) == preferred

"""Which words of a quote are bold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.cards.emphasis import words_of_question
from bot.wording.markdown import emphasised, unescape, visible
from retrieval.text.terms import terms
from tests.support.hostile import hostile, texts


@settings(deadline=None, max_examples=50)
@given(texts, hostile)
def test_only_whole_words_of_the_question_are_bold(text: str, question: str) -> None:
    plain = visible(text)
    spans = words_of_question(question, text)
    for start, end in spans:
        assert set(terms(plain[start:end])) <= set(terms(visible(question)))
        assert not (plain[start - 1 : start].isalnum() and plain[start].isalnum())
        assert not (plain[end : end + 1].isalnum() and plain[end - 1].isalnum())
    assert unescape(emphasised(text, spans)) == plain


@pytest.mark.parametrize(
    ("question", "quote", "markdown"),
    [
        (
            "What did Rutte demand of the US?",
            "Rutte’s demands: the U.S. acts",
            "**Rutte**’s **demands**: the **U.S.** acts",
        ),
        ("Who is he?", "He is who he is.", "He is who he is."),
        ("Why 10?", "10.5 of 10, and 1,010", "10.5 of **10**, and 1,010"),
        ("Was a *bridge* closed?", "*bridge*\n# closed", "\\***bridge**\\*\n\\# **closed**"),
        ("everyone https", "@everyone https://a.example", "\\@**everyone** **https**\\://a.example"),
    ],
)
def test_the_words_that_the_question_bears_on_are_bold(question: str, quote: str, markdown: str) -> None:
    assert emphasised(quote, words_of_question(question, quote)) == markdown

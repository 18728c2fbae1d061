"""Quotes are verbatim, and told apart by what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.quote import cut_quote, same_statement
from retrieval.article import Article

PAGE = "https://news.example/2025/05/rutte"


def test_a_quote_is_cut_verified_and_linked():
    article = Article("a", "Title", "One. “Two.” Three.", url=PAGE)
    other = Article("b", "Title", "“Two.”")
    cut = cut_quote(article, 5, 11, (other,))
    assert (cut.text, cut.start, cut.end, cut.article) == ("“Two.”", 5, 11, article)
    assert cut.also_reported_by == (other,)
    assert cut.link == f"{PAGE}#:~:text=%E2%80%9CTwo.%E2%80%9D"
    assert cut_quote(other, 0, 6).link is None


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 3), (0, 100), (4, 5)])
def test_a_span_that_is_no_quote_is_refused(start: int, end: int):
    with pytest.raises(ValueError, match="'a'"):
        cut_quote(Article("a", "Title", "One. Two."), start, end)


LONG = "The Secretary General said on Tuesday that the alliance would keep sending weapons and training to Ukraine"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("He left the room.", "He left  the room"),
        ("“We will go,” he said.", '"WE WILL GO", he said'),
        ("It’s over.", "It's over!"),
        (LONG + ".", LONG + ", officials said."),
        (LONG + ".", LONG.replace("on Tuesday ", "") + "."),
        (
            "Police arrested twelve people after the march through the old town.",
            "Police arrested 12 people after the march through the old town.",
        ),
        ("The minister said the deal was dead.", "The minister said that the deal was dead."),
        ("U.S. aid rose 5% in May.", "US aid rose 5% in May."),
        ("今天下雨。", "今天下雨"),
    ],
)
def test_nearly_identical_sentences_are_one_statement(a: str, b: str):
    assert same_statement(a, b)
    assert same_statement(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The blast killed 12.", "The blast killed 14."),
        (LONG + " and 12 more.", LONG + " and 14 more."),
        (LONG + " and twelve more.", LONG + " and fourteen more."),
        (LONG + " for $5 million.", LONG + " for $5 billion."),
        (LONG + ".", LONG.replace("would keep", "would not keep") + "."),
        (LONG + ".", LONG.replace("keep", "stop") + "."),
        ("Shares rose.", "Shares fell."),
        ("Russia attacked Ukraine on Monday.", "Ukraine attacked Russia on Monday."),
        ("He left the room.", "She came to the house late at night."),
        (LONG + ".", "Ukraine."),
        ("…", "—"),
        ("今天下雨。", "明天下雨。"),
        ("", "Something"),
    ],
)
def test_what_differs_in_substance_is_two_statements(a: str, b: str):
    assert not same_statement(a, b)
    assert not same_statement(b, a)


@given(st.text())
def test_every_text_is_the_same_statement_as_itself(text: str):
    assert same_statement(text, text)

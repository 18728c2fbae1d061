"""Quotes are verbatim, and told apart by what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.links import highlight_link
from retrieval.answering.quote import cut_quote, remembered_quote, same_statement
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
    assert cut_quote(other, 0, 6, answer=(1, 5)).answer == (1, 5)


def test_the_link_reckons_with_what_the_page_shows_besides_the_body():
    body = "Rain fell. Roads closed."
    plain = highlight_link(PAGE, body, 0, 10)
    laid_out = Article("a", "Title", body, url=PAGE, layout=((0, 0, "Rain fell. "),))
    titled = Article("a", "Rain fell.", body, url=PAGE)
    summarised = Article("a", "Title", body, url=PAGE, key_points=("Rain fell.",))
    for article in (laid_out, titled, summarised):
        above = (article.title, *article.key_points)
        link = cut_quote(article, 0, 10).link
        assert link == highlight_link(PAGE, body, 0, 10, layout=article.layout, above=above) != plain


def test_what_is_shown_again_is_remembered_with_the_link_of_how_its_page_lays_it_out():
    body = "Rain fell. Roads closed."
    plain = Article("remembered", "Title", body, url=PAGE)
    laid_out = Article("remembered", "Title", body, url=PAGE, layout=((0, 0, "Rain fell. "),))
    for article in (plain, laid_out, plain):
        first, second = remembered_quote(article, 0, 10), remembered_quote(article, 11, 24)
        assert (first, first.link) == (cut_quote(article, 0, 10), cut_quote(article, 0, 10).link)
        assert second.text == "Roads closed."
        assert remembered_quote(article, 0, 10) is first
    assert remembered_quote(plain, 0, 10).link != remembered_quote(laid_out, 0, 10).link


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
        ("It‘s over.", "It's over!"),
        (LONG + ".", LONG + ", officials said."),
        (LONG + ".", LONG.replace("on Tuesday ", "") + "."),
        (
            "Police arrested twelve people after the march through the old town.",
            "Police arrested 12 people after the march through the old town.",
        ),
        ("The minister said the deal was dead.", "The minister said that the deal was dead."),
        ("U.S. aid rose 5% in May.", "US aid rose 5% in May."),
        ("The fire destroyed 1,200,000 trees.", "The fire destroyed 1200000 trees."),
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
        (LONG + ".", LONG + " in 2024."),
        (LONG + ".", LONG + " from four states."),
        (LONG + ".", LONG.replace("would keep", "wouldn't keep") + "."),
        ("Prices rose 5,5 percent.", "Prices rose 55 percent."),
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


WORDS = "rain flooded northern villages schools closed trains stopped rivers rose people fled homes".split()


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (WORDS, [*WORDS[:6], *WORDS[7:]], True),  # of 10 runs of three words, 8 stand in the other
        (WORDS[:12], [*WORDS[:6], *WORDS[7:12]], False),  # of 9, 7
        (WORDS[:7], WORDS[:5], True),  # 3 runs, and 5
        (WORDS[:8], WORDS[:5], False),
    ],
)
def test_runs_of_three_words_must_nearly_agree(a: list[str], b: list[str], same: bool):
    assert same_statement(" ".join(a), " ".join(b)) is same


@given(st.text())
def test_every_text_is_the_same_statement_as_itself(text: str):
    assert same_statement(text, text)

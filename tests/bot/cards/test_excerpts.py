from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.buttons import turn_rows
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, fits, length
from bot.cards.excerpts import (
    AROUND,
    QUOTES_A_PAGE,
    Excerpt,
    article_card,
    excerpt_card,
    excerpt_of,
    gone_card,
    more_pages,
    not_shown,
)
from bot.memory.exchanges import Place, place_of
from bot.wording.markdown import visible
from retrieval.answer import Passage, Quote
from retrieval.answering.quote import cut_quote
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import Version
from tests.support.discord_markdown import read
from tests.support.judging_cards import quotes_shown

HOSTILE = [
    "@everyone", "<@1>", "<t:0:R>", ":boat:", "[x](https://evil.example)", "https://evil.example", "# ", "- ", "1. ",
    "**", "*", "||", "`", "\\", "\n", "\r\n", "\u2028", "\u202e", "\x00", "\ud83d", "😀", "U.S.", "ferry", " ",
]  # fmt: skip
words = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), min_size=1, max_size=12).map("".join)
sentences = st.builds(lambda text, times: "x" + text * times, words, st.sampled_from([1, 1, 4, 40]))


def an_article(parts: list[str], title: str = "Ferry") -> Article:
    return Article(
        "ferry", title, "".join(parts), url="https://star.example/ferry", source="Star", published=date(2026, 5, 1)
    )


def spans_of(parts: list[str]) -> tuple[tuple[int, int], ...]:
    edges = [sum(map(len, parts[:at])) for at in range(len(parts) + 1)]
    return tuple(pairwise(edges))


def a_version(article: Article, parts: list[str], *, live: bool = True) -> Version:
    return Version(StoredArticle(1, article, spans_of(parts)), None, live)


def assert_harmless(card: Card) -> None:
    assert fits(card)
    marks = read("\n".join(card.texts)).marks
    assert {kind for kind, _ in marks} <= {"heading", "subtext", "quote", "bold", "link"}
    assert {value for kind, value in marks if kind == "link"} <= {"https://star.example/ferry"} | {
        button.url for row in card.rows for button in row
    }


@given(st.lists(sentences, min_size=1, max_size=8), st.data())
def test_any_passage_is_verbatim_and_holds_its_quote(parts: list[str], data: st.DataObject) -> None:
    article, spans = an_article(parts), spans_of(parts)
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    start, end = spans[first][0], spans[last][1]
    place = Place("ferry", article.content_hash, start, end)
    excerpt = excerpt_of(place, [a_version(article, parts)])
    assert excerpt is not None
    assert (excerpt.start, excerpt.end, excerpt.changed) == (start, end, False)
    assert excerpt.first <= start < end <= excerpt.last
    assert excerpt.last - excerpt.first <= max(AROUND, end - start)
    assert excerpt.first in {edge for edge, _ in spans}
    assert excerpt.last in {edge for _, edge in spans}
    card = excerpt_card(excerpt, 1, turn_rows(7, 0, 25))
    assert_harmless(card)
    shown = quotes_shown(card)
    wide, narrow = (visible(article.body[a:b]) for a, b in ((excerpt.first, excerpt.last), (start, end)))
    assert shown in ([wide], [narrow], [])
    if length(wide) < 1500:
        assert shown == [wide]


@settings(max_examples=15)
@given(words, st.lists(sentences, max_size=9, unique=True))
def test_any_further_quotes_are_whole_and_once(question: str, parts: list[str]) -> None:
    article = an_article(parts)
    quotes = [cut_quote(article, start, end) for start, end in spans_of(parts)]
    pages = more_pages(question, quotes, 4)
    for card in pages:
        assert_harmless(card)
    texts = [text for card in pages for text in card.texts[1:]]
    assert len(texts) == len(quotes)
    assert all(1 <= len(card.texts) - 1 <= QUOTES_A_PAGE for card in pages)
    assert all(f"-# {number}\u00a0· " in text for number, text in enumerate(texts, 4))
    for text, quote in zip(texts, quotes, strict=True):
        assert quotes_shown(Card(((text,),))) in ([visible(quote.text)], [])
    assert [button.label.split()[0] for card in pages for row in card.rows for button in row] == [
        str(number) for number, _ in enumerate(quotes, 4)
    ]


@settings(max_examples=15)
@given(st.lists(sentences, min_size=1, max_size=3), words)
def test_any_article_s_passage_is_verbatim(parts: list[str], title: str) -> None:
    article = an_article(parts, title)
    card = article_card(article, Passage(article, 0, len(article.body)))
    assert_harmless(card)
    assert quotes_shown(card) in ([visible(article.body)], [])
    assert_harmless(article_card(article, None))
    assert_harmless(gone_card((), article))


PARTS = ["One ferry sails. ", "It stopped. ", "It sails again."]
FERRY = an_article(PARTS)
STOPPED = cut_quote(FERRY, *spans_of(PARTS)[1])


def test_the_quote_in_a_passage_is_bold_without_the_space_behind_it() -> None:
    excerpt = excerpt_of(place_of(STOPPED), [a_version(FERRY, PARTS)])
    assert excerpt is not None
    card = excerpt_card(excerpt, 2, ())
    assert card.texts[1] == "> One ferry sails. **It stopped.** It sails again."
    assert card.rows[0][0].label == "2 · Star"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ([500, 500], [500, 700], (1, 1)),  # 1,100 characters; neither sentence around them fits
        ([500], [600], (1, 1)),  # as many as fit
        ([500], [601], (1, 0)),
        ([1_100], [500], (1, 0)),
        ([1_101], [500], (0, 1)),
        ([500], [900], (1, 0)),  # what stands before has the first turn
        ([300, 400], [500, 301], (1, 1)),  # and what stands behind the second
        ([], [300, 300], (0, 2)),
        ([300, 300], [], (2, 0)),
    ],
)
def test_sentences_stand_around_a_quote_by_turns(before: list[int], after: list[int], shown: tuple[int, int]) -> None:
    sizes = [1_200, *before[::-1], 100, *after, 1_200]
    parts = [chr(ord("a") + at) * (size - 1) + " " for at, size in enumerate(sizes)]
    article, spans, at = an_article(parts), spans_of(parts), 1 + len(before)
    start, end = spans[at]
    excerpt = excerpt_of(Place("ferry", article.content_hash, start, end), [a_version(article, parts)])
    assert excerpt is not None
    first, last = spans[at - shown[0]][0], spans[at + shown[1]][1]
    assert excerpt == Excerpt(article=article, start=start, end=end, first=first, last=last)
    marked = f"**{chr(ord('a') + at) * 99}**"
    assert marked in excerpt_card(excerpt, 1, ()).texts[1]


HEADLINE = f"**[Ferry](https://star.example/ferry)**\n-# Star{DOT}1\u00a0May\u00a02026"


def test_a_quote_that_still_stands_in_a_changed_article_is_shown_where_it_stands_now() -> None:
    later = ["It stopped. ", "Nobody was hurt. ", "It stopped. ", "And went on."]
    now = an_article(later)
    versions = [a_version(FERRY, PARTS, live=False), a_version(now, later)]
    excerpt = excerpt_of(place_of(STOPPED), versions)
    size = len(STOPPED.text)
    assert excerpt is not None
    assert excerpt == Excerpt(article=now, start=0, end=size, first=0, last=len(now.body), changed=True)
    assert excerpt_card(excerpt, 1, turn_rows(7, 0, 25)).sections == (
        (
            HEADLINE,
            "> **It stopped.** Nobody was hurt. It stopped. And went on.",
            "-# The article has been changed since this answer; the quote still stands in it.",
        ),
    )
    # Of a version that nobody knows, nothing can be said.
    assert excerpt_of(Place("ferry", "another version", 0, size), versions) is None


def test_nothing_is_bold_where_the_quote_is_all_of_the_passage() -> None:
    article = an_article(["It stopped."])
    card = excerpt_card(Excerpt(article=article, start=0, end=11, first=0, last=11), 1, turn_rows(7, 0, 25))
    assert card.sections == ((HEADLINE, "> It stopped."),)
    assert card.accent == ANSWERED
    assert card.rows[1:] == turn_rows(7, 0, 25)


def test_what_is_gone_is_said_with_what_stands_there_now() -> None:
    rows = turn_rows(7, 0, 25)
    assert gone_card(rows) == Card(
        (("This article has been taken out since this answer, so I do not quote it any more.",),),
        accent=ABSTAINED,
        rows=rows,
    )
    assert gone_card(rows, FERRY) == Card(
        ((HEADLINE, "The article has been changed since this answer and does not say this any more."),),
        accent=ABSTAINED,
        rows=rows,
    )


def test_an_article_that_does_not_answer_is_shown_by_its_nearest_passage() -> None:
    card = article_card(FERRY, Passage(FERRY, *spans_of(PARTS)[1]))
    assert card.sections == ((HEADLINE, "> It stopped. "),)
    assert card.accent == ANSWERED
    assert [button.label for row in card.rows for button in row] == ["1 · Star"]
    bare = Card(((HEADLINE, "No passage of it bears on the question any more."),), accent=ABSTAINED)
    assert article_card(FERRY, None) == bare
    long = an_article(["x" * 5_000])
    assert article_card(long, Passage(long, 0, 5_000)).texts[1] == "Its passage is too long to show here."


def test_further_quotes_are_numbered_on_and_share_pages() -> None:
    quotes = [cut_quote(FERRY, *span) for span in spans_of(PARTS)]
    (card,) = more_pages("Why *now*?", quotes, 4)
    assert card.texts[0] == r"### More quotes on “Why \*now\*?”"
    assert [text.splitlines()[0] for text in card.texts[1:]] == [f"> {part}" for part in PARTS]
    assert card.accent == ANSWERED
    assert [button.label for row in card.rows for button in row] == ["4 · Star", "5 · Star", "6 · Star"]
    first, second = more_pages("Why?", [*quotes, quotes[0]], 1)
    assert (len(first.texts), len(second.texts)) == (1 + QUOTES_A_PAGE, 2)
    assert [button.label for row in second.rows for button in row] == ["4 · Star"]
    # A quote that is long has a page to itself, and the next one begins another.
    long = cut_quote(an_article(["x" * 3_800]), 0, 3_800)
    assert [len(page.texts) - 1 for page in more_pages("Why?", [quotes[0], long, quotes[0]], 1)] == [1, 1, 1]


def test_further_quotes_mark_what_answers_and_fit_however_long_they_are() -> None:
    (card,) = more_pages("Why?", [cut_quote(FERRY, *spans_of(PARTS)[1], answer=(3, 10))], 1)
    assert card.texts[1].startswith("> It **stopped**.")
    # From one that fits with its marks to one that does not without them, below a short and a long heading.
    for question, sizes in (("Why?", range(3_850, 3_950)), ("Why? " * 40, range(3_600, 3_950, 10))):
        for size in sizes:
            article = an_article(["y" * size])
            (card,) = more_pages(question, [cut_quote(article, 0, size, answer=(0, 1))], 1)
            assert fits(card)


def test_a_long_quote_stands_alone() -> None:
    parts = ["Before. ", "x" * (AROUND + 1) + ".", " After."]
    article = an_article(parts)
    start, end = spans_of(parts)[1]
    excerpt = excerpt_of(Place("ferry", article.content_hash, start, end), [a_version(article, parts)])
    assert excerpt == Excerpt(article=article, start=start, end=end, first=start, last=end)


def test_what_was_asked_for_as_it_stood_is_shown_so() -> None:
    later = ["One ferry sails. ", "It did not stop."]
    versions = [a_version(FERRY, PARTS, live=False), a_version(an_article(later), later)]
    assert excerpt_of(place_of(STOPPED), versions) is None
    stood = excerpt_of(place_of(STOPPED), versions, as_it_stood=True)
    assert stood is not None
    assert stood.article == FERRY
    # What was taken out is not shown in any case.
    assert excerpt_of(place_of(STOPPED), versions[:1], as_it_stood=True) is None


def test_what_shares_words_with_what_was_shown_is_not_shown_again() -> None:
    inside: Quote = cut_quote(FERRY, STOPPED.start + 3, STOPPED.end)
    behind: Quote = cut_quote(FERRY, STOPPED.end, len(FERRY.body))
    assert not_shown([inside, STOPPED, behind], [place_of(STOPPED)]) == (behind,)
    assert not_shown([STOPPED], [place_of(behind)]) == (STOPPED,)
    assert not_shown([inside], [Place("ferry", "another version", 0, 99)]) == (inside,)
    assert not_shown([inside], []) == (inside,)

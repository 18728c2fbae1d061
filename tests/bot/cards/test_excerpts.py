from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.buttons import turn_rows
from bot.cards.card import Card, fits, length
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
from retrieval.answering.quote import cut_quote
from retrieval.article import Article, Passage, Quote
from retrieval.index.store import StoredArticle
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
    assert not_shown([inside], [Place("ferry", "another version", 0, 99)]) == (inside,)
    assert not_shown([inside], []) == (inside,)

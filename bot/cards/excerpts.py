"""What an answer rests on, shown to a member who wants to see more of it. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.cards.articles import headline
from bot.cards.buttons import Row, link_rows
from bot.cards.card import ABSTAINED, ANSWERED, Card, fits
from bot.cards.lengths import QUESTION_LENGTH
from bot.cards.quotes import quote_text, too_long, visible_span
from bot.memory.exchanges import Place
from bot.wording.language import _
from bot.wording.markdown import block_quote, label
from retrieval.answer import Passage, Quote
from retrieval.answering.quote import cut_quote
from retrieval.article import Article
from retrieval.index.versions import Version

QUOTES_A_PAGE = 3
AROUND = 1_200
"""Characters of a passage around a quote; a quote that is longer stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A quote `[start, end)` in an article as it is now, within the passage `[first, last)` around it.

    `changed` tells that the article was changed, elsewhere, since it was quoted.
    """

    article: Article
    start: int
    end: int
    first: int
    last: int
    changed: bool = False


def not_shown(quotes: Iterable[Quote], shown: Sequence[Place]) -> tuple[Quote, ...]:
    """Those of `quotes` that share no words with a place that was shown."""
    return tuple(quote for quote in quotes if not any(_overlap(quote, place) for place in shown))


def _overlap(quote: Quote, place: Place) -> bool:
    same = quote.article.id == place.article and quote.article.content_hash == place.version
    return same and quote.start < place.end and place.start < quote.end


def more_pages(question: str, quotes: Sequence[Quote], first: int) -> list[Card]:
    """Further quotes on a question, numbered from `first` on, with links to their sources; as many as fit on a page."""
    heading = _("### More quotes on “{question}”").format(question=label(question, QUESTION_LENGTH))
    pages: list[tuple[Quote, ...]] = []
    cards: list[Card] = []
    for number, quote in enumerate(quotes, first):
        text = quote_text(quote, number, (heading,))
        if cards and len(pages[-1]) < QUOTES_A_PAGE:
            longer = _page((*cards[-1].texts, text), (*pages[-1], quote), number)
            if fits(longer):
                pages[-1], cards[-1] = (*pages[-1], quote), longer
                continue
        pages.append((quote,))
        cards.append(_page((heading, text), (quote,), number))
    return cards


def _page(texts: tuple[str, ...], quotes: tuple[Quote, ...], last: int) -> Card:
    return Card((texts,), accent=ANSWERED, rows=link_rows(quotes, last + 1 - len(quotes)))


def excerpt_of(place: Place, versions: Sequence[Version], *, as_it_stood: bool = False) -> Excerpt | None:
    """The passage around a quote, from the versions of its article (the oldest first); None where it is gone.

    It is gone when the article was taken out, or does not say it any more. `as_it_stood` takes it from the version
    that was quoted nevertheless: it was asked for what had been said at a certain time.
    """
    live = next((version for version in versions if version.live), None)
    if live is None:
        return None
    quoted = next((version for version in versions if version.article.content_hash == place.version), None)
    if quoted and (quoted is live or as_it_stood):
        return _around(quoted, place.start, place.end)
    text = quoted.article.body[place.start : place.end] if quoted else ""
    start = live.article.body.find(text) if text else -1
    return _around(live, start, start + len(text), changed=True) if start >= 0 else None


def _around(version: Version, start: int, end: int, *, changed: bool = False) -> Excerpt:
    """Whole sentences before and after, by turns, while they fit into `AROUND` characters."""
    first, last = start, end
    before = [sentence[0] for sentence in version.stored.sentences if sentence[0] < start]
    after = [sentence[1] for sentence in reversed(version.stored.sentences) if sentence[1] > end]
    while True:
        grown = False
        if before and last - before[-1] <= AROUND:
            first, grown = before.pop(), True
        if after and after[-1] - first <= AROUND:
            last, grown = after.pop(), True
        if not grown:
            return Excerpt(article=version.article, start=start, end=end, first=first, last=last, changed=changed)


def excerpt_card(excerpt: Excerpt, number: int, rows: tuple[Row, ...]) -> Card:
    """The passage around the quote with this number (from 1), the quote in bold unless it is all of it."""
    article, note = excerpt.article, ()
    if excerpt.changed:
        note = (_("-# The article has been changed since this answer; the quote still stands in it."),)
    quote = cut_quote(article, excerpt.start, excerpt.end)
    links = link_rows((quote,), number)

    def card(text: str) -> Card:
        return Card(((headline(article, "**"), text, *note),), accent=ANSWERED, rows=(*links, *rows))

    passage = article.body[excerpt.first : excerpt.last]
    span = (excerpt.start - excerpt.first, excerpt.end - excerpt.first)
    # Bold for the whole would mark nothing.
    alone = span == (0, len(passage))
    texts = [
        block_quote(passage, () if alone else visible_span(passage, span)),
        block_quote(quote.text),
        too_long(),
    ]
    return next(shown for text in texts if fits(shown := card(text)))


def gone_card(rows: tuple[Row, ...] = (), article: Article | None = None) -> Card:
    """That a quote, or an article, is not to be found any more; `article` is what stands there now."""
    if article is None:
        text = _("This article has been taken out since this answer, so I do not quote it any more.")
        return Card(((text,),), accent=ABSTAINED, rows=rows)
    text = _("The article has been changed since this answer and does not say this any more.")
    return Card(((headline(article, "**"), text),), accent=ABSTAINED, rows=rows)


def article_card(article: Article, passage: Passage | None) -> Card:
    """An article that does not answer a question, with the passage of it that bears most on that.

    Nothing in it is bold: nothing answers, and the question's own words the member has just written.
    """
    if passage is None:
        text = _("No passage of it bears on the question any more.")
        return Card(((headline(article, "**"), text),), accent=ABSTAINED)
    quote = cut_quote(article, passage.start, passage.end)
    links = link_rows((quote,), 1)
    texts = [block_quote(quote.text), _("Its passage is too long to show here.")]
    cards = (Card(((headline(article, "**"), text),), accent=ANSWERED, rows=links) for text in texts)
    return next(card for card in cards if fits(card))

"""A quote as it is shown wherever it stands under a number: word for word, over its source."""

from __future__ import annotations

import sys

from bot.cards.articles import also_carried, also_reported, source_line
from bot.cards.card import DOT, Card, fits, more_line
from bot.wording.language import _
from bot.wording.markdown import Spans, block_quote, day_text, visible
from retrieval.answer import Quote


def too_long() -> str:
    """What stands in the place of a quote that not even its own message would hold."""
    return _("This quote is too long to show here; it stands in the article.")


def quote_text(quote: Quote, number: int, above: tuple[str, ...] = (), *, bold: bool = True) -> str:
    """A quote over its source; a plain statement instead of one that not even its own message would hold.

    `above` is what stands over it in any case; with `bold`, what of the quote answers is marked.
    """
    shown = block_quote(quote.text, visible_span(quote.text, quote.answer) if bold else ())
    source = f"-# {number}{DOT}{source_line(quote.article, quote.link)}"
    for lines in ((shown, source + _history(quote), *also_reported(quote.also_reported_by)), (shown, source)):
        text = "\n".join(lines)
        # The largest notice is reckoned with, so that this quote can stand where others had to go.
        if fits(Card(((*above, text, *more_line(sys.maxsize)),))):
            return text
    if bold:
        return quote_text(quote, number, above, bold=False)
    return "\n".join([too_long(), source])


def visible_span(text: str, span: tuple[int, int] | None) -> Spans:
    """A span of a text as one of what is visible of it, which is what is drawn."""
    if span is None:
        return ()
    start, end = span
    return ((len(visible(text[:start])), len(visible(text[:end]))),)


def quote_and_source(quote: Quote) -> str:
    """A quote without a number, over its source."""
    return f"{block_quote(quote.text)}\n-# {source_line(quote.article, quote.link)}"


def _history(quote: Quote) -> str:
    """What follows outlet and date: when the quote got its present wording, and who else carries it."""
    corrected = (_("corrected on {day}").format(day=day_text(quote.corrected)),) if quote.corrected is not None else ()
    return "".join(f"{DOT}{fact}" for fact in (*corrected, *also_carried(quote.also_carried_by)))

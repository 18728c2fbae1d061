"""Answers and abstentions as messages within Discord's limits. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.cards.articles import headline, key_points, origin, outlet
from bot.cards.buttons import Row, answer_row, closing_row, link_rows, nearest_rows
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, first_that_fits, fits, more_line
from bot.cards.disagreement import disagreement_line, number_of
from bot.cards.lengths import QUESTION_LENGTH
from bot.cards.quotes import quote_and_source, quote_text
from bot.cards.searched import Dates, how_old, looked_through, still_reading
from bot.cards.stories import TELLINGS, story_text
from bot.cards.story_buttons import offering_rows, opening_rows
from bot.memory.exchanges import Asking
from bot.wording.language import _, reading_too
from bot.wording.markdown import escape, label, unbroken
from retrieval.answer import Answer, Quote
from retrieval.article import Article
from retrieval.text.controls import one_line

LARGE_HEADING = 100
"""Characters of a question up to which it is a large heading; a longer one would fill a phone's screen."""
KEY_POINTS = 5


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A card, and those of the answer's quotes that it shows: the first ones, which may be all."""

    card: Card
    quotes: tuple[Quote, ...]


def show_answer(
    answer: Answer, asking: Asking | None = None, exchange: int | None = None, dates: Dates = (None, None)
) -> ShownAnswer:
    """The quotes under the question, then the publisher's summary; or that the articles do not answer (for certain).

    The heading is the question as its member put it. Buttons come back to `exchange`; without one only links are
    shown. `dates` are told where nothing answers. What does not fit goes in this order: the summary, what contradicts
    the quotes, the footer, what is bold, quotes from the end. A quote is shown whole or not at all. What is answered
    with a story is drawn as stories are, above buttons for the others that fit.
    """
    with reading_too(answer.language):
        if answer.stories:
            return next(each for each in _told(answer, asking, exchange) if fits(each.card))
        if not answer.quotes:
            return ShownAnswer(_abstention_card(answer, asking, exchange, dates), ())
        return next(each for each in _cards(answer, asking, exchange) if fits(each.card))


def _cards(answer: Answer, asking: Asking | None, exchange: int | None) -> Iterator[ShownAnswer]:
    """From the fullest card to the barest."""
    above = (*_heading(answer, asking), *(() if answer.answered else (unsure(),)))
    footer = _footer(answer, asking)
    disagreement = _disagreement(answer)
    # The summary of an article that may not answer would only lead away.
    summary = _key_points(answer.quotes[0].article) if answer.answered else ()
    plain, bold = (
        [quote_text(quote, number, above, bold=marked) for number, quote in enumerate(answer.quotes, 1)]
        for marked in (False, True)
    )
    count = len(plain)

    def card(quotes: list[str], *below: tuple[str, ...], signed: bool = False) -> ShownAnswer:
        shown = answer.quotes[: len(quotes)]
        top = (*above, *quotes, *more_line(count - len(quotes)))
        accent = ANSWERED if answer.answered else ABSTAINED
        sections = _with_footer((top, *below), footer if signed else None)
        return ShownAnswer(Card(sections, accent=accent, rows=_rows(shown, exchange)), shown)

    yield card(bold, disagreement, summary, signed=True)
    yield card(bold, disagreement, signed=True)
    yield card(bold, signed=True)
    yield card(bold)
    for shown in range(count, -1, -1):
        yield card(plain[:shown])


def _told(answer: Answer, asking: Asking | None, exchange: int | None) -> Iterator[ShownAnswer]:
    """A story and the headlines of others, from the fullest card to the barest."""
    first, *others = answer.stories
    as_of = asking.scope.until if asking else None
    offered = offering_rows(others, as_of)
    asks = (_("-# Or did you mean one of these?"),) if offered else ()
    for telling in TELLINGS:
        quotes = first.quotes[: telling.quotes]
        closing = () if exchange is None else (answer_row(exchange) if quotes else closing_row(exchange),)
        sections = (
            _heading(answer, asking),
            (story_text(first, telling, lambda _: ""),),
            (_footer(answer, asking), *asks),
        )
        # The others come first, for the line above the buttons asks about them.
        rows = (*offered, *opening_rows([first], None, as_of), *closing)
        yield ShownAnswer(Card(sections, accent=ANSWERED, rows=rows), quotes)


def unsure() -> str:
    """What stands over quotes that may not answer."""
    return "\n".join([_("The articles I have do not answer this for certain."), _("**This may bear on it:**")])


def _rows(shown: tuple[Quote, ...], exchange: int | None) -> tuple[Row, ...]:
    return (*link_rows(shown), *((answer_row(exchange),) if exchange is not None else ()))


def _abstention_card(answer: Answer, asking: Asking | None, exchange: int | None, dates: Dates) -> Card:
    top = (*_heading(answer, asking), _("The articles I have do not answer this."))
    footer = f"-# {looked_through(answer, asking, dates)}"

    def card(shown: int) -> Card:
        headlines = [headline(article) for article in answer.nearest[:shown]]
        nearest = (_("**Nearest headlines**"), *headlines) if headlines else ()
        rows = () if exchange is None else (*nearest_rows(exchange, answer.nearest[:shown]), closing_row(exchange))
        return Card(_with_footer((top, nearest), footer), accent=ABSTAINED, rows=rows)

    return first_that_fits([], card, len(answer.nearest))


def _footer(answer: Answer, asking: Asking | None) -> str:
    return DOT.join((f"-# {looked_through(answer, asking, (None, None))}", unbroken(_confidence(answer.confidence))))


def _with_footer(sections: Iterable[tuple[str, ...]], footer: str | None) -> tuple[tuple[str, ...], ...]:
    *above, last = (section for section in sections if section)
    return (*above, (*last, footer) if footer else last)


def _heading(answer: Answer, asking: Asking | None) -> tuple[str, ...]:
    question = asking.question if asking else answer.question
    size = "##" if len(one_line(question)) <= LARGE_HEADING else "###"
    lines = [f"{size} {label(question, QUESTION_LENGTH) or '…'}"]
    if asking and asking.understood is not None:
        understood = _("Understood as: {question}").format(question=label(asking.understood, QUESTION_LENGTH))
        lines.append(f"-# {understood}")
    elif answer.topic is not None:
        understood = _("Understood as: the news about “{topic}”").format(topic=label(answer.topic, QUESTION_LENGTH))
        lines.append(f"-# {understood}")
    if answer.age:
        lines.append(f"-# {how_old(answer.age)}")
    if answer.reading:
        lines.append(f"-# {still_reading(answer.reading)}")
    return tuple(lines)


def _disagreement(answer: Answer) -> tuple[str, ...]:
    """Both sides, each once: what stands above already is named by its number."""
    if not answer.disagreement:
        return ()
    # Each side says its figure itself.
    line = f"**{escape(one_line(disagreement_line(replace(answer.disagreement, figures=()))))}**"
    sides = zip_longest(answer.disagreement.quotes, answer.disagreement.figures)
    return (line, "\n".join(_side(number_of(quote, answer), quote, figure) for quote, figure in sides))


def _side(number: int | None, quote: Quote, figure: str | None) -> str:
    if number:
        said = [f"**{escape(one_line(figure))}**"] if figure else []
        return DOT.join([_("-# Quote {number}").format(number=number), *said, origin(quote.article)])
    return quote_and_source(quote)


def _key_points(article: Article) -> tuple[str, ...]:
    """At most one text: the publisher's summary, named as such."""
    points = key_points(article)
    if not points:
        return ()
    if name := outlet(article):
        heading = _("Key points, as {outlet} gives them").format(outlet=name)
    else:
        heading = _("Key points, as the publisher gives them")
    bullets = [f"- {point}" for point in points[:KEY_POINTS]]
    return ("\n".join([f"**{heading}**", *bullets, *more_line(len(points) - KEY_POINTS)]),)


def _confidence(confidence: float) -> str:
    if confidence >= 0.85:
        return _("high confidence")
    return _("fair confidence") if confidence >= 0.65 else _("low confidence")

"""The buttons of an answer, as values: links to its sources, and what `bot/commands/answer_buttons.py` answers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.cards.articles import outlet_or_site, title
from bot.cards.card import MAX_BUTTONS, MAX_LABEL, Button, length
from bot.wording.language import _
from bot.wording.markdown import link_target, shorten, visible
from retrieval.answer import Quote
from retrieval.article import Article
from retrieval.text.controls import one_line

Action = Literal["more", "page", "passage", "turn", "follow", "up", "down", "nearest"]
"""What a button asks for: "page" and "turn" change the message that "more" and "passage" have shown."""

TEMPLATE = r"answer:(?P<action>[a-z]+):(?P<exchange>[0-9]{1,18}):(?P<number>[0-9]{1,4})"
"""The custom ids of the buttons of answers; `number` counts quotes, headlines and pages from 0."""

Row = tuple[Button, ...]


def press_id(action: Action, exchange: int, number: int = 0) -> str:
    """The custom id of a button."""
    return f"answer:{action}:{exchange}:{number}"


def link_rows(quotes: Sequence[Quote], first: int = 1) -> tuple[Row, ...]:
    """At most one row: a link to the source of each quote, under its number, which begin with `first`."""
    buttons = [
        Button(button_label(f"{number} · {outlet_or_site(quote.article, target) or title(quote.article)}"), url=target)
        for number, quote in enumerate(quotes, first)
        if (target := link_target(quote.link) or link_target(quote.article.url))
    ]
    return (tuple(buttons[:MAX_BUTTONS]),) if buttons else ()


def answer_row(exchange: int) -> Row:
    """What can be done with an answer that has quotes."""
    more = Button(_("More quotes"), custom_id=press_id("more", exchange))
    passage = Button(_("Passage"), custom_id=press_id("passage", exchange))
    return (more, passage, *closing_row(exchange))


def closing_row(exchange: int) -> Row:
    """What can be done with any answer."""
    return (
        Button(_("Ask a follow-up"), custom_id=press_id("follow", exchange)),
        Button("", custom_id=press_id("up", exchange), emoji="👍"),
        Button("", custom_id=press_id("down", exchange), emoji="👎"),
    )


def nearest_rows(exchange: int, articles: Sequence[Article]) -> tuple[Row, ...]:
    """At most one row: the headlines nearest to a question that was not answered."""
    buttons = [
        Button(button_label(title(article)), custom_id=press_id("nearest", exchange, number))
        for number, article in enumerate(articles[:MAX_BUTTONS])
    ]
    return (tuple(buttons),) if buttons else ()


def turn_rows(exchange: int, current: int, count: int) -> tuple[Row, ...]:
    """The numbers of the quotes, to turn from the passage around one to that around another."""
    if count < 2:
        return ()
    buttons = [
        Button(
            str(number + 1),
            custom_id=press_id("turn", exchange, number),
            style="primary" if number == current else "secondary",
            disabled=number == current,
        )
        for number in range(count)
    ]
    return tuple(tuple(buttons[start : start + MAX_BUTTONS]) for start in range(0, count, MAX_BUTTONS))


def button_label(text: str) -> str:
    """`text` as a button shows it: plain, on one line, not too long."""
    plain = one_line(visible(text))
    limit = MAX_LABEL
    while length(shown := shorten(plain, limit)) > MAX_LABEL:
        limit -= 1
    return shown

"""An opened story: its time line, a quote a step, in pages. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from bot.cards.articles import linked_title, outlet, source_line, title
from bot.cards.card import ANSWERED, DOT, Card, Picture, fits
from bot.cards.disagreement import disagreement_line
from bot.cards.lengths import FIGURE_LENGTH, TITLE_LENGTH
from bot.cards.quotes import too_long
from bot.cards.reports import differing, reported_by
from bot.cards.searched import as_of_day
from bot.cards.story_buttons import turning_rows
from bot.wording.markdown import block_quote, escape, label, linked, moment_text
from retrieval.answer import Quote, Timeline
from retrieval.article import Day
from retrieval.text.controls import one_line

STEPS = 5
"""Steps on a page."""


def timeline_card(
    timeline: Timeline, page: int = 0, member: int = 0, as_of: Day | None = None, picture: Picture | None = None
) -> Card:
    """A page (from 0) of a story, for the member whose message it is: the oldest steps first, `picture` on the first.

    A page ends where a step does not fit any more; a quote that no page holds is not shown. Where reports differ
    stands in full below the last step, and in a line under the headline where it is on another page, or does not fit.
    """
    pages = _pages(timeline, as_of)
    page = min(page, len(pages) - 1)
    last = page + 1 == len(pages)
    rows = turning_rows(timeline.story.id, as_of, member, page, more=not last)
    shown = None if page else picture

    def card(top: str, *below: str) -> Card:
        sections = ((top,), *((text,) for text in pages[page]), below)
        return Card(tuple(filter(None, sections)), accent=ANSWERED, rows=rows, picture=shown)

    whole = card(_heading(timeline, as_of, line=False), *_sides(timeline))
    return whole if last and fits(whole) else card(_heading(timeline, as_of, line=True))


def _pages(timeline: Timeline, as_of: Day | None) -> list[list[str]]:
    """The steps of each page; one page at least."""
    above = _heading(timeline, as_of, line=True)
    # What else a page may hold is reckoned with: the buttons, and the picture.
    room = turning_rows(timeline.story.id, as_of, 2**64, 1, more=True)
    picture = Picture(b"", "", "")

    def holds(steps: Sequence[str]) -> bool:
        return fits(Card(((above,), *((step,) for step in steps)), rows=room, picture=picture))

    pages: list[list[str]] = [[]]
    for quote in timeline.steps:
        step = _step(quote)
        if not holds([step]):
            step = f"{too_long()}\n-# {source_line(quote.article, quote.link)}"
        if len(pages[-1]) == STEPS or not holds([*pages[-1], step]):
            pages.append([])
        pages[-1].append(step)
    return pages


def _heading(timeline: Timeline, as_of: Day | None, *, line: bool) -> str:
    story = timeline.story
    facts = DOT.join(filter(None, [reported_by(story), as_of_day(as_of) if as_of else ""]))
    differ = [f"-# {differing(story.disagreement)}"] if story.disagreement and line else []
    return "\n".join([f"### {linked_title(story.lead)}", f"-# {facts}", *differ])


def _step(quote: Quote) -> str:
    source = DOT.join(filter(None, [linked(title(quote.article), quote.link, TITLE_LENGTH), outlet(quote.article)]))
    return f"**{moment_text(quote.article.published)}**\n{block_quote(quote.text)}\n-# {source}"


def _sides(timeline: Timeline) -> tuple[str, ...]:
    """Both sides, word for word, newest first."""
    disagreement = timeline.story.disagreement
    if disagreement is None:
        return ()
    # Each side says its figure itself.
    heading = f"**{escape(one_line(disagreement_line(disagreement)))}**"
    sides = zip_longest(disagreement.quotes, disagreement.figures)
    return (heading, *(_side(quote, figure) for quote, figure in sides if quote is not None))


def _side(quote: Quote, figure: str | None) -> str:
    said = f"**{label(figure, FIGURE_LENGTH)}**{DOT}" if figure else ""
    return f"{block_quote(quote.text)}\n-# {said}{source_line(quote.article, quote.link)}"

"""How a story is reported, in a line each: by whom and when, what of it is new, and where reports differ."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import zip_longest

from bot.cards.articles import in_language, origin, outlet, outlet_or_site, title
from bot.cards.card import DOT
from bot.cards.lengths import FIGURE_LENGTH, OUTLET_LENGTH
from bot.wording.amounts import counted
from bot.wording.language import _
from bot.wording.markdown import NO_BREAK, day_text, label, linked, unbroken
from retrieval.answer import Disagreement, Quote, Story
from retrieval.article import Day

SIDES = 3
"""Of those that contradict each other, how many a line names."""


def reported_by(story: Story) -> str:
    """How many outlets and reports, and from when to when; of a single report, where it is from."""
    if len(story.articles) == 1:
        return origin(story.lead)
    count = len(story.outlets)
    outlets = outlet(story.articles[0]) if count == 1 else counted(count, "{count} outlet", "{count} outlets")
    reports = counted(len(story.articles), "{count} report", "{count} reports")
    facts = [unbroken(outlets) if count else "", unbroken(reports), _span(story.first, story.last)]
    return DOT.join(filter(None, facts))


def new_to_reader(story: Story) -> str:
    """What of a story came since its reader last looked; "" when nothing did, or that is not known."""
    if not story.new:
        return ""
    if len(story.new) == len(story.articles):
        return _("new since you last looked")
    said = counted(len(story.new), "**{count} new** since you last looked", "**{count} new** since you last looked")
    return said.replace(" ", NO_BREAK, 1)


def new_in_post(story: Story) -> str:
    """How many reports a post tells of a story that it does not tell for the first time; "" of one that is all new."""
    grown = 0 < len(story.new) < len(story.articles)
    return unbroken(counted(len(story.new), "**{count} new**", "**{count} new**")) if grown else ""


def differing(disagreement: Disagreement) -> str:
    """Who reports what, without the sentences: "Reports differ: 14 (CBS News), 12 (BBC)"."""
    sides = zip_longest(disagreement.quotes, disagreement.figures)
    named = [_side(quote, figure) for quote, figure in sides if quote is not None][:SIDES]
    said = _("Reports contradict each other: {sides}")
    if disagreement.about == "figures":
        said = _("Reports differ: {sides}")
    return said.format(sides=", ".join(named))


def cited(quote: Quote, link: str | None) -> str:
    """Whose words a quote is, as a link, of which day, and in a language that its reader may not read."""
    name = outlet_or_site(quote.article, quote.link) or title(quote.article)
    facts = [linked(name, link, OUTLET_LENGTH), day_text(quote.article.published), unbroken(in_language(quote.article))]
    return DOT.join(filter(None, facts))


def _side(quote: Quote, figure: str | None) -> str:
    name = label(outlet_or_site(quote.article, quote.link) or title(quote.article), OUTLET_LENGTH)
    return f"**{label(figure, FIGURE_LENGTH)}** ({name})" if figure else name


def _span(first: Day | None, last: Day | None) -> str:
    """From the first report to the last: one day where they are of one."""
    if first is None or last is None or _in_utc(first) == _in_utc(last):
        return day_text(last)
    begun = f"<t:{int(first.timestamp())}:D>" if isinstance(first, datetime) else day_text(first)
    return f"{begun} – {day_text(last)}"


def _in_utc(day: Day) -> date:
    return day.astimezone(UTC).date() if isinstance(day, datetime) else day

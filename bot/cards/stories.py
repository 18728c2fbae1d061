"""A story as it is shown wherever one is: in `/latest`, in digests and in alerts. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.cards.articles import also_reported, headline, key_points
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, fits, more_line
from bot.cards.lengths import OUTLET_LENGTH, QUESTION_LENGTH
from bot.cards.quotes import quote_and_source
from bot.cards.searched import still_reading
from bot.wording.amounts import day_in_words
from bot.wording.language import _
from bot.wording.markdown import block_quote, label
from retrieval.answer import Briefing, Quote, Story
from retrieval.article import Article

STORY_DETAILS = 2
"""Key points, or quotes, that a story shows where there is room."""


def briefing_card(briefing: Briefing, source: str | None = None, since: date | None = None, page: int = 0) -> Card:
    """The latest stories, and where there is room what they were narrowed to (outlet, day), the page (from 0), and how
    many articles are read by now."""
    topic = label(briefing.topic or "", QUESTION_LENGTH)
    if briefing.stories:
        heading = (_("## Latest news about “{topic}”") if topic else _("## Latest news")).format(topic=topic)
        card = _stories_of(briefing, heading)
    else:
        nothing = _("I have no articles about “{topic}” yet.") if topic else _("I have no articles yet.")
        card = Card(((nothing.format(topic=topic),),), accent=ABSTAINED)
    said = [
        _("from {outlet}").format(outlet=label(source, OUTLET_LENGTH)) if source else "",
        _("since {day}").format(day=day_in_words(since)) if since else "",
        _("page {number}").format(number=page + 1) if page else "",
        still_reading(briefing.reading) if briefing.reading else "",
    ]
    said_below = _with_line(card, DOT.join(filter(None, said)))
    return said_below if fits(said_below) else card


def _stories_of(briefing: Briefing, heading: str) -> Card:
    legend = _legend(briefing.stories)
    count = len(briefing.stories)
    return card_of_stories(
        heading,
        briefing.stories,
        STORY_DETAILS,
        lambda shown, details: (*more_line(count - shown), *(legend if details else ())),
    )[0]


def _with_line(card: Card, line: str) -> Card:
    """`card` with a line, if there is one, below its heading."""
    if not line:
        return card
    first, *rest = card.sections
    return replace(card, sections=((*first, f"-# {line}"), *rest))


def card_of_stories(
    heading: str, stories: Sequence[Story], details: int, below: Callable[[int, int], tuple[str, ...]]
) -> tuple[Card, int]:
    """Stories with up to `details` key points or quotes each, and how many of the stories are shown, which may be all.

    What does not fit goes in this order: key points and quotes, who else reports it, stories from the end. `below`
    makes the texts under them, by how many stories are shown and how many details of each.
    """

    def cards() -> Iterator[tuple[Card, int]]:
        for detail in range(details, -1, -1):
            yield card([story_text(story, detail) for story in stories], detail)
        bare = [headline(story.lead, "**") for story in stories]
        for shown in range(len(bare), -1, -1):
            yield card(bare[:shown], 0)

    def card(texts: Sequence[str], detail: int) -> tuple[Card, int]:
        sections = ((heading,), *((text,) for text in texts), below(len(texts), detail))
        return Card(tuple(filter(None, sections)), accent=ANSWERED), len(texts)

    return next(found for found in cards() if fits(found[0]))


def story_text(story: Story, details: int) -> str:
    """Headline, outlets and date, then up to `details` key points, or quotes where there are none."""
    lead = story.lead
    lines = [headline(lead, "**"), *also_reported(story.articles[1:])]
    if points := key_points(lead):
        lines.extend(f"- {point}" for point in points[:details])
    elif quotes := story.quotes[:details]:
        # The empty line keeps two quotes from reading as one passage.
        lines.append("\n\n".join(_story_quote(quote, lead) for quote in quotes))
    return "\n".join(lines)


def _story_quote(quote: Quote, lead: Article) -> str:
    """A quote, over its source when the headline above is not that of its article."""
    return block_quote(quote.text) if quote.article.id == lead.id else quote_and_source(quote)


def _legend(stories: Sequence[Story]) -> tuple[str, ...]:
    """At most one line: whose words the details of these stories are."""
    bullets = any(key_points(story.lead) for story in stories)
    quotes = any(story.quotes and not key_points(story.lead) for story in stories)
    if bullets and quotes:
        return (_("-# Bullets are the publishers’ own summaries; indented quotes are word for word."),)
    if bullets:
        return (_("-# Bullets are the publishers’ own summaries."),)
    return (_("-# Indented quotes are word for word."),) if quotes else ()

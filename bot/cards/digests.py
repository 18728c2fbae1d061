"""Digests and alerts as they are posted. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cards.card import ANSWERED, DOT, Card, fits, more_line
from bot.cards.lengths import OUTLET_LENGTH, TITLE_LENGTH
from bot.memory.subscriptions import TOPIC_LENGTH, Subscription
from bot.wording.language import _, _n
from bot.wording.markdown import block_quote, day_text, escape, label, linked
from retrieval.article import Article, Story
from retrieval.text.controls import one_line

STORY_DETAILS = 2
"""Key points, or quotes, that a story shows; an alert's show one."""


def digest_card(digest: Subscription, stories: Sequence[Story]) -> tuple[Card, int]:
    """A digest, and how many of its stories it shows: those from the end go when not even their headlines fit."""
    weekly = digest.schedule is not None and digest.schedule.weekday is not None
    if digest.topic:
        heading = _("## This week’s news about “{topic}”") if weekly else _("## Today’s news about “{topic}”")
    else:
        heading = _("## This week’s news") if weekly else _("## Today’s news")
    end = (
        _("-# You get this every week; moderators can end it with **/digest unsubscribe**.")
        if weekly
        else _("-# You get this every day; moderators can end it with **/digest unsubscribe**.")
    )
    return _stories_card(heading.format(topic=_topic(digest)), stories, end, STORY_DETAILS)


def alert_card(alert: Subscription, stories: Sequence[Story], unshown: int = 0) -> tuple[Card, int]:
    """An alert's message, and how many of its articles it shows; the others are to come later.

    `unshown` articles, older ones, are never to come.
    """
    heading = _n("## New article about “{topic}”", "## New articles about “{topic}”", len(stories))
    end = _("-# You get this when new articles match; moderators can end it with **/alert remove**.")
    end = "\n".join([*more_line(unshown), end])
    return _stories_card(heading.format(topic=_topic(alert)), stories, end, STORY_DETAILS - 1)


def _stories_card(heading: str, stories: Sequence[Story], end: str, details: int) -> tuple[Card, int]:
    def cards() -> Iterator[tuple[Card, int]]:
        for detail in range(details, -1, -1):
            yield card(len(stories), detail), len(stories)
        for shown in range(len(stories) - 1, -1, -1):
            yield card(shown, 0), shown

    def card(shown: int, detail: int) -> Card:
        return Card(((heading,), *((_story(story, detail),) for story in stories[:shown]), (end,)), ANSWERED)

    return next(found for found in cards() if fits(found[0]))


def _story(story: Story, detail: int) -> str:
    """Headline, outlet and date, then up to `detail` key points, or quotes where there are none."""
    lead = story.lead
    title = linked(one_line(lead.title) or _("Untitled"), lead.url, TITLE_LENGTH)
    lines = [f"**{title}**", f"-# {_outlet_and_day(lead)}"]
    if points := [point for line in lead.key_points if (point := escape(one_line(line)))]:
        lines.extend(f"- {point}" for point in points[:detail])
    elif quotes := story.quotes[:detail]:
        # The empty line keeps two quotes from reading as one passage.
        lines.append("\n\n".join(block_quote(quote.text) for quote in quotes))
    return "\n".join(lines)


def _outlet_and_day(article: Article) -> str:
    return DOT.join(filter(None, [label(article.source or "", OUTLET_LENGTH), day_text(article.published)]))


def _topic(subscription: Subscription) -> str:
    return label(subscription.topic or "", TOPIC_LENGTH)

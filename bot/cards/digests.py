"""Digests and alerts as they are posted. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Card, more_line
from bot.cards.reports import new_in_post
from bot.cards.stories import Frame, card_of_stories
from bot.memory.subscriptions import TOPIC_LENGTH, Subscription
from bot.wording.language import _, _n
from bot.wording.markdown import label
from retrieval.answer import Story


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
    return _post(heading.format(topic=topic_of(digest)), stories, end)


def alert_card(alert: Subscription, stories: Sequence[Story], unshown: int = 0) -> tuple[Card, int]:
    """An alert's message, and how many of its stories it shows; the others are to come later.

    `unshown` articles, older ones, are never to come.
    """
    count = sum(len(story.new) or 1 for story in stories)
    heading = _n("## New article about “{topic}”", "## New articles about “{topic}”", count)
    end = _("-# You get this when new articles match; moderators can end it with **/alert remove**.")
    end = "\n".join([*more_line(unshown), end])
    return _post(heading.format(topic=topic_of(alert)), stories, end)


def _post(heading: str, stories: Sequence[Story], end: str) -> tuple[Card, int]:
    return card_of_stories(stories, new_in_post, Frame(above=(heading,), below=lambda *_shown: (end,)))


def topic_of(subscription: Subscription) -> str:
    """The topic as markdown; "" without one."""
    return label(subscription.topic or "", TOPIC_LENGTH)

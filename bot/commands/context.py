"""A question in the conversation that it is part of: replies to an answer or a post, a thread, a direct message."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord

from bot.connection.offload import offload
from bot.connection.serving import Serving
from bot.memory.exchanges import Asking, Exchange
from retrieval.answering.followup import about_article, in_context
from retrieval.answering.onward import onward
from retrieval.article import instant
from retrieval.errors import UnknownArticle
from retrieval.text.asked_language import asked_language
from retrieval.text.tongues import normalised

REMEMBERED = timedelta(hours=24)
"""Between the first question of a conversation that is remembered and the one before the present one."""
RUNNING = timedelta(hours=1)
"""How long what a member asked in a thread or a direct message is what they go on from."""
TURNS = 3


async def in_conversation(
    serving: Serving, asking: Asking, channel: object, replied_to: Exchange | None = None
) -> Asking:
    """`asking` as it is understood after what was asked before: in `replied_to`, else lately in the same `channel`.

    Other channels are no conversation: many members ask there beside each other. Raises `StoreUnavailable`.
    """
    running = isinstance(channel, (discord.Thread, discord.DMChannel)) and asking.channel is not None
    if replied_to is None and not running:
        return asking
    return await offload(lambda: _understood(serving, asking, replied_to))


async def about_articles(serving: Serving, asking: Asking, ids: Sequence[str]) -> Asking:
    """`asking` as it is understood about one of the articles with these ids. Raises `StoreUnavailable`."""
    stories = await serving.desk.at(asking.guild).query(lambda edition: edition.arrivals.stories(ids))
    told = [story.lead for story in stories]
    language = asked_language(asking.question, next((each.language for each in told), None))
    about = about_article(asking.question, [each.title for each in told], [each.body for each in told], language)
    return replace(asking, understood=about)


def _understood(serving: Serving, asking: Asking, parent: Exchange | None) -> Asking:
    if parent is None and asking.channel is not None:
        parent = serving.exchanges.newest_in(asking.channel, asking.member, datetime.now(UTC) - RUNNING)
        if parent and parent.asking.hidden and not asking.hidden:
            return asking  # nobody else was to read it
    if parent is None:
        return asking
    earlier = serving.exchanges.conversation(parent.id, within=REMEMBERED.total_seconds(), turns=TURNS)
    preferred = serving.guild_settings.of(asking.guild).language
    before = asked_language(parent.asking.put, normalised(preferred))
    language = asked_language(asking.question, before)  # "China?" may be any language's
    understood = _onward(serving, asking, parent, language) or in_context(asking.question, earlier, language)
    return replace(asking, parent=parent.id, understood=understood)


def _onward(serving: Serving, asking: Asking, parent: Exchange, language: str | None) -> str | None:
    """The latest on what `parent` asked about, since the last report that it was answered with."""
    if onward(asking.question, parent.asking.put, None, language) is None:
        return None
    edition, reports = serving.desk.at(asking.guild).edition, []
    for id_ in {place.article for place in parent.quotes}:
        with suppress(UnknownArticle):  # gone since
            reports.append(edition.history(id_)[-1].article.published)
    last = max(filter(None, reports), key=instant, default=None)
    return onward(asking.question, parent.asking.put, last, language)

"""Feeds, and articles that were taken out, as messages: pure, within Discord's limits, as in `render.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.card import ABSTAINED, ANSWERED, DOT, INCOMPLETE, Card, counted, first_that_fits, more_line
from bot.citing import OTHER_OUTLETS, OUTLET_LENGTH, TITLE_LENGTH
from bot.language import _
from bot.markdown import day_text, label, linked
from bot.render import FAILURES, REASON_LENGTH
from retrieval.article import Article

if TYPE_CHECKING:
    from retrieval.feeds.subscriptions import Added, Feed, Imported, Preview

REFERENCE_LENGTH = 500
"""Characters of an article's id or address in a command."""


def feeds_card(feeds: Sequence[Feed]) -> Card:
    """The feeds, each with how it fares."""
    if not feeds:
        return Card((("No feed is read yet; **/feeds add** adds one.",),), ABSTAINED)
    heading = f"## {counted(len(feeds), '{count} feed', '{count} feeds')}"
    lines = [_feed(feed) for feed in feeds]
    accent = INCOMPLETE if any(feed.error for feed in feeds) else ANSWERED

    def card(shown: int) -> Card:
        parts = [*lines[:shown], *more_line(len(lines) - shown)]
        return Card(((heading, "\n".join(parts)),) if parts else ((heading,),), accent)

    return first_that_fits([], card, len(lines))


def _feed(feed: Feed) -> str:
    asked = f"asked {_ago(feed.checked)}" if feed.checked else "not asked yet"
    due = f"next {_ago(feed.due)}" if feed.due else ""
    state = "not asked any more" if feed.retired else due
    facts = DOT.join(filter(None, [counted(feed.articles or 0, "{count} article", "{count} articles"), asked, state]))
    error = [f"-# ⚠ {label(feed.error, REASON_LENGTH)}"] if feed.error else []
    return "\n".join([f"- **{linked(feed.title, feed.url, TITLE_LENGTH)}**{DOT}{facts}", *error])


def _ago(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"


def added_card(added: Added) -> Card:
    """A feed that is read from now on."""
    known = "is read already." if added.known else "is read from now on; its articles come within minutes."
    title = linked(added.feed.title, added.feed.url, TITLE_LENGTH)
    return Card(((f"**{title}** {known}", *_others(added.others)),), ANSWERED)


def imported_card(imported: Imported) -> Card:
    """What became of a list of feeds, with the first of those that cannot be read."""
    counts = {"added": imported.added, "read already": imported.known, "skipped": imported.failed}
    facts = DOT.join(f"{len(feeds):,} {what}" for what, feeds in counts.items() if feeds)
    if not facts:
        return Card((("The list names no feed.",),), ABSTAINED)
    soon = ("-# The articles of the feeds that were added come within minutes.",) if imported.added else ()
    top = ("## Feeds imported", facts, *soon)
    failed = [
        f"- **{label(failure.where, TITLE_LENGTH) or '…'}** {label(failure.reason, REASON_LENGTH)}"
        for failure in imported.failed[:FAILURES]
    ]
    if not failed:
        return Card((top,), ANSWERED)

    def card(shown: int) -> Card:
        return Card((top, ("\n".join([*failed[:shown], *more_line(len(imported.failed) - shown)]),)), INCOMPLETE)

    return first_that_fits([], card, len(failed))


def exported_card(count: int) -> Card:
    """What stands over the list of the `count` feeds that are asked; where there are none, no list follows."""
    if not count:
        return Card((("There is no feed to export; **/feeds add** adds one.",),), ABSTAINED)
    return Card(
        ((f"**{counted(count, '{count} feed', '{count} feeds')}**, as a list that feed readers take.",),), ANSWERED
    )


def unsubscribed_card(feed: Feed) -> Card:
    """A feed that is read no more."""
    return Card(((f"**{linked(feed.title, feed.url, TITLE_LENGTH)}** is read no more; its articles stay.",),), ANSWERED)


def preview_card(preview: Preview) -> Card:
    """What a feed would bring."""
    outlet = [label(preview.outlet, OUTLET_LENGTH)] if preview.outlet else []
    facts = [
        DOT.join([label(preview.format, OUTLET_LENGTH), *outlet]),
        f"entries: {preview.entries:,}, {preview.full_text:,} of them with their full text",
        f"newest: {day_text(preview.newest)}",
        f"asked every {counted(round(preview.interval / 60), '{count} minute', '{count} minutes')} at first",
    ]
    title = linked(preview.title, preview.url, TITLE_LENGTH)
    bullets = "\n".join(f"- {fact}" for fact in facts)
    return Card(((f"**{title}** can be read.", bullets, *_others(preview.others)),), ANSWERED)


def _others(urls: Sequence[str]) -> tuple[str, ...]:
    """At most one line: what else the same page names."""
    if not urls:
        return ()
    shown = ", ".join(linked(url.partition("://")[2], url, TITLE_LENGTH) for url in urls[:OTHER_OUTLETS])
    rest = len(urls) - OTHER_OUTLETS
    return (f"-# The page also names {shown}{f' and {rest:,} more' if rest > 0 else ''}",)


def withdrawal_card(article: Article) -> Card:
    """An article that is quoted no more."""
    title = linked(article.title, article.url, TITLE_LENGTH)
    facts = [label(article.source or "", OUTLET_LENGTH), day_text(article.published)]
    line = f"**{title}** is quoted no more."
    back = _("-# **/restore** brings it back: {reference}").format(reference=label(article.id, REFERENCE_LENGTH))
    return Card(((line, f"-# {DOT.join(filter(None, facts))}\n{back}"),), ANSWERED)

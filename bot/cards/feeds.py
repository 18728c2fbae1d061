"""Feeds as messages: pure, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.cards.card import ABSTAINED, ANSWERED, DOT, INCOMPLETE, Card, first_that_fits, more_line
from bot.cards.failures import MOST_FAILURES, failure_lines
from bot.cards.lengths import OUTLET_LENGTH, REASON_LENGTH, TITLE_LENGTH
from bot.wording.amounts import counted, listed, number
from bot.wording.language import _
from bot.wording.markdown import ago, day_text, label, linked
from bot.wording.reasons import said
from retrieval.errors import LOST_ENTRIES

if TYPE_CHECKING:
    from retrieval.reading.feeds.feed import Feed
    from retrieval.reading.feeds.followed import Added, Imported, Preview

OTHER_FEEDS = 3
"""Of those that the same page names, how many are named."""

MOST_LISTED = 100
"""Feeds that a message is tried with; no line is so short that more would fit."""


def feeds_card(feeds: Sequence[Feed], shared: Sequence[Feed] = ()) -> Card:
    """The feeds of a server, each with how it fares, then those of the host's collections that it reads, too."""
    if not feeds and not shared:
        return Card(((_("No feed is read yet; **/feeds add** adds one."),),), accent=ABSTAINED)
    heading = counted(len(feeds), "## {count} feed", "## {count} feeds")
    own, theirs = [_feed(feed) for feed in feeds], [_shared(feed) for feed in shared]
    accent = INCOMPLETE if any(feed.error for feed in feeds) else ANSWERED

    def card(shown: int) -> Card:
        ours, others = own[:shown], theirs[: max(0, shown - len(own))]
        parts = ["\n".join([*ours, *more_line(len(own) - len(ours))])] if own else []
        none = _("This server has no feed of its own; **/feeds add** adds one.")
        sections = [(heading, *parts) if own else (none,)]
        if theirs:
            of_host = counted(
                len(theirs),
                "**{count} feed of the bot's host**, in collections that this server reads",
                "**{count} feeds of the bot's host**, in collections that this server reads",
            )
            sections.append(("\n".join([of_host, *others, *more_line(len(theirs) - len(others))]),))
        return Card(tuple(sections), accent=accent)

    return first_that_fits([], card, min(len(own) + len(theirs), MOST_LISTED))


def _shared(feed: Feed) -> str:
    """One that the host added: without its address, which may be for the host alone."""
    title = feed.title if feed.title != feed.url else urlsplit(feed.url).hostname or "…"
    articles = counted(feed.articles or 0, "{count} article", "{count} articles")
    return f"- {DOT.join([label(title, TITLE_LENGTH), articles, _asked(feed)])}"


def _asked(feed: Feed) -> str:
    return _("asked {when}").format(when=ago(feed.checked.timestamp())) if feed.checked else _("not asked yet")


def _feed(feed: Feed) -> str:
    due = _("next {moment}").format(moment=ago(feed.due.timestamp())) if feed.due else ""
    state = _("not asked any more") if feed.retired else due
    copies = counted(feed.copies, "{count} of them a copy", "{count} of them copies") if feed.copies else ""
    folded = counted(feed.folded, "{count} entry folded", "{count} entries folded") if feed.folded else ""
    articles = counted(feed.articles or 0, "{count} article", "{count} articles")
    facts = DOT.join(filter(None, [articles, copies, folded, _asked(feed), state]))
    title = linked(feed.title, feed.url, TITLE_LENGTH)
    return "\n".join([f"- **{title}**{DOT}{facts}", *_warned(said(feed.error) if feed.error else _noted(feed))])


def _noted(feed: Feed | Preview) -> str:
    """What is wrong with a feed that can be read all the same; "" if nothing is."""
    if feed.lost:
        return _(LOST_ENTRIES).format(count=number(feed.lost))
    return said(feed.note) if feed.note else ""


def _warned(reason: str) -> list[str]:
    """At most one line: what is wrong with a feed."""
    return [f"-# ⚠ {label(reason, REASON_LENGTH)}"] if reason else []


def added_card(added: Added) -> Card:
    """A feed that is read from now on."""
    if added.known:
        text = _("**{feed}** is read already.")
    else:
        text = _("**{feed}** is read from now on; its articles come within minutes.")
    title = linked(added.feed.title, added.feed.url, TITLE_LENGTH)
    return Card(((text.format(feed=title), *_warned(_noted(added.feed)), *_others(added.others)),), accent=ANSWERED)


def imported_card(imported: Imported) -> Card:
    """What became of a list of feeds, with the first of those that cannot be read."""
    added, known, skipped = map(len, (imported.added, imported.known, imported.failed))
    counts = [
        counted(added, "{count} added", "{count} added") if added else "",
        counted(known, "{count} read already", "{count} read already") if known else "",
        counted(skipped, "{count} skipped", "{count} skipped") if skipped else "",
    ]
    if not any(counts):
        return Card(((_("The list names no feed."),),), accent=ABSTAINED)
    soon = (_("-# The articles of the feeds that were added come within minutes."),) if added else ()
    top = (_("## Feeds imported"), DOT.join(filter(None, counts)), *soon)
    if not imported.failed:
        return Card((top,), accent=ANSWERED)

    def card(shown: int) -> Card:
        return Card((top, ("\n".join(failure_lines(imported.failed, shown)),)), accent=INCOMPLETE)

    return first_that_fits([], card, min(MOST_FAILURES, len(imported.failed)))


def exported_card(count: int) -> Card:
    """What stands over the list of the `count` feeds that are asked; where there are none, no list follows."""
    if not count:
        return Card(((_("There is no feed to export; **/feeds add** adds one."),),), accent=ABSTAINED)
    text = counted(
        count,
        "**{count} feed**, as a list that feed readers take.",
        "**{count} feeds**, as a list that feed readers take.",
    )
    return Card(((text,),), accent=ANSWERED)


def unsubscribed_card(feed: Feed) -> Card:
    """A feed that is read no more."""
    text = _("**{feed}** is read no more; its articles stay.")
    return Card(((text.format(feed=linked(feed.title, feed.url, TITLE_LENGTH)),),), accent=ANSWERED)


def preview_card(preview: Preview) -> Card:
    """What a feed would bring."""
    outlet = [label(preview.outlet, OUTLET_LENGTH)] if preview.outlet and preview.outlet != preview.title else []
    facts = [
        DOT.join([label(preview.format, OUTLET_LENGTH), *outlet]),
        _("entries: {entries}, {full} of them with their full text").format(
            entries=number(preview.entries), full=number(preview.full_text)
        ),
        _("newest: {day}").format(day=day_text(preview.newest)),
        counted(
            round(preview.interval / 60), "asked every {count} minute at first", "asked every {count} minutes at first"
        ),
    ]
    title = linked(preview.title, preview.url, TITLE_LENGTH)
    bullets = "\n".join(f"- {fact}" for fact in facts)
    text = _("**{feed}** can be read.").format(feed=title)
    return Card(((text, bullets, *_warned(_noted(preview)), *_others(preview.others)),), accent=ANSWERED)


def _others(urls: Sequence[str]) -> tuple[str, ...]:
    """At most one line: what else the same page names."""
    names = [linked(url.partition("://")[2], url, TITLE_LENGTH) for url in urls]
    whole = _("-# The page also names {names}")
    return listed(names, OTHER_FEEDS, whole, "-# The page also names {names} and {count} more")

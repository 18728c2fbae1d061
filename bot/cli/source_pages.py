"""Feeds, and the versions of an article, as pages for a terminal: pure, as in `pages.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from bot.cards.changes import Change, changes
from bot.cli.pages import INDENT, Indented, day_text, failure_lines, source_text
from retrieval.article import Article, Collection
from retrieval.text.controls import one_line

if TYPE_CHECKING:
    from bot.memory.servers import Remembered
    from retrieval.index.versions import Version
    from retrieval.reading.feeds.feed import Feed
    from retrieval.reading.feeds.followed import Added, Imported, Preview

MOST_CHANGES = 20
"""Places of a correction that are shown."""

MARKS = {"same": ("", "", ""), "gone": ("[-", "-]", "red"), "new": ("{+", "+}", "green")}
"""As `git diff --word-diff` marks them; the colours are for terminals."""


def feeds_page(feeds: Sequence[Feed]) -> Group:
    """The feeds, each with how it fares."""
    if not feeds:
        return Group(Text("No feed is read yet; `quotewire feeds add URL` adds one."))
    lines: list[RenderableType] = []
    for number, feed in enumerate(feeds, start=1):
        first = f"{number}. "
        lines += [Indented(Text(one_line(feed.title), "bold"), first), Indented(_address(feed.url))]
        lines.append(Indented(Text(" · ".join(_facts(feed)), "dim")))
        lines += _warned(feed.error or feed.note)
    return Group(*lines)


def _warned(reason: str | None) -> list[RenderableType]:
    """At most one line: what is wrong with a feed."""
    return [Indented(Text(one_line(reason), "yellow"))] if reason else []


def _facts(feed: Feed) -> list[str]:
    taken = f"{feed.articles or 0:,} article{'' if feed.articles == 1 else 's'}"
    copies = [f"{feed.copies:,} of them cop{'y' if feed.copies == 1 else 'ies'}"] if feed.copies else []
    folded = [f"{feed.folded:,} entr{'y' if feed.folded == 1 else 'ies'} folded"] if feed.folded else []
    asked = f"asked {day_text(feed.checked)}" if feed.checked else "not asked yet"
    due = [f"next {day_text(feed.due)}"] if feed.due else []
    return [taken, *copies, *folded, asked, *(["not asked any more"] if feed.retired else due)]


def collections_page(collections: Sequence[Collection]) -> Group:
    """What the host offers, each with how much is in it."""
    lines = [
        Text.assemble(
            (each.name, "bold"),
            f" · {each.articles:,} article{'' if each.articles == 1 else 's'}"
            f" · {each.feeds:,} feed{'' if each.feeds == 1 else 's'}",
        )
        for each in collections
    ]
    return Group(*lines)


def forgotten_line(gone: Remembered) -> Text:
    """What was remembered of a server."""
    counts = [
        (gone.answers, "answer"),
        (gone.votes, "vote"),
        (gone.subscriptions, "subscription"),
    ]
    told = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counts)
    return Text(f"Forgotten: {told}, and all that was set, added and looked at there.")


def added_page(added: Added) -> Group:
    """A feed that is read from now on."""
    known = "is read already" if added.known else "is read from now on"
    lines: list[RenderableType] = [Text(f"{one_line(added.feed.title)} {known}: {one_line(added.feed.url)}")]
    if not added.known:
        lines.append(Text("Its articles come while `quotewire run` runs, or with `quotewire feeds poll`.", "dim"))
    return Group(*lines, *_warned(added.feed.note), *_others(added.others))


def removed_line(feed: Feed) -> Text:
    """A feed that is read no more."""
    return Text(f"{one_line(feed.title)} is read no more; its articles stay.")


def preview_page(preview: Preview) -> Group:
    """What a feed would bring."""
    outlet = [("Outlet", preview.outlet)] if preview.outlet else []
    facts = [
        ("Feed", preview.title),
        ("Address", preview.url),
        ("Format", preview.format),
        *outlet,
        ("Entries", f"{preview.entries:,}, {preview.full_text:,} with their full text"),
        ("Newest", day_text(preview.newest)),
        ("Asked", f"every {round(preview.interval / 60):,} minutes at first"),
    ]
    lines = [Text.assemble((f"{name:<8}", "bold"), one_line(fact)) for name, fact in facts]
    return Group(*lines, *_warned(preview.note), *_others(preview.others))


def imported_page(imported: Imported) -> Group:
    """What became of a list of feeds."""
    counts = f"{len(imported.added):,} added, {len(imported.known):,} read already, {len(imported.failed):,} skipped."
    return Group(Text(counts), *failure_lines(imported.failed))


def _others(urls: Iterable[str]) -> list[RenderableType]:
    found = [Indented(_address(url), " - ") for url in urls]
    return [Text("The page also names:"), *found] if found else []


def _address(url: str) -> Text:
    return Text(one_line(url), "blue", no_wrap=True)


def withdrawal_line(article: Article) -> Text:
    """An article that is quoted no more."""
    return Text(f"Removed: {source_text(article)}. `quotewire restore` brings it back.")


def restoration_line(article: Article) -> Text:
    """An article that is back."""
    return Text(f"Restored: {source_text(article)}.")


def history_page(versions: Sequence[Version]) -> Group:
    """Every version of an article with its date, the oldest first, and what changed from one to the next."""
    lines: list[RenderableType] = [Text(source_text(versions[-1].article), "bold"), *_version(1, versions[0])]
    for number, (before, after) in enumerate(pairwise(versions), start=2):
        lines += _version(number, after)
        found = changes(before, after)
        lines += [Indented(_change(each), f"{INDENT}- ") for each in found[:MOST_CHANGES]]
        if not found:
            lines.append(Indented(Text("neither headline nor text changed", "dim")))
        elif (more := len(found) - MOST_CHANGES) > 0:
            lines.append(Indented(Text(f"and {more:,} more changes", "dim")))
    if not any(version.live for version in versions):
        lines.append(Text("It is not quoted: it was removed, or is older than what is kept.", "yellow"))
    return Group(*lines)


def _version(number: int, version: Version) -> list[RenderableType]:
    since = day_text(version.since) if version.since else "when it was first read"
    summary = " (the summary of a feed)" if version.article.summary_only else ""
    now = ", quoted now" if version.live else ""
    return [Text(f"{number}. from {since}{summary}{now}")]


def _change(change: Change) -> Text:
    text = Text("Headline: " if change.where == "headline" else "")
    for number, (kind, words) in enumerate(change.pieces):
        before, after, colour = MARKS[kind]
        text.append(" " if number else "").append(f"{before}{words}{after}", colour)
    return text

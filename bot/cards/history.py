"""The versions of an article as a message: pure, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cards.articles import linked_title, outlet_and_day
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, first_that_fits, more_line
from bot.cards.changes import Change, changes
from bot.wording.language import _
from bot.wording.markdown import day_text, label

if TYPE_CHECKING:
    from retrieval.index.versions import Version

MOST_VERSIONS = 10
"""Versions that are compared, the newest."""
MOST_CHANGES = 5
"""Places of one correction that are shown."""
PIECE_LENGTH = 200

MARKS = {"same": "", "gone": "~~", "new": "**"}


@dataclass(frozen=True, slots=True)
class Revision:
    """The version `number` of an article, and how it differs from the one before; the first differs from nothing."""

    number: int
    version: Version
    changes: tuple[Change, ...]


def revisions(versions: Sequence[Version]) -> list[Revision]:
    """The newest of `versions`, which run from the oldest on, newest first. Takes a while for long articles."""
    found: list[Revision] = []
    for number in range(len(versions), max(0, len(versions) - MOST_VERSIONS), -1):
        version = versions[number - 1]
        different = changes(versions[number - 2], version) if number > 1 else []
        found.append(Revision(number, version, tuple(different)))
    return found


def history_card(newest_first: Sequence[Revision]) -> Card:
    """Every version with its date and what its publisher changed, the newest first.

    What does not fit goes in this order: changes, from the end of each version on; versions, the oldest first.
    """
    newest = newest_first[0]
    article = newest.version.article
    live = any(revision.version.live for revision in newest_first)
    top = [f"## {linked_title(article)}", f"-# {outlet_and_day(article)}"]
    if not live:
        top.append(_("It is not quoted: it was removed, or is older than what is kept."))

    def card(shown: int, changes_shown: int) -> Card:
        texts = ["\n".join(_lines(revision, changes_shown)) for revision in newest_first[:shown]]
        rest = more_line(newest.number - shown)
        return Card((("\n".join(top),), *((text,) for text in texts), *([rest] if rest else [])), accent=accent)

    accent = ANSWERED if live else ABSTAINED
    count = len(newest_first)
    whole = [card(count, changes_shown) for changes_shown in range(MOST_CHANGES, 0, -1)]
    return first_that_fits(whole, lambda shown: card(shown, 1), count)


def _lines(revision: Revision, changes_shown: int) -> list[str]:
    version = revision.version
    since = day_text(version.since) if version.since else _("when it was first read")
    summary = _("the summary of a feed") if version.article.summary_only else ""
    live = _("quoted now") if version.live else ""
    head = _("**Version {number}**, from {since}").format(number=revision.number, since=since)
    lines = [DOT.join(filter(None, [head, summary, live]))]
    if not revision.changes:
        return lines if revision.number == 1 else [*lines, _("-# Neither headline nor text changed.")]
    shown = revision.changes[:changes_shown]
    return [*lines, *map(_change, shown), *more_line(len(revision.changes) - len(shown))]


def _change(change: Change) -> str:
    pieces = [(MARKS[kind], label(words, PIECE_LENGTH)) for kind, words in change.pieces]
    text = " ".join(f"{mark}{words}{mark}" for mark, words in pieces if words)
    return _("- Headline: {change}").format(change=text) if change.where == "headline" else f"- {text}"

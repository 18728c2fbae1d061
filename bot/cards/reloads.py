"""Reloads, while they run and when they are done, as messages. Pure: values in, `Card` out."""

from __future__ import annotations

from bot.cards.card import ANSWERED, DOT, INCOMPLETE, Card, first_that_fits
from bot.cards.failures import MOST_FAILURES, failure_lines
from bot.cards.notes import note_card
from bot.wording.amounts import counted, duration, number
from bot.wording.language import _
from retrieval.article import Progress, ReloadReport


def progress_card(progress: Progress | None, begun: str | None = None) -> Card:
    """How far a reload is; `begun` says so of one that has yet to tell."""
    if progress is None:
        return note_card(begun or _("Reloading the articles…"))
    places = {"done": number(progress.done), "total": number(progress.total or 0)}
    return note_card(_stage(progress).format(**places))


def _stage(progress: Progress) -> str:
    partly = progress.total is not None
    match progress.stage:
        case "reading":
            return _("Reading articles: {done} of {total}…") if partly else _("Reading articles: {done}…")
        case "embedding":
            return _("Embedding passages: {done} of {total}…") if partly else _("Embedding passages: {done}…")
    return _("Indexing passages: {done} of {total}…") if partly else _("Indexing passages: {done}…")


def report_card(report: ReloadReport, heading: str | None = None) -> Card:
    """What a reload, or what else the `heading` tells (with a place for the {time}), changed, and what it skipped."""
    heading = (heading or _("## Reloaded in {time}")).format(time=duration(report.seconds))
    top = (heading, "\n".join([_changes(report), *_embedded(report)]))
    kinds = [
        (counted(len(report.failed), "**{count} skipped**", "**{count} skipped**"), report.failed),
        (
            counted(
                len(report.folded),
                "**{count} folded into another article**",
                "**{count} folded into other articles**",
            ),
            report.folded,
        ),
    ]
    kinds = [(heading, told) for heading, told in kinds if told]
    most = max((len(told) for _, told in kinds), default=0)
    accent = INCOMPLETE if report.failed else ANSWERED

    def card(shown: int) -> Card:
        parts = [("\n".join([heading, *failure_lines(told, min(shown, len(told)))]),) for heading, told in kinds]
        return Card((top, *parts), accent=accent)

    return first_that_fits([], card, min(MOST_FAILURES, most))


def _changes(report: ReloadReport) -> str:
    """The counts that are not 0; how many articles there are when nothing changed."""
    facts = [
        counted(report.added, "{count} added", "{count} added") if report.added else "",
        counted(report.updated, "{count} updated", "{count} updated") if report.updated else "",
        counted(report.removed, "{count} removed", "{count} removed") if report.removed else "",
    ]
    if not any(facts):
        return DOT.join([_("Nothing changed"), counted(report.unchanged, "{count} article", "{count} articles")])
    if report.unchanged:
        facts.append(counted(report.unchanged, "{count} unchanged", "{count} unchanged"))
    return DOT.join(filter(None, facts))


def _embedded(report: ReloadReport) -> tuple[str, ...]:
    if not report.embedded:
        return ()
    return (counted(report.embedded, "-# {count} passage embedded", "-# {count} passages embedded"),)

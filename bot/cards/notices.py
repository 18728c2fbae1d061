"""Briefings, reloads and notes as messages within Discord's limits. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import ABSTAINED, ANSWERED, DOT, INCOMPLETE, MAX_TEXT, Card, counted, first_that_fits, more_line
from bot.cards.citing import OUTLET_LENGTH, TITLE_LENGTH, also_reported, headline, key_points, source_line
from bot.wording.amounts import duration, number
from bot.wording.language import _
from bot.wording.markdown import block_quote, escape, label, shorten
from retrieval.article import Article, Briefing, Failure, Progress, Quote, ReloadReport, Story

QUESTION_LENGTH = 300
STORY_DETAILS = 2
"""Key points, or quotes, that a story of a briefing shows."""
FAILURES = 10
REASON_LENGTH = 200


def briefing_card(briefing: Briefing) -> Card:
    """The latest stories with their key points, or with quotes where the publisher gives none.

    What does not fit goes in this order: key points and quotes, the footer, stories from the end.
    """
    topic = label(briefing.topic or "", QUESTION_LENGTH)
    if not briefing.stories:
        nothing = _("I have no articles about “{topic}” yet.") if topic else _("I have no articles yet.")
        return Card(((nothing.format(topic=topic),),), ABSTAINED)
    heading = (_("## Latest news about “{topic}”") if topic else _("## Latest news")).format(topic=topic)
    legend = _legend(briefing.stories)
    details = range(STORY_DETAILS, -1, -1)
    *detailed, bare = [[_story_text(story, detail) for story in briefing.stories] for detail in details]
    count = len(bare)

    def card(stories: list[str], *, signed: bool = False) -> Card:
        end = (*more_line(count - len(stories)), *(legend if signed else ()))
        sections = ((heading,), *((story,) for story in stories), end)
        return Card(tuple(section for section in sections if section), ANSWERED)

    whole = [card(stories, signed=stories != bare) for stories in detailed]
    return first_that_fits(whole, lambda shown: card(bare[:shown]), count)


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
    if not report.failed:
        return Card((top,), ANSWERED)

    def card(shown: int) -> Card:
        return Card((top, (_failures(report.failed, shown),)), INCOMPLETE)

    return first_that_fits([], card, min(FAILURES, len(report.failed)))


def note_card(text: str) -> Card:
    """One plain sentence, such as an error's."""
    return Card(((escape(shorten(text, MAX_TEXT // 2)),),))


def hint_card(name: str) -> Card:
    """How to ask, for a mention without a question; `name` is the bot's."""
    name = label(name, OUTLET_LENGTH)
    text = _("Ask me about the news: **/ask**, or **\\@{name}** What did Rutte say about Russia?")
    return Card(((text.format(name=name),),))


def _story_text(story: Story, detail: int) -> str:
    """Headline, outlets and date, then up to `detail` key points, or quotes where there are none."""
    lead = story.lead
    lines = [headline(lead, "**"), *also_reported(story.articles[1:])]
    if points := key_points(lead):
        lines.extend(f"- {point}" for point in points[:detail])
    elif quotes := story.quotes[:detail]:
        # The empty line keeps two quotes from reading as one passage.
        lines.append("\n\n".join(_story_quote(quote, lead) for quote in quotes))
    return "\n".join(lines)


def _story_quote(quote: Quote, lead: Article) -> str:
    """A quote, over its source when the headline above is not that of its article."""
    source = [] if quote.article.id == lead.id else [f"-# {source_line(quote.article, quote.link)}"]
    return "\n".join([block_quote(quote.text), *source])


def _legend(stories: Sequence[Story]) -> tuple[str, ...]:
    """At most one line: whose words the details of these stories are."""
    bullets = any(key_points(story.lead) for story in stories)
    quotes = any(story.quotes and not key_points(story.lead) for story in stories)
    if bullets and quotes:
        return (_("-# Bullets are the publishers’ own summaries; indented quotes are word for word."),)
    if bullets:
        return (_("-# Bullets are the publishers’ own summaries."),)
    return (_("-# Indented quotes are word for word."),) if quotes else ()


def _changes(report: ReloadReport) -> str:
    """The counts that are not 0; how many articles there are when nothing changed."""
    facts = [
        counted(report.added, "{count} added", "{count} added") if report.added else "",
        counted(report.updated, "{count} updated", "{count} updated") if report.updated else "",
        counted(report.removed, "{count} removed", "{count} removed") if report.removed else "",
    ]
    if not any(facts):
        return DOT.join([_("Nothing changed"), _articles(report.unchanged)])
    if report.unchanged:
        facts.append(counted(report.unchanged, "{count} unchanged", "{count} unchanged"))
    return DOT.join(filter(None, facts))


def _embedded(report: ReloadReport) -> tuple[str, ...]:
    if not report.embedded:
        return ()
    return (counted(report.embedded, "-# {count} passage embedded", "-# {count} passages embedded"),)


def _failures(failed: Sequence[Failure], shown: int) -> str:
    lines = [
        f"- **{label(failure.where, TITLE_LENGTH) or '…'}** {label(failure.reason, REASON_LENGTH)}"
        for failure in failed[:shown]
    ]
    skipped = counted(len(failed), "**{count} skipped**", "**{count} skipped**")
    return "\n".join([skipped, *lines, *more_line(len(failed) - shown)])


def _articles(count: int) -> str:
    return counted(count, "{count} article", "{count} articles")

"""Briefings, reloads and notes as messages within Discord's limits. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import ABSTAINED, ANSWERED, DOT, INCOMPLETE, MAX_TEXT, Card, counted, first_that_fits, more_line
from bot.citing import OUTLET_LENGTH, TITLE_LENGTH, also_reported, headline, key_points, source_line
from bot.markdown import block_quote, escape, label, shorten
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
    about = f" about “{label(briefing.topic, QUESTION_LENGTH)}”" if briefing.topic else ""
    if not briefing.stories:
        return Card(((f"I have no articles{about} yet.",),), ABSTAINED)
    heading = f"## Latest news{about}"
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


def progress_card(progress: Progress | None, begun: str = "Reloading the articles…") -> Card:
    """How far a reload is; `begun` says so of one that has yet to tell."""
    if progress is None:
        return note_card(begun)
    unit = "articles" if progress.stage == "reading" else "passages"
    total = f" of {progress.total:,}" if progress.total is not None else ""
    return note_card(f"{progress.stage.capitalize()} {unit}: {progress.done:,}{total}…")


def report_card(report: ReloadReport, done: str = "Reloaded") -> Card:
    """What a reload, or whatever was `done`, changed, and the input it had to skip."""
    top = (f"## {done} in {_duration(report.seconds)}", "\n".join([_changes(report), *_embedded(report)]))
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
    return Card(((f"Ask me about the news: **/ask**, or **\\@{name}** What did Rutte say about Russia?",),))


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
    kinds = {"bullets are the publishers’ own summaries": bullets, "indented quotes are word for word": quotes}
    shown = "; ".join(kind for kind, there in kinds.items() if there)
    return (f"-# {shown.capitalize()}.",) if shown else ()


def _changes(report: ReloadReport) -> str:
    """The counts that are not 0; how many articles there are when nothing changed."""
    changed = {"added": report.added, "updated": report.updated, "removed": report.removed}
    if not any(changed.values()):
        return f"Nothing changed{DOT}{_articles(report.unchanged)}"
    return DOT.join(f"{count:,} {what}" for what, count in {**changed, "unchanged": report.unchanged}.items() if count)


def _embedded(report: ReloadReport) -> tuple[str, ...]:
    if not report.embedded:
        return ()
    return (f"-# {counted(report.embedded, '{count} passage embedded', '{count} passages embedded')}",)


def _failures(failed: Sequence[Failure], shown: int) -> str:
    lines = [
        f"- **{label(failure.where, TITLE_LENGTH) or '…'}** {label(failure.reason, REASON_LENGTH)}"
        for failure in failed[:shown]
    ]
    return "\n".join([f"**{len(failed):,} skipped**", *lines, *more_line(len(failed) - shown)])


def _articles(count: int) -> str:
    return counted(count, "{count} article", "{count} articles")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s"

"""Answers, briefings and reloads as message texts within Discord's limits. Pure: values in, `Card` out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from bot.card import (
    ABSTAINED,
    ANSWERED,
    DOT,
    INCOMPLETE,
    MAX_TEXT,
    Card,
    counted,
    first_that_fits,
    fits,
    more_line,
)
from bot.controls import one_line
from bot.dispute import dispute_line, number_of
from bot.markdown import block_quote, day_text, escape, label, linked, shorten
from retrieval.article import Answer, Article, Briefing, Failure, Progress, Quote, ReloadReport, Story

QUESTION_LENGTH = 300
LARGE_HEADING = 100
"""Characters of a question up to which it is a large heading; a longer one would fill a phone's screen."""
TITLE_LENGTH = 120
OUTLET_LENGTH = 60
OTHER_OUTLETS = 3
KEY_POINTS = 5
STORY_DETAILS = 2
"""Key points, or quotes, that a story of a briefing shows."""
FAILURES = 10
REASON_LENGTH = 200

UNSURE = "The articles I have do not answer this for certain.\n**This may bear on it:**"


def answer_card(answer: Answer) -> Card:
    """The quotes under the question, then the publisher's summary; or that the articles do not answer (for certain).

    What does not fit goes in this order: the summary, what contradicts the quotes, the footer, quotes from the
    end. A quote is shown whole or not at all.
    """
    if not answer.quotes:
        return _abstention_card(answer)
    above = (_heading(answer.question), *(() if answer.answered else (UNSURE,)))
    footer = f"{_looked_through(answer)}{DOT}{_confidence(answer.confidence)}"
    disagreement = _disagreement(answer)
    # The summary of an article that may not answer would only lead away.
    summary = _key_points(answer.quotes[0].article) if answer.answered else ()
    quotes = [_quote_text(quote, number, above) for number, quote in enumerate(answer.quotes, 1)]
    count = len(quotes)

    def card(shown: int, *below: tuple[str, ...], signed: bool = False) -> Card:
        top = (*above, *quotes[:shown], *more_line(count - shown))
        accent = ANSWERED if answer.answered else ABSTAINED
        return Card(_with_footer((top, *below), footer if signed else None), accent)

    whole = [
        card(count, disagreement, summary, signed=True),
        card(count, disagreement, signed=True),
        card(count, signed=True),
    ]
    return first_that_fits(whole, card, count)


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


def _abstention_card(answer: Answer) -> Card:
    top = (_heading(answer.question), "The articles I have do not answer this.")

    def card(shown: int) -> Card:
        headlines = [_headline(article) for article in answer.nearest[:shown]]
        nearest = ("**Nearest headlines**", *headlines) if headlines else ()
        return Card(_with_footer((top, nearest), _looked_through(answer)), ABSTAINED)

    return first_that_fits([], card, len(answer.nearest))


def _with_footer(sections: Iterable[tuple[str, ...]], footer: str | None) -> tuple[tuple[str, ...], ...]:
    *above, last = (section for section in sections if section)
    return (*above, (*last, footer) if footer else last)


def _heading(question: str) -> str:
    size = "##" if len(one_line(question)) <= LARGE_HEADING else "###"
    return f"{size} {label(question, QUESTION_LENGTH) or '…'}"


def _quote_text(quote: Quote, number: int, above: tuple[str, ...]) -> str:
    """A quote over its source; a plain statement instead of one that not even its own message would hold."""
    shown = block_quote(quote.text)
    source = f"-# {number}{DOT}{_source(quote.article, quote.link)}"
    for lines in ((shown, source + _history(quote), *_also_reported(quote.also_reported_by)), (shown, source)):
        text = "\n".join(lines)
        # The largest notice is reckoned with, so that this quote can stand where others had to go.
        if fits(Card(((*above, text, *more_line(sys.maxsize)),))):
            return text
    return f"This quote is too long to show here; it stands in the article.\n{source}"


def _history(quote: Quote) -> str:
    """What follows outlet and date: when the quote got its present wording, and who else carries it."""
    corrected = f"{DOT}corrected on {day_text(quote.corrected)}" if quote.corrected else ""
    names = [name for article in quote.also_carried_by if (name := _outlet(article))]
    carried = f"{DOT}also carried by {', '.join(names[:OTHER_OUTLETS])}{_rest(names)}" if names else ""
    return corrected + carried


def _source(article: Article, link: str | None) -> str:
    return f"{linked(_title(article), link, TITLE_LENGTH)}{DOT}{_outlet_and_day(article)}"


def _headline(article: Article, emphasis: str = "") -> str:
    """The title, as a link between two `emphasis` marks, over outlet and date."""
    title = linked(_title(article), article.url, TITLE_LENGTH)
    return f"{emphasis}{title}{emphasis}\n-# {_outlet_and_day(article)}"


def _title(article: Article) -> str:
    return one_line(article.title) or "Untitled"


def _outlet_and_day(article: Article) -> str:
    summary = "summary only" if article.summary_only else None
    return DOT.join(filter(None, [_outlet(article), day_text(article.published), summary]))


def _outlet(article: Article) -> str:
    return label(article.source or "", OUTLET_LENGTH)


def _also_reported(articles: Sequence[Article]) -> tuple[str, ...]:
    """At most one line: the other outlets, each with a link to its article."""
    names = [linked(article.source or _title(article), article.url, OUTLET_LENGTH) for article in articles]
    if not names:
        return ()
    return (f"-# Also reported by {', '.join(names[:OTHER_OUTLETS])}{_rest(names)}",)


def _rest(names: Sequence[str]) -> str:
    rest = len(names) - OTHER_OUTLETS
    return f" and {rest:,} more" if rest > 0 else ""


def _disagreement(answer: Answer) -> tuple[str, ...]:
    """Both sides, each once: what stands above already is named by its number."""
    if not answer.disagreement:
        return ()
    quotes = answer.disagreement.quotes
    line = f"**{escape(one_line(dispute_line(answer.disagreement)))}**"
    return (line, *(_side(number_of(quote, answer), quote) for quote in quotes))


def _side(number: int | None, quote: Quote) -> str:
    if number:
        return f"-# Quote {number}{DOT}{_outlet_and_day(quote.article)}"
    return f"{block_quote(quote.text)}\n-# {_source(quote.article, quote.link)}"


def _key_points(article: Article) -> tuple[str, ...]:
    """At most one text: the publisher's summary, named as such."""
    points = _points(article)
    if not points:
        return ()
    heading = f"**Key points, as {_outlet(article) or 'the publisher'} gives them**"
    bullets = [f"- {point}" for point in points[:KEY_POINTS]]
    return ("\n".join([heading, *bullets, *more_line(len(points) - KEY_POINTS)]),)


def _points(article: Article) -> list[str]:
    return [point for line in article.key_points if (point := escape(one_line(line)))]


def _story_text(story: Story, detail: int) -> str:
    """Headline, outlets and date, then up to `detail` key points, or quotes where there are none."""
    lead = story.lead
    lines = [_headline(lead, "**"), *_also_reported(story.articles[1:])]
    if points := _points(lead):
        lines.extend(f"- {point}" for point in points[:detail])
    elif quotes := story.quotes[:detail]:
        # The empty line keeps two quotes from reading as one passage.
        lines.append("\n\n".join(_story_quote(quote, lead) for quote in quotes))
    return "\n".join(lines)


def _story_quote(quote: Quote, lead: Article) -> str:
    """A quote, over its source when the headline above is not that of its article."""
    source = [] if quote.article.id == lead.id else [f"-# {_source(quote.article, quote.link)}"]
    return "\n".join([block_quote(quote.text), *source])


def _legend(stories: Sequence[Story]) -> tuple[str, ...]:
    """At most one line: whose words the details of these stories are."""
    bullets = any(_points(story.lead) for story in stories)
    quotes = any(story.quotes and not _points(story.lead) for story in stories)
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


def _confidence(confidence: float) -> str:
    if confidence >= 0.85:
        return "high confidence"
    return "fair confidence" if confidence >= 0.65 else "low confidence"


def _looked_through(answer: Answer) -> str:
    what = label(answer.scope, QUESTION_LENGTH) if answer.scope else _articles(answer.articles)
    return f"-# Looked through {what}"


def _articles(count: int) -> str:
    return counted(count, "{count} article", "{count} articles")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s"

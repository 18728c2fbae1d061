"""Answers, briefings and reports as pages for a terminal: pure functions, from a value to what rich prints.

Everything that articles say goes through `rich.text.Text`, never markup, and without control characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from bot.cards.articles import in_language, outlet_or_site, summary_only
from bot.cards.disagreement import disagreement_line, number_of
from bot.wording.amounts import day_in_words
from bot.wording.language import reading_too
from bot.wording.tongues import headed
from retrieval.answer import Age, Answer, Briefing, Disagreement, Quote, Story, Timeline
from retrieval.article import Article, Day, Failure, Reading, ReloadReport, Status
from retrieval.text.controls import one_line, without_controls

if TYPE_CHECKING:
    from bot.connection.syncing import Synced

INDENT = "   "
FEW = 3
PROMPTED = ("questions", "passages")
"""Before what a model's prompts go, in the order of `Status.prompts`."""
"""Of many of a kind so many are named."""
_KINDS = {"note": "Note on", "folded": "Folded", "copy": "Copy"}


@dataclass(frozen=True, slots=True)
class Indented:
    """`text` after `first`, wrapped to what room is left, the further lines as far from the edge as the first."""

    text: Text
    first: str = INDENT

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        whole = bool(self.text.no_wrap or options.no_wrap)
        width = max(20, options.max_width - len(self.first))
        lines = self.text.wrap(console, width, overflow="ignore" if whole else "fold", no_wrap=whole)
        for number, line in enumerate(lines):
            line.rstrip()
            margin = " " * len(self.first) if number else self.first
            yield Text.assemble(margin, line, no_wrap=True, overflow="ignore")


def show(console: Console, page: RenderableType) -> None:
    """Print `page`: wrapped to the window of a terminal, with whole lines anywhere else."""
    console.print(page, soft_wrap=not console.is_terminal, crop=False)


def answer_page(answer: Answer) -> Group:
    """The quotes with their sources, the story that is meant, or what came nearest where the articles do not answer."""
    with reading_too(answer.language):
        if answer.stories:
            return Group(*_told(answer))
        return Group(*(_quotes(answer) if answer.quotes else _abstention(answer)))


def briefing_page(briefing: Briefing) -> Group:
    """The latest stories, each in quotes of those who report it, with where to read it."""
    if not briefing.stories:
        about = f" about “{one_line(briefing.topic)}”" if briefing.topic else ""
        return Group(Text(f"There are no articles{about}."), *_still_reading(briefing.reading))
    stories = _parted(_story(number, story) for number, story in enumerate(briefing.stories, start=1))
    return Group(*stories, *_still_reading(briefing.reading))


def timeline_page(timeline: Timeline) -> Group:
    """A story step by step, the oldest first, and in full where its reports differ."""
    story = timeline.story
    blocks: list[RenderableType] = [
        Group(Indented(Text(one_line(story.lead.title), "bold"), ""), *_facts(replace(story, disagreement=None))),
        *(_step(quote) for quote in timeline.steps),
    ]
    if story.disagreement:
        heading = Text(one_line(disagreement_line(story.disagreement)), "bold")
        blocks.append(Group(heading, *(line for quote in story.disagreement.quotes for line in _side(None, quote))))
    return Group(*_parted(blocks))


def _step(quote: Quote) -> Group:
    day = Text(day_text(quote.article.published), "bold")
    source = " · ".join(filter(None, [_outlet(quote.article), one_line(quote.article.title)]))
    return Group(day, Indented(_quoted(quote)), Indented(Text(source, "dim")), *_link(quote.link))


def synced_page(synced: Synced) -> Text:
    """Which commands were added, changed and removed on Discord, a line each."""
    if not synced.sent:
        return Text("Discord has these commands already; --force sends them all the same.")
    parts = (("Added", synced.added), ("Changed", synced.changed), ("Removed", synced.removed))
    lines = [f"{what}: {', '.join(names)}" for what, names in parts if names]
    return Text("\n".join(lines or ["Sent; Discord had the same commands already."]))


def report_page(report: ReloadReport) -> Group:
    """What a reload changed, with what it skipped and folded."""
    return Group(Text(report_line(report)), *remark_lines(report))


def report_line(report: ReloadReport, done: str = "Reloaded") -> str:
    """The counts of a reload, or whatever was `done`, in a sentence."""
    counts = f"{report.added} added, {report.updated} updated, {report.removed} removed"
    folded = len(report.folded) - report.copies
    more = (f", {folded} folded" if folded else "") + (f", {report.copies} copies" if report.copies else "")
    return f"{done} in {report.seconds:.1f} s: {counts}, {report.unchanged} unchanged{more}."


def remark_lines(report: ReloadReport) -> list[Text]:
    """What was not taken as it was offered, a line for each kind, with the first few of it."""
    undated = f"Undated {len(report.undated)}: {_first_few(report.undated)}"
    lines = failure_lines((*report.failed, *report.folded))
    return [*lines, Text(undated, "yellow")] if report.undated else lines


def failure_lines(failures: Iterable[Failure]) -> list[Text]:
    """A line for each input that was skipped, folded, or taken without one of its fields; one for many of a kind."""
    kinds: dict[str, list[str]] = {}
    for each in failures:
        said = f"{one_line(each.where)}: {one_line(each.reason)}"
        kinds.setdefault(_KINDS.get(each.kind, "Skipped"), []).append(said)
    lines = [
        f"{kind} {line}" if len(each) <= FEW else f"{kind} {len(each)}: {_first_few(each)}"
        for kind, each in kinds.items()
        for line in (each if len(each) <= FEW else [""])
    ]
    return [Text(line, "yellow") for line in lines]


def _first_few(texts: Sequence[str]) -> str:
    shown = [one_line(text).rstrip(".") for text in texts[:FEW]]
    return " · ".join([*shown, *([f"and {len(texts) - FEW:,} more (--json names all)"] if len(texts) > FEW else [])])


def status_page(status: Status, database: Mapping[str, str | None] | None = None) -> Group:
    """What the index holds, a line for each fact; and the database that processes share, if there is one."""
    reloaded = day_text(status.reloaded) if status.reloaded else "never"
    span = f"{day_text(status.oldest)} to {day_text(status.newest)}" if status.newest else "undated"
    outlets = f" from {_counted(status.sources, 'outlet')}" if status.sources else ""
    facts = {
        "Articles": f"{status.articles:,}{outlets}",
        "Passages": f"{status.passages:,}",
        "Published": span,
        "Model": _model(status),
        "Reloaded": f"{reloaded} (generation {status.generation})",
    }
    lines = [Text.assemble((f"{name:<10}", "bold"), fact) for name, fact in facts.items()]
    if status.articles_in:
        named = ", ".join(f"{headed(code)} {count:,}" for code, count in status.articles_in.items())
        lines.insert(1, Text.assemble((f"{'Languages':<10}", "bold"), named))
    if status.reading:
        lines.insert(1, Text.assemble((f"{'Reading':<10}", "bold"), reading_line(status.reading)))
    if status.feeds:
        lines.append(Text.assemble((f"{'Feeds':<10}", "bold"), f"{status.feeds:,}"))
    if database:
        reached = f"not reached: {one_line(failure)}" if (failure := database["failure"]) else "reached"
        lines.append(Text.assemble((f"{'Database':<10}", "bold"), f"{database['place']}, {reached}"))
    failed = [Text(f"{one_line(each.where)}: {one_line(each.reason)}", "yellow") for each in status.feeds_failed]
    notice = [Text(one_line(status.notice), "yellow")] if status.notice else []
    return Group(*lines, *failure_lines(status.failed), *failed, *notice)


def _model(status: Status) -> str:
    """The model, what computes it if it is loaded, which languages it knows, and its prompts, if it has any."""
    computed = f", computed with {status.runtime}" if status.runtime else ""
    knows = f"; languages: {', '.join(status.languages) or 'many'}"
    before = [f'"{prompt}" before {what}' for prompt, what in zip(status.prompts, PROMPTED, strict=True) if prompt]
    return one_line(f"{status.model}{computed}{knows}{'; ' if before else ''}{', '.join(before)}")


def reading_line(reading: Reading) -> str:
    """How far it is: "412 of 10,000 articles, 3 min left"."""
    left = "" if reading.left is None else f", {_time_left(reading.left)} left"
    return f"{reading.done:,} of {reading.total:,} articles{left}"


def _time_left(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def source_text(article: Article) -> str:
    """Outlet, date and title: "BBC News · 5 December 2025 · Headline"."""
    return f"{_outlet_and_day(article)} · {one_line(article.title)}"


def day_text(day: Day | None) -> str:
    """A date for people, with the hour (UTC) where it is known: "5 December 2025 14:30 UTC"."""
    if day is None:
        return "undated"
    if isinstance(day, datetime):
        return f"{day_text(day.astimezone(UTC).date())} {day.astimezone(UTC):%H:%M} UTC"
    return day_in_words(day)


def _quotes(answer: Answer) -> list[RenderableType]:
    blocks: list[RenderableType] = [] if answer.answered else [_unsure()]
    if answer.age:
        blocks.append(_how_old(answer.age))
    blocks += [_quote(number, quote) for number, quote in enumerate(answer.quotes, start=1)]
    if answer.disagreement:
        blocks.append(_disagreement(answer, answer.disagreement))
    lead = answer.quotes[0].article
    if lead.key_points and answer.answered:
        blocks.append(Group(*_summary(lead)))
    blocks.append(_footer(answer))
    return [*_parted(blocks), *_still_reading(answer.reading)]


def _told(answer: Answer) -> list[RenderableType]:
    """The story that a broad question means, and the headlines of others that fit, under the numbers that open them."""
    first, *others = answer.stories
    blocks: list[RenderableType] = [Text(f"Understood as: the news about “{one_line(answer.topic or '')}”", "dim")]
    if answer.age:
        blocks.append(_how_old(answer.age))
    blocks.append(_story(1, first))
    if others:
        headlines = (Indented(Text(source_text(story.lead)), f"{at}. ") for at, story in enumerate(others, start=2))
        blocks.append(Group(Text("Or did you mean one of these?"), *headlines))
    return [*_parted([*blocks, _footer(answer)]), *_still_reading(answer.reading)]


def _how_old(age: Age) -> Text:
    said = "The newest I have is from" if age.of_now else "The newest report on this is from"
    return Text(f"{said} {day_text(age.newest)}.", "dim")


def _footer(answer: Answer) -> Text:
    return Text(f"Confidence {answer.confidence:.0%} · looked {_through(answer)}", "dim")


def _unsure() -> Group:
    return Group(Text("The articles do not answer this question for certain.", "bold"), Text("This may bear on it:"))


def _quote(number: int, quote: Quote) -> Group:
    lines: list[RenderableType] = [
        Indented(_quoted(quote), f"{number}. "),
        Indented(Text(_source(quote), "dim")),
        *_link(quote.link),
    ]
    for article in quote.also_reported_by:
        lines += _also_reported(article)
    return Group(*lines)


def _source(quote: Quote) -> str:
    """As `source_text`, with when the quote got its present wording, and who else carries it, after the date."""
    facts = [f"corrected on {day_text(quote.corrected)}"] if quote.corrected else []
    names = [name for article in quote.also_carried_by if (name := _outlet(article))]
    facts += [f"also carried by {', '.join(names)}"] if names else []
    return " · ".join([_outlet_and_day(quote.article), *facts, one_line(quote.article.title)])


def _disagreement(answer: Answer, disagreement: Disagreement) -> Group:
    """Both sides, each once: what stands above already is named by its number."""
    lines: list[RenderableType] = [Text(one_line(disagreement_line(disagreement)), "bold")]
    for quote in disagreement.quotes:
        lines += _side(number_of(quote, answer), quote)
    return Group(*lines)


def _side(number: int | None, quote: Quote) -> list[RenderableType]:
    if number:
        return [Indented(Text(f"quote {number} ({_outlet_and_day(quote.article)})", "dim"), " - ")]
    source = Indented(Text(source_text(quote.article), "dim"))
    return [Indented(_quoted(quote), " - "), source, *_link(quote.link)]


def _abstention(answer: Answer) -> list[RenderableType]:
    blocks: list[RenderableType] = [Text("The articles do not answer this question.", "bold")]
    if answer.nearest:
        blocks.append(Group(Text("The nearest headlines:"), *map(_headline, answer.nearest)))
    blocks.append(Text(f"Looked {_through(answer)}", "dim"))
    return [*_parted(blocks), *_still_reading(answer.reading)]


def _still_reading(reading: Reading | None) -> list[RenderableType]:
    return [Text(f"Still reading: {reading_line(reading)}", "yellow")] if reading else []


def _headline(article: Article) -> Group:
    return Group(Indented(Text(source_text(article)), " - "), *_link(article.url))


def _story(number: int, story: Story) -> Group:
    lead = story.lead
    lines = [Indented(Text(one_line(lead.title), "bold"), f"{number}. "), *_facts(story)]
    if story.quotes:
        for quote in story.quotes:
            lines += [Indented(_quoted(quote)), *_origin(quote, story)]
    elif lead.key_points:
        lines += _summary(lead)
    return Group(*lines, *_link(lead.url))


def _facts(story: Story) -> list[RenderableType]:
    """Who reports a story and when, what is new of it, its number, and where reports differ."""
    told = [_reported_by(story), f"{len(story.new)} new" if story.new else "", f"story {story.id}" if story.id else ""]
    lines: list[RenderableType] = [Indented(Text(" · ".join(filter(None, told)), "dim"))]
    return [*lines, Indented(Text(_differing(story.disagreement)))] if story.disagreement else lines


def _reported_by(story: Story) -> str:
    if len(story.articles) == 1:
        return _outlet_and_day(story.lead)
    outlets = len(story.outlets)
    named = _outlet(story.articles[0]) if outlets == 1 else _counted(outlets, "outlet")
    first, last = day_text(story.first), day_text(story.last)
    span = last if first == last else f"{first} to {last}"
    return " · ".join([*([named] if outlets else []), _counted(len(story.articles), "report"), span])


def _origin(quote: Quote, story: Story) -> list[RenderableType]:
    """Whose words a quote is, where that does not stand above."""
    alone = len(story.articles) == 1 and quote.article.id == story.lead.id
    return [] if alone else [Indented(Text(_outlet_and_day(quote.article), "dim"))]


def _differing(disagreement: Disagreement) -> str:
    """Who reports what, without the sentences."""
    said = "Reports differ" if disagreement.about == "figures" else "Reports contradict each other"
    sides = zip_longest(map(_said_by, disagreement.quotes), disagreement.figures)
    return f"{said}: {', '.join(f'{one_line(figure)} ({name})' if figure else name for name, figure in sides if name)}"


def _said_by(quote: Quote) -> str:
    return _outlet(quote.article) or one_line(quote.article.title)


def _also_reported(article: Article) -> list[RenderableType]:
    return [Indented(Text(f"Also reported by {source_text(article)}", "dim")), *_link(article.url)]


def _summary(article: Article) -> list[RenderableType]:
    """The key points, named as what they are: the publisher's words, but not those of the article."""
    outlet = _outlet(article)
    heading = Indented(Text(f"Publisher's summary{f' ({outlet})' if outlet else ''}:", "italic"))
    return [heading, *(Indented(Text(one_line(point)), f"{INDENT}- ") for point in article.key_points)]


def _outlet_and_day(article: Article) -> str:
    day = day_text(article.published)
    return " · ".join(filter(None, [_outlet(article), day, in_language(article), summary_only(article)]))


def _outlet(article: Article) -> str:
    return outlet_or_site(article, article.url)


def _quoted(quote: Quote) -> Text:
    start, end = quote.answer or (0, 0)
    before, answers, after = map(without_controls, (quote.text[:start], quote.text[start:end], quote.text[end:]))
    return Text.assemble("“", before, (answers, "bold"), after, "”")


def _link(url: str | None) -> list[RenderableType]:
    # Never broken over lines by us, so that it can be clicked and copied.
    return [Indented(Text(one_line(url), "blue", no_wrap=True))] if url else []


def _through(answer: Answer) -> str:
    what = str(answer.narrowed) if answer.narrowed else _counted(answer.articles, "article")
    return f"through {without_controls(what)} in {answer.seconds:.2f} s"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _parted(blocks: Iterable[RenderableType]) -> list[RenderableType]:
    """`blocks` with an empty line between each two."""
    parted: list[RenderableType] = []
    for block in blocks:
        parted += [Text(""), block] if parted else [block]
    return parted

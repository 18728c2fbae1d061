"""A story as it is shown wherever one is: in `/latest`, in digests and in alerts. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from bot.cards.articles import key_points, linked_title
from bot.cards.buttons import Row
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, fits, more_line
from bot.cards.lengths import OUTLET_LENGTH, QUESTION_LENGTH
from bot.cards.reports import cited, differing, new_to_reader, reported_by
from bot.cards.searched import as_of_day, still_reading
from bot.cards.story_buttons import opening_rows
from bot.wording.amounts import day_in_words
from bot.wording.language import _
from bot.wording.markdown import block_quote, label
from bot.wording.tongues import called
from retrieval.answer import Briefing, Quote, Story
from retrieval.article import EVERYTHING, Day, Scope

STORIES = 5
"""Stories on a page of the latest."""
KEY_POINTS = 2
"""The publisher's key points that a story without quotes shows."""

News = Callable[[Story], str]
"""What is said of what is new in a story; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Fullness:
    """How much of a story is told: so many of its quotes, linked to the passage, to the page or not at all, and
    whether it is said where reports differ.
    """

    quotes: int
    links: Literal["passage", "page", None] = None
    differing: bool = True


TELLINGS = (
    *(Fullness(quotes, "passage") for quotes in (4, 3, 2)),
    Fullness(2, "page"),
    Fullness(2),
    Fullness(1, "page"),
    Fullness(1),
    Fullness(0),
    Fullness(0, differing=False),
)
"""From the fullest to the barest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around stories: the texts above them, and below them, by how many are shown and whether with more
    than headlines; the number of the first; as of which day they are told; the buttons below theirs.
    """

    above: tuple[str, ...]
    below: Callable[[int, bool], tuple[str, ...]]
    first: int = 1
    as_of: Day | None = None
    rows: tuple[Row, ...] = ()


def briefing_card(briefing: Briefing, scope: Scope = EVERYTHING, page: int = 0, rows: tuple[Row, ...] = ()) -> Card:
    """A page (from 0) of the latest stories within `scope`, and how many articles are read by now, above `rows`.

    What does not fit goes as for `card_of_stories`.
    """
    topic = label(briefing.topic or "", QUESTION_LENGTH)
    narrowed = _narrowed(briefing, scope, page)
    if not briefing.stories:
        nothing = _("I have no articles about “{topic}” yet.") if topic else _("I have no articles yet.")
        return Card(((nothing.format(topic=topic), *narrowed),), accent=ABSTAINED, rows=rows)
    heading = (_("## Latest news about “{topic}”") if topic else _("## Latest news")).format(topic=topic)
    count, legend = len(briefing.stories), _legend(briefing.stories)
    frame = Frame(
        above=(heading, *narrowed),
        below=lambda shown, detailed: (*more_line(count - shown), *(legend if detailed else ())),
        first=page * STORIES + 1,
        as_of=scope.until,
        rows=rows,
    )
    return card_of_stories(briefing.stories, new_to_reader, frame)[0]


def _narrowed(briefing: Briefing, scope: Scope, page: int) -> tuple[str, ...]:
    """At most one line: what of all stories these are."""
    said = [
        _("from {outlet}").format(outlet=label(scope.source, OUTLET_LENGTH)) if scope.source else "",
        _("in {language}").format(language=called(scope.language)) if scope.language else "",
        _("since {day}").format(day=day_in_words(scope.since)) if scope.since else "",
        as_of_day(scope.until) if scope.until else "",
        _("page {number}").format(number=page + 1) if page else "",
        still_reading(briefing.reading) if briefing.reading else "",
    ]
    line = DOT.join(filter(None, said))
    return (f"-# {line}",) if line else ()


def card_of_stories(stories: Sequence[Story], news: News, frame: Frame) -> tuple[Card, int]:
    """Stories with a button each that opens it, and how many of them are shown, which may be all.

    What does not fit goes step by step, in each step of the last story first: quotes beyond the second, links from
    quotes to their passages, then to their pages, the second quote, the first (or key points), where reports differ;
    then stories from the end. A quote is shown whole or not at all.
    """

    alone = frame.first == len(stories) == 1

    @cache
    def text(at: int, telling: Fullness) -> str:
        number = "" if alone else f"{frame.first + at}\\. "
        return number + story_text(stories[at], telling, news)

    def card(tellings: Sequence[Fullness]) -> Card:
        shown = len(tellings)
        texts = [(text(at, telling),) for at, telling in enumerate(tellings)]
        sections = (frame.above, *texts, frame.below(shown, any(telling.quotes for telling in tellings)))
        rows = (*opening_rows(stories[:shown], None if alone else frame.first, frame.as_of), *frame.rows)
        return Card(tuple(filter(None, sections)), accent=ANSWERED, rows=rows)

    count, bare = len(stories), TELLINGS[-1]
    shown = next(shown for shown in range(count, -1, -1) if fits(card([bare] * shown)))
    if shown < count:
        return card([bare] * shown), shown
    return next(each for each in map(card, _tellings(count)) if fits(each)), count


def _tellings(count: int) -> Iterator[Sequence[Fullness]]:
    """How `count` stories are told, from the fullest way on."""
    yield [TELLINGS[0]] * count
    for fuller, barer in pairwise(TELLINGS):
        for full in range(count - 1, -1, -1):
            yield [fuller] * full + [barer] * (count - full)


def story_text(story: Story, telling: Fullness, news: News) -> str:
    """Headline, who reports it and what is new, where reports differ, then quotes; key points where there are none."""
    facts = DOT.join(filter(None, [reported_by(story), news(story)]))
    lines = [f"**{linked_title(story.lead)}**", f"-# {facts}"]
    if story.disagreement and telling.differing:
        lines.append(f"-# {differing(story.disagreement)}")
    if story.quotes[: telling.quotes]:
        lines.append(_quotes(story, telling))
    elif not story.quotes:
        lines.extend(f"- {point}" for point in key_points(story.lead)[: min(KEY_POINTS, telling.quotes)])
    return "\n".join(lines)


def _quotes(story: Story, telling: Fullness) -> str:
    quotes = story.quotes[: telling.quotes]
    # The empty line keeps two quotes from reading as one passage.
    if len(story.articles) == 1 and all(quote.article.id == story.lead.id for quote in quotes):
        return "\n\n".join(block_quote(quote.text) for quote in quotes)  # whose they are stands above
    return "\n\n".join(f"{block_quote(quote.text)}\n-# {cited(quote, _link(quote, telling))}" for quote in quotes)


def _link(quote: Quote, telling: Fullness) -> str | None:
    return {"passage": quote.link, "page": quote.article.url, None: None}[telling.links]


def _legend(stories: Sequence[Story]) -> tuple[str, ...]:
    """At most one line: whose words the details of these stories are."""
    bullets = any(key_points(story.lead) and not story.quotes for story in stories)
    quotes = any(story.quotes for story in stories)
    if bullets and quotes:
        return (_("-# Bullets are the publishers’ own summaries; indented quotes are word for word."),)
    if bullets:
        return (_("-# Bullets are the publishers’ own summaries."),)
    return (_("-# Indented quotes are word for word."),) if quotes else ()

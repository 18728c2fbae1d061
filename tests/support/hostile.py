"""Values whose every text is hostile: it mentions, links, formats, and is far too long."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from hypothesis import strategies as st

from retrieval.answer import Answer, Briefing, Disagreement, Quote, Story
from retrieval.article import Article, Day, Failure, ReloadReport

FRAGMENTS = [
    "@everyone", "@here", "<@1234>", "<@!1234>", "<@&99>", "<#77>", "</ask:123>", "<t:0:R>", "<id:customize>",
    "<:party:123>", "<a:party:123>", ":smile:", ":+1:", ":flag_us:", "[click](https://evil.example)",
    "[x](<https://evil.example>)", "https://evil.example/a_b", "<https://evil.example>", "<mailto:a@b.example>",
    "steam://run", "# ", "## ", "### ", "-# ", "- ", "* ", "+ ", "1. ", "12.", "> ", ">>> ", "```py\n", "``", "`",
    "**", "*", "__", "_", "~~", "||", "\\", "\\\\", "\\@everyone", "¯\\_(ツ)_/¯", "\n", "\r\n", "\r", "\u2028",
    "\u0085", "\t", "\u202e", "\u2066", "\x00", "\x1b[31m", "\ufeff", "\u200b", "\u00a0", "\ud83d", "😀", "👩‍👩‍👧",
    "؜", "שלום",     "U.S.", "“Mr. Rutte”", " ", "(", ")", "[", "]", "<", ">", "@", ":", "//", "word", "1", "everyone",
]  # fmt: skip
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=12).map("".join)
long_hostile = st.builds(str.__mul__, hostile, st.sampled_from([3, 20, 150]))
texts = hostile | long_hostile
urls = st.none() | hostile | hostile.map(lambda path: f"https://news.example/{path}") | st.just("https://a.b/c")
moments = st.datetimes(
    datetime(1970, 1, 2),
    datetime(2200, 1, 1),
    timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-9))),
)
days = st.none() | st.dates() | moments
articles = st.builds(
    Article,
    id=st.uuids().map(str),
    title=texts,
    body=texts,
    url=urls,
    source=st.none() | texts,
    published=days,
    updated=st.none(),
    key_points=st.lists(texts, max_size=8).map(tuple),
    summary_only=st.booleans(),
)


def quote_with(
    text: str,
    article: Article,
    link: str | None,
    others: tuple[Article, ...],
    carriers: tuple[Article, ...],
    corrected: Day | None,
    marked: tuple[int, int] | None,
) -> Quote:
    return Quote(
        text=text,
        start=0,
        end=len(text),
        article=dataclasses.replace(article, body=text),
        link=link,
        also_reported_by=others,
        also_carried_by=carriers,
        corrected=corrected,
        answer=marked and (min(*marked, len(text)), min(max(marked), len(text))),
    )


other_articles = st.lists(articles, max_size=5).map(tuple)
marked = st.none() | st.tuples(st.integers(0, 40), st.integers(0, 40))
quotes = st.builds(quote_with, texts, articles, urls, other_articles, other_articles, days, marked)
plain_answers = st.builds(
    Answer,
    question=texts,
    answered=st.booleans(),
    confidence=st.floats(0, 1),
    quotes=st.lists(quotes, max_size=6).map(tuple) | st.lists(quotes, max_size=1).map(lambda one: tuple(one) * 50),
    nearest=st.lists(articles, max_size=8).map(tuple),
    articles=st.integers(0, 10**7),
    generation=st.just(1),
    seconds=st.just(0.1),
)


def disputed(answer: Answer, others: list[Quote], held: list[int], about: Literal["figures", "denial"]) -> Answer:
    """`answer` with a disagreement of `others` and of those of its own quotes that `held` numbers."""
    own = [answer.quotes[number] for number in held if number < len(answer.quotes)]
    sides = (*own, *others)
    return dataclasses.replace(answer, disagreement=Disagreement(sides, about) if len(sides) > 1 else None)


answers = st.builds(
    disputed,
    plain_answers,
    st.lists(quotes, max_size=3),
    st.lists(st.integers(0, 4), max_size=3, unique=True),
    st.sampled_from(["figures", "denial"]),
)


@st.composite
def told_stories(draw: st.DrawFn) -> Story:
    """A story with all that can be told of one."""
    reports, said = draw(st.lists(articles, min_size=1, max_size=3)), draw(st.lists(quotes, max_size=3))
    about: Literal["figures", "denial"] = draw(st.sampled_from(["figures", "denial"]))
    figures = draw(st.just(()) | st.tuples(texts, texts))
    return Story(
        tuple(reports),
        tuple(said),
        central=draw(st.integers(0, len(reports) - 1)),
        disagreement=Disagreement(tuple(said[:2]), about, figures) if len(said) > 1 else None,
        new=frozenset(each.id for each in reports if draw(st.booleans())),
    )


def numbered(told: list[Story]) -> tuple[Story, ...]:
    """No two stories have the same number."""
    return tuple(dataclasses.replace(story, id=number) for number, story in enumerate(told, 2**62))


stories = told_stories()
briefings = st.builds(
    Briefing,
    topic=st.none() | texts,
    stories=(st.lists(stories, max_size=4) | stories.map(lambda one: [one] * 45)).map(numbered),
    generation=st.just(1),
    seconds=st.just(0.1),
)
reports = st.builds(
    ReloadReport,
    added=st.integers(0, 10**6),
    updated=st.integers(0, 10),
    removed=st.integers(0, 10),
    unchanged=st.integers(0, 10**6),
    embedded=st.integers(0, 10**6),
    failed=st.lists(st.builds(Failure, texts, texts), max_size=30).map(tuple),
    seconds=st.floats(0, 10**5),
    generation=st.just(3),
)

"""Whatever articles, feeds, servers and members say: each card keeps to what Discord takes of a message.

No process is needed; the cards are laid out as the bot lays them out, and judged as the loopback judges messages.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.cards import feeds as source_cards
from bot.cards import subscribed
from bot.cards.answers import show_answer
from bot.cards.buttons import turn_rows
from bot.cards.card import Card, Picture
from bot.cards.changes import Change
from bot.cards.collections import collections_card, left_card, reads_card
from bot.cards.coverage import coverage_card
from bot.cards.digests import alert_card, digest_card
from bot.cards.excerpts import Excerpt, article_card, excerpt_card, gone_card, more_pages
from bot.cards.forgotten import forgotten_card
from bot.cards.history import Revision, history_card
from bot.cards.notes import hint_card, note_card
from bot.cards.refusals import elsewhere_card, wait_card
from bot.cards.reloads import progress_card, report_card
from bot.cards.settings import SETTINGS, changed_card, changes, keep_change, settings_card
from bot.cards.status import Process, status_card
from bot.cards.stories import briefing_card
from bot.cards.timeline import timeline_card
from bot.cards.withdrawals import restored_card, withdrawal_card
from bot.connection.errors import explain
from bot.connection.views import layout
from bot.memory.exchanges import Asking, Votes
from bot.memory.guilds import GuildSettings
from bot.memory.schedule import Schedule
from bot.memory.servers import Remembered
from bot.memory.subscriptions import Subscription
from retrieval.answer import Answer, Briefing, Disagreement, Passage, Quote, Story, Timeline
from retrieval.answering.quote import cut_quote
from retrieval.article import Article, Collection, Progress, ReloadReport, Scope, Status
from retrieval.errors import QuotewireError
from retrieval.index.coverage import Coverage
from retrieval.index.versions import Version
from retrieval.reading.feeds.feed import Feed
from retrieval.reading.feeds.followed import Added, Imported, Preview
from retrieval.text.tongues import CODES
from tests.support.loopback.openapi import description
from tests.support.loopback.rules import COMPONENTS_V2, message_violations

FRAGMENTS = [
    "@everyone", "<@1234>", "<@&99>", "<#77>", "</ask:123>", "<t:0:R>", "<:party:123>", "[click](https://evil.example)",
    "https://evil.example/a_b", "# ", "-# ", "- ", "1. ", "> ", ">>> ", "```py\n", "`", "**", "__", "~~", "||", "\\",
    "\n", "\r\n", "\u2028", "\t", "\u202e", "\x00", "\x1b[31m", "\ufeff", "\u200b", "\u00a0", "\ud83d", "😀", "👩‍👩‍👧",
    "שלום", "U.S.", " ", "(", ")", "[", "]", "<", ">", "@", ":", "//", "word", "1", "{count}", "{title}", "%s",
]  # fmt: skip
short = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)
hostile = (
    short
    | st.builds(str.__mul__, short, st.sampled_from([10, 150]))
    | st.builds(str.__mul__, st.sampled_from(FRAGMENTS), st.just(900))  # of one kind, longer than any message
)
said = hostile.map(lambda text: text if text.strip() else f"word {text}")
"""What is never empty."""
addresses = st.sampled_from(
    ["https://news.example/a", "http://[::1]/x y", "javascript:alert(1)", "https://" + "x" * 600]
)
urls = addresses | hostile.map(lambda path: f"https://news.example/{path}")
moments = st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1900, 1, 1), date(2999, 1, 1))
ids = st.integers(1, 2**63 - 1)

articles: st.SearchStrategy[Article] = st.builds(
    Article,
    id=said.map(lambda text: text[:300]),
    title=said,
    body=said,
    url=st.none() | urls,
    source=st.none() | said,
    published=st.none() | days | moments,
    updated=st.none() | moments,
    key_points=st.lists(said, max_size=7).map(tuple),
    summary_only=st.booleans(),
    language=st.none() | st.sampled_from(sorted(CODES)),
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Article, int, int]:
    """A part of an article's body that holds more than white space."""
    article = draw(articles)
    start = draw(st.integers(0, len(article.body) - 1))
    end = draw(st.integers(start + 1, len(article.body)))
    return (article, start, end) if article.body[start:end].strip() else (article, 0, len(article.body))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    also = tuple(draw(st.lists(articles, max_size=4)))
    carried, corrected = tuple(draw(st.lists(articles, max_size=4))), draw(st.none() | moments)
    quote = cut_quote(*draw(spans()), also)
    edges = draw(st.none() | st.lists(st.integers(0, len(quote.text)), min_size=2, max_size=2, unique=True))
    answer = None if edges is None else (min(edges), max(edges))
    return dataclasses.replace(quote, also_carried_by=carried, corrected=corrected, answer=answer)


# What a store or a command has checked is no stranger's text.
schedules = st.builds(
    Schedule, st.just("Europe/Berlin"), st.integers(0, 23), st.integers(0, 59), st.none() | st.integers(0, 6)
)
scopes = st.builds(
    Scope,
    st.none() | days,
    st.none() | days,
    st.none() | said,
    language=st.none() | st.sampled_from(sorted(CODES)),
)
disagreements = st.builds(
    Disagreement,
    st.lists(quotes(), min_size=2, max_size=2).map(tuple),
    st.sampled_from(["figures", "denial"]),
    st.lists(said.map(lambda text: text[:50]), min_size=2, max_size=2).map(tuple),
)


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, with hostile text wherever there is text."""
    known: dict[Any, st.SearchStrategy[Any]] = {
        str: hostile,
        int: st.integers(0, 10**9),
        float: st.floats(0, 1e6),
        bool: st.booleans(),
        type(None): st.none(),
        date: days,
        datetime: moments,
        Article: articles,
        Quote: quotes(),
        Schedule: schedules,
        Scope: scopes,
        Disagreement: disagreements,
        Story: told_stories(),
    }
    origin, arguments = typing.get_origin(kind), list(typing.get_args(kind))
    if kind in known:
        return known[kind]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([of(each) for each in arguments])
    if origin in (dict, Mapping):
        return st.dictionaries(of(arguments[0]), of(arguments[1]), max_size=4)
    if origin in (tuple, list, frozenset):
        if len(arguments) > 1 and arguments[1] is not Ellipsis:
            return st.tuples(*[of(each) for each in arguments])
        return st.lists(of(arguments[0]), max_size=5).map(origin)
    hints = typing.get_type_hints(kind, localns={each.__name__: each for each in (Change, Version)})
    return st.builds(kind, **{field.name: of(hints[field.name]) for field in dataclasses.fields(kind) if field.init})


@st.composite
def told_stories(draw: st.DrawFn) -> Story:
    reports = tuple(draw(st.lists(articles, min_size=1, max_size=3)))
    return Story(
        reports,
        tuple(draw(st.lists(quotes(), max_size=3))),
        id=draw(ids),
        central=draw(st.integers(0, len(reports) - 1)),
        disagreement=draw(st.none() | disagreements),
        new=frozenset(each.id for each in reports if draw(st.booleans())),
    )


def stories(least: int, most: int) -> st.SearchStrategy[tuple[Story, ...]]:
    """No two of them have the same number."""
    told = st.lists(told_stories(), min_size=least, max_size=most, unique_by=lambda story: story.id)
    return told.map(tuple)


askings = st.builds(Asking, said, ids, ids, ids, scopes)
dates = st.tuples(st.none() | days, st.none() | days)
few_quotes = st.lists(quotes(), max_size=5).map(tuple)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    answer = draw(of(Answer))
    nearest = tuple(draw(st.lists(articles, max_size=5)))
    fitting = draw(st.just(()) | stories(1, 6))
    return dataclasses.replace(
        answer, question=draw(said)[:300], quotes=draw(few_quotes), nearest=nearest, stories=fitting
    )


def problems_of(card: Card) -> list[str]:
    """What is wrong with the message that the bot makes of `card`."""
    payload = {
        "flags": COMPONENTS_V2,
        "components": layout(card).to_components(),
        "allowed_mentions": {"parse": []},
    }
    problems = message_violations(payload, files=(card.picture.name,) if card.picture else ())
    discord = description()
    if discord is None:
        return problems
    path = f"/channels/{1 << 40}/messages"
    return problems + discord.request_violations("POST", path, content_type="application/json", body=payload)


def drawn(make: Callable[..., Card], *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Card]:
    return st.builds(make, *parts)


def many(part: st.SearchStrategy[Any], least: int = 0, most: int = 8) -> st.SearchStrategy[Sequence[Any]]:
    return st.lists(part, min_size=least, max_size=most).map(tuple)


def _excerpt(span: tuple[Article, int, int], number: int, count: int) -> Card:
    article, start, end = span
    return excerpt_card(
        Excerpt(article=article, start=start, end=end, first=0, last=len(article.body)),
        number + 1,
        turn_rows(1, number, count),
    )


def _article(span: tuple[Article, int, int], *, found: bool) -> Card:
    return article_card(span[0], Passage(*span) if found else None)


def _changed(before: GuildSettings, after: GuildSettings, *kept: int | None) -> Card:
    return changed_card([*changes(SETTINGS, before, after), keep_change(*kept)])


kept = st.none() | st.integers(1, 3650)
guilds = of(GuildSettings).map(lambda now: dataclasses.replace(now, zone="Europe/Berlin"))
CARDS: dict[str, st.SearchStrategy[Card]] = {
    "answer": st.builds(
        lambda *values: show_answer(*values).card, answers(), st.none() | askings, st.none() | ids, dates
    ),
    "more quotes": st.builds(more_pages, said, st.lists(quotes(), min_size=1, max_size=6), st.just(4)).flatmap(
        st.sampled_from
    ),
    "passage": drawn(_excerpt, spans(), st.integers(0, 4), st.integers(5, 5)),
    "nearest": st.builds(_article, spans(), found=st.booleans()),
    "gone": drawn(gone_card, st.just(()), st.none() | articles),
    "briefing": drawn(briefing_card, st.builds(Briefing, st.none() | said, stories(0, 5), ids, st.just(1.0))),
    "story": drawn(
        timeline_card,
        st.builds(Timeline, told_stories(), st.lists(quotes(), max_size=7).map(tuple), ids),
        st.integers(0, 3),
        ids,
        st.none() | days,
        st.none() | st.just(Picture(b"", "story.png", "What it shows")),
    ),
    "progress": drawn(progress_card, of(Progress)),
    "report": drawn(report_card, of(ReloadReport)),
    "note": drawn(note_card, said),
    "error": drawn(lambda text: note_card(explain(QuotewireError(text)) or ""), said),
    "hint": drawn(hint_card, said),
    "feeds": drawn(source_cards.feeds_card, many(of(Feed))),
    "feed added": drawn(source_cards.added_card, of(Added)),
    "feeds imported": drawn(source_cards.imported_card, of(Imported)),
    "feed": drawn(source_cards.preview_card, of(Preview)),
    "feed removed": drawn(source_cards.unsubscribed_card, of(Feed)),
    "withdrawal": drawn(withdrawal_card, articles),
    "restored": drawn(restored_card, articles),
    "forgotten": drawn(forgotten_card, of(Remembered)),
    "collections": drawn(collections_card, many(of(Collection), 0, 60)),
    "reads": drawn(reads_card, st.text(max_size=40)),
    "left": drawn(left_card, st.text(max_size=40)),
    "history": drawn(history_card, many(of(Revision), 1, 8)),
    "digest": drawn(lambda *values: digest_card(*values)[0], of(Subscription), stories(1, 5)),
    "alert": drawn(lambda *values: alert_card(*values)[0], of(Subscription), stories(1, 5)),
    "subscribed": drawn(subscribed.subscribed_card, of(Subscription)),
    "ended": drawn(subscribed.ended_card, of(Subscription)),
    "paused": drawn(subscribed.paused_card, of(Subscription), st.sampled_from(["gone", "view_channel,send_messages"])),
    "nothing new": drawn(subscribed.nothing_new_card, of(Subscription)),
    "digests": drawn(subscribed.digests_card, many(of(Subscription))),
    "alerts": drawn(subscribed.alerts_card, many(of(Subscription))),
    "sources": drawn(coverage_card, of(Coverage).filter(lambda held: held.outlets), st.integers(0, 3), ids),
    "status": drawn(status_card, of(Status), of(Process), of(Votes)),
    "settings": drawn(settings_card, guilds, kept),
    "changed": st.builds(_changed, guilds, guilds, kept, kept),
    "wait": drawn(wait_card, of(float | None)),
    "elsewhere": drawn(elsewhere_card, st.lists(ids, max_size=30)),
}

quickly = settings(
    max_examples=6,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
    derandomize=True,
)


@pytest.mark.parametrize("name", CARDS)
def test_whatever_is_said_discord_takes_it(name: str) -> None:
    @quickly
    @given(CARDS[name])
    def holds(card: Card) -> None:
        assert problems_of(card) == []

    holds()


def test_a_card_that_breaks_the_rules_is_caught() -> None:
    assert problems_of(Card((("x" * 4001,),)))
    assert problems_of(Card(((" ",),)))

"""That everything members see is said in their language: nothing of what the bot says is left in English."""

from __future__ import annotations

import ast
import gettext as gnu
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import discord
import pytest
from discord import app_commands

import bot
from bot.cards.answers import show_answer
from bot.cards.buttons import answer_row
from bot.cards.card import Card
from bot.cards.collections import collections_card, left_card, reads_card
from bot.cards.coverage import coverage_card
from bot.cards.digests import alert_card, digest_card
from bot.cards.excerpts import Excerpt, article_card, excerpt_card, gone_card, more_pages
from bot.cards.feeds import (
    added_card,
    exported_card,
    feeds_card,
    imported_card,
    preview_card,
    unsubscribed_card,
)
from bot.cards.forgotten import forgotten_card
from bot.cards.history import history_card, revisions
from bot.cards.log_entries import log_card
from bot.cards.notes import hint_card, note_card
from bot.cards.refusals import elsewhere_card, wait_card
from bot.cards.reloads import progress_card, report_card
from bot.cards.settings import SETTINGS, changed_card, changes, keep_change, settings_card
from bot.cards.status import Process, Sharing, status_card
from bot.cards.stories import briefing_card
from bot.cards.subscribed import (
    alerts_card,
    choice_name,
    digests_card,
    ended_card,
    nothing_new_card,
    paused_card,
    subscribed_card,
)
from bot.cards.timeline import timeline_card
from bot.cards.withdrawals import restored_card, withdrawal_card
from bot.cli.catalogues import FOLDERS, KEYWORDS, template
from bot.connection.checks import NotAModerator, NotTheHost
from bot.connection.errors import ShutdownError, explain, reply_text
from bot.connection.locales import Locales
from bot.memory.exchanges import Asking, ExchangeForgotten, Votes
from bot.memory.guilds import DEFAULTS, GuildSettings
from bot.memory.schedule import Schedule
from bot.memory.servers import Remembered
from bot.memory.subscriptions import Subscription
from bot.wording import language
from bot.wording.amounts import day_in_words, duration, number
from bot.wording.days import UnclearDay, offered, window
from bot.wording.language import marked, named, speaking
from retrieval.answer import Answer, Disagreement, Passage, Quote, Story, Timeline
from retrieval.answering.question import checked_question
from retrieval.article import Article, Collection, Failure, Narrowing, Progress, Reading, ReloadReport, Scope, Status
from retrieval.errors import FetchFailed, FetchProblem, ModelChanged, QuotewireError, UnknownArticle
from retrieval.index.coverage import Coverage, OutletCoverage
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import Version
from retrieval.reading.feeds.feed import Feed
from retrieval.reading.feeds.followed import Added, Imported, Preview
from retrieval.reading.feeds.reasons import with_remedy
from tests.support.places import ROOT
from tests.support.values import a_briefing, a_quote

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = date(2026, 5, 1)
# Every word of an article, and every name, begins with Z: what else is left outside brackets is the bot's.
ARTICLE = Article("z1", "Zorvo zeta", "Zumm zimm. Zack zock.", url="https://zz.zz/z", source="Zeitung", published=DAY)
POINTS = replace(ARTICLE, id="z2", source="Zwei", key_points=tuple(f"Zpunkt {n}" for n in range(9)), published=None)
SHORT = replace(ARTICLE, id="z3", title=" ", url=None, source=None, summary_only=True)
QUOTE = Quote(
    text="Zumm zimm.",
    start=0,
    end=10,
    article=ARTICLE,
    link="https://zz.zz/z",
    also_reported_by=(POINTS,) * 5,
    also_carried_by=(POINTS,) * 5,
    corrected=DAY,
)
OTHER = Quote(
    text="Zack zock.", start=11, end=21, article=POINTS, link=None, also_reported_by=(SHORT,), also_carried_by=(POINTS,)
)
DIGEST = Subscription(
    guild=1,
    channel=2,
    topic=None,
    locale="de",
    schedule=Schedule("UTC", hour=8, minute=5, weekday=4),
    id=3,
    due=1_800_000_000,
)
DAILY = replace(DIGEST, topic="Ztopic", schedule=Schedule("UTC", hour=8, minute=5), paused="send_messages,view_channel")
ALERT = Subscription(guild=1, channel=2, topic="Ztopic", locale="de", id=4, paused="gone")
FEED = Feed(
    url="https://zz.zz/f",
    title="Zfeed",
    outlet=None,
    checked=NOON,
    due=NOON,
    error="Zfault",
    retired=False,
    origin="z",
    articles=3,
)
FAILED = tuple(Failure("Zplace", "Zwhy") for _ in range(12))
REPORT = ReloadReport(added=1, updated=2, removed=3, unchanged=4, embedded=5, failed=FAILED, seconds=83.2, generation=6)
NOTHING = ReloadReport(added=0, updated=0, removed=0, unchanged=4, embedded=0, failed=(), seconds=3.2, generation=6)
COVERAGE = Coverage(
    articles=9,
    last_day=1,
    last_week=2,
    last_month=3,
    older=4,
    undated=5,
    oldest=DAY,
    newest=DAY,
    outlets=tuple(OutletCoverage(f"Z{n}", n, DAY) for n in range(12)),
    by_day=(),
)
STATUS = Status(
    generation=1,
    articles=2,
    passages=3,
    sources=4,
    newest=DAY,
    oldest=DAY,
    model="z",
    reloaded=None,
    failed=FAILED,
    notice="Znotice",
    feeds=2,
    feeds_failed=FAILED,
    runtime="Z",
    prompts=("Zq: ", ""),
    languages=(),
)
VERSIONS = [
    Version(StoredArticle(1, replace(ARTICLE, title="Zalt"), ((0, 10), (11, 21))), None, False),
    Version(StoredArticle(2, replace(ARTICLE, summary_only=True), ((0, 10), (11, 21))), NOON, True),
]
SET = GuildSettings(
    channels=(1,), moderator_roles=(2,), log_channel=3, cooldown=0, quotes=1, ephemeral=True, digest_hour=9, zone="UTC"
)


def an_answer(
    *quotes: Quote, answered: bool = True, narrowed: Narrowing | None = None, about: str = "figures"
) -> Answer:
    sides = Disagreement(tuple(quotes), "denial" if about == "denial" else "figures", () if about else ("1", "2"))
    return Answer(
        question="Zfrage?",
        answered=answered,
        confidence=0.7,
        quotes=quotes,
        nearest=() if quotes else (ARTICLE, SHORT),
        articles=3,
        generation=1,
        seconds=0.1,
        narrowed=narrowed,
        disagreement=sides,
    )


def answers() -> Iterator[Card]:
    asking = Asking("Zfrage?", 1, understood="Zfrage zwei?", scope=Scope(source="Zeitung"))
    for about in ("figures", "denial", ""):
        yield show_answer(an_answer(QUOTE, OTHER, about=about), asking, 5).card
    yield show_answer(an_answer(OTHER, answered=False)).card
    yield show_answer(replace(an_answer(OTHER), confidence=0.9, disagreement=None)).card
    yield show_answer(replace(an_answer(QUOTE), reading=Reading(1000, 2000))).card
    yield show_answer(replace(an_answer(), confidence=0.1, disagreement=None), None, 5, (DAY, NOON)).card
    long = replace(ARTICLE, body="Z" * 5000)
    yield show_answer(an_answer(QUOTE, a_quote(long))).card
    told = (Story((ARTICLE,), (QUOTE,), id=7), Story((POINTS,), (), id=8))
    yield show_answer(replace(an_answer(QUOTE), stories=told, topic="Ztopic"), None, 5).card
    for since in (None, DAY):
        for until in (None, date(2026, 5, 3)):
            for outlet in (None, "Zeitung"):
                for dropped in (False, True):
                    if since or until or outlet:
                        yield show_answer(
                            an_answer(QUOTE, narrowed=Narrowing(Scope(since, until, outlet), dropped))
                        ).card


def excerpts() -> Iterator[Card]:
    yield from more_pages("Zfrage?", [QUOTE, OTHER], 3)
    yield excerpt_card(Excerpt(article=ARTICLE, start=0, end=10, first=0, last=21, changed=True), 1, (answer_row(5),))
    long = replace(ARTICLE, body="Z" * 5000)
    yield excerpt_card(Excerpt(article=long, start=0, end=5000, first=0, last=5000), 1, ())
    yield from (gone_card(), gone_card((), ARTICLE), article_card(ARTICLE, None))
    yield article_card(long, Passage(long, 0, 5000))


def digests() -> Iterator[Card]:
    stories = [Story((POINTS,), ()), Story((ARTICLE,), (QUOTE,))]
    for digest in (DIGEST, DAILY, replace(DIGEST, topic="Ztopic"), replace(DAILY, topic=None)):
        yield digest_card(digest, stories)[0]
        yield from (subscribed_card(digest), ended_card(digest), nothing_new_card(digest), paused_card(digest, "gone"))
    grown = replace(stories[1], articles=(ARTICLE, POINTS), new=frozenset({"z1"}), id=7)
    yield from (alert_card(ALERT, told)[0] for told in (stories, [grown]))
    yield from (subscribed_card(ALERT), ended_card(ALERT), paused_card(ALERT, "send_messages_in_threads"))
    yield from (digests_card([]), digests_card([DIGEST, DAILY] * 60), alerts_card([]), alerts_card([ALERT]))
    yield note_card(choice_name(DIGEST, None))


def server() -> Iterator[Card]:
    yield from (settings_card(DEFAULTS, None), settings_card(SET, 30))
    yield from (changed_card(changes(SETTINGS, before, SET)) for before in (DEFAULTS, SET))
    yield from (changed_card([keep_change(*kept)]) for kept in ((None, 1), (30, None), (2, 2)))
    yield log_card("settings channels add", 1, NOON, Card((("Z",),)))
    yield from (elsewhere_card([]), elsewhere_card([1]), wait_card(None), wait_card(1.0))


def news() -> Iterator[Card]:
    yield from (briefing_card(a_briefing(topic=topic)) for topic in (None, "Ztopic"))
    yield briefing_card(replace(a_briefing(), reading=Reading(1000, 2000)))
    detailed = Story((POINTS, *(replace(ARTICLE, id=f"z{n}", source=f"Z{n}") for n in range(5))), ())
    quoted = Story((ARTICLE,), (QUOTE, OTHER))
    for stories in ((detailed,), (quoted,), (detailed, quoted)):
        yield from (briefing_card(a_briefing(*stories, topic=topic)) for topic in (None, "Ztopic"))
    told = Story((ARTICLE, POINTS, SHORT), (QUOTE, OTHER), id=7, new=frozenset({"z1"}))
    for found in (Disagreement((QUOTE, OTHER), "figures", ("1", "2")), Disagreement((QUOTE, OTHER), "denial")):
        differing = replace(told, disagreement=found)
        yield briefing_card(a_briefing(differing, quoted), Scope(until=DAY, source="Zeitung", since=DAY), 1)
        yield timeline_card(Timeline(differing, (QUOTE, OTHER), 1), as_of=DAY)
        yield timeline_card(Timeline(differing, (QUOTE,) * 9, 1))
    yield timeline_card(Timeline(told, (a_quote(replace(ARTICLE, body="Z" * 5000)),), 1))
    yield briefing_card(a_briefing(replace(told, new=frozenset({"z1", "z2", "z3"}))))
    yield from (coverage_card(COVERAGE, page, 1) for page in (0, 1))
    yield coverage_card(replace(COVERAGE, articles=0), 0, 1)
    yield coverage_card(replace(COVERAGE, outlets=(OutletCoverage(None, 1, None),), oldest=None), 0, 1)
    yield from (hint_card("Zbot"), history_card(revisions(VERSIONS)), restored_card(ARTICLE))
    yield history_card(revisions([replace(version, live=False) for version in (VERSIONS[0], VERSIONS[0])]))


def moderation() -> Iterator[Card]:
    yield from (report_card(REPORT), report_card(NOTHING), progress_card(None))
    for stage in ("reading", "embedding", "indexing"):
        yield from (progress_card(Progress(stage, 1000, total)) for total in (None, 2000))
    feeds = [
        replace(FEED, folded=1, copies=2),
        replace(FEED, checked=None, error=None, retired=True),
        replace(FEED, error=None, note="Zlost", lost=2, folded=2, copies=1),
    ]
    yield from (feeds_card([]), feeds_card(feeds), feeds_card(feeds * 100), unsubscribed_card(FEED))
    yield from (feeds_card([], feeds), feeds_card(feeds, feeds[:1]), feeds_card(feeds, feeds * 100))
    others = tuple(f"https://z.zz/{n}" for n in range(9))
    yield from (added_card(Added(FEED, known, other)) for known in (True, False) for other in (others, others[:1]))
    yield from (imported_card(Imported(("z",), ("z",), FAILED)), imported_card(Imported((), (), ())))
    yield from (exported_card(0), exported_card(2), withdrawal_card(ARTICLE))
    both = (Collection("znews", 1, 2, True), Collection("zother", 2, 1, False))
    yield from (collections_card(both), collections_card(both[:1] * 99), reads_card("zother"), left_card("zother"))
    yield from (forgotten_card(Remembered()), forgotten_card(Remembered(answers=1, votes=2, looks=3)))
    yield preview_card(
        Preview(
            url="https://z.zz",
            format="ZSS 2.0",
            title="Z",
            outlet="Z",
            entries=1200,
            newest=None,
            full_text=3,
            interval=900.0,
            others=others,
        )
    )
    process = Process(started=NOON, working=1, waiting=2, memory=512_000_000, latency=0.04, connected=1, shards=2)
    yield from (
        status_card(STATUS, process, Votes(1, 2)),
        status_card(STATUS, replace(process, memory=None), Votes(1, 2)),
        status_card(replace(STATUS, reading=Reading(1000, 2000, 83.2)), process, Votes(1, 2)),
        status_card(STATUS, replace(process, sharing=Sharing(True, True, True)), Votes(1, 2)),
        status_card(STATUS, replace(process, sharing=Sharing(False, False, False)), Votes(1, 2)),
    )


CARDS = (answers, excerpts, digests, server, news, moderation)

REFUSED = FetchFailed(
    "{host} has nothing at this address (HTTP {code}).", FetchProblem.MISSING, host="z.zz", code="404"
)
ERRORS: tuple[Callable[[], BaseException], ...] = (
    ShutdownError,
    NotAModerator,
    NotTheHost,
    ExchangeForgotten,
    lambda: ModelChanged("for the host"),
    lambda: UnknownArticle("No article {reference} is known; give its address or its id.", reference="z"),
    lambda: with_remedy(REFUSED),
    app_commands.NoPrivateMessage,
    app_commands.CheckFailure,
    lambda: app_commands.TransformerError("z", discord.AppCommandOptionType.string, app_commands.Transformer()),
    lambda: app_commands.CommandNotFound("z", []),
    lambda: raised(lambda: checked_question("")),
    lambda: raised(lambda: checked_question("z" * 5000)),
    lambda: raised(lambda: window("zz", None, DAY)),
    lambda: raised(lambda: window("2027-01-01", None, DAY)),
    lambda: raised(lambda: window("2026-01-02", "2026-01-01", DAY)),
    lambda: ValueError("nobody foresaw this"),
)


def raised(call: Callable[[], object]) -> QuotewireError:
    with pytest.raises(QuotewireError) as found:
        call()
    return found.value


class Bracketed(gnu.NullTranslations):
    """A language that is English in brackets: all that was translated stands in them."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "_catalogue", lambda _language: Bracketed())
    with speaking("de"):  # numbers and days are German
        yield


_LEFT = re.compile(
    r"https?://\S+|<[^>\s]+>"  # links, mentions and moments
    r"|\b[Zz]\w*(?:\.zz\S*)?"  # what articles say, and names
    r"|\bMai\b|\bApril\b|\bFreitag\b|\bMin\.|\bSek\.|\bM?B\b|\bms\b|\bUTC\b|\d+(?:\. Mai \d+)?"
)


def outside(text: str) -> str:
    """What of `text` was not translated, of what had to be."""
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = inner
    return " ".join(re.findall(r"\w[\w ]*", _LEFT.sub("", text)))


@pytest.mark.parametrize("cards", CARDS, ids=lambda cards: cards.__name__)
@pytest.mark.usefixtures("bracketed")
def test_cards_say_nothing_in_english(cards: Callable[[], Iterator[Card]]) -> None:
    found = 0
    for card in cards():
        labels = [button.label for row in card.rows for button in row]
        for text in (*card.texts, *labels):
            assert not outside(text), text
            found += "⟦" in text
    assert found > 5


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.usefixtures("bracketed")
def test_errors_say_nothing_in_english(error: Callable[[], BaseException]) -> None:
    said = re.sub(r"reference: [0-9a-f]{8}", "reference", reply_text(error(), "a test"))
    assert said.startswith("⟦")
    assert not outside(said), said


@pytest.mark.usefixtures("bracketed")
def test_days_to_choose_are_named_in_no_english() -> None:
    assert [outside(name) for name, _day in offered("", DAY, "since")] == [""] * 4
    with pytest.raises(UnclearDay, match="⟦I do not know"):
        window("zz", None, DAY)


def test_every_card_is_among_those() -> None:
    there = {
        name
        for module in pkgutil.walk_packages(bot.__path__, "bot.")
        if module.name != "bot.__main__"
        for name, value in vars(importlib.import_module(module.name)).items()
        if re.fullmatch(r"[a-z]\w*_card", name) and callable(value)
    }
    tested = set(re.findall(r"[a-z]\w*_card(?=\()", Path(__file__).read_text(encoding="utf-8")))
    assert len(there) > 30
    assert there <= tested


def test_english_has_one_way_to_write_days_numbers_and_durations() -> None:
    said = (day_in_words(date(2023, 12, 21)), number(12345), duration(3.21), duration(59.97), duration(3723))
    assert said == ("21 December 2023", "12,345", "3.2 secs", "1 min 0 secs", "62 mins 3 secs")
    with speaking("de"):
        assert (day_in_words(date(2023, 12, 21)), number(12345)) == ("21. Dezember 2023", "12.345")


def test_errors_are_the_same_in_english_wherever_they_are_said() -> None:
    error = with_remedy(REFUSED)
    assert str(error) == explain(error)
    assert str(error).startswith("z.zz has nothing at this address (HTTP 404). If that stays")
    assert str(QuotewireError("{braces} stay")) == explain(QuotewireError("{braces} stay")) == "{braces} stay"


def test_what_is_marked_stays_as_it_is() -> None:
    assert marked("{count} things") == "{count} things"


def test_forms_that_are_missing_are_said_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    catalogue += 'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "{count} Tag"\nmsgstr[1] ""\n'
    (tmp_path / "de.po").write_text(catalogue, encoding="utf-8")
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    language._catalogue.cache_clear()
    try:
        with speaking("de"):
            assert language._n("{count} day", "{count} days", 2) == "{count} days"
            assert language._("") == ""
    finally:
        language._catalogue.cache_clear()


def test_commands_are_named_as_the_menu_names_them() -> None:
    assert named("settings channels add") == "/settings channels add"


def test_the_locale_of_a_member_is_the_last_one_that_discord_told() -> None:
    locales = Locales()
    locales.note(1, "fr")
    locales.note(1, "de")
    assert (locales.of(1), locales.of(2)) == ("de", None)


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the code that marks a text, with the module it stands in."""
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                yield path, node


def test_the_catalogues_find_every_text_that_is_marked() -> None:
    known = {form for message in template() for form in ([message.id] if isinstance(message.id, str) else message.id)}
    missed = []
    for path, call in calls():
        assert isinstance(call.func, ast.Name)
        places = KEYWORDS[call.func.id] or (1,)
        for place in places:
            text = call.args[place - 1] if len(call.args) >= place else None
            literals = [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]
            for each in literals:
                if isinstance(each, ast.JoinedStr):
                    missed.append(f"{path.name}:{call.lineno}: an f-string cannot be translated")
                if isinstance(each, ast.Constant) and each.value not in known:
                    missed.append(f"{path.name}:{call.lineno}: {each.value}")
    assert not missed

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import groupby
from typing import Literal

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.answers import LARGE_HEADING, show_answer, unsure
from bot.cards.buttons import TEMPLATE
from bot.cards.card import ABSTAINED, DOT, Card, fits, length
from bot.cards.disagreement import number_of
from bot.cards.emphasis import words_of_question
from bot.cards.failures import MOST_FAILURES
from bot.cards.notes import hint_card, note_card
from bot.cards.reloads import progress_card, report_card
from bot.cards.stories import briefing_card
from bot.connection.views import layout
from bot.memory.exchanges import Asking
from bot.wording.markdown import (
    MAX_LINK,
    block_quote,
    day_text,
    emphasised,
    escape,
    label,
    link_target,
    linked,
    shorten,
    unescape,
    visible,
)
from retrieval.answering.scope import Named
from retrieval.article import (
    Answer,
    Article,
    Briefing,
    Day,
    Disagreement,
    Failure,
    Progress,
    Quote,
    ReloadReport,
    Story,
)
from retrieval.text.terms import terms
from tests.support.discord_markdown import read

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


def a_quote(
    text: str,
    article: Article,
    link: str | None,
    others: tuple[Article, ...],
    carriers: tuple[Article, ...],
    corrected: Day | None,
) -> Quote:
    return Quote(text, 0, len(text), dataclasses.replace(article, body=text), link, others, carriers, corrected)


other_articles = st.lists(articles, max_size=5).map(tuple)
quotes = st.builds(a_quote, texts, articles, urls, other_articles, other_articles, days)
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
stories = st.builds(
    Story, st.lists(articles, min_size=1, max_size=4).map(tuple), st.lists(quotes, max_size=3).map(tuple)
)
briefings = st.builds(
    Briefing,
    topic=st.none() | texts,
    stories=st.lists(stories, max_size=6).map(tuple) | stories.map(lambda one: (one,) * 45),
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

RUTTE = Article(
    id="rutte",
    title="NATO chief demands faster Russian action",
    body="“It is a dance,” Rutte said. Russia must do more.",
    url="https://news.example/rutte",
    source="CBS News",
    published=datetime(2025, 5, 4, 12, tzinfo=UTC),
    key_points=("Russia is not doing enough.", "The U.S. and NATO work together."),
)


def quoted(article: Article, text: str) -> Quote:
    start = article.body.index(text)
    return Quote(text, start, start + len(text), article, f"{article.url}#:~:text=x" if article.url else None)


def answer_card(answer: Answer) -> Card:
    return show_answer(answer).card


def an_answer(*chosen: Quote, **changes: object) -> Answer:
    answer = Answer("What did Rutte say?", bool(chosen), 0.9, chosen, (), 1, 1, 0.1)
    return dataclasses.replace(answer, **changes)  # pyright: ignore[reportArgumentType]


def test_a_corrected_quote_says_so_and_names_who_else_carries_it() -> None:
    carriers = tuple(Article(name, "Copy", "Words.", source=name) for name in ("Wire", "A_b", "C", "D", "E"))
    article = Article("a", "Title", "Words.", None, "Example News", date(2025, 12, 5), summary_only=True)
    quote = Quote("Words.", 0, 6, article, None, (), carriers, date(2025, 12, 6))
    (shown,) = [text for text in answer_card(an_answer(quote)).texts if text.startswith("> ")]
    assert shown == (
        f"> Words.\n-# 1{DOT}Title{DOT}Example News{DOT}{day_text(date(2025, 12, 5))}{DOT}summary only"
        f"{DOT}corrected on {day_text(date(2025, 12, 6))}{DOT}also carried by Wire, A\\_b, C and 2 more"
    )


# --- markdown ----------------------------------------------------------------------------------------


@given(hostile)
def test_escaped_text_shows_what_was_written_and_does_nothing_else(text: str) -> None:
    reading = read(escape(text))
    assert reading.text == unescape(escape(text)) == visible(text)
    assert reading.marks == ()


@given(hostile, st.lists(st.integers(0, 60), max_size=8))
def test_bold_changes_nothing_that_is_shown(text: str, edges: list[int]) -> None:
    cuts = sorted({edge for edge in edges if edge <= len(visible(text))})
    markdown = emphasised(text, zip(cuts[::2], cuts[1::2], strict=False))
    assert unescape(markdown) == visible(text)
    assert markdown.replace("**", "").replace("\\", "") == escape(text).replace("**", "").replace("\\", "")
    reading = read(markdown)
    assert reading.text == visible(text)
    assert {kind for kind, _ in reading.marks} <= {"bold"}
    assert all(len(read(line).marks) % 2 == 0 for line in markdown.split("\n"))


@settings(deadline=None, max_examples=50)
@given(texts, hostile)
def test_only_whole_words_of_the_question_are_bold(text: str, question: str) -> None:
    plain = visible(text)
    spans = words_of_question(question, text)
    for start, end in spans:
        assert set(terms(plain[start:end])) <= set(terms(visible(question)))
        assert not (plain[start - 1 : start].isalnum() and plain[start].isalnum())
        assert not (plain[end : end + 1].isalnum() and plain[end - 1].isalnum())
    assert unescape(emphasised(text, spans)) == plain


@pytest.mark.parametrize(
    ("question", "quote", "markdown"),
    [
        (
            "What did Rutte demand of the US?",
            "Rutte’s demands: the U.S. acts",
            "**Rutte**’s **demands**: the **U.S.** acts",
        ),
        ("Who is he?", "He is who he is.", "He is who he is."),
        ("Why 10?", "10.5 of 10, and 1,010", "10.5 of **10**, and 1,010"),
        ("Was a *bridge* closed?", "*bridge*\n# closed", "\\***bridge**\\*\n\\# **closed**"),
        ("everyone https", "@everyone https://a.example", "\\@**everyone** **https**\\://a.example"),
    ],
)
def test_the_words_that_the_question_bears_on_are_bold(question: str, quote: str, markdown: str) -> None:
    assert emphasised(quote, words_of_question(question, quote)) == markdown


@given(st.text("ab 1.\t\n#->+*", max_size=30))
def test_no_line_starts_markup(text: str) -> None:
    assert read(escape(text)).marks == ()


@given(hostile)
def test_a_block_quote_holds_every_line(text: str) -> None:
    lines = block_quote(text).split("\n")
    assert all(line.startswith("> ") for line in lines)
    assert unescape("\n".join(line[2:] for line in lines)) == visible(text)


@pytest.mark.parametrize(
    "text",
    [
        "U.S. — 30-day, $5 (about 10%)",
        "“Mr. Rutte’s” view: it’s 5 p.m. EST; 3.5% & more…",
        "At 12:30 he wrote to press@nato.example: yes! (No?)",
        "Größe, naïve, 東京, emoji 👩‍👩‍👧, ‘single’ – #hashtag and -5 degrees",
        "10.5 million\n2024 was hot",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@everyone", r"\@everyone"),
        ("<@123> <#4> </ask:5> <t:0:R>", r"\<@123> \<#4> \</ask:5> \<t\:0:R>"),
        ("[He] said", r"\[He\] said"),
        ("[x](https://a.b)", r"\[x\](https\://a.b)"),
        (
            "# Title\n-# small\n- item\n1. one\n> quote",
            "\\# Title\n\\-# small\n\\- item\n1\\. one\n\\> quote",
        ),
        (":smile: 10:30:45", r"\:smile: 10\:30:45"),
        (r"C:\temp", r"C:\\temp"),
    ],
)
def test_markup_is_disarmed_with_backslashes(text: str, markdown: str) -> None:
    assert escape(text) == markdown


def test_control_and_direction_characters_are_left_out() -> None:
    assert visible("a\u202eb\x00c\u2066d\r\ne\u2028f\tg") == "abcd\ne\nf\tg"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/x?y=1&z=2#s", "https://a.example/x?y=1&z=2#s"),
        ("HTTP://A.Example:8080/x", "http://a.example:8080/x"),
        ("https://a.example/#:~:text=he%20said,end", "https://a.example/#:~:text=he%20said,end"),
        ("https://a.example/x_(y)*<z>`[1]|", "https://a.example/x_%28y%29%2A%3Cz%3E%60%5B1%5D%7C"),
        ("https://a.example/a b\\c\"'", "https://a.example/a%20b%5Cc%22%27"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://user:secret@a.example/", None),
        ("https://a.example:99999/", None),
        ("https://[::1]/", None),
        ("https://", None),
        ("//a.example/x", None),
        ("/x", None),
        ("", None),
        (None, None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("discord://a.example", None),
        ("https://a.example/" + "x" * MAX_LINK, None),
        ("https://a.example/x#" + "y" * MAX_LINK, "https://a.example/x"),
    ],
)
def test_only_web_addresses_become_links(url: str | None, target: str | None) -> None:
    assert link_target(url) == target


@given(urls)
def test_a_link_cannot_end_before_its_end(url: str | None) -> None:
    if (target := link_target(url)) is not None:
        assert read(f"[title]({target})").marks == (("link", target),)
        assert len(target) <= MAX_LINK
        assert target.startswith(("http://", "https://"))


def test_a_title_that_looks_like_a_link_stands_beside_it() -> None:
    shown = linked("See https://evil.example", "https://a.example", 100)
    assert shown == r"See https\://evil.example ([link](https://a.example))"


def test_dates() -> None:
    assert day_text(None) == "undated"
    assert day_text(date(2023, 12, 21)) == "21\u00a0December\u00a02023"
    assert (
        day_text(datetime(2023, 12, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5))))
        == "<t:1703219400:D> (<t:1703219400:R>)"
    )


def test_shortening_keeps_words_where_it_can() -> None:
    assert shorten("one two three", 13) == "one two three"
    assert shorten("one two three", 12) == "one two…"
    assert shorten("x" * 20, 5) == "xxxx…"
    assert label("  a\n b ", 10) == "a b"


# --- cards within Discord's limits --------------------------------------------------------------------


def assert_is_accepted(card: Card) -> None:
    assert fits(card)
    buttons = [button for row in card.rows for button in row]
    assert all(1 <= len(row) <= 5 for row in card.rows)
    assert all(button.label.strip() or button.emoji for button in buttons)
    assert all(length(button.label) <= 80 and visible(button.label) == button.label for button in buttons)
    assert all((button.url is None) != (button.custom_id is None) for button in buttons)
    assert all(link_target(button.url) == button.url and length(button.url) <= 512 for button in buttons if button.url)
    ids = [button.custom_id for button in buttons if button.custom_id]
    assert len(set(ids)) == len(ids)
    assert all(len(each) <= 100 and re.fullmatch(TEMPLATE, each) for each in ids)
    view = layout(card)
    shown = [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    assert tuple(shown) == card.texts
    assert all(text.strip() for text in shown)
    assert sum(map(len, shown)) <= sum(map(length, shown)) <= 4000
    assert len(list(view.walk_children())) <= 40


OURS = {"heading", "subtext", "list", "quote", "bold", "link", "timestamp"}


def assert_only_our_marks(
    card: Card, known: list[Article], links: list[str | None], moments: Iterable[Day | None] = ()
) -> None:
    """Nothing that an article or a question says became a mention, a link or markup."""
    reading = read("\n".join(card.texts))
    assert {kind for kind, _ in reading.marks} <= OURS
    targets = {link_target(url) for url in (*links, *(article.url for article in known))} - {None}
    assert set(reading.values("link")) <= targets
    dated = (*moments, *(article.published for article in known))
    stamps = {str(int(day.timestamp())) for day in dated if isinstance(day, datetime)}
    assert set(reading.values("timestamp")) <= stamps
    assert len(reading.values("heading")) <= 1
    for line in "\n".join(card.texts).split("\n"):
        if line.startswith("> "):
            assert [kind for kind, _ in read(line).marks if kind != "bold"] == ["quote"]


def quotes_shown(card: Card) -> list[str]:
    """The quotes of a card, as a member reads them: lines in a row are one quote."""
    lines = [line for text in card.texts for line in (*text.split("\n"), "")]
    blocks = groupby(lines, key=lambda line: line.startswith("> "))
    return ["\n".join(unescape(line[2:]) for line in block) for quoted, block in blocks if quoted]


@settings(deadline=None, max_examples=40)
@given(answers, texts, st.none() | texts)
def test_any_answer_fits_with_its_quotes_whole(answer: Answer, question: str, understood: str | None) -> None:
    asking = Asking(question, 1, understood=understood)
    shown = show_answer(answer, asking, 2**59 - 1, (date(2020, 1, 1), datetime(2026, 5, 4, tzinfo=UTC)))
    card = shown.card
    assert_is_accepted(card)
    known = [quote.article for quote in answer.quotes] + list(answer.nearest)
    known += [other for quote in answer.quotes for other in quote.also_reported_by]
    sides = answer.disagreement.quotes if answer.disagreement else ()
    known += [side.article for side in sides]
    corrections = [datetime(2026, 5, 4, tzinfo=UTC), *(quote.corrected for quote in answer.quotes)]
    assert_only_our_marks(card, known, [quote.link for quote in (*answer.quotes, *sides)], corrections)
    assert (unsure() in card.texts) == bool(answer.quotes and not answer.answered)
    if not answer.quotes:
        assert quotes_shown(card) == []
        return
    numbers = [text for text in card.sections[0] if re.search(rf"^-# [0-9]+{DOT}", text, re.MULTILINE)]
    assert shown.quotes == answer.quotes[: len(numbers)]
    links = [button.url for row in card.rows for button in row if button.url]
    assert links == [url for q in shown.quotes if (url := link_target(q.link) or link_target(q.article.url))][:5]
    whole = iter(quotes_shown(Card(card.sections[:1])))
    for number, text in enumerate(numbers):
        assert f"\n-# {number + 1}{DOT}" in text
        if text.startswith("> "):
            assert next(whole) == visible(answer.quotes[number].text)
        else:
            assert text.startswith("This quote is too long to show here")
            assert length(block_quote(answer.quotes[number].text)) > 2000
    assert (len(numbers) >= 1) == bool(answer.quotes)
    notice = f"-# {len(answer.quotes) - len(numbers):,} more not shown"
    assert (notice in card.texts) == (len(numbers) < len(answer.quotes))
    if below := quotes_shown(Card(card.sections[1:])):
        # All sides or none, each whole, and only once every quote has its place.
        apart = [side for side in sides if number_of(side, answer) is None]
        assert below == [visible(side.text) for side in apart]
        assert len(numbers) == len(answer.quotes)


@settings(deadline=None, max_examples=40)
@given(briefings)
def test_any_briefing_fits_with_its_quotes_whole(briefing: Briefing) -> None:
    card = briefing_card(briefing)
    assert_is_accepted(card)
    known = [article for story in briefing.stories for article in story.articles]
    cited = [quote for story in briefing.stories for quote in story.quotes]
    assert_only_our_marks(card, known + [q.article for q in cited], [quote.link for quote in cited])
    for shown in quotes_shown(card):
        assert any(shown == visible(quote.text) for quote in cited)


@settings(deadline=None, max_examples=60)
@given(reports)
def test_any_report_fits(report: ReloadReport) -> None:
    card = report_card(report)
    assert_is_accepted(card)
    assert_only_our_marks(card, [], [])


@given(texts)
def test_any_note_fits(text: str) -> None:
    assert_only_our_marks(note_card("Error: " + text), [], [])
    assert_is_accepted(note_card("Error: " + text))
    assert_is_accepted(hint_card(text))
    assert_only_our_marks(hint_card(text), [], [])


# --- what a card says --------------------------------------------------------------------------------


def test_an_answer_names_outlet_date_and_link_below_each_quote() -> None:
    other = dataclasses.replace(RUTTE, id="ap", source="AP", url="https://ap.example/1")
    first = dataclasses.replace(quoted(RUTTE, "Russia must do more."), also_reported_by=(other,))
    card = answer_card(an_answer(first, quoted(RUTTE, "“It is a dance,” Rutte said."), articles=1234))
    title, origin = (
        "[NATO chief demands faster Russian action]",
        f"{DOT}CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
    )
    assert card.sections == (
        (
            "## What did Rutte say?",
            f"> Russia must do more.\n-# 1{DOT}{title}(https://news.example/rutte#:~:text=x){origin}\n"
            "-# Also reported by [AP](https://ap.example/1)",
            f"> “It is a dance,” **Rutte** said.\n-# 2{DOT}{title}(https://news.example/rutte#:~:text=x){origin}",
        ),
        (
            "**Key points, as CBS News gives them**\n- Russia is not doing enough.\n- The U.S. and NATO work together.",
            f"-# Looked through 1,234 articles{DOT}high\u00a0confidence",
        ),
    )


TOLL = dataclasses.replace(RUTTE, id="toll", title="Toll", body="Grim. It killed 12.", key_points=())
RISES = Article("rises", "Toll *rises*", "It killed 14.", "https://ap.example/2", "AP", date(2025, 5, 6))


def test_reports_that_disagree_stand_below_the_quotes() -> None:
    sides = (quoted(RISES, "It killed 14."), quoted(TOLL, "It killed 12."))
    card = answer_card(an_answer(quoted(TOLL, TOLL.body), disagreement=Disagreement(sides, "figures", ("14", "12"))))
    assert card.sections[1:] == (
        (
            "**Reports differ, newest first:**",
            f"> It killed 14.\n-# [Toll \\*rises\\*](https://ap.example/2#:~:text=x){DOT}AP{DOT}6\u00a0May\u00a02025\n"
            f"-# Quote 1{DOT}**12**{DOT}CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
            f"-# Looked through 1 article{DOT}high\u00a0confidence",
        ),
    )


def test_quotes_that_disagree_are_not_shown_twice() -> None:
    sides = (quoted(RISES, "It killed 14."), quoted(TOLL, "It killed 12."))
    card = answer_card(an_answer(quoted(TOLL, TOLL.body), sides[0], disagreement=Disagreement(sides, "figures")))
    assert card.sections[1][:2] == (
        "**Reports differ, newest first:**",
        f"-# Quote 2{DOT}AP{DOT}6\u00a0May\u00a02025\n-# Quote 1{DOT}CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
    )
    assert quotes_shown(card) == [TOLL.body, RISES.body]


def test_a_disagreement_goes_after_the_key_points_and_before_the_footer() -> None:
    def parts(size: int, side: int) -> tuple[int, bool, bool, bool]:
        article = dataclasses.replace(RUTTE, body="x" * size)
        other = dataclasses.replace(RISES, body="y" * side)
        sides = Disagreement((quoted(other, other.body), quoted(article, article.body)), "figures")
        card = answer_card(an_answer(quoted(article, article.body), disagreement=sides))
        joined = "\n".join(card.texts)
        return len(quotes_shown(card)), "Key points, as" in joined, "Reports differ" in joined, "Looked" in joined

    assert parts(1000, 1000) == (2, True, True, True)
    assert parts(2000, 1600) == (2, False, True, True)
    assert parts(2000, 2000) == (1, False, False, True)
    assert parts(2000, 4000) == (1, False, False, True)


def test_what_the_question_narrowed_the_search_to_is_said_and_escaped() -> None:
    card = answer_card(an_answer(quoted(RUTTE, "Russia must do more."), scope=Named(outlet="*The* Star")))
    assert card.texts[-1].startswith("-# Looked through articles from \\*The\\* Star")


def test_an_article_without_url_outlet_and_date_is_cited_by_its_title() -> None:
    bare = dataclasses.replace(RUTTE, url=None, source=None, published=None, key_points=())
    card = answer_card(an_answer(quoted(bare, "Russia must do more.")))
    source = f"-# 1{DOT}NATO chief demands faster Russian action{DOT}undated"
    assert card.texts[1] == f"> Russia must do more.\n{source}"
    assert card.texts[2] == f"-# Looked through 1 article{DOT}high\u00a0confidence"


@pytest.mark.parametrize(("outlet", "named"), [(None, "the publisher"), (" ", "the publisher"), ("*AP*", r"\*AP\*")])
def test_key_points_are_named_as_their_publisher_s(outlet: str | None, named: str) -> None:
    article = dataclasses.replace(RUTTE, source=outlet, key_points=("One.", " ", "**Two.**"))
    card = answer_card(an_answer(quoted(article, "Russia must do more.")))
    assert card.sections[1][0] == f"**Key points, as {named} gives them**\n- One.\n- \\*\\*Two.\\*\\*"


def test_a_long_question_is_a_smaller_heading() -> None:
    assert answer_card(an_answer(question="x" * LARGE_HEADING)).texts[0] == f"## {'x' * LARGE_HEADING}"
    assert answer_card(an_answer(question="x" * (LARGE_HEADING + 1))).texts[0].startswith("### xxx")
    assert answer_card(an_answer(question=" ")).texts[0] == "## …"


@given(st.text("ab \u00a0\n", min_size=1, max_size=30))
def test_no_break_spaces_of_a_quote_are_the_article_s_own(text: str) -> None:
    card = answer_card(an_answer(quoted(dataclasses.replace(RUTTE, body=text), text)))
    assert quotes_shown(card) == [text]


def test_a_quote_of_several_paragraphs_is_quoted_on_every_line() -> None:
    article = dataclasses.replace(RUTTE, body="One.\n\n# Two.")
    card = answer_card(an_answer(quoted(article, "One.\n\n# Two.")))
    assert card.texts[1].startswith("> One.\n> \n> \\# Two.\n-# ")


def test_what_does_not_fit_is_dropped_from_the_optional_to_the_last_quote() -> None:
    def card_for(size: int) -> Card:
        article = dataclasses.replace(RUTTE, body="x" * size)
        return answer_card(an_answer(*[quoted(article, article.body)] * 3))

    def parts(card: Card) -> tuple[int, bool, bool, bool]:
        joined = "\n".join(card.texts)
        return len(quotes_shown(card)), "Key points, as" in joined, "Looked" in joined, "1 more not" in joined

    summary = length(card_for(100).texts[-2])
    everything = sum(map(length, card_for(100).texts)) - 300
    limit = (4000 - everything) // 3
    assert parts(card_for(limit)) == (3, True, True, False)
    assert parts(card_for(limit + 1)) == (3, False, True, False)
    without = (4000 - everything + summary) // 3
    assert parts(card_for(without)) == (3, False, True, False)
    assert parts(card_for(without + 1)) == (3, False, False, False)
    assert parts(card_for(1500)) == (2, False, False, True)
    assert "-# 2 more not shown" in card_for(3000).texts
    assert parts(card_for(5000))[0] == 0
    too_long = f"This quote is too long to show here; it stands in the article.\n-# 1{DOT}["
    assert card_for(5000).texts[1].startswith(too_long)


def test_an_abstention_says_so_and_names_the_nearest_headlines() -> None:
    undated = Article(id="u", title="Untold", body="x")
    answer = an_answer(nearest=(RUTTE, undated), question="Capital of Peru?", articles=2)
    assert answer_card(answer).sections == (
        (
            "## Capital of Peru?",
            "The articles I have do not answer this.",
        ),
        (
            "**Nearest headlines**",
            f"[NATO chief demands faster Russian action](https://news.example/rutte)\n"
            f"-# CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
            "Untold\n-# undated",
            "-# Looked through 2 articles",
        ),
    )
    assert answer_card(an_answer(question="Capital of Peru?", articles=0)).sections == (
        ("## Capital of Peru?", "The articles I have do not answer this.", "-# Looked through 0 articles"),
    )


def test_what_may_bear_on_the_question_is_no_answer() -> None:
    card = answer_card(an_answer(quoted(RUTTE, "Russia must do more."), answered=False, confidence=0.3))
    assert card.sections == (
        (
            "## What did Rutte say?",
            "The articles I have do not answer this for certain.\n**This may bear on it:**",
            "> Russia must do more.\n"
            f"-# 1{DOT}[NATO chief demands faster Russian action](https://news.example/rutte#:~:text=x)"
            f"{DOT}CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
            f"-# Looked through 1 article{DOT}low\u00a0confidence",
        ),
    )
    assert card.accent == ABSTAINED


def buttons(card: Card) -> list[list[str]]:
    return [[f"{button.label}{button.emoji or ''}" for button in row] for row in card.rows]


def test_an_answer_s_buttons_link_to_its_sources_and_come_back_to_the_exchange() -> None:
    bare = dataclasses.replace(RUTTE, source=None, url="https://www.wire.example/1")
    unlinked = dataclasses.replace(RUTTE, url=None)
    answer = an_answer(*(quoted(article, "Russia must do more.") for article in (RUTTE, unlinked, bare)))
    card = show_answer(answer, Asking("Why?", 1), 7).card
    closing = ["Ask a follow-up", "👍", "👎"]
    assert buttons(card) == [["1 · CBS News", "3 · www.wire.example"], ["More quotes", "Passage", *closing]]
    assert card.rows[0][0].url == "https://news.example/rutte#:~:text=x"
    assert [button.custom_id for button in card.rows[1]] == [
        f"answer:{action}:7:0" for action in ("more", "passage", "follow", "up", "down")
    ]
    abstention = show_answer(an_answer(nearest=(RUTTE,)), None, 7).card
    assert buttons(abstention) == [["NATO chief demands faster Russian action"], closing]
    assert abstention.rows[0][0].custom_id == "answer:nearest:7:0"


def test_a_question_that_leans_on_another_says_how_it_is_understood() -> None:
    asking = Asking("And *he*?", 1, understood="What did *Rutte* say?")
    card = show_answer(an_answer(quoted(RUTTE, "Russia must do more.")), asking).card
    assert card.texts[:2] == (r"## And \*he\*?", r"-# Understood as: What did \*Rutte\* say?")


def test_an_abstention_says_of_what_time_it_looked_through_articles() -> None:
    dates = (date(2024, 5, 3), date(2025, 6, 9))

    def said(**asked: Day | str) -> str:
        asking = Asking("Why?", 1, **asked)  # pyright: ignore[reportArgumentType]
        return show_answer(an_answer(articles=1234), asking, None, dates).card.texts[-1].replace("\u00a0", " ")

    assert said() == "-# Looked through 1,234 articles, from 3 May 2024 to 9 June 2025"
    later = said(since=date(2025, 1, 1), until=date(2025, 2, 1))
    assert later == "-# Looked through 1,234 articles, from 1 January 2025 to 1 February 2025"
    assert said(since=date(2025, 6, 9)) == "-# Looked through 1,234 articles, of 9 June 2025"
    assert said(since=date(2026, 1, 1)) == "-# Looked through 1,234 articles"
    assert said(source="*AP*") == r"-# Looked through what \*AP\* reported"


def test_bold_goes_before_a_quote_does() -> None:
    article = dataclasses.replace(RUTTE, body="Rutte " * 250, key_points=())
    one, two = quoted(article, article.body.strip()), quoted(article, article.body[6:].strip())
    assert "**Rutte**" in "".join(answer_card(an_answer(one)).texts)
    card = answer_card(an_answer(one, two))
    assert len(quotes_shown(card)) == 2
    assert "**Rutte**" not in "".join(card.texts)


def test_a_briefing_shows_two_key_points_or_quotes_of_each_story() -> None:
    plain = dataclasses.replace(RUTTE, id="p", key_points=(), published=date(2023, 12, 21), source="AP", title="Dance")
    pointed = dataclasses.replace(RUTTE, key_points=(*RUTTE.key_points, "A third."))
    other = quoted(
        dataclasses.replace(RUTTE, id="b", source="BBC", published=None, title="Steps"), "Russia must do more."
    )
    cited = (quoted(plain, "“It is a dance,” Rutte said."), other, other)
    news = Briefing("NATO", (Story((pointed, plain), ()), Story((plain,), cited)), 1, 0.1)
    assert briefing_card(news).sections == (
        ("## Latest news about “NATO”",),
        (
            "**[NATO chief demands faster Russian action](https://news.example/rutte)**\n"
            f"-# CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)\n"
            "-# Also reported by [AP](https://news.example/rutte)\n"
            "- Russia is not doing enough.\n- The U.S. and NATO work together.",
        ),
        (
            f"**[Dance](https://news.example/rutte)**\n-# AP{DOT}21\u00a0December\u00a02023\n"
            "> “It is a dance,” Rutte said.\n\n"
            f"> Russia must do more.\n-# [Steps](https://news.example/rutte#:~:text=x){DOT}BBC{DOT}undated",
        ),
        ("-# Bullets are the publishers’ own summaries; indented quotes are word for word.",),
    )


def test_the_footer_of_a_briefing_explains_what_is_there() -> None:
    plain = dataclasses.replace(RUTTE, key_points=())
    bullets, quotes, bare = Story((RUTTE,), ()), Story((plain,), (quoted(plain, "Russia"),)), Story((plain,), ())

    def footer(*shown: Story) -> str:
        return briefing_card(Briefing(None, shown, 1, 0.1)).texts[-1]

    assert footer(bullets) == "-# Bullets are the publishers’ own summaries."
    assert footer(quotes, bare) == "-# Indented quotes are word for word."
    assert footer(bullets, quotes) == "-# Bullets are the publishers’ own summaries; indented quotes are word for word."
    assert footer(bare).startswith("**[NATO chief")


def test_a_briefing_gives_up_details_before_stories() -> None:
    def shown(size: int, count: int) -> tuple[int, int, tuple[str, ...]]:
        article = dataclasses.replace(RUTTE, key_points=("x" * size,) * 3)
        card = briefing_card(Briefing(None, (Story((article,), ()),) * count, 1, 0.1))
        joined = "\n".join(card.texts)
        return joined.count("**[NATO"), joined.count("\n- x"), card.sections[-1]

    legend = "-# Bullets are the publishers’ own summaries."
    assert shown(100, 5) == (5, 10, (legend,))
    assert shown(500, 5) == (5, 5, (legend,))
    assert shown(900, 5)[:2] == (5, 0)
    assert shown(10, 30) == (18, 0, ("-# 12 more not shown",))


def test_a_briefing_without_stories_says_so() -> None:
    assert briefing_card(Briefing(None, (), 1, 0.1)).texts == ("I have no articles yet.",)
    assert briefing_card(Briefing("*x*", (), 1, 0.1)).texts == (r"I have no articles about “\*x\*” yet.",)


def test_progress() -> None:
    assert progress_card(None).texts == ("Reloading the articles…",)
    assert progress_card(Progress("reading", 1200, None)).texts == ("Reading articles: 1,200…",)
    assert progress_card(Progress("embedding", 5, 1000)).texts == ("Embedding passages: 5 of 1,000…",)


def test_a_report_counts_and_names_failures() -> None:
    failed = tuple(Failure(f"feed.jsonl line {n}", "*broken*") for n in range(12))
    card = report_card(ReloadReport(3, 1, 0, 1200, 14, failed, 12.34, 2))
    assert card.sections[0] == (
        "## Reloaded in 12.3 secs",
        f"3 added{DOT}1 updated{DOT}1,200 unchanged\n-# 14 passages embedded",
    )
    lines = card.sections[1][0].split("\n")
    assert lines[:2] == ["**12 skipped**", r"- **feed.jsonl line 0** \*broken\*"]
    assert lines[-1] == "-# 2 more not shown"
    assert len(lines) == 2 + MOST_FAILURES
    assert report_card(ReloadReport(0, 0, 0, 1, 0, (), 200, 2)).texts[0] == "## Reloaded in 3 mins 20 secs"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1, 0, 0, 4, 1), f"1 added{DOT}4 unchanged\n-# 1 passage embedded"),
        ((0, 0, 2, 0, 0), "2 removed"),
        ((0, 0, 0, 1, 0), f"Nothing changed{DOT}1 article"),
        ((0, 0, 0, 1204, 7), f"Nothing changed{DOT}1,204 articles\n-# 7 passages embedded"),
    ],
)
def test_a_report_leaves_out_what_did_not_happen(counts: tuple[int, int, int, int, int], said: str) -> None:
    assert report_card(ReloadReport(*counts, (), 1, 2)).texts[1] == said

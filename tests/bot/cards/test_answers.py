"""Answers and abstentions as cards: what they say, and what goes when they would not fit."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.answers import LARGE_HEADING, show_answer, unsure
from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, length
from bot.cards.disagreement import number_of
from bot.memory.exchanges import Asking
from bot.wording.markdown import block_quote, day_text, link_target, visible
from retrieval.answer import Age, Answer, Disagreement, Quote, Story
from retrieval.article import Article, Day, Narrowing, Reading, Scope
from tests.support.hostile import answers, texts
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks, quotes_shown
from tests.support.values import RUTTE, quoted


def answer_card(answer: Answer) -> Card:
    return show_answer(answer).card


def an_answer(*chosen: Quote, **changes: object) -> Answer:
    answer = Answer(
        question="What did Rutte say?",
        answered=bool(chosen),
        confidence=0.9,
        quotes=chosen,
        nearest=(),
        articles=1,
        generation=1,
        seconds=0.1,
    )
    return dataclasses.replace(answer, **changes)  # pyright: ignore[reportArgumentType]


@settings(max_examples=15)
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


def test_a_corrected_quote_says_so_and_names_who_else_carries_it() -> None:
    carriers = tuple(Article(name, "Copy", "Words.", source=name) for name in ("Wire", "A_b", "C", "D", "E"))
    article = Article(
        "a", "Title", "Words.", url=None, source="Example News", published=date(2025, 12, 5), summary_only=True
    )
    quote = Quote(
        text="Words.",
        start=0,
        end=6,
        article=article,
        link=None,
        also_reported_by=(),
        also_carried_by=carriers,
        corrected=date(2025, 12, 6),
    )
    (shown,) = [text for text in answer_card(an_answer(quote)).texts if text.startswith("> ")]
    assert shown == (
        f"> Words.\n-# 1{DOT}Title{DOT}Example News{DOT}{day_text(date(2025, 12, 5))}{DOT}summary only"
        f"{DOT}corrected on {day_text(date(2025, 12, 6))}{DOT}also carried by Wire, A\\_b, C and 2 more"
    )


def test_an_answer_names_outlet_date_and_link_below_each_quote() -> None:
    other = dataclasses.replace(RUTTE, id="ap", source="AP", url="https://ap.example/1")
    first = dataclasses.replace(quoted(RUTTE, "Russia must do more."), also_reported_by=(other,))
    card = answer_card(an_answer(first, quoted(RUTTE, "“It is a dance,” Rutte said.", "dance"), articles=1234))
    title, origin = (
        "[NATO chief demands faster Russian action]",
        f"{DOT}CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)",
    )
    assert card.sections == (
        (
            "## What did Rutte say?",
            f"> Russia must do more.\n-# 1{DOT}{title}(https://news.example/rutte#:~:text=x){origin}\n"
            "-# Also reported by [AP](https://ap.example/1)",
            f"> “It is a **dance**,” Rutte said.\n-# 2{DOT}{title}(https://news.example/rutte#:~:text=x){origin}",
        ),
        (
            "**Key points, as CBS News gives them**\n- Russia is not doing enough.\n- The U.S. and NATO work together.",
            f"-# Looked through 1,234 articles{DOT}high\u00a0confidence",
        ),
    )


TOLL = dataclasses.replace(RUTTE, id="toll", title="Toll", body="Grim. It killed 12.", key_points=())
RISES = Article(
    "rises", "Toll *rises*", "It killed 14.", url="https://ap.example/2", source="AP", published=date(2025, 5, 6)
)


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
    card = answer_card(an_answer(quoted(RUTTE, "Russia must do more."), narrowed=Narrowing(Scope(source="*The* Star"))))
    assert card.texts[-1].startswith("-# Looked through articles from \\*The\\* Star")


def test_while_articles_are_read_an_answer_and_an_abstention_say_so() -> None:
    for quotes in ((quoted(RUTTE, "Russia must do more."),), ()):
        card = answer_card(an_answer(*quotes, reading=Reading(412, 10_000)))
        assert card.texts[1] == "-# Still reading: 412 of 10,000 articles"


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


@pytest.mark.parametrize(
    ("confidence", "said"), [(0.85, "high"), (0.84, "fair"), (0.65, "fair"), (0.64, "low"), (0.0, "low")]
)
def test_how_sure_it_is_is_said_in_words(confidence: float, said: str) -> None:
    card = answer_card(an_answer(quoted(RUTTE, "Russia must do more."), confidence=confidence))
    assert card.texts[-1].endswith(f"{DOT}{said}\u00a0confidence")
    assert card.accent == ANSWERED


def test_of_a_quote_that_does_not_fit_under_its_question_at_least_the_source_is_shown() -> None:
    for size in range(3_700, 4_000, 10):
        article = dataclasses.replace(RUTTE, body="x" * size, key_points=())
        shown = show_answer(an_answer(quoted(article, article.body), question="Why? " * 40))
        assert [quote.article for quote in shown.quotes] == [article]
        assert f"-# 1{DOT}" in shown.card.texts[-1] + shown.card.texts[1]


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
    assert show_answer(answer).quotes == ()
    assert answer_card(answer).accent == ABSTAINED
    assert answer_card(answer).rows == ()  # nothing could be told which question they belong to
    asked = show_answer(answer, Asking("And of Chile?", 1, understood="Capital of Chile?")).card
    assert asked.texts[:2] == ("## And of Chile?", "-# Understood as: Capital of Chile?")
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
    assert show_answer(answer, Asking("Why?", 1)).card.rows == card.rows[:1]
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
        asking = Asking("Why?", 1, scope=Scope(**asked))  # pyright: ignore[reportArgumentType]
        return show_answer(an_answer(articles=1234), asking, None, dates).card.texts[-1].replace("\u00a0", " ")

    assert said() == "-# Looked through 1,234 articles, from 3 May 2024 to 9 June 2025"
    later = said(since=date(2025, 1, 1), until=date(2025, 2, 1))
    assert later == "-# Looked through 1,234 articles, from 1 January 2025 to 1 February 2025"
    assert said(since=date(2025, 6, 9)) == "-# Looked through 1,234 articles, of 9 June 2025"
    assert said(since=date(2026, 1, 1)) == "-# Looked through 1,234 articles"
    assert said(source="*AP*") == r"-# Looked through what \*AP\* reported"
    answered = an_answer(quoted(RUTTE, "Russia must do more."))
    card = show_answer(answered, Asking("Why?", 1, scope=Scope(source="*AP*")), None, dates).card
    assert card.texts[-1].startswith(rf"-# Looked through what \*AP\* reported{DOT}")


def test_bold_goes_before_a_quote_does() -> None:
    def shown(length: int) -> tuple[int, int]:
        article = dataclasses.replace(RUTTE, body=f"Rutte {'x' * length}", key_points=())
        card = answer_card(an_answer(*(quoted(article, article.body, "Rutte"),) * 2))
        return len(quotes_shown(card)), "".join(card.texts).count("**Rutte**")

    longest = 999 + bisect_left(range(1000, 2000), True, key=lambda length: shown(length)[0] < 2)
    assert shown(longest) == (2, 0)
    assert shown(longest - 20) == (2, 2)


def a_told_answer(*stories: Story, topic: str = "*the* bridge") -> Answer:
    return an_answer(*stories[0].quotes, stories=stories, topic=topic, question="What happened with the bridge?")


def a_story(number: int, title: str, said: str) -> Story:
    article = Article(f"{number}", title, said, url=f"https://x.example/{number}", source="Star")
    return Story((article,), (quoted(article, said),), id=number)


def test_a_story_that_answers_is_drawn_as_stories_are_and_others_are_offered() -> None:
    bridge, ferry = (
        a_story(7, "Bridge closed", "The bridge is closed."),
        a_story(8, "A *ferry* for the Lahn " * 9, "Now."),
    )
    shown = show_answer(a_told_answer(bridge, ferry), Asking("What happened with the bridge?", 1), 5)
    said = "\n".join(shown.card.texts)
    assert r"-# Understood as: the news about “\*the\* bridge”" in said
    assert "**[Bridge closed](https://x.example/7)**" in said
    assert "> The bridge is closed." in said
    assert "Now." not in said
    assert shown.quotes == bridge.quotes
    others, opening, closing = shown.card.rows
    assert [(button.label, button.custom_id) for button in opening] == [("Open story", "story:7:0:-:0")]
    assert others[0].custom_id == "story:8:0:-:0"
    assert others[0].label.startswith("A *ferry* for the Lahn")  # a button's label is plain text
    assert length(others[0].label) <= 80
    assert "answer:passage:5:0" in [button.custom_id for button in closing]
    alone = show_answer(a_told_answer(bridge), Asking("and now?", 1, understood="What is new?"))
    assert len(alone.card.rows) == 1
    assert "Understood as: What is new?" in "\n".join(alone.card.texts)
    assert "the news about" not in "\n".join(alone.card.texts)


def test_a_story_that_answers_stands_between_its_question_and_what_was_looked_through() -> None:
    bridge, ferry = a_story(7, "Bridge closed", "The bridge is closed."), a_story(8, "Ferry", "Now.")
    asking = Asking("*Why*?", 1, scope=Scope(source="*AP*", until=date(2025, 6, 9)))
    card = show_answer(a_told_answer(bridge, ferry), asking, 5).card
    assert card.sections == (
        (r"## \*Why\*?", r"-# Understood as: the news about “\*the\* bridge”"),
        (f"**[Bridge closed](https://x.example/7)**\n-# Star{DOT}undated\n> The bridge is closed.",),
        (
            rf"-# Looked through what \*AP\* reported{DOT}high" + "\u00a0confidence",
            "-# Or did you mean one of these?",
        ),
    )
    assert card.accent == ANSWERED
    # Whoever opens one is told of it as of the same day.
    assert [row[0].custom_id for row in card.rows[:2]] == ["story:8:0:20250609:0", "story:7:0:20250609:0"]
    alone = show_answer(a_told_answer(bridge), asking, 5).card
    assert alone.texts == card.texts[:4]
    assert len(alone.rows) == 2


def test_of_a_story_without_quotes_no_more_quotes_and_no_passage_are_offered() -> None:
    story = dataclasses.replace(a_story(7, "Bridge closed", "The bridge is closed."), quotes=())
    shown = show_answer(a_told_answer(story), None, 5)
    assert shown.quotes == ()
    assert buttons(shown.card) == [["Open story"], ["Ask a follow-up", "👍", "👎"]]
    assert [button.custom_id for button in shown.card.rows[1]] == [
        "answer:follow:5:0",
        "answer:up:5:0",
        "answer:down:5:0",
    ]


@pytest.mark.parametrize(
    ("of_now", "said"), [(True, "The newest I have is from"), (False, "The newest report on this is from")]
)
def test_how_old_it_is_stands_below_the_question(of_now: bool, said: str) -> None:
    age = Age(date(2025, 1, 2), of_now=of_now)
    card = answer_card(an_answer(quoted(RUTTE, "Russia must do more."), age=age))
    assert card.texts[1] == f"-# {said} {day_text(date(2025, 1, 2))}"


def test_of_a_story_that_does_not_fit_quotes_go_from_the_end() -> None:
    article = Article("7", "Bridge", "A" * 2500 + " " + "B" * 2500, url="https://x.example/7", source="Star")
    quotes = (quoted(article, "A" * 2500), quoted(article, "B" * 2500))
    shown = show_answer(a_told_answer(Story((article,), quotes, id=7)), None, 5)
    assert shown.quotes == quotes[:1]
    assert quotes_shown(shown.card) == ["A" * 2500]

"""The latest stories as cards."""

from __future__ import annotations

import dataclasses
from datetime import date

from hypothesis import given, settings

from bot.cards.card import DOT
from bot.cards.stories import briefing_card
from bot.wording.markdown import visible
from retrieval.answer import Briefing, Story
from retrieval.article import Reading
from tests.support.hostile import briefings
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks, quotes_shown
from tests.support.values import RUTTE, a_briefing, quoted


@settings(max_examples=15)
@given(briefings)
def test_any_briefing_fits_with_its_quotes_whole(briefing: Briefing) -> None:
    card = briefing_card(briefing)
    assert_is_accepted(card)
    known = [article for story in briefing.stories for article in story.articles]
    cited = [quote for story in briefing.stories for quote in story.quotes]
    assert_only_our_marks(card, known + [q.article for q in cited], [quote.link for quote in cited])
    for shown in quotes_shown(card):
        assert any(shown == visible(quote.text) for quote in cited)


def test_a_briefing_shows_two_key_points_or_quotes_of_each_story() -> None:
    plain = dataclasses.replace(RUTTE, id="p", key_points=(), published=date(2023, 12, 21), source="AP", title="Dance")
    pointed = dataclasses.replace(RUTTE, key_points=(*RUTTE.key_points, "A third."))
    other = quoted(
        dataclasses.replace(RUTTE, id="b", source="BBC", published=None, title="Steps"), "Russia must do more."
    )
    cited = (quoted(plain, "“It is a dance,” Rutte said."), other, other)
    news = a_briefing(*(Story((pointed, plain), ()), Story((plain,), cited)), topic="NATO")
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
        return briefing_card(a_briefing(*shown)).texts[-1]

    assert footer(bullets) == "-# Bullets are the publishers’ own summaries."
    assert footer(quotes, bare) == "-# Indented quotes are word for word."
    assert footer(bullets, quotes) == "-# Bullets are the publishers’ own summaries; indented quotes are word for word."
    assert footer(bare).startswith("**[NATO chief")


def test_a_briefing_gives_up_details_before_stories() -> None:
    def shown(size: int, count: int) -> tuple[int, int, tuple[str, ...]]:
        article = dataclasses.replace(RUTTE, key_points=("x" * size,) * 3)
        card = briefing_card(a_briefing(*(Story((article,), ()),) * count))
        joined = "\n".join(card.texts)
        return joined.count("**[NATO"), joined.count("\n- x"), card.sections[-1]

    legend = "-# Bullets are the publishers’ own summaries."
    assert shown(100, 5) == (5, 10, (legend,))
    assert shown(500, 5) == (5, 5, (legend,))
    assert shown(900, 5)[:2] == (5, 0)
    assert shown(10, 30) == (18, 0, ("-# 12 more not shown",))


def test_a_briefing_without_stories_says_so() -> None:
    assert briefing_card(a_briefing()).texts == ("I have no articles yet.",)
    assert briefing_card(a_briefing(topic="*x*")).texts == (r"I have no articles about “\*x\*” yet.",)


def test_a_briefing_says_how_many_articles_are_read_by_now() -> None:
    reading = Reading(412, 10_000)
    line = "-# Still reading: 412 of 10,000 articles"
    nothing = briefing_card(dataclasses.replace(a_briefing(), reading=reading))
    assert nothing.texts == ("I have no articles yet.", line)
    some = dataclasses.replace(a_briefing(Story((RUTTE,), ())), reading=reading)
    assert briefing_card(some).texts[:2] == ("## Latest news", line)
    assert briefing_card(some, source="BBC").texts[1] == f"-# from BBC{DOT}{line.removeprefix('-# ')}"

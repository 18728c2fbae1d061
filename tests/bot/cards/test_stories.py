"""The latest stories as cards."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from hypothesis import given, settings

from bot.cards.card import DOT, Card, fits
from bot.cards.stories import briefing_card
from bot.wording.markdown import visible
from retrieval.answer import Briefing, Disagreement, Quote, Story
from retrieval.article import Article, Reading, Scope
from tests.support.hostile import briefings
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks, quotes_shown
from tests.support.values import RUTTE, a_briefing, quoted

LINES = (
    "The ferry ran aground at dawn.",
    "All 14 passengers are safe.",
    "Divers look at the hull.",
    "A tug has pulled it free.",
    "It is to sail again on Monday.",
)


def report(number: int, outlet: str, day: date, title: str = "Ferry aground") -> Article:
    """An article whose body is one of `LINES`."""
    url = f"https://{outlet.lower()}.example/{number}"
    return Article(f"{outlet} {number}", title, LINES[number], url=url, source=outlet, published=day)


FERRY = Story(
    articles=(
        report(4, "Gazette", datetime(2026, 3, 5, 9, tzinfo=UTC), "Ferry to sail again"),
        report(3, "Star", date(2026, 3, 4)),
        report(2, "Gazette", date(2026, 3, 3)),
        report(1, "Herald", date(2026, 3, 2)),
        report(0, "Star", date(2026, 3, 2)),
    ),
    id=7,
    central=1,
)
FERRY = dataclasses.replace(FERRY, quotes=tuple(quoted(each, each.body) for each in FERRY.articles))
SPAN = f"5\u00a0reports{DOT}2\u00a0March\u00a02026 – <t:1772701200:D> (<t:1772701200:R>)"
HEADLINE = f"**[Ferry aground](https://star.example/3)**\n-# 3\u00a0outlets{DOT}{SPAN}"


def sides() -> Disagreement:
    quotes = tuple(quoted(each, each.body) for each in FERRY.articles[:2])
    return Disagreement(quotes, "figures", ("14", "*12*"))


def ids_of(card: Card) -> list[tuple[str, str | None]]:
    return [(button.label, button.custom_id) for row in card.rows for button in row]


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


def test_a_story_shows_up_to_four_quotes_each_of_an_outlet_and_a_day() -> None:
    assert briefing_card(a_briefing(FERRY)).sections == (
        ("## Latest news",),
        (
            f"{HEADLINE}\n"
            "> It is to sail again on Monday.\n"
            f"-# [Gazette](https://gazette.example/4#:~:text=x){DOT}<t:1772701200:D> (<t:1772701200:R>)\n\n"
            f"> A tug has pulled it free.\n-# [Star](https://star.example/3#:~:text=x){DOT}4\u00a0March\u00a02026\n\n"
            "> Divers look at the hull.\n"
            f"-# [Gazette](https://gazette.example/2#:~:text=x){DOT}3\u00a0March\u00a02026\n\n"
            "> All 14 passengers are safe.\n"
            f"-# [Herald](https://herald.example/1#:~:text=x){DOT}2\u00a0March\u00a02026",
        ),
        ("-# Indented quotes are word for word.",),
    )


def test_a_single_report_says_once_where_it_is_from() -> None:
    article = dataclasses.replace(RUTTE, key_points=())
    quotes = (quoted(article, "“It is a dance,” Rutte said."), quoted(article, "Russia must do more."))
    (text,) = briefing_card(a_briefing(Story((article,), quotes), topic="NATO")).sections[1]
    assert text == (
        "**[NATO chief demands faster Russian action](https://news.example/rutte)**\n"
        f"-# CBS News{DOT}<t:1746360000:D> (<t:1746360000:R>)\n"
        "> “It is a dance,” Rutte said.\n\n> Russia must do more."
    )


def test_key_points_stand_only_where_nothing_is_quoted() -> None:
    bullets, plain = Story((RUTTE,), ()), Story((dataclasses.replace(RUTTE, key_points=()),), ())
    quotes = Story((RUTTE,), (quoted(RUTTE, "Russia must do more."),))

    def below(*shown: Story) -> tuple[list[bool], str]:
        *stories, footer = briefing_card(a_briefing(*shown)).texts[1:]
        return ["\n- Russia is not doing enough.\n- The U.S." in text for text in stories], footer

    assert below(bullets) == ([True], "-# Bullets are the publishers’ own summaries.")
    assert below(quotes, plain) == ([False, False], "-# Indented quotes are word for word.")
    both = "-# Bullets are the publishers’ own summaries; indented quotes are word for word."
    assert below(bullets, quotes) == ([True, False], both)


def test_who_reports_a_story_is_said_in_a_line() -> None:
    def line(*articles: Article) -> str:
        return briefing_card(a_briefing(Story(articles, id=1))).texts[1].split("\n")[1]

    day = date(2026, 3, 2)
    one, two, other = report(1, "Star", day), report(2, "Star", day), report(1, "Herald", day)
    assert line(two, one) == f"-# Star{DOT}2\u00a0reports{DOT}2\u00a0March\u00a02026"
    assert line(two, other) == f"-# 2\u00a0outlets{DOT}2\u00a0reports{DOT}2\u00a0March\u00a02026"
    bare = [dataclasses.replace(each, source=None, published=None) for each in (one, two)]
    assert line(*bare) == f"-# 2\u00a0reports{DOT}undated"
    assert line(bare[0]) == "-# undated"


def test_what_is_new_and_where_reports_differ_is_said_in_a_line_each() -> None:
    differing = dataclasses.replace(FERRY, disagreement=sides(), new=frozenset({"Gazette 4", "Star 3"}))
    lines = briefing_card(a_briefing(differing)).texts[1].split("\n")
    assert lines[1] == f"-# 3\u00a0outlets{DOT}{SPAN}{DOT}**2\u00a0new** since you last looked"
    assert lines[2] == r"-# Reports differ: **14** (Gazette), **\*12\*** (Star)"
    new = Story(FERRY.articles[:2], new=frozenset({"Gazette 4", "Star 3"}))
    denied = dataclasses.replace(sides(), about="denial", figures=())
    lines = briefing_card(a_briefing(dataclasses.replace(new, disagreement=denied))).texts[1].split("\n")
    assert lines[1].endswith(f"{DOT}new since you last looked")
    assert lines[2] == "-# Reports contradict each other: Gazette, Star"


def test_each_story_has_a_number_and_a_button_that_opens_it() -> None:
    stories = tuple(dataclasses.replace(FERRY, id=number) for number in range(1, 8))
    card = briefing_card(a_briefing(*stories), Scope(until=date(2026, 3, 9)), page=1)
    assert [text.split(" ")[0] for text in card.texts[2:-1]] == [f"{number}\\." for number in range(6, 13)]
    assert [len(row) for row in card.rows] == [5, 2]
    assert ids_of(card) == [(f"Open {5 + number}", f"story:{number}:0:20260309:0") for number in range(1, 8)]
    assert card.texts[1] == f"-# as of 9 March 2026{DOT}page 2"
    assert ids_of(briefing_card(a_briefing(FERRY))) == [("Open story", "story:7:0:-:0")], "there is no other"


def test_a_briefing_gives_up_of_the_last_stories_first_and_each_thing_in_its_turn() -> None:
    def shown(padding: int, count: int) -> list[tuple[int, int, int]]:
        """Of each story: quotes, links to passages, links to pages."""
        link, url = "https://a.example/#:~:text=" + "x" * padding, "https://a.example/" + "x" * (padding // 4)

        def padded(quote: Quote) -> Quote:
            return dataclasses.replace(quote, link=link, article=dataclasses.replace(quote.article, url=url))

        story = dataclasses.replace(FERRY, quotes=tuple(map(padded, FERRY.quotes)))
        card = briefing_card(a_briefing(*[dataclasses.replace(story, id=at + 1) for at in range(count)]))
        assert fits(card)
        assert len(card.rows) == -(-count // 5)
        texts = card.texts[1 : count + 1]
        return [(each.count("\n> "), each.count(":~:"), each.count("](") - each.count(":~:") - 1) for each in texts]

    assert shown(50, 3) == [(4, 4, 0)] * 3
    assert shown(260, 3) == [(4, 4, 0), (3, 3, 0), (3, 3, 0)]
    assert shown(320, 4) == [(2, 2, 0)] * 4
    assert shown(440, 4) == [(2, 2, 0)] * 2 + [(2, 0, 2)] * 2
    assert shown(440, 10) == [(2, 0, 2)] * 5 + [(2, 0, 0)] * 5
    assert shown(100, 6) == [(3, 3, 0)] * 4 + [(2, 2, 0)] * 2
    assert shown(480, 11) == [(2, 0, 2)] * 3 + [(2, 0, 0)] * 8


def test_stories_go_from_the_end_where_not_even_their_headlines_fit() -> None:
    card = briefing_card(a_briefing(*(dataclasses.replace(FERRY, id=number) for number in range(1, 31))))
    shown = len(ids_of(card))
    assert 10 < shown < 18
    assert card.sections[-1] == (f"-# {30 - shown} more not shown",)


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
    assert briefing_card(some, Scope(source="BBC")).texts[1] == f"-# from BBC{DOT}{line.removeprefix('-# ')}"

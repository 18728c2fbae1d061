"""Pages for a terminal: what stands on them, and that articles cannot command the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from rich.console import Console, RenderableType

from bot.cli.documents import answer_document, briefing_document, fields_document, timeline_document
from bot.cli.pages import answer_page, briefing_page, day_text, report_page, show, status_page, timeline_page
from retrieval.answer import Answer, Disagreement, Quote, Story, Timeline
from retrieval.article import Article, Day, Failure, Narrowing, Reading, ReloadReport, Scope, Status
from tests.support.values import a_briefing, a_quote

ARTICLE = Article(
    id="a",
    title="NATO chief asks for more",
    body="“We need more,” he said.\nThe ministers agreed.",
    url="https://news.example/a",
    source="Example News",
    published=date(2025, 12, 5),
    key_points=("More is needed.", "Ministers agree."),
)
OTHER = Article("b", "Undated and unsigned", "He said it.", url="https://other.example/b")
QUOTE = Quote(
    text=ARTICLE.body,
    start=0,
    end=len(ARTICLE.body),
    article=ARTICLE,
    link="https://news.example/a#:~:text=We",
    also_reported_by=(OTHER,),
)
ANSWER = Answer(
    question="Who?",
    answered=True,
    confidence=0.874,
    quotes=(QUOTE,),
    nearest=(),
    articles=1204,
    generation=3,
    seconds=0.042,
)
HOSTILE = Article(
    "h",
    "\x1b]0;owned\x07[bold]Head\r\nline[/bold] \u202egnp.exe :smile:",
    "\x1b[2J[red]Body[/red]\x9b31m\r\nsecond\x00 line",
    url="https://h.example/\x1b[31m",
    source="\x1b[31m[link=https://evil]Outlet",
    key_points=("\x1b[1mpoint\nFake line",),
)
STYLES = re.compile(r"\x1b\[[0-3]m")  # rich's own bold, dim and italic, and their end


def printed(page: RenderableType, *, width: int = 80, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal, no_color=True, highlight=False)
    show(console, page)
    return stream.getvalue()


def test_an_answer_has_numbered_quotes_with_sources_links_and_the_publishers_summary() -> None:
    assert printed(answer_page(ANSWER)) == (
        "1. ““We need more,” he said.\n"
        "   The ministers agreed.”\n"
        "   Example News · 5 December 2025 · NATO chief asks for more\n"
        "   https://news.example/a#:~:text=We\n"
        "   Also reported by other.example · undated · Undated and unsigned\n"
        "   https://other.example/b\n"
        "\n"
        "   Publisher's summary (Example News):\n"
        "   - More is needed.\n"
        "   - Ministers agree.\n"
        "\n"
        "Confidence 87% · looked through 1,204 articles in 0.04 s\n"
    )


def test_in_a_terminal_what_answers_is_bold() -> None:
    quote = replace(QUOTE, answer=(4, 8))
    assert "““We \x1b[1mneed\x1b[0m more,” he said.\n" in printed(
        answer_page(replace(ANSWER, quotes=(quote,))), terminal=True
    )


def test_a_corrected_quote_says_so_and_names_who_else_carries_it() -> None:
    carriers = (Article("w", "Copy", "He said it.", source="Wire"), replace(OTHER, title="Another copy"))
    article = replace(ARTICLE, summary_only=True)
    quote = replace(QUOTE, article=article, also_reported_by=(), also_carried_by=carriers, corrected=date(2025, 12, 6))
    assert (
        "\n   Example News · 5 December 2025 · summary only · corrected on 6 December 2025"
        " · also carried by Wire, other.example · NATO chief asks for more\n"
    ) in printed(answer_page(replace(ANSWER, quotes=(quote,))))


NEWER = Article(
    "n", "Toll rises", "It killed 14.", url="https://n.example/", source="Wire", published=date(2025, 12, 6)
)
OLDER = Article(
    "o", "Toll", "Grim. It killed 12.", url="https://o.example/", source="Post", published=date(2025, 12, 5)
)
FOURTEEN = a_quote(NEWER, "It killed 14.", "https://n.example/#:~:text=It")
TWELVE = a_quote(OLDER, "It killed 12.", "https://o.example/#:~:text=It")
GRIM = a_quote(OLDER, link="https://o.example/#:~:text=Grim")


def test_reports_that_disagree_stand_below_the_quotes_and_no_quote_twice() -> None:
    answer = replace(ANSWER, quotes=(GRIM,), disagreement=Disagreement((FOURTEEN, TWELVE), "figures", ("14", "12")))
    assert printed(answer_page(answer)) == (
        "1. “Grim. It killed 12.”\n"
        "   Post · 5 December 2025 · Toll\n"
        "   https://o.example/#:~:text=Grim\n"
        "\n"
        "Reports differ (14, 12), newest first:\n"
        " - “It killed 14.”\n"
        "   Wire · 6 December 2025 · Toll rises\n"
        "   https://n.example/#:~:text=It\n"
        " - quote 1 (Post · 5 December 2025)\n"
        "\n"
        "Confidence 87% · looked through 1,204 articles in 0.04 s\n"
    )


@pytest.mark.parametrize(
    ("newer", "older", "said"),
    [
        (date(2025, 12, 6), date(2025, 12, 5), "Reports contradict each other, newest first:"),
        # which is the newest cannot be told
        (date(2025, 12, 5), date(2025, 12, 5), "Reports contradict each other:"),
        (datetime(2025, 12, 5, 18, tzinfo=UTC), date(2025, 12, 5), "Reports contradict each other:"),
        (date(2025, 12, 5), None, "Reports contradict each other:"),
        (None, None, "Reports contradict each other:"),
    ],
)
def test_quotes_that_disagree_are_not_shown_twice(newer: Day | None, older: Day | None, said: str) -> None:
    first = replace(FOURTEEN, article=replace(NEWER, published=newer))
    second = replace(TWELVE, article=replace(OLDER, published=older))
    held = replace(GRIM, article=second.article)
    answer = replace(ANSWER, quotes=(held, first), disagreement=Disagreement((first, second), "denial"))
    text = printed(answer_page(answer))
    assert f"\n\n{said}\n - quote 2 (Wire · " in text
    assert "\n - quote 1 (Post · " in text
    assert text.count("It killed 14.") == text.count("It killed 12.") == 1


def test_an_abstention_says_so_and_offers_the_nearest_headlines() -> None:
    abstention = replace(ANSWER, answered=False, quotes=(), nearest=(ARTICLE, OTHER), articles=1)
    assert printed(answer_page(abstention)) == (
        "The articles do not answer this question.\n"
        "\n"
        "The nearest headlines:\n"
        " - Example News · 5 December 2025 · NATO chief asks for more\n"
        "   https://news.example/a\n"
        " - other.example · undated · Undated and unsigned\n"
        "   https://other.example/b\n"
        "\n"
        "Looked through 1 article in 0.04 s\n"
    )


def test_what_may_bear_on_the_question_is_no_answer() -> None:
    unsure = replace(ANSWER, answered=False, confidence=0.3, quotes=(replace(QUOTE, also_reported_by=()),))
    assert printed(answer_page(unsure)) == (
        "The articles do not answer this question for certain.\n"
        "This may bear on it:\n"
        "\n"
        "1. ““We need more,” he said.\n"
        "   The ministers agreed.”\n"
        "   Example News · 5 December 2025 · NATO chief asks for more\n"
        "   https://news.example/a#:~:text=We\n"
        "\n"
        "Confidence 30% · looked through 1,204 articles in 0.04 s\n"
    )


def test_what_the_question_narrowed_the_search_to_is_said() -> None:
    page = printed(answer_page(replace(ANSWER, narrowed=Narrowing(Scope(date(2024, 6, 3), date(2024, 6, 9))))))
    assert "ooked through articles from 3 to 9 June 2024 in 0.04 s" in page


def test_a_story_says_who_reports_it_and_shows_quotes_or_else_the_summary() -> None:
    both = Story((ARTICLE, OTHER), (a_quote(OTHER, "He said it."), a_quote(ARTICLE, "“We need more,” he said.")), id=7)
    differing = Disagreement(both.quotes, "figures", ("14", "12"))
    stories = (
        replace(both, central=1, new=frozenset({"b"}), disagreement=differing),
        Story((OTHER,), (a_quote(OTHER, "He said it."),)),
        Story((ARTICLE,), ()),
    )
    assert printed(briefing_page(a_briefing(*stories))) == (
        "1. Undated and unsigned\n"
        "   Example News · 2 reports · 5 December 2025 · 1 new · story 7\n"
        "   Reports differ: 14 (other.example), 12 (Example News)\n"
        "   “He said it.”\n"
        "   other.example · undated\n"
        "   ““We need more,” he said.”\n"
        "   Example News · 5 December 2025\n"
        "   https://other.example/b\n"
        "\n"
        "2. Undated and unsigned\n"
        "   other.example · undated\n"
        "   “He said it.”\n"
        "   https://other.example/b\n"
        "\n"
        "3. NATO chief asks for more\n"
        "   Example News · 5 December 2025\n"
        "   Publisher's summary (Example News):\n"
        "   - More is needed.\n"
        "   - Ministers agree.\n"
        "   https://news.example/a\n"
    )


def test_a_story_is_told_step_by_step_and_its_differences_in_full() -> None:
    early = replace(OTHER, id="c", source="Star", published=date(2025, 12, 2))
    steps = (a_quote(early, "He said it."), a_quote(ARTICLE, "“We need more,” he said."))
    told = Story((ARTICLE, early), steps, id=7, disagreement=Disagreement(steps, "denial"))
    timeline = Timeline(told, steps, 3)
    assert printed(timeline_page(timeline)) == (
        "NATO chief asks for more\n"
        "   2 outlets · 2 reports · 2 December 2025 to 5 December 2025 · story 7\n"
        "\n"
        "2 December 2025\n"
        "   “He said it.”\n"
        "   Star · Undated and unsigned\n"
        "\n"
        "5 December 2025\n"
        "   ““We need more,” he said.”\n"
        "   Example News · NATO chief asks for more\n"
        "\n"
        "Reports contradict each other:\n"
        " - “He said it.”\n"
        "   Star · 2 December 2025 · Undated and unsigned\n"
        " - ““We need more,” he said.”\n"
        "   Example News · 5 December 2025 · NATO chief asks for more\n"
    )
    document = timeline_document(timeline)
    assert [step["text"] for step in document["steps"]] == ["He said it.", "“We need more,” he said."]
    assert document["generation"] == 3
    shown = briefing_document(a_briefing(replace(told, new=frozenset({"c", "gone"}))))["stories"][0]
    assert {name: shown[name] for name in ("id", "central", "outlets", "first", "last", "new")} == {
        "id": 7,
        "central": 0,
        "outlets": ("Example News", "Star"),
        "first": date(2025, 12, 2),
        "last": date(2025, 12, 5),
        "new": ["c"],
    }
    assert shown["disagreement"]["about"] == "denial"


@pytest.mark.parametrize(
    ("topic", "said"), [(None, "There are no articles."), ("peace", "There are no articles about “peace”.")]
)
def test_an_empty_briefing_says_so(topic: str | None, said: str) -> None:
    assert printed(briefing_page(a_briefing(topic=topic))) == f"{said}\n"


def test_the_story_that_a_broad_question_means_stands_above_others_that_fit() -> None:
    told = Story((ARTICLE, OTHER), (replace(QUOTE, also_reported_by=()),), id=17)
    answer = replace(ANSWER, stories=(told, Story((HOSTILE,), (), id=18)), topic="NATO")
    shown = printed(answer_page(answer))
    assert shown.startswith("Understood as: the news about “NATO”\n\n1. NATO chief asks for more\n")
    assert "story 17" in shown
    assert "Or did you mean one of these?\n2. " in shown
    assert "\x1b" not in shown
    document = answer_document(answer)
    assert (document["topic"], [story["id"] for story in document["stories"]]) == ("NATO", [17, 18])


def test_a_report_has_the_counts_and_what_was_skipped() -> None:
    report = ReloadReport(
        added=2,
        updated=1,
        removed=0,
        unchanged=1203,
        embedded=9,
        failed=(Failure("a.jsonl line 2", "it is not JSON"),),
        seconds=1.234,
        generation=4,
    )
    assert printed(report_page(report)) == (
        "Reloaded in 1.2 s: 2 added, 1 updated, 0 removed, 1203 unchanged.\nSkipped a.jsonl line 2: it is not JSON\n"
    )


def test_a_status_has_what_the_index_holds() -> None:
    moment = datetime(2025, 12, 6, 9, 5, tzinfo=timezone(timedelta(hours=1)))
    status = Status(
        generation=4,
        articles=1204,
        passages=9000,
        sources=12,
        newest=date(2025, 12, 5),
        oldest=date(2024, 1, 1),
        model="a/model",
        reloaded=moment,
        failed=(),
        notice="Reload.",
        articles_in={"fr": 1100, "en": 100},
    )
    assert printed(status_page(status)) == (
        "Articles  1,204 from 12 outlets\n"
        "Languages French 1,100, English 100\n"
        "Passages  9,000\n"
        "Published 1 January 2024 to 5 December 2025\n"
        "Model     a/model; languages: many\n"
        "Reloaded  6 December 2025 08:05 UTC (generation 4)\n"
        "Reload.\n"
    )


def test_a_status_has_how_the_model_is_used() -> None:
    status = Status(4, 412, 9000, 12, None, None, "a/model", None, (), None)
    used = replace(status, runtime="OpenVINO", prompts=("query: ", ""), languages=("de", "en"))
    line = '\nModel     a/model, computed with OpenVINO; languages: de, en; "query: " before questions\n'
    assert line in printed(status_page(used))
    both = replace(status, prompts=("query: ", "passage: "))
    line = '\nModel     a/model; languages: many; "query: " before questions, "passage: " before passages\n'
    assert line in printed(status_page(both))
    assert fields_document(used)["languages"] == ("de", "en")


def test_quotes_in_another_language_than_the_question_say_so() -> None:
    article = replace(ARTICLE, language="de")
    foreign = replace(ANSWER, quotes=tuple(replace(quote, article=article) for quote in ANSWER.quotes), language="en")
    assert " · in German" in printed(answer_page(foreign))
    assert " · in German" not in printed(answer_page(replace(foreign, language="de")))
    assert " · in German" in printed(briefing_page(a_briefing(Story((article,), ()))))
    document = answer_document(foreign)
    assert document["language"] == "en"
    assert {quote["language"] for quote in document["quotes"]} == {"de"}


def test_while_articles_are_read_answers_and_status_say_so() -> None:
    for answer in (ANSWER, replace(ANSWER, answered=False, quotes=())):
        assert "reading" not in answer_document(answer)
        answer = replace(answer, reading=Reading(412, 10_000))
        assert printed(answer_page(answer)).endswith("\nStill reading: 412 of 10,000 articles\n")
        assert answer_document(answer)["reading"] == {"done": 412, "total": 10_000}
    for briefing in (a_briefing(), a_briefing(Story((ARTICLE,), ()))):
        assert "reading" not in briefing_document(briefing)
        briefing = replace(briefing, reading=Reading(412, 10_000))
        assert printed(briefing_page(briefing)).endswith("\nStill reading: 412 of 10,000 articles\n")
        assert briefing_document(briefing)["reading"] == {"done": 412, "total": 10_000}
    status = Status(4, 412, 9000, 12, None, None, "a/model", None, (), None, reading=Reading(412, 10_000, 754.0))
    assert "\nReading   412 of 10,000 articles, 13 min left\n" in printed(status_page(status))
    assert fields_document(status)["reading"] == {"done": 412, "total": 10_000, "left": 754.0}


def test_an_empty_status_invents_nothing() -> None:
    text = printed(
        status_page(
            Status(
                generation=0,
                articles=0,
                passages=0,
                sources=0,
                newest=None,
                oldest=None,
                model="a/model",
                reloaded=None,
                failed=(),
                notice=None,
            )
        )
    )
    assert "Published undated" in text
    assert "Reloaded  never" in text


def test_a_terminals_width_wraps_text_but_never_a_link() -> None:
    link = f"https://news.example/{'x' * 60}"
    quote = replace(QUOTE, text="word " * 30, link=link, also_reported_by=())
    page = answer_page(replace(ANSWER, quotes=(quote,)))
    lines = STYLES.sub("", printed(page, width=40, terminal=True)).splitlines()
    assert f"   {link}" in lines
    assert all(len(line) <= 40 for line in lines if link not in line)
    assert all(line.startswith(("1. ", "   ")) for line in lines if "word" in line)


def test_elsewhere_a_quote_stays_on_one_line() -> None:
    quote = replace(QUOTE, text="word " * 100, link=f"https://news.example/{'x' * 300}")
    text = printed(answer_page(replace(ANSWER, quotes=(quote,))))
    assert "word " * 99 + "word" in text
    assert quote.link is not None
    assert f"   {quote.link}\n" in text


@pytest.mark.parametrize("terminal", [False, True])
def test_hostile_articles_command_nothing(terminal: bool) -> None:
    quote = Quote(
        text=HOSTILE.body,
        start=0,
        end=len(HOSTILE.body),
        article=HOSTILE,
        link=HOSTILE.url,
        also_reported_by=(HOSTILE,),
        also_carried_by=(HOSTILE,),
    )
    other = replace(quote, article=replace(HOSTILE, id="other"))
    hostile_answer = replace(ANSWER, quotes=(quote,), disagreement=Disagreement((quote, other), "denial"))
    abstention = replace(ANSWER, answered=False, quotes=(), nearest=(HOSTILE,))
    differing = Disagreement((quote, other), "figures", ("\x1b[31m", "\n12"))
    stories = (Story((HOSTILE, HOSTILE), ()), Story((HOSTILE, HOSTILE), (quote,), disagreement=differing))
    report = ReloadReport(
        added=0,
        updated=0,
        removed=0,
        unchanged=0,
        embedded=0,
        failed=(Failure("\x1b[31m", "\x1b[2J\nReloaded"),),
        seconds=0,
        generation=0,
    )
    status = Status(
        generation=0,
        articles=0,
        passages=0,
        sources=0,
        newest=None,
        oldest=None,
        model="\x1b[31m",
        reloaded=None,
        failed=report.failed,
        notice="\x1b[31m",
    )
    pages = [
        answer_page(hostile_answer),
        answer_page(abstention),
        briefing_page(a_briefing(*stories, topic="\x1b[31m")),
        briefing_page(a_briefing(topic="\x1b[31m")),
        timeline_page(Timeline(replace(stories[0], disagreement=hostile_answer.disagreement), (quote,), 1)),
        report_page(report),
        status_page(status),
    ]
    for page in pages:
        text = printed(page, terminal=terminal, width=200)
        own = STYLES.sub("", text) if terminal else text
        assert not [char for char in own if not char.isprintable() and char != "\n"]
    text = printed(pages[0])
    assert "“[2J[red]Body[/red]31m\n   second line”" in text
    source = "[31m[link=https://evil]Outlet"
    headline = "]0;owned[bold]Head line[/bold] gnp.exe :smile:"
    assert f"{source} · undated · also carried by {source} · {headline}" in text
    assert "   - [1mpoint Fake line\n" in text


def test_a_moment_is_told_in_utc_and_a_missing_date_is_not_invented() -> None:
    assert day_text(datetime(2025, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))) == "31 December 2024 22:30 UTC"
    assert day_text(datetime(2025, 1, 1, tzinfo=UTC)) == "1 January 2025 00:00 UTC"
    assert day_text(None) == "undated"


def test_a_url_that_cannot_be_parsed_is_no_obstacle() -> None:
    broken = replace(OTHER, url="https://[broken")
    abstention = replace(ANSWER, answered=False, quotes=(), nearest=(broken,))
    assert " - undated · Undated and unsigned\n   https://[broken\n" in printed(answer_page(abstention))

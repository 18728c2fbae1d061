"""What a story shows: its headline, its quotes, its steps; on invented news of several outlets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer import Story
from retrieval.answering.quote import same_statement
from retrieval.answering.steps import steps
from retrieval.answering.summary import MOST_QUOTES, summarised
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.text.alone import points_back
from retrieval.text.sentences import sentence_spans
from tests.support.places import ROOT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


def report(
    title: str, body: str, source: str | None = "Tagus Post", hours: float | None = 0, points: tuple[str, ...] = ()
) -> StoredArticle:
    """A report that came so many hours after the first; undated where they are None."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    article = Article(f"{source} {title} {hours}", title, body, None, source, published, key_points=points)
    return StoredArticle(abs(hash(article.id)), article, tuple(sentence_spans(body)))


def newest_first(*reports: StoredArticle) -> list[StoredArticle]:
    """Undated ones last."""

    def at(stored: StoredArticle) -> float:
        published = stored.article.published
        return published.timestamp() if isinstance(published, datetime) else 0.0

    return sorted(reports, key=at, reverse=True)


def quotes(story: Story) -> list[str]:
    return [quote.text for quote in story.quotes]


COLLAPSE = report(
    "Bridge collapses in Porto, at least 12 dead",
    "A road bridge over the Douro collapsed in Porto on Monday, and at least 12 people were killed. He had warned of"
    " it, a neighbour said. However, nobody listened. Mayor Ana Costa said the bridge had been inspected in January.",
)
TOLL = report(
    "Toll of Porto bridge collapse rises to 19",
    "The number of people killed when a road bridge collapsed in Porto rose to 19 on Tuesday, rescuers said. Divers"
    " found a bus on the bed of the Douro early in the morning.",
    "Minho Times",
    22,
)
RESIGNATION = report(
    "Mayor of Porto resigns over bridge collapse",
    "Mayor Ana Costa resigned on Wednesday, saying she took responsibility for the collapse of the bridge in Porto. A"
    " judge ordered the files of the city’s engineers to be seized. Voters in Porto are to elect a new mayor in May.",
    "Algarve Wire",
    48,
)
REPEATED = report(
    "Porto bridge: Mayor Ana Costa resigns",
    "Mayor Ana Costa resigned on Wednesday, and took responsibility for the collapse of the bridge in Porto.",
    "Douro Radio",
    50,
)
BRIEFING = report(
    "Morning briefing: bridge, strike, storm, football",
    "Lisbon’s trams will stand still on Thursday. The collapse of the bridge in Porto has cost a mayor her office. A"
    " storm is expected on the Algarve at the weekend.",
    "Minho Times",
    60,
)
STORY = newest_first(COLLAPSE, TOLL, RESIGNATION, REPEATED, BRIEFING)


def test_quotes_say_different_things_the_newest_state_first():
    told = summarised(7, STORY)
    assert told.id == 7
    assert "resigned" in quotes(told)[0]
    assert any("19" in text for text in quotes(told))
    assert 2 <= len(told.quotes) <= MOST_QUOTES
    assert not [pair for pair in combinations(quotes(told), 2) if same_statement(*pair)]
    assert len([text for text in quotes(told) if "resigned" in text]) == 1


def test_quotes_are_of_different_outlets():
    assert len({quote.article.source for quote in summarised(7, STORY).quotes}) > 1


def test_a_toll_that_grew_is_told_once():
    texts = quotes(summarised(7, newest_first(COLLAPSE, TOLL)))
    assert any("19" in text for text in texts)
    assert not any("12" in text for text in texts)


def test_no_quote_needs_the_sentence_before_it():
    told = summarised(7, [COLLAPSE])
    assert quotes(told) == [COLLAPSE.article.body.split(" He had")[0], COLLAPSE.article.body.split("listened. ")[1]]


def test_no_round_up_stands_for_a_story():
    told = summarised(7, newest_first(BRIEFING, RESIGNATION, TOLL))
    assert told.lead.title == RESIGNATION.article.title
    assert not any("trams" in text for text in quotes(told))


def test_the_headline_is_of_the_newest_state():
    assert summarised(7, STORY).lead in (RESIGNATION.article, REPEATED.article)


def test_a_copy_is_an_article_of_the_story_and_not_quoted_again():
    copy = report(RESIGNATION.article.title, RESIGNATION.article.body, "Douro Radio", 49)
    told = summarised(7, newest_first(RESIGNATION, copy))
    assert len(told.articles) == 2
    assert quotes(told) == quotes(summarised(7, [RESIGNATION]))
    assert {quote.article.source for quote in told.quotes} == {"Algarve Wire"}


def test_reports_of_one_day_that_differ_are_named():
    post = report(
        "Blast at Setubal shipyard kills 12",
        "The blast at the shipyard in Setubal killed 12 people. Cranes burned beside the Sado.",
    )
    times = report(
        "Setubal shipyard blast kills 14",
        "The blast at the shipyard in Setubal killed 14 people. Windows broke along the Sado.",
        "Minho Times",
        1,
    )
    told = summarised(7, newest_first(post, times))
    assert told.disagreement is not None
    assert told.disagreement.figures == ("14", "12")
    assert {quote.article.source for quote in told.disagreement.quotes} == {"Tagus Post", "Minho Times"}


BLAST_12 = "The blast at the shipyard in Setubal injured 12 people."
BLAST_14 = "The blast at the shipyard in Setubal injured 14 people."


def blast(outlet: str, toll: str, hours: float, detail: str) -> StoredArticle:
    return report("Blast at Setubal shipyard", f"{toll} {detail}", outlet, hours)


RETURN = report(
    "Welders return to Setubal shipyard",
    "Welders returned to work at the shipyard in Setubal on Thursday, with half of its cranes.",
    "Algarve Wire",
    72,
)


def test_that_reports_differ_is_told_of_what_is_quoted_though_other_news_came_since():
    post = blast("Tagus Post", BLAST_12, 0, "Cranes burned beside the Sado.")
    times = blast("Minho Times", BLAST_14, 1, "Windows broke along the Sado.")
    told = summarised(7, newest_first(post, times, RETURN))
    assert [RETURN.article.body, BLAST_14] == quotes(told)
    assert told.disagreement is not None
    assert told.disagreement.figures == ("14", "12")


@pytest.mark.parametrize(("tolls", "differ"), [((12, 14, 12), True), ((12, 12, 14), False), ((12, 14, 14), False)])
def test_what_is_said_again_the_day_after_was_not_overtaken(tolls: tuple[int, int, int], *, differ: bool):
    first, second, last = ({12: BLAST_12, 14: BLAST_14}[toll] for toll in tolls)
    told = summarised(
        7,
        newest_first(
            blast("Tagus Post", first, 0, "Cranes burned beside the Sado."),
            blast("Minho Times", second, 11, "Windows broke along the Sado."),
            blast("Douro Radio", last, 26, "Divers went down into the Sado."),
        ),
    )
    assert last in quotes(told)
    assert (told.disagreement is not None) == differ


def test_what_one_denies_is_named():
    wire = report(
        "Mayor Ana Costa of Porto resigns over bridge",
        "Mayor Ana Costa of Porto resigned over the collapse of the bridge on Wednesday. Divers searched the Douro.",
        "Algarve Wire",
        48,
    )
    times = report(
        "Mayor Ana Costa of Porto has not resigned",
        "Mayor Ana Costa of Porto has not resigned over the collapse of the bridge on Wednesday. Trams stood still.",
        "Minho Times",
        50,
    )
    told = summarised(7, newest_first(wire, times))
    assert told.disagreement is not None
    assert (told.disagreement.about, len(told.disagreement.quotes)) == ("denial", 2)
    assert len([text for text in quotes(told) if "resigned" in text]) == 1


def test_what_grew_overnight_is_no_disagreement():
    assert summarised(7, newest_first(COLLAPSE, TOLL)).disagreement is None


def test_who_else_reports_a_quote_is_told():
    wire = report(
        "Mayor Ana Costa of Porto resigns",
        "Mayor Ana Costa of Porto resigned on Wednesday. Crowds had gathered before the town hall.",
        "Algarve Wire",
        48,
    )
    radio = report(
        "Porto: Mayor Ana Costa resigns",
        "Mayor Ana Costa of Porto has resigned on Wednesday. Her deputy Rui Melo takes over until an election in May.",
        "Douro Radio",
        47,
    )
    told = summarised(7, newest_first(wire, radio))
    assert [article.source for article in told.quotes[0].also_reported_by] == ["Douro Radio"]


def test_an_undated_article_with_key_points_is_quoted_from_its_body():
    body = (
        "In a speech in Porto, Mayor Ana Costa promised a new bridge by 2030. Furthermore, she praised the rescuers."
        " Engineers from Lisbon will draw the plans of the new bridge. Speaking of its cost, she named no figure."
    )
    undated = report("Mayor promises new bridge", body, hours=None, points=("Costa promised a bridge.",))
    assert quotes(summarised(7, [undated])) == [
        body.split(" Furthermore")[0],
        "Engineers from Lisbon will draw the plans of the new bridge.",
    ]


@pytest.mark.parametrize(
    "dateline",
    [
        "PORTO, Portugal (Wire) — ",
        "PORTO – ",
        "PORTO - ",
        "PORTO, March 2 (Reuters) - ",
        "(AP) ",
        "Porto (AFP) ",
        "PORTO−",
    ],
)
def test_a_dateline_is_no_part_of_a_quote(dateline: str):
    sentence = "A road bridge over the Douro collapsed in Porto on Monday, rescuers said."
    assert quotes(summarised(7, [report("Bridge collapses in Porto", dateline + sentence)])) == [sentence]


def test_a_name_before_a_dash_is_no_dateline():
    sentence = "NATO – which met in Porto on Monday – promised help after the collapse of the bridge."
    assert quotes(summarised(7, [report("NATO promises help", sentence)])) == [sentence]


def test_the_furniture_of_a_page_is_no_quote():
    body = (
        "Sign up for our newsletter and never miss news of Porto. Divers from Lisbon searched the Douro on Monday."
        " Rui Melo is a reporter at the Tagus Post in Porto. You agree to our terms of service by reading about Porto."
    )
    assert quotes(summarised(7, [report("Porto news", body)])) == ["Divers from Lisbon searched the Douro on Monday."]


def test_an_article_that_says_nothing_alone_is_not_quoted():
    assert summarised(7, [report("Porto", "He said so. But they did not. Why?")]).quotes == ()


def test_another_language_is_quoted_too():
    body = "波尔图一座公路桥于周一倒塌，造成至少十二人死亡，救援人员仍在河中搜寻失踪者。该桥曾于一月接受检查。"
    assert summarised(7, [report("波尔图公路桥倒塌", body)]).quotes


def test_only_what_is_new_and_there_is_new():
    told = summarised(7, STORY, frozenset((TOLL.article.id, "gone")))
    assert told.new == {TOLL.article.id}


def test_a_new_layout_makes_a_new_link():
    body = "A road bridge over the Douro collapsed in Porto on Monday. Divers from Lisbon searched the river for a bus."
    plain = Article("a", "Bridge collapses", body, "https://post.example/bridge", "Tagus Post", NOON)
    laid = Article("a", "Bridge collapses", body, plain.url, "Tagus Post", NOON, layout=((2, 6, "toll"),))
    links = [
        summarised(7, [StoredArticle(1, each, tuple(sentence_spans(body)))]).quotes[0].link for each in (plain, laid)
    ]
    assert links[0] != links[1]


# --- step by step --------------------------------------------------------------------------------


def test_each_turn_is_one_step_the_oldest_first():
    told = [quote.text for quote in steps(STORY)]
    assert [next(word for word in ("12", "19", "resigned") if word in text) for text in told] == [
        "12",
        "19",
        "resigned",
    ]


def test_undated_reports_come_last():
    undated = report("Who built the bridge of Porto", COLLAPSE.article.body, "Old Paper", None)
    later = report(
        "Engineers of Porto bridge charged",
        "Two engineers who inspected the bridge in Porto were charged on Friday. The court set bail at 90,000 euros.",
        "Old Paper",
        None,
    )
    told = steps([*newest_first(TOLL), later])
    assert [quote.article.published is None for quote in told] == [False, True]
    assert len(steps([*newest_first(COLLAPSE), undated])) == 1


SENTENCES = [
    "The bridge over the Douro in Porto fell on Monday.",
    "Rescuers found 12 people dead under the bridge in Porto.",
    "Rescuers found 14 people dead under the bridge in Porto.",
    "Mayor Ana Costa did not resign over the bridge in Porto.",
    "Mayor Ana Costa resigned over the bridge in Porto.",
    "He said nothing of the bridge.",
    "However, the river rose.",
    "“We are mourning,” Ana Costa said.",
    "Trams in Lisbon stood still for an hour.",
]


@st.composite
def stories(draw: st.DrawFn) -> list[StoredArticle]:
    bodies = draw(st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), min_size=1, max_size=5))
    hours = draw(st.lists(st.none() | st.integers(0, 72), min_size=len(bodies), max_size=len(bodies)))
    outlets = st.sampled_from(["Tagus Post", "Minho Times", None])
    return newest_first(
        *(
            report(f"Porto bridge {number}", " ".join(body), draw(outlets), hour)
            for number, (body, hour) in enumerate(zip(bodies, hours, strict=True))
        )
    )


def bound_together(shown: Sequence[str]) -> list[tuple[str, str]]:
    return [pair for pair in combinations(shown, 2) if same_statement(*pair)]


@given(stories())
def test_whatever_is_told(members: list[StoredArticle]):
    told = summarised(7, members)
    assert told.articles == tuple(stored.article for stored in members)
    for quote in (*told.quotes, *steps(members)):
        assert quote.article.body[quote.start : quote.end] == quote.text
        assert quote.article in told.articles
        assert not points_back(quote.text)
    assert len(told.quotes) <= MOST_QUOTES
    assert not bound_together(quotes(told))
    assert not bound_together([quote.text for quote in steps(members)])


WORDS = (
    "harbour bridge council ferry budget school strike museum tunnel market festival airport hospital library stadium "
    "theatre garden river castle station orchard quarry brewery bakery"
).split()


def told_of_several() -> str:
    """What is shown of a story whose reports have as much in common with each other, whichever one takes."""
    rotated = [WORDS[at:] + WORDS[:at] for at in range(0, len(WORDS), 2)]
    reports = [
        report(f"{' '.join(words[:6]).capitalize()} agreed", f"The {', '.join(words[:14])} plan came.", f"Outlet {at}")
        for at, words in enumerate(rotated)
    ]
    story = summarised(7, reports)
    return f"{story.articles[story.central].title}: {[quote.text for quote in story.quotes]}"


def test_all_processes_tell_the_same_of_a_story() -> None:
    """Each has another order of what is in a set."""
    code = "from tests.retrieval.answering.test_summary import told_of_several; print(told_of_several())"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(told) == 1, told

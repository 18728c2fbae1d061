"""What goes on from a question without naming it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from retrieval.answering.broad import topic_of
from retrieval.answering.followup import asked_about
from retrieval.answering.onward import onward

BROAD = "What happened with the Osterwald bridge last week?"
LATEST = "What is the latest on the Osterwald bridge?"


@pytest.mark.parametrize(
    "question",
    """and since then?
What has happened since?
what's new on that?
Anything new since then?
any news?
any updates on this?
What is the latest?
And now?
and what happened after that?
updates?""".split("\n"),
)
def test_it_asks_for_the_latest_on_the_same_topic(question: str) -> None:
    assert onward(question, BROAD) == LATEST
    assert onward(question, LATEST) == LATEST


def test_it_asks_since_the_last_report() -> None:
    understood = "What is the latest on the Osterwald bridge since 4 March 2025?"
    assert onward("and since then?", BROAD, date(2025, 3, 4)) == understood
    assert onward("and since then?", BROAD, datetime(2025, 3, 4, 9, tzinfo=UTC)) == understood
    assert onward("and since then?", understood) == LATEST
    topic = topic_of(understood)
    assert topic
    assert topic.text == "the Osterwald bridge"


@pytest.mark.parametrize(
    ("before", "about"),
    [
        ("What did Rutte say about Russia?", "Rutte and Russia"),
        ("Who won the election in Canada?", "the election in Canada"),
        ("Who is Petra Lindholm?", "Petra Lindholm"),
        ("How many people died in Spain?", "Spain"),
        ("What did the EU decide on tariffs?", "the EU and tariffs"),
    ],
)
def test_after_a_question_for_a_fact_it_asks_for_the_latest_on_what_that_is_about(before: str, about: str) -> None:
    assert asked_about(before) == about
    assert onward("and since then?", before) == f"What is the latest on {about}?"


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("and since then?", "how old is he?"),  # nobody can tell what that is about
        ("and now?", "How many people died in Spain?"),  # asks for the same fact, of now
        ("since when?", BROAD),
        ("and in Norway?", BROAD),
        ("why?", BROAD),
        ("What is the latest on the ferry?", BROAD),
        ("What happened since the vote?", BROAD),
        ("thanks", BROAD),
    ],
)
def test_what_asks_for_something_else_is_left_to_other_rules(question: str, before: str) -> None:
    assert onward(question, before) is None

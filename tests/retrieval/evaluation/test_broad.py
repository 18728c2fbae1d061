"""Questions made from headlines, and what of their answers is right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.evaluation.broad import FORMS, EventGroup, is_broad, measure_broad, topic_from
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.arrival import Arrival
from tests.support.events import BEGINS, BRIDGE, FILLERS, ORCHID, reports


@pytest.mark.parametrize(
    ("headline", "topic"),
    [
        ("Bridge at Osterwald closed after cracks are found", "Bridge Osterwald cracks"),
        ("Ilmari Koskela wins the chess title in Tampere", "Ilmari Koskela Tampere chess"),
        ("New York becomes the second city to ban kites | Marlo Gazette", "New York city ban"),
        ("Police search for stolen Vesby orchid - Vesby Post", "Vesby Police search stolen"),
        ("Osterwald bridge", None),
        ("Why it is so", None),
        ("", None),
    ],
)
def test_a_topic_has_names_and_nouns_of_a_headline_and_never_all_of_it(headline: str, topic: str | None) -> None:
    found = topic_from(headline)
    assert sorted((found or "").split()) == sorted((topic or "").split())
    assert is_broad(headline) is (topic is not None)


@pytest.mark.usefixtures("bag_of_words")
def test_what_is_right_is_measured_for_each_form(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    bridge, orchid = reports(BRIDGE, "Marlo Gazette"), reports(ORCHID, "Vesby Post", day=1)
    with Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds")) as room:
        room.add([*bridge, *orchid, *reports(FILLERS, "Nord Express")])
        day = BEGINS + timedelta(10)
        groups = [EventGroup(ids(bridge), day), EventGroup(ids(orchid), day)]
        assert [(each.form, each.asked, each.right, each.refused) for each in measure_broad(room, groups)] == [
            (form, 2, 1.0, 0.0) for form in FORMS
        ]
        # a headline that stands for the articles of another event
        crossed = [EventGroup((ids(bridge)[0], "gone"), day), EventGroup(("gone",), day)]
        assert [each.asked for each in measure_broad(room, crossed)] == [1] * len(FORMS)
        wrong = EventGroup((ids(bridge)[0],), BEGINS - timedelta(1))  # before any of it was reported
        assert {each.right for each in measure_broad(room, [wrong])} == {0.0}


def ids(arrivals: list[Arrival]) -> tuple[str, ...]:
    return tuple(arrival.article.id for arrival in arrivals)

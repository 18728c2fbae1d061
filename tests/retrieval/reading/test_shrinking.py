"""A page that comes back much shorter does not replace what was read there before, and that is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom
from retrieval.reading.arrival import Arrival
from retrieval.reading.origins import PAGES
from tests.support.arrivals import FEED, FERRY, arrival, article, opened

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with opened(tmp_path, answer_from=0.0) as room:
        yield room


@pytest.mark.parametrize("origin", [FEED, PAGES])
@pytest.mark.parametrize("text", [FERRY[: len(FERRY) // 3], "This article is not available at the moment."])
def test_the_longer_text_stays(room: Newsroom, origin: str, text: str) -> None:
    room.add([Arrival(FEED, article("ferry"), from_page=True)])
    report = room.add([Arrival(origin, replace(article("ferry"), body=text), from_page=True)])
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert "less than half" in report.failed[0].reason
    assert [quote.article.body for quote in room.quotes("Why did the ferry run aground?", limit=1)] == [FERRY]


def test_a_correction_replaces_it(room: Newsroom) -> None:
    room.add([Arrival(FEED, article("ferry"), from_page=True)])
    shorter = FERRY[: 2 * len(FERRY) // 3]
    report = room.add([Arrival(FEED, replace(article("ferry"), body=shorter), from_page=True)])
    assert (report.updated, report.failed) == (1, ())


def test_a_summary_is_replaced_by_whatever_its_page_says(room: Newsroom) -> None:
    room.add([arrival("ferry", FERRY, summary_only=True)])
    report = room.add([Arrival(FEED, replace(article("ferry"), body=FERRY[:60]), from_page=True)])
    assert (report.updated, report.failed) == (1, ())

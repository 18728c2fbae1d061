"""What an index holds beside vectors: as much after a history of changes as where it is loaded at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from retrieval.index.search import Index
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import arrival

pytestmark = pytest.mark.usefixtures("bag_of_words")

DAYS = [date(2025, 3, 1), date(2025, 3, 1), None, date(2025, 3, 1), date(2024, 1, 9), None, date(2026, 7, 7)]


def told(index: Index) -> dict[str, object]:
    """All that is asked of the columns."""
    moments = [datetime(year, 6, 1, tzinfo=UTC).timestamp() for year in (2020, 2024, 2025, 2026)]
    rows = np.flatnonzero(index.dense.alive)
    outlets = {number: outlet for outlet, number in index.outlet_numbers.items()}
    columns = zip(index.instants[rows].tolist(), index.sources[rows].tolist(), strict=True)
    return {
        "published": index.published.tolist(),
        "by": [(index.articles_by(at), index.outlets_by(at)) for at in [*moments, None]],
        "passages": sorted((instant, outlets[number]) for instant, number in columns),
    }


def test_the_columns_follow_what_comes_and_goes(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    settings = NewsroomSettings(tmp_path / "data", tmp_path / "seeds")
    with Newsroom.open(settings) as room:

        def add(number: int, published: date | None) -> None:
            text = f"The ship{number} left harbour{number} with cargo{number}. Its owner{number} said so. " * 6
            outlet = f"Outlet {number % 3}"
            room.add([arrival(f"ship-{number}", text, source=outlet, title=f"Ship {number}", published=published)])

        for number, day in enumerate(DAYS):
            add(number, day)
            index = room.corpus().index
            assert index.articles == number + 1
        for number in (1, 2, 4, 6):
            room.remove(f"https://news.example/ship-{number}", "a test")
            served = told(room.corpus().index)
            with Newsroom.open(settings) as other:
                assert told(other.corpus().index) == served
        assert len(room.corpus().index.published) == 3
        add(9, date(2019, 5, 5))
        assert room.corpus().index.outlets_by(datetime(2020, 1, 1, tzinfo=UTC).timestamp()) == ("Outlet 0", "Outlet 2")
        served = told(room.corpus().index)
    with Newsroom.open(settings) as room:
        assert told(room.corpus().index) == served

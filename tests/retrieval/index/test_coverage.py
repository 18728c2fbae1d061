"""What the index holds, counted in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.index.coverage import DAYS_SHOWN, OutletCoverage, coverage, languages_held
from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.arrivals import FERRY, LIBRARY, VINEYARD, arrival

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def filled(tmp_path: Path, articles: Sequence[tuple[str | None, float | None]]) -> Store:
    """A store of articles, each an outlet and an age in days (None: undated)."""
    store = Store(tmp_path / "articles.sqlite3")
    with store.transaction() as connection:
        for number, (outlet, age) in enumerate(articles):
            instant = None if age is None else (NOW - timedelta(age)).timestamp()
            connection.execute(
                "INSERT INTO article (born, id, hash, origin, instant, source, title, key_points, sentences, body)"
                " VALUES (1, ?, '', '', ?, ?, '', '[]', x'', '')",
                (str(number), instant, outlet),
            )
    return store


def test_articles_are_counted_by_outlet_age_and_day(tmp_path: Path) -> None:
    ages = [("Post", 0.1), ("Post", 0.9), ("Star", 3), (None, 20), ("Star", 200), ("Star", None), ("Old", None)]
    store = filled(tmp_path, ages)
    store.connection().execute(
        "INSERT INTO article (born, died, id, hash, origin, title, key_points, sentences, body)"
        " VALUES (1, 1, 'dead', '', '', '', '[]', x'', '')"
    )
    store.connection().execute(
        "INSERT INTO article (born, copy_of, id, hash, origin, title, key_points, sentences, body)"
        " VALUES (1, '0', 'copy', '', '', '', '[]', x'', '')"
    )
    held = coverage(store, Sight(1), NOW.timestamp())
    assert (held.articles, held.last_day, held.last_week, held.last_month, held.older, held.undated) == (
        7,
        2,
        3,
        4,
        1,
        2,
    )
    assert (held.oldest, held.newest) == (date(2026, 5, 8), date(2026, 11, 24))
    assert held.outlets == (
        OutletCoverage("Star", 3, date(2026, 11, 21)),
        OutletCoverage("Post", 2, date(2026, 11, 24)),
        OutletCoverage(None, 1, date(2026, 11, 4)),
        OutletCoverage("Old", 1, None),
    )
    assert held.languages == {"": 7}
    assert held.by_day[-1] == (date(2026, 11, 24), {"Post": 1})
    assert held.by_day[0] == (date(2026, 5, 8), {"Star": 1})
    assert coverage(store, Sight(0), NOW.timestamp()).articles == 0


def test_articles_are_counted_by_language(tmp_path: Path) -> None:
    store = filled(tmp_path, [("Post", 1), ("Post", 2), ("Post", 3), ("Star", 4), ("Star", 5), (None, 6)])
    codes = [(1, "de"), (2, "fr"), (3, "fr"), (4, "fr"), (5, "")]
    store.connection().executemany("INSERT INTO language VALUES (?, ?)", codes)
    held = coverage(store, Sight(1), NOW.timestamp())
    assert list(held.languages.items()) == [("fr", 3), ("de", 1), ("", 2)], "the unknown last"
    assert {each.outlet: each.languages for each in held.outlets} == {"Post": ("fr", "de"), "Star": ("fr",), None: ()}
    assert languages_held(store, Sight(1)) == {"fr": 3, "de": 1}
    assert store.languages(Sight(1)) == ["de", "fr"]
    store.connection().execute("UPDATE article SET died = 1 WHERE key = 1")
    assert store.languages(Sight(1)) == ["fr"]
    assert store.languages(Sight(0)) == []


def test_of_the_days_the_last_that_have_articles_are_shown(tmp_path: Path) -> None:
    store = filled(tmp_path, [("Post", age) for age in range(0, 100, 2)] + [("Post", 30_000)])
    days = [day for day, _ in coverage(store, Sight(1), NOW.timestamp()).by_day]
    assert len(days) == DAYS_SHOWN
    assert days[-1] == date(2026, 11, 24)
    assert days[0] == date(2026, 11, 24) - timedelta(2 * (DAYS_SHOWN - 1))


def test_no_article_is_read_to_count(tmp_path: Path) -> None:
    store, plans = filled(tmp_path, [("Post", 1)]), []
    store.connection().set_trace_callback(lambda query: plans.append(query) if "FROM article" in query else None)
    coverage(store, Sight(1))
    store.connection().set_trace_callback(None)
    assert len(plans) == 3
    for query in plans:
        plan = " ".join(row[3] for row in store.connection().execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "COVERING INDEX article_life" in plan


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("coverage")
    (folder / "articles").mkdir()
    room = Newsroom.open(NewsroomSettings(folder / "news", folder / "articles"))
    room.add(
        [
            arrival("ferry", FERRY, source="Marlo Gazette"),
            arrival("grapes", VINEYARD, title="Frost", source="Tessel Post", published=date(2025, 3, 3)),
            arrival("books", LIBRARY, title="Books", source="Tessel Post", published=date(2025, 3, 2)),
        ]
    )
    yield room
    room.close()


def test_outlets_are_found_by_any_part_of_their_name_the_largest_first(room: Newsroom) -> None:
    assert room.outlets_holding("", 25) == ("Tessel Post", "Marlo Gazette")
    assert room.outlets_holding(" GAZ", 25) == ("Marlo Gazette",)
    assert room.outlets_holding("", 1) == ("Tessel Post",)
    assert room.outlets_holding("%", 25) == ()


def test_the_newest_stories_come_in_pages(room: Newsroom) -> None:
    def titles(**wanted: int) -> list[str]:
        return [story.lead.title for story in room.latest(**wanted).stories]  # type: ignore[arg-type]

    assert titles(limit=2) == ["Ferry runs aground off Marlo", "Frost"]
    assert titles(limit=2, skip=2) == ["Books"]
    assert titles(limit=2, skip=4) == []
    about = [story.lead.title for story in room.latest("library books", limit=1, skip=0).stories]
    assert about == ["Books"]
    assert "Books" not in [story.lead.title for story in room.latest("library books", limit=5, skip=1).stories]


def test_the_index_is_covered(room: Newsroom) -> None:
    held = room.coverage()
    assert (held.articles, held.older, len(held.by_day)) == (3, 3, 3)

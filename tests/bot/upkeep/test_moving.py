"""A folder moves into a database with all that it holds, whatever comes between, and back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.memory.database import Database
from bot.memory.guilds import Guilds
from bot.upkeep.moving import move_in, move_out
from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.index.locks import locked
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.replicas.rows import AT_A_TIME
from tests.support.command_line import document, only_these_settings, quotewire
from tests.support.talks import write

pytestmark = pytest.mark.usefixtures("bag_of_words", "alone")

QUESTION = "What happened at the apple talks?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with articles, in two versions, a feed, and what the bot remembers."""
    only_these_settings(monkeypatch, tmp_path, DATA_DIR="data", SEEDS_DIR="seeds")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    with newsroom(tmp_path / "data") as room:
        for words in (("apple", "berry"), ("blueberry",)):
            for name, word in zip("ab", words, strict=False):
                write(seeds, f"{name}.txt", word)
            room.reload()
        with room.feeds.store.open() as reader:
            reader.add_feed("https://news.example/feed", allow_invalid_url=True)
    database = Database(tmp_path / "data")
    Guilds(database).change(7, lambda settings: settings)
    database.close()
    return tmp_path / "data"


@contextmanager
def newsroom(data: Path, url: str | None = None) -> Iterator[Newsroom]:
    with Newsroom.open(NewsroomSettings(data, data.parent / "seeds", answer_from=0.0, database=url)) as room:
        yield room


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every file, but for what the files know of being copies."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for path in sorted(folder.glob("*.sqlite3")):
        with closing(sqlite3.connect(path)) as connection:
            named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'replica%'"
            for (name,) in connection.execute(named).fetchall():
                found[f"{path.name}/{name}"] = sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
    return found


def test_another_process_has_all_that_was_moved(folder: Path, database_url: str, tmp_path: Path) -> None:
    before = contents(folder)
    done = document(quotewire("migrate", "--to", database_url, "--json"))
    assert sum(done["files"].values()) == sum(map(len, before.values())) - len(
        [row for name, rows in before.items() if name.endswith("sqlite_sequence") for row in rows]
    )
    assert contents(folder) == before
    other = tmp_path / "other"
    other.mkdir()
    with newsroom(other, database_url) as room:
        assert room.ask(QUESTION).quotes
        assert [feed.url for feed in room.list_feeds()] == ["https://news.example/feed"]
        memory = Database(other, room.shared)
        assert Guilds(memory).of(7) is not None
        memory.close()
    assert contents(other) == before
    with newsroom(folder, database_url) as first, newsroom(other, database_url) as second:
        first.add_collection("papers")
        second.add_collection("journals")
        assert {each.name for each in second.collections()} >= {"papers", "journals"}


def test_it_is_said_what_was_moved_and_never_the_password(folder: Path, database_url: str) -> None:
    result = quotewire("migrate", "--to", database_url)
    assert result.exit_code == 0
    assert result.stdout.startswith("Moved to ")
    assert "compared row by row" in " ".join(result.stdout.split())
    assert "horse" not in result.output
    again = quotewire("migrate", "--to", database_url)
    assert again.exit_code == 0, "it is moved already, and stays as it is"


class BrokenOff(Exception):
    pass


def test_a_move_that_is_broken_off_goes_on(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.replicas.moving.AT_A_TIME", 1)
    assert AT_A_TIME > 1
    before, told = contents(folder), list[str]()

    def break_off(table: str, done: int, total: int) -> None:
        told.append(table)
        if (table, done) == ("passage", 2):
            raise BrokenOff

    with pytest.raises(BrokenOff):
        move_in(folder, database_url, break_off)
    first = len(told)
    with pytest.raises(StoreUnavailable, match="migrate --to"), newsroom(folder, database_url):
        pass
    move_in(folder, database_url, lambda table, done, total: told.append(table))
    assert not {"guild", "feeds"} & set(told[first:]), "what was moved is not moved again"
    with newsroom(folder, database_url) as room:
        assert room.ask(QUESTION).quotes
    assert contents(folder) == before


def test_a_move_that_died_when_only_the_file_was_not_told_is_taken_up(folder: Path, database_url: str) -> None:
    before = contents(folder)
    move_in(folder, database_url)
    move_out(folder)  # as it was before the last step
    move_in(folder, database_url)
    assert contents(folder) == before
    with newsroom(folder, database_url) as room:
        write(folder.parent / "seeds", "c.txt", "cherry")
        assert room.reload().added == 1
    move_out(folder)
    with newsroom(folder) as room:
        write(folder.parent / "seeds", "d.txt", "damson")
        assert room.reload().added == 1
    with pytest.raises(DatabaseUnavailable, match="holds news already"):
        move_in(folder, database_url)


@pytest.mark.parametrize("url", ["mysql://localhost/news", "postgresql://bot:p@ss@host/news"])
def test_an_address_that_is_none_is_said_so_without_its_password(folder: Path, url: str) -> None:
    result = quotewire("migrate", "--to", url)
    assert result.exit_code == 1
    assert "postgresql://USER:PASSWORD@HOST/DATABASE" in " ".join(result.output.split())
    assert "p@ss" not in result.output
    assert "unexpected" not in result.output


def test_what_was_changed_between_two_tries_is_found(
    folder: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(table: str, done: int, total: int) -> None:
        if table == "passage":
            raise BrokenOff

    with pytest.raises(BrokenOff):
        move_in(folder, database_url, break_off)
    with closing(sqlite3.connect(folder / "articles.sqlite3")) as connection, connection:
        connection.execute("UPDATE article SET title = 'Another title' WHERE key = 1")
    move_in(folder, database_url)
    (tmp_path / "other").mkdir()
    with newsroom(tmp_path / "other", database_url):
        pass
    assert contents(tmp_path / "other")["articles.sqlite3/article"] == contents(folder)["articles.sqlite3/article"]


def test_a_database_that_holds_news_is_not_written_over(folder: Path, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with newsroom(tmp_path / "other", database_url) as room:
        room.add_collection("papers")
    with pytest.raises(DatabaseUnavailable, match="holds news already"):
        move_in(folder, database_url)
    with newsroom(folder) as room:
        assert room.ask(QUESTION).quotes, "nothing was changed"


def test_a_folder_in_use_is_not_moved(folder: Path, database_url: str) -> None:
    with locked(folder / "run.lock", 0.0):
        result = quotewire("migrate", "--to", database_url)
    assert result.exit_code == 1
    assert "stop it first" in result.output


def test_a_folder_can_stand_alone_again(folder: Path, database_url: str) -> None:
    before = contents(folder)
    assert quotewire("migrate", "--to", database_url).exit_code == 0
    with pytest.raises(StoreUnavailable, match="set DATABASE_URL"), newsroom(folder):
        pass
    result = quotewire("migrate", "--back")
    assert result.exit_code == 0
    assert "unset DATABASE_URL" in result.stdout
    assert contents(folder) == before
    with newsroom(folder) as room:
        write(folder.parent / "seeds", "d.txt", "damson")
        assert room.reload().added == 1


def test_a_backup_of_a_copy_is_restored_without_the_database(folder: Path, database_url: str, tmp_path: Path) -> None:
    assert quotewire("migrate", "--to", database_url).exit_code == 0
    before = contents(folder)
    assert quotewire("backup", str(tmp_path / "backup.zip")).exit_code == 0
    shutil.rmtree(folder)
    assert quotewire("restore", str(tmp_path / "backup.zip")).exit_code == 0
    with newsroom(folder) as room:
        assert room.ask(QUESTION).quotes
    assert contents(folder) == before

"""What is wrong with a bot is found from outside, without changing anything, and said with what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.settings import Settings
from bot.upkeep import stores
from bot.upkeep.contents import alone
from bot.upkeep.doctor import examined
from bot.upkeep.findings import Finding, any_fault, fault, found_by, skipped, warning, well
from retrieval.index.embed import Embedder, ModelIdentity
from tests.support.command_line import only_these_settings, quotewire
from tests.support.data_folders import add

pytestmark = pytest.mark.usefixtures("bag_of_words")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, bag_of_words: None) -> Path:
    home = tmp_path_factory.mktemp("home")
    add(home, "apple", cooldown=7)
    for path in (home / "data").glob("*.sqlite3"):
        alone(path)
    (home / "data").chmod(0o700)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture
def data(home: Path) -> Path:
    return home / "data"


def found(data: Path, *, now: float | None = None) -> dict[str, Finding]:
    """What is found of each thing; of several findings, the last."""
    settings = Settings(discord_token=None, data_dir=data, seeds_dir=data.parent / "seeds")
    return {finding.about: finding for finding in examined(settings, time.time() if now is None else now)}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_where_all_is_well_it_says_so_and_changes_nothing(data: Path) -> None:
    before = contents(data)
    findings = found(data)
    assert {about: each.state for about, each in findings.items() if each.state != "ok"} == {"token": "skipped"}
    assert set(findings) >= {"settings", "store", "index", "model", "feeds", "disk", "rights", "clock"} - {"store"}
    assert {name: content for name, content in contents(data).items() if name.endswith(".sqlite3")} == {
        name: content for name, content in before.items() if name.endswith(".sqlite3")
    }


def in_store(statement: str) -> Callable[[Path], object]:
    def change(data: Path) -> None:
        with closing(sqlite3.connect(data / "articles.sqlite3")) as connection, connection:
            connection.execute(statement)

    return change


def overwrite(name: str) -> Callable[[Path], object]:
    def change(data: Path) -> None:
        path = next(data.glob(name))
        content = bytearray(path.read_bytes())
        content[:64] = b"\xa5" * 64
        path.write_bytes(content)

    return change


@pytest.mark.parametrize(
    ("change", "about", "says", "remedy"),
    [
        (in_store("UPDATE article SET body = 'x' || body"), "articles.sqlite3", "text of 'apple", "quotewire restore"),
        (in_store("UPDATE passage SET vector = NULL"), "articles.sqlite3", "missing, or of another", "restore FILE"),
        (
            in_store("UPDATE passage SET vector = zeroblob(768)"),
            "articles.sqlite3",
            "a vector of zeros",
            "restore FILE",
        ),
        (in_store("PRAGMA user_version = 99"), "articles.sqlite3", "newer Quotewire (version 99", "Update"),
        (overwrite("articles.sqlite3"), "articles.sqlite3", "is damaged (file is not a database)", "restore FILE"),
        (overwrite("discord.sqlite3"), "discord.sqlite3", "is damaged (file is not a database)", "restore FILE"),
        (overwrite("feeds.sqlite3"), "feeds.sqlite3", "is damaged (file is not a database)", "restore FILE"),
        (overwrite("lexical/*.idx"), "index", "another checksum", "delete"),
        (overwrite("lexical/meta.json"), "index", "meta.json", "delete"),
        (in_store("UPDATE article SET died = 1"), "index", "has 1 others", "delete"),
    ],
)
def test_what_is_damaged_is_named_with_its_remedy(
    data: Path, change: Callable[[Path], object], about: str, says: str, remedy: str
) -> None:
    change(data)
    finding = found(data)[about]
    assert (finding.state, says in finding.says, remedy in finding.remedy) == ("fault", True, True), finding


class OnAFullDisk(sqlite3.Connection):
    """SQLite needs room also to read a file that others may change."""

    def execute(self, *_: Any) -> NoReturn:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise error


def test_a_disk_that_takes_nothing_is_no_damage(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def connect_on_it(path: Any, **options: Any) -> sqlite3.Connection:
        return connect(path, **options, **({} if "immutable" in str(path) else {"factory": OnAFullDisk}))

    monkeypatch.setattr(sqlite3, "connect", connect_on_it)
    findings = found(data)
    assert {findings[about].state for about in ("articles.sqlite3", "discord.sqlite3", "index")} == {"ok"}


def test_a_clock_that_is_behind_what_was_written_is_a_fault(data: Path) -> None:
    finding = found(data, now=time.time() - 86_400)["clock"]
    assert finding.state == "fault"
    assert "was written at" in finding.says
    later = time.time() + 3600
    os.utime(data / "articles.sqlite3", (later, later))
    assert "articles.sqlite3" in found(data)["clock"].says


def test_what_others_may_read_and_a_full_disk_are_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.chmod(0o755)
    (data / "discord.sqlite3").chmod(0o644)
    assert found(data)["rights"].remedy == f"Run `chmod -R go= {data}`."
    monkeypatch.setattr(stores.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    assert found(data)["disk"].state == "fault"


def test_a_model_that_is_not_the_index_own_or_gives_no_vectors_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Embedder, "identity", ModelIdentity("another", "2"))
    assert "a bag of words (1)" in found(data)["model"].says
    monkeypatch.setattr(Embedder, "dimension", 3)
    finding = found(data)["model"]
    assert finding.state == "fault"
    assert "cannot be used" in finding.says


def test_feeds_that_fail_or_are_not_asked_are_told(data: Path) -> None:
    with closing(sqlite3.connect(data / "feeds.sqlite3")) as connection, connection:
        connection.execute(
            "UPDATE feed_tags SET value = json_set(value, '$.error', 'Nobody answers there.') WHERE key = 'quotewire'"
        )
    (finding,) = [each for about, each in found(data).items() if about.startswith("feed ")]
    assert (finding.state, finding.says) == ("warning", "Nobody answers there.")
    assert "quotewire feeds check http://apple.example/feed" in finding.remedy


def test_a_check_that_fails_itself_is_a_fault_and_keeps_no_other_from_looking() -> None:
    def check() -> list[Finding]:
        raise ZeroDivisionError("by\nzero")

    (finding,) = found_by("thing", check)
    assert finding == fault("thing", finding.says, finding.remedy)
    assert "ZeroDivisionError: by zero" in finding.says


def test_the_command_prints_lines_or_one_document_and_ends_with_1_for_a_fault(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_these_settings(monkeypatch, home)
    result = quotewire("doctor")
    assert result.exit_code == 0, result.output
    assert "\nok       model: a bag of words (1) is whole" in result.stdout
    assert result.stdout.endswith("All is well.\n") or "warning" in result.stdout
    monkeypatch.setenv("DISCORD_TOKEN", "123")
    monkeypatch.setenv("HEALTH_PORT", "99999")
    result = quotewire("doctor", "--json")
    assert result.exit_code == 1
    assert '"well": false' in result.stdout
    assert [word in result.stdout for word in ("DISCORD_TOKEN: ", "HEALTH_PORT: ")] == [True, True]


def test_any_fault_counts_faults_only() -> None:
    assert not any_fault([warning("a", ""), skipped("b", "")])
    assert any_fault([well("a", ""), fault("b", "")])

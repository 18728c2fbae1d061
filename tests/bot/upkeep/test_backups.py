"""Backups hold all that cannot be derived, are whole or not there, and come back whole, whatever happens meanwhile."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.log import unexpected
from bot.upkeep.backups import FORMAT, MANIFEST, BackupFailed, make_backup
from bot.upkeep.contents import DERIVED, NAMES, PASSING, STORES, alone
from bot.upkeep.restoring import restore_backup
from retrieval.errors import StoreUnavailable
from retrieval.newsroom import Newsroom
from tests.support.arrivals import newest
from tests.support.command_line import document, only_these_settings, quotewire
from tests.support.data_folders import add, settings_in, state
from tests.support.processes import told_by

# No backup is put into a folder that follows a database.
pytestmark = pytest.mark.usefixtures("bag_of_words", "alone")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, bag_of_words: None, alone: None) -> Path:
    """Two homes: `apple`, and `berry`, which is the same after more came, with a backup of what was before."""
    homes = tmp_path_factory.mktemp("homes")
    (homes / "apple").mkdir()
    add(homes / "apple", "apple", cooldown=7)
    (homes / "apple" / "data" / "terminal-history").write_text("+What happened at the apple talks?\n")
    shutil.copytree(homes / "apple", homes / "berry")
    make_backup(homes / "berry" / "data", homes / "berry" / "backup.zip")
    add(homes / "berry", "berry", cooldown=9)
    return homes


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """With a data folder that knows something."""
    return shutil.copytree(made / "apple", tmp_path / "home")


@pytest.fixture
def data(home: Path) -> Path:
    return home / "data"


@pytest.fixture
def backup(made: Path, home: Path) -> Path:
    """Of the folder as it was before a second article, a second feed and another setting came."""
    shutil.copytree(made / "berry", home, dirs_exist_ok=True)
    return home / "backup.zip"


APPLE = {
    "titles": ["Headline about apple"],
    "whole": True,
    "feeds": ["http://apple.example/feed"],
    "cooldown": 7,
}
BERRY = {
    "titles": ["Headline about apple", "Headline about berry"],
    "whole": True,
    "feeds": ["http://apple.example/feed", "http://berry.example/feed"],
    "cooldown": 9,
}


def test_all_that_was_known_comes_back_and_what_it_replaces_stays_beside_it(data: Path, backup: Path) -> None:
    assert state(data) == BERRY
    (data / "terminal-history").write_text("another")
    restored = restore_backup(data, backup)
    assert not restored.waits
    assert (restored.backup.articles, restored.backup.feeds, restored.backup.servers) == (1, 1, 1)
    assert state(data) == APPLE
    assert "apple" in (data / "terminal-history").read_text()
    assert state(restored.replaced) == BERRY
    assert stat.S_IMODE(restored.replaced.stat().st_mode) == 0o700
    # The folder knows nothing of what the backup does not hold.
    (data / "terminal-history").unlink()
    make_backup(data, backup.with_name("without-history.zip"))
    (data / "terminal-history").write_text("new")
    restore_backup(data, backup.with_name("without-history.zip"))
    assert not (data / "terminal-history").exists()


def test_a_folder_that_is_lost_comes_back(home: Path, backup: Path) -> None:
    restore_backup(home / "elsewhere", backup)
    assert state(home / "elsewhere") == APPLE


def test_a_bot_is_backed_up_while_it_runs_and_takes_up_what_is_restored_at_its_next_start(
    home: Path, data: Path
) -> None:
    with Newsroom.open(settings_in(home)) as room:
        with room._machinery.store.transaction() as connection:  # somebody is writing
            connection.execute("DELETE FROM passage")
            make_backup(data, home / "backup.zip")
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
        (home / "seeds" / "apple.txt").write_text("Headline about melon\nThe melon talks were held.\n")
        room.reload()
        restored = restore_backup(data, home / "backup.zip")
        assert restored.waits
        assert [each.title for each in newest(room)] == ["Headline about melon"]
        assert not restored.replaced.exists()
        with Newsroom.open(settings_in(home)) as other:  # beside it, another sees what it sees
            assert [each.title for each in newest(other)] == ["Headline about melon"]
    assert state(data) == APPLE
    assert state(restored.replaced)["titles"] == ["Headline about melon"]


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(home: Path, data: Path) -> None:
    target = home / "backup.zip"
    made = make_backup(data, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {part.name for part in made.parts} == set(NAMES)
    with pytest.raises(BackupFailed, match="is there already"):
        make_backup(data, target)
    with pytest.raises(BackupFailed, match="nothing to back up"):
        make_backup(home / "nowhere", home / "other.zip")
    assert sorted(path.name for path in home.glob("*backup*")) == ["backup.zip"]


def test_every_file_of_a_data_folder_is_backed_up_or_known_to_be_derived_or_to_pass(data: Path) -> None:
    unexpected(ValueError(), data)
    (data / "discord-commands.json").touch()
    beside = tuple(f"{store.name}{end}" for store in STORES for end in ("-wal", "-shm"))
    known = {*NAMES, *DERIVED, *PASSING, *beside}
    assert {path.name for path in data.iterdir()} <= known
    assert set(NAMES) <= {path.name for path in data.iterdir()}


@pytest.mark.parametrize("name", [store.name for store in STORES])
def test_of_a_damaged_store_no_backup_is_made_and_it_is_named(home: Path, data: Path, name: str) -> None:
    alone(data / name)
    with (data / name).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 8192)
    with pytest.raises(BackupFailed, match=rf"{name} is damaged .*quotewire restore FILE") as failed:
        make_backup(data, home / "backup.zip")
    assert "\n" not in str(failed.value)
    assert not [path for path in home.iterdir() if "backup" in path.name]


@pytest.mark.parametrize("name", ["articles.sqlite3", "feeds.sqlite3", "discord.sqlite3"])
def test_who_opens_a_damaged_store_is_told_the_command_that_restores_it(home: Path, data: Path, name: str) -> None:
    for end in ("-wal", "-shm"):
        (data / f"{name}{end}").unlink(missing_ok=True)
    (data / name).write_bytes(b"SQLite format 3\0 and then something else" * 200)
    with pytest.raises(StoreUnavailable, match=rf"{name} is damaged \(.*`quotewire restore FILE` puts a backup"):
        state(data)


def test_a_damaged_backup_is_refused_wherever_it_is_damaged(home: Path, data: Path, backup: Path) -> None:
    whole = backup.read_bytes()
    broken = home / "broken.zip"
    places = [*range(0, len(whole), len(whole) // 15), len(whole) - 2, len(whole) - 1]
    for at in places:
        damaged = bytearray(whole)
        damaged[at : at + 64] = bytes(byte ^ 0x55 for byte in damaged[at : at + 64])
        broken.write_bytes(damaged)
        with pytest.raises(BackupFailed, match="is no whole backup"):
            restore_backup(data, broken)
        broken.write_bytes(whole[:at])
        with pytest.raises(BackupFailed, match="is no whole backup"):
            restore_backup(data, broken)
    assert state(data) == BERRY
    assert not list(data.glob("restor*/"))
    assert not list(data.glob("before-*"))


@pytest.mark.parametrize("newer", ["format", *(store.name for store in STORES), "tables of the library"])
def test_a_backup_of_a_newer_version_is_refused(home: Path, data: Path, newer: str) -> None:
    if newer == "tables of the library":
        with closing(sqlite3.connect(data / "feeds.sqlite3")) as connection:
            connection.execute("PRAGMA user_version = 9999")
    make_backup(data, home / "backup.zip")
    change_manifest(home / "backup.zip", newer)
    if newer == "tables of the library":
        with closing(sqlite3.connect(data / "feeds.sqlite3")) as connection:
            connection.execute("PRAGMA user_version = 43")
    with pytest.raises(BackupFailed, match="was made by a newer Quotewire: nothing was changed; update"):
        restore_backup(data, home / "backup.zip")
    assert not list(data.glob("before-*"))


def change_manifest(path: Path, newer: str) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(held[MANIFEST])
    if newer == "format":
        manifest["format"] = FORMAT + 1
    for part in manifest["parts"]:
        part["version"] = 99 if part["name"] == newer else part["version"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**held, MANIFEST: json.dumps(manifest).encode()}.items():
            archive.writestr(name, content)


def test_what_is_no_backup_is_refused_in_one_sentence(home: Path, data: Path) -> None:
    with pytest.raises(BackupFailed, match="cannot be read"):
        restore_backup(data, home / "not-there.zip")
    other = home / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("letter.txt", "Dear all")
    with pytest.raises(BackupFailed, match="is no whole backup"):
        restore_backup(data, other)


def test_a_restore_that_dies_at_any_step_leaves_the_old_state_or_the_new_one(data: Path, backup: Path) -> None:
    first, *deaths = told_by("tests.support.killed_restores", data, backup, 5)
    assert first["whole"] == APPLE
    assert [death["found"] for death in deaths] == [BERRY] * 5 + [APPLE] * 5
    assert all(death["killed"] for death in deaths)
    assert deaths[-1]["after"] == APPLE
    assert not [death["left"] for death in deaths if death["left"] not in ([], ["restore.lock"])]


def test_the_commands_say_what_was_done(home: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_these_settings(monkeypatch, home, DATA_DIR=data)
    made = quotewire("backup", "mine.zip")
    assert made.stdout == (
        "Backed up to mine.zip, and verified: 1 version of articles, 1 feed, settings of 1 server.\n"
    )
    named = document(quotewire("backup", "--json"))
    assert (home / named["file"]).is_file()
    restored = quotewire("restore", "mine.zip")
    assert "Restored 1 version of articles, 1 feed, settings of 1 server, as of " in restored.stdout
    assert document(quotewire("restore", "mine.zip", "--json"))["waits"] is False
    (home / "mine.zip").write_bytes(b"PK\x03\x04")
    refused = quotewire("restore", "mine.zip")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("quotewire: mine.zip is no whole backup (")
    assert "no article" in quotewire("restore", "unheard-of").stderr.lower()

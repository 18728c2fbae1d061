"""A data folder is its owner's alone, also one of a time when it was made with rights for others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.upkeep.contents import DERIVED, NAMES, PASSING
from retrieval.index.data_folder import RESTORED, Hold
from retrieval.index.rights import OURS, close_to_others
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.talks import write

pytestmark = [
    pytest.mark.usefixtures("bag_of_words"),
    pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise"),
]


@pytest.fixture
def open_to_all(settings: NewsroomSettings) -> Path:
    """A data folder that everybody may read."""
    with Newsroom.open(settings) as room:
        room.reload()
    folder = settings.data_dir
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_there_is_closed_when_it_is_opened(open_to_all: Path, settings: NewsroomSettings) -> None:
    with Newsroom.open(settings) as room:
        assert mode(open_to_all) == 0o700
        assert {path.name: mode(path) for path in open_to_all.glob("*.sqlite3")} == {"articles.sqlite3": 0o600}
        assert mode(open_to_all / "lexical") == 0o700
        assert room.ask("What happened at the apple talks?").answered


def test_a_folder_that_holds_more_than_ours_stays_as_open_as_it_is(open_to_all: Path) -> None:
    write(open_to_all, "letter.txt", "apple")
    (open_to_all / "letter.txt").chmod(0o644)
    (open_to_all / "last-error.txt").symlink_to(open_to_all / "letter.txt")
    close_to_others(open_to_all)
    assert (mode(open_to_all), mode(open_to_all / "letter.txt")) == (0o755, 0o644)
    assert mode(open_to_all / "articles.sqlite3") == 0o600


def test_what_cannot_be_closed_is_said_with_what_to_do(
    open_to_all: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with Hold(open_to_all):
        assert mode(open_to_all) == 0o755
    assert "other users of this machine may read" in caplog.text
    assert f"`chmod -R go= {open_to_all}`" in caplog.text


def test_all_that_is_written_there_is_known_by_name(tmp_path: Path) -> None:
    for name in (*NAMES, *DERIVED, *PASSING, RESTORED):
        (tmp_path / name).touch(mode=0o644)
    tmp_path.chmod(0o755)
    close_to_others(tmp_path)
    assert mode(tmp_path) == 0o700, OURS

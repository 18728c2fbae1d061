"""Putting a backup in the place of what a data folder holds; `retrieval/index/data_folder.py` says how it is exchanged.

A bot that runs goes on with the state that it has in memory, and takes the restored one up when it is started again:
posts that are under way, the feeds it is asking and the vectors it searches all belong to the state before.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bot.memory import database
from bot.memory.database import Database
from bot.upkeep.backups import Backup, BackupFailed, copied_out, not_whole, of_newer, open_backup
from bot.upkeep.contents import DERIVED, FEEDS, NAMES, STORES, Damaged, alone
from retrieval.errors import StoreUnavailable, WrittenByNewer
from retrieval.index.data_folder import TakingUp, leave_for_taking_up, take_up
from retrieval.newsroom import Newsroom, NewsroomSettings

STAGED = "restoring-"
LOCK = "restore.lock"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. Where a bot runs on the folder it waits for its next start, and `replaced`, the folder with
    what was there before, is not there yet."""

    backup: Backup
    replaced: Path
    waits: bool


def is_backup(path: Path) -> bool:
    """Whether a name is that of a backup, rather than of anything else that can be restored."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(2) == b"PK"
    return path.suffix.lower() == ".zip"


def refusal() -> BackupFailed:
    """Why nothing is restored where processes share a database: DATA_DIR only follows that."""
    return BackupFailed(
        "DATABASE_URL is set, so what is in DATA_DIR follows that database: restore the database by PostgreSQL's own "
        "means (docs/scale.md), or unset DATABASE_URL and name another DATA_DIR."
    )


def restore_backup(data_dir: Path, file: Path) -> Restored:
    """Put the backup `file` in the place of what `data_dir` holds, which is kept beside it.

    Nothing is changed until the backup was found whole, and fit for this version. Raises `BackupFailed`.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(data_dir / LOCK, timeout=0), open_backup(file) as (archive, backup):
            take_up(data_dir)  # what an earlier one left half done
            for leftover in data_dir.glob(f"{STAGED}*"):
                shutil.rmtree(leftover)
            with tempfile.TemporaryDirectory(prefix=STAGED, dir=data_dir, ignore_cleanup_errors=True) as staged:
                for part in backup.parts:
                    if part.name in NAMES:
                        copied_out(archive, part, Path(staged) / part.name)
                _tried(Path(staged), file, backup)
                plan = _plan(data_dir, Path(staged))
                leave_for_taking_up(data_dir, Path(staged), plan)
            return Restored(backup, data_dir / plan.replaced, waits=take_up(data_dir) is None)
    except Timeout:
        raise BackupFailed("Another process is restoring the same DATA_DIR: wait until it has ended.") from None
    except Damaged as error:
        raise not_whole(file, error) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(
            "The backup could not be restored ({reason}): check that DATA_DIR can be written and that its disk has "
            "space for as much again; what was there stays.",
            reason=error,
        ) from error


def _tried(staged: Path, file: Path, backup: Backup) -> None:
    """Bring what was restored to the present version, with its derived index, as the next start would."""
    newest = {store.name: store.newest for store in STORES}
    if any(part.version is not None and part.version > newest.get(part.name, 0) for part in backup.parts):
        raise of_newer(file)
    try:
        with Newsroom.open(NewsroomSettings(data_dir=staged, seeds_dir=staged)) as room:
            if (staged / FEEDS).exists():
                room.list_feeds()
        if (staged / database.FILE).exists():
            Database(staged).close()
    except WrittenByNewer as error:
        raise of_newer(file) from error
    except StoreUnavailable as error:
        raise not_whole(file, error) from error
    for store in STORES:
        if (staged / store.name).exists():
            alone(staged / store.name)


def _plan(data_dir: Path, staged: Path) -> TakingUp:
    names = (*NAMES, *DERIVED)
    brought = tuple(name for name in names if (staged / name).exists())
    replaced = f"before-restore-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    number = 1
    while (data_dir / replaced).exists():
        number += 1
        replaced = f"{replaced.partition('_')[0]}_{number}"
    return TakingUp(brought=brought, gone=tuple(name for name in names if name not in brought), replaced=replaced)

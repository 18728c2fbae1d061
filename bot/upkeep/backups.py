"""Backups: one file that holds all that cannot be derived, made while the bot runs, and verified after it was written.

It is a ZIP file of the data folder's files and of `MANIFEST`, which says what they are: their versions, rows and
hashes. The copies of SQLite's files are made with its online backup, so each is one state, whoever writes meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.log import private_file
from bot.memory import database
from bot.upkeep.contents import ARTICLES, FEEDS, STORES, TERMINAL_HISTORY, Damaged, StoreFile, alone, reading, rows_in
from retrieval.errors import QuotewireError, first_line
from retrieval.index.data_folder import Hold

MANIFEST = "manifest.json"
FORMAT = 1
"""Of backups as they are written here; a later one may differ in what an earlier Quotewire cannot know."""
_NO_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError, RuntimeError)
"""What `zipfile` raises for what is damaged."""
LEVEL = 1  # of compression: texts shrink to less than half at once, and vectors never do


class BackupFailed(QuotewireError):
    """No backup was made, or it is none that can be restored."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a backup. `version` is that of its tables, `rows` are their lengths; what is no store has neither."""

    name: str
    bytes: int
    sha256: str
    version: int | None
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `quotewire` is the version that made it, `made` when, in ISO 8601."""

    format: int
    quotewire: str
    made: str
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Backup:
        """From the JSON of a manifest. Raises `TypeError`, `KeyError` or `ValueError` for what is none."""
        return cls(**{**fields, "parts": tuple(Part(**part) for part in fields["parts"])})

    def rows(self, name: str, table: str) -> int:
        """The rows of a table, 0 where there is none."""
        return next((part.rows.get(table, 0) for part in self.parts if part.name == name), 0)

    @property
    def articles(self) -> int:
        """How many versions of articles it holds."""
        return self.rows(ARTICLES, "article")

    @property
    def feeds(self) -> int:
        """How many feeds it holds."""
        return self.rows(FEEDS, "feeds")

    @property
    def servers(self) -> int:
        """How many servers' settings it holds."""
        return self.rows(database.FILE, "guild")


def usual_name(now: datetime) -> str:
    """What a backup is called that is given no name."""
    return f"quotewire-{now:%Y-%m-%d-%H%M%S}.zip"


def make_backup(data_dir: Path, target: Path) -> Backup:
    """Back up a data folder to the file `target`, which is there only once it is whole and verified.

    Raises `BackupFailed` and `StoreUnavailable`; `target` is not there then.
    """
    if target.exists():
        raise BackupFailed("{target} is there already: give another name, or move it away.", target=target)
    if not any((data_dir / store.name).exists() for store in STORES):
        raise BackupFailed("There is nothing to back up in {folder}: check DATA_DIR.", folder=data_dir)
    try:
        with Hold(data_dir), tempfile.TemporaryDirectory(prefix=".quotewire-backup-", dir=target.parent) as work:
            return _made(data_dir, target, Path(work))
    except Damaged as error:
        raise BackupFailed(
            "No backup was made: in {folder}, {what}. `quotewire restore FILE` puts an earlier backup in its place.",
            folder=data_dir,
            what=error,
        ) from error
    except (sqlite3.Error, OSError) as error:
        raise BackupFailed(
            "The backup could not be written to {target} ({reason}): check that its folder can be written and that its "
            "disk has space for all of DATA_DIR.",
            target=target,
            reason=error,
        ) from error


def _made(data_dir: Path, target: Path, work: Path) -> Backup:
    parts = [_copied(store, data_dir, work) for store in STORES if (data_dir / store.name).exists()]
    if (data_dir / TERMINAL_HISTORY).exists():
        shutil.copyfile(data_dir / TERMINAL_HISTORY, work / TERMINAL_HISTORY)
        parts.append(_part(work / TERMINAL_HISTORY, None, {}))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    backup = Backup(format=FORMAT, quotewire=version("quotewire"), made=made, parts=tuple(parts))
    written = private_file(work / "backup.zip")
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        archive.writestr(MANIFEST, json.dumps(asdict(backup), indent=1))
        for part in parts:
            archive.write(work / part.name, part.name)
    _read_again(written, work / "again")
    written.rename(target)
    return backup


def _read_again(written: Path, work: Path) -> None:
    work.mkdir()
    try:
        with open_backup(written) as (archive, backup):
            for part in backup.parts:
                copied_out(archive, part, work / part.name)
                (work / part.name).unlink()
    except (Damaged, BackupFailed) as error:
        raise OSError(f"what was written is not what is read again: {error}") from error


def _copied(store: StoreFile, data_dir: Path, work: Path) -> Part:
    """A copy of one state of a store in `work`, and what is to be said of it. Raises `Damaged`."""
    copy = private_file(work / store.name)
    try:
        with closing(reading(data_dir / store.name)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        alone(copy)
        number = store.version(work)
    except sqlite3.OperationalError:
        raise  # a full disk, or one that cannot be read
    except sqlite3.DatabaseError as error:
        raise Damaged("{file} is damaged ({reason})", file=store.name, reason=error) from error
    return _part(copy, number, rows_in(copy))


def _part(path: Path, number: int | None, rows: Mapping[str, int]) -> Part:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(name=path.name, bytes=path.stat().st_size, sha256=digest, version=number, rows=rows)


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[zipfile.ZipFile, Backup]]:
    """A backup, to be read. Raises `BackupFailed` for what is none, is damaged, or is of a newer Quotewire."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise BackupFailed("{file} cannot be read ({reason}): nothing was changed.", file=path, reason=error) from error
    except _NO_ZIP as error:
        raise not_whole(path, first_line(error)) from error
    with archive:
        try:
            if not _ends_as_written(path):
                raise ValueError("its end is damaged")
            fields = json.loads(archive.read(MANIFEST))
            if fields["format"] > FORMAT:
                raise of_newer(path)
            backup = Backup.read(fields)
        except (*_NO_ZIP, OSError) as error:
            raise not_whole(path, first_line(error)) from error
        yield archive, backup


def _ends_as_written(path: Path) -> bool:
    """Whether the last two bytes say that no comment follows, as they do in a backup; `zipfile` takes any number."""
    with path.open("rb") as file:
        file.seek(-2, os.SEEK_END)
        return file.read() == b"\0\0"


def copied_out(archive: zipfile.ZipFile, part: Part, target: Path) -> None:
    """Write a part of a backup to the file `target`. Raises `Damaged` where it is not what the manifest says."""
    try:
        with archive.open(part.name) as packed, private_file(target).open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    except _NO_ZIP as error:
        raise Damaged("{file} cannot be unpacked: {reason}", file=part.name, reason=first_line(error)) from error
    if (found := _part(target, part.version, part.rows)).sha256 != part.sha256 or found.bytes != part.bytes:
        raise Damaged("{file} has another hash than the manifest says", file=part.name)
    if part.version is not None and dict(rows_in(target)) != dict(part.rows):
        raise Damaged("{file} has not the rows that the manifest counts", file=part.name)


def not_whole(path: Path, reason: object) -> BackupFailed:
    """What to say of a backup that is damaged."""
    return BackupFailed(
        "{file} is no whole backup ({reason}): nothing was changed; restore another one.", file=path, reason=reason
    )


def of_newer(path: Path) -> BackupFailed:
    """What to say of a backup that this version is too old for."""
    return BackupFailed(
        "{file} was made by a newer Quotewire: nothing was changed; update Quotewire, then restore it.", file=path
    )

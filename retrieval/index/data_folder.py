"""The data folder as processes share it, and how what was restored takes the place of what is there.

Whoever uses the folder holds it, together with others. What was restored lies whole in a folder of its own in it
(`RESTORED`) until it can be put in place, which is when nobody else holds the folder: no process ever has files under
it exchanged, and what it keeps in memory never belongs to another state than what is on disk. The rename that makes
that folder is the moment at which the restored state counts. Before it, a crash leaves the old state; after it, the
next start completes what a crash left, before it opens any file.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from retrieval.errors import StoreUnavailable
from retrieval.index.rights import close_to_others
from retrieval.index.store import unusable

try:
    import fcntl
except ImportError:  # Windows, which itself lets nobody exchange a file that is open
    fcntl = None

logger = logging.getLogger(__name__)

IN_USE = "in-use.lock"
RESTORED = "restored"
PLAN = "plan.json"
PATIENCE = 10.0
"""Seconds to wait for who exchanges files, which takes milliseconds."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite's files beside a file are called, and the file itself."""


@dataclass(frozen=True, slots=True)
class TakingUp:
    """What is `brought` into the places of files and folders, and what is to be `gone`, by their names; and the folder,
    beside them, that what was there is moved to."""

    brought: tuple[str, ...]
    gone: tuple[str, ...]
    replaced: str


class Hold:
    """A process's hold on `folder`, which is created when it is new; it is let go of with `close`, or with the process.

    What was restored is put in place first, if nobody else holds the folder. Raises `StoreUnavailable`.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            close_to_others(folder)
            take_up(folder)
            self._file = _opened(folder)
            try:
                _share(self._file)
            except BaseException:
                self.close()
                raise
        except OSError as error:
            raise unusable(folder, error) from error

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._file.close()


def leave_for_taking_up(folder: Path, staged: Path, plan: TakingUp) -> None:
    """Have the files and folders in `staged`, a folder in `folder`, take the place of those there; see `take_up`.

    The last that waited to do so is given up. Raises `OSError`.
    """
    (staged / PLAN).write_text(json.dumps(asdict(plan)), encoding="utf-8")
    for path in (*staged.rglob("*"), staged):
        _on_disk(path)
    if (folder / RESTORED).exists():
        (folder / RESTORED).rename(staged / "given-up")  # it goes with the rest of `staged`
    staged.rename(folder / RESTORED)
    _on_disk(folder)


def take_up(folder: Path) -> Path | None:
    """Put what was restored in place, unless somebody holds the folder; where to is moved what it replaces.

    None where nothing waits for that, or somebody holds the folder. Raises `OSError`, and may be called again then.
    """
    coming = folder / RESTORED
    if not (coming / PLAN).exists():
        return None
    with _alone(folder) as alone:
        if not (alone and (coming / PLAN).exists()):
            return None
        plan = TakingUp(**json.loads((coming / PLAN).read_text(encoding="utf-8")))
        replaced = folder / plan.replaced
        replaced.mkdir(mode=0o700, exist_ok=True)
        for name in (*plan.gone, *plan.brought):
            _exchange(folder, coming, replaced, name, gone=name in plan.gone)
        shutil.rmtree(coming)
        logger.warning("what was restored is in place; what it replaced is in %s", replaced)
        return replaced


def _exchange(folder: Path, coming: Path, replaced: Path, name: str, *, gone: bool) -> None:
    """Move what is there away, and in its place what comes. What a crash left half done is done to its end."""
    if not gone and not (coming / name).exists():
        return  # it is there already
    for end in BESIDE:
        if (folder / f"{name}{end}").exists():
            (folder / f"{name}{end}").rename(replaced / f"{name}{end}")
    if not gone:
        (coming / name).rename(folder / name)
    for each in (replaced, folder, coming):
        _on_disk(each)


def _opened(folder: Path) -> IO[bytes]:
    return os.fdopen(os.open(folder / IN_USE, os.O_RDONLY | os.O_CREAT, 0o600), "rb")


def _share(file: IO[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not _locked(file, exclusively=False):
        if time.monotonic() > end:
            raise StoreUnavailable("Another process is restoring the same DATA_DIR: wait until it has ended.")
        time.sleep(0.02)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else holds the folder; if so, nobody can until the end of the block."""
    with _opened(folder) as file:
        yield _locked(file, exclusively=True)


def _locked(file: IO[bytes], *, exclusively: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusively else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _on_disk(path: Path) -> None:
    """Wait until what was written to a file, or changed in a folder, would outlast a loss of power."""
    if os.name == "nt" and path.is_dir():
        return  # where folders cannot be opened, the system sees to it
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)

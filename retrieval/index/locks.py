"""Locks between processes on one data folder, and who holds them. The system frees a lock when its process ends."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

TOLD_AFTER = 5.0
"""Seconds of waiting after which it is said for whom."""


class Taken(Exception):
    """A process, which the message names, holds a lock for longer than is waited; or a thread of this one does."""


def locked(path: Path, patience: float) -> AbstractContextManager[object]:
    """The lock of the file `path`, until the end of the block; waits for it for at most `patience` seconds.

    It excludes other threads as well as other processes. Raises `Taken` and `OSError`.
    """
    lock = FileLock(path)  # a new object each time, which excludes other threads, too
    try:
        try:
            held = lock.acquire(timeout=min(patience, TOLD_AFTER))
        except Timeout:
            if patience <= TOLD_AFTER:
                raise
            logger.warning("waiting for %s to let go of %s", _holder(path), path)
            held = lock.acquire(timeout=patience - TOLD_AFTER)
    except Timeout:
        raise Taken(_holder(path)) from None
    with suppress(OSError):  # a full disk: then others are told of the one before
        _note(path).write_text(json.dumps([os.getpid(), " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])]))
    return held


def _note(path: Path) -> Path:
    """The file beside a lock that says who was the last to take it."""
    return path.with_name(f"{path.name}.by")


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError, TypeError):
        process, command = json.loads(_note(path).read_text(encoding="utf-8"))
        return f"process {process} ({command})"
    return "another process"

"""Who may read a data folder: its owner alone. What members ask, and which feeds are read, is nobody else's."""

from __future__ import annotations

import logging
import os
import stat
from fnmatch import fnmatch
from pathlib import Path

logger = logging.getLogger(__name__)

OURS = (
    "*.sqlite3*",
    "lexical",
    "*.lock*",
    "terminal-history",
    "discord-commands.json",
    "last-error.txt",
    "models",
    "restored",
    "restoring-*",
    "before-restore-*",
    "evaluation",
)
"""What Quotewire writes into its data folder, by name."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others(folder: Path) -> None:
    """Take from others what rights they have on what is ours in `folder`, of a time when files were made with them.

    The folder is closed, too, unless something in it is not ours: then it is somebody's, and `DATA_DIR` by mistake or
    by choice. What cannot be closed is a word in the log. Raises `OSError` where the folder cannot be listed.
    """
    if os.name == "nt":
        return
    there = list(folder.iterdir())
    ours = [path for path in there if any(fnmatch(path.name, name) for name in OURS)]
    if len(ours) == len(there):
        ours.append(folder)
    if left := [path for path in ours if not _closed(path)]:
        logger.warning(
            "other users of this machine may read %s, and Quotewire cannot change that: have their owner run "
            "`chmod -R go= %s`",
            *(", ".join(path.name for path in left[:3]), folder),
        )


def _closed(path: Path) -> bool:
    """Whether nobody but its owner may read or change it, which is seen to where it can be."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or not found.st_mode & OTHERS:
            return True  # a link has no rights of its own, and what it leads to is not here
        if found.st_mode & stat.S_ISVTX or found.st_uid != os.geteuid():
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except FileNotFoundError:  # a file of SQLite's, which another process has just closed
        return True
    except OSError:
        return False
    return True

"""Looking after what is on disk: the stores, the index that is made from one of them, room, rights and the clock."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.upkeep.contents import ARTICLES, DERIVED, NAMES, STORES, Damaged, StoreFile, reading, rows_in
from bot.upkeep.findings import Finding, fault, skipped, warning, well
from retrieval.index.examination import article_faults, index_faults, vector_faults

RESTORE = "Stop the bot and put a backup in its place: `quotewire restore FILE`."
READ_ANEW = "`quotewire reload` reads anew what came from the folder. For what did not:"
LEAST_FREE = 200_000_000
"""Bytes below which the next reload may not fit."""
AHEAD = 300.0
"""Seconds that the clocks of a machine and of a disk elsewhere may differ."""


def store_findings(folder: Path) -> Iterator[Finding]:
    """Whether the stores are whole, and of a version that this Quotewire knows."""
    for store in STORES:
        if not (folder / store.name).exists():
            yield skipped(store.name, "it is not there yet; the bot makes it when it needs it")
        else:
            yield from _of_store(store, folder)


def _of_store(store: StoreFile, folder: Path) -> Iterator[Finding]:
    try:
        rows = rows_in(folder / store.name)
        version = store.version(folder)
        faults: list[str] = []
        if store.name == ARTICLES and version == store.newest:
            with closing(reading(folder / ARTICLES)) as connection:
                faults = [*article_faults(connection), *vector_faults(connection)]
    except (Damaged, sqlite3.Error) as error:
        yield fault(store.name, str(error), RESTORE)
        return
    if version > store.newest:
        says = f"it was written by a newer Quotewire (version {version}, known are those up to {store.newest})"
        yield fault(store.name, says, "Update Quotewire.")
    elif faults:
        yield from (fault(store.name, each, f"{READ_ANEW} {RESTORE}") for each in faults)
    else:
        counted = "; every text is what was stored" if store.name == ARTICLES else ""
        yield well(store.name, f"it is whole: {sum(rows.values()):,} rows{counted}")


def index_findings(folder: Path) -> Iterator[Finding]:
    """Whether the index of words is what the store says, file by file and passage by passage."""
    lexical = folder / DERIVED[0]
    if not (folder / ARTICLES).exists():
        yield skipped("index", "there is nothing to index yet")
        return
    with closing(reading(folder / ARTICLES)) as connection:
        faults = index_faults(connection, lexical)
    for each in faults:
        yield fault("index", each, f"Stop the bot and delete {lexical}: the next start makes it anew.")
    if not faults:
        yield well("index", "its checksums are right, and it holds what the store holds")


def disk_findings(folder: Path) -> Iterator[Finding]:
    """Whether there is room to write."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    held = sum(path.stat().st_size for path in folder.glob("*.sqlite3*") if path.is_file())
    says = f"{free / 1e9:,.1f} GB are free, {held / 1e9:,.2f} GB are used by the stores"
    if free < LEAST_FREE:
        yield fault("disk", says, f"Free space on the disk of {nearest}, or lower KEEP_DAYS.")
    elif free < 2 * held:
        remedy = "Free space: a backup or a restore needs as much again while it is made."
        yield warning("disk", says, remedy)
    else:
        yield well("disk", says)


def rights_findings(folder: Path) -> Iterator[Finding]:
    """Whether others on this machine may read what members asked."""
    stores = [folder / name for name in NAMES if (folder / name).exists()]
    closed = not folder.exists() or not _others_may(folder)
    exposed = [path.name for path in stores if not closed and _others_may(path)]
    if exposed:
        says = f"other users of this machine may read {', '.join(exposed)}"
        yield warning("rights", says, f"Run `chmod -R go= {folder}`.")
    elif folder.exists():
        yield well("rights", "nobody else on this machine may read what is stored")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def clock_findings(folder: Path, now: float) -> Iterator[Finding]:
    """Whether the clock is behind what was written already: of the data folder, and of the program itself."""
    files = [path for path in (*folder.glob("*"), *Path(__file__).parent.glob("*.py")) if path.is_file()]
    newest = max(files, key=lambda path: path.stat().st_mtime)
    written = newest.stat().st_mtime
    if written > now + AHEAD:
        says = f"it says {_said(now)}, but {newest} was written at {_said(written)}"
        yield fault("clock", says, "Set this machine's clock, best with NTP (`timedatectl set-ntp true`).")
    else:
        yield well("clock", f"it says {_said(now)}, and no file is of a later time")


def _said(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"

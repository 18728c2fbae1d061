"""A data folder that stood alone moves into a database that processes share, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.upkeep.contents import STORES
from retrieval.errors import StoreUnavailable
from retrieval.index.locks import Taken, locked

LOCKS = ("run.lock", "reload.lock")
"""What whoever serves or changes anything in a folder holds."""

Told = Callable[[str, int, int], object]
"""Called with the name of a table, and how many of its rows are moved, of how many."""


@dataclass(frozen=True, slots=True)
class FolderMoved:
    """How many rows of each file are where others share them, as compared; or which files stand alone again."""

    place: str | None
    files: Mapping[str, int]


def move_in(data_dir: Path, url: str, told: Told = lambda *_: None) -> FolderMoved:
    """Move all that `data_dir` holds to the database at `url`, which it is a copy of from then on.

    What was moved before is left as it is, so a move that was broken off is taken up by doing it again. Raises
    `StoreUnavailable` (of which `DatabaseUnavailable` is a kind).
    """
    from retrieval.replicas.shared import Shared

    shared = Shared(url)
    try:
        with _alone(data_dir):
            files = {path.name: shared.move_in(path, path.stem, told) for path in _files(data_dir)}
            return FolderMoved(shared.state().place, files)
    finally:
        shared.close()


def move_out(data_dir: Path) -> FolderMoved:
    """Have `data_dir` stand alone again, with what it holds, which may be older than what the database does.

    Raises `StoreUnavailable`.
    """
    from retrieval.replicas.moving import leave

    with _alone(data_dir):
        return FolderMoved(None, {path.name: leave(path) for path in _files(data_dir)})


def _files(data_dir: Path) -> list[Path]:
    # Articles last: they take longest, and a folder is taken for moved by whoever opens them first.
    found = [data_dir / store.name for store in STORES if (data_dir / store.name).exists()]
    if not found:
        raise StoreUnavailable(f"There is nothing in {data_dir} to be moved: set DATABASE_URL and start Quotewire.")
    return found


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    with ExitStack() as held:
        for name in LOCKS:
            try:
                held.enter_context(locked(data_dir / name, 0.0))
            except Taken as other:
                raise StoreUnavailable(f"{other} is using {data_dir}: stop it first.") from None
        yield

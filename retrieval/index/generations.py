"""The generation that is served, and the one place where another takes its turn."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.article import Progress, ReloadReport, Tell
from retrieval.errors import ReloadInProgress, StoreUnavailable, sentence
from retrieval.index import handing_over, linking, loading, readying, twins
from retrieval.index.checksums import damaged_files
from retrieval.index.lexical import FOLDER, LexicalDamaged, LexicalIndex
from retrieval.index.locks import Taken, locked
from retrieval.index.search import Index
from retrieval.index.store import Store, unusable
from retrieval.replicas.leases import Alone, Leases

if TYPE_CHECKING:
    from retrieval.replicas.vectors import SharedVectors

logger = logging.getLogger(__name__)

T = TypeVar("T")

RELOADING = sentence("A reload is running already: wait until it has ended.")
NAMED = 3  # of many damaged files so many are named
RETRY_AFTER = 10.0  # seconds until a generation that could not be loaded is tried again
TURN = 600.0  # seconds to wait for another change in this process to end: feeds are taken in a step at a time
BETWEEN = 0.2  # seconds between two steps of a change, for others to see that it is their turn: they look every 50 ms
LEASE = "changing"
LEASE_ASKED = 0.1  # seconds between two tries to be the process that changes articles
HANDED_OVER = 20_000  # passages that are handed over at once, while nothing is changed: a minute, if there is an index
LOCK_PATIENCE = 60.0  # seconds to wait for another process that is between two steps of its reload


class Generations:
    """The current generation of `store`, which lies in `data_dir`, in memory. Safe to use from many threads and
    processes."""

    def __init__(
        self, data_dir: Path, store: Store, leases: Leases | None = None, vectors: SharedVectors | None = None
    ) -> None:
        self._data_dir = data_dir
        self.store = store
        self._vectors = vectors
        self._nothing = loading.nothing_yet(store, vectors)
        self._leases: Leases = leases or Alone()
        self._swap = threading.Lock()
        self._changing = threading.Lock()
        self._retry_at = 0.0
        with self._disk_errors_explained():
            self._lexical, self._index = self._opened()

    def _opened(self) -> tuple[LexicalIndex, Index]:
        """The index of words and the current generation. Where the disk takes nothing, words are indexed in memory."""
        try:
            lexical = LexicalIndex(self._data_dir / FOLDER)
            return lexical, self._loaded(lexical, None, LOCK_PATIENCE)
        except OSError as error:
            lexical = LexicalIndex(None)
            loading.reconcile(self.store, lexical)
            if (index := loading.load(self.store, lexical, self._nothing)) is None:
                raise
            logger.warning("words are indexed in memory, anew at each start: %s", unusable(self._data_dir, error))
            return lexical, index

    def change_in_turns(self, steps: Generator[None, None, ReloadReport], tell: Tell) -> ReloadReport:
        """As `change`, for what is done in several steps, between which others may have their turn.

        It waits for other processes once it has begun, but not for one that is at work when it is to.
        """

        def step() -> ReloadReport | None:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            return None

        report = self.change(step, tell)
        while report is None:
            time.sleep(BETWEEN)
            report = self.change(step, tell, TURN)
        return report

    def change(self, step: Callable[[], T], tell: Tell, patience: float = 0.0) -> T:
        """Run `step`, which may commit a generation, alone among all threads and processes, and serve what it made.

        Takes its turn among the changes of this process, and waits for at most `patience` seconds for that of another
        one to end; raises `ReloadInProgress` after that.
        """
        with self._turn(), self._disk_errors_explained(), self._exclusive(patience):
            before = self.store.generation().number
            report = step()
            if self.store.generation().number != before:
                tell(Progress("indexing", 0, None))
                with suppress(StoreUnavailable):  # as in `verify`
                    twins.bring_up(self.store, self.store.generation().number)
                loading.reconcile(self.store, self._lexical)
                index = self._newest() or self._index
                self._link(index)
                with self._swap:
                    self._index = index
                self._hand_over()
                tell(Progress("indexing", len(self._index.dense), len(self._index.dense)))
        return report

    def current(self) -> Index:
        """The newest complete generation, also when another process has made it."""
        served, there = self._index.generation, self.store.generation()
        # One question loads it; those beside it go on with the generation before, unless what it had is not there.
        lost = there != served and served.number > 0 and self.store.earlier(served.number) != served
        if there != served and time.monotonic() >= self._retry_at and self._swap.acquire(blocking=lost):
            try:
                self._index = self._loaded(self._lexical, self._index, patience=LOCK_PATIENCE if lost else 0)
            except ReloadInProgress:
                pass  # it is being written just now
            except Exception as error:
                self.store.connection()  # which says so if all is closing: then what was asked was broken off
                # What says by itself what is wrong needs no traceback.
                unforeseen = None if isinstance(error, StoreUnavailable) else error
                logger.error(
                    "the new generation cannot be loaded (%s); the one before it goes on answering",
                    error,
                    exc_info=unforeseen,
                )
                self._retry_at = time.monotonic() + RETRY_AFTER
            finally:
                self._swap.release()
        return self._index

    def mend(self, damaged: Index, damage: LexicalDamaged) -> None:
        """Have words searched again, which `damaged` could not, in whose view it may be; of several that ask for it,
        one does it."""
        with self._turn(), self._disk_errors_explained(), self._exclusive(LOCK_PATIENCE), self._swap:
            if self._index.lexical.searcher is damaged.lexical.searcher:
                loading.rebuild(self.store, self._lexical, damage)
                self._index = self._newest() or self._index

    def verify(self) -> list[str]:
        """The files of the index of words that are not what was written; it is made anew then, and served meanwhile.

        What an older version left without stories, or without what its sentences hold, gets them. Nothing is looked at
        while another process changes it, which had to open it.
        """
        try:
            with self._turn(), self._disk_errors_explained(), self._exclusive(patience=0):
                damaged = damaged_files(self._data_dir / FOLDER)
                if not damaged:
                    with suppress(StoreUnavailable):  # that nothing can be written was said at opening
                        self._link(self._index)
        except ReloadInProgress:
            return []
        if damaged:
            named = ", ".join(damaged[:NAMED])
            self.mend(self._index, LexicalDamaged(f"{len(damaged)} of its files are not what was written: {named}"))
        with suppress(StoreUnavailable, ReloadInProgress):
            with self._disk_errors_explained():
                lacking = readying.lacking(self.store)
            for keys in lacking:
                self._make_up(keys)
                time.sleep(BETWEEN)
        with suppress(StoreUnavailable, ReloadInProgress):
            self._hand_over_all()
        return damaged

    def _make_up(self, keys: Sequence[int]) -> None:
        with self._turn(), self._disk_errors_explained(), self._exclusive(LOCK_PATIENCE):
            readying.find_lines(self.store, keys)

    def _link(self, index: Index) -> None:
        """Bring stories, and twins where they are not there yet, to a generation. Where words cannot be searched, what
        came is a story each until they can."""
        try:
            twins.bring_up(self.store, index.generation.number)
            linking.bring_up(self.store, index)
        except LexicalDamaged as damage:
            logger.warning("stories stay as they were until the next change: %s", damage)

    def _newest(self) -> Index | None:
        return loading.load(self.store, self._lexical, self._nothing, self._index)

    def _hand_over(self) -> bool:
        """Hand over vectors to the database, if it searches them; whether there are more. What could not be is searched
        in each process alone, until the next change."""
        if self._vectors is None:
            return False
        try:
            left = handing_over.hand_over(self.store, self._vectors, HANDED_OVER)
            if not left:
                self._vectors.build_index(HANDED_OVER)
        except StoreUnavailable as error:
            logger.warning("the vectors of what is new are not in the database yet: %s", error)
            return False
        return left

    def _hand_over_all(self) -> None:
        """Hand over what was there before the database was to search it, a part at a time."""
        left = self._vectors is not None
        while left:
            with self._turn(), self._disk_errors_explained(), self._exclusive(LOCK_PATIENCE):
                left = self._hand_over()
            time.sleep(BETWEEN)
        if self._vectors is not None:
            self._vectors.build_index()

    def _loaded(self, lexical: LexicalIndex, base: Index | None, patience: float) -> Index:
        """The current generation; the lexical index is brought to it first where a reload died before it was."""
        while True:
            index = loading.load(self.store, lexical, self._nothing, base)
            if index is not None:
                return index
            with self._folder(patience):
                if twins.are_lacking(self.store, self.store.generation().number):
                    # Who made the generation is still at it, or died: then they are found here, before both are shown.
                    with suppress(StoreUnavailable), self._lease(patience):
                        twins.bring_up(self.store, self.store.generation().number)
                loading.reconcile(self.store, lexical)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._changing.acquire(timeout=TURN):
            raise ReloadInProgress(RELOADING)
        try:
            yield
        finally:
            self._changing.release()

    @contextmanager
    def _exclusive(self, patience: float) -> Iterator[None]:
        """Alone in this folder, and of all that share a database."""
        with self._folder(patience), self._lease(patience):
            yield

    def _folder(self, patience: float) -> AbstractContextManager[object]:
        try:
            return locked(self._data_dir / "reload.lock", patience)
        except Taken:
            raise ReloadInProgress(RELOADING) from None

    @contextmanager
    def _lease(self, patience: float) -> Iterator[None]:
        """Until the end of the block no other process changes articles, of those that share a database."""
        until = time.monotonic() + patience
        while not self._leases.take(LEASE):
            if self._leases.unreachable:
                raise self._leases.unreachable
            if time.monotonic() >= until:
                raise ReloadInProgress(RELOADING)
            time.sleep(LEASE_ASKED)
        try:
            with self.store.guarded(self._leases, LEASE):
                yield
        finally:
            self._leases.give_back(LEASE)

    @contextmanager
    def _disk_errors_explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise unusable(self._data_dir, error) from error

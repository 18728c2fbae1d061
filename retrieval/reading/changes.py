"""All that changes which articles there are: each change is a new generation, served from its end on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.article import Article, Failure, ReloadReport, Tell
from retrieval.errors import ReloadInProgress
from retrieval.index.embed import Embedder
from retrieval.index.generations import RELOADING, Generations
from retrieval.index.sections import NEWS, forget_empty, ids_in_collections, unseen, versions_in
from retrieval.index.sight import Sight
from retrieval.index.versions import find_article, versions_of
from retrieval.reading.allowance import Allowance
from retrieval.reading.arrival import TAKEN_BACK, Arrival, Gone, arrival_batches, into
from retrieval.reading.brought import polled, read_pages, taken_back
from retrieval.reading.deliveries import Deliveries
from retrieval.reading.intake import drop_sections, restore, take_in, withdraw
from retrieval.reading.reload import reload_folder
from retrieval.reading.retention import Retention
from retrieval.reading.web.fetch import Fetcher
from retrieval.reading.web.robots import page_fetcher

# Imported where it is used, as in `deliveries`.
if TYPE_CHECKING:
    from retrieval.reading.feeds.followed import Feeds

PATIENCE = 600.0  # seconds that what arrives waits for another reload to end


class Changes:
    """Changes what `generations` serves, as the methods of `Newsroom` with the same names say."""

    def __init__(
        self, generations: Generations, embedder: Embedder, deliveries: Deliveries, retention: Retention
    ) -> None:
        self._generations = generations
        self._store = generations.store
        self._embedder = embedder
        self._deliveries = deliveries
        self._retention = retention
        self._reloading = threading.Lock()

    @cached_property
    def _pages(self) -> Fetcher:
        """Fetches pages; one for all, for it remembers each site's robots.txt."""
        return page_fetcher(self._deliveries.session)

    def reload(self, folder: Path, progress: Tell, *, at_once: bool) -> ReloadReport:
        """Bring what changed in `folder` in."""
        began = time.perf_counter()
        if not self._reloading.acquire(blocking=False):
            raise ReloadInProgress(RELOADING)
        try:
            steps = reload_folder(self._store, self._embedder, folder, progress, self._retention, at_once=at_once)
            return self._report(self._generations.change_in_turns(steps, progress), began)
        finally:
            self._reloading.release()

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Tell) -> ReloadReport:
        """Take in articles, some hundred at a time."""
        began = time.perf_counter()
        report, seen = ReloadReport(), dict[str, str]()
        for batch in arrival_batches(arrivals):
            report = report.and_then(self._take_in(batch, seen, progress))
        return self._report(report, began)

    def add_pages(self, urls: Iterable[str], progress: Tell, section: int) -> ReloadReport:
        """Take in the articles that pages show, and withdraw those whose pages are gone."""
        began = time.perf_counter()
        report, seen = ReloadReport(), dict[str, str]()
        for batch in arrival_batches(into(section, read_pages(self._pages, urls, progress))):
            report = report.and_then(self._deliver(batch, seen, progress))
        return self._report(report, began)

    def add_own_pages(
        self, reader: str, sight: Callable[[], Sight], urls: Iterable[str], tell: Tell, allowance: Allowance
    ) -> ReloadReport:
        """Take in the articles that pages show, for one reader alone."""
        from retrieval.reading.own_pages import OwnPages

        began = time.perf_counter()
        pages = OwnPages(
            self._store,
            reader=reader,
            sight=sight,
            allowance=allowance,
            deliver=lambda batch: self._deliver(batch, {}, tell),
        )
        report = ReloadReport()
        for each in pages.add(self._pages, urls, tell):
            report = report.and_then(each)
        return self._report(report, began)

    def drop_unseen(self) -> ReloadReport:
        """Take out what is in sections that nobody sees any more, and have no feed deliver into such."""
        began = time.perf_counter()
        if any(feed.sections != (NEWS,) for feed in self._deliveries.list()):
            from retrieval.reading.feeds.joining import drop_unread

            drop_unread(self._deliveries.feeds, self._store)
        left, report = unseen(self._store), ReloadReport()
        if versions_in(self._store.connection(), left):
            step = partial(drop_sections, self._store, self._embedder, left, self._retention)
            report = self._generations.change(step, lambda _: None, PATIENCE)
        with self._store.transaction() as connection:
            forget_empty(connection)
        return self._report(report, began)

    def add_files(self, paths: Iterable[Path], progress: Tell, section: int) -> ReloadReport:
        """Take in the articles that files hold."""
        from retrieval.reading.files import read_files  # of many formats, which a bot that runs has no use for

        return self.add(into(section, read_files(paths, progress)), progress)

    def poll_feeds(self, progress: Tell) -> ReloadReport:
        """Take in what the feeds that are due bring, and withdraw what was taken back."""
        from retrieval.reading.feeds.joining import drop_unread

        began = time.perf_counter()
        feeds = self._deliveries.feeds
        drop_unread(feeds, self._store)
        if versions_in(self._store.connection(), unseen(self._store)):  # forgetting them was broken off
            self.drop_unseen()
        report, seen = self._joined(feeds, progress), dict[str, str]()
        for batch in polled(feeds, progress, self._store):
            report = report.and_then(self._deliver(batch, seen, progress))
        return self._report(report, began)

    def _joined(self, feeds: Feeds, progress: Tell) -> ReloadReport:
        """Take in what there is of feeds for those who have joined them; it is not said of it what was said before."""
        from retrieval.reading.feeds.joining import joins, there_by_now

        report = ReloadReport()
        for url, origin, section, there in joins(feeds):
            seen = dict[str, str]()
            for batch in arrival_batches(there_by_now(self._store, origin, there, section)):
                report = report.and_then(
                    replace(self._take_in(batch, seen, progress), failed=(), folded=(), undated=())
                )
            feeds.joined(url, section)
        return report

    def remove(self, sight: Sight, reference: str, reason: str) -> tuple[Article, ReloadReport]:
        """Withdraw an article that is in sight, from all collections."""
        began = time.perf_counter()
        id_ = find_article(self._store, sight, reference)
        ids = ids_in_collections(self._store, id_)
        report = self._report(self._withdraw(ids, reason), began)
        return versions_of(self._store, id_)[-1].article, replace(report, removed=min(1, report.removed))

    def restore(self, sight: Sight, reference: str) -> tuple[Article, ReloadReport]:
        """Bring an article back that was removed, into all collections that it was removed from."""
        began = time.perf_counter()
        id_ = find_article(self._store, sight, reference)
        report = ReloadReport()
        for each in ids_in_collections(self._store, id_):
            report = report.and_then(self._restore(each))
        report = replace(self._report(report, began), added=min(1, report.added))
        return versions_of(self._store, id_)[-1].article, report

    def _restore(self, id_: str) -> ReloadReport:
        step = partial(restore, self._store, self._embedder, id_, self._retention)
        return self._generations.change(step, lambda _: None, PATIENCE)

    def _deliver(self, batch: Sequence[Arrival | Failure | Gone], seen: dict[str, str], progress: Tell) -> ReloadReport:
        """Take in what arrived, and withdraw what its publisher took back."""
        arrivals = [item for item in batch if not isinstance(item, Gone)]
        report = self._take_in(arrivals, seen, progress) if arrivals else ReloadReport()
        gone = [item for item in batch if isinstance(item, Gone)]
        if gone and (ids := taken_back(self._pages, gone, self._store)):
            report = report.and_then(replace(self._withdraw(ids, TAKEN_BACK), unchanged=0))
        return report

    def _take_in(self, batch: Sequence[Arrival | Failure], seen: dict[str, str], progress: Tell) -> ReloadReport:
        step = partial(take_in, self._store, self._embedder, batch, self._retention, progress, seen)
        return self._generations.change(step, progress, PATIENCE)

    def _withdraw(self, ids: Sequence[str], reason: str) -> ReloadReport:
        step = partial(withdraw, self._store, self._embedder, ids, reason, self._retention)
        return self._generations.change(step, lambda _: None, PATIENCE)

    def _report(self, report: ReloadReport, began: float) -> ReloadReport:
        generation = self._generations.current().generation.number
        return replace(report, seconds=time.perf_counter() - began, generation=generation)

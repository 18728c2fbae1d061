"""What the feeds have brought since it was last taken: articles, failures, and articles that were withdrawn."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from reader import Entry

from retrieval.article import Failure
from retrieval.reading.arrival import Arrival, Gone
from retrieval.reading.feeds.entries import entry_url, is_publishers, own_text
from retrieval.reading.feeds.entry_pages import PageReader, Read
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.pending import (
    MISSES,
    HandedOut,
    PendingEntry,
    again_after,
    pending_entries,
    tick_off,
    try_again,
)
from retrieval.reading.feeds.titles import plain_title
from retrieval.reading.feeds.update import WORKERS, update_due
from retrieval.reading.feeds.visits import Visit, visited
from retrieval.reasons import Reason

MOST_PAGES = 60
"""Pages of one host in a poll; the others come with the next."""


def poll(feeds: Feeds, due_at: datetime | None = None) -> Generator[Arrival | Failure | Gone, None, None]:
    """Ask the feeds that are due at `due_at` (aware; by default now), then give what is new or changed in any of them.

    What is given is given again by later polls, until `taken` is told of it. What vanishes from a feed changes nothing.
    Raises `StoreUnavailable`.
    """
    now = (due_at or datetime.now(UTC)).timestamp()
    with feeds.polling:
        failures = update_due(feeds.store, now)
    yield from failures
    feeds.handed_out.clear()  # what an abandoned poll gave is given again
    run = _Poll(feeds=feeds, now=now, pages=PageReader(feeds.pages))
    doubtful: list[tuple[PendingEntry, Entry, Read]] = []
    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="pages")
    try:
        for each_host_once in _rounds(pending_entries(feeds.store, now)):
            pairs = run.entries(each_host_once)
            reads = workers.map(lambda pair: run.pages.read(pair[1], pair[0]), pairs)
            for (pending, entry), read in zip(pairs, reads, strict=True):
                if read.doubtful:
                    doubtful.append((pending, entry, read))
                else:
                    yield from run.settled(pending, entry, read)
        for pending, entry, read in doubtful:
            yield from run.settled(pending, entry, run.pages.judged(entry, pending, read))
    finally:  # who asks for no more of this poll does not wait for pages that nobody will read
        workers.shutdown(cancel_futures=True)


def taken(feeds: Feeds, items: Iterable[Arrival | Gone]) -> None:
    """What `poll` gave is safe: it is not given again, once it is in all sections. Raises `StoreUnavailable`."""
    safe = [entry for item in items for entry in feeds.handed_out.pop(_key(item), ())]
    elsewhere = {entry for entries in feeds.handed_out.values() for entry in entries}
    tick_off(feeds.store, [entry for entry in dict.fromkeys(safe) if entry not in elsewhere])


def _key(item: Arrival | Gone) -> tuple[str | int, ...]:
    """Tells also the states of an article apart: that one is safe says nothing of a later one."""
    if isinstance(item, Gone):
        return (item.origin, item.section, item.id)
    return (item.origin, item.section, item.article.id, item.article.content_hash)


def _rounds(entries: Iterable[PendingEntry]) -> Iterator[list[PendingEntry]]:
    """All entries, in rounds in which no host is asked twice: who waits for a host's turn keeps others from theirs."""
    by_host: defaultdict[str, deque[PendingEntry]] = defaultdict(deque)
    for entry in _by_turns(entries):
        by_host[entry.host].append(entry)
    while by_host:
        yield [queue.popleft() for queue in by_host.values()]
        by_host = defaultdict(deque, {host: queue for host, queue in by_host.items() if queue})


def _by_turns(entries: Iterable[PendingEntry]) -> list[PendingEntry]:
    """All entries, those of each feed in their order, so that one with many takes no other one's turn at a host."""
    turns: Counter[tuple[str, str]] = Counter()
    found: list[tuple[int, PendingEntry]] = []
    for entry in entries:
        turns[entry.host, entry.feed_url] += 1
        found.append((turns[entry.host, entry.feed_url], entry))
    return [entry for _, entry in sorted(found, key=lambda each: each[0])]


@dataclass(slots=True)
class _Poll:
    feeds: Feeds
    now: float
    pages: PageReader
    asked: Counter[str] = field(default_factory=Counter)

    def entries(self, pending: Iterable[PendingEntry]) -> list[tuple[PendingEntry, Entry]]:
        """Those that are still there, and whose hosts have not been asked for enough pages yet."""
        found: list[tuple[PendingEntry, Entry]] = []
        with self.feeds.store.open() as reader:
            for each in pending:
                entry = reader.get_entry(each.key, None)
                if entry is None or self.asked[each.host] >= MOST_PAGES:
                    continue
                from_feed = each.shared or (own_text(entry).full and is_publishers(entry, each.sites))
                self.asked[each.host] += bool(each.host) and not from_feed
                found.append((each, entry))
        return found

    def settled(self, pending: PendingEntry, entry: Entry, read: Read) -> Iterator[Arrival | Failure | Gone]:
        store = self.feeds.store
        asked = entry_url(entry) or ""
        place = asked or f"{plain_title(entry.feed.title) or pending.feed_url}: {entry.id}"[:200]
        before = store.visits.of(pending.key)
        if before is not None and before.asked != asked:
            before = None  # it leads elsewhere now, and a link that never led anywhere says nothing of its article
        handed = partial(_handed, pending, entry)
        if before is not None and (read.gone or (read.missing and pending.attempts + 1 >= MISSES)):
            gone = Gone(origin=pending.origin, id=before.article, url=before.url, asked=asked, name=pending.entry_id)
            yield from self._hand_out(gone, handed(gone=True), pending.sections)
            return
        again = again_after(pending.attempts + 1, self.now) if read.temporary else None
        if read.wall and (before is not None or (read.article is not None and not entry.read)):
            if before is not None:
                reason = Reason("its page {wall}; what was read before is kept", wall=read.wall)
            else:
                reason = Reason("its page {wall}; the feed's own words stand for it", wall=read.wall)
            yield Failure(place, reason, "note")
        is_old_news = entry.read and (read.article is None or read.article.summary_only)
        if read.article is None or is_old_news:
            if again is not None:
                try_again(store, pending, pending.attempts + 1, again)
            else:
                tick_off(store, [handed(visit=before and before.put_off(self.now))])
            if not is_old_news:
                yield Failure(place, read.reason or Reason("has no text"))
            return
        visit = visited(before, asked, read.article, self.now) if read.from_page else None
        if before is not None and visit is not None and visit.said == before.said:
            tick_off(store, [handed(visit=visit)])
            return
        for note in read.notes:
            yield Failure(place, note, "note")
        arrival = Arrival(
            origin=pending.origin,
            article=read.article,
            from_page=read.from_page,
            name=pending.entry_id,
            found=read.found,
        )
        yield from self._hand_out(arrival, handed(again=again, visit=visit), pending.sections)

    def _hand_out(self, item: Arrival | Gone, entry: HandedOut, sections: Sequence[int]) -> Iterator[Arrival | Gone]:
        """It, for each of the sections: handed out before any is given, so that one alone does not tick it off."""
        items = [replace(item, section=section) for section in sections]
        for each in items:
            handed = self.feeds.handed_out.setdefault(_key(each), [])
            handed[:] = [one for one in handed if (one.feed_url, one.entry_id) != (entry.feed_url, entry.entry_id)]
            handed.append(entry)
        yield from items


def _handed(
    pending: PendingEntry, entry: Entry, *, again: float | None = None, visit: Visit | None = None, gone: bool = False
) -> HandedOut:
    return HandedOut(
        feed_url=pending.feed_url,
        entry_id=pending.entry_id,
        version=entry.last_updated,
        attempts=pending.attempts + 1,
        again=again,
        visit=visit,
        gone=gone,
    )

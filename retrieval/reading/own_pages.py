"""Pages that a reader adds for itself: each is a section of its own, kept once for all who added it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from retrieval.article import Failure, ReloadReport, Tell
from retrieval.errors import LimitReached
from retrieval.index.sections import chosen_by, forget_choice, open_section, read
from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.reading.allowance import Allowance
from retrieval.reading.arrival import Arrival, Gone
from retrieval.reading.brought import read_pages
from retrieval.reading.origins import PAGES
from retrieval.reading.web.fetch import Fetcher
from retrieval.reading.withdrawals import STAYS_OUT
from retrieval.text.addresses import canonical_url, own_address, precise_address

FRESH = timedelta(hours=1)
"""For so long a page that somebody added is not fetched again for who adds it, too."""
PAGE = "/page/"
"""How the names of sections of pages begin."""

Deliver = Callable[[Sequence[Arrival | Failure | Gone]], ReloadReport]


@dataclass(frozen=True, slots=True)
class OwnPages:
    """Adds pages for `reader`, who sees what `sight` gives; `deliver` takes in what it is given."""

    store: Store
    reader: str
    sight: Callable[[], Sight]
    allowance: Allowance
    deliver: Deliver

    def add(self, fetcher: Fetcher, urls: Iterable[str], tell: Tell) -> Iterator[ReloadReport]:
        """What comes of each page, told as if the reader had a newsroom of its own.

        Raises `LimitReached` where the reader may add none, and says it of those that are too many.
        """
        for done, url in enumerate(urls):
            try:
                self.allowance.spend(self.store, self.reader)
            except LimitReached as error:
                if not done:
                    raise
                yield ReloadReport(failed=(Failure(url, str(error)),))
                continue
            if self._is_hidden(url):
                yield ReloadReport(failed=(Failure(url, STAYS_OUT),))
            elif (there := self._lately(url)) is not None:
                yield self._read(*there)
            else:
                yield from self._fetched(fetcher, url, tell)

    def _fetched(self, fetcher: Fetcher, url: str, tell: Tell) -> Iterator[ReloadReport]:
        for item in read_pages(fetcher, [url], tell):
            if isinstance(item, Arrival):
                yield self._take_in(item, url)
            elif isinstance(item, Gone):
                yield self._withdraw(item)
            else:
                yield ReloadReport(failed=(item,))

    def _take_in(self, arrival: Arrival, url: str) -> ReloadReport:
        """Noted first that it is read: had the process died then, nothing is seen that was not before."""
        if self._is_hidden(arrival.article.url or url):
            return ReloadReport(failed=(Failure(url, STAYS_OUT),))
        had = self._sees(arrival.article.url)
        with self.store.transaction() as connection:
            section = open_section(connection, section_name(arrival))
            is_new = self._reads(section) is False
            read(connection, self.reader, section, self.store.generation().number)
        report = self.deliver([replace(arrival, section=section)])
        with self.store.transaction() as connection:
            held = _holds(connection, section)
            if is_new and not held:
                forget_choice(connection, self.reader, section)
        # What else the change brought about is none of its reader's: what went by its age was another one's.
        about = {url, arrival.found, arrival.article.url, arrival.article.id}
        report = replace(report, removed=0, failed=tuple(each for each in report.failed if each.where in about))
        if not held or (not is_new and had):
            return report
        return replace(report, added=int(not had), updated=0, unchanged=int(had))

    def _read(self, section: int, url: str | None) -> ReloadReport:
        """Have the reader read what another one has fetched lately."""
        had = self._sees(url)
        with self.store.transaction() as connection:
            read(connection, self.reader, section, self.store.generation().number)
        return ReloadReport(added=int(not had), unchanged=int(had))

    def _withdraw(self, gone: Gone) -> ReloadReport:
        rows = self.store.connection().execute(
            "SELECT DISTINCT p.section FROM called c JOIN article a ON a.id = c.article AND a.died IS NULL"
            " JOIN placed p ON p.article = a.key WHERE c.origin = ? AND c.name = ?",
            (PAGES, gone.name),
        )
        sections = [section for (section,) in rows.fetchall() if self._reads(section)]
        if not sections:
            return ReloadReport()
        report = self.deliver([replace(gone, section=section) for section in sections])
        return replace(report, removed=min(1, report.removed))

    def _lately(self, url: str) -> tuple[int, str | None] | None:
        """The section of a page that was fetched from this address a short while ago, and its article's address."""
        after = (datetime.now(UTC) - FRESH).isoformat(timespec="microseconds")
        return (
            self.store.connection()
            .execute(
                "SELECT p.section, a.url FROM called c JOIN article a ON a.id = c.article AND a.died IS NULL"
                " JOIN placed p ON p.article = a.key JOIN section s ON s.number = p.section"
                " WHERE c.origin = ? AND c.name = ? AND a.seen >= ? AND a.born <= ?"
                " AND substr(s.name, 1, ?) = ? ORDER BY a.key DESC LIMIT 1",
                (PAGES, precise_address(url) or url, after, self.store.generation().number, len(PAGE), PAGE),
            )
            .fetchone()
        )

    def _is_hidden(self, url: str) -> bool:
        query = "SELECT 1 FROM hidden WHERE reader = ? AND canonical IN (?, ?)"
        values = self.reader, own_address(url), precise_address(url)
        return self.store.connection().execute(query, values).fetchone() is not None

    def _reads(self, section: int) -> bool:
        chosen = chosen_by(self.store, self.reader)
        return any(each.section.number == section and each.until is None for each in chosen)

    def _sees(self, url: str | None) -> bool:
        """Whether the reader sees an article at this address."""
        sight = self.sight()
        query = f"SELECT 1 FROM article a WHERE a.canonical = :canonical AND {sight.live}"
        values = {**sight.values, "canonical": own_address(url)}
        return self.store.connection().execute(query, values).fetchone() is not None


def section_name(arrival: Arrival) -> str:
    """The name of the section of a page: where it was found, whatever address it calls its own, for that may be one
    that others added. What of the address it was asked at may be a secret tells it from others, too.
    """
    asked = arrival.name or ""
    address = own_address(asked)
    here = own_address(arrival.found)
    is_there = arrival.found is None or here == own_address(arrival.article.url)
    name = arrival.article.id if is_there else here or canonical_url(arrival.found or "")
    return PAGE + name + (asked.removeprefix(address) if address else "")


def _holds(connection: sqlite3.Connection, section: int) -> bool:
    query = "SELECT 1 FROM placed p JOIN article a ON a.key = p.article WHERE p.section = ? AND a.died IS NULL"
    return connection.execute(query, (section,)).fetchone() is not None

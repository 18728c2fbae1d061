"""An entry read: from what it carries, or from its page, which is fetched politely for that."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from reader import Entry

from retrieval.article import Article
from retrieval.errors import AddressRefused, FetchFailed, FetchProblem
from retrieval.reading.feeds.entries import (
    OwnText,
    article_of,
    entry_url,
    is_better,
    is_publishers,
    own_text,
    page_article_of,
)
from retrieval.reading.feeds.instead import Sighting
from retrieval.reading.feeds.pending import PendingEntry
from retrieval.reading.feeds.titles import plain_title
from retrieval.reading.sources.walls import PageIsList, PageIsWall, not_the_article
from retrieval.reading.web.fetch import Fetched, Fetcher, fetch_page
from retrieval.reasons import Reason
from retrieval.text.addresses import canonical_url

# A robots.txt is remembered, so that asking again after one that forbids costs the site nothing.
_TEMPORARY = {
    *(
        FetchProblem.UNREACHABLE,
        FetchProblem.TIMEOUT,
        FetchProblem.TLS,
        FetchProblem.BROKEN,
        FetchProblem.ROBOTS,
        FetchProblem.MISSING,
    ),
    *(FetchProblem.THROTTLED, FetchProblem.SERVER),
}
_OF_THE_HOST = {FetchProblem.UNREACHABLE, FetchProblem.TIMEOUT, FetchProblem.TLS, FetchProblem.THROTTLED}


@dataclass(frozen=True, slots=True)
class Read:
    """What came of an entry: an article, or the reason why there is none.

    `temporary` tells that its page could not be had just now, `missing` that there is nothing at its address, `gone`
    that the publisher says it was taken away; `from_page` that the article is the page's, which was `found` at an
    address. `notes` are what of the article was left out, `wall` is what was at its address instead of it. What is
    `doubtful` is yet to be held against the other pages (`PageReader.judged`).
    """

    article: Article | None = None
    notes: tuple[str, ...] = ()
    reason: str | None = None
    temporary: bool = False
    missing: bool = False
    gone: bool = False
    from_page: bool = False
    wall: str | None = None
    doubtful: bool = False
    found: str | None = None


class PageReader:
    """Reads entries with `fetcher`. A host that fails as a whole is not asked again by the same reader.

    It remembers what the pages say, since a wall is known by saying the same at all addresses of its host.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._resting: dict[str, FetchFailed] = {}
        self._told: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def read(self, entry: Entry, pending: PendingEntry) -> Read:
        """The article of an entry. Never fails: what goes wrong with one entry is told in what comes back."""
        text = own_text(entry)
        url = entry_url(entry)
        if url is None or pending.shared or (text.full and is_publishers(entry, pending.sites)):
            return _own(entry, text, pending, None)
        try:
            read = _paged(entry, text, pending, self._fetched(url))
        except (FetchFailed, AddressRefused) as error:
            return _own(entry, text, pending, error)
        except ValueError as error:  # no article, or not one that can be read
            return _own(entry, text, pending, error)
        if read.article is not None:
            with self._lock:
                self._told[_saying(url, read.article)].add(canonical_url(url))
        return read

    def judged(self, entry: Entry, pending: PendingEntry, read: Read) -> Read:
        """What is doubtful in the light of all pages that have been read since: its article, or a wall."""
        url = entry_url(entry)
        if not read.doubtful or read.article is None or url is None:
            return read
        if len(self._told[_saying(url, read.article)]) == 1:
            return replace(read, doubtful=False)
        wall = PageIsWall(not_the_article(Reason("says the same as other addresses of its site")))
        return _own(entry, own_text(entry), pending, wall)

    def _fetched(self, url: str) -> Fetched:
        host = urlsplit(url).hostname or ""
        if (failed := self._resting.get(host)) is not None:
            raise failed
        try:
            return fetch_page(self._fetcher, url)
        except FetchFailed as error:
            if error.kind in _OF_THE_HOST:
                with self._lock:
                    self._resting[host] = error
            raise


def _paged(entry: Entry, text: OwnText, pending: PendingEntry, page: Fetched) -> Read:
    try:
        checked = page_article_of(
            entry,
            page.body,
            page.url,
            content_type=page.content_type,
            origin=pending.origin,
            outlet=pending.outlet,
            language=pending.language,
        )
    except PageIsList:
        raise PageIsWall(not_the_article(Reason("lists others"))) from None
    if not is_better(checked.article, text, vouched=is_publishers(entry, pending.sites)):
        raise ValueError(Reason("shows less than the feed does"))
    seen = Sighting(
        headline=plain_title(entry.title) or "",
        summary=text.text,
        asked=entry_url(entry) or page.url,
        found=page.url,
        article=checked.article,
        declared=checked.declared,
    )
    if seen.other:
        raise PageIsWall(not_the_article(seen.other))
    return Read(
        article=checked.article, notes=checked.left_out, from_page=True, found=page.url, doubtful=seen.is_doubtful
    )


def _saying(url: str, article: Article) -> tuple[str, str]:
    """Which host says it, and what it says."""
    return urlsplit(url).hostname or "", hashlib.sha256(article.body.encode(errors="replace")).hexdigest()


def _own(entry: Entry, text: OwnText, pending: PendingEntry, problem: Exception | None) -> Read:
    """What the entry carries itself, after its page could not be had for `problem`."""
    kind = problem.kind if isinstance(problem, FetchFailed) else None
    wall = str(problem) if isinstance(problem, PageIsWall) else None
    temporary, missing = kind in _TEMPORARY or wall is not None, kind == FetchProblem.MISSING
    if kind == FetchProblem.GONE:
        return Read(reason=str(problem), gone=True)
    try:
        vouched = is_publishers(entry, pending.sites)
        checked = article_of(
            entry,
            text,
            origin=pending.origin,
            outlet=pending.outlet,
            vouched=vouched,
            language=pending.language,
        )
    except ValueError as error:
        reason = _without_text(problem, temporary=temporary) if problem else Reason("It is left out: {why}.", why=error)
        return Read(reason=reason, temporary=temporary, missing=missing, wall=wall)
    return Read(article=checked.article, notes=checked.left_out, temporary=temporary, missing=missing, wall=wall)


def _without_text(problem: Exception, *, temporary: bool) -> Reason:
    if temporary:
        return Reason(
            "The feed carries no text of it, and nor does its page ({problem}); it is tried again later.",
            problem=problem,
        )
    return Reason("The feed carries no text of it, and nor does its page ({problem}); it is left out.", problem=problem)

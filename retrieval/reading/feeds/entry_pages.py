"""An entry read: from what it carries, or from its page, which is fetched politely for that."""

from __future__ import annotations

import threading
from dataclasses import dataclass
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
from retrieval.reading.feeds.pending import PendingEntry
from retrieval.reading.web.fetch import Fetched, Fetcher, fetch_page

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
    that the publisher says it was taken away; `from_page` that the article is the page's. `notes` are what of the
    article was left out.
    """

    article: Article | None = None
    notes: tuple[str, ...] = ()
    reason: str | None = None
    temporary: bool = False
    missing: bool = False
    gone: bool = False
    from_page: bool = False


class PageReader:
    """Reads entries with `fetcher`. A host that fails as a whole is not asked again by the same reader."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._resting: dict[str, FetchFailed] = {}
        self._lock = threading.Lock()

    def read(self, entry: Entry, pending: PendingEntry) -> Read:
        """The article of an entry. Never fails: what goes wrong with one entry is told in what comes back."""
        text = own_text(entry)
        url = entry_url(entry)
        if url is None or (text.full and is_publishers(entry, pending.sites)):
            return _own(entry, text, pending, None)
        try:
            return _paged(entry, text, pending, self._fetched(url))
        except (FetchFailed, AddressRefused) as error:
            return _own(entry, text, pending, error)
        except ValueError as error:  # no article, or not one that can be read
            return _own(entry, text, pending, error)

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
    checked = page_article_of(
        entry,
        page.body,
        page.url,
        content_type=page.content_type,
        origin=pending.origin,
        outlet=pending.outlet,
    )
    if not is_better(checked.article, text, vouched=is_publishers(entry, pending.sites)):
        raise ValueError("shows less than the feed does")
    return Read(article=checked.article, notes=checked.left_out, from_page=True)


def _own(entry: Entry, text: OwnText, pending: PendingEntry, problem: Exception | None) -> Read:
    """What the entry carries itself, after its page could not be had for `problem`."""
    kind = problem.kind if isinstance(problem, FetchFailed) else None
    temporary, missing = kind in _TEMPORARY, kind == FetchProblem.MISSING
    if kind == FetchProblem.GONE:
        return Read(reason=str(problem), gone=True)
    try:
        vouched = is_publishers(entry, pending.sites)
        checked = article_of(entry, text, origin=pending.origin, outlet=pending.outlet, vouched=vouched)
    except ValueError as error:
        reason = f"It is left out: {error}."
        if problem is not None:
            after = "it is tried again later" if temporary else "it is left out"
            reason = f"The feed carries no text of it, and nor does its page ({str(problem).rstrip('.')}); {after}."
        return Read(reason=reason, temporary=temporary, missing=missing)
    return Read(article=checked.article, notes=checked.left_out, temporary=temporary, missing=missing)

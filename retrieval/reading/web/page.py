"""The page of an article, fetched as such."""

from __future__ import annotations

from retrieval.reading.web.fetch import Fetched, Fetcher

_LARGEST = 5 * 1024 * 1024  # bytes
_SECONDS = 30.0
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_PAGES = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


def fetch_page(fetcher: Fetcher, url: str) -> Fetched:
    """The page at `url`. Raises as `Fetcher.get` does, and ValueError with the reason if what is there is no page."""
    page = fetcher.get(url, limit=_LARGEST, seconds=_SECONDS, accept=_ACCEPT)
    if page.media_type not in _PAGES:
        raise ValueError(f"leads to {page.media_type}, not to a page")
    return page

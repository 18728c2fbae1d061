"""One web address fetched: what came, or one error that says why not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import requests

from retrieval.errors import FetchFailed, FetchProblem, sentence
from retrieval.reading.web.address import WebAddress
from retrieval.reading.web.budget import BYTES, SECONDS, Budget
from retrieval.reading.web.session import MOST_REDIRECTS, GuardedSession
from retrieval.reasons import Reason
from retrieval.text.charset import decoded

Admit = Callable[[WebAddress], None]
"""Raises `FetchFailed` if the address is not to be fetched."""

_PERMANENT = (301, 308)
_LARGEST_PAGE = 5 * 1024 * 1024  # bytes
_PAGE_SECONDS = 30.0
_PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_PAGE_TYPES = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: a body, or that it is still the one that `etag` or `last_modified` stood for."""

    url: str
    """Where it was found in the end, after all redirects."""
    permanent_url: str | None
    """Where the address has moved for good, so that this one is to be asked from now on; None if it has not."""
    not_modified: bool
    """A 304: `body` is empty."""
    content_type: str
    """The header as it came, such as "text/html; charset=utf-8"; "" if there is none."""
    body: bytes
    """Unpacked."""
    etag: str | None
    last_modified: str | None

    @property
    def media_type(self) -> str:
        """Such as "text/html"; "" if the server does not say."""
        return self.content_type.partition(";")[0].strip().lower()

    def text(self) -> str:
        """The body as text, as `charset.decoded` has it."""
        return decoded(self.body, self.content_type)


class Fetcher:
    """Fetches addresses with a session; `admit` is asked about each one, redirects included, before it is.

    Safe to use from many threads.
    """

    def __init__(self, session: GuardedSession, *, admit: Admit | None = None) -> None:
        self._session = session
        self._admit = admit

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        limit: int = BYTES,
        cut: bool = False,
        seconds: float = SECONDS,
        accept: str = "*/*",
    ) -> Fetched:
        """What is at `url`: at most `limit` bytes, within `seconds` of being connected.

        What is larger is refused, or ends at the limit if it may be `cut`. With `etag` and `last_modified` of an
        earlier answer only if it has changed since. Raises `AddressRefused`, and `FetchFailed` for everything that is
        no answer with a body, or without one that was asked for.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = _sendable(etag)
        if last_modified:
            headers["If-Modified-Since"] = _sendable(last_modified)
        address = self._session.address(url)
        request = self._session.prepare_request(requests.Request("GET", address.url, headers))
        response, permanent_url, is_permanent = self._followed(request, Budget(seconds=seconds, limit=limit, cut=cut))
        not_modified = response.status_code == 304 and bool(etag or last_modified)
        if not (not_modified or 200 <= response.status_code < 300):
            raise refusal(response, self._session.address(response.url).host, is_permanent=is_permanent)
        return Fetched(
            url=response.url,
            permanent_url=permanent_url,
            not_modified=not_modified,
            content_type=response.headers.get("Content-Type", ""),
            body=response.content,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )

    def _followed(
        self, request: requests.PreparedRequest, budget: Budget
    ) -> tuple[requests.Response, str | None, bool]:
        """The answer at the end of the redirects, where those that are permanent lead to, and whether all are."""
        permanent_url, permanent, seen = None, True, {(request.url, "")}
        while True:
            address = self._session.address(request.url or "")
            if self._admit:
                self._admit(address)
            response = self._session.send(request, allow_redirects=False, budget=budget)
            if response.next is None:
                return response, permanent_url, permanent
            request = response.next
            # Some sites set a cookie and send back to the same address, to see whether it is kept.
            asked = (request.url, str(request.headers.get("Cookie", "")))
            if asked in seen or len(seen) > MOST_REDIRECTS:
                raise FetchFailed(
                    "{host} redirects in a circle or too often.", FetchProblem.REDIRECTS, host=address.host
                )
            seen.add(asked)
            permanent = permanent and response.status_code in _PERMANENT
            if permanent:
                permanent_url = request.url


def fetch_page(fetcher: Fetcher, url: str) -> Fetched:
    """The page at `url`. Raises as `Fetcher.get` does, and ValueError with the reason if what is there is no page."""
    page = fetcher.get(url, limit=_LARGEST_PAGE, seconds=_PAGE_SECONDS, accept=_PAGE_ACCEPT)
    if page.media_type not in _PAGE_TYPES:
        raise ValueError(Reason("leads to {kind}, not to a page", kind=page.media_type))
    return page


def _sendable(header: str) -> str:
    """A value that a server once sent, fit to be sent back."""
    return re.sub(r"[^\t\x20-\x7e\x80-\xff]", "", header).strip()[:1000]


def refusal(response: requests.Response, host: str, *, is_permanent: bool = True) -> FetchFailed:
    """What an answer that brings nothing says: its status in a sentence.

    Gone for good is only what all redirects lead to for good (`is_permanent`).
    """
    status = response.status_code
    kind, template = _judged(status)
    if kind is FetchProblem.GONE and not is_permanent:
        kind = FetchProblem.MISSING
    retry_after = seconds_of(response.headers.get("Retry-After"), time.time())
    return FetchFailed(template, kind, status=status, retry_after=retry_after, host=host, code=str(status))


def _judged(status: int) -> tuple[FetchProblem, str]:
    if status == 404:
        return FetchProblem.MISSING, sentence("{host} has nothing at this address (HTTP {code}).")
    if status == 410:
        return FetchProblem.GONE, sentence("{host} has taken this address away for good (HTTP {code}).")
    if status == 429:
        return FetchProblem.THROTTLED, sentence("{host} asks to be left alone for a while (HTTP {code}).")
    if 400 <= status < 500:
        return FetchProblem.DENIED, sentence("{host} refuses to hand this out (HTTP {code}).")
    if 500 <= status < 600:
        return FetchProblem.SERVER, sentence("{host} has a fault at the moment (HTTP {code}).")
    return FetchProblem.BROKEN, sentence("{host} answers with a status that means nothing here (HTTP {code}).")


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks to wait, as of `now` (Unix time); None if it is absent or unreadable.

    RFC 9110, 10.2.3: seconds, or a date.
    """
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None

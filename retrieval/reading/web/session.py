"""A `requests` session for addresses from strangers, fit to be put in the place of another library's."""

from __future__ import annotations

import io
import ssl
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast
from urllib.parse import urljoin

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import HTTPError, SSLError
from urllib3.exceptions import TimeoutError as Silence

from retrieval.errors import AddressRefused, FetchFailed, FetchProblem
from retrieval.reading.web.address import Allowed, WebAddress, is_public, is_public_or_private, web_address
from retrieval.reading.web.body import ENCODINGS, read_body
from retrieval.reading.web.budget import Budget
from retrieval.reading.web.turns import HostTurns
from retrieval.reading.web.wire import Opening, Resolve, pool_for, resolve
from retrieval.reasons import Reason

MOST_REDIRECTS = 5
_SILENCE_SECONDS = 20.0  # between two pieces of an answer

_UNPACKED = ("Content-Encoding", "Content-Length", "Transfer-Encoding")
"""Headers that speak of the body as it was sent."""


def user_agent() -> str:
    """How Quotewire introduces itself to the sites that it reads."""
    try:
        return f"Quotewire/{version('quotewire')}"
    except PackageNotFoundError:  # a checkout that was never installed
        return "Quotewire"


class GuardedSession(requests.Session):
    """Goes to public addresses only, redirects included, and reads no more than a budget of time and bytes.

    Takes no proxies, passwords or certificates from the environment, keeps cookies for the redirects of one request
    only, sends no credentials after a redirect, and cannot be told to skip the verification of certificates. `send`
    takes a `budget` for a request with all its redirects. Answers are read whole and unpacked; the body is only read of
    those with a status of 2xx. Safe to use from many threads. Raises `AddressRefused` or `FetchFailed`;
    `requests.TooManyRedirects` if it follows redirects itself.

    `allow_private` also lets through this machine and its network; `allowed` takes the place of both rules.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        allowed: Allowed | None = None,
        resolve: Resolve = resolve,
        turns: HostTurns | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = MOST_REDIRECTS
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # each request has a jar of its own
        self.headers.update({"User-Agent": user_agent(), "Accept-Encoding": ENCODINGS, "Connection": "close"})
        self.turns = turns or HostTurns()
        self._local_names = allow_private
        adapter = _GuardedAdapter(
            allowed=allowed or (is_public_or_private if allow_private else is_public),
            local_names=allow_private,
            resolve=resolve,
            turns=self.turns,
            trust=trust or ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH),
        )
        self.adapters.clear()
        self.mount("", adapter)  # of every scheme, so that this adapter is who refuses

    def address(self, url: str) -> WebAddress:
        """`url` as this session would go there. Raises `AddressRefused` for what shows in the spelling."""
        return web_address(url, local_names=self._local_names)

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The guarded adapter; raises `AddressRefused`. Libraries ask for it to find out whether a url is valid."""
        return super().get_adapter(self.address(_text(url)).url)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """As requests does it, from the url in its one spelling: requests would first mend an odd one.

        Raises `AddressRefused`.
        """
        request.url = self.address(_text(request.url)).url
        return super().prepare_request(request)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As requests does it, within `budget`."""
        options.setdefault("budget", Budget())
        return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where the answer redirects to, in the one spelling; None if it does not. Raises `AddressRefused`."""
        try:
            target = super().get_redirect_target(resp)
            return None if target is None else self.address(urljoin(resp.url, target)).url
        except ValueError:  # not even a url, or not text
            raise AddressRefused(
                "The redirect of {host} is refused: it leads to no address.", host=self.address(resp.url).host
            ) from None

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:  # noqa: ARG002
        """No credentials after a redirect, whoever it leads to."""
        prepared_request.headers.pop("Authorization", None)


def _text(url: str | bytes | None) -> str:
    return url.decode("latin-1") if isinstance(url, bytes) else url or ""


class _GuardedAdapter(HTTPAdapter):
    """One request over a connection of its own."""

    def __init__(
        self, *, allowed: Allowed, local_names: bool, resolve: Resolve, turns: HostTurns, trust: ssl.SSLContext
    ) -> None:
        super().__init__()
        self._allowed = allowed
        self._local_names = local_names
        self._resolve = resolve
        self._turns = turns
        self._trust = trust

    def send(
        self, request: requests.PreparedRequest, *_: Any, budget: Budget | None = None, **__: Any
    ) -> requests.Response:
        """The answer, its body read and unpacked. What else requests passes (timeouts, proxies, verify) is set here."""
        address = web_address(request.url or "", local_names=self._local_names)
        budget = budget or Budget()
        with self._turns.turn(address.host), budget.running():
            try:
                answer = self._answer(request, address, budget)
            except (FetchFailed, HTTPError, OSError) as error:
                raise _failure(error, address.host, budget) from None
            if budget.expired:  # which reads like the end of an answer without a length
                raise _too_slow(address.host)
        return self.build_response(request, answer)

    def _answer(
        self, request: requests.PreparedRequest, address: WebAddress, budget: Budget
    ) -> urllib3.BaseHTTPResponse:
        opening = Opening(address, self._allowed, self._resolve, budget)
        with pool_for(address, opening, self._trust) as pool:
            answer = pool.urlopen(
                request.method or "GET",
                self.request_url(request, {}),
                body=cast(Any, request.body),
                headers=cast(Any, request.headers),
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=urllib3.Timeout(connect=min(_SILENCE_SECONDS, budget.left), read=_SILENCE_SECONDS),
                preload_content=False,
                decode_content=False,
            )
            try:
                served = 200 <= answer.status < 300
                body = read_body(answer, address.host, budget.limit, cut=budget.cut) if served else b""
            finally:
                answer.close()
        headers = urllib3.HTTPHeaderDict(answer.headers)
        for name in _UNPACKED:
            headers.discard(name)
        return urllib3.HTTPResponse(
            io.BytesIO(body),
            headers,
            status=answer.status,
            reason=answer.reason,
            version=answer.version,
            version_string=answer.version_string,
            preload_content=False,
            original_response=getattr(answer, "_original_response", None),  # in which requests looks for cookies
        )


def _failure(error: Exception, host: str, budget: Budget) -> FetchFailed:
    if budget.expired:
        return _too_slow(host)
    if isinstance(error, FetchFailed):
        return error
    if isinstance(error, (Silence, TimeoutError)):
        return FetchFailed("{host} does not answer.", FetchProblem.TIMEOUT, host=host)
    if isinstance(error, (SSLError, ssl.SSLError)):
        cause = error.args[0] if error.args and isinstance(error.args[0], ssl.SSLError) else error
        reason = getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or Reason("TLS failed")
        return FetchFailed(
            "There is no secure connection to {host} ({reason}).", FetchProblem.TLS, host=host, reason=reason
        )
    return FetchFailed("The answer of {host} broke off or is no HTTP.", FetchProblem.BROKEN, host=host)


def _too_slow(host: str) -> FetchFailed:
    return FetchFailed("{host} takes too long to answer.", FetchProblem.TIMEOUT, host=host)

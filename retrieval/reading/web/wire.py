"""Connections that lead where they were allowed to lead.

The name is resolved once, every address that it has is judged, and the connection goes to one of those very addresses:
a name that resolves to something else a moment later (DNS rebinding) gains nothing. TLS is verified against the name.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from retrieval.errors import AddressRefused, FetchFailed, FetchProblem, first_line
from retrieval.reading.web.address import Allowed, IPAddress, WebAddress, literal_ip
from retrieval.reading.web.budget import Budget

Resolve = Callable[[str, int], Sequence[str]]
"""Name and port to IP addresses as text, best first. Raises OSError if the name has none."""

_CONNECT_SECONDS = 10.0
_MOST_TRIED = 4  # addresses of a name


def resolve(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver has for `host`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def allowed_ips(address: WebAddress, allowed: Allowed, resolve: Resolve) -> list[IPAddress]:
    """The IP addresses that may be connected to for `address`.

    Raises `AddressRefused` if even one is not allowed: a name that leads to both sides of a wall is nobody's mistake.
    Raises `FetchFailed` if the name does not resolve.
    """
    literal = literal_ip(address.host)
    if literal is not None:
        ips = [literal]
    else:
        try:
            ips = [ip_address(text) for text in resolve(address.host, address.port)]
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or first_line(error)
            raise FetchFailed(
                "{host} cannot be found ({reason}).", FetchProblem.UNREACHABLE, host=address.host, reason=reason
            ) from None
    if not ips:
        raise FetchFailed("{host} cannot be found (it has no address).", FetchProblem.UNREACHABLE, host=address.host)
    if not all(allowed(ip, address.port) for ip in ips):
        raise AddressRefused(
            "The address at {host} is refused: it leads to this machine or its network, not to the public web; where "
            "that is meant, the bot's host can set ALLOW_PRIVATE_ADDRESSES.",
            host=address.host,
        )
    return ips


class Opening:
    """Opens the one connection of a request, within its budget."""

    def __init__(self, address: WebAddress, allowed: Allowed, resolve: Resolve, budget: Budget) -> None:
        self._address = address
        self._allowed = allowed
        self._resolve = resolve
        self._budget = budget

    def connect(self) -> socket.socket:
        """A connected socket. Raises `AddressRefused`, or `FetchFailed` if nobody answers."""
        failed: OSError | None = None
        for ip in allowed_ips(self._address, self._allowed, self._resolve)[:_MOST_TRIED]:
            if self._budget.expired:
                break
            try:
                return self._connected(ip)
            except OSError as error:
                failed = error
        if failed is None or isinstance(failed, TimeoutError):
            raise FetchFailed("{host} does not answer.", FetchProblem.TIMEOUT, host=self._address.host)
        reason = failed.strerror or first_line(failed)
        raise FetchFailed(
            "{host} cannot be reached ({reason}).", FetchProblem.UNREACHABLE, host=self._address.host, reason=reason
        )

    def _connected(self, ip: IPAddress) -> socket.socket:
        family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(_CONNECT_SECONDS, self._budget.left))
            connection.connect((str(ip), self._address.port))
            self._budget.watch(connection)
        except BaseException:
            connection.close()
            raise
        return connection


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, opening: Opening, **options: Any) -> None:
        super().__init__(*args, **options)
        self._opening = opening

    def _new_conn(self) -> socket.socket:
        return self._opening.connect()


class _SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, opening: Opening, **options: Any) -> None:
        super().__init__(*args, **options)
        self._opening = opening

    def _new_conn(self) -> socket.socket:
        return self._opening.connect()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection  # pyright: ignore[reportAssignmentType]  # urllib3's own class does not fit either


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection  # pyright: ignore[reportAssignmentType]


@contextlib.contextmanager
def pool_for(address: WebAddress, opening: Opening, trust: ssl.SSLContext) -> Iterator[HTTPConnectionPool]:
    """A pool for one request: with pauses between two, keeping connections open gains nothing."""
    if address.scheme == "https":
        pool = _SecurePool(address.host, address.port, opening=opening, ssl_context=trust)
    else:
        pool = _Pool(address.host, address.port, opening=opening)
    try:
        yield pool
    finally:
        pool.close()

"""Which addresses a stranger may name: the spelling of a url, and the IP addresses that its host stands for.

Strict on purpose. A host that can be read in two ways is refused, whatever either reading would lead to, since the
one who reads it here and the one who connects could differ. Sources: the IANA registries of special-purpose
addresses (RFC 6890 and its successors); https://url.spec.whatwg.org/#host-parsing for hosts that end in a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

import idna

from retrieval.errors import AddressRefused, QuotewireError

IPAddress = IPv4Address | IPv6Address
Allowed = Callable[[IPAddress, int], bool]
"""Whether a connection to this IP address and port may be opened."""

_LONGEST_URL = 8000
_URL = re.compile(r"(?P<scheme>[^:/?#]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]*\]|[^\[\]:@%\\/]+)(?::(?P<port>[0-9]{1,5}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTS = re.compile(r"[\u3002\uff0e\uff61]")

_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
"""Below it stand the services of the system (mail, ssh, databases of old), where no news is served."""

_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "onion",
)
"""Top-level names that only mean something within a network (RFC 6761, RFC 6762, RFC 9476 and common practice)."""

_NOT_PUBLIC_V4 = tuple(
    map(
        IPv4Network,
        [
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
            *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # looks public; inside Azure it is the host's own service
        ],
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
# Teredo, ORCHID, benchmarking and other protocol assignments; documentation; 6to4; documentation
_NOT_PUBLIC_V6 = tuple(map(IPv6Network, ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]))
_NAT64 = IPv6Network("64:ff9b::/96")

_PRIVATE = tuple(
    map(IPv4Network, ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])
) + tuple(map(IPv6Network, ["::1/128", "fc00::/7"]))
_METADATA = frozenset(map(ip_address, ["100.100.100.200", "fd00:ec2::254", "fd20:ce::254"]))
"""Where clouds hand out a machine's credentials, and which lie among private addresses."""


class WebAddress(NamedTuple):
    """An http or https url in the one spelling that is used from here on.

    `host` is ASCII, in lower case and without brackets; `url` has neither user name nor fragment.
    """

    scheme: str
    host: str
    port: int
    url: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as the beginning of a url."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def web_address(url: str, *, local_names: bool = False) -> WebAddress:
    """The address that `url` names. Raises `AddressRefused` if it is not plainly an address on the public web.

    This judges the spelling; which IP addresses may be connected to is for `is_public`. With `local_names`, names that
    only mean something within a network ("localhost", "wiki") pass as well.
    """
    text = url.strip(" ")
    if len(text) > _LONGEST_URL or _CONTROL.search(text):
        raise _refused(None, "it is overlong or holds control characters")
    parts = _URL.match(text)
    scheme = parts["scheme"].lower() if parts else ""
    behind_user = parts["authority"].rpartition("@")[2] if parts else None
    if not parts or scheme not in _PORTS:
        raise _refused(behind_user, "only http:// and https:// addresses are fetched")
    if "@" in parts["authority"]:
        raise _refused(behind_user, "it carries a user name")
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if not authority:
        raise _refused(parts["authority"], "its host is malformed")
    host = _host(authority["host"], local_names=local_names)
    port = int(authority["port"] or _PORTS[scheme])
    if port not in _PORTS.values() and not _FIRST_FREE_PORT <= port <= 65535:
        raise _refused(host, "no news is served on port {port}", port=str(port))
    address = WebAddress(scheme=scheme, host=host, port=port, url="")
    rest = parts["rest"]
    return address._replace(url=address.origin + (rest if rest.startswith("/") else f"/{rest}"))


def literal_ip(host: str) -> IPAddress | None:
    """The IP address that a `WebAddress.host` spells out; None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(ip: IPAddress, port: int) -> bool:
    """Whether it is a globally reachable unicast address. Forms that wrap an IPv4 address in IPv6 are not,
    but for NAT64: on a network without IPv4 every IPv4 site has such an address.
    """
    if isinstance(ip, IPv4Address):
        # `is_global` alone lets multicast pass, and what was registered after this Python was released.
        return ip.is_global and not any(ip in network for network in _NOT_PUBLIC_V4)
    if ip.scope_id is not None:
        return False
    if ip in _NAT64:
        return is_public(IPv4Address(int(ip) & 0xFFFF_FFFF), port)
    return ip in _GLOBAL_V6 and ip.is_global and not any(ip in network for network in _NOT_PUBLIC_V6)


def is_public_or_private(ip: IPAddress, port: int) -> bool:
    """Whether it is public, or an address of this machine or its own network; link-local and metadata are neither."""
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        return False
    return is_public(ip, port) or (ip not in _METADATA and any(ip in network for network in _PRIVATE))


def _host(text: str, *, local_names: bool) -> str:
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except ValueError:
            raise _refused(text, "its IPv6 address is malformed") from None
    host = _ascii(text)
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(text, "its host is malformed")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise _refused(text, "its host looks like a number but is not a plain IPv4 address") from None
    if not local_names and (len(labels) == 1 or labels[-1] in _LOCAL_NAMES):
        raise _refused(text, "its name only means something within a network")
    return host


def _ascii(host: str) -> str:
    """In lower case, and a name in other letters as it stands in the DNS (IDNA 2008)."""
    if host.isascii():
        return host.lower()
    if _DOTS.search(host):  # which would part labels, like plain ones
        raise _refused(host, "its host is spelled with look-alikes of plain dots")
    try:
        # Strictly: full-width letters, circled digits and the like are errors here, where UTS 46 would mend them.
        return idna.encode(host.lower()).decode("ascii")
    except idna.IDNAError:
        raise _refused(host, "its host is no name that the DNS can hold") from None


def _refused(host: str | None, reason: str, **places: str) -> AddressRefused:
    """`host` is as a stranger wrote it: only what can be part of one is shown."""
    why = QuotewireError(reason, **places)
    shown = re.sub(r"[^\w.:\[\]-]", "?", host)[:80] if host else ""
    if not shown:
        return AddressRefused("The address is refused: {reason}.", reason=why)
    return AddressRefused("The address at {host} is refused: {reason}.", host=shown, reason=why)

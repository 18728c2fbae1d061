"""Which pages a site lets robots fetch, by its robots.txt (RFC 9309)."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from protego import Protego

from retrieval.errors import FetchFailed, FetchProblem
from retrieval.reading.web.address import WebAddress
from retrieval.reading.web.fetch import Fetcher
from retrieval.reading.web.session import GuardedSession

NAME = "quotewire"
"""What Quotewire answers to in a robots.txt."""

_DAY = 24 * 3600.0
_WHILE = 600.0  # seconds after which a robots.txt that could not be read is tried again
_REMEMBERED = 128  # sites
_REMEMBERED_CHARACTERS = 4 * 1024 * 1024  # of all their rules: parsed, a character takes up to 40 bytes
_LIMIT = 512 * 1024  # bytes of a robots.txt that are read; the standard asks for no less than 500 KiB
_SECONDS = 20.0

_LINE = re.compile(r"\s*(user-agent|allow|disallow|crawl-delay)\s*:([^#]*)", re.IGNORECASE)
_PAUSE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a robots.txt says to this robot."""

    parsed: Protego
    size: int
    """Characters of what was parsed."""

    @classmethod
    def read(cls, text: str) -> RobotsRules:
        """The rules of the groups that name this robot, or else of those for all; an empty `text` allows all."""
        plain = "\n".join(_plain(text))
        return cls(Protego.parse(plain), len(plain))

    @property
    def pause(self) -> float | None:
        """Seconds to wait between two requests, if the site asks for that."""
        return self.parsed.crawl_delay(NAME)

    def allows(self, url: str) -> bool:
        """Whether `url` may be fetched: by its longest rule, and by one that allows if two are as long."""
        return self.parsed.can_fetch(url, NAME)


def _plain(text: str) -> Iterator[str]:
    """The lines of a robots.txt that protego is to see, without what it is freer with than RFC 9309.

    It would take "Disallow /a" and "Disalow: /a" for rules and "User-agent: quote" for us, and would not know us as
    "Quotewire/1.0". And it keeps the rules of a group once for each robot that the group names, which are as many as
    a stranger writes: here they are us, all and another.
    """
    for line in text.splitlines():
        if not (parts := _LINE.match(line)):
            continue
        key, value = parts[1].lower(), parts[2].strip()
        if key == "user-agent":
            robot = value.lower().partition("/")[0]
            value = robot if robot in (NAME, "*") else "another"
        elif key == "crawl-delay" and not _PAUSE.fullmatch(value):
            value = ""
        yield f"{key}: {value}"


class _Known(NamedTuple):
    until: float
    rules: RobotsRules | None
    obstacle: str


class Robots:
    """What is known of the sites' robots.txt, each read once a day. Safe to use from many threads."""

    def __init__(self, session: GuardedSession) -> None:
        self._fetcher = Fetcher(session)
        self._turns = session.turns
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, address: WebAddress) -> None:
        """Raises `FetchFailed` if the site does not let us fetch this, or its robots.txt cannot be read for now.

        Raises `AddressRefused` if the robots.txt is at an address that is refused.
        """
        known = self._of(address)
        if known.rules is None:
            raise FetchFailed(
                "{host} is left alone for now: its robots.txt cannot be read ({reason}).",
                FetchProblem.ROBOTS,
                host=address.host,
                reason=known.obstacle,
            )
        if known.rules.pause:
            self._turns.slow_down(address.host, known.rules.pause)
        if not known.rules.allows(address.url):
            raise FetchFailed(
                "{host} does not let robots fetch this page (robots.txt).", FetchProblem.ROBOTS, host=address.host
            )

    def _of(self, address: WebAddress) -> _Known:
        now = time.monotonic()
        with self._lock:
            known = self._known.get(address.origin)
            if known is not None and now < known.until:
                self._known.move_to_end(address.origin)
                return known
        known = self._read(address.origin, now)
        with self._lock:
            self._known[address.origin] = known
            while len(self._known) > _REMEMBERED or self._characters() > _REMEMBERED_CHARACTERS:
                self._known.popitem(last=False)
        return known

    def _characters(self) -> int:
        return sum(known.rules.size for known in self._known.values() if known.rules)

    def _read(self, origin: str, now: float) -> _Known:
        try:
            found = self._fetcher.get(
                f"{origin}/robots.txt", limit=_LIMIT, cut=True, seconds=_SECONDS, accept="text/plain, */*"
            )
        except FetchFailed as error:
            # A 429 says that there are too many requests already, whatever the other codes of its kind mean.
            if error.kind in (FetchProblem.MISSING, FetchProblem.GONE, FetchProblem.DENIED):
                return _Known(now + _DAY, RobotsRules.read(""), "")
            return _Known(now + _WHILE, None, str(error))
        body = found.body
        if len(body) == _LIMIT:  # half a line may forbid all where the whole one forbids a page
            body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
        return _Known(now + _DAY, RobotsRules.read(body.decode("utf-8-sig", "replace")), "")


def page_fetcher(session: GuardedSession) -> Fetcher:
    """A fetcher that keeps to each site's robots.txt."""
    return Fetcher(session, admit=Robots(session).admit)

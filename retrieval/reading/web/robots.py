"""Which pages a site lets robots fetch, by its robots.txt (RFC 9309)."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from retrieval.errors import Failure, FetchFailed
from retrieval.reading.web.address import WebAddress
from retrieval.reading.web.fetch import Fetcher
from retrieval.reading.web.session import GuardedSession

NAME = "quotewire"
"""What Quotewire answers to in a robots.txt."""

_DAY = 24 * 3600.0
_WHILE = 600.0  # seconds after which a robots.txt that could not be read is tried again
_REMEMBERED = 128  # sites
_LIMIT = 512 * 1024  # bytes of a robots.txt that are read; the standard asks for no less than 500 KiB
_SECONDS = 20.0

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


class _Rule(NamedTuple):
    pattern: str
    allow: bool


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a robots.txt says to one robot; the empty one allows all."""

    rules: tuple[_Rule, ...] = ()
    pause: float | None = None
    """Seconds to wait between two requests, if the site asks for that."""

    @classmethod
    def read(cls, text: str, name: str = NAME) -> RobotsRules:
        """The rules of the groups that name this robot, or else of those for all."""
        ours, everybody = _groups(text, name)
        return ours or everybody or cls()

    def allows(self, url: str) -> bool:
        """Whether `url` may be fetched: by its longest rule, and by one that allows if two are as long."""
        parts = urlsplit(url)
        target = _normal(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
        if target == "/robots.txt":
            return True
        matching = (rule for rule in self.rules if _matches(rule.pattern, target))
        best = max(matching, key=lambda rule: (len(rule.pattern), rule.allow), default=None)
        return best is None or best.allow


def _groups(text: str, name: str) -> tuple[RobotsRules | None, RobotsRules | None]:
    """What is for the robot of this name and what is for all; None where there is no such group."""
    ours, everybody = _Group(name), _Group("*")
    opening = False  # whether the line before was a user-agent line too
    for line in text.splitlines():
        parsed = _LINE.match(line)
        if not parsed:
            continue
        key, value = parsed[1].lower(), parsed[2].strip()
        if key == "user-agent":
            for group in (ours, everybody):
                group.named(value.lower().partition("/")[0], alone=not opening)
        elif key in ("allow", "disallow", "crawl-delay"):
            for group in (ours, everybody):
                group.told(key, value)
        else:
            continue
        opening = key == "user-agent"
    return ours.found(), everybody.found()


class _Group:
    """What is collected for one agent from all groups that name it."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._there = self._open = False  # named at all; named by the group that is being read
        self._rules: list[_Rule] = []
        self._pause: float | None = None

    def named(self, agent: str, *, alone: bool) -> None:
        """A user-agent line, one that begins a group (`alone`) or adds to those before it."""
        self._open = agent == self._agent or (self._open and not alone)
        self._there = self._there or self._open

    def told(self, key: str, value: str) -> None:
        if not self._open:
            return
        if key != "crawl-delay":
            if value:
                self._rules.append(_Rule(_normal(value), key == "allow"))
        elif re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
            self._pause = float(value)

    def found(self) -> RobotsRules | None:
        return RobotsRules(tuple(self._rules), self._pause) if self._there else None


def _normal(text: str) -> str:
    """With the same characters percent-encoded whoever wrote it."""
    encoded = quote(text, safe="/?:@!$&'()*+,;=~%[]")
    return _ESCAPE.sub(_unescaped, encoded)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _matches(pattern: str, target: str) -> bool:
    """RFC 9309, 2.2.3: "*" is any run of characters, "$" at the end the end. No regular expression: a stranger's
    pattern could take one forever.
    """
    to_the_end = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    place = len(first)
    last = others.pop() if others and to_the_end else None
    for part in others:
        found = target.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if last is not None:
        return len(target) - len(last) >= place and target.endswith(last)
    return not to_the_end or place == len(target)


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
                Failure.ROBOTS,
                host=address.host,
                reason=known.obstacle.rstrip("."),
            )
        if known.rules.pause:
            self._turns.slow_down(address.host, known.rules.pause)
        if not known.rules.allows(address.url):
            raise FetchFailed(
                "{host} does not let robots fetch this page (robots.txt).", Failure.ROBOTS, host=address.host
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
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _read(self, origin: str, now: float) -> _Known:
        try:
            found = self._fetcher.get(
                f"{origin}/robots.txt", limit=_LIMIT, cut=True, seconds=_SECONDS, accept="text/plain, */*"
            )
        except FetchFailed as error:
            # A 429 says that there are too many requests already, whatever the other codes of its kind mean.
            if error.kind in (Failure.MISSING, Failure.GONE, Failure.DENIED):
                return _Known(now + _DAY, RobotsRules(), "")
            return _Known(now + _WHILE, None, str(error))
        body = found.body
        if len(body) == _LIMIT:  # half a line may forbid all where the whole one forbids a page
            body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
        return _Known(now + _DAY, RobotsRules.read(body.decode("utf-8-sig", "replace")), "")


def page_fetcher(session: GuardedSession) -> Fetcher:
    """A fetcher that keeps to each site's robots.txt."""
    return Fetcher(session, admit=Robots(session).admit)

"""What a site's robots.txt lets us fetch: as RFC 9309 reads it, and as a real server serves it."""

from __future__ import annotations

import gzip
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import AddressRefused, FetchFailed, FetchProblem
from retrieval.reading.web.address import web_address
from retrieval.reading.web.robots import Robots, RobotsRules, page_fetcher
from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import LONGEST_PAUSE, HostTurns
from tests.support.web_server import TRUST, Server, running, session_for


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /a", "/abc", False),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /A", "/a", True),
        ("Allow: /\nDisallow: /archive", "/archive/1", False),
        ("Disallow: /archive\nAllow: /", "/archive/1", False),
        ("Disallow: /\nAllow: /news/", "/news/1", True),
        ("Allow: /news/\nDisallow: /", "/sport/1", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*?print=", "/a/b?print=1", False),
        ("Disallow: /*?print=", "/a/b?x=1", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /*.pdf$", "/a.pdf/b.pdf", False),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /$", "/", False),
        ("Disallow: *", "/a", False),
        ("Disallow: /a*b*c", "/a1b2c3", False),
        ("Disallow: /a*b*c", "/a1c2b3", True),
        ("Disallow: /ab*b$", "/ab", True),
        ("Disallow: /%7Ejoe", "/~joe/1", False),
        ("Disallow: /~joe", "/%7ejoe/1", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /zürich", "/z%C3%BCrich", False),
        ("disallow : /a # not this", "/a", False),
        ("Disallow: /a\r\nDisallow: /b", "/b", False),
        ("Disalow: /a", "/a", True),
        ("Nonsense\nDisallow /a\n: /a\nDisallow: /b", "/a", True),
    ],
)
def test_the_longest_rule_says_whether(rules: str, path: str, allowed: bool) -> None:
    text = f"User-agent: *\n{rules}"
    assert RobotsRules.read(text).allows(f"https://news.example{path}") == allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: quotewire\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: QuoteWire/1.0\nAllow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Quotewire\nDisallow:", True),
        ("User-agent: other\nUser-agent: quotewire\nDisallow: /", False),
        ("User-agent: other\nDisallow: /\nUser-agent: quotewire\nDisallow: /b", True),
        ("User-agent: quotewire\n\nUser-agent: other\nDisallow: /", False),
        ("User-agent: quotewire\nDisallow: /b\nUser-agent: x\nAllow: /\nUser-agent: quotewire\nDisallow: /a", False),
        ("User-agent: quotewires\nDisallow: /", True),
        ("User-agent: quote\nDisallow: /", True),
        ("User-agent: quote*\nDisallow: /", True),
        ("User-agent: another\nDisallow: /", True),
        ("Disallow: /", True),
        ("User-agent: *\nSitemap: https://news.example/map\nDisallow: /", False),
    ],
)
def test_the_group_that_names_us_counts_or_else_the_one_for_all(text: str, allowed: bool) -> None:
    assert RobotsRules.read(text).allows("https://news.example/a") == allowed


@pytest.mark.parametrize(
    ("value", "pause"), [("5", 5.0), ("0.5", 0.5), ("-1", None), ("nan", None), ("1e9", None), ("", None)]
)
def test_a_pause_is_read(value: str, pause: float | None) -> None:
    assert RobotsRules.read(f"User-agent: *\nCrawl-delay: {value}").pause == pause


# An escape is one character of a path, so a path is a list of such characters here.
PARTS = ("/", "a", "$", "?", "é", "%2F", "%20", "%z")


@given(st.lists(st.sampled_from([*PARTS, "*"]), max_size=12), st.lists(st.sampled_from(PARTS), max_size=12))
def test_wildcards_match_as_a_plain_search_has_it(pattern: list[str], target: list[str]) -> None:
    """Against the definition, spelled out: some way to fill in the stars makes the pattern a beginning of the path.

    Of a "$" at the end, both readings count: the end of the path, and the character.
    """

    def matches(pattern: list[str], target: list[str], *, anchored: bool) -> bool:
        if not pattern or (anchored and pattern == ["$"]):
            return not pattern or not target
        if pattern[0] == "*":
            starts = range(len(target) + 1)
            return any(matches(pattern[1:], target[start:], anchored=anchored) for start in starts)
        return target[:1] == pattern[:1] and matches(pattern[1:], target[1:], anchored=anchored)

    path = ["/", *target]
    forbidden = bool(pattern) and any(matches(pattern, path, anchored=anchored) for anchored in (True, False))
    rules = RobotsRules.read(f"User-agent: *\nDisallow: {''.join(pattern)}")
    assert rules.allows(f"https://news.example{''.join(path)}") != forbidden


def test_a_hostile_pattern_takes_no_time() -> None:
    text = "User-agent: *\n" + f"Disallow: /{'*a' * 4000}b\n" * 50
    started = time.process_time()
    assert RobotsRules.read(text).allows("https://news.example/" + "a" * 5000)
    assert time.process_time() - started < 2


def test_a_group_of_many_agents_takes_no_more_room_than_its_rules() -> None:
    agents = "".join(f"User-agent: robot{number}\n" for number in range(1000))
    text = f"{agents}User-agent: *\n" + "".join(f"Disallow: /{number}/\n" for number in range(1000))
    tracemalloc.start()
    rules = RobotsRules.read(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not any(rules.allows(f"https://news.example/{number}/a") for number in range(1000))
    assert rules.allows("https://news.example/1000/a")
    assert peak < 2 * 1024 * 1024


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_is_read(text: str, path: str) -> None:
    address = f"https://news.example/{path}".partition("#")[0].replace("[", "").replace("]", "")
    assert isinstance(RobotsRules.read(text).allows(address), bool)


def test_a_page_that_robots_may_not_fetch_is_not_fetched(server: Server) -> None:
    server.serves("/robots.txt", b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /private/\r\n")
    open_page = server.serves("/a", b"open")
    private = server.serves("/private/a", b"closed")
    detour = server.serves("/detour", status=302, Location="/private/a")
    fetcher = page_fetcher(session_for(server))
    assert fetcher.get(open_page).body == b"open"
    for url in (private, detour):
        with pytest.raises(FetchFailed, match=r"news\.example does not let robots fetch") as caught:
            fetcher.get(url)
        assert caught.value.kind is FetchProblem.ROBOTS
    assert server.paths == ["/robots.txt", "/a", "/detour"]


def test_a_redirect_to_another_site_is_held_to_that_sites_rules(server: Server) -> None:
    with running() as other:
        other.serves("/robots.txt", b"User-agent: quotewire\nDisallow: /")
        other.serves("/a", b"closed")
        server.serves("/robots.txt", status=404)
        url = server.serves("/a", status=301, Location=f"http://other.example:{other.port}/a")
        with pytest.raises(FetchFailed, match=r"other\.example"):
            page_fetcher(session_for(server, other)).get(url)
        assert other.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (410, True), (403, True), (401, True), (429, False), (500, False), (503, False)],
)
def test_without_a_readable_robots_txt(server: Server, status: int, allowed: bool) -> None:
    server.serves("/robots.txt", b"User-agent: *\nDisallow: /", status)
    url = server.serves("/a", b"open")
    fetcher = page_fetcher(session_for(server))
    for _ in range(2):
        if allowed:
            assert fetcher.get(url).body == b"open"
        else:
            with pytest.raises(FetchFailed, match=rf"left alone for now: .*HTTP {status}\)\)") as caught:
                fetcher.get(url)
            assert caught.value.kind is FetchProblem.ROBOTS
    assert server.paths.count("/robots.txt") == 1


def test_a_robots_txt_may_redirect_but_not_anywhere(server: Server) -> None:
    server.serves("/robots.txt", status=301, Location="/rules")
    server.serves("/rules", b"User-agent: *\nDisallow: /a")
    url = server.serves("/a", b"closed")
    with pytest.raises(FetchFailed) as caught:
        page_fetcher(session_for(server)).get(url)
    assert caught.value.kind is FetchProblem.ROBOTS
    server.serves("/robots.txt", status=301, Location="http://10.0.0.1/rules")
    with pytest.raises(AddressRefused):
        page_fetcher(session_for(server)).get(url)


@pytest.mark.parametrize("packed", [False, True])
def test_of_an_overlong_robots_txt_the_beginning_counts(server: Server, packed: bool) -> None:
    opening = b"User-agent: *\nDisallow: /b\n"
    half = b"Disallow: /"
    rain = b"#" * (512 * 1024 - len(opening) - len(half) - 1) + b"\n"
    body = opening + rain + half + b"c\n" + b"# rain\n" * 100_000
    served, encoding = (gzip.compress(body), "gzip") if packed else (body, "identity")
    server.serves("/robots.txt", served, Content_Encoding=encoding)
    fetcher = page_fetcher(session_for(server))
    assert fetcher.get(server.serves("/a", b"x")).body == b"x"
    with pytest.raises(FetchFailed, match="does not let robots"):
        fetcher.get(server.serves("/b", b"x"))


def test_the_pause_that_a_site_asks_for_is_kept_within_bounds(server: Server) -> None:
    session = session_for(server)
    server.serves("/robots.txt", b"User-agent: *\nCrawl-delay: 0.2")
    url = server.serves("/a", b"x")
    fetcher = page_fetcher(session)
    fetcher.get(url)
    started = time.monotonic()
    fetcher.get(url)
    assert time.monotonic() - started > 0.15
    session.turns.slow_down("slow.example", 86_400)
    assert session.turns._hosts["slow.example"].pause == LONGEST_PAUSE


def test_rules_are_read_anew_after_a_day_and_not_kept_without_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serves("/robots.txt", b"User-agent: *\nDisallow: /a")
    session = GuardedSession(
        allowed=lambda ip, port: port == server.port,
        resolve=lambda host, port: ["127.0.0.1"],
        turns=HostTurns(0),
        trust=TRUST,
    )
    robots = Robots(session)
    now = time.monotonic()
    for hours, reads in ((0, 1), (23, 1), (25, 2)):
        monkeypatch.setattr("retrieval.reading.web.robots.time.monotonic", lambda hours=hours: now + hours * 3600)
        with pytest.raises(FetchFailed):
            robots.admit(web_address(f"http://news.example:{server.port}/a"))
        assert len(server.paths) == reads
    monkeypatch.undo()
    for number in range(140):
        robots.admit(web_address(f"http://site{number}.example:{server.port}/b"))
    assert len(robots._known) == 128


def test_no_more_rules_are_kept_than_there_is_room_for(server: Server) -> None:
    with running() as other:
        long = b"User-agent: *\n" + b"".join(b"Disallow: /%d%s\n" % (number, b"a" * 5000) for number in range(100))
        server.serves("/robots.txt", long)
        other.serves("/robots.txt", b"User-agent: *\nDisallow: /a")
        robots = Robots(
            GuardedSession(
                allowed=lambda ip, port: port in (server.port, other.port),
                resolve=lambda host, port: ["127.0.0.1"],
                turns=HostTurns(0),
                trust=TRUST,
            )
        )
        for number in range(16):
            robots.admit(web_address(f"http://site{number}.example:{server.port}/b"))
        with pytest.raises(FetchFailed):
            robots.admit(web_address(f"http://news.example:{other.port}/a"))
        kept = [known.rules.size for known in robots._known.values() if known.rules]
        assert 2 < len(kept) < 16
        assert sum(kept) <= 4 * 1024 * 1024
        assert list(robots._known)[-1] == f"http://news.example:{other.port}"

"""Fetching from real servers on loopback, kind and hostile. Only the ports of these servers are let through."""

from __future__ import annotations

import gzip
import io
import itertools
import shutil
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections import Counter
from email.utils import formatdate
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import AddressRefused, FetchFailed, FetchProblem
from retrieval.reading.web.budget import Budget
from retrieval.reading.web.fetch import Fetched, Fetcher, seconds_of
from retrieval.reading.web.session import GuardedSession, user_agent
from retrieval.reading.web.turns import HostTurns
from tests.support.web_server import TRUST, Answer, Handler, Server, running, session_for

MB = 1024 * 1024


@pytest.fixture
def fetcher(server: Server) -> Fetcher:
    return Fetcher(session_for(server))


def failure(fetcher: Fetcher, url: str, **options) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url, **options)
    message = str(caught.value)
    assert "news.example" in message
    assert message.endswith(".")
    assert "secret" not in message
    return caught.value


def test_a_page_comes_with_what_is_needed_to_ask_for_it_again(server: Server, fetcher: Fetcher) -> None:
    url = server.serves(
        "/a", b"<p>Rain</p>", Content_Type="text/HTML; charset=UTF-8", ETag='"7"', Last_Modified="Tue, 03 Nov 2026"
    )
    assert fetcher.get(f"{url}#top", accept="text/html") == Fetched(
        url=url,
        permanent_url=None,
        not_modified=False,
        content_type="text/HTML; charset=UTF-8",
        body=b"<p>Rain</p>",
        etag='"7"',
        last_modified="Tue, 03 Nov 2026",
    )
    assert fetcher.get(url).media_type == "text/html"
    _, headers = server.asked[0]
    assert headers["User-Agent"] == user_agent()
    assert user_agent().startswith("Quotewire/")
    assert headers["Accept"] == "text/html"
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert "If-None-Match" not in headers


def test_what_has_not_changed_is_not_sent_again(server: Server, fetcher: Fetcher) -> None:
    def answer(handler: Handler) -> None:
        unchanged = handler.headers["If-None-Match"] == '"7"' or handler.headers["If-Modified-Since"] == "yesterday"
        handler.reply(b"" if unchanged else b"new", 304 if unchanged else 200, ETag='"7"')

    url = server.does("/a", answer)
    assert fetcher.get(url, etag='"7"').not_modified
    assert fetcher.get(url, last_modified="yesterday").not_modified
    assert not fetcher.get(url, etag='"7"\r\nX-Sly: 1').not_modified
    assert not any("X-Sly" in headers for _, headers in server.asked)
    assert fetcher.get(url, etag='"6"').body == b"new"
    server.serves("/a", status=304)
    assert failure(fetcher, url).kind is FetchProblem.BROKEN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, FetchProblem.DENIED),
        (403, FetchProblem.DENIED),
        (404, FetchProblem.MISSING),
        (410, FetchProblem.GONE),
        (429, FetchProblem.THROTTLED),
        (451, FetchProblem.DENIED),
        (500, FetchProblem.SERVER),
        (503, FetchProblem.SERVER),
        (300, FetchProblem.BROKEN),
        (999, FetchProblem.BROKEN),
    ],
)
def test_each_refusal_says_which_it_is(server: Server, fetcher: Fetcher, status: int, kind: FetchProblem) -> None:
    error = failure(fetcher, server.serves("/a", b"no", status, Retry_After="120") + "?token=secret")
    assert (error.kind, error.status, error.retry_after) == (kind, status, 120.0)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("9" * 400, None),
        (formatdate(1_800_000_090, usegmt=True), 90.0),
        (formatdate(1_700_000_000, usegmt=True), 0.0),
        ("Fri, 99 Foo 99999 99:99:99 GMT", None),
    ],
)
def test_when_to_come_back(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header, 1_800_000_000.0) == seconds


# Redirects


def test_only_an_unbroken_chain_of_permanent_redirects_moves_an_address(server: Server, fetcher: Fetcher) -> None:
    start = server.serves("/1", status=301, Location="/2")
    second = server.serves("/2", status=308, Location=f"http://other.example:{server.port}/3")
    third = f"http://other.example:{server.port}/3"
    server.serves("/3", status=302, Location="/4#part")
    server.serves("/4", status=301, Location="5?a=b")
    server.serves("/5", b"here")
    fetched = fetcher.get(start)
    assert (fetched.url, fetched.permanent_url) == (f"http://other.example:{server.port}/5?a=b", third)
    assert fetched.body == b"here"
    assert fetcher.get(second).permanent_url == third
    assert fetcher.get(third).permanent_url is None


def test_redirects_end(server: Server, fetcher: Fetcher) -> None:
    circle = server.serves("/a", status=302, Location="/b")
    server.serves("/b", status=302, Location="/a")
    assert failure(fetcher, circle).kind is FetchProblem.REDIRECTS
    for step in range(9):
        server.serves(f"/{step}", status=301, Location=f"/{step + 1}")
    server.serves("/5", b"as many as may be")
    assert fetcher.get(f"http://news.example:{server.port}/0").body == b"as many as may be"
    server.asked.clear()
    server.serves("/5", status=301, Location="/6")
    assert failure(fetcher, f"http://news.example:{server.port}/0").kind is FetchProblem.REDIRECTS
    assert len(server.paths) == 6


class TestCookies:
    """A site that sets one and sends back to the same page is read; nothing is kept for the next time."""

    @staticmethod
    def gated(server: Server, set_cookie: str = "seen=1; Path=/") -> str:
        def answer(handler: Handler) -> None:
            if "seen=1" in handler.headers.get("Cookie", ""):
                handler.reply(b"the page", 200)
            else:
                handler.reply(b"", 302, Location="/gated", Set_Cookie=set_cookie)

        return server.does("/gated", answer)

    def test_of_one_fetch_are_told_on_its_way(self, server: Server, fetcher: Fetcher) -> None:
        url = self.gated(server)
        for _ in range(2):
            server.asked.clear()
            assert fetcher.get(url).body == b"the page"
            assert len(server.paths) == 2

    def test_are_kept_over_several_steps(self, server: Server, fetcher: Fetcher) -> None:
        self.gated(server)
        server.serves("/consent", status=303, Location="/other", Set_Cookie="seen=1; Path=/")
        server.serves("/other", status=303, Location="/gated", Set_Cookie="more=2; Path=/")
        assert fetcher.get(f"http://news.example:{server.port}/consent").body == b"the page"

    @pytest.mark.parametrize("cookie", ["seen=1; Domain=other.example", "x=1", "seen=1; Secure"])
    def test_of_others_or_that_do_not_help_end_in_a_circle(self, server: Server, fetcher: Fetcher, cookie: str) -> None:
        assert failure(fetcher, self.gated(server, cookie)).kind is FetchProblem.REDIRECTS

    def test_that_change_each_time_end_all_the_same(self, server: Server, fetcher: Fetcher) -> None:
        def answer(handler: Handler) -> None:
            handler.reply(b"", 302, Location="/turning", Set_Cookie=f"n={len(server.asked)}")

        assert failure(fetcher, server.does("/turning", answer)).kind is FetchProblem.REDIRECTS
        assert len(server.paths) == 6

    def test_do_not_go_to_another_site(self, server: Server, fetcher: Fetcher) -> None:
        server.serves("/away", status=302, Location=f"http://other.example:{server.port}/there", Set_Cookie="seen=1")
        heard: list[str | None] = []

        def answer(handler: Handler) -> None:
            heard.append(handler.headers.get("Cookie"))
            handler.reply(b"", 200)

        server.does("/there", answer)
        fetcher.get(f"http://news.example:{server.port}/away")
        assert heard == [None]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{refused}/",
        "http://other.example:{refused}/",
        "//127.0.0.1:{refused}/",
        "http://2130706433:{refused}/",
        "http://127.1:{refused}/",
        "http://0177.0.0.1:{refused}/",
        "http://１２７.0.0.1:{refused}/",
        "http://127。0。0。1:{refused}/",
        "http://%31%32%37.0.0.1:{refused}/",
        "http://localhost:{refused}/",
        "http://news.example@127.0.0.1:{refused}/",
        "http://user:secret@news.example:{allowed}/b",
        "http://127.0.0.1:{refused}\\@news.example:{allowed}/b",
        "http://[::1]:{refused}/",
        "http://[::ffff:127.0.0.1]:{refused}/",
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1:{refused}/",
        "file:///etc/passwd",
        "ftp://news.example/",
        "gopher://127.0.0.1:{refused}/_x",
        "javascript:alert(1)",
        "data:text/plain,x",
        "http://[::1:{refused}/",
    ],
)
@pytest.mark.parametrize("steps", [0, 2])
def test_a_redirect_to_where_nobody_may_go_is_refused(server: Server, location: str, steps: int) -> None:
    with running() as forbidden:
        forbidden.serves("/", b"secrets of the house")
        url = server.serves("/0", status=302, Location="/1")
        server.serves("/1", status=307, Location=f"http://mirror.example:{server.port}/2")
        server.serves("/b", b"hello")
        target = location.format(refused=forbidden.port, allowed=server.port).encode().decode("latin-1")
        server.serves(f"/{steps}", status=301, Location=target)
        session = session_for(server)
        with pytest.raises(AddressRefused) as refused:
            Fetcher(session).get(url)
        assert "secret" not in str(refused.value)
        with pytest.raises(AddressRefused):  # and when requests itself follows, as it does for `reader`
            session.get(url)
        assert forbidden.asked == []
        assert "/b" not in server.paths


def test_no_password_is_taken_from_the_environment(
    server: Server, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine news.example login editor password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetcher.get(server.serves("/", b"x"))
    assert "Authorization" not in server.asked[0][1]


def test_requests_own_way_to_follow_is_held_to_the_same(server: Server) -> None:
    session = session_for(server)
    for step in range(9):
        server.serves(f"/{step}", b"x" * 100, 302, Location=f"/{step + 1}", Set_Cookie="id=1")
    with pytest.raises(requests.TooManyRedirects):
        session.get(f"http://news.example:{server.port}/0", headers={"Authorization": "Bearer secret"})
    assert [("Authorization" in headers, "Cookie" in headers) for _, headers in server.asked] == [
        (True, False),
        *[(False, True)] * 5,
    ]
    assert len(session.cookies) == 0


# Time and size


def endless(piece: bytes, pause: float, before: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.wfile.write(before)
        while True:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        endless(b"x", 0.02, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
        endless(b"x", 0.02, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        endless(b"1\r\nx\r\n", 0.02, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        endless(b"x", 0.02, b"HTTP/1.1 200 OK\r\nX-Long: "),
        endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.02, b""),
        lambda handler: time.sleep(1.5),
    ],
    ids=["with a length", "without", "in chunks", "in the headers", "to be continued", "silent"],
)
def test_an_answer_that_trickles_ends(server: Server, fetcher: Fetcher, answer: Answer) -> None:
    started = time.monotonic()
    assert failure(fetcher, server.does("/slow", answer), seconds=0.3).kind is FetchProblem.TIMEOUT
    assert 0.25 < time.monotonic() - started < 10


def test_redirects_share_the_time(server: Server, fetcher: Fetcher) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.15)
        handler.reply(status=302, Location=f"{handler.path}x")

    for length in range(6):
        server.does("/" + "x" * length, slow)
    assert failure(fetcher, f"http://news.example:{server.port}/", seconds=0.4).kind is FetchProblem.TIMEOUT
    assert len(server.paths) <= 3  # there is no time for more


def test_a_large_body_is_not_read_to_its_end(server: Server, fetcher: Fetcher) -> None:
    sent = Counter()

    def large(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(50):
            handler.wfile.write(b"100000\r\n" + b"x" * MB + b"\r\n")
            sent["MB"] += 1

    url = server.does("/large", large)
    assert failure(fetcher, url, limit=2 * MB).kind is FetchProblem.TOO_LARGE
    assert sent["MB"] < 25  # what the sockets hold
    url = server.serves("/announced", b"x", Content_Length=str(50 * MB))
    assert failure(fetcher, url, limit=2 * MB).kind is FetchProblem.TOO_LARGE
    assert len(fetcher.get(server.serves("/fits", b"x" * MB), limit=MB).body) == MB
    assert failure(fetcher, server.serves("/over", b"x" * (MB + 1)), limit=MB).kind is FetchProblem.TOO_LARGE


def test_a_large_body_of_a_redirect_or_an_error_is_not_read(server: Server, fetcher: Fetcher) -> None:
    url = server.serves("/a", b"x" * MB, 302, Location="/b")
    server.serves("/b", b"x" * MB, 404)
    assert failure(fetcher, url, limit=100).kind is FetchProblem.MISSING


def test_a_small_answer_cannot_unpack_to_a_large_one(server: Server, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50 * MB), 1)
    many = gzip.compress(bytes(MB), 9) * 200
    for name, body in {"one": bomb, "many": many}.items():
        url = server.serves(f"/{name}", body, Content_Encoding="gzip")
        assert failure(fetcher, url, limit=2 * MB).kind is FetchProblem.TOO_LARGE
    twice = server.serves("/twice", gzip.compress(bomb), Content_Encoding="gzip, gzip")
    assert failure(fetcher, twice).kind is FetchProblem.BROKEN
    exact = server.serves("/exact", gzip.compress(bytes(MB)), Content_Encoding="gzip")
    assert len(fetcher.get(exact, limit=MB).body) == MB


def test_unpacking_never_holds_much_more_than_the_limit() -> None:
    bomb = gzip.compress(bytes(50 * MB), 9)
    assert len(bomb) < 64 * 1024  # so that it is read in one piece
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed):
            read(bomb, "gzip")
        assert tracemalloc.get_traced_memory()[1] < 8 * MB
    finally:
        tracemalloc.stop()


# Compression and broken answers


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-GZIP", gzip.compress),
        ("gzip", lambda text: gzip.compress(text[:9]) + gzip.compress(text[9:])),
        ("gzip", lambda text: gzip.compress(text) + b"\0\0\0"),
        ("gzip", lambda text: gzip.compress(text) + b"\x1f"),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_what_was_packed_is_unpacked(server: Server, fetcher: Fetcher, encoding: str, pack) -> None:
    text = "Der Regen fällt seit Tagen. ".encode() * 5000
    assert fetcher.get(server.serves("/a", pack(text), Content_Encoding=encoding)).body == text
    assert fetcher.get(server.serves("/b", b"", Content_Encoding=encoding)).body == b""


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, raw_deflate])
@given(cut=st.integers(1, 1000))
def test_a_truncated_text_never_passes_for_a_whole_one(pack, cut: int) -> None:
    packed = pack(bytes(range(256)) * 4 + b"The river rose again overnight.")
    encoding = "gzip" if pack is gzip.compress else "deflate"
    with pytest.raises(FetchFailed, match=r"news\.example cannot be read: it ends in the middle|damaged"):
        read(packed[: max(1, len(packed) - cut)], encoding)


def read(packed: bytes, encoding: str) -> bytes:
    import urllib3

    from retrieval.reading.web.body import read_body

    answer = urllib3.HTTPResponse(io.BytesIO(packed), {"Content-Encoding": encoding}, preload_content=False)
    return read_body(answer, "news.example", MB)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda h: h.reply(gzip.compress(b"rain" * 999)[:-9], Content_Encoding="gzip"), "middle of its compressed"),
        (lambda h: h.reply(b"plain text all along", Content_Encoding="gzip"), "damaged"),
        (lambda h: h.reply(b"\x8b\x03", Content_Encoding="br"), "not asked for"),
        (lambda h: h.reply(b"half", Content_Length="9999", Connection="close") or shut(h), "broke off"),
        (lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab") and shut(h), "broke"),
        (lambda h: h.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n") and shut(h), "broke off or is no HTTP"),
        (lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500) and shut(h), "broke off"),
        (lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99_999) and shut(h), "broke off"),
        (lambda h: shut(h), "broke off"),
    ],
)
def test_an_answer_that_cannot_be_read_says_so(server: Server, fetcher: Fetcher, answer: Answer, reason: str) -> None:
    error = failure(fetcher, server.does("/a", answer) + "?key=secret")
    assert error.kind is FetchProblem.BROKEN
    assert reason in str(error)


def shut(handler: Handler) -> None:
    handler.close_connection = True


def test_nobody_at_the_address(server: Server) -> None:
    with running() as closed:
        pass
    session = session_for(closed)
    error = failure(Fetcher(session), f"http://news.example:{closed.port}/?key=secret")
    assert error.kind is FetchProblem.UNREACHABLE

    def unknown(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    nowhere = GuardedSession(resolve=unknown, turns=HostTurns(0), trust=TRUST)
    error = failure(Fetcher(nowhere), "http://news.example/")
    assert (error.kind, "Name or service not known" in str(error)) == (FetchProblem.UNREACHABLE, True)


def test_the_next_address_of_a_name_is_tried(server: Server) -> None:
    session = GuardedSession(
        allowed=lambda ip, port: port == server.port,
        resolve=lambda host, port: ["::1", "127.0.0.1"],
        turns=HostTurns(0),
        trust=TRUST,
    )
    assert Fetcher(session).get(server.serves("/", b"here")).body == b"here"


# One at a time


def test_a_host_gets_one_request_at_a_time_with_a_pause(server: Server) -> None:
    times: list[tuple[float, float]] = []

    def answer(handler: Handler) -> None:
        started = time.monotonic()
        time.sleep(0.02)
        times.append((started, time.monotonic()))
        handler.reply(b"x")

    url = server.does("/", answer)
    session = session_for(server, pause=0.05)
    threads = [threading.Thread(target=Fetcher(session).get, args=(url,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(times)]
    assert len(gaps) == 3
    assert all(gap >= 0.045 for gap in gaps)


def test_two_hosts_do_not_wait_for_each_other_and_are_forgotten() -> None:
    turns = HostTurns(0.0)
    with turns.turn("a.example"), turns.turn("b.example"):
        pass
    for number in range(3000):
        with turns.turn(f"{number}.example"):
            pass
    assert len(turns._hosts) <= 1025


def test_waiting_for_a_turn_is_not_on_the_budget(server: Server) -> None:
    fetcher = Fetcher(session_for(server, pause=0.5))
    url = server.serves("/", b"x")
    assert [fetcher.get(url, seconds=0.3).body for _ in range(2)] == [b"x", b"x"]


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key, for news.example alone."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    subject = ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*make, *subject, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_a_secure_connection_is_verified_against_the_name(certificate: Path, server: Server) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    with running(context) as secure:
        secure.serves("/", b"sealed")
        fetcher = Fetcher(session_for(server, secure, trust=trust))
        assert fetcher.get(f"https://news.example:{secure.port}/").body == b"sealed"
        start = server.serves("/up", status=301, Location=f"https://news.example:{secure.port}/")
        assert fetcher.get(start).url == f"https://news.example:{secure.port}/"
        secure.serves("/down", status=302, Location=start)
        assert fetcher.get(f"https://news.example:{secure.port}/down").body == b"sealed"
        server.serves("/other", status=302, Location=f"https://other.example:{secure.port}/")
        secure.asked.clear()
        with pytest.raises(FetchFailed, match=r"no secure connection to other\.example \(Hostname mismatch") as caught:
            fetcher.get(f"http://news.example:{server.port}/other")
        assert caught.value.kind is FetchProblem.TLS
        strange = session_for(secure)
        assert failure(Fetcher(strange), f"https://news.example:{secure.port}/").kind is FetchProblem.TLS
        with pytest.raises(FetchFailed):  # nobody can talk it out of that
            strange.get(f"https://news.example:{secure.port}/", verify=False)
        assert secure.asked == []
        assert failure(fetcher, f"https://news.example:{server.port}/").kind is FetchProblem.TLS


def test_a_handshake_that_trickles_ends(server: Server) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        session = GuardedSession(
            allowed=lambda ip, to: to == port, resolve=lambda host, to: ["127.0.0.1"], turns=HostTurns(0), trust=TRUST
        )
        started = time.monotonic()
        error = failure(Fetcher(session), f"https://news.example:{port}/", seconds=0.2)
        assert error.kind is FetchProblem.TIMEOUT
        assert time.monotonic() - started < 10


def test_a_budget_that_is_spent_stays_spent() -> None:
    budget = Budget(seconds=0.01)
    with budget.running():
        time.sleep(0.05)
    assert budget.expired

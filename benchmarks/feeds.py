"""What polling costs: many feeds are polled twice, and nothing has changed the second time.

    python -m benchmarks.feeds [--feeds 100] [--entries 100] [--pages 10]

Real HTTP on loopback, each feed under a host name of its own; every entry has its full text, except that `--pages` of
each feed carry a summary only, so that their page is fetched. Prints what each pass took and did.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from retrieval.article import Failure
from retrieval.newsroom import Newsroom, NewsroomSettings
from retrieval.reading.arrival import Arrival
from retrieval.reading.feeds.followed import Feeds
from retrieval.reading.feeds.poll import poll, taken
from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import HostTurns

_CONTENT = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
WORDS = 110  # of an article: about one passage
_VOCABULARY = """
river harbour council bridge market school winter election factory museum railway forest doctor farmer village border
minister police teacher engineer report price storm season budget court strike vote road island team coach bank law
water energy housing hospital university airport festival library company worker driver mayor judge night morning
""".split()


class Publisher:
    """Feeds of invented articles, and how often each kind of address was asked for."""

    def __init__(self, feeds: int, entries: int, pages: int) -> None:
        self.hosts = [f"outlet{number}.example" for number in range(feeds)]
        self._entries, self._pages = entries, pages
        self.asked: Counter[str] = Counter()
        self.port = 0

    def answer(self, host: str, path: str, etag: str | None) -> tuple[int, str]:
        """Status and body for a request."""
        if path == "/feed.xml":
            self.asked["feeds unchanged" if etag else "feeds"] += 1
            return (304, "") if etag else (200, self._feed(host))
        if path.startswith("/news/"):
            self.asked["pages"] += 1
            return 200, _page(host, int(path.rsplit("/", 1)[1]))
        self.asked["robots.txt"] += 1
        return 404, ""

    def _feed(self, host: str) -> str:
        items = "".join(self._item(host, number) for number in range(self._entries))
        return (
            f"<?xml version='1.0'?><rss version='2.0' {_CONTENT}><channel><title>{host}</title>{items}</channel></rss>"
        )

    def _item(self, host: str, number: int) -> str:
        text = _text(host, number)
        whole = "".join(f"<p>{part}</p>" for part in text.split("\n"))
        content = "" if number < self._pages else f"<content:encoded><![CDATA[{whole}]]></content:encoded>"
        link = f"http://{host}:{self.port}/news/{number}"
        return (
            f"<item><title>Report {number} of {host}</title><link>{link}</link><guid>{link}</guid>"
            f"<description>{text[:80]}</description>{content}</item>"
        )


def _text(host: str, number: int) -> str:
    draw = random.Random(f"{host}/{number}")  # noqa: S311
    words = draw.choices(_VOCABULARY, k=WORDS)
    sentences = [" ".join(words[at : at + 10]).capitalize() + "." for at in range(0, WORDS, 10)]
    return "\n".join(" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2))


def _page(host: str, number: int) -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in _text(host, number).split("\n"))
    head = f"<head><title>Report {number} of {host}</title></head>"
    return f"<!doctype html><html>{head}<body><article><h1>Report {number}</h1>{paragraphs}</article></body></html>"


@contextmanager
def served(publisher: Publisher) -> Iterator[int]:
    """A server for the publisher's hosts; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer as the publisher does."""
            host = (self.headers["Host"] or "").partition(":")[0]
            status, body = publisher.answer(host, self.path, self.headers["If-None-Match"])
            content = body.encode()
            self.send_response(status)
            self.send_header(
                "Content-Type", "application/rss+xml" if "xml" in self.path else "text/html; charset=utf-8"
            )
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def main(feeds: int, entries: int, pages: int) -> None:
    """Subscribe, poll twice, print."""
    publisher = Publisher(feeds, entries, pages)
    with tempfile.TemporaryDirectory() as folder, served(publisher) as port:
        publisher.port = port
        home = Path(folder)
        (home / "seeds").mkdir()
        session = GuardedSession(
            allowed=lambda ip, at: str(ip) == "127.0.0.1" and at == port,
            resolve=lambda _host, _port: ["127.0.0.1"],
            turns=HostTurns(pause=0),
        )
        settings = NewsroomSettings(data_dir=home / "data", seeds_dir=home / "seeds")
        with Newsroom.open(settings) as room, Feeds.open(home / "data" / "feeds.sqlite3", session) as read:
            room.warm_up()
            for host in publisher.hosts:
                read.add(f"http://{host}:{port}/feed.xml")
            publisher.asked.clear()
            for number in (1, 2):
                _pass(number, room, read, publisher)


def _pass(number: int, room: Newsroom, feeds: Feeds, publisher: Publisher) -> None:
    began = time.perf_counter()
    given = list(poll(feeds, due_at=datetime.now(UTC) + timedelta(hours=12 * number)))
    polled = time.perf_counter() - began
    arrivals = [item for item in given if isinstance(item, Arrival | Failure)]
    report = room.add(arrivals)
    taken(feeds, [item for item in arrivals if isinstance(item, Arrival)])
    seconds = time.perf_counter() - began
    print(
        f"pass {number}: {seconds:.1f} s, {polled:.1f} s of them polling; asked for {dict(publisher.asked)}; "
        f"{report.added} added, {report.unchanged} known, {report.embedded} passages embedded, "
        f"{len(report.failed)} failures"
    )
    for failure in report.failed[:3]:
        print(f"  {failure.where}: {failure.reason}")
    publisher.asked.clear()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("feeds", 100), ("entries", 100), ("pages", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    main(chosen.feeds, chosen.entries, chosen.pages)

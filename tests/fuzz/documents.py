"""Documents as publishers write them, and the same with what goes wrong with documents, for hypothesis to put together.

Bytes at random are refused at the first look. What finds faults is a document that is right but for a few places, so
each one here is one that is read, with pieces cut out, doubled, put elsewhere, or replaced by what is dear to parsers.
"""

from __future__ import annotations

import csv
import gzip
import io
import json

from hypothesis import strategies as st

from tests.support.publisher import rss2, story

TEXT = "The harbour bridge opened on Monday, after four years. “It is a fine day,” Mayor Ann Lee said. " * 3

PIECES = [
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\x1b[2J",
        "\u202e\u200b".encode(),
        b"\r",
        b"\n\n",
    ),
    *(b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;"),
    *(b"&#x110000;", b"&#xd800;", b"&amp;amp;", b"<script>", b"<p>" * 50, b"</div>" * 50, b"<b><i>" * 30, b"<?xml"),
    *(b'"', b"'", b"''", b",", b";", b"\t", b"{", b"}", b"[" * 40, b"\\", b"\\ud800", b"null", b"1e999", b"-1", b"NaN"),
    *(b"---\n", b"...\n", b"&a [*a]", b"!!python/object:x", b"<<: *a", b": : :", b"- - - -", b"%00", b"://", b"@"),
    *(b"9999-99-99", b"2026-02-30T25:61:00+99:99", b"0001-01-01", b"Mon, 32 Foo 20266 99:99:99 XYZ", b"9" * 200),
    *(b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00"),
    *(
        "ß".encode() * 20,
        b"a" * 300,
        b"a " * 150,
        b". " * 150,
        b"!" * 100,
        b"www." * 40,
        b"http://[::1",
        b"javascript:x",
    ),
]


@st.composite
def damaged(draw: st.DrawFn, *documents: bytes) -> bytes:
    """One of the documents with some of its pieces changed."""
    document = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(document)))
        length = draw(st.sampled_from((0, 0, 1, 4, 40, 400)))
        doubled = st.just(document[at : at + length] * 2)
        piece = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12), doubled))
        document = document[:at] + piece + document[at + length :]
    return document


def _jsonl() -> bytes:
    fields = {
        "id": "a",
        "url": "https://example.org/a",
        "title": "A bridge",
        "source": "Post",
        "published": "2026-03-02",
    }
    return b"".join(json.dumps({**fields, "id": str(number), "text": TEXT}).encode() + b"\n" for number in range(3))


def _csv() -> bytes:
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["id", "url", "title", "text", "source", "published"])
    rows.writerows(
        [str(number), "https://example.org/a", 'A "bridge"', TEXT, "Post", "2026-03-02"] for number in range(3)
    )
    return written.getvalue().encode()


FRONT = b"---\nurl: https://example.org/a\nsource: Post\npublished: 2026-03-02\ntitle: A bridge\n---\n"
PLAIN = FRONT + b"A bridge\n- A key point.\n" + TEXT.encode()
MARKDOWN = (
    FRONT + b"# A bridge\n\n- A point\n\n" + TEXT.encode() + b"\n\n[a](b) **c** `d`\n\n> e\n\n| f | g |\n|---|---|\n"
)
PAGE = (
    b"<!doctype html><html lang=en><head><title>A bridge</title><link rel=canonical href=/a><meta charset=utf-8>"
    b'<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-03-02"}</script></head><body>'
    b"<nav>Menu</nav><article><h1>A bridge</h1><time datetime=2026-03-02>Monday</time><p>"
    + TEXT.encode()
    + b"</p><ul><li>One<li>Two</ul><table><tr><td>1</table><p>"
    + TEXT.encode()
    + b"</p></article><footer>About</footer></body></html>"
)
JSONL, CSV = _jsonl(), _csv()
_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
WARC = b"".join(
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Target-URI: https://example.org/%d\r\n"
    b"WARC-Date: 2026-03-02T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (number, number, len(_RESPONSE), _RESPONSE)
    for number in range(2)
)
RSS = rss2("https://example.org", [story(1), story(2)], full=True)[0]
ATOM = (
    b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>urn:a</id>'
    b"<updated>2026-03-02T10:00:00Z</updated><entry><title type='html'>A &lt;b&gt;bridge</title><id>urn:b</id>"
    b"<link href='https://example.org/a'/><updated>2026-03-02T10:00:00Z</updated><content type='xhtml'>"
    b"<div xmlns='http://www.w3.org/1999/xhtml'><p>" + TEXT.encode() + b"</p></div></content></entry></feed>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [{"id": "1", "url": "https://example.org/a", "content_html": f"<p>{TEXT}</p>", "title": "A bridge"}],
    }
).encode()
OPML = (
    b'<?xml version="1.0"?><opml version="2.0"><head><title>Feeds</title></head><body><outline text="News">'
    b'<outline type="rss" text="A &amp; B" xmlUrl="https://example.org/a"/><outline xmlUrl="http://b.example/feed"/>'
    b"</outline></body></opml>"
)
ZIPPED = gzip.compress(JSONL)

"""Web archives (WARC, ISO 28500): the article pages among what a crawler kept."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from warcio.limitreader import LimitReader
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from retrieval.article import Article, Failure
from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES
from retrieval.reading.sources.html_page import NoArticleText, read_page
from retrieval.reading.web.body import GZIP_MAGIC, Unpacker
from retrieval.text.addresses import is_front_page
from retrieval.text.controls import storable_line

LEAST_WORDS = 80
"""A crawled page of fewer words is taken for a list or a form, unless it declares itself an article."""

_HEAD = 64 * 1024  # bytes within which a record's own headers, and those of its response, end
_CHUNK = 1024 * 1024
_START = b"WARC/"
_HTML = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_CODED_AS_IS = ("", "identity", "utf-8")
_GZIP = ("gzip", "x-gzip")
_COMPRESSED = (*_GZIP, "deflate")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?A-Za-z]")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its headers and its block, of `length` bytes; a stream that must be read before the next record."""

    number: int
    headers: StatusAndHeaders
    length: int
    block: LimitReader


def read_warc(stream: BinaryIO, where: str) -> Iterator[Article | Failure]:
    """The articles among the HTML pages of a WARC file, given decompressed; one page at a time is in memory.

    The day of the crawl is no publisher's date and is not taken for one. Pages that are no articles are counted in
    one `Failure` at the end; others name each page ("`where` <url>") that cannot be read and each damaged record.
    Raises OSError, and what damaged gzip files raise, after what stands before the damage.
    """
    pages = listings = 0
    first_listing = ""
    for record in _records(stream):
        if isinstance(record, Failure):
            yield Failure(f"{where} {record.where}", record.reason)
            continue
        url = storable_line(record.headers.get_header("WARC-Target-URI") or "").strip("<>")
        try:
            page = _page(record)
            if page is None:
                continue
            pages += 1
            if is_front_page(url):
                raise NoArticleText
            checked = read_page(page[0], url, content_type=page[1], least_words=LEAST_WORDS)
        except NoArticleText:
            first_listing = first_listing or url
            listings += 1
        except ValueError as error:
            yield Failure(f"{where} {url or f'record {record.number}'}", str(error))
        else:
            yield checked.article
            for reason in checked.left_out:
                yield Failure(f"{where} {url}", reason, "note")
    if listings:
        kind = "1 page is no article and is" if listings == 1 else f"{listings:,} pages are no articles and are"
        yield Failure(where, f"{kind} passed over (front pages, lists, forms): {first_listing}")
    elif not pages:
        yield Failure(where, "holds no HTML page that was served with status 200")


def _records(stream: BinaryIO) -> Iterator[_Record | Failure]:
    """The records in order, and a `Failure` "record N" where one is damaged.

    warcio's own iterator takes a truncated file for one that has ended, prints to standard error, and gives up at
    the first record whose stated length is wrong.
    """
    parser = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES)
    number, lost = 0, False
    while line := stream.readline(_HEAD):
        if not line.startswith(_START):
            if line.strip() and not lost:
                lost = True
                yield Failure(
                    f"record {number + 1}", "does not begin where it should; what stands there is passed over"
                )
            continue
        number, lost = number + 1, False
        try:
            headers = parser.parse(LimitReader(stream, _HEAD), line)
            length = int(headers.get_header("Content-Length") or "")
            if length < 0:
                raise ValueError
        except (StatusAndHeadersParserException, ValueError):
            yield Failure(f"record {number}", "has no valid headers; it is passed over")
            continue
        block = LimitReader(stream, length)
        yield _Record(number=number, headers=headers, length=length, block=block)
        while block.read(_CHUNK):
            pass
        if block.limit:
            yield Failure(f"record {number}", "is cut off at the end of the file; download or copy the file again")


def _page(record: _Record) -> tuple[bytes, str] | None:
    """The HTML of a record and what its server says of it; None when it holds no page, or only a part.

    Raises ValueError with the reason when the page cannot be read.
    """
    kind = record.headers.get_header("WARC-Type")
    if kind == "resource":
        content_type = record.headers.get_header("Content-Type") or ""
        if not _HTML.match(content_type):
            return None
        html = _block(record, b"")
        return (html, content_type) if html is not None else None
    if kind != "response":
        return None
    head = record.block.read(min(_HEAD, record.length))
    opening = BytesIO(head)
    try:
        response = StatusAndHeadersParser([], verify=False).parse(opening)
    except (StatusAndHeadersParserException, EOFError):
        return None
    content_type = response.get_header("Content-Type") or ""
    if response.get_statuscode() != "200" or not _HTML.match(content_type):
        return None
    body = _block(record, head[opening.tell() :])
    return (_decoded(body, response), content_type) if body is not None else None


def _block(record: _Record, begun: bytes) -> bytes | None:
    """What is left of a block after the bytes that were `begun`; None when the file ends within it."""
    if record.length > MAX_ARTICLE_BYTES + _HEAD:
        raise ValueError(f"is larger than {MAX_ARTICLE_BYTES // 1024**2} MB and is passed over")
    parts = [begun]
    while part := record.block.read(_CHUNK):
        parts.append(part)
    return None if record.block.limit else b"".join(parts)


def _decoded(body: bytes, response: StatusAndHeaders) -> bytes:
    """The body without the codings of its transfer, cut right after the limit of a page.

    Crawlers undo a coding and leave its header, so a body that does not begin as its header says is taken as it is.
    Raises ValueError with the reason if it is damaged or cut off; warcio takes what stands before that for the whole.
    """
    coding = (response.get_header("Content-Encoding") or "").strip().lower()
    if coding not in _CODED_AS_IS and coding not in _COMPRESSED:
        raise ValueError(f"is compressed as {storable_line(coding)[:40]}, which is not read here")
    if (response.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = _joined(body)
    gzipped = coding in _GZIP
    if coding in _CODED_AS_IS or not body or (gzipped and not body.startswith(GZIP_MAGIC)):
        return body
    unpacker = Unpacker(gzip=gzipped)
    try:
        text = unpacker.unpacked(body, MAX_ARTICLE_BYTES + 1)
        whole = unpacker.complete or len(text) > MAX_ARTICLE_BYTES
    except zlib.error:
        text, whole = b"", False
    if whole:
        return text
    if not gzipped and _MARKUP.match(body):
        return body
    raise ValueError("has compressed text that is damaged or cut off; download or crawl it again")


def _joined(body: bytes) -> bytes:
    """The chunks of a body (RFC 9112, 7.1) as one. Raises ValueError if one is damaged or missing."""
    parts: list[bytes] = []
    at = 0
    while chunk := _CHUNK_SIZE.match(body, at):
        size, start = int(chunk[1], 16), chunk.end()
        if not size:
            return b"".join(parts)
        at = start + size + 2
        if body[at - 2 : at] != b"\r\n":
            break
        parts.append(body[start : at - 2])
    if not at:
        return body
    raise ValueError("is damaged or cut off between its chunks; download or crawl it again")

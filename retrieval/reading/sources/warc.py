"""Web archives (WARC, ISO 28500): the article pages among what a crawler kept."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

from warcio.limitreader import LimitReader
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from retrieval.article import Article, Failure
from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES, Checked
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.html_tree import page_tree
from retrieval.reading.sources.page_text import texts_of
from retrieval.reading.sources.walls import NoArticleText, PageIsWall
from retrieval.reading.web.body import GZIP_MAGIC, Unpacker
from retrieval.reasons import Reason
from retrieval.text.addresses import is_front_page
from retrieval.text.charset import decoded
from retrieval.text.controls import storable_line
from retrieval.text.sentences import sentence_spans

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
# What a server writes that does not know, and the tags with which pages begin.
_UNKNOWN = re.compile(r"\s*(?:unknown/unknown|application/unknown|\*/\*)\s*(?:;|\Z)", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,800}?-->\s*)*"
    rb"<(?:!doctype html|html|head|body|title|meta|script|h1|div|table|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = re.compile(rb"</html\s*>", re.IGNORECASE)
_SNIFFED = 2048  # bytes
_MISPLACED = Reason("does not begin where it should; what stands there is passed over")
_CUT_FILE = Reason("is cut off at the end of the file; download or copy the file again")
_CUT = Reason("was cut off by the crawler, behind the article's text")
_CUT_SENTENCE = Reason("was cut off by the crawler; the article is kept up to there, without its last sentence")
_ENDED = re.compile(r"[.!?…:;。！？।؟][\"'”’»›)\]」』）]*\Z")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its headers and its block, of `length` bytes; a stream that must be read before the next record."""

    number: int
    headers: StatusAndHeaders
    length: int
    block: LimitReader


@dataclass(frozen=True, slots=True)
class _Page:
    """A page without the codings of its transfer, what its server says of it, and whether its end is missing.

    `unsure` tells that nobody says so, and that nothing says otherwise: its length is not stated, nor its end.
    """

    html: bytes
    content_type: str
    cut: bool
    unsure: bool


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
            yield Failure(Reason("{file} {place}", file=where, place=record.where), record.reason)
            continue
        url = _target(record)
        place = f"{where} {url}"
        try:
            page = _page(record)
            if page is None:
                continue
            pages += 1
            if is_front_page(url):
                raise NoArticleText
            checked = read_page(page.html, url, content_type=page.content_type, least_words=LEAST_WORDS)
            if page.cut or page.unsure:
                checked = _without_cut_end(checked, page)
        except PageIsWall as error:
            yield Failure(place, str(error))
        except NoArticleText:
            first_listing = first_listing or url
            listings += 1
        except ValueError as error:
            yield Failure(Reason("{file} {place}", file=where, place=url or _record_of(record.number)), str(error))
        else:
            yield checked.article
            for reason in checked.left_out:
                yield Failure(place, reason, "note")
    if listings:
        yield Failure(where, _passed_over(listings, first_listing))
    elif not pages:
        yield Failure(where, Reason("holds no HTML page that was served with status 200"))


def _record_of(number: int) -> Reason:
    return Reason("record {number}", number=str(number))


def _passed_over(count: int, first: str) -> Reason:
    if count == 1:
        return Reason("1 page is no article and is passed over (front pages, lists, forms): {first}", first=first)
    return Reason(
        "{count} pages are no articles and are passed over (front pages, lists, forms): {first}",
        count=count,
        first=first,
    )


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
                yield Failure(_record_of(number + 1), _MISPLACED)
            continue
        number, lost = number + 1, False
        try:
            headers = parser.parse(LimitReader(stream, _HEAD), line)
            length = int(headers.get_header("Content-Length") or "")
            if length < 0:
                raise ValueError
        except (StatusAndHeadersParserException, ValueError):
            yield Failure(_record_of(number), Reason("has no valid headers; it is passed over"))
            continue
        block = LimitReader(stream, length)
        yield _Record(number=number, headers=headers, length=length, block=block)
        while block.read(_CHUNK):
            pass
        if block.limit:
            yield Failure(_record_of(number), _CUT_FILE)


def _target(record: _Record) -> str:
    """The address of a record's page; crawlers write it as it stood in a link, with its spaces."""
    return storable_line(record.headers.get_header("WARC-Target-URI") or "").strip("<>").replace(" ", "%20")


def _page(record: _Record) -> _Page | None:
    """The page of a record; None when it holds no page, or the file ends within it.

    Raises ValueError with the reason when the page cannot be read.
    """
    kind = record.headers.get_header("WARC-Type")
    marked = record.headers.get_header("WARC-Truncated") is not None
    if kind == "resource":
        content_type = record.headers.get_header("Content-Type") or ""
        html = _block(record, b"") if _may_be_html(content_type) else None
        return _sniffed(html, content_type, cut=marked) if html is not None else None
    if kind != "response":
        return None
    head = record.block.read(min(_HEAD, record.length))
    opening = BytesIO(head)
    try:
        response = StatusAndHeadersParser([], verify=False).parse(opening)
    except (StatusAndHeadersParserException, EOFError):
        return None
    content_type = response.get_header("Content-Type") or ""
    if response.get_statuscode() != "200" or not _may_be_html(content_type):
        return None
    body = _block(record, head[opening.tell() :])
    if body is None:
        return None
    stated = (response.get_header("Content-Length") or "").strip()
    cut = marked or (stated.isdecimal() and len(body) < int(stated[:20]))
    return _sniffed(_decoded(body, response, cut=cut), content_type, cut=cut, unsure=not stated)


def _may_be_html(content_type: str) -> bool:
    return not content_type.strip() or bool(_HTML.match(content_type) or _UNKNOWN.match(content_type))


def _sniffed(html: bytes, content_type: str, *, cut: bool, unsure: bool = False) -> _Page | None:
    """The page; None if nobody says that it is HTML, and it does not look like that (WHATWG MIME Sniffing, 7.1)."""
    if not _HTML.match(content_type) and not _LOOKS_LIKE_HTML.match(html[:_SNIFFED]):
        return None
    whole = _WHOLE.search(html[-_SNIFFED:])
    kind = content_type if _HTML.match(content_type) else ""
    return _Page(html=html, content_type=kind, cut=cut and not whole, unsure=unsure and not cut and not whole)


def _without_cut_end(checked: Checked, page: _Page) -> Checked:
    """The article of a page that a crawler cut off, without its last sentence if that may be the one that was cut.

    Where nobody says that it was, that is one which does not end. Raises `NoArticleText` if there is no other.
    """
    article = checked.article
    tree = page_tree(decoded(page.html, page.content_type))
    shown = "".join(texts_of(tree)).rstrip() if tree is not None else ""
    last = article.body.rpartition("\n\n")[2]
    is_last = "".join(shown.split()).endswith("".join(last.split()))
    if page.unsure and (not is_last or _ENDED.search(last)):
        return checked
    if not is_last:
        return replace(checked, left_out=(*checked.left_out, _CUT))
    start, _ = sentence_spans(article.body, article.language)[-1]
    body = article.body[:start].rstrip()
    if not body:
        raise NoArticleText
    return replace(checked, article=replace(article, body=body), left_out=(*checked.left_out, _CUT_SENTENCE))


def _block(record: _Record, begun: bytes) -> bytes | None:
    """What is left of a block after the bytes that were `begun`; None when the file ends within it."""
    if record.length > MAX_ARTICLE_BYTES + _HEAD:
        raise ValueError(Reason("is larger than {size} MB and is passed over", size=MAX_ARTICLE_BYTES // 1024**2))
    parts = [begun]
    while part := record.block.read(_CHUNK):
        parts.append(part)
    return None if record.block.limit else b"".join(parts)


def _decoded(body: bytes, response: StatusAndHeaders, *, cut: bool) -> bytes:
    """The body without the codings of its transfer, cut right after the limit of a page.

    Crawlers undo a coding and leave its header, so a body that does not begin as its header says is taken as it is.
    Raises ValueError with the reason if it is damaged or cut off; of one whose record says that it was `cut`, the rest
    is given. warcio takes what stands before the damage for the whole.
    """
    codings = (response.get_header("Content-Encoding") or "").lower().split(",")
    coding = next((each for each in map(str.strip, codings) if each not in _CODED_AS_IS), "")
    if (response.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = _joined(body, cut=cut)
    gzipped = body.startswith(GZIP_MAGIC)
    if not body or _MARKUP.match(body) or not (gzipped or coding) or (coding in _GZIP and not gzipped):
        return body
    if not gzipped and coding not in _COMPRESSED:
        name = storable_line(coding)[:40]
        raise ValueError(Reason("is compressed as {name}, which is not read here", name=name))
    unpacker = Unpacker(gzip=gzipped)
    try:
        text = unpacker.unpacked(body, MAX_ARTICLE_BYTES + 1)
        whole = unpacker.complete or len(text) > MAX_ARTICLE_BYTES
    except zlib.error:
        text, whole = b"", False
    if whole or (cut and text):
        return text
    raise ValueError(Reason("has compressed text that is damaged or cut off; download or crawl it again"))


def _joined(body: bytes, *, cut: bool) -> bytes:
    """The chunks of a body (RFC 9112, 7.1) as one, or those of one that was `cut`.

    Raises ValueError if one is damaged or missing otherwise.
    """
    parts: list[bytes] = []
    at = 0
    while chunk := _CHUNK_SIZE.match(body, at):
        size, start = int(chunk[1], 16), chunk.end()
        if not size:
            return b"".join(parts)
        at = start + size + 2
        parts.append(body[start : at - 2])
        if body[at - 2 : at] != b"\r\n":
            break
    if not at:
        return body
    if cut:
        return b"".join(parts)
    raise ValueError(Reason("is damaged or cut off between its chunks; download or crawl it again"))

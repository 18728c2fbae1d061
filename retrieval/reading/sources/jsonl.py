"""The standard format: one JSON object a line, `{id, url, title, text, source, published}`.

`updated`, `language` and `key_points` (a list of strings) may be added; other keys are ignored.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from retrieval.article import Article, Failure
from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES, checked_article
from retrieval.reading.sources.unread import EMPTY, damaged, line_of, not_readable
from retrieval.reasons import Reason

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1024 * 1024


def read_jsonl(path: Path, where: str) -> Iterator[Article | Failure]:
    """The articles of a `.jsonl` or `.jsonl.gz` file, and a `Failure` "`where` line N" for what is skipped.

    Reads line by line; memory is bounded by the longest line that is accepted (10 MB). Never raises
    for what the file holds or for a file that cannot be read.
    """
    try:
        with _opened(path) as stream:
            yield from _articles(stream, where)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Failure(where, damaged(error))
    except OSError as error:
        yield Failure(where, not_readable(error), "unreadable")


def _opened(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _articles(stream: BinaryIO, where: str) -> Iterator[Article | Failure]:
    found = False
    for number, line in enumerate(_lines(stream), start=1):
        place = line_of(where, number)
        if number == 1 and line is not None:
            if line.startswith(_UTF16_BOMS):
                yield Failure(where, Reason("is UTF-16, not UTF-8; save it as UTF-8"))
                return
            line = line.removeprefix(_UTF8_BOM)
        if line is None:
            found = True
            size = MAX_ARTICLE_BYTES // 1024**2
            yield Failure(place, Reason("is longer than {size} MB; split the article", size=size))
        elif line.strip():
            found = True
            yield from _article(line, place)
    if not found:
        yield Failure(where, EMPTY)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines; None for one that is too long, whose bytes are passed over in chunks."""
    while line := stream.readline(MAX_ARTICLE_BYTES + 1):
        if len(line) <= MAX_ARTICLE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield None


def _article(line: bytes, place: str) -> Iterator[Article | Failure]:
    try:
        checked = checked_article(_record(line))
    except ValueError as error:
        yield Failure(place, str(error))
        return
    yield checked.article
    for reason in checked.left_out:
        yield Failure(place, reason, "note")


def _record(line: bytes) -> dict[str, object]:
    """The JSON object on one line. Raises ValueError with a reason for a person."""
    if b"\0" in line:
        raise ValueError(Reason("it holds NUL bytes: it is binary, or not UTF-8; save the file as UTF-8"))
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        reason = Reason("it is not UTF-8 (byte {place}); save the file as UTF-8", place=error.start + 1)
        raise ValueError(reason) from None
    except json.JSONDecodeError as error:
        reason = Reason("it is not valid JSON: {why} at character {place}", why=error.msg, place=error.pos + 1)
        raise ValueError(reason) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; thousands of brackets
        raise ValueError(Reason("it is not JSON that can be read here: {why}", why=error)) from None
    if not isinstance(record, dict):
        raise ValueError(Reason("it is not a JSON object; one article a line is expected"))
    return record

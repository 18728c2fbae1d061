"""A file of many articles in any format that is read here, one article at a time, whatever the file's size."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from retrieval.article import Article, Failure
from retrieval.reading.sources.csv_table import read_csv
from retrieval.reading.sources.html_page import read_page_file
from retrieval.reading.sources.jsonl import read_jsonl
from retrieval.reading.sources.unread import damaged, not_read_here, not_readable
from retrieval.reasons import Reason

ARCHIVE_SUFFIXES = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".html", ".htm", ".warc", ".warc.gz")
"""The names that `read_archive` takes, in lower case."""

NAMED_FAILURES = 10_000
"""Of what is wrong with a file's parts this many are named, skipped ones and notes each; the rest are
counted, for memory is not to grow with them."""


def read_archive(path: Path, name: str) -> Iterator[Article | Failure]:
    """The articles in the file at `path`, called `name` in failures, and a `Failure` for what is skipped.

    Memory is bounded by the largest article that is accepted. Never raises for what the file holds or for one that
    cannot be read.
    """
    counts: Counter[str] = Counter()
    for found in _read(path, name):
        if isinstance(found, Failure) and found.where != name:
            counts[found.kind] += 1
            if counts[found.kind] > NAMED_FAILURES:
                continue
        yield found
    if (more := counts["skipped"] - NAMED_FAILURES) > 0:
        yield Failure(name, Reason("and {count} more of its parts are skipped", count=more))
    if (more := counts["note"] - NAMED_FAILURES) > 0:
        reason = Reason("and {count} more of its articles are kept without one of their fields", count=more)
        yield Failure(name, reason, "note")


def _read(path: Path, name: str) -> Iterator[Article | Failure]:
    suffix = next((suffix for suffix in ARCHIVE_SUFFIXES if path.name.lower().endswith(suffix)), None)
    try:
        if suffix is None:
            yield Failure(name, not_read_here(ARCHIVE_SUFFIXES))
        elif suffix.startswith(".jsonl"):
            yield from read_jsonl(path, name)
        elif suffix.startswith(".htm"):
            checked = read_page_file(path)
            yield checked.article
            for reason in checked.left_out:
                yield Failure(name, reason, "note")
        else:
            with _opened(path) as stream:
                yield from (read_csv if suffix.startswith(".csv") else _read_warc)(stream, name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Failure(name, damaged(error))
    except OSError as error:
        yield Failure(name, not_readable(error), "unreadable")
    except ValueError as error:
        yield Failure(name, str(error))


def _read_warc(stream: BinaryIO, name: str) -> Iterator[Article | Failure]:
    from retrieval.reading.sources.warc import read_warc  # here, as warcio takes a while and such files are few

    return read_warc(stream, name)


def _opened(path: Path) -> BinaryIO:
    # Of a `.warc.gz` each record is compressed by itself, or all of them as one: both are read as one stream.
    return cast("BinaryIO", gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")

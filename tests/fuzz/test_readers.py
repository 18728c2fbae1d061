"""What strangers write, damaged in every way: each reader ends in time, with articles or with a sentence that says why.

In the suite each reader is tried on a few documents. `make fuzz` tries thousands (`FUZZ_EXAMPLES` of each), and prints
what it tried.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader import ParseError

from retrieval.article import Article, Failure
from retrieval.errors import FeedUnusable
from retrieval.reading.feeds.opml import outlines
from retrieval.reading.feeds.parsing import CheckedParser
from retrieval.reading.sources.archive import read_archive
from retrieval.reading.sources.folder import read_file
from retrieval.reading.sources.front_matter import split_front_matter
from retrieval.reading.sources.html_page import read_page
from retrieval.text.controls import storable
from retrieval.workers import Workers
from tests.fuzz import documents
from tests.fuzz.documents import damaged

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
SECONDS, SECONDS_A_MEGABYTE = 2.0, 2.0
"""Of computing that one document may take at most, and what more for each megabyte of it."""
MEGABYTES = 600
"""By which the process may grow over all that it reads, libraries included."""

fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
tried: Counter[str] = Counter()
slowest: dict[str, float] = {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module", autouse=True)
def read_here() -> Iterator[None]:
    """In this process, where computing is counted, rather than by a worker, whose limit would hide what takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workers, "call", lambda _, function, *arguments: function(*arguments))
        yield


@pytest.fixture(scope="module", autouse=True)
def told() -> Iterator[None]:
    """After a long run, what was tried stands in its output."""
    yield
    if "FUZZ_EXAMPLES" in os.environ:
        for name in sorted(slowest):
            read, refused = tried[f"{name}, read"], tried[f"{name}, refused"]
            counts = f"{tried[name]:,} documents, {read:,} read, {refused:,} refused"
            sys.stderr.write(f"\n{name}: {counts}, slowest {slowest[name]:.2f} s")
        sys.stderr.write("\n")


def in_time(name: str, document: bytes, read: Callable[[], Iterable[object]]) -> None:
    """Read a document: in time, and what is found can be stored, and what is refused says why on one line."""
    began = time.process_time()
    found = list(read())
    took = time.process_time() - began
    tried[name] += 1
    slowest[name] = max(slowest.get(name, 0.0), took)
    assert took < SECONDS + SECONDS_A_MEGABYTE * len(document) / 1e6
    tried[f"{name}, {'read' if any(not isinstance(each, Failure) for each in found) else 'refused'}"] += 1
    for each in found:
        if isinstance(each, Failure):
            assert each.reason
            assert "\n" not in each.reason
            assert "Error(" not in each.reason
        elif isinstance(each, Article):
            texts = (each.id, each.title, each.body, each.url or "", each.source or "", *each.key_points)
            assert [text for text in texts if storable(text) != text] == []
            assert each.body.strip()
            assert each.url is None or each.url.startswith(("http://", "https://"))


def test_readers_know_the_documents_that_are_not_damaged(folder: Path) -> None:
    """Or all that is damaged would be refused at the first look, and find nothing."""
    for name, document in FILES:
        (folder / name).write_bytes(document)
        assert any(isinstance(each, Article) for each in read_named(folder, name)), name
    for document in FEEDS:
        assert CheckedParser()("https://example.org/feed", io.BytesIO(document))[1]
    assert len(outlines(documents.OPML)) == 2


def read_named(folder: Path, name: str) -> Iterator[Article | Failure]:
    return read_file(folder, name) if name.endswith((".txt", ".md")) else read_archive(folder / name, name)


FILES = [
    ("a.txt", documents.PLAIN),
    ("a.md", documents.MARKDOWN),
    ("a.html", documents.PAGE),
    ("a.jsonl", documents.JSONL),
    ("a.jsonl.gz", documents.ZIPPED),
    ("a.csv", documents.CSV),
    ("a.warc", documents.WARC),
]
FEEDS = (documents.RSS, documents.ATOM, documents.JSON_FEED)


@pytest.mark.parametrize(("name", "document"), FILES, ids=lambda value: value if isinstance(value, str) else "")
def test_files_of_a_folder_and_archives(folder: Path, name: str, document: bytes) -> None:
    @fuzzed
    @given(damaged(document))
    def holds(content: bytes) -> None:
        (folder / name).write_bytes(content)
        in_time(name, content, lambda: read_named(folder, name))

    holds()


@fuzzed
@given(damaged(*FEEDS), st.sampled_from(["", "text/xml", "application/rss+xml; charset=latin-1", "text/html"]))
def test_feeds(document: bytes, content_type: str) -> None:
    def read() -> Iterable[object]:
        parser = CheckedParser()
        parser.now = datetime(2026, 6, 1, tzinfo=UTC)
        try:
            return parser("https://example.org/feed", io.BytesIO(document), {"Content-Type": content_type})[1]
        except (FeedUnusable, ParseError) as error:
            return [Failure("feed", str(error).partition("\n")[0] or type(error).__name__)]

    in_time("feed", document, read)


@fuzzed
@given(damaged(documents.OPML))
def test_lists_of_feeds(document: bytes) -> None:
    def read() -> Iterable[object]:
        try:
            return outlines(document)
        except FeedUnusable as error:
            return [Failure("list", str(error))]

    in_time("opml", document, read)


@fuzzed
@given(damaged(documents.PAGE), st.sampled_from(["", "text/html", "text/html; charset=utf-16", "text/plain"]))
def test_pages(document: bytes, content_type: str) -> None:
    def read() -> Iterable[object]:
        try:
            return [read_page(document, "https://example.org/a", content_type=content_type).article]
        except ValueError as error:
            return [Failure("page", str(error))]

    in_time("page", document, read)


@fuzzed
@given(damaged(documents.FRONT, documents.PLAIN))
def test_front_matter(document: bytes) -> None:
    def read() -> Iterable[object]:
        try:
            fields, body = split_front_matter(document.decode(errors="replace"))
        except ValueError as error:
            return [Failure("front matter", str(error))]
        assert isinstance(body, str)
        return [fields]

    in_time("front matter", document, read)


@pytest.mark.skipif("FUZZ_EXAMPLES" not in os.environ, reason="needs a process of its own: `make fuzz`")
def test_memory_did_not_grow_with_what_was_read() -> None:
    resource = pytest.importorskip("resource")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 < 400 + MEGABYTES

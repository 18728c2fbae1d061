"""Lists of feeds as other feed readers write them: OPML (http://opml.org/spec2.opml).

`reader.opml` reads no outline without `type="rss"`, which many lists leave out, and declares no limit to entities; it
writes the list.
"""

from __future__ import annotations

import html
import re
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from retrieval.article import Failure
from retrieval.errors import FeedUnusable, sentence
from retrieval.reading.feeds.mending import declares_entities, mended, spelled_out
from retrieval.reading.feeds.parsing import DECLARES_ENTITIES, NotWellFormed, check_xml
from retrieval.reasons import Reason
from retrieval.text.addresses import feed_address
from retrieval.text.charset import decoded
from retrieval.text.controls import storable_line
from retrieval.workers import Overrun, outside

_LARGEST = 5 * 1024 * 1024  # bytes
MOST_FEEDS = 2_000
"""Of a list that names more, the first are taken: each is asked again and again from then on."""
_NO_LIST = sentence("This is no list of feeds; export it as OPML from your reader.")
_UNREADABLE = sentence("The list of feeds cannot be read ({reason}); export it as OPML from your reader.")
_LIST = re.compile(r"<opml\b", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline\b", re.IGNORECASE)
_WHOLE_TAG = re.compile(r"""<outline\b(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ADDRESS_NAMED = re.compile(r"\sxmlurl\s{0,9}=\s{0,9}", re.IGNORECASE)
_ADDRESS = re.compile(r"""["']?([a-z]{2,9}:[^"'<>\s]{3,2000})""", re.IGNORECASE)


class Outline(NamedTuple):
    """A feed that a list names."""

    url: str
    title: str | None


def outlines(opml: Path | str | bytes) -> list[Outline | Failure]:
    """The feeds that a list names, each once, in its order, and a line for each that cannot be read.

    `opml` is a file or the text itself; a worker reads it (`retrieval.workers`). Raises `FeedUnusable` if it is no such
    list, or cannot be opened.
    """
    raw = _bytes(opml)
    if len(raw) > _LARGEST:
        raise FeedUnusable(
            "The list is larger than {size} MB; export the feeds alone from your reader.", size=_LARGEST // 1024**2
        )
    try:
        found = outside(_outlines, raw)
    except Overrun as error:
        raise FeedUnusable(_UNREADABLE, reason=Reason("it {does}", does=error)) from error
    if (more := len(found) - MOST_FEEDS) > 0:
        left_out = Reason(
            "{count} more feeds are left out: of a list the first {most} are taken. Split it.",
            count=more,
            most=MOST_FEEDS,
        )
        return [*found[:MOST_FEEDS], Failure(Reason("the list"), left_out)]
    return found


def _outlines(raw: bytes) -> list[Outline | Failure]:
    text = spelled_out(decoded(raw))
    try:
        found = _read(text)
    except FeedUnusable as error:
        if error.template == _NO_LIST:
            raise
        raise FeedUnusable(_UNREADABLE, reason=str(error).partition(", so")[0]) from None
    once: dict[str, Outline | Failure] = {}
    for each in found:
        once.setdefault(each.url if isinstance(each, Outline) else each.where, each)
    return list(once.values())


def _read(text: str) -> list[Outline | Failure]:
    try:
        return [*_well_formed(text)]
    except NotWellFormed as error:
        if declares_entities(text):
            raise FeedUnusable(DECLARES_ENTITIES) from None
        with suppress(NotWellFormed):
            return [*_well_formed(mended(text))]
        found = _line_by_line(text)
        if not any(isinstance(each, Outline) for each in found):
            raise error from None
        return found


def _well_formed(text: str) -> list[Outline]:
    written = text.encode("utf-8", "replace")
    check_xml(written)
    found: list[Outline] = []
    roots: list[str] = []

    def opened(name: str, written: dict[str, str]) -> None:
        roots.append(name.lower())
        attributes = {key.lower(): storable_line(value) for key, value in written.items()}
        url = feed_address(attributes.get("xmlurl", ""))
        if name.lower() == "outline" and url:
            found.append(Outline(url, attributes.get("title") or attributes.get("text") or None))

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = opened
    parser.Parse(written, True)
    if roots[0] != "opml":
        raise FeedUnusable(_NO_LIST)
    return found


def _line_by_line(text: str) -> list[Outline | Failure]:
    """The outlines of a list that is broken, each read alone; of one that is broken itself, its address."""
    found: list[Outline | Failure] = []
    starts = [mark.start() for mark in _OUTLINE.finditer(text)] if _LIST.search(text) else []
    number, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        number, counted = number + text.count("\n", counted, start), start
        line = text[start:end]
        if not (named := _ADDRESS_NAMED.search(line)):
            continue  # a folder
        if tag := _WHOLE_TAG.match(line):
            with suppress(FeedUnusable):
                found += _well_formed(f"<opml>{mended(tag[0].rstrip('/>'))}/></opml>")
                continue
        address = _ADDRESS.match(line, named.end())
        if address:
            found.append(Outline(feed_address(storable_line(html.unescape(address[1]))), None))
        else:
            found.append(
                Failure(
                    Reason("line {number}", number=str(number)),
                    Reason("it is not well-formed. Correct it in the list."),
                )
            )
    return found


def _bytes(opml: Path | str | bytes) -> bytes:
    if isinstance(opml, bytes):
        return opml
    if isinstance(opml, str):
        return opml.encode("utf-8", "replace")
    try:
        with opml.open("rb") as file:
            return file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FeedUnusable("{file} cannot be opened ({reason}); check the path.", file=opml, reason=reason) from None

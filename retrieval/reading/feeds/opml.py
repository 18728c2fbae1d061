"""Lists of feeds as other feed readers write them: OPML (http://opml.org/spec2.opml).

`reader.opml` reads no outline without `type="rss"`, which many lists leave out, and declares no limit to entities; it
writes the list.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from retrieval.errors import FeedUnusable
from retrieval.reading.feeds.parsing import check_xml
from retrieval.text.charset import decoded
from retrieval.text.controls import storable_line

_LARGEST = 5 * 1024 * 1024  # bytes


class Outline(NamedTuple):
    """A feed that a list names."""

    url: str
    title: str | None


def outlines(opml: Path | str | bytes) -> list[Outline]:
    """The feeds that a list names, each once, in its order.

    `opml` is a file or the text itself. Raises `FeedUnusable` if it is no such list, or cannot be opened.
    """
    raw = _bytes(opml)
    if len(raw) > _LARGEST:
        raise FeedUnusable(
            "The list is larger than {size} MB; export the feeds alone from your reader.", size=_LARGEST // 1024**2
        )
    text = decoded(raw).lstrip()
    if text.startswith("<?xml"):
        text = text.partition("?>")[2].lstrip()
    written = text.encode("utf-8", "replace")
    try:
        check_xml(written)
    except FeedUnusable as error:
        raise FeedUnusable(
            "The list of feeds cannot be read ({reason}); export it as OPML from your reader.",
            reason=str(error).partition(", so")[0],
        ) from None
    found: dict[str, Outline] = {}
    roots: list[str] = []

    def opened(name: str, written: dict[str, str]) -> None:
        roots.append(name.lower())
        attributes = {key.lower(): storable_line(value) for key, value in written.items()}
        url = attributes.get("xmlurl", "")
        if name.lower() == "outline" and url:
            found.setdefault(url, Outline(url, attributes.get("title") or attributes.get("text") or None))

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = opened
    parser.Parse(written, True)
    if roots[0] != "opml":
        raise FeedUnusable("This is no list of feeds; export it as OPML from your reader.")
    return list(found.values())


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

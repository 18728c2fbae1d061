"""Stand-ins for what reads strangers' input: some that never end, or take all memory, or end their process."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.reading.sources.fields import Checked


def never_ends(*_: object) -> None:
    while True:
        pass


def sleeps(*_: object) -> None:
    time.sleep(60)


def takes_all_memory(*_: object) -> None:
    taken: list[bytes] = []
    while True:
        taken.append(bytes(10_000_000))


def ends_its_process(*_: object) -> None:
    os._exit(3)


class Unlike(Exception):
    """An error that is no longer the same when it has been sent."""

    def __init__(self, one: int, another: int) -> None:
        super().__init__(f"{one} is not {another}")


def raises(error: BaseException | None = None) -> None:
    raise error or Unlike(1, 2)


def process(*_: object) -> int:
    """Which process it was."""
    return os.getpid()


def takes(megabytes: int) -> int:
    """Takes that much memory, and gives it back; which process it was."""
    bytes(megabytes * 1024 * 1024).replace(b"\0", b"1")
    return process()


def environment() -> dict[str, str]:
    return dict(os.environ)


def prints_and_gives(text: str) -> str:
    print(text)
    os.write(1, text.encode())
    return text


def modules() -> set[str]:
    return set(sys.modules)


TRAP = "<!-- this ends who reads it -->"


def reads_or_ends(html: bytes | str, *others: Any) -> Checked:
    """As a page is read, but for one with the `TRAP`."""
    if TRAP in (html if isinstance(html, str) else html.decode(errors="replace")):
        ends_its_process()
    from retrieval.reading.sources.html_page import _page

    return _page(html, *others)


def parses_or_ends(url: str, body: bytes, *others: Any) -> Any:
    """As a feed is parsed, but for one with the `TRAP`."""
    if TRAP.encode() in body:
        ends_its_process()
    from retrieval.reading.feeds.parsing import _parsed

    return _parsed(url, body, *others)


def tells_and_never_ends(file: Path) -> None:
    file.write_text(str(os.getpid()), encoding="utf-8")
    never_ends()

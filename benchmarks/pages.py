"""What it costs to read pages in processes of their own: ordinary pages, with and without, in turns.

    python -m benchmarks.pages [--pages 1000] [--paragraphs 30]

Invented pages, each with menus, scripts, boxes and an article. They are read in this process, as a function, and by
workers (`retrieval.workers`), in turns of 50, once one after another and once four at a time, as a poll reads them.
Prints the seconds of each, their ratio, how long Python code of this process had to wait meanwhile (which is what
Discord's heartbeat has to), and what a worker takes in memory.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from retrieval import workers
from retrieval.reading.sources.html_page import _page, read_page

AT_A_TIME = 50
EVERY = 0.005  # seconds between two looks at the clock
WORDS = """
river harbour council bridge market school winter election factory museum railway forest doctor farmer village border
minister police teacher engineer report price storm season budget court strike vote road island team coach bank law
""".split()


def page(number: int, paragraphs: int) -> bytes:
    """An article among what stands around it; no two are alike."""
    chance = random.Random(number)  # noqa: S311

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(8, 24))).capitalize() + f" {chance.randint(2, 900)}."

    menu = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    script = f"<script>var page = {{{','.join(f'a{n}: {chance.random()}' for n in range(400))}}};</script>"
    teasers = "".join(
        f'<div class="card"><a href="/news/{n}"><img src="/{n}.jpg"><h3>{sentence()}</h3></a></div>' for n in range(20)
    )
    text = "".join(
        f'<p class="body">{sentence()} <a href="/topic/{n}">{sentence()}</a> <em>{sentence()}</em> {sentence()}</p>'
        for n in range(paragraphs)
    )
    title = sentence()
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Gazette</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-05-01T08:00:00Z">{script}</head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>{text}</article>"
        f'<aside class="related">{teasers}</aside></main><footer><ul>{menu}</ul></footer>{script}</body></html>'
    ).encode()


def here(html: bytes) -> str:
    """Read in this process."""
    return _page(html, None, None, "text/html", 20).article.body


def outside(html: bytes) -> str:
    """Read by a worker."""
    return read_page(html, content_type="text/html").article.body


class Waits:
    """How long a thread of this process had to wait beyond what it asked for, within a block."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Waits:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            began = time.perf_counter()
            time.sleep(EVERY)
            self.seconds.append(time.perf_counter() - began - EVERY)


def measured(pages: Sequence[bytes], at_once: int) -> None:
    """Read all pages both ways, in turns, and print what that took."""
    ways: dict[str, Callable[[bytes], str]] = {"here": here, "outside": outside}
    taken, waits = dict.fromkeys(ways, 0.0), {name: list[float]() for name in ways}
    with ThreadPoolExecutor(at_once) as threads:
        for start in range(0, len(pages), AT_A_TIME):
            texts: list[list[str]] = []
            for name, way in ways.items():
                began = time.perf_counter()
                with Waits() as waited:
                    texts.append(list(threads.map(way, pages[start : start + AT_A_TIME])))
                taken[name] += time.perf_counter() - began
                waits[name] += waited.seconds
            assert texts[0] == texts[1]
    print(f"{at_once} at a time: ", end="")
    for name in ways:
        late = statistics.quantiles(waits[name], n=100)[98] * 1000
        print(f"{name} {taken[name]:.1f} s (wait p99 {late:.0f} ms, most {max(waits[name]) * 1000:.0f} ms), ", end="")
    print(f"ratio {taken['outside'] / taken['here']:.2f}")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--paragraphs", type=int, default=30)
    asked = parser.parse_args()
    pages = [page(number, asked.paragraphs) for number in range(asked.pages)]
    print(f"{len(pages):,} pages of {statistics.mean(map(len, pages)) / 1024:.0f} KB")
    began = time.perf_counter()
    outside(pages[0])
    print(f"the first page of a worker, which starts for it: {time.perf_counter() - began:.2f} s")
    here(pages[0])
    for at_once in (1, 4):
        measured(pages, at_once)
    for worker in workers._workers._idle:
        status = Path(f"/proc/{worker._process.pid}/status")
        if status.exists():
            line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
            print(f"a worker took at most {int(line.split()[1]) // 1024} MB")


if __name__ == "__main__":
    main()

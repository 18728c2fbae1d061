"""Links that highlight quotes, opened in real browsers: what they highlight, by the structure of the page.

    python -m benchmarks.links [--write docs/links.md] [--only PATTERN] [--browser NAME] [--details]

Every page is taken in as an article is, and links are made to spans of one to three of its sentences. Browsers that
are not there are left out, with a word.
"""

from __future__ import annotations

import argparse
import asyncio
import http.server
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.links.browsers import BROWSERS, STYLE, Opener, shown
from benchmarks.links.judging import Alignment, Outcome, judged
from benchmarks.links.pages import Structure
from benchmarks.links.published import STRUCTURES
from retrieval.answering.quote import cut_quote
from retrieval.article import Article
from retrieval.reading.sources.html_page import read_page
from retrieval.text.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Case:
    """A structure as an article, and the spans that are quoted from it."""

    structure: Structure
    article: Article
    spans: tuple[tuple[int, int], ...]


def cases(structures: Sequence[Structure], base: str, spans_each: int, *, body_alone: bool) -> Iterator[Case]:
    """Every structure, taken in; with `body_alone` as from a feed that has the text of its articles."""
    for number, structure in enumerate(structures):
        try:
            article = read_page(structure.page(STYLE), f"{base}/{number}").article
        except ValueError as error:
            print(f"{structure.group}: {structure.name} is left out, it {error}.")
            continue
        article = replace(article, layout=None) if body_alone else article
        sentences = sentence_spans(article.body)
        chance = random.Random(structure.name)  # noqa: S311  # no secret
        spans: set[tuple[int, int]] = set()
        for index in range(spans_each):
            length = min(1 + index % 3, len(sentences))
            first = chance.randrange(len(sentences) - length + 1) if index > 2 else 0
            spans.add((sentences[first][0], sentences[first + length - 1][1]))
        yield Case(structure, article, tuple(sorted(spans)))


@contextmanager
def served(structures: Sequence[Structure]) -> Iterator[str]:
    """The address below which structures are served by their number."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.strip("/")
            page = structures[int(number)].page(STYLE).encode() if number.isdigit() else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


async def outcomes(opener: Opener, case: Case, details: bool) -> Counter[Outcome]:
    """What became of the links to one page."""
    found: Counter[Outcome] = Counter()
    alignment: Alignment | None = None
    for start, end in case.spans:
        link = cut_quote(case.article, start, end).link
        assert link is not None
        seen = await shown(opener, link)
        alignment = alignment or Alignment.of(case.article.body, seen)
        outcome = judged(alignment, start, end, seen)
        if outcome is None:
            continue
        found[outcome] += 1
        if details and outcome is not Outcome.EXACT:
            lit = "".join(sign for sign, one in zip(seen.characters, seen.highlighted, strict=True) if one)
            print(
                f"{case.structure.group}: {case.structure.name}: {outcome}",
                f"{case.article.body[start:end]!r}\n    {link.partition(':~:')[2]}\n    {lit!r}",
                sep="\n    ",
            )
    return found


async def try_browser(name: str, chosen: Sequence[Case], details: bool) -> dict[str, Counter[Outcome]] | None:
    """What became of the links, by structure; None where there is no such browser."""
    results: dict[str, Counter[Outcome]] = {}
    waiting = iter(chosen)

    async def work(opener: Opener) -> None:
        for case in waiting:
            results[case.structure.name] = await outcomes(opener, case, details)

    try:
        async with BROWSERS[name]() as openers:
            await asyncio.gather(*map(work, openers))
    except FileNotFoundError as error:
        print(f"{name} is left out. {error}")
        return None
    return results


def share(counts: Counter[Outcome], *which: Outcome) -> str:
    """As in "96.4%"."""
    return f"{100 * sum(counts[each] for each in which) / max(1, counts.total()):.1f}%"


def summary(counts: Counter[Outcome]) -> list[str]:
    """Shares of all outcomes, with that of exact or a part in front of the rest."""
    return [share(counts, Outcome.EXACT), share(counts, Outcome.EXACT, Outcome.PART)] + [
        share(counts, each) for each in list(Outcome)[1:]
    ]


def tables(structures: Sequence[Structure], results: Mapping[str, Mapping[str, Counter[Outcome]]]) -> str:
    """Markdown tables: by browser, and the structures of which a link in any of them was not exact."""
    names = ["exact", "exact or a part", *list(Outcome)[1:]]
    lines = [f"| | links | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    for name, result in results.items():
        total = sum(result.values(), Counter())
        lines.append(f"| {name} | {total.total()} | {' | '.join(summary(total))} |")
    lines += ["", f"| structure, exact of all | {' | '.join(results)} |", "|---|" + "---|" * len(results)]
    exact = 0
    for each in structures:
        counts = [result.get(each.name, Counter()) for result in results.values()]
        if all(one[Outcome.EXACT] == one.total() for one in counts):
            exact += any(one.total() for one in counts)
            continue
        shares = [f"{one[Outcome.EXACT]} of {one.total()}{_rest(one)}" for one in counts]
        lines.append(f"| {each.group}: {each.name.replace('<', '`<').replace('>', '>`')} | {' | '.join(shares)} |")
    return "\n".join([*lines, f"| {exact} other structures | {' | '.join('all' for _ in results)} |", ""])


def _rest(counts: Counter[Outcome]) -> str:
    rest = [f"{each} {counts[each]}" for each in list(Outcome)[1:] if counts[each]]
    return f" ({', '.join(rest)})" if rest else ""


async def main() -> None:
    """Open the links, and print what they highlighted or write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", type=Path, metavar="PAGE.md", help="put the tables below the page's last heading")
    parser.add_argument("--only", default="", metavar="PATTERN", help="structures whose group and name match it")
    parser.add_argument("--browser", choices=BROWSERS, action="append")
    parser.add_argument("--body-alone", action="store_true", help="make links without knowing the pages")
    parser.add_argument("--spans", type=int, default=3, help="quotes of each page, of one to three sentences")
    parser.add_argument("--details", action="store_true", help="tell every link that is not exact")
    arguments = parser.parse_args()
    structures = [each for each in STRUCTURES if re.search(arguments.only, f"{each.group}: {each.name}")]
    with served(structures) as base:
        chosen = list(cases(structures, base, arguments.spans, body_alone=arguments.body_alone))
        results = {}
        for name in arguments.browser or BROWSERS:
            if (result := await try_browser(name, chosen, arguments.details)) is not None:
                results[name] = result
                print(tables(structures, {name: result}), flush=True)
    if arguments.write and results:
        page = arguments.write.read_text(encoding="utf-8")
        head, heading, rest = page.rpartition("\n## ")
        title = rest.partition("\n")[0]
        arguments.write.write_text(f"{head}{heading}{title}\n\n{tables(structures, results)}", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())

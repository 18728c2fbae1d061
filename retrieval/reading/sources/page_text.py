"""The text that a page itself shows: what an extractor takes for the article is held against it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled
from lxml.html import Element, HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre search section summary table tbody td tfoot
    th thead tr ul
    """.split()
)
"""Elements that begin a line of their own."""

_DROPPED_BY_EXTRACTORS = ("time", "output", "label", "meter", "progress")
_HOLDS_PARAGRAPHS = ("article", "section", "main", "div", "body")
_UNFINISHED = re.compile(r"[^\W_][^\S\n]*\Z|[,–—-]\s*\Z")
_SAME = 2 / 3  # of the words of both: a block of which half was taken is still what was meant
_LIKELY = 3  # blocks are compared with a line
_PARAGRAPH = 4  # words at least, in one that a block may have split
_BOX = 40  # words at most, in a block that splits one


def keep_words(tree: HtmlElement) -> None:
    """Leave no element among words with whose tag an extractor would drop its own."""
    for element in [*tree.iter(*_DROPPED_BY_EXTRACTORS)]:
        parent = element.getparent()
        if parent is None or next(element.iterancestors("form", "nav", "fieldset"), None) is not None:
            continue
        if any((text or "").strip() for text in (parent.text, *(each.tail for each in parent))):
            element.drop_tag()


def gather_stray_text(tree: HtmlElement) -> None:
    """Make paragraphs of text that stands beside paragraphs: a parser ends a `<p>` at the first block within it.

    What such a block split goes together again, where its first part ends within a sentence.
    """
    for holder in [*tree.iter(*_HOLDS_PARAGRAPHS)]:
        if any(child.tag in BLOCKS for child in holder):
            for run in _stray_runs(holder):
                _gather(holder, run)


def _stray_runs(holder: HtmlElement) -> list[tuple[HtmlElement | None, list[HtmlElement]]]:
    """The runs of text right in `holder`: each the block before it (None at the start), and the elements in it."""
    runs: list[tuple[HtmlElement | None, list[HtmlElement]]] = []
    before: HtmlElement | None = None
    inline: list[HtmlElement] = []

    def end() -> None:
        text = (holder.text if before is None else before.tail) or ""
        if (text + "".join(each.text_content() + (each.tail or "") for each in inline)).strip():
            runs.append((before, inline))

    for child in holder:
        if child.tag in BLOCKS or child.tag in ("script", "style", "br", "hr"):
            end()
            before, inline = child, []
        elif isinstance(child.tag, str):
            inline.append(child)
    end()
    return runs


def _gather(holder: HtmlElement, run: tuple[HtmlElement | None, list[HtmlElement]]) -> None:
    before, inline = run
    paragraph = Element("p")
    if before is None:
        paragraph.text, holder.text = holder.text, None
        holder.insert(0, paragraph)
    else:
        paragraph.text, before.tail = before.tail, None
        before.addnext(paragraph)
    paragraph.extend(inline)
    begun = _begun(before)
    if begun is not None:
        _append(begun, paragraph)
        paragraph.drop_tree()


def _begun(before: HtmlElement | None) -> HtmlElement | None:
    """The paragraph that ends within a sentence: right before, or before a small block that split it."""
    begun = before
    if before is not None and before.tag != "p":
        small = len(before.text_content().split()) <= _BOX
        begun = before.getprevious() if small else None
        if begun is None or (begun.tail or "").strip():
            return None
    if begun is None or begun.tag != "p":
        return None
    text = begun.text_content()
    return begun if len(text.split()) >= _PARAGRAPH and _UNFINISHED.search(text[-40:]) else None


def _append(begun: HtmlElement, rest: HtmlElement) -> None:
    text = f" {(rest.text or '').lstrip()}"
    if len(begun):
        begun[-1].tail = (begun[-1].tail or "") + text
    else:
        begun.text = (begun.text or "") + text
    begun.extend([*rest])


def as_written(lines: Sequence[str], tree: HtmlElement) -> list[str]:
    """The lines, each as the page itself has it: where an extractor lost some of its words, the page's own.

    A line that is not to be found on the page is no text of it, and is left out; one that is several blocks of it is
    each of them.
    """
    blocks = [*texts_of(tree)]
    spelled = [_letters(block) for block in blocks]
    whole, ends = "".join(spelled), [*accumulate(map(len, spelled))]
    found: list[str] = []
    holding: dict[str, set[int]] = {}
    for line in lines:
        text = line.removeprefix("- ")
        letters = _letters(text.replace("|", ""))
        if (place := whole.find(letters)) >= 0:
            edges = ends[bisect_right(ends, place) : bisect_left(ends, place + len(letters))] if "|" not in text else []
            found += _parted(line, [edge - place for edge in edges])
            continue
        holding = holding or _holding(blocks)
        if (block := _of_page(text, blocks, holding)) is not None:
            found.append(line.removesuffix(text) + block)
    return found


def _parted(line: str, edges: Sequence[int]) -> list[str]:
    """The line in parts that end behind so many letters each, but where a sentence goes on."""
    parts, begun, letters = [], line.startswith("- ") * 2, 0
    at = begun
    for edge in edges:
        while letters < edge:
            letters += len(_letters(line[at]))
            at += 1
        if not line[at:].lstrip()[:1].islower():
            parts.append(line[begun:at].strip())
            begun = at
    return [line] if not parts else [*parts, line[begun:].strip()]


def _letters(text: str) -> str:
    """What is compared: without white space, format characters, and differences of composition."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in composed if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc"))


def _holding(blocks: Sequence[str]) -> dict[str, set[int]]:
    """Which blocks hold a word."""
    holding: dict[str, set[int]] = {}
    for number, block in enumerate(blocks):
        for word in block.split():
            holding.setdefault(word, set()).add(number)
    return holding


def _of_page(text: str, blocks: Sequence[str], holding: Mapping[str, set[int]]) -> str | None:
    """The block of the page that was meant by `text`: it has most of its words in the same order.

    A word may lack in either, or run into another one.
    """
    words = text.split()
    shared = Counter(number for word in {*words} for number in holding.get(word, ()))
    likely = ((_likeness(words, blocks[number].split()), number) for number, _ in shared.most_common(_LIKELY))
    likeness, number = max(likely, default=(0.0, 0))
    return blocks[number] if likeness >= _SAME else None


def _likeness(words: Sequence[str], others: Sequence[str]) -> float:
    return SequenceMatcher(None, words, others).ratio()


def texts_of(tree: HtmlElement) -> Iterator[str]:
    """The lines of the tree, each with its white space folded; what shows no text is left out."""
    line: list[str] = []
    hidden: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        breaks = name in BLOCKS or name == "br"
        if breaks and hidden is None and (text := " ".join("".join(line).split())):
            yield text
        if breaks and hidden is None:
            line.clear()
        if event == "start":
            if hidden is None and name in ("", "script", "style", "noscript", "template", "head"):
                hidden = element
            if hidden is None:
                line.append(element.text or "")
            continue
        if hidden is element:
            hidden = None
        if hidden is None:
            line.append(element.tail or "")
    if text := " ".join("".join(line).split()):
        yield text

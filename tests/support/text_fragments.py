"""What a browser highlights for a text directive, by the standard: https://wicg.github.io/scroll-to-text-fragment/."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from lxml.html import HtmlElement, document_fromstring

_BLOCKS = frozenset(
    "address article aside blockquote body button dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr input li main math nav ol p pre section svg table td th tr ul br".split()
)
_APART = re.compile(r"display\s*:\s*(?!inline\s*(?:;|$)|contents)|float\s*:|position\s*:\s*absolute")


class Terms(NamedTuple):
    prefix: str | None
    start: str
    end: str | None
    suffix: str | None


def parse_directive(directive: str) -> Terms:
    """ "Parse a text directive" of the standard; asserts its grammar."""
    assert re.fullmatch(r"text=(?:[A-Za-z0-9!$'()*+./:;=?@_~,-]|%[0-9A-F]{2})+", directive), directive
    tokens = directive.removeprefix("text=").split(",")
    assert 1 <= len(tokens) <= 4
    assert all(tokens)
    prefix = tokens.pop(0)[:-1] if tokens[0].endswith("-") else None
    suffix = tokens.pop()[1:] if tokens[-1].startswith("-") else None
    assert len(tokens) in (1, 2)
    assert not any("-" in token for token in tokens)
    decoded = [None if token is None else unquote(token, errors="strict") for token in (prefix, tokens[0], suffix)]
    return Terms(decoded[0], decoded[1] or "", unquote(tokens[1]) if len(tokens) == 2 else None, decoded[2])


def parse_directives(link: str) -> list[Terms]:
    """Those of a link."""
    return [parse_directive(each) for each in link.partition(":~:")[2].split("&") if each]


def base_letter(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].casefold()[0]


class SearchedText:
    """Blocks as a browser searches them: white space folded, "\\n" between blocks.

    `characters` are (character, where it comes from); a "\\n" among them ends a block.
    """

    def __init__(self, characters: Sequence[tuple[str, int]]) -> None:
        text: list[str] = []
        self.offsets: list[int] = []  # of each folded character
        for character, offset in characters:
            last = text[-1] if text else "\n"
            if character == "\n":
                if last == " ":
                    text.pop()
                    self.offsets.pop()
                if not text or text[-1] == "\n":
                    continue
            elif character.isspace():
                if last in " \n":
                    continue
                character = " "
            text.append("\n" if character == "\n" else base_letter(character))
            self.offsets.append(offset)
        self.text = "".join(text)

    def at_word_boundary(self, position: int) -> bool:
        if position in (0, len(self.text)):
            return True
        return not (self.text[position - 1].isalnum() and self.text[position].isalnum())

    def find(self, term: str, position: int, *, start_bounded: bool, end_bounded: bool) -> tuple[int, int] | None:
        """ "Find a string in range"; the separator keeps a term within its block."""
        needle = "".join(base_letter(character) for character in re.sub(r"\s+", " ", term))
        while (found := self.text.find(needle, position)) >= 0:
            end = found + len(needle)
            if (not start_bounded or self.at_word_boundary(found)) and (not end_bounded or self.at_word_boundary(end)):
                return found, end
            position = found + 1
        return None

    def skip_space(self, position: int) -> int:
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return position

    def range_of(self, terms: Terms) -> tuple[int, int] | None:
        """ "Find a range from a text directive": where its first and its last character come from."""
        found = self._range_of(terms)
        return found and (self.offsets[found[0]], self.offsets[found[1] - 1])

    def _range_of(self, terms: Terms) -> tuple[int, int] | None:
        search = 0
        while search < len(self.text):
            end_bounded = terms.end is not None or terms.suffix is None
            if terms.prefix is not None:
                prefix = self.find(terms.prefix, search, start_bounded=True, end_bounded=False)
                if prefix is None:
                    return None
                search = prefix[0] + 1
                begin = self.skip_space(prefix[1])
                match = self.find(terms.start, begin, start_bounded=False, end_bounded=end_bounded)
                if match is None:
                    return None
                if match[0] != begin:
                    continue
            else:
                match = self.find(terms.start, search, start_bounded=True, end_bounded=end_bounded)
                if match is None:
                    return None
                search = match[0] + 1
            end_search = match[1]
            while end_search < len(self.text) or terms.end is None:
                end = match[1]
                if terms.end is not None:
                    closing = self.find(terms.end, end_search, start_bounded=True, end_bounded=terms.suffix is None)
                    if closing is None:
                        return None
                    end = closing[1]
                if terms.suffix is None:
                    return match[0], end
                after = self.skip_space(end)
                suffix = self.find(terms.suffix, after, start_bounded=False, end_bounded=True)
                if suffix is None:
                    return None
                if suffix[0] == after:
                    return match[0], end
                if terms.end is None:
                    break
                end_search = end
            else:
                return None
        return None


def searched_page(html: str) -> tuple[SearchedText, list[str]]:
    """A page as Chromium searches it, and the characters it shows but for white space: those that ranges lie in."""
    searched: list[tuple[str, int]] = []
    shown: list[str] = []

    def text(words: str | None) -> None:
        for character in words or "":
            searched.append((" " if character == "\n" else character, len(shown)))
            if not character.isspace():
                shown.append(character)

    def walk(element: HtmlElement) -> None:
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "template"):
            return
        apart = element.tag in _BLOCKS or _APART.search(element.get("style") or "")
        if apart:
            searched.append(("\n", len(shown)))
        if element.tag not in ("svg", "input"):
            text(element.text)
            for child in element:
                walk(child)
                text(child.tail)
        if apart:
            searched.append(("\n", len(shown)))

    walk(document_fromstring(html).find("body"))
    return SearchedText(searched), shown

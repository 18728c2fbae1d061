"""A small reader of Discord's markdown: which text it shows, and what it does besides.

Stricter than Discord: a lone emphasis mark counts as one that has found its partner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Rules = tuple[tuple[str, re.Pattern[str]], ...]

_LINE: Rules = (
    ("quote", re.compile(r"\s*>(?:>>)? ")),
    ("heading", re.compile(r"\s*#{1,3}(?:\s|$)")),
    ("subtext", re.compile(r"\s*-#(?:\s|$)")),
    ("list", re.compile(r"\s*(?:[-*+]|[0-9]+\.)(?:\s|$)")),
)
_INLINE: Rules = (
    ("mention", re.compile(r"<(?:@[!&]?|#)[0-9]+>|@everyone|@here", re.IGNORECASE)),
    ("command", re.compile(r"</[^>\n]+:[0-9]+>")),
    ("emoji", re.compile(r"<a?:\w+:[0-9]+>|:[\w+~-]+:")),
    ("timestamp", re.compile(r"<t:(-?[0-9]+)(?::[a-zA-Z])?>")),
    ("navigation", re.compile(r"<(?:id|sound):[^>\n]+>")),
    ("link", re.compile(r"\[(?:\\.|[^\]\\])*\]\(\s*<?([^\s)>]*)>?[^)]*\)")),
    ("url", re.compile(r"<?\w+://[^\s]*", re.ASCII)),
    ("bold", re.compile(r"\*\*")),
    ("mark", re.compile(r"[*_`|\[\]]|~~")),
)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")


@dataclass(frozen=True)
class Reading:
    """`text` is what a member sees; `marks` what else happens, each a kind and its value."""

    text: str
    marks: tuple[tuple[str, str], ...]

    def values(self, kind: str) -> list[str]:
        return [value for found, value in self.marks if found == kind]


def read(markdown: str) -> Reading:
    lines, marks = [], []
    for line in re.split(r"\n", markdown):
        position = 0
        while found := _first(_LINE, line, position):
            kind, match = found
            marks.append((kind, match.group().strip()))
            position = match.end()
        shown, inline = _read_line(line[position:])
        lines.append(shown)
        marks.extend(inline)
    return Reading("\n".join(lines), tuple(marks))


def _first(rules: Rules, line: str, position: int) -> tuple[str, re.Match[str]] | None:
    for kind, rule in rules:
        if match := rule.match(line, position):
            return kind, match
    return None


def _read_line(line: str) -> tuple[str, list[tuple[str, str]]]:
    shown: list[str] = []
    marks: list[tuple[str, str]] = []
    position = 0
    while position < len(line):
        if escaped := _ESCAPE.match(line, position):
            shown.append(escaped.group(1))
            position = escaped.end()
            continue
        found = _first(_INLINE, line, position)
        # A URL starts with a word, so only its beginning counts.
        if found and not (found[0] == "url" and position and re.match(r"\w", line[position - 1])):
            kind, match = found
            marks.append((kind, match.group(1) if match.re.groups else match.group()))
            if kind == "link":
                inner, within = _read_line(match.group()[1 : match.group().index("](")])
                shown.append(inner)
                marks.extend(within)
            position = match.end()
            continue
        shown.append(line[position])
        position += 1
    return "".join(shown), marks

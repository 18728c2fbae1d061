"""Text that others wrote, made safe to store, and to print: in a terminal some characters are commands."""

from __future__ import annotations

import re

# C0 and C1 control characters (escape sequences begin with one), except tab and newline; the characters
# that turn the writing direction, with which a headline could rearrange the line it stands in; and lone
# surrogates, which no stream can encode.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_NO_TEXT = re.compile("[\ud800-\udfff\0]")


def storable(text: str) -> str:
    """`text` with U+FFFD for what UTF-8 and SQLite cannot hold: lone surrogates and NUL."""
    return _NO_TEXT.sub("\ufffd", text)


def storable_line(text: str) -> str:
    """`text` as it is stored, on one line: its runs of white space folded to one space."""
    return " ".join(storable(text).split())


def without_controls(text: str) -> str:
    """`text` without the characters that would command a terminal; tabs and newlines stay."""
    return _COMMANDS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`text` on one line: for headlines, names and messages, where a newline could fake another line."""
    return " ".join(without_controls(text).split())

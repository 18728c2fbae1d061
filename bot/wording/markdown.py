"""Untrusted text and links as Discord markdown: shown as written, never obeyed.

Backslashes, and the marks around what is bold, are all that is added to text: Discord does not show a backslash before
punctuation, so what a member reads and copies is what the article says. `unescape` is the exact inverse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.wording.amounts import day_in_words
from bot.wording.language import _
from retrieval.article import Day
from retrieval.text.controls import one_line, without_controls

MAX_LINK = 512
"""Characters of a link; Discord allows no more in a button, and longer ones crowd out the text."""

NO_BREAK = "\u00a0"
"""The space that no line breaks at. It stands in the bot's own words only, never in quoted text."""

# Line ends that Discord may or may not break at; a byte order mark that hides a line's start.
_LINE_ENDS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n") | {0xFEFF: None}

_MARKUP = re.compile(
    r"""
      [\\*_~`|\[\]<]                    # emphasis, code, spoilers, masked links, and every <...> mention
    | @(?=everyone|here)                # the two mentions that are plain words
    | :(?=//)                           # a bare URL
    | :(?=[\w+~-]+:)                    # an emoji's name
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Markup that counts only where a line starts. Some characters that are no white space in Python are
# skipped by Discord's client or by the eye.
_INDENT = r"^((?:[^\S\n]|[\u200b-\u200f\u2060])*"
_LINE_MARKUP = re.compile(_INDENT + r")(?=\#{1,3}(?:\s|$)|-(?:\#|\s|$)|\+(?:\s|$)|>)", re.MULTILINE)
_NUMBERED = re.compile(_INDENT + r"[0-9]+)(?=\.(?:\s|$))", re.MULTILINE)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])|\*\*")
# One character that is shown, with the backslash that it may need.
_SHOWN = re.compile(r"\\[^0-9A-Za-z\s]|.", re.DOTALL)
_INKED = re.compile(r"\S(?:[^\n]*\S)?")


Spans = Iterable[tuple[int, int]]
"""Spans `[start, end)` of what is visible of a text, in order and apart."""


def visible(text: str) -> str:
    """`text` without control characters and writing direction overrides, its line ends all `\\n`.

    All else is as it was. Of these characters a reader sees nothing but the harm, and Discord rejects some.
    """
    return without_controls(text.translate(_LINE_ENDS))


def escape(text: str) -> str:
    """Markdown that shows `visible(text)` and does nothing else, also at the start of a line."""
    marked = _MARKUP.sub(r"\\\g<0>", visible(text))
    return _NUMBERED.sub(r"\1\\", _LINE_MARKUP.sub(r"\1\\", marked))


def unescape(markdown: str) -> str:
    """What Discord shows for markdown that `escape` or `emphasised` made."""
    return _ESCAPED.sub(lambda match: match[1] or "", markdown)


def emphasised(text: str, spans: Spans) -> str:
    """`escape(text)` with these spans of `visible(text)` in bold.

    Each line of a span has marks of its own, and white space at its ends has none.
    """
    shown = _SHOWN.findall(escape(text))
    plain = visible(text)
    for start, end in spans:
        for line in _INKED.finditer(plain, start, end):
            shown[line.start()] = "**" + shown[line.start()]
            shown[line.end() - 1] += "**"
    return "".join(shown)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between words where that loses little, then "…"."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    words = cut.rpartition(" ")[0]
    return (words if len(words) > limit // 2 else cut).rstrip() + "…"


def label(text: str, limit: int) -> str:
    """A title, a name or a question: one line, shortened to `limit` characters, escaped."""
    return escape(shorten(one_line(text), limit))


def block_quote(text: str, bold: Spans = ()) -> str:
    """`text`, word for word, as a block quote; every line of it. `bold` are spans as `emphasised` takes them."""
    return "\n".join(f"> {line}" for line in emphasised(text, bold).split("\n"))


def link_target(url: str | None) -> str | None:
    """`url` as it may stand in a masked link, at most `MAX_LINK` characters; None if it must not be one.

    Only http and https with a host and without a user name pass. Characters that could end the link are
    percent-encoded; a fragment is left out where it makes the link too long.
    """
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode()
        authority = f"{host}:{parts.port}" if parts.port else host
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not re.fullmatch(r"[\w.-]+", host, re.A):
        return None
    page = parts._replace(scheme="", netloc="", fragment="").geturl()
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    for rest in (page + fragment, page):
        link = f"{parts.scheme}://{authority}" + percent_encode(rest, safe="/?:#@!$&,;=%~+", errors="replace")
        if len(link) <= MAX_LINK:
            return link
    return None


def linked(text: str, url: str | None, limit: int) -> str:
    """`text` as a `label` that opens `url`; the label alone when there is no link."""
    target, shown = link_target(url), label(text, limit)
    if target is None:
        return shown
    # Discord shows a masked link in full when its text looks like a URL itself.
    return f"{shown} ([link]({target}))" if "://" in text else f"[{shown}]({target})"


def unbroken(text: str) -> str:
    """The bot's own words on one line, however narrow that is."""
    return text.replace(" ", NO_BREAK)


def day_text(day: Day | None) -> str:
    """A moment in the reader's own time zone, and how long ago it was; a plain date in words, which no time zone can
    shift.

    It stays on one line.
    """
    if day is None:
        return _("undated")
    if isinstance(day, datetime):
        return f"<t:{int(day.timestamp())}:D> ({ago(day.timestamp())})"
    return unbroken(day_in_words(day))


def moment_text(day: Day | None) -> str:
    """A moment with its hour in the reader's own time zone; a plain date in words. It stays on one line."""
    return f"<t:{int(day.timestamp())}:f>" if isinstance(day, datetime) else day_text(day)


def ago(moment: float) -> str:
    """How long ago a moment (seconds since 1970) was, or when it comes, as a reader's client keeps reckoning it."""
    return f"<t:{int(moment)}:R>"

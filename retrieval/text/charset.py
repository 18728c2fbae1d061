"""From the bytes of a page or feed to its text, also where what is said of its charset is missing or wrong.

One decision for all that is read, whether it was fetched, saved or archived.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARAMETER = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:+-]+)|<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE
)
_HEAD = 4096  # bytes in which a page declares its charset; the standard has 1024, pages have more

# Python knows codecs that are no page's charset ("unicode-escape", "utf-7").
_FOR_PAGES = re.compile(
    r"utf-(?:8|16|32)|ascii|cp\d|iso8859-|koi8-|mac-|tis-620|gb|hz$|big5|euc_|shift_jis|johab|iso2022_"
)
_ONE_BYTE = re.compile(r"cp125\d|cp437|cp85\d|cp866|cp874|tis-620|iso8859-\d+|koi8-\w|mac-\w+")
_ASCII_TO_THE_EYE = re.compile(r"iso2022_|hz$")
_WIDE = re.compile(r"utf-(?:16|32)")
_READ_AS = {
    "utf-8-sig": "utf-8",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
"""https://encoding.spec.whatwg.org/#names-and-labels: what pages mean by these names."""

_ASCII = bytes(range(128))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_SAMPLE = 64 * 1024  # bytes by which a charset is guessed
_SOUND, _MOSTLY_SOUND = 0.9, 0.5  # shares of what is not ASCII


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of `body`, without a byte order mark; `content_type` is what the server said of it.

    The byte order mark counts first. Then it is UTF-8 if it can be, for other text hardly ever can; then what the
    server says and what the text declares, unless the bytes contradict it. Last comes a guess. Never fails: what
    cannot be read becomes U+FFFD.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = [codec for label in _labels(body, content_type) if (codec := _codec(label))]
    for codec in declared:
        if _ASCII_TO_THE_EYE.match(codec) or (_WIDE.match(codec) and b"\0" in body):
            with suppress(UnicodeError):
                return body.decode(codec)
    utf8 = body.decode("utf-8", "replace")
    soundness = _soundness(utf8)
    if soundness > _SOUND:
        return utf8
    mostly_utf8 = soundness > _MOSTLY_SOUND
    for codec in declared:
        if mostly_utf8 and _ONE_BYTE.fullmatch(codec):
            continue  # nothing can contradict it
        if _soundness(text := body.decode(codec, "replace")) > _SOUND:
            return text
    return utf8 if mostly_utf8 else body.decode(_guess(body), "replace")


def _labels(body: bytes, content_type: str) -> list[str]:
    in_header = _PARAMETER.search(content_type)
    in_text = _DECLARED.search(body[:_HEAD])
    labels = [in_header[1]] if in_header else []
    if in_text:
        labels.append((in_text[1] or in_text[2]).decode("ascii", "replace"))
    return labels


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label[:40]).name
    except (LookupError, ValueError):
        return None
    return _READ_AS.get(name, name) if _FOR_PAGES.match(name) else None


def _soundness(text: str) -> float:
    """The share of what is not ASCII that could be read."""
    damaged = text.count("\ufffd")
    return 1 - damaged / sum(map(len, _NOT_ASCII.findall(text))) if damaged else 1.0


def _guess(body: bytes) -> str:
    # Letters with accents, dashes and quotation marks stand alone, those of other scripts together. What the former
    # are is beyond a guess: the standard of HTML says Windows-1252.
    foreign = body.translate(None, _ASCII)
    if 2 * sum(map(len, _RUN.findall(body))) <= len(foreign):
        return "cp1252"
    first = body.index(foreign[0])  # what comes before it says nothing
    best = charset_normalizer.from_bytes(body[first : first + _SAMPLE]).best()
    return (_codec(best.encoding) if best else None) or "cp1252"

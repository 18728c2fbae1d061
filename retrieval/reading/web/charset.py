"""From the bytes of a page or feed to its text, also where what is said of its charset is missing or wrong."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARAMETER = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:+-]+)|<meta[^>]*?charset\s*=\s*[\"']?([\w.:+-]+)", re.I)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_HEAD = 4096  # bytes in which a page declares its charset; the standard has 1024, pages have more
_SAMPLE = 64 * 1024  # bytes by which a charset is guessed

_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
"""https://encoding.spec.whatwg.org/#names-and-labels: what pages mean by these names."""
_NOT_FOR_PAGES = {"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
_ONE_BYTE = re.compile(r"cp125\d|cp437|cp85\d|cp866|iso8859-\d+|koi8-\w|mac-\w+")


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of `body`, without a byte order mark. Never fails: what cannot be read becomes U+FFFD.

    The byte order mark counts first, then the header, the text's own declaration, UTF-8, and a guess. A declaration
    that the bytes contradict does not count; nor does one of a one-byte charset, which nothing can contradict, if the
    bytes are UTF-8.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = [codec for label in _labels(body, content_type) if (codec := _codec(label))]
    utf8 = _as_utf8(body)
    for codec in declared:
        if utf8 is not None and (codec == "utf-8" or _ONE_BYTE.fullmatch(codec)):
            return utf8
        try:
            return body.decode(codec)
        except (UnicodeError, LookupError):
            continue
    return utf8 if utf8 is not None else body.decode(_guess(body), "replace")


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
    return None if name in _NOT_FOR_PAGES else _READ_AS.get(name, name)


def _as_utf8(body: bytes) -> str | None:
    """As UTF-8, if it is that but for a few damaged places; None if it is not."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if not damaged:
        return text
    intact = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text))
    return text if damaged * 10 < intact else None


def _guess(body: bytes) -> str:
    # From the first byte that is not ASCII: what comes before it says nothing.
    foreign = _NOT_ASCII.search(body)
    first = foreign.start() if foreign else 0
    best = charset_normalizer.from_bytes(body[first : first + _SAMPLE]).best()
    codec = _codec(best.encoding) if best else None
    return codec or "cp1252"

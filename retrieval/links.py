"""Which urls are linked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\x9f\s<>\"\\\ud800-\udfff]")
_TO_ENCODE = re.compile(r"[\^`{|}]")


def web_url(text: str) -> str:
    """`text` as an http(s) url with a host, fit to be linked. Raises ValueError with the reason."""
    url = text.strip()
    if _NOT_IN_A_URL.search(url):
        raise ValueError("it holds characters that no url may hold")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port is only checked when it is read
    except ValueError as error:
        raise ValueError(f"it is malformed ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("it is not an http or https url")
    if "@" in parts.netloc:
        raise ValueError("it carries a user name")
    return _TO_ENCODE.sub(lambda match: f"%{ord(match[0]):02X}", url)

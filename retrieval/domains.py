"""Whose site a host belongs to, told by its name alone."""

from __future__ import annotations

import re
from urllib.parse import SplitResult

from tld import get_tld

# Many outlets' sites under one domain that the public suffix list does not count as shared.
_SHARED = tuple(f".{domain}" for domain in "go.com medium.com substack.com wordpress.com".split())


def site_labels(host: str) -> list[str]:
    """The labels of `host` before its public suffix, never none: "edition", "cnn" of "edition.cnn.com".

    A leading "www" or "m" is left out. The last label names the site: "theweek" of "www.theweek.co.uk",
    "abcnews" of "abcnews.go.com". Of a host that nobody can register only its last label is left out.
    """
    host = re.sub(r"^(?:www|m)\.(?=[^.]+\.)", "", host.strip().casefold())
    labels = host.split(".")
    if labels[-1].isdigit():
        return [host]  # an address in numbers
    shared = next((domain for domain in _SHARED if host.endswith(domain)), None)
    # Not parsed as an address: a source's name may be any text.
    suffix = shared or get_tld(SplitResult("https", host, "", "", ""), fail_silently=True, search_private=True) or ""
    return labels[: -len(str(suffix).strip(".").split("."))] or labels[:1]

"""Whose site a host belongs to, and which names mean one outlet: told by the names alone."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from tld import get_fld, get_tld

# Many outlets' sites under one domain that the public suffix list does not count as shared.
_SHARED = tuple(
    f".{domain}"
    for domain in (
        "go.com medium.com substack.com wordpress.com tumblr.com ghost.io beehiiv.com livejournal.com typepad.com"
        " over-blog.com"
    ).split()
)


def site_labels(host: str) -> list[str]:
    """The labels of `host` before its public suffix, never none: "edition", "cnn" of "edition.cnn.com".

    A leading "www" or "m" is left out. The last label names the site: "theweek" of "www.theweek.co.uk",
    "abcnews" of "abcnews.go.com". Of a host that nobody can register only its last label is left out.
    """
    host = re.sub(r"^(?:www|m)\.(?=[^.]+\.)", "", host.strip().casefold())
    labels = host.split(".")
    if labels[-1].isdigit():
        return [host]  # an address in numbers
    if len(labels) == 2:
        return labels[:1]  # whether or not both are a suffix, which takes long to look up the first time
    shared = next((domain for domain in _SHARED if host.endswith(domain)), None)
    # Not parsed as an address: a source's name may be any text.
    suffix = shared or get_tld(SplitResult("https", host, "", "", ""), fail_silently=True, search_private=True) or ""
    return labels[: -len(str(suffix).strip(".").split("."))] or labels[:1]


@lru_cache(1_024)
def outlet_key(source: str | None) -> str:
    """A key for the outlet, so that "CNN", "cnn.com" and "edition.cnn.com" are one; "" when there is none."""
    name = (source or "").strip().casefold()
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name):
        name = site_labels(name)[-1]
    letters = re.sub(r"[\W_]+", "", re.sub(r"^the(?=\W)|^the(?=\w{4})", "", name)) or name
    return letters.removesuffix("news") or letters


def registered_domain(url: str) -> str | None:
    """ "example.co.uk" of https://news.example.co.uk/a; of a host that nobody can register, its last two labels.

    Of hosts that many share it is what tells them apart: "blog.substack.com".
    """
    try:
        host = urlsplit(url).hostname or ""
        domain = get_fld(url, fail_silently=True, search_private=True)
    except ValueError:
        return None
    if shared := next((each for each in _SHARED if host.endswith(each)), None):
        return host.removesuffix(shared).rpartition(".")[2] + shared
    is_number = ":" in host or host.replace(".", "").isdigit()
    return domain or (host if is_number else ".".join(host.split(".")[-2:])) or None

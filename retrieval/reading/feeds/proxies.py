"""Feeds that a service hands on, with links that lead through it: where an entry names the publisher's own address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from retrieval.text.addresses import is_front_page, web_url
from retrieval.text.domains import registered_domain

_ELEMENTS = ("feedburner_origlink", "pheedo_origlink", "origlink")
_PARAMETERS = ("url", "u")
"""In which services that count clicks put the address to which they redirect."""


def original_link(entry: Mapping[str, Any]) -> str | None:
    """The address of the article itself that an entry, as feedparser gives it, names beside or within its link."""
    named = [entry.get(name) for name in _ELEMENTS]
    named += [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "canonical"]
    named.append(_within(entry.get("link")))
    return next((address for each in named if each and (address := _article_address(str(each)))), None)


def _within(link: object) -> str | None:
    """The address of another site to which a link says that it leads."""
    try:
        parts = urlsplit(str(link or ""))
        inner = dict(parse_qsl(parts.query, max_num_fields=50))
    except ValueError:
        return None
    found = next((inner[name] for name in _PARAMETERS if inner.get(name, "").startswith(("http://", "https://"))), None)
    return found if found and registered_domain(found) != registered_domain(str(link)) else None


def _article_address(text: str) -> str | None:
    try:
        address = web_url(text)
    except ValueError:
        return None
    return None if is_front_page(address) else address

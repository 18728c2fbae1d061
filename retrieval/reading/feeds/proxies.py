"""Feeds that a service hands on, with links that lead through it: where an entry names the publisher's own address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrieval.text.addresses import address_within, is_front_page, web_url

_ELEMENTS = ("feedburner_origlink", "pheedo_origlink", "origlink")


def original_link(entry: Mapping[str, Any]) -> str | None:
    """The address of the article itself that an entry, as feedparser gives it, names beside or within its link."""
    named = [entry.get(name) for name in _ELEMENTS]
    named += [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "canonical"]
    named.append(address_within(str(entry.get("link") or "")))
    return next((address for each in named if each and (address := _article_address(str(each)))), None)


def _article_address(text: str) -> str | None:
    try:
        address = web_url(text)
    except ValueError:
        return None
    return None if is_front_page(address) else address

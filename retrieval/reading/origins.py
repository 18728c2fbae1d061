"""Where an article that is not of the folder comes from, as the store has it. No file's name begins with "/"."""

from __future__ import annotations

PAGES = "/pages"
"""The origin of pages that a moderator named; what they say goes before what a feed said."""


def feed_origin(url: str) -> str:
    """The origin of what a feed brings."""
    return f"/feed/{url}"


def address_of(origin: str) -> str:
    """The feed's address that `feed_origin` was made from; "" for another origin."""
    return origin.removeprefix(feed_origin("")) if origin.startswith(feed_origin("")) else ""


def archive_origin(name: str) -> str:
    """The origin of what an archive holds."""
    return f"/archive/{name}"

"""What arrives from anywhere but the folder, and where it comes from.

Where the folder is the moderator's word (what is in it is there, what is not is gone), an arrival only ever
adds or changes: what has vanished from a feed stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from retrieval.article import Article, Failure
from retrieval.index.sections import NEWS
from retrieval.reading.origins import address_of
from retrieval.reading.reload import batches
from retrieval.text.addresses import canonical_url
from retrieval.text.domains import registered_domain

TAKEN_BACK = "its publisher took it back"
"""Why an article is withdrawn that its publisher removed: it comes back by itself if its page does."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article with where it came from; `from_page` tells that it was read from its publisher's own page.

    `name` is what its source calls it (a feed's guid, the address of a page that was asked for), as far as it does, and
    `found` the address at which its page was, whatever the page calls its own. It comes into a `section`.
    """

    origin: str
    article: Article
    from_page: bool = False
    name: str | None = None
    found: str | None = None
    section: int = NEWS


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing any more at the address `asked`, where the article `id` with the address `url` was found before.

    Whether that article is still to be had elsewhere has yet to be seen. `name` is what its source calls it. It goes
    from one `section`; `id` is as for an `Arrival`.
    """

    origin: str
    id: str
    url: str
    asked: str
    name: str | None = None
    section: int = NEWS


Delivery = TypeVar("Delivery", bound=Arrival | Failure | Gone)


def is_hearsay(origin: str, url: str | None) -> bool:
    """Whether what `origin` tells is of another publisher's page."""
    feed = address_of(origin)
    return bool(feed and url) and registered_domain(canonical_url(feed)) != registered_domain(canonical_url(url or ""))


def into(section: int, items: Iterable[Delivery]) -> Iterator[Delivery]:
    """What arrives, as it comes into a section."""
    for item in items:
        yield item if isinstance(item, Failure) else replace(item, section=section)


def arrival_batches(arrivals: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """The arrivals in order, as many at a time as one generation takes in."""
    return batches(arrivals, _characters)


def _characters(item: Arrival | Failure | Gone) -> int:
    return len(item.article.body) if isinstance(item, Arrival) else 0

"""What one batch offers, sorted out before any of it is taken in: the best of each, with what it stands for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from retrieval.article import Article, Day, Failure, instant_end
from retrieval.reading.arrival import Arrival, is_hearsay
from retrieval.reading.offered import Offered
from retrieval.reading.origins import PAGES
from retrieval.reading.recognition import says
from retrieval.reasons import Reason
from retrieval.text.addresses import own_address, precise_address
from retrieval.text.days import LONG_AGO, MANY


@dataclass(frozen=True, slots=True)
class Offers:
    """The `kept` items, each in its fullest and latest state, what was `folded` into them, and shared addresses."""

    kept: Sequence[Arrival | Failure]
    folded: Sequence[Failure]
    shared: frozenset[tuple[str, str]]

    def is_shared(self, arrival: Arrival) -> bool:
        """Whether its source calls several things by names of their own that are at its address."""
        return (arrival.origin, precise_address(arrival.article.url)) in self.shared


def sorted_out(arrivals: Iterable[Arrival | Failure]) -> Offers:
    """The arrivals without those that their source holds in a fuller or later state; of one address the best first.

    What several sources hold stays, each its own: which of them is heard depends on what is known already. An address
    that pages with different texts call their own is that of none of them.
    """
    arrivals = list(arrivals)
    told = [item for item in arrivals if isinstance(item, Failure) and item.kind == "folded"]
    items = _without_dates_of_sites(_at_their_own([item for item in arrivals if item not in told]))
    best: dict[tuple[str, ...], Arrival] = {}
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for item in items:
        if isinstance(item, Arrival):
            key = _named(item)
            best[key] = max(best.get(key, item), item, key=_standing)
            if item.name is not None and (address := precise_address(item.article.url)):
                names[item.origin, address].add(item.name)
    kept = [item for item in items if isinstance(item, Failure) or best[_named(item)] is item]
    folded = [
        Failure(place(item.article), _folded(item, better), "folded")
        for item in items
        if isinstance(item, Arrival) and (better := best[_named(item)]) is not item
    ]
    shared = frozenset(key for key, each in names.items() if len(each) > 1)
    return Offers(_best_first(kept), [*told, *folded], shared)


def _folded(item: Arrival, better: Arrival) -> str:
    if item.article == better.article:
        return same_beside(place(better.article))
    return Reason("is an earlier or shorter state of {article}", article=place(better.article))


def same_beside(article: str) -> Reason:
    """Why an article is folded into this one."""
    return Reason("is the same as {article}, which is offered beside it", article=article)


def place(article: Article) -> str:
    """The article, for a person who looks for it at its source."""
    return f"“{article.title}” ({article.url})" if article.url else f"“{article.title}”"


def unclaimed(arrival: Arrival) -> Arrival:
    """The article of a page where the page was found, whatever it calls its own address."""
    article, found = arrival.article, arrival.found
    if (here := own_address(found)) is None:
        return arrival
    id_ = here if article.id == own_address(article.url) else article.id
    return replace(arrival, article=replace(article, id=id_, url=found))


def _at_their_own(items: Sequence[Arrival | Failure]) -> list[Arrival | Failure]:
    """Pages that call one address their own, were found at several and say different things, where they were found."""
    claims: defaultdict[str, list[Arrival]] = defaultdict(list)
    for item in items:
        if isinstance(item, Arrival) and item.found and (claim := own_address(item.article.url)):
            claims[claim].append(item)
    wrong = {
        claim
        for claim, each in claims.items()
        if len({own_address(item.found) for item in each}) > 1
        and not all(says(_offered(each[0]).report, _offered(item).report) for item in each[1:])
    }
    return [
        unclaimed(item) if isinstance(item, Arrival) and item.found and own_address(item.article.url) in wrong else item
        for item in items
    ]


def _without_dates_of_sites(items: Sequence[Arrival | Failure]) -> list[Arrival | Failure]:
    """The items, pages without the moment of long ago that half of their site's have: it is that of a template."""
    dated = [(_dated(item), item) for item in items]
    pages = Counter(site for (site, _), _ in dated)
    wrong = {
        (site, moment)
        for (site, moment), count in Counter(key for key, _ in dated).items()
        if isinstance(moment, datetime) and count >= MANY and 2 * count >= pages[site]
        if datetime.now(UTC) - moment > LONG_AGO
    }
    return [
        replace(item, article=replace(item.article, published=None))
        if isinstance(item, Arrival) and key in wrong
        else item
        for key, item in dated
    ]


def _dated(item: Arrival | Failure) -> tuple[str | None, Day | None]:
    """The site and the date of a page that was read; nothing of what else is offered."""
    if isinstance(item, Failure) or not item.from_page:
        return None, None
    return urlsplit(item.article.url or "").netloc, item.article.published


def _offered(arrival: Arrival) -> Offered:
    return Offered(origin=arrival.origin, article=arrival.article, name=arrival.name)


def _named(arrival: Arrival) -> tuple[str, ...]:
    """What one source calls an article. Without an address only what says the same is one."""
    article = arrival.article
    return arrival.origin, arrival.name or article.id, precise_address(article.url) or article.content_hash


def _best_first(items: Sequence[Arrival | Failure]) -> list[Arrival | Failure]:
    """The items, with those at one address in the order of how they stand."""
    rivals: defaultdict[str, list[Arrival]] = defaultdict(list)
    for item in items:
        if isinstance(item, Arrival) and (address := own_address(item.article.url)):
            rivals[address].append(item)
    turns = {address: iter(sorted(each, key=_standing, reverse=True)) for address, each in rivals.items()}
    return [
        item if isinstance(item, Failure) else next(turns.get(own_address(item.article.url) or "", iter(())), item)
        for item in items
    ]


def _standing(arrival: Arrival) -> tuple[bool, bool, bool, float]:
    article = arrival.article
    day = article.updated or article.published
    own = arrival.from_page or not is_hearsay(arrival.origin, article.url)
    return not article.summary_only, own, arrival.origin == PAGES, instant_end(day) if day else float("-inf")

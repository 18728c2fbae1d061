"""What comes to a newsroom over the web: pages by their address, and what its feeds bring."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from retrieval.article import Failure, Progress, Tell
from retrieval.errors import AddressRefused, FetchFailed, FetchProblem
from retrieval.index.sections import id_within
from retrieval.index.store import LIVE, Store
from retrieval.reading.arrival import Arrival, Gone
from retrieval.reading.embedding import ARTICLES_A_TRANSACTION
from retrieval.reading.origins import PAGES
from retrieval.reading.reload import CHARACTERS_A_TRANSACTION
from retrieval.reading.sources.html_page import read_page
from retrieval.reading.web.fetch import Fetcher, fetch_page
from retrieval.reading.withdrawals import IN_SECTION
from retrieval.text.addresses import own_address, precise_address

if TYPE_CHECKING:
    from retrieval.reading.feeds.followed import Feeds

BATCH_SECONDS = 60.0
"""So long, roughly, is what the feeds bring gathered before it is taken in; pages come one a second from a host."""


def read_pages(fetcher: Fetcher, urls: Iterable[str], tell: Tell) -> Iterator[Arrival | Failure | Gone]:
    """The articles that the pages at `urls` show, fetched as robots.txt allows, and those that were taken back."""
    for done, url in enumerate(urls):
        tell(Progress("reading", done, None))
        try:
            page = fetch_page(fetcher, url)
            checked = read_page(page.body, page.url, content_type=page.content_type)
        except FetchFailed as error:
            yield Failure(url, str(error), "unreadable")
            if error.kind in (FetchProblem.GONE, FetchProblem.MISSING):
                yield Gone(origin=PAGES, id=url, url=url, asked=url, name=precise_address(url))
        except (AddressRefused, ValueError) as error:
            yield Failure(url, str(error))
        else:
            name = precise_address(url) or url
            found = page.url
            yield Arrival(origin=PAGES, article=checked.article, from_page=True, name=name, found=found)
            yield from (Failure(url, reason, "note") for reason in checked.left_out)


def taken_back(fetcher: Fetcher, gone: Iterable[Gone], store: Store) -> list[str]:
    """The ids of the articles that went with pages, without those still to be had at an address of their own."""
    ids: list[str] = []
    for item in gone:
        if known := _published_as(store, item):
            id_, url = known
            if url == item.asked or _is_gone(fetcher, url):
                ids.append(id_)
    return ids


def _published_as(store: Store, gone: Gone) -> tuple[str, str] | None:
    """Id and address of the live article from the web that is what went: what its source calls by that name, else the
    one with that id or address; None where there is none.

    What lies in the folder or came out of an archive is the moderator's, whatever has become of its page.
    """
    generation = store.generation().number
    named = "a.id IN (SELECT article FROM called WHERE origin = :origin AND name = :name)"
    placed = "(a.id = :id OR a.canonical = :address)"
    for condition, reference in ((named, ""), (placed, gone.id), (placed, gone.url)):
        row = (
            store.connection()
            .execute(
                f"SELECT a.id, a.url FROM article a WHERE {condition} AND {LIVE} AND {IN_SECTION}"
                " AND a.url IS NOT NULL AND (a.origin = '/pages' OR a.origin LIKE '/feed/%')"
                " ORDER BY a.url = :reference DESC, a.id = :id DESC LIMIT 1",
                {
                    "reference": reference,
                    "id": id_within(reference, gone.section),
                    "address": own_address(reference),
                    "origin": gone.origin,
                    "name": gone.name,
                    "section": gone.section,
                    "generation": generation,
                },
            )
            .fetchone()
        )
        if row:
            return row
    return None


def _is_gone(fetcher: Fetcher, url: str) -> bool:
    """Whether nothing is found any more at an address where an article was."""
    try:
        fetch_page(fetcher, url)
    except FetchFailed as error:
        return error.kind in (FetchProblem.GONE, FetchProblem.MISSING)
    except (AddressRefused, ValueError):
        pass
    return False


def polled(feeds: Feeds, tell: Tell, store: Store) -> Generator[Sequence[Arrival | Failure | Gone], None, None]:
    """Ask the feeds that are due, and give in batches what is new in any of them, and what was taken back.

    What went into another store than `store` is given again.
    A batch counts as safe, and is not given again, once the next one is asked for. Raises `StoreUnavailable`.
    """
    from retrieval.reading.feeds.pending import follow
    from retrieval.reading.feeds.poll import poll, taken

    follow(feeds.store, store.identity, store.generation().number)
    for batch in _batches(_reported(poll(feeds), tell)):
        yield batch
        taken(feeds, [item for item in batch if not isinstance(item, Failure)])
        follow(feeds.store, store.identity, store.generation().number)


def _reported(items: Iterable[Arrival | Failure | Gone], tell: Tell) -> Iterator[Arrival | Failure | Gone]:
    tell(Progress("reading", 0, None))
    for done, item in enumerate(items, start=1):
        tell(Progress("reading", done, None))
        yield item


def _batches(items: Iterable[Arrival | Failure | Gone]) -> Iterator[Sequence[Arrival | Failure | Gone]]:
    """The items in order, in batches bounded by number, by characters and by the time that they took to come."""
    batch: list[Arrival | Failure | Gone] = []
    characters, began = 0, time.monotonic()
    for item in items:
        batch.append(item)
        characters += len(item.article.body) if isinstance(item, Arrival) else 0
        late = time.monotonic() - began > BATCH_SECONDS
        if late or len(batch) == ARTICLES_A_TRANSACTION or characters > CHARACTERS_A_TRANSACTION:
            yield batch
            batch, characters, began = [], 0, time.monotonic()
    if batch:
        yield batch

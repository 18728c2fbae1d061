"""Asking the feeds that are due, each apart from all others, and what is remembered of how that went."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from reader import FeedExistsError, FeedNotFoundError, Reader, StorageError, UpdatedFeed

from retrieval.article import Failure
from retrieval.errors import FetchFailed, FetchProblem, QuotewireError
from retrieval.index.sections import NEWS
from retrieval.reading.feeds.feed import FeedState
from retrieval.reading.feeds.feed_store import FeedResponse, FeedStore
from retrieval.reading.feeds.prune import prune
from retrieval.reading.feeds.reader_internals import asked_to_wait
from retrieval.reading.feeds.reasons import reason_of
from retrieval.reading.feeds.schedule import after_answer, after_failure, moved_to
from retrieval.reading.feeds.titles import plain_title
from retrieval.reasons import Reason
from retrieval.text.domains import registered_domain

WORKERS = 4
RANDOM = random.SystemRandom()


def update_due(store: FeedStore, now: float) -> list[Failure]:
    """Ask the feeds that are due at `now` (Unix time), a few at a time and one at a time of each host.

    Gives a line for each that failed, or in which something new is wrong, and for what was folded or left out.
    Raises `StoreUnavailable`.
    """
    store.parser.now = datetime.fromtimestamp(now, UTC)
    with store.open() as reader:
        feeds = [(feed.url, store.state(reader, feed.url)) for feed in reader.get_feeds(updates_enabled=True)]
    due = [(url, state) for url, state in feeds if state.rhythm.is_due(now)]
    if not due:
        return []
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="feeds") as workers:
        failures = list(workers.map(lambda each: _update(store, each[0], each[1], now), due))
    return [failure for each in failures for failure in each]


def _update(store: FeedStore, url: str, state: FeedState, now: float) -> list[Failure]:
    with store.open() as reader:
        store.response(url)
        store.parser.orders[url] = state.order
        failed: QuotewireError | None = None
        result: UpdatedFeed | None = None
        try:
            result = reader.update_feed(url)
        except FeedNotFoundError:  # removed meanwhile
            return []
        except StorageError:
            raise
        except Exception as error:  # whatever one feed brings about is its own affair
            failed = reason_of(error)
        response = store.response(url)
        if failed is not None:
            _keep_failure(reader, store, url, state, failed, response, now)
            feed = reader.get_feed(url, None)
            return [Failure(plain_title(feed.title if feed else None) or url, str(failed), "unreadable")]
        changed = result is not None and bool(result.new or result.modified)
        said = store.parser.said.pop(url, None)  # None: the feed was not sent again
        if changed and said and said.present:
            prune(reader, store.visits, url, said.present, now)
        rhythm = after_answer(
            state.rhythm,
            now,
            changed=changed,
            asked=asked_to_wait(response.info, now),
            hint=said and said.hint,
            chance=RANDOM.random(),
        )
        came_from = response.hops[-1][1] if response.hops else url
        kept = replace(state, rhythm=rhythm, checked=now, error=None).came_from(came_from)
        if said is not None:
            folded = sum(each.kind == "folded" for each in said.remarks)
            kept = replace(kept, note=said.note, lost=said.lost, folded=folded, order=said.order, shared=said.shared)
            kept = replace(kept, language=said.language)
        store.keep(reader, url, kept)
        told = list(said.remarks) if changed and said else []
        if (target := moved_to(response.hops)) is not None and target != url:
            told += _move(reader, store, url, target, kept)
        elif kept.note is not None and kept.note != state.note:
            feed = reader.get_feed(url, None)
            told.append(Failure(plain_title(feed.title if feed else None) or url, kept.note, "note"))
    return told


def _keep_failure(
    reader: Reader,
    store: FeedStore,
    url: str,
    state: FeedState,
    failed: QuotewireError,
    response: FeedResponse,
    now: float,
) -> None:
    chance = RANDOM.random()
    rhythm = after_failure(state.rhythm, now, asked=asked_to_wait(response.info, now), chance=chance)
    store.keep(reader, url, replace(state, rhythm=rhythm, checked=now, error=str(failed)))
    if isinstance(failed, FetchFailed) and failed.kind is FetchProblem.GONE:
        with suppress(FeedNotFoundError):
            reader.disable_feed_updates(url)


def _move(reader: Reader, store: FeedStore, url: str, target: str, state: FeedState) -> list[Failure]:
    """Ask at `target` from now on. Its articles stay under the feed's origin.

    One that leads to another site, and is read for others than the host, is asked where it was: who adds the feed of
    that site joins none that somebody else has led there, with all that it has brought before.
    """
    if state.sections != (NEWS,) and registered_domain(target) != registered_domain(url):
        return []
    if reader.get_feed(target, None) is not None:
        if not set(state.sections) <= set(store.state(reader, target).sections):
            return []  # who reads this one alone goes on reading it, and has nothing to know of who reads the other
        with suppress(FeedNotFoundError):
            reader.disable_feed_updates(url)
        error = Reason("It has moved to {address}, which is read already; remove this one.", address=target)
        store.keep(reader, url, replace(state, error=error))
        return [Failure(url, error, "unreadable")]
    store.visits.move(url, target)  # first: visits to entries that are not there yet do no harm
    with suppress(FeedNotFoundError, FeedExistsError):
        reader.change_feed_url(url, target)
    return []

"""The latest stories: of all articles, for which nothing is searched; those about a topic are in `about.py`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from retrieval.answer import Briefing, Story
from retrieval.answering.question import checked_limit, checked_scope, filters_of
from retrieval.answering.stories import gathered, with_news
from retrieval.article import Scope
from retrieval.index.lexical import Filters
from retrieval.index.shelf import Shelf
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import newest_as_it_stood

FIRST_LOOK = 3  # newest articles that are read at first for each story that is wanted


def latest(shelf: Shelf, scope: Scope, limit: int, skip: int, known: int | None) -> Briefing:
    """The newest stories, after the `skip` newest; what came after `known` is new in them. Raises `InvalidQuestion`."""
    began = time.perf_counter()
    filters = filters_of(checked_scope(scope, shelf), shelf.store)
    newest = _newest(shelf, filters, FIRST_LOOK * (skip + checked_limit(limit)))
    stories = stories_on_page(shelf, newest, filters, skip, limit, known)
    return Briefing(topic=None, stories=stories, generation=shelf.generation, seconds=time.perf_counter() - began)


def stories_on_page(
    shelf: Shelf, found_by: Iterable[StoredArticle], filters: Filters, skip: int, limit: int, known: int | None
) -> tuple[Story, ...]:
    """After the `skip` first of the stories that articles are part of, at most `limit`, told to who saw `known`."""
    stories = gathered(shelf, found_by, filters.until, filters.source, filters.language)
    return with_news(shelf, list(islice(stories, skip, skip + limit)), known)


def _newest(shelf: Shelf, filters: Filters, limit: int) -> Iterator[StoredArticle]:
    """The articles, the newest first, undated ones last; read as they are needed, first so many."""
    given = 0
    while True:
        since, source, until, language = filters.since, filters.source, filters.until, filters.language
        if until is None:
            found = shelf.store.newest(shelf.sight, limit, since, source, None, language)
        else:
            found = newest_as_it_stood(shelf.store, shelf.sight, limit, since, source, language, until)
        yield from found[given:]
        if len(found) < limit:
            return
        given, limit = limit, limit * 4

"""`Edition`: what one reader of the newsroom sees, and what it changes for itself alone."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.answer import Answer, Briefing, Hit, Quote, Timeline
from retrieval.article import Article, Collection, Day, Reading, ReloadReport, Scope, Status, Tell
from retrieval.index import sections
from retrieval.index.coverage import Coverage, coverage, languages_held, outlets_holding
from retrieval.index.headlines import find_headlines, find_withdrawn
from retrieval.index.sections import (
    HOST,
    Section,
    articles_in_collections,
    brought_into,
    chosen_by,
    days_kept,
    keep_for,
)
from retrieval.index.seeing import collections_read
from retrieval.index.shelf import Shelf, obstacle, passages_of
from retrieval.index.sight import Sight
from retrieval.index.versions import Version, find_article, versions_of
from retrieval.index.waiting import reading, seconds_left
from retrieval.machinery import Machinery

if TYPE_CHECKING:
    from retrieval.answering.corpus import Corpus
    from retrieval.answering.matching import Arrivals
    from retrieval.reading.feeds.edition_feeds import EditionFeeds
    from retrieval.reading.feeds.feed import Feed
    from retrieval.reading.feeds.followed import Feeds


class Edition:
    """The articles that `reader` sees, asked and changed on its behalf. Every method may be called from any thread, but
    all of them block: call none of them on an event loop."""

    def __init__(self, machinery: Machinery, reader: str) -> None:
        self._machinery = machinery
        self.reader = reader

    def _shelf(self) -> Shelf:
        return self._machinery.shelf(self.reader)

    # --- changing ------------------------------------------------------------------------------------

    def add_pages(self, urls: Iterable[str], progress: Tell = lambda _: None) -> ReloadReport:
        """Fetch pages, politely, and take in the articles that they show; one that is gone is withdrawn.

        What another reader's adding has fetched within the hour is not fetched again. Errors as for `add`, and
        `LimitReached`.
        """
        return self._machinery.changes.add_own_pages(
            self.reader, self._sight, urls, progress, self._machinery.allowance
        )

    def remove(self, reference: str, reason: str) -> tuple[Article, ReloadReport]:
        """Withdraw the article with this id or address from answers, for good. Raises `UnknownArticle`.

        What it said stays readable in its history; `restore` brings it back. Other readers see it as before.
        """
        from retrieval.reading.own_removals import hide

        return hide(self._machinery.store, self.reader, self._sight(), reference, reason)

    def restore(self, reference: str) -> tuple[Article, ReloadReport]:
        """Undo `remove`. Raises `UnknownArticle`, or `TooOld` where retention would prune it at once."""
        from retrieval.reading.own_removals import show_again

        machinery = self._machinery
        return show_again(machinery.store, self.reader, self._sight(), reference, machinery.retention)

    @property
    def feeds(self) -> EditionFeeds | Feeds:
        """The feeds that the reader chose. Raises `StoreUnavailable`."""
        from retrieval.reading.feeds.edition_feeds import EditionFeeds

        machinery = self._machinery
        return EditionFeeds(
            machinery.deliveries.feeds, machinery.store, self.reader, self._collections, machinery.allowance
        )

    def list_feeds(self) -> tuple[Feed, ...]:
        """The feeds that the reader chose, by their titles, each with how many articles it has brought.

        Raises `StoreUnavailable`.
        """
        return self._counted(self._own_feeds())

    def shared_feeds(self) -> tuple[Feed, ...]:
        """The feeds of the collections that the reader reads, as `list_feeds` has them."""
        return self._counted({section.number for section in self._collections()})

    def collections(self) -> tuple[Collection, ...]:
        """What the host offers to all, and which of it the reader reads."""
        store = self._machinery.store
        articles, read = articles_in_collections(store), self._collections()
        feeds = [feed for feed in self._machinery.deliveries.list() if not feed.retired]
        return tuple(
            Collection(
                name=each.name,
                articles=articles.get(each.number, 0),
                feeds=sum(each.number in feed.sections for feed in feeds),
                read=each in read,
            )
            for each in sections.collections(store)
        )

    def read_collection(self, name: str) -> None:
        """Have the reader see a collection from now on. Raises `UnknownCollection`."""
        store = self._machinery.store
        section = sections.section_named(store, name)
        with store.transaction() as connection:
            sections.read(connection, self.reader, section.number, store.generation().number)

    def leave_collection(self, name: str) -> None:
        """Have the reader see nothing of a collection any more. Raises `UnknownCollection`."""
        store = self._machinery.store
        section = sections.section_named(store, name)
        with store.transaction() as connection:
            sections.leave(connection, self.reader, section.number, store.generation().number)

    def keep_days(self) -> int | None:
        """The days for which the reader sees what its own feeds and pages brought; None for as long as it is there."""
        return days_kept(self._machinery.store, self.reader)

    def keep(self, days: int | None) -> None:
        """Have the reader see what its own feeds and pages brought for so many days. Nothing is lost for others."""
        with self._machinery.store.transaction() as connection:
            keep_for(connection, self.reader, days)

    def _counted(self, wanted: Iterable[int]) -> tuple[Feed, ...]:
        """The feeds that are read for these sections, with what they have brought into them."""
        store, found = self._machinery.store, []
        brought = {section: brought_into(store, section) for section in wanted}
        for feed in self._machinery.deliveries.list():
            if into := [brought[each].get(feed.origin, (0, 0)) for each in feed.sections if each in brought]:
                articles, copies = (sum(counts) for counts in zip(*into, strict=True))
                found.append(replace(feed, articles=articles, copies=copies))
        return tuple(found)

    def _own_feeds(self) -> set[int]:
        chosen = chosen_by(self._machinery.store, self.reader)
        return {each.section.number for each in chosen if each.until is None and each.section.is_feed}

    def _collections(self) -> tuple[Section, ...]:
        return collections_read(self._machinery.store, self.reader, self._machinery.settings.collections)

    def _sight(self) -> Sight:
        return self._shelf().sight

    def history(self, reference: str) -> tuple[Version, ...]:
        """Every version of the article with this id or address, the oldest first. Raises `UnknownArticle`."""
        store, sight = self._machinery.store, self._sight()
        versions = versions_of(store, find_article(store, sight, reference))
        return tuple(replace(each, live=each.live and each.stored.key not in sight.removed) for each in versions)

    # --- asking --------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        language: str | None = None,
        limit: int = 3,
        without: abc.Collection[str] = (),
        preferred: str | None = None,
    ) -> Answer:
        """Answer a question with at most `limit` quotes, or abstain with what may bear on it or the nearest headlines.

        `as_of` hides articles published later, `since` those published earlier (and undated ones), `source`
        those of other outlets, `language` (a code, "de") those in other ones, `without` those with the ids given. A
        question that does not tell its own language is taken to be in the `preferred` one. Raises `InvalidQuestion`,
        `IndexUnavailable` or `ModelUnavailable`.
        """
        scope = Scope(since=since, until=as_of, source=source, language=language, without=frozenset(without))
        return self._machinery.enquiries.answer(self.reader, question, scope, limit, preferred)

    def quotes(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        language: str | None = None,
        limit: int = 3,
        preferred: str | None = None,
    ) -> tuple[Quote, ...]:
        """The quotes that would serve a question best, whether or not they are good enough to answer it."""
        scope = Scope(since=since, until=as_of, source=source, language=language)
        return self._machinery.enquiries.quotes(self.reader, question, scope, limit, preferred)

    def search(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        language: str | None = None,
        limit: int = 10,
        without: abc.Collection[str] = (),
        preferred: str | None = None,
    ) -> tuple[Hit, ...]:
        """The passages that bear most on a question, best first. Filters and errors as for `ask`."""
        scope = Scope(since=since, until=as_of, source=source, language=language, without=frozenset(without))
        return self._machinery.enquiries.search(self.reader, question, scope, limit, preferred)

    def latest(
        self,
        topic: str | None = None,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        language: str | None = None,
        limit: int = 5,
        skip: int = 0,
        known: int | None = None,
    ) -> Briefing:
        """The newest stories, optionally about a topic, after the `skip` newest; filters and errors as for `ask`.

        What came after the generation `known`, which the reader has seen, is told as `Story.new`.
        """
        scope = Scope(since=since, until=as_of, source=source, language=language)
        if topic is not None and topic.strip():
            return self._machinery.enquiries.latest_about(self.reader, topic, scope, limit, skip, known)
        from retrieval.answering.latest import latest  # what summarises, which who tells no stories need not wait for

        held = self._shelf()
        briefing = latest(held, scope, limit, skip, known)
        return replace(briefing, reading=reading(self._machinery.store, held.sight, held.articles))

    def story(self, number: int, *, as_of: Day | None = None) -> Timeline:
        """The story with this `Story.id`, step by step, as it was known at a moment. Raises `UnknownStory`."""
        from retrieval.answering.stories import timeline  # as for `latest`

        return timeline(self._shelf(), number, as_of)

    @property
    def arrivals(self) -> Arrivals:
        """What has come since a generation, for who reports it."""
        from retrieval.answering.matching import Arrivals  # as for `_enquiries`

        return Arrivals(self.corpus)

    def corpus(self) -> Corpus:
        """What questions are answered from now, for what measures single steps of that."""
        return self._machinery.enquiries.corpus(self.reader)

    # --- what there is -------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Loads no model that is on this machine."""
        held, asks = self._shelf(), self._machinery.asked
        oldest, newest = self._machinery.store.span_of_dates(held.sight)
        reloaded, failed = self._machinery.store.last_reload()
        own, shared = self._own_feeds(), {section.number for section in self._collections()}
        if self.reader == HOST:
            own, shared = shared, own
        feeds, troubles = self._machinery.deliveries.troubles(own, shared)
        hinders = obstacle(held, self._machinery.embedder)
        return Status(
            generation=held.generation,
            articles=held.articles,
            passages=self._machinery.views.of(self.reader).passages if self._machinery.opened else passages_of(held),
            sources=len(held.outlets),
            newest=newest,
            oldest=oldest,
            model=self._machinery.embedder.name,
            runtime=self._machinery.embedder.runtime,
            prompts=(self._machinery.embedder.prompts.query, self._machinery.embedder.prompts.passage),
            languages=tuple(sorted(self._machinery.embedder.family.languages or ())),
            reloaded=reloaded,
            failed=failed if self.reader == HOST else (),
            notice=str(hinders) if hinders else asks and asks.reranker and asks.reranker.obstacle,
            feeds=feeds,
            feeds_failed=troubles,
            reading=self.reading(),
            articles_in=self.languages(),
        )

    def reading(self) -> Reading | None:
        """How far the articles are that are read for the first time; None when no great number of them waits."""
        held = self._shelf()
        under_way = reading(self._machinery.store, held.sight, held.articles)
        return under_way and replace(under_way, left=seconds_left(self._machinery.store))

    def ready(self) -> bool:
        """Whether questions can be answered now; where they cannot, `status().notice` says why."""
        return obstacle(self._shelf(), self._machinery.embedder) is None

    def span_of_dates(self) -> tuple[Day | None, Day | None]:
        """The oldest and the newest date in the index; None for both where nothing is dated."""
        return self._machinery.store.span_of_dates(self._shelf().sight)

    @property
    def articles(self) -> int:
        """How many articles the index holds."""
        return self._shelf().articles

    def headlines(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The newest articles whose headline or outlet holds `text`."""
        return find_headlines(self._machinery.store, self._shelf().sight, text, limit)

    def withdrawn(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The articles that `restore` can bring back and whose headline or outlet holds `text`."""
        return find_withdrawn(self._machinery.store, self.reader, text, limit)

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._shelf().outlets

    def languages(self) -> dict[str, int]:
        """How many articles there are in each language (by its code), most first; of the others it is not known."""
        return languages_held(self._machinery.store, self._shelf().sight)

    def outlets_holding(self, text: str, limit: int) -> tuple[str, ...]:
        """At most `limit` outlets whose name holds `text`, those with the most to quote first."""
        return tuple(outlets_holding(self._machinery.views.of(self.reader), text, limit))

    def coverage(self) -> Coverage:
        """What the index holds, by outlet and by age."""
        return coverage(self._machinery.store, self._shelf().sight)

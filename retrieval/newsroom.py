"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.answer import Answer, Briefing, Hit, Quote, Timeline
from retrieval.article import Article, Day, Failure, Reading, ReloadReport, Scope, Status, Tell
from retrieval.index.coverage import Coverage, coverage, languages_held, outlets_holding
from retrieval.index.data_folder import Hold
from retrieval.index.embed import Embedder
from retrieval.index.headlines import articles_by_origin, find_headlines, find_withdrawn
from retrieval.index.shelf import Shelf, obstacle, passages_of, shelf
from retrieval.index.store import Store
from retrieval.index.stored import FILE
from retrieval.index.versions import Version, find_article, versions_of
from retrieval.index.waiting import reading, seconds_left
from retrieval.reading.deliveries import Deliveries
from retrieval.reading.feeds import schema as feeds_schema
from retrieval.reading.retention import Retention

if TYPE_CHECKING:
    from retrieval.answering.corpus import Corpus
    from retrieval.answering.enquiries import Enquiries
    from retrieval.answering.matching import Arrivals
    from retrieval.index.generations import Generations
    from retrieval.reading.arrival import Arrival
    from retrieval.reading.changes import Changes
    from retrieval.reading.feeds.feed import Feed
    from retrieval.reading.feeds.followed import Feeds


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. The models are names or folders; None is the built-in embedding model,
    and no reranker. The prompts go before what the former embeds; None is what it wants. `answer_from` (0..1) is the
    confidence from which a question is answered; None is the fitted one. What did not come from the folder is kept for
    `keep_days` and up to `keep_articles`; None is without end. `allow_private_addresses` lets feeds and pages be
    fetched from this machine and its network too."""

    data_dir: Path
    seeds_dir: Path
    embedding_model: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None
    reranker_model: str | None = None
    answer_from: float | None = None
    keep_days: int | None = None
    keep_articles: int | None = None
    allow_private_addresses: bool = False


class Newsroom:
    """Articles in, verified quotes out. Every method may be called from any thread, but all of them block:
    call none of them on an event loop."""

    def __init__(self, settings: NewsroomSettings) -> None:
        self._settings = settings
        self._retention = Retention(settings.keep_days, settings.keep_articles)
        self._embedder = Embedder(
            settings.embedding_model,
            settings.data_dir,
            query_prompt=settings.query_prompt,
            passage_prompt=settings.passage_prompt,
        )
        self._hold = Hold(settings.data_dir)
        try:
            self._store = Store(settings.data_dir / FILE)
        except BaseException:
            self._hold.close()
            raise
        private = settings.allow_private_addresses
        self._deliveries = Deliveries(settings.data_dir / feeds_schema.FILE, allow_private=private)
        self._opening = threading.RLock()
        self._opened: Generations | None = None
        self._asked: Enquiries | None = None
        self._changing: Changes | None = None

    @classmethod
    def open(cls, settings: NewsroomSettings, *, lazily: bool = False) -> Newsroom:
        """A newsroom on `settings.data_dir`, which is created when it is new.

        `lazily` is for who may only read: what articles are searched by is loaded when something is first searched or
        changed, which raises then what is raised here otherwise.
        Raises `StoreUnavailable` when the folder cannot be used, `ReloadInProgress` when another process has
        been between two steps of its reload for a minute.
        """
        room = cls(settings)
        try:
            if not lazily:
                _ = room._generations
        except BaseException:
            room.close()
            raise
        return room

    # What searches and what takes in are imported when they are first needed: with the libraries that they bring, they
    # take longer than all that only reads.

    @property
    def _generations(self) -> Generations:
        """What is served, loaded once."""
        with self._opening:
            if self._opened is None:
                from retrieval.index.generations import Generations

                self._opened = Generations(self._settings.data_dir, self._store)
        return self._opened

    @property
    def _enquiries(self) -> Enquiries:
        if self._asked is None:
            from retrieval.answering.enquiries import Enquiries

            with self._opening:
                settings, generations = self._settings, self._generations
                self._asked = self._asked or Enquiries(
                    generations, self._embedder, settings.reranker_model, settings.answer_from
                )
        return self._asked

    @property
    def _changes(self) -> Changes:
        if self._changing is None:
            from retrieval.reading.changes import Changes

            with self._opening:
                self._changing = self._changing or Changes(
                    self._generations, self._embedder, self._deliveries, self._retention
                )
        return self._changing

    def _shelf(self) -> Shelf:
        """The generation that is served; where none is loaded, the newest that is complete."""
        return self._opened.current().shelf(self._store) if self._opened else shelf(self._store)

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End: what is asked or reloaded from now on raises `StoreUnavailable`, in whatever thread it runs."""
        self._store.close()
        self._deliveries.close()
        self._hold.close()
        self._embedder.close()

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        self._embedder.embed_question("warm up")
        _ = self._embedder.scales
        if reranker := self._enquiries.reranker:
            reranker.warm_up()

    def verify(self) -> list[str]:
        """The files of the index of words that are damaged; it is made anew then, while questions go on."""
        return self._generations.verify()

    # --- taking in -----------------------------------------------------------------------------------

    def reload(self, progress: Tell = lambda _: None, *, at_once: bool = False) -> ReloadReport:
        """Bring what changed in the folder into a new generation and serve it from then on.

        Questions go on being answered from the generation before; of many new articles the newest are served first,
        generation after generation, and answers say so (`Answer.reading`); `at_once` it is one generation, for whom
        nobody asks meanwhile. `progress` is called from this thread.
        Raises `ReloadInProgress`, `SourceUnavailable` or `ModelUnavailable`; nothing is lost in any case.
        """
        return self._changes.reload(self._settings.seeds_dir, progress, at_once=at_once)

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in articles from anywhere but the folder, each once, however many there are.

        They come into the index some hundred at a time, so memory is bounded and a crash costs little: what is
        added again is recognised. Errors as for `reload`, except that another reload is waited for.
        """
        return self._changes.add(arrivals, progress)

    def add_pages(self, urls: Iterable[str], progress: Tell = lambda _: None) -> ReloadReport:
        """Fetch pages, politely, and take in the articles that they show; one that is gone is withdrawn.

        Errors as for `add`.
        """
        return self._changes.add_pages(urls, progress)

    def add_files(self, paths: Iterable[Path], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in the articles that files hold, however large these are. Errors as for `add`."""
        return self._changes.add_files(paths, progress)

    @property
    def feeds(self) -> Feeds:
        """The feeds that `poll_feeds` asks. Raises `StoreUnavailable`."""
        return self._deliveries.feeds

    def list_feeds(self) -> tuple[Feed, ...]:
        """All feeds, by their titles, each with how many articles it has brought. Raises `StoreUnavailable`."""
        brought = articles_by_origin(self._store)
        feeds = ((feed, *brought.get(feed.origin, (0, 0))) for feed in self._deliveries.list())
        return tuple(replace(feed, articles=articles, copies=copies) for feed, articles, copies in feeds)

    def next_poll(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None if no feed is read."""
        return self._deliveries.next_due()

    def poll_feeds(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Ask the feeds that are due, take in what they bring, and remove what its publisher took back.

        What is not in the index when this ends, however it does, comes again with the next poll. Errors as for `add`.
        """
        return self._changes.poll_feeds(progress)

    def remove(self, reference: str, reason: str) -> tuple[Article, ReloadReport]:
        """Withdraw the article with this id or address from answers, for good. Raises `UnknownArticle`.

        What it said stays readable in its history; `restore` brings it back.
        """
        return self._changes.remove(reference, reason)

    def restore(self, reference: str) -> tuple[Article, ReloadReport]:
        """Undo `remove`. Raises `UnknownArticle`, or `TooOld` where retention would prune it at once."""
        return self._changes.restore(reference)

    def history(self, reference: str) -> tuple[Version, ...]:
        """Every version of the article with this id or address, the oldest first. Raises `UnknownArticle`."""
        return tuple(versions_of(self._store, find_article(self._store, reference)))

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
        without: Collection[str] = (),
        preferred: str | None = None,
    ) -> Answer:
        """Answer a question with at most `limit` quotes, or abstain with what may bear on it or the nearest headlines.

        `as_of` hides articles published later, `since` those published earlier (and undated ones), `source`
        those of other outlets, `language` (a code, "de") those in other ones, `without` those with the ids given. A
        question that does not tell its own language is taken to be in the `preferred` one. Raises `InvalidQuestion`,
        `IndexUnavailable` or `ModelUnavailable`.
        """
        scope = Scope(since=since, until=as_of, source=source, language=language, without=frozenset(without))
        return self._enquiries.answer(question, scope, limit, preferred)

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
        return self._enquiries.quotes(question, scope, limit, preferred)

    def search(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        language: str | None = None,
        limit: int = 10,
        without: Collection[str] = (),
        preferred: str | None = None,
    ) -> tuple[Hit, ...]:
        """The passages that bear most on a question, best first. Filters and errors as for `ask`."""
        scope = Scope(since=since, until=as_of, source=source, language=language, without=frozenset(without))
        return self._enquiries.search(question, scope, limit, preferred)

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
            return self._enquiries.latest_about(topic, scope, limit, skip, known)
        from retrieval.answering.latest import latest  # what summarises, which who tells no stories need not wait for

        held = self._shelf()
        briefing = latest(held, scope, limit, skip, known)
        return replace(briefing, reading=reading(self._store, held.generation, held.articles))

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
        return self._enquiries.corpus()

    # --- what there is -------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Loads no model that is on this machine."""
        held, asks = self._shelf(), self._asked
        oldest, newest = self._store.span_of_dates(held.generation)
        reloaded, failed = self._store.last_reload()
        feeds, troubles = self._deliveries.troubles()
        hinders = obstacle(held, self._embedder)
        return Status(
            generation=held.generation,
            articles=held.articles,
            passages=len(self._opened.current().dense) if self._opened else passages_of(held),
            sources=len(held.outlets),
            newest=newest,
            oldest=oldest,
            model=self._embedder.name,
            runtime=self._embedder.runtime,
            prompts=(self._embedder.prompts.query, self._embedder.prompts.passage),
            languages=tuple(sorted(self._embedder.family.languages or ())),
            reloaded=reloaded,
            failed=failed,
            notice=str(hinders) if hinders else asks and asks.reranker and asks.reranker.obstacle,
            feeds=feeds,
            feeds_failed=troubles,
            reading=self.reading(),
            articles_in=self.languages(),
        )

    def reading(self) -> Reading | None:
        """How far the articles are that are read for the first time; None when no great number of them waits."""
        held = self._shelf()
        under_way = reading(self._store, held.generation, held.articles)
        return under_way and replace(under_way, left=seconds_left(self._store))

    def ready(self) -> bool:
        """Whether questions can be answered now; where they cannot, `status().notice` says why."""
        return obstacle(self._shelf(), self._embedder) is None

    def span_of_dates(self) -> tuple[Day | None, Day | None]:
        """The oldest and the newest date in the index; None for both where nothing is dated."""
        return self._store.span_of_dates(self._shelf().generation)

    @property
    def articles(self) -> int:
        """How many articles the index holds."""
        return self._shelf().articles

    def headlines(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The newest articles whose headline or outlet holds `text`."""
        return find_headlines(self._store, text, limit)

    def withdrawn(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The articles that `restore` can bring back and whose headline or outlet holds `text`."""
        return find_withdrawn(self._store, text, limit)

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._shelf().outlets

    def languages(self) -> dict[str, int]:
        """How many articles there are in each language (by its code), most first; of the others it is not known."""
        return languages_held(self._store, self._shelf().generation)

    def outlets_holding(self, text: str, limit: int) -> tuple[str, ...]:
        """At most `limit` outlets whose name holds `text`, those with the most to quote first."""
        return tuple(outlets_holding(self._generations.current(), text, limit))

    def coverage(self) -> Coverage:
        """What the index holds, by outlet and by age."""
        return coverage(self._store, self._shelf().generation)

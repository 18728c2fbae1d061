"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrieval.answer import Answer, Briefing, Hit, Quote, Timeline
from retrieval.answering import pipeline
from retrieval.answering.choosing import ANSWER_FROM
from retrieval.answering.corpus import Corpus
from retrieval.answering.latest import latest
from retrieval.answering.matching import Arrivals
from retrieval.answering.rerank import Reranker
from retrieval.answering.stories import timeline
from retrieval.article import Article, Day, Failure, Reading, ReloadReport, Scope, Status, Tell
from retrieval.errors import ReloadInProgress
from retrieval.index.coverage import Coverage, coverage, outlets_holding
from retrieval.index.data_folder import Hold
from retrieval.index.embed import Embedder
from retrieval.index.generations import RELOADING, Generations
from retrieval.index.headlines import articles_by_origin, find_headlines, find_withdrawn
from retrieval.index.lexical import LexicalDamaged
from retrieval.index.versions import Version, find_article, versions_of
from retrieval.index.waiting import reading, seconds_left
from retrieval.reading.arrival import TAKEN_BACK, Arrival, Gone, arrival_batches
from retrieval.reading.deliveries import Deliveries, read_files
from retrieval.reading.feeds import schema as feeds_schema
from retrieval.reading.intake import restore, take_in, withdraw
from retrieval.reading.reload import reload_folder
from retrieval.reading.retention import Retention

if TYPE_CHECKING:
    from retrieval.reading.feeds.followed import Feed, Feeds

T = TypeVar("T")

PATIENCE = 600.0  # seconds that what arrives waits for another reload to end


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. The models are names or folders; None is the built-in embedding model,
    and no reranker. `answer_from` (0..1) is the confidence from which a question is answered. What did not come from
    the folder is kept for `keep_days` and up to `keep_articles`; None is without end. `allow_private_addresses` lets
    feeds and pages be fetched from this machine and its network too."""

    data_dir: Path
    seeds_dir: Path
    embedding_model: str | None = None
    reranker_model: str | None = None
    answer_from: float = ANSWER_FROM
    keep_days: int | None = None
    keep_articles: int | None = None
    allow_private_addresses: bool = False


class Newsroom:
    """Articles in, verified quotes out. Every method may be called from any thread, but all of them block:
    call none of them on an event loop."""

    def __init__(self, settings: NewsroomSettings) -> None:
        self._settings = settings
        self._retention = Retention(settings.keep_days, settings.keep_articles)
        self._embedder = Embedder(settings.embedding_model)
        self._reranker = Reranker(settings.reranker_model) if settings.reranker_model else None
        self._hold = Hold(settings.data_dir)
        try:
            self._generations = Generations(settings.data_dir)
        except BaseException:
            self._hold.close()
            raise
        self._reloading = threading.Lock()
        self._store = self._generations.store
        private = settings.allow_private_addresses
        self._deliveries = Deliveries(settings.data_dir / feeds_schema.FILE, allow_private=private)

    @classmethod
    def open(cls, settings: NewsroomSettings) -> Newsroom:
        """A newsroom on `settings.data_dir`, which is created when it is new.

        Raises `StoreUnavailable` when the folder cannot be used, `ReloadInProgress` when another process has
        been between two steps of its reload for a minute.
        """
        return cls(settings)

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End: what is asked or reloaded from now on raises `StoreUnavailable`, in whatever thread it runs."""
        self._generations.close()
        self._deliveries.close()
        self._hold.close()

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        self._embedder.embed_question("warm up")
        if self._reranker:
            self._reranker.warm_up()

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
        began = time.perf_counter()
        if not self._reloading.acquire(blocking=False):
            raise ReloadInProgress(RELOADING)
        try:
            folder = self._settings.seeds_dir
            steps = reload_folder(self._store, self._embedder, folder, progress, self._retention, at_once=at_once)
            return self._report(self._generations.change_in_turns(steps, progress), began)
        finally:
            self._reloading.release()

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in articles from anywhere but the folder, each once, however many there are.

        They come into the index some hundred at a time, so memory is bounded and a crash costs little: what is
        added again is recognised. Errors as for `reload`, except that another reload is waited for.
        """
        began = time.perf_counter()
        report, seen = ReloadReport(), dict[str, str]()
        for batch in arrival_batches(arrivals):
            report = report.and_then(self._take_in(batch, seen, progress))
        return self._report(report, began)

    def add_pages(self, urls: Iterable[str], progress: Tell = lambda _: None) -> ReloadReport:
        """Fetch pages, politely, and take in the articles that they show; one that is gone is withdrawn.

        Errors as for `add`.
        """
        began = time.perf_counter()
        report, seen = ReloadReport(), dict[str, str]()
        for batch in arrival_batches(self._deliveries.pages(urls, progress)):
            report = report.and_then(self._deliver(batch, seen, progress))
        return self._report(report, began)

    def add_files(self, paths: Iterable[Path], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in the articles that files hold, however large these are. Errors as for `add`."""
        return self.add(read_files(paths, progress), progress)

    @property
    def feeds(self) -> Feeds:
        """The feeds that `poll_feeds` asks. Raises `StoreUnavailable`."""
        return self._deliveries.feeds

    def list_feeds(self) -> tuple[Feed, ...]:
        """All feeds, by their titles, each with how many articles it has brought. Raises `StoreUnavailable`."""
        brought = articles_by_origin(self._store)
        feeds = ((feed, *brought.get(feed.origin, (0, 0))) for feed in self.feeds.list())
        return tuple(replace(feed, articles=articles, copies=copies) for feed, articles, copies in feeds)

    def next_poll(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None if no feed is read."""
        return self._deliveries.next_due()

    def poll_feeds(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Ask the feeds that are due, take in what they bring, and remove what its publisher took back.

        What is not in the index when this ends, however it does, comes again with the next poll. Errors as for `add`.
        """
        began = time.perf_counter()
        report, seen = ReloadReport(), dict[str, str]()
        for batch in self._deliveries.polled(progress, self._store):
            report = report.and_then(self._deliver(batch, seen, progress))
        return self._report(report, began)

    def _deliver(self, batch: Sequence[Arrival | Failure | Gone], seen: dict[str, str], progress: Tell) -> ReloadReport:
        """Take in what arrived, and withdraw what its publisher took back."""
        arrivals = [item for item in batch if not isinstance(item, Gone)]
        report = self._take_in(arrivals, seen, progress) if arrivals else ReloadReport()
        if taken_back := self._deliveries.taken_back(batch, self._store):
            report = report.and_then(replace(self._withdraw(taken_back, TAKEN_BACK), unchanged=0))
        return report

    def _take_in(self, batch: Sequence[Arrival | Failure], seen: dict[str, str], progress: Tell) -> ReloadReport:
        step = partial(take_in, self._store, self._embedder, batch, self._retention, progress, seen)
        return self._generations.change(step, progress, PATIENCE)

    def remove(self, reference: str, reason: str) -> tuple[Article, ReloadReport]:
        """Withdraw the article with this id or address from answers, for good. Raises `UnknownArticle`.

        What it said stays readable in its history; `restore` brings it back.
        """
        began = time.perf_counter()
        id_ = find_article(self._store, reference)
        return versions_of(self._store, id_)[-1].article, self._report(self._withdraw([id_], reason), began)

    def _withdraw(self, ids: Sequence[str], reason: str) -> ReloadReport:
        step = partial(withdraw, self._store, self._embedder, ids, reason, self._retention)
        return self._generations.change(step, lambda _: None, PATIENCE)

    def restore(self, reference: str) -> tuple[Article, ReloadReport]:
        """Undo `remove`. Raises `UnknownArticle`, or `TooOld` where retention would prune it at once."""
        began = time.perf_counter()
        id_ = find_article(self._store, reference)
        step = partial(restore, self._store, self._embedder, id_, self._retention)
        report = self._generations.change(step, lambda _: None, PATIENCE)
        return versions_of(self._store, id_)[-1].article, self._report(report, began)

    def history(self, reference: str) -> tuple[Version, ...]:
        """Every version of the article with this id or address, the oldest first. Raises `UnknownArticle`."""
        return tuple(versions_of(self._store, find_article(self._store, reference)))

    def _report(self, report: ReloadReport, began: float) -> ReloadReport:
        generation = self._generations.current().generation.number
        return replace(report, seconds=time.perf_counter() - began, generation=generation)

    # --- asking --------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 3,
        without: Collection[str] = (),
    ) -> Answer:
        """Answer a question with at most `limit` quotes, or abstain with what may bear on it or the nearest headlines.

        `as_of` hides articles published later, `since` those published earlier (and undated ones), `source`
        those of other outlets, `without` those with the ids given. Raises `InvalidQuestion`,
        `IndexUnavailable` or `ModelUnavailable`.
        """
        scope = Scope(since=since, until=as_of, source=source, without=frozenset(without))
        least = self._settings.answer_from
        corpus, answer = self._asked(lambda corpus: pipeline.answer(corpus, question, scope, limit, least))
        return replace(answer, reading=reading(self._store, corpus.generation, corpus.index.articles))

    def quotes(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 3,
    ) -> tuple[Quote, ...]:
        """The quotes that would serve a question best, whether or not they are good enough to answer it."""
        scope = Scope(since=since, until=as_of, source=source)
        return self._asked(lambda corpus: pipeline.best_quotes(corpus, question, scope, limit))[1]

    def search(
        self,
        question: str,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 10,
        without: Collection[str] = (),
    ) -> tuple[Hit, ...]:
        """The passages that bear most on a question, best first. Filters and errors as for `ask`."""
        scope = Scope(since=since, until=as_of, source=source, without=frozenset(without))
        return self._asked(lambda corpus: pipeline.search(corpus, question, scope, limit))[1]

    def latest(
        self,
        topic: str | None = None,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 5,
        skip: int = 0,
        known: int | None = None,
    ) -> Briefing:
        """The newest stories, optionally about a topic, after the `skip` newest; filters and errors as for `ask`.

        What came after the generation `known`, which the reader has seen, is told as `Story.new`.
        """
        scope = Scope(since=since, until=as_of, source=source)
        corpus, briefing = self._asked(lambda corpus: latest(corpus, topic, scope, limit, skip, known))
        return replace(briefing, reading=reading(self._store, corpus.generation, corpus.index.articles))

    def story(self, number: int, *, as_of: Day | None = None) -> Timeline:
        """The story with this `Story.id`, step by step, as it was known at a moment. Raises `UnknownStory`."""
        return timeline(self.corpus(), number, as_of)

    @property
    def arrivals(self) -> Arrivals:
        """What has come since a generation, for who reports it."""
        return Arrivals(self.corpus)

    def corpus(self) -> Corpus:
        """What questions are answered from now, for what measures single steps of that."""
        index = self._generations.current()
        return Corpus(index=index, store=self._store, embedder=self._embedder, reranker=self._reranker)

    def _asked(self, ask: Callable[[Corpus], T]) -> tuple[Corpus, T]:
        """What `ask` finds, in which corpus; once more where words could not be searched and can be again."""
        corpus = self.corpus()
        try:
            return corpus, ask(corpus)
        except LexicalDamaged as damage:
            self._generations.mend(corpus.index, damage)
        return (corpus := self.corpus()), ask(corpus)

    # --- what there is -------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Loads no model that is on this machine."""
        corpus = self.corpus()
        oldest, newest = self._store.span_of_dates(corpus.generation)
        reloaded, failed = self._store.last_reload()
        feeds, troubles = self._deliveries.troubles()
        return Status(
            generation=corpus.generation,
            articles=corpus.index.articles,
            passages=len(corpus.index.dense),
            sources=len(corpus.index.outlets),
            newest=newest,
            oldest=oldest,
            model=self._embedder.name,
            reloaded=reloaded,
            failed=failed,
            notice=str(obstacle) if (obstacle := corpus.obstacle) else self._reranker and self._reranker.obstacle,
            feeds=feeds,
            feeds_failed=troubles,
            reading=self.reading(),
        )

    def reading(self) -> Reading | None:
        """How far the articles are that are read for the first time; None when no great number of them waits."""
        index = self._generations.current()
        under_way = reading(self._store, index.generation.number, index.articles)
        return under_way and replace(under_way, left=seconds_left(self._store))

    def ready(self) -> bool:
        """Whether questions can be answered now; where they cannot, `status().notice` says why."""
        return self.corpus().obstacle is None

    def span_of_dates(self) -> tuple[Day | None, Day | None]:
        """The oldest and the newest date in the index; None for both where nothing is dated."""
        return self._store.span_of_dates(self.corpus().generation)

    @property
    def articles(self) -> int:
        """How many articles the index holds."""
        return self._generations.current().articles

    def headlines(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The newest articles whose headline or outlet holds `text`."""
        return find_headlines(self._store, text, limit)

    def withdrawn(self, text: str = "", limit: int = 25) -> tuple[Article, ...]:
        """The articles that `restore` can bring back and whose headline or outlet holds `text`."""
        return find_withdrawn(self._store, text, limit)

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._generations.current().outlets

    def outlets_holding(self, text: str, limit: int) -> tuple[str, ...]:
        """At most `limit` outlets whose name holds `text`, those with the most to quote first."""
        return tuple(outlets_holding(self._generations.current(), text, limit))

    def coverage(self) -> Coverage:
        """What the index holds, by outlet and by age."""
        return coverage(self._store, self.corpus().generation)

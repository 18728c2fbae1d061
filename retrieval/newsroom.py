"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.answering import choosing as answers
from retrieval.answering import leads as briefing
from retrieval.answering.confidence import confidence
from retrieval.answering.corroborate import Claim
from retrieval.answering.history import with_history
from retrieval.answering.inquiry import Inquiry, Scope, checked_question, filters_of, inquire
from retrieval.answering.latest import newest, newest_about
from retrieval.answering.matching import Arrivals
from retrieval.answering.rerank import Reranker
from retrieval.article import (
    Answer,
    Article,
    Briefing,
    Day,
    Failure,
    Hit,
    Passage,
    Quote,
    ReloadReport,
    Status,
    Tell,
    instant_end,
)
from retrieval.errors import IndexUnavailable, InvalidQuestion, ModelChanged, ReloadInProgress
from retrieval.index.coverage import Coverage, coverage, outlets_holding
from retrieval.index.embed import Embedder
from retrieval.index.generations import RELOADING, Generations
from retrieval.index.headlines import articles_by_origin, find_headlines, find_withdrawn
from retrieval.index.search import Index
from retrieval.index.versions import Version, find_article, published_as, versions_of
from retrieval.reading.arrival import TAKEN_BACK, Arrival, Gone, arrival_batches, restore, take_in, withdraw
from retrieval.reading.deliveries import Deliveries, read_files
from retrieval.reading.reload import reload_folder
from retrieval.reading.retention import Retention

if TYPE_CHECKING:
    from retrieval.reading.feeds.subscriptions import Feed, Feeds

NEAREST = 3  # headlines offered when abstaining
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
    answer_from: float = answers.ANSWER_FROM
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
        self._generations = Generations(settings.data_dir)
        self._reloading = threading.Lock()
        self._store = self._generations.store
        feeds = settings.data_dir / "feeds.sqlite3"
        self._deliveries = Deliveries(feeds, allow_private=settings.allow_private_addresses)

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

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        self._embedder.embed_question("warm up")
        if self._reranker:
            self._reranker.warm_up()

    # --- taking in -----------------------------------------------------------------------------------

    def reload(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Bring what changed in the folder into a new generation and serve it from then on.

        Questions go on being answered from the generation before. `progress` is called from this thread.
        Raises `ReloadInProgress`, `SourceUnavailable` or `ModelUnavailable`; nothing is lost in any case.
        """

        def step() -> ReloadReport:
            return reload_folder(self._store, self._embedder, self._settings.seeds_dir, progress, self._retention)

        began = time.perf_counter()
        if not self._reloading.acquire(blocking=False):
            raise ReloadInProgress(RELOADING)
        try:
            return self._report(self._generations.change(step, progress), began)
        finally:
            self._reloading.release()

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in articles from anywhere but the folder, each once, however many there are.

        They come into the index some hundred at a time, so memory is bounded and a crash costs little: what is
        added again is recognised. Errors as for `reload`, except that another reload is waited for.
        """
        began = time.perf_counter()
        report = ReloadReport()
        for batch in arrival_batches(arrivals):
            report = report.and_then(self._take_in(batch, progress))
        return self._report(report, began)

    def add_pages(self, urls: Iterable[str], progress: Tell = lambda _: None) -> ReloadReport:
        """Fetch pages, politely, and take in the articles that they show; one that is gone is withdrawn.

        Errors as for `add`.
        """
        began = time.perf_counter()
        report = ReloadReport()
        for batch in arrival_batches(self._deliveries.pages(urls, progress)):
            report = report.and_then(self._deliver(batch, progress))
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
        return tuple(replace(feed, articles=brought.get(feed.origin, 0)) for feed in self.feeds.list())

    def next_poll(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None if no feed is read."""
        return self._deliveries.next_due()

    def poll_feeds(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Ask the feeds that are due, take in what they bring, and remove what its publisher took back.

        What is not in the index when this ends, however it does, comes again with the next poll. Errors as for `add`.
        """
        began = time.perf_counter()
        report = ReloadReport()
        for batch in self._deliveries.polled(progress):
            report = report.and_then(self._deliver(batch, progress))
        return self._report(report, began)

    def _deliver(self, batch: Sequence[Arrival | Failure | Gone], progress: Tell) -> ReloadReport:
        """Take in what arrived, and withdraw what its publisher took back."""
        arrivals = [item for item in batch if not isinstance(item, Gone)]
        report = self._take_in(arrivals, progress) if arrivals else ReloadReport()
        taken_back = [id_ for item in batch if isinstance(item, Gone) and (id_ := self._taken_back(item))]
        if taken_back:
            report = report.and_then(replace(self._withdraw(taken_back, TAKEN_BACK), unchanged=0))
        return report

    def _taken_back(self, gone: Gone) -> str | None:
        """The id of the article that went with a page; None where it is still to be had at its own address."""
        found = published_as(self._store, gone.id, gone.url)
        if found is None:
            return None
        id_, url = found
        return id_ if url == gone.asked or self._deliveries.is_gone(url) else None

    def _take_in(self, batch: Sequence[Arrival | Failure], progress: Tell) -> ReloadReport:
        step = partial(take_in, self._store, self._embedder, batch, self._retention, progress)
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
        began = time.perf_counter()
        question = checked_question(question)
        index = self._ready()
        inquiry = self._inquire(index, question, Scope(as_of, since, source, without), answers.PASSAGES, limit)
        quotable = answers.quotable(inquiry.evidence)
        ranked = answers.ranked_spans(inquiry.asked, quotable)
        sure = confidence(inquiry.asked, quotable, ranked)
        verdict = answers.verdict(sure, self._settings.answer_from)
        chosen = answers.choose_claims(ranked, limit) if verdict != "abstain" else []
        passages = [Claim(item.stored, item.start, item.end) for item in inquiry.evidence]
        until = None if as_of is None else instant_end(as_of)
        quotes = answers.corroborated(chosen, ranked, passages)
        quotes = with_history(self._store, index.generation.number, quotes, until)
        nearest = {item.stored.key: item.stored.article for item in inquiry.evidence}
        return Answer(
            question,
            verdict == "answer" and bool(quotes),
            sure,
            quotes,
            () if quotes else tuple(nearest.values())[:NEAREST],
            index.articles if until is None else self._store.live_articles(index.generation.number, until),
            index.generation.number,
            time.perf_counter() - began,
            inquiry.scope,
            answers.disputed(chosen, passages),
        )

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
        index = self._ready()
        inquiry = self._inquire(index, checked_question(question), Scope(as_of, since, source), answers.PASSAGES, limit)
        ranked = answers.ranked_spans(inquiry.asked, answers.quotable(inquiry.evidence))
        passages = [Claim(item.stored, item.start, item.end) for item in inquiry.evidence]
        quotes = answers.corroborated(answers.choose_claims(ranked, limit), ranked, passages)
        until = None if as_of is None else instant_end(as_of)
        return with_history(self._store, index.generation.number, quotes, until)

    def consider(self, question: str, *, as_of: Day | None = None, without: Collection[str] = ()) -> Inquiry:
        """A question as it is understood and what it is answered from, as `benchmarks/fit.py` needs them."""
        scope = Scope(as_of, without=without)
        return self._inquire(self._ready(), checked_question(question), scope, answers.PASSAGES, 1)

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
        scope = Scope(as_of, since, source, without)
        inquiry = self._inquire(self._ready(), checked_question(question), scope, limit, limit)
        return tuple(
            Hit(
                Passage(item.stored.article, item.start, item.end),
                item.candidate.score,
                item.candidate.cosine,
                item.candidate.bm25,
            )
            for item in inquiry.evidence
        )

    def _inquire(self, index: Index, question: str, scope: Scope, passages: int, limit: int) -> Inquiry:
        _check_limit(limit)
        return inquire(index, self._store, self._embedder, question, scope, passages, self._reranker)

    def latest(
        self,
        topic: str | None = None,
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        source: str | None = None,
        limit: int = 5,
        skip: int = 0,
    ) -> Briefing:
        """The newest stories, optionally about a topic, after the `skip` newest; filters and errors as for `ask`."""
        began = time.perf_counter()
        _check_limit(limit)
        about = checked_question(topic) if topic is not None and topic.strip() else None
        index = self._ready() if about else self._generations.current()
        filters = filters_of(index, self._store, Scope(as_of, since, source))
        count = skip + limit
        found = (
            newest_about(index, self._store, self._embedder, about, filters, count)
            if about
            else newest(index, self._store, filters, count)
        )
        stories = tuple(briefing.story(stored) for stored in found[skip:])
        return Briefing(about, stories, index.generation.number, time.perf_counter() - began)

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Loads no model that is on this machine."""
        index = self._generations.current()
        oldest, newest = self._store.span_of_dates(index.generation.number)
        reloaded, failed = self._store.last_reload()
        feeds, troubles = self._deliveries.troubles()
        return Status(
            index.generation.number,
            index.articles,
            len(index.dense),
            len(index.outlets),
            newest,
            oldest,
            self._embedder.name,
            reloaded,
            failed,
            str(obstacle) if (obstacle := self._obstacle(index)) else self._reranker and self._reranker.obstacle,
            feeds,
            troubles,
        )

    def span_of_dates(self) -> tuple[Day | None, Day | None]:
        """The oldest and the newest date in the index; None for both where nothing is dated."""
        return self._store.span_of_dates(self._generations.current().generation.number)

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

    @property
    def arrivals(self) -> Arrivals:
        """What has come since a generation, for who reports it."""
        return Arrivals(self._store, self._embedder, self._generations.current, self._ready)

    def ready(self) -> bool:
        """Whether questions can be answered now; where they cannot, `status().notice` says why."""
        return self._obstacle(self._generations.current()) is None

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._generations.current().outlets

    def outlets_holding(self, text: str, limit: int) -> tuple[str, ...]:
        """At most `limit` outlets whose name holds `text`, those with the most to quote first."""
        return tuple(outlets_holding(self._generations.current(), text, limit))

    def coverage(self) -> Coverage:
        """What the index holds, by outlet and by age."""
        return coverage(self._store, self._generations.current().generation.number)

    def _obstacle(self, index: Index) -> IndexUnavailable | None:
        """Why questions cannot be answered now, with the remedy; None when they can."""
        model = index.generation.model
        if model is None or not index.articles:
            return IndexUnavailable(
                "No articles are indexed yet: put some into the folder of SEEDS_DIR and reload, or add a feed or page."
            )
        if model != self._embedder.identity:
            return ModelChanged(
                f"The index was made with the model {model.name} (revision {model.revision}), but EMBEDDING_MODEL "
                f"now names {self._embedder.name}: reload to embed every article again, or set it back."
            )
        return None

    def _ready(self) -> Index:
        index = self._generations.current()
        if obstacle := self._obstacle(index):
            raise obstacle
        return index


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise InvalidQuestion("A limit of {limit} leaves nothing to show: ask for at least 1.", limit=limit)

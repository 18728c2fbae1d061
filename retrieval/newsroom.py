"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from retrieval import answer as answers
from retrieval import briefing, search
from retrieval.article import (
    Answer,
    Briefing,
    Day,
    Hit,
    Passage,
    Progress,
    Quote,
    ReloadReport,
    Status,
)
from retrieval.corroborate import Claim
from retrieval.embed import Embedder
from retrieval.errors import IndexUnavailable, InvalidQuestion, ModelChanged, ReloadInProgress
from retrieval.inquiry import Inquiry, Scope, checked_question, filters_of, find_evidence, inquire
from retrieval.lexical import Filters, LexicalIndex
from retrieval.reload import reload_folder
from retrieval.rerank import Reranker
from retrieval.search import Index
from retrieval.store import Store, StoredArticle, unusable

logger = logging.getLogger(__name__)

NEAREST = 3  # headlines offered when abstaining
TOPIC_PASSAGES = 200  # looked through for a topic's newest articles, in each of these spans
TOPIC_DAYS = (7, 30, 365, float("inf"))
RETRY_AFTER = 10.0  # seconds until a generation that could not be loaded is tried again
LOCK_PATIENCE = 60.0  # seconds to wait for another process that is between two steps of its reload


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. The models are names or folders; None is the built-in embedding model,
    and no reranker. `answer_from` (0..1) is the confidence from which a question is answered."""

    data_dir: Path
    seeds_dir: Path
    embedding_model: str | None = None
    reranker_model: str | None = None
    answer_from: float = answers.ANSWER_FROM


class Newsroom:
    """Articles in, verified quotes out. Every method may be called from any thread, but all of them block:
    call none of them on an event loop."""

    def __init__(self, settings: NewsroomSettings) -> None:
        self._settings = settings
        self._embedder = Embedder(settings.embedding_model)
        self._reranker = Reranker(settings.reranker_model) if settings.reranker_model else None
        self._store = Store(settings.data_dir / "articles.sqlite3")
        self._swap = threading.Lock()
        self._retry_at = 0.0
        try:
            self._lexical = LexicalIndex(settings.data_dir / "lexical")
            self._index = self._loaded(None, LOCK_PATIENCE)
        except BaseException:
            self._store.close()
            raise

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
        self._store.close()

    def warm_up(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        self._embedder.embed_question("warm up")
        if self._reranker:
            self._reranker.warm_up()

    # --- reloading -----------------------------------------------------------------------------------

    def reload(self, progress: Callable[[Progress], None] = lambda _: None) -> ReloadReport:
        """Bring what changed in the sources into a new generation and serve it from then on.

        Questions go on being answered from the generation before. `progress` is called from this thread.
        Raises `ReloadInProgress`, `SourceUnavailable` or `ModelUnavailable`; nothing is lost in any case.
        """
        began = time.perf_counter()
        with self._exclusive(), self._disk_errors_explained():
            outcome = reload_folder(self._store, self._embedder, self._settings.seeds_dir, progress)
            if outcome.changed:
                progress(Progress("indexing", 0, None))
                search.reconcile(self._store, self._lexical)
                with self._swap:
                    self._index = search.load(self._store, self._lexical, self._index) or self._index
                progress(Progress("indexing", len(self._index.dense), len(self._index.dense)))
        return ReloadReport(
            outcome.added,
            outcome.updated,
            outcome.removed,
            outcome.unchanged,
            outcome.embedded,
            outcome.failed,
            time.perf_counter() - began,
            self._index.generation.number,
        )

    def _exclusive(self, patience: float = 0.0) -> AbstractContextManager[object]:
        # A new lock object each time: it excludes other threads as well as other processes, and the kernel
        # frees it when a process dies.
        lock = FileLock(self._settings.data_dir / "reload.lock")
        try:
            return lock.acquire(timeout=patience)
        except Timeout:
            raise ReloadInProgress("A reload is running already: wait until it has ended.") from None

    @contextmanager
    def _disk_errors_explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:  # tantivy tells a full disk as a ValueError
            if isinstance(error, ValueError) and "IO" not in str(error) and "os error" not in str(error):
                raise
            raise unusable(self._settings.data_dir, error) from error

    def _loaded(self, base: Index | None, patience: float) -> Index:
        """The current generation; the lexical index is brought to it first where a reload died before it was."""
        while True:
            index = search.load(self._store, self._lexical, base)
            if index is not None:
                return index
            with self._exclusive(patience):
                search.reconcile(self._store, self._lexical)

    def _current(self) -> Index:
        """The newest complete generation, also when another process has made it."""
        newer = self._store.generation().number != self._index.generation.number
        # One question loads it; those beside it go on with the generation before.
        if newer and time.monotonic() >= self._retry_at and self._swap.acquire(blocking=False):
            try:
                self._index = self._loaded(self._index, patience=0)
            except ReloadInProgress:
                pass  # it is being written just now
            except Exception:
                logger.exception("the new generation cannot be loaded; the one before it goes on answering")
                self._retry_at = time.monotonic() + RETRY_AFTER
            finally:
                self._swap.release()
        return self._index

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
        confidence = answers.confidence(inquiry.asked, quotable, ranked)
        verdict = answers.verdict(confidence, self._settings.answer_from)
        chosen = answers.choose_claims(ranked, limit) if verdict != "abstain" else []
        passages = [Claim(item.stored, item.start, item.end) for item in inquiry.evidence]
        quotes = answers.corroborated(chosen, ranked, passages)
        nearest = {item.stored.key: item.stored.article for item in inquiry.evidence}
        return Answer(
            question,
            verdict == "answer" and bool(quotes),
            confidence,
            quotes,
            () if quotes else tuple(nearest.values())[:NEAREST],
            index.articles,
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
        scope = Scope(as_of, since, source)
        inquiry = self._inquire(self._ready(), checked_question(question), scope, answers.PASSAGES, limit)
        ranked = answers.ranked_spans(inquiry.asked, answers.quotable(inquiry.evidence))
        return tuple(answers.choose_quotes(ranked, limit))

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
    ) -> Briefing:
        """The newest stories, optionally about a topic; filters and errors as for `ask`."""
        began = time.perf_counter()
        _check_limit(limit)
        about = checked_question(topic) if topic is not None and topic.strip() else None
        index = self._ready() if about else self._current()
        filters = filters_of(index, self._store, Scope(as_of, since, source))
        if about:
            newest = self._newest_about(index, about, filters, limit)
        else:
            newest = self._store.newest(index.generation.number, limit, filters.since, filters.source, filters.until)
        stories = tuple(briefing.story(stored) for stored in newest)
        return Briefing(about, stories, index.generation.number, time.perf_counter() - began)

    def _newest_about(self, index: Index, topic: str, filters: Filters, limit: int) -> list[StoredArticle]:
        """The newest articles about a topic, looked for in ever longer spans of time back from the newest article."""
        seen = index.instants if filters.until is None else index.instants[index.instants <= filters.until]
        newest = float(np.max(seen, initial=-np.inf))
        found: dict[int, StoredArticle] = {}
        for days in TOPIC_DAYS:
            since = max(newest - days * 86_400, filters.since if filters.since is not None else -np.inf)
            span = replace(filters, since=since if np.isfinite(since) else None)
            asked, evidence = find_evidence(index, self._store, self._embedder, topic, span, TOPIC_PASSAGES, None)
            found |= {item.stored.key: item.stored for item in evidence if briefing.on_topic(asked.weights, item)}
            if len(found) >= limit:
                break
        return briefing.newest_first(list(found.values()))[:limit]

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Loads no model that is on this machine."""
        index = self._current()
        oldest, newest = self._store.span_of_dates(index.generation.number)
        reloaded, failed = self._store.last_reload()
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
        )

    def ready(self) -> bool:
        """Whether questions can be answered now; where they cannot, `status().notice` says why."""
        return self._obstacle(self._current()) is None

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._current().outlets

    def _obstacle(self, index: Index) -> IndexUnavailable | None:
        """Why questions cannot be answered now, with the remedy; None when they can."""
        model = index.generation.model
        if model is None or not index.articles:
            return IndexUnavailable(
                "No articles are indexed yet: put some into the folder that SEEDS_DIR names, and reload."
            )
        if model != self._embedder.identity:
            return ModelChanged(
                f"The index was made with the model {model.name} (revision {model.revision}), but EMBEDDING_MODEL "
                f"now names {self._embedder.name}: reload to embed every article again, or set it back."
            )
        return None

    def _ready(self) -> Index:
        index = self._current()
        if obstacle := self._obstacle(index):
            raise obstacle
        return index


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise InvalidQuestion(f"A limit of {limit} leaves nothing to show: ask for at least 1.")

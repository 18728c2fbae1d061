"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval import answer as answers
from retrieval import briefing, search
from retrieval.answer import Evidence
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
    instant,
    instant_end,
)
from retrieval.embed import Embedder
from retrieval.errors import IndexUnavailable, InvalidQuestion, ReloadInProgress
from retrieval.lexical import Filters, LexicalIndex
from retrieval.reload import reload_folder
from retrieval.search import Index
from retrieval.store import Store
from retrieval.terms import content_terms

QUESTION_CHARACTERS = 1_000
NEAREST = 3  # headlines offered when abstaining
TOPIC_PASSAGES = 60  # looked through for a topic's newest articles
LOCK_PATIENCE = 60.0  # seconds to wait for another process that is between two steps of its reload


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. `embedding_model` is a name or a folder; None is the built-in one."""

    data_dir: Path
    seeds_dir: Path
    embedding_model: str | None = None


class Newsroom:
    """Articles in, verified quotes out. Every method may be called from any thread, but all of them block:
    call none of them on an event loop."""

    def __init__(self, settings: NewsroomSettings) -> None:
        self._settings = settings
        self._embedder = Embedder(settings.embedding_model)
        self._store = Store(settings.data_dir / "articles.sqlite3")
        try:
            self._lexical = LexicalIndex(settings.data_dir / "lexical")
            self._index = self._load()
        except BaseException:
            self._store.close()
            raise

    @classmethod
    def open(cls, settings: NewsroomSettings) -> Newsroom:
        """A newsroom on `settings.data_dir`, which is created when it is new.

        Raises `StoreUnavailable` when the folder cannot be used.
        """
        return cls(settings)

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store. No method may be called afterwards."""
        self._store.close()

    def warm_up(self) -> None:
        """Load the model now, so that the first question does not wait for it."""
        self._embedder.embed_question("warm up")

    # --- reloading -----------------------------------------------------------------------------------

    def reload(self, progress: Callable[[Progress], None] = lambda _: None) -> ReloadReport:
        """Bring what changed in the sources into a new generation and serve it from then on.

        Questions go on being answered from the generation before. `progress` is called from this thread.
        Raises `ReloadInProgress`, `SourceUnavailable` or `ModelUnavailable`; nothing is lost in any case.
        """
        began = time.perf_counter()
        with self._exclusive():
            outcome = reload_folder(self._store, self._embedder, self._settings.seeds_dir, progress)
            if outcome.changed:
                progress(Progress("indexing", 0, None))
                self._index = search.advance(self._index, self._store, self._lexical)
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

    def _load(self) -> Index:
        if self._lexical.generation() == self._store.generation().number:
            return search.load(self._store, self._lexical)
        with self._exclusive(LOCK_PATIENCE):  # the lexical index has to be written first
            return search.load(self._store, self._lexical)

    def _current(self) -> Index:
        """The newest complete generation, also when another process has made it."""
        if self._store.generation().number != self._index.generation.number:
            try:
                with self._exclusive():
                    self._index = search.advance(self._index, self._store, self._lexical)
            except ReloadInProgress:
                pass  # it is being swapped in just now; until then the generation before answers
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
        """Answer a question with at most `limit` quotes, or abstain with the nearest headlines.

        `as_of` hides articles published later, `since` those published earlier (and undated ones), `source`
        those of other outlets, `without` those with the ids given. Raises `InvalidQuestion`,
        `IndexUnavailable` or `ModelUnavailable`.
        """
        began = time.perf_counter()
        question = checked_question(question)
        index = self._ready()
        filters = self._filters(index, as_of, since, source, without)
        weights, evidence = self._evidence(index, question, filters, answers.PASSAGES)
        quotable = answers.quotable(evidence)
        confidence = answers.confidence(weights, quotable)
        answered = confidence >= answers.ANSWER_FROM
        quotes = answers.choose_quotes(weights, quotable, limit) if answered else []
        nearest = {item.stored.key: item.stored.article for item in evidence}
        return Answer(
            question,
            bool(quotes),
            confidence,
            tuple(quotes),
            () if quotes else tuple(nearest.values())[:NEAREST],
            index.articles,
            index.generation.number,
            time.perf_counter() - began,
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
        question = checked_question(question)
        index = self._ready()
        filters = self._filters(index, as_of, since, source, ())
        weights, evidence = self._evidence(index, question, filters, answers.PASSAGES)
        return tuple(answers.choose_quotes(weights, answers.quotable(evidence), limit))

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
        question = checked_question(question)
        index = self._ready()
        filters = self._filters(index, as_of, since, source, without)
        _, evidence = self._evidence(index, question, filters, limit)
        return tuple(
            Hit(
                Passage(item.stored.article, item.start, item.end),
                item.candidate.score,
                item.candidate.cosine,
                item.candidate.bm25,
            )
            for item in evidence
        )

    def latest(
        self, topic: str | None = None, *, since: Day | None = None, source: str | None = None, limit: int = 5
    ) -> Briefing:
        """The newest stories, optionally about a topic, since a day or of one outlet."""
        began = time.perf_counter()
        index = self._current()
        filters = self._filters(index, None, since, source, ())
        if topic is not None and topic.strip():
            topic = checked_question(topic)
            weights, evidence = self._evidence(self._ready(), topic, filters, TOPIC_PASSAGES)
            found = {item.stored.key: item.stored for item in evidence if briefing.on_topic(weights, item)}
            newest = briefing.newest_first(list(found.values()))[:limit]
        else:
            topic = None
            newest = self._store.newest(index.generation.number, limit, filters.since, filters.source)
        stories = tuple(briefing.story(stored) for stored in newest)
        return Briefing(topic, stories, index.generation.number, time.perf_counter() - began)

    def status(self) -> Status:
        """What the index holds and when it was last brought up to date. Does not load the model."""
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
            self._obstacle(index),
        )

    def outlets(self) -> tuple[str, ...]:
        """The outlets in the index, in alphabetical order."""
        return self._current().outlets

    def _obstacle(self, index: Index) -> str | None:
        """Why questions cannot be answered now, with the remedy; None when they can."""
        model = index.generation.model
        if model is None or not index.articles:
            return "No articles are indexed yet: put some into the folder that SEEDS_DIR names, and reload."
        if model != self._embedder.identity:
            return (
                f"The index was made with the model {model.name} (revision {model.revision}), but EMBEDDING_MODEL "
                f"now names {self._embedder.name}: reload to embed every article again, or set it back."
            )
        return None

    def _ready(self) -> Index:
        index = self._current()
        if obstacle := self._obstacle(index):
            raise IndexUnavailable(obstacle)
        return index

    def _filters(
        self, index: Index, as_of: Day | None, since: Day | None, source: str | None, without: Collection[str]
    ) -> Filters:
        return Filters(
            None if since is None else instant(since),
            None if as_of is None else instant_end(as_of),
            None if source is None else _outlet(index, source),
            self._store.passage_keys(without) if without else frozenset(),
        )

    def _evidence(
        self, index: Index, question: str, filters: Filters, limit: int
    ) -> tuple[dict[str, float], list[Evidence]]:
        """The weights of the question's terms, and the best passages with their articles."""
        words = content_terms(question)
        frequencies = [index.lexical.document_frequency(word) for word in words]
        weights = answers.inverse_frequencies(words, frequencies, len(index.dense))
        vector = self._embedder.embed_question(question)
        candidates = index.search(vector, words, limit, filters, filters.until or time.time())
        passages = self._store.passages(candidate.key for candidate in candidates)
        stored = self._store.articles({passage.article for passage in passages.values()})
        evidence = []
        for candidate in candidates:
            passage = passages.get(candidate.key)  # gone only after two reloads during this question
            if passage is not None:
                evidence.append(Evidence(candidate, stored[passage.article], passage.start, passage.end))
        return weights, evidence


def checked_question(question: str) -> str:
    """The question on one line; raises `InvalidQuestion` when nothing or too much is left of it."""
    folded = " ".join(question.split())
    if not any(character.isalnum() for character in folded):
        raise InvalidQuestion("Ask a question in words, for example: What did Rutte say about Russia?")
    if len(folded) > QUESTION_CHARACTERS:
        raise InvalidQuestion(f"The question has {len(folded)} characters: ask it in at most {QUESTION_CHARACTERS}.")
    return folded


def _outlet(index: Index, wanted: str) -> str:
    """The outlet as the index spells it; raises `InvalidQuestion` naming the nearest when it is not there."""
    by_folded = {outlet.casefold(): outlet for outlet in index.outlets}
    found = by_folded.get(wanted.strip().casefold())
    if found is None:
        near = difflib.get_close_matches(wanted.casefold(), by_folded, n=3, cutoff=0.3)
        names = ", ".join(by_folded[name] for name in near) or ", ".join(index.outlets[:5]) or "none yet"
        raise InvalidQuestion(f"No articles of an outlet {wanted[:80]!r} are indexed; the nearest: {names}.")
    return found

"""What all editions of one data folder are made with, each part loaded when it is first needed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from retrieval.errors import DatabaseUnavailable, StoreUnavailable
from retrieval.index.data_folder import Hold
from retrieval.index.embed import Embedder
from retrieval.index.seeing import sight_of
from retrieval.index.shelf import Shelf, shelf
from retrieval.index.store import Store
from retrieval.index.stored import FILE
from retrieval.reading.allowance import Allowance
from retrieval.reading.deliveries import Deliveries
from retrieval.reading.feeds import schema as feeds_schema
from retrieval.reading.retention import Retention
from retrieval.replicas.leases import Alone, Leases

if TYPE_CHECKING:
    from retrieval.answering.enquiries import Enquiries
    from retrieval.index.generations import Generations
    from retrieval.index.views import Views
    from retrieval.reading.changes import Changes
    from retrieval.replicas.shared import Shared
    from retrieval.replicas.vectors import SharedVectors

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Where a newsroom keeps and finds things. The models are names or folders; None is the built-in embedding model,
    and no reranker. The prompts go before what the former embeds; None is what it wants. `answer_from` (0..1) is the
    confidence from which a question is answered; None is the fitted one. What did not come from the folder is kept for
    `keep_days` and up to `keep_articles`; None is without end. `allow_private_addresses` lets feeds and pages be
    fetched from this machine and its network too. `collections` are those that are read by who did not choose, by their
    names; None is all of them. Each reader but the host may have `reader_feeds` feeds and `reader_articles` articles of
    its own, and add `reader_adds` feeds and pages within an hour; None is without bound. `database` is the address of
    the PostgreSQL database that this newsroom shares with other processes, and `database_read` that of a standby of it;
    None is a newsroom that is its own. `vectors` says what finds passages by their vectors: FAISS, in memory ("local"),
    or that database ("pgvector")."""

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
    collections: tuple[str, ...] | None = None
    reader_feeds: int | None = None
    reader_articles: int | None = None
    reader_adds: int | None = None
    database: str | None = field(default=None, repr=False)  # with a password in it
    database_read: str | None = field(default=None, repr=False)
    vectors: Literal["local", "pgvector"] = "local"


class Machinery:
    """The store of `settings.data_dir`, the feeds, the models, and what is served. Raises `StoreUnavailable`."""

    def __init__(self, settings: NewsroomSettings) -> None:
        self.settings = settings
        self.retention = Retention(settings.keep_days, settings.keep_articles, settings.reader_articles)
        self.allowance = Allowance(
            feeds=settings.reader_feeds, articles=settings.reader_articles, adds=settings.reader_adds
        )
        self.embedder = Embedder(
            settings.embedding_model,
            settings.data_dir,
            query_prompt=settings.query_prompt,
            passage_prompt=settings.passage_prompt,
        )
        self.shared = _shared(settings)
        self.leases: Leases = self.shared.leases if self.shared else Alone()
        self._hold = Hold(settings.data_dir)
        path = settings.data_dir / FILE
        try:
            self.store = Store(path, self.shared.replica(path, "articles") if self.shared else None)
        except BaseException:
            self._hold.close()
            if self.shared:
                self.shared.close()
            raise
        private = settings.allow_private_addresses
        self.deliveries = Deliveries(settings.data_dir / feeds_schema.FILE, allow_private=private, shared=self.shared)
        self._opening = threading.RLock()
        self.opened: Generations | None = None
        self._views: Views | None = None
        self.asked: Enquiries | None = None
        self._changing: Changes | None = None

    # What searches and what takes in are imported when they are first needed: with the libraries that they bring, they
    # take longer than all that only reads.

    @property
    def generations(self) -> Generations:
        """What is served, loaded once."""
        with self._opening:
            if self.opened is None:
                from retrieval.index.generations import Generations

                self.opened = Generations(self.settings.data_dir, self.store, self.leases, self._vectors())
        return self.opened

    def _vectors(self) -> SharedVectors | None:
        """The database, if it finds passages by their vectors. Raises `StoreUnavailable` if it cannot."""
        if self.shared is None or self.settings.vectors == "local":
            return None
        try:
            self.shared.vectors.prepare()
        except DatabaseUnavailable as error:
            logger.warning("%s", error)
        return self.shared.vectors

    @property
    def views(self) -> Views:
        """What is served, as each reader sees it."""
        with self._opening:
            if self._views is None:
                from retrieval.index.views import Views

                self._views = Views(self.generations, self.settings.collections)
        return self._views

    @property
    def enquiries(self) -> Enquiries:
        """What answers."""
        if self.asked is None:
            from retrieval.answering.enquiries import Enquiries

            with self._opening:
                settings = self.settings
                self.asked = self.asked or Enquiries(
                    self.views, self.embedder, settings.reranker_model, settings.answer_from
                )
        return self.asked

    @property
    def changes(self) -> Changes:
        """What takes in and takes out."""
        if self._changing is None:
            from retrieval.reading.changes import Changes

            with self._opening:
                self._changing = self._changing or Changes(
                    self.generations, self.embedder, self.deliveries, self.retention
                )
        return self._changing

    def shelf(self, reader: str) -> Shelf:
        """What a reader sees of the generation that is served; where none is loaded, of the newest that is complete."""
        if self.opened:
            return self.views.of(reader).shelf(self.store)
        state = self.store.generation()
        return shelf(self.store, state, sight_of(self.store, state.number, reader, self.settings.collections))

    def close(self) -> None:
        """End: what is asked or changed from now on raises `StoreUnavailable`, in whatever thread it runs."""
        self.store.close()
        self.deliveries.close()
        self._hold.close()
        self.embedder.close()
        if self.shared:
            self.shared.close()


def _shared(settings: NewsroomSettings) -> Shared | None:
    """What is shared with other processes. Nothing of PostgreSQL is imported where nothing is."""
    if settings.database is None:
        if settings.vectors == "pgvector":
            raise StoreUnavailable("VECTORS=pgvector has a database find passages; name that in DATABASE_URL, too.")
        return None
    try:
        from retrieval.replicas.shared import Shared
    except ImportError as error:
        raise StoreUnavailable(
            "DATABASE_URL is set, and what reaches PostgreSQL is not installed ({name}): run "
            "`pip install 'quotewire[postgres]'`, or unset DATABASE_URL.",
            name=str(error.name),
        ) from None
    return Shared(settings.database, settings.database_read)

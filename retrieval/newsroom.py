"""`Newsroom`: the one door to the library, used by both faces and all tools."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.article import Article, Failure, ReloadReport, Tell
from retrieval.edition import Edition
from retrieval.errors import CollectionRefused
from retrieval.index.sections import (
    HOST,
    NEWS,
    close_collection,
    forget_reader,
    open_section,
    readers,
    section_named,
    sections,
)
from retrieval.machinery import Machinery, NewsroomSettings

if TYPE_CHECKING:
    from retrieval.reading.arrival import Arrival
    from retrieval.reading.feeds.feed import Feed
    from retrieval.reading.feeds.followed import Feeds, SectionFeeds
    from retrieval.replicas.leases import Leases
    from retrieval.replicas.shared import Shared

__all__ = ["Newsroom", "NewsroomSettings"]

NEWS_NAME = "news"
"""The name of the collection that is always there."""
WITH_A_DAY = "What happened on 3 March 2025?"
"""To read the first day takes a third of a second: so much is imported and compiled for it."""
_NAME = re.compile(r"[\w-]{1,40}")


class Newsroom(Edition):
    """Articles in, verified quotes out: the host's own edition, and what makes all of them. Every method may be called
    from any thread, but all of them block: call none of them on an event loop."""

    def __init__(self, settings: NewsroomSettings) -> None:
        super().__init__(Machinery(settings), HOST)

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
                _ = room._machinery.generations
        except BaseException:
            room.close()
            raise
        return room

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End: what is asked or reloaded from now on raises `StoreUnavailable`, in whatever thread it runs."""
        self._machinery.close()

    @property
    def shared(self) -> Shared | None:
        """The database that this newsroom shares with other processes, if any."""
        return self._machinery.shared

    @property
    def leases(self) -> Leases:
        """What is done by one process at a time, of those that share this newsroom."""
        return self._machinery.leases

    def catch_up(self) -> int:
        """Serve the newest generation, which another process may have made; its number. Errors as for `open`."""
        return self._machinery.generations.current().generation.number

    def warm_up(self) -> None:
        """Load the models, and what reads days and outlets in a question: the first one is not to wait for them."""
        from retrieval.answering.understanding import understand  # who only reads articles needs nothing of it

        self._machinery.embedder.embed_question("warm up")
        _ = self._machinery.embedder.scales
        if reranker := self._machinery.enquiries.reranker:
            reranker.warm_up()
        understand(WITH_A_DAY, datetime.now(UTC), self._machinery.generations.current().outlets, "en")

    def verify(self) -> list[str]:
        """The files of the index of words that are damaged; it is made anew then, while questions go on."""
        return self._machinery.generations.verify()

    def edition(self, reader: str) -> Edition:
        """What this reader sees: a name that whoever asks on its behalf gives it, such as the number of its server."""
        return Edition(self._machinery, reader) if reader else self

    # --- taking in -----------------------------------------------------------------------------------

    def reload(self, progress: Tell = lambda _: None, *, at_once: bool = False) -> ReloadReport:
        """Bring what changed in the folder into a new generation and serve it from then on.

        Questions go on being answered from the generation before; of many new articles the newest are served first,
        generation after generation, and answers say so (`Answer.reading`); `at_once` it is one generation, for whom
        nobody asks meanwhile. `progress` is called from this thread.
        Raises `ReloadInProgress`, `SourceUnavailable` or `ModelUnavailable`; nothing is lost in any case.
        """
        return self._machinery.changes.reload(self._machinery.settings.seeds_dir, progress, at_once=at_once)

    def add(self, arrivals: Iterable[Arrival | Failure], progress: Tell = lambda _: None) -> ReloadReport:
        """Take in articles from anywhere but the folder, each once, however many there are.

        They come into the index some hundred at a time, so memory is bounded and a crash costs little: what is
        added again is recognised. Errors as for `reload`, except that another reload is waited for.
        """
        return self._machinery.changes.add(arrivals, progress)

    def add_files(
        self, paths: Iterable[Path], progress: Tell = lambda _: None, *, collection: str = NEWS_NAME
    ) -> ReloadReport:
        """Take in the articles that files hold, however large these are. Errors as for `add`; `UnknownCollection`."""
        section = section_named(self._machinery.store, collection).number
        return self._machinery.changes.add_files(paths, progress, section)

    def add_pages(
        self, urls: Iterable[str], progress: Tell = lambda _: None, *, collection: str = NEWS_NAME
    ) -> ReloadReport:
        """As for any reader, into a collection. Raises `UnknownCollection`, too."""
        section = section_named(self._machinery.store, collection).number
        return self._machinery.changes.add_pages(urls, progress, section)

    def remove(self, reference: str, reason: str) -> tuple[Article, ReloadReport]:
        """As for any reader, from what the host offers to all."""
        return self._machinery.changes.remove(self._sight(), reference, reason)

    def restore(self, reference: str) -> tuple[Article, ReloadReport]:
        """Undo `remove`. Raises as for any reader."""
        return self._machinery.changes.restore(self._sight(), reference)

    @property
    def feeds(self) -> Feeds:
        """The host's feeds. Raises `StoreUnavailable`."""
        return self._machinery.deliveries.feeds

    def collection_feeds(self, name: str) -> SectionFeeds:
        """The feeds of a collection. Raises `UnknownCollection` or `StoreUnavailable`."""
        from retrieval.reading.feeds.followed import SectionFeeds

        return SectionFeeds(self.feeds, section_named(self._machinery.store, name).number)

    def list_feeds(self) -> tuple[Feed, ...]:
        """The host's feeds, by their titles, each with how many articles it has brought. Raises `StoreUnavailable`."""
        return self._counted({NEWS})

    def next_poll(self) -> float | None:
        """When the next feed is to be asked (Unix time, 0 at once); None if no feed is read."""
        return self._machinery.deliveries.next_due()

    def poll_feeds(self, progress: Tell = lambda _: None) -> ReloadReport:
        """Ask the feeds that are due, take in what they bring, and remove what its publisher took back.

        What is not in the index when this ends, however it does, comes again with the next poll. Errors as for `add`.
        """
        return self._machinery.changes.poll_feeds(progress)

    # --- who reads what ------------------------------------------------------------------------------

    def add_collection(self, name: str) -> None:
        """Offer a collection, which has nothing in it yet. Raises `CollectionRefused`."""
        store = self._machinery.store
        if not _NAME.fullmatch(name):
            raise CollectionRefused(
                "A collection cannot be named {name}: give it 1 to 40 letters, digits, - and _.", name=repr(name[:100])
            )
        with store.transaction() as connection:
            if any(section.name == name for section in sections(store)):
                raise CollectionRefused("There is a collection {name} already: choose another name.", name=name)
            open_section(connection, name, shared=True)

    def drop_collection(self, name: str) -> ReloadReport:
        """Offer a collection no more, and let go of its articles. Raises `UnknownCollection` or `CollectionRefused`."""
        store = self._machinery.store
        section = section_named(store, name)
        if section.number == NEWS:
            raise CollectionRefused(
                "The collection {name} is always there: remove its feeds and articles instead.", name=name
            )
        with store.transaction() as connection:
            close_collection(connection, section.number)
        return self._machinery.changes.drop_unseen()

    def readers(self) -> tuple[str, ...]:
        """All readers that have anything of their own."""
        return tuple(readers(self._machinery.store.connection()))

    def forget(self, reader: str) -> ReloadReport:
        """Forget what a reader chose and took out; what nobody sees any more goes, too."""
        with self._machinery.store.transaction() as connection:
            forget_reader(connection, reader)
        return self._machinery.changes.drop_unseen()

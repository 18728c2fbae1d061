"""Sources → store → a new generation. What did not change is neither read, nor embedded, nor written again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from retrieval.article import Failure, Progress
from retrieval.embed import Embedder, embedded_text
from retrieval.segment import passage_spans
from retrieval.sources.folder import FileStamp, FolderScan, read_file, scan_folder
from retrieval.staging import FileRead, NewPassage, Staging, sweep
from retrieval.store import Store, StoredArticle

Report = Callable[[Progress], None]
Item = TypeVar("Item")

ARTICLES_A_TRANSACTION = 256  # bounds both the memory held and what a crash makes us do again
PASSAGES_A_TRANSACTION = 128


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reload changed. `changed` tells whether a new generation was committed."""

    added: int
    updated: int
    removed: int
    unchanged: int
    embedded: int
    failed: tuple[Failure, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class _FileResult:
    read: FileRead
    shares_id: bool
    """Whether another file has one of its ids. Such a file is read again next time: the other may be gone."""
    complete: bool
    """Whether all of it could be read, so that an article missing from it is really gone."""


def reload_folder(store: Store, embedder: Embedder, folder: Path, report: Report) -> Outcome:
    """Bring `folder` into the store as its next generation. The caller holds the reload lock.

    Raises `SourceUnavailable` when the folder as a whole cannot be read, `ModelUnavailable` when there is
    something to embed and the model cannot be loaded; the current generation stays in both cases.
    """
    scan = scan_folder(folder)
    current = store.generation()
    known = store.files()
    kept = frozenset(
        name for name, stamp in scan.files.items() if name in known and FileStamp(*known[name][:2]) == stamp
    )
    vanished = [name for name in known if name not in scan.files and not _out_of_sight(name, scan)]

    sweep(store, current, embedder.identity)
    staging = Staging(store, current, kept)
    results = [_read(staging, folder, name, stamp, report) for name, stamp in scan.files.items() if name not in kept]
    staging.drop_leftovers()
    removed = staging.removed(vanished, [result.read.name for result in results if result.complete])
    failed = [*scan.failures, *(failure for name in sorted(kept) for failure in known[name][2])]
    failed += [failure for result in results for failure in result.read.failures]

    new_model = current.model is not None and current.model != embedder.identity
    changed = bool(staging.added or staging.updated or removed or new_model)
    model_key, embedded = current.model_key, 0
    if staging.added or staging.updated or new_model:
        model_key, embedded = _embed(staging, embedder, report, all_articles=new_model)
    remembered = [result.read for result in results if not result.shares_id]
    staging.commit(model_key if changed else None, removed, remembered, vanished, failed)
    unchanged = store.live_articles(store.generation().number) - staging.added - staging.updated
    return Outcome(staging.added, staging.updated, len(removed), unchanged, embedded, tuple(failed), changed)


def _out_of_sight(name: str, scan: FolderScan) -> bool:
    """Whether a file may still be there although it was not listed: it or its folder cannot be read now."""
    return name in {failure.where for failure in scan.failures} or name.startswith(tuple(scan.unread))


def _read(staging: Staging, folder: Path, name: str, stamp: FileStamp, report: Report) -> _FileResult:
    unreadable: list[Failure] = []
    taken: list[Failure] = []
    for batch in _batches(read_file(folder, name), ARTICLES_A_TRANSACTION):
        with staging.store.transaction() as connection:
            for item in batch:
                if isinstance(item, Failure):
                    unreadable.append(item)
                elif owner := staging.put(connection, name, item):
                    reason = f"the id {item.id!r} is already used in {owner}: give each article its own id"
                    taken.append(Failure(name, reason))
        report(Progress("reading", staging.added + staging.updated + staging.unchanged, None))
    read = FileRead(name, stamp.size, stamp.modified_ns, (*unreadable, *taken))
    return _FileResult(read, shares_id=bool(taken), complete=not unreadable)


def _embed(staging: Staging, embedder: Embedder, report: Report, *, all_articles: bool) -> tuple[int, int]:
    """Give every article of the next generation its passages and every passage its vector.

    Returns the model's key and how many passages were embedded.
    """
    model_key = staging.model_key(embedder.identity, embedder.dimension)
    for keys in _batches(staging.unsegmented(model_key, all_articles=all_articles), ARTICLES_A_TRANSACTION):
        stored = staging.store.articles(keys)
        passages = [(article, _passages(article, embedder)) for article in stored.values()]
        with staging.store.transaction() as connection:
            for article, new in passages:
                staging.put_passages(connection, article, model_key, new)
    total = staging.pending(model_key)
    done = 0
    report(Progress("embedding", done, total))
    while pending := staging.pending_passages(model_key, PASSAGES_A_TRANSACTION):
        texts = [embedded_text(embedder.headline(passage.title), passage.text) for passage in pending]
        staging.put_vectors(pending, embedder.embed_passages(texts))
        done += len(pending)
        report(Progress("embedding", done, total))
    return model_key, done


def _passages(stored: StoredArticle, embedder: Embedder) -> list[NewPassage]:
    body = stored.article.body
    headline = embedder.headline(stored.article.title)
    limit = embedder.token_limit - embedder.count_tokens([embedded_text(headline, "")])[0]
    return [
        NewPassage(start, end, embedded_text(headline, body[start:end]))
        for start, end in passage_spans(body, stored.sentences, embedder.count_tokens, limit)
    ]


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch

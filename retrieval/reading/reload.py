"""Sources → store → a new generation. What did not change is neither read, nor embedded, nor written again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from retrieval.article import Article, Failure, Progress, ReloadReport, Tell
from retrieval.index.embed import Embedder, embedded_text
from retrieval.index.passages import (
    NewPassage,
    count_pending,
    forget_other_models,
    model_key,
    next_pending,
    put_passages,
    put_vectors,
    uncut,
)
from retrieval.index.staging import FileRead, FolderRead, Staging
from retrieval.index.store import Store, StoredArticle, StoredPassage
from retrieval.index.waiting import make_ready, slices_to_come
from retrieval.reading.recognition import Offered, original_of
from retrieval.reading.retention import KEEP_ALL, Retention
from retrieval.reading.sources.folder import FileStamp, FolderScan, read_file, scan_folder
from retrieval.reading.withdrawals import STAYS_OUT, withdrawn
from retrieval.text.sentences import passage_spans

ARTICLES_A_TRANSACTION = 256  # bounds both the memory held and what a crash makes us do again
CHARACTERS_A_TRANSACTION = 4_000_000
PASSAGES_A_TRANSACTION = 128

NOT_KEPT = "it is older than what is kept (KEEP_DAYS, KEEP_ARTICLES)"


def reload_folder(
    store: Store,
    embedder: Embedder,
    folder: Path,
    tell: Tell,
    retention: Retention = KEEP_ALL,
    serve: Callable[[], object] | None = None,
) -> ReloadReport:
    """Bring `folder` into the store as its next generation. The caller holds the reload lock.

    With `serve`, many new articles become generation after generation, the newest first; it is called after each but
    the last.

    Raises `SourceUnavailable` when the folder as a whole cannot be read, `ModelUnavailable` when there is
    something to embed and the model cannot be loaded; the current generation stays in both cases.
    """
    scan = scan_folder(folder)
    where = str(folder.resolve())
    known = store.files(where)
    changed = {name: stamp for name, stamp in scan.files.items() if not _as_known(stamp, known.get(name))}
    vanished = [name for name in known if name not in scan.files and not _out_of_sight(name, scan)]

    current = store.generation()
    forget_other_models(store, current, embedder.identity)
    kept = frozenset(known).difference(changed, vanished)
    staging = Staging(store=store, current=current, kept=kept, patient=serve is not None)
    files = [_read(staging, folder, name, stamp, tell) for name, stamp in changed.items()]
    # An article that is missing from a file is gone only when all of the file could be read.
    whole = [file.name for file in files if all(failure.kind == "note" for failure in file.failures)]
    failed = [*scan.failures, *(failure for name in sorted(staging.kept) for failure in known[name][2])]
    failed += [failure for file in files for failure in file.failures]
    read = FolderRead(folder=where, files=files, vanished=vanished, failures=failed)
    return completed(staging, embedder, retention, tell, read, staging.removed(vanished, whole), serve)


def completed(
    staging: Staging,
    embedder: Embedder,
    retention: Retention,
    tell: Tell,
    read: FolderRead | None = None,
    removed: Sequence[int] = (),
    serve: Callable[[], object] | None = None,
) -> ReloadReport:
    """Embed what was staged, and make it the current generation if it changes anything, or the current ones.

    `removed` are the keys of versions that they no longer hold; `serve`, if given, is called after each but the last.
    """
    current, store, first = staging.current, staging.store, staging.number
    staging.drop_leftovers()
    staging.ending.update(removed)
    pruned, refused = staging.prune(retention.expired(store.connection(), staging.ending))
    staging.promote_copies(partial(original_of, holds=staging.holds))
    new_model = current.model is not None and current.model != embedder.identity
    gone = {*removed, *pruned}
    changes = bool(staging.writes or gone or new_model)
    model, embedded, slices, ends = current.model_key, 0, [staging.staged], (removed, pruned)
    if staging.writes or new_model:
        model = model_key(store, embedder.identity, embedder.dimension)
        if serve and not new_model:  # vectors of two models are never mixed: it serves all or nothing
            slices = slices_to_come(store, first, model)
        for at, keys in enumerate(slices, 1):
            told = tell if len(slices) == 1 else _of_all(tell, slices, at - 1)
            embedded += _embed(store, model, embedder, told, keys, all_articles=new_model)
            if serve and at < len(slices):
                staging.commit(model, keys, *ends)
                ends = ((), ())
                serve()
    number = staging.number
    staging.commit(model if changes else None, slices[-1], *ends, read)
    failed = [*(read.failures if read else ()), *(Failure(each.url or each.id, NOT_KEPT) for each in refused)]
    unchanged = store.unchanged_articles(number, first) if changes else store.live_articles(current.number)
    return ReloadReport(
        added=staging.added,
        updated=staging.updated,
        removed=len(gone),
        unchanged=unchanged,
        embedded=embedded,
        failed=tuple(failed),
        generation=number if changes else current.number,
    )


def _as_known(stamp: FileStamp, known: tuple[int, int, tuple[Failure, ...]] | None) -> bool:
    return known is not None and known[:2] == (stamp.size, stamp.modified_ns)


def _out_of_sight(name: str, scan: FolderScan) -> bool:
    """Whether a file may still be there although it was not listed: it or its folder cannot be read now."""
    return name in {failure.where for failure in scan.failures} or name.startswith(tuple(scan.unread))


def _read(staging: Staging, folder: Path, name: str, stamp: FileStamp, tell: Tell) -> FileRead:
    failures: list[Failure] = []
    again = False
    for batch in batches(read_file(folder, name), _characters):
        with staging.store.transaction() as connection:
            for item in batch:
                if isinstance(item, Failure):
                    failures.append(item)
                    again |= item.kind == "unreadable"
                elif withdrawn(connection, Offered(origin=name, article=item)):
                    failures.append(Failure(name, f"{item.id} {STAYS_OUT}", "note"))
                elif owner := staging.put(connection, name, item):
                    reason = f"the id {item.id!r} is already used in {owner}: give each article its own id"
                    failures.append(Failure(name, reason, "note"))
                    again |= owner != name  # the other file may be gone by then, and this one takes its place
        tell(Progress("reading", staging.added + staging.updated + staging.unchanged, None))
    return FileRead(name=name, size=stamp.size, modified_ns=stamp.modified_ns, failures=tuple(failures), again=again)


def _of_all(tell: Tell, slices: Sequence[Sequence[int]], number: int) -> Tell:
    """What is told of the passages of a slice, as articles of all slices."""
    before, here, total = sum(map(len, slices[:number])), len(slices[number]), sum(map(len, slices))

    def told(step: Progress) -> None:
        share = step.done / step.total if step.total else 0.0
        tell(Progress("reading", before + int(here * share), total))

    return told


def _embed(
    store: Store, model: int, embedder: Embedder, tell: Tell, keys: Sequence[int], *, all_articles: bool = False
) -> int:
    """Give the new versions `keys`, or all articles, their passages and every passage its vector.

    Returns how many passages were embedded.
    """
    for chunk in chunks(keys, ARTICLES_A_TRANSACTION):
        tell(Progress("embedding", 0, None))
        make_ready(store, chunk)
    for chunk in chunks(uncut(store, model, None if all_articles else keys), ARTICLES_A_TRANSACTION):
        tell(Progress("embedding", 0, None))
        stored = store.articles(chunk)
        passages = [(article, _passages(article, embedder)) for article in stored.values()]
        with store.transaction() as connection:
            for article, new in passages:
                put_passages(connection, model, article, new)
    total = count_pending(store, model)
    done = 0
    tell(Progress("embedding", done, total))
    while pending := next_pending(store, model, PASSAGES_A_TRANSACTION):
        stored = store.articles({passage.article for passage in pending})
        texts = [_embedded(stored[passage.article].article, passage, embedder) for passage in pending]
        put_vectors(store, pending, embedder.embed_passages(texts))
        done += len(pending)
        tell(Progress("embedding", done, total))
    return done


def _embedded(article: Article, passage: StoredPassage, embedder: Embedder) -> str:
    return embedded_text(embedder.headline(article.title), article.body[passage.start : passage.end])


def _passages(stored: StoredArticle, embedder: Embedder) -> list[NewPassage]:
    body = stored.article.body
    headline = embedder.headline(stored.article.title)
    limit = embedder.token_limit - embedder.count_tokens([embedded_text(headline, "")])[0]
    return [
        NewPassage(start, end, embedded_text(headline, body[start:end]))
        for start, end in passage_spans(body, stored.sentences, embedder.count_tokens, limit)
    ]


def _characters(item: Article | Failure) -> int:
    return len(item.body) if isinstance(item, Article) else 0


Item = TypeVar("Item")


def batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The items in order, in batches bounded by number and by `size` in characters."""
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += size(item)
        if len(batch) == ARTICLES_A_TRANSACTION or characters > CHARACTERS_A_TRANSACTION:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`items` in order, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]

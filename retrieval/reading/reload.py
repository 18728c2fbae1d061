"""Sources → store → a new generation. What did not change is neither read, nor embedded, nor written again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from retrieval.article import Article, Failure, Progress, ReloadReport, Tell
from retrieval.index.embed import Embedder
from retrieval.index.passages import forget_other_models, model_key
from retrieval.index.sections import apart_from_others
from retrieval.index.staging import FileRead, FolderRead, Staging
from retrieval.index.store import Store
from retrieval.index.waiting import slices_to_come
from retrieval.reading.embedding import ARTICLES_A_TRANSACTION, Embedding
from retrieval.reading.offered import Offered
from retrieval.reading.recognition import original_of
from retrieval.reading.retention import KEEP_ALL, Retention
from retrieval.reading.sources.folder import FileStamp, FolderScan, read_file, scan_folder
from retrieval.reading.withdrawals import STAYS_OUT, withdrawn
from retrieval.reasons import Reason
from retrieval.text.days import has_come

CHARACTERS_A_TRANSACTION = 4_000_000

NOT_KEPT = Reason("it is older than what is kept (KEEP_DAYS, KEEP_ARTICLES)")


def reload_folder(
    store: Store,
    embedder: Embedder,
    folder: Path,
    tell: Tell,
    retention: Retention = KEEP_ALL,
    *,
    at_once: bool = False,
) -> Generator[None, None, ReloadReport]:
    """Bring `folder` into the store as its next generation, or, many new articles, as its next ones, the newest first.

    The caller holds the reload lock but for each time that this yields: then others may have their turn, and what has
    been committed is to be served. `at_once` it never does, and the generation is one.

    Raises `SourceUnavailable` when the folder as a whole cannot be read, `ModelUnavailable` when there is
    something to embed and the model cannot be loaded; the current generation stays in both cases.
    """
    scan = scan_folder(folder)
    where = str(folder.resolve())
    known = store.files(where)
    current = store.generation()
    damaged = store.origins_of_damaged(current.number)
    again = {*damaged, *(name for name, (*_, failures) in known.items() if _dated_by_now(failures))}
    changed = {
        name: stamp for name, stamp in scan.files.items() if name in again or not _as_known(stamp, known.get(name))
    }
    vanished = [name for name in known if name not in scan.files and not _out_of_sight(name, scan)]

    forget_other_models(store, current, embedder.identity)
    kept = frozenset(known).difference(changed, vanished)
    staging = Staging(store=store, current=current, kept=kept, patient=True)
    files = [_read(staging, folder, name, stamp, tell) for name, stamp in changed.items()]
    # An article that is missing from a file is gone only when all of the file could be read.
    whole = [file.name for file in files if all(failure.kind == "note" for failure in file.failures)]
    failed = [*scan.failures, *(failure for name in sorted(staging.kept) for failure in known[name][2])]
    failed += [failure for file in files for failure in file.failures]
    read = FolderRead(folder=where, files=files, vanished=vanished, failures=failed)
    removed = staging.removed(vanished, whole)
    return (yield from _in_turns(staging, embedder, retention, tell, removed, read, at_once=at_once))


def completed(
    staging: Staging, embedder: Embedder, retention: Retention, tell: Tell, removed: Sequence[int] = ()
) -> ReloadReport:
    """Embed what was staged, and make it the current generation if it changes anything.

    `removed` are the keys of versions that it no longer holds.
    """
    steps = _in_turns(staging, embedder, retention, tell, removed, at_once=True)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def _in_turns(
    staging: Staging,
    embedder: Embedder,
    retention: Retention,
    tell: Tell,
    removed: Sequence[int],
    read: FolderRead | None = None,
    *,
    at_once: bool,
) -> Generator[None, None, ReloadReport]:
    current, store, first = staging.current, staging.store, staging.number
    staging.drop_leftovers()
    staging.ending.update(removed)
    pruned, refused = staging.prune(retention.expired(store.connection(), staging.ending))
    staging.promote_copies(original_of)
    new_model = current.model is not None and current.model != embedder.identity
    changes = bool(staging.writes or removed or pruned or new_model)
    model, embedded, ends = current.model_key, 0, (removed, pruned)
    shortened: list[Failure] = []
    slices = [staging.staged] if at_once else slices_to_come(store, first)
    for at, keys in enumerate(slices):
        if at:
            staging.commit(model, slices[at - 1], *ends)
            ends = ((), ())
            yield
        if keys or new_model:
            model = model_key(store, embedder.identity, embedder.dimension)
            told = tell if len(slices) == 1 else _of_all(tell, slices, at)
            # Until the first slice is committed nobody else may: what it replaces and lets go was found before.
            embedding = Embedding(store=store, embedder=embedder, model=model, tell=told, undisturbed=at == 0)
            embedded += yield from embedding.of(keys if at or not new_model else [*store.live(current.number), *keys])
            shortened += embedding.shortened
    staging.commit(model if changes else None, slices[-1], *ends, read)
    failed = [*(read.failures if read else ()), *shortened]
    failed += [Failure(each.url or each.id, NOT_KEPT) for each in refused]
    number = staging.current.number
    return ReloadReport(
        added=staging.added,
        updated=staging.updated,
        removed=len({*removed, *pruned}),
        unchanged=store.unchanged_articles(number, first),
        embedded=embedded,
        failed=tuple(failed),
        generation=number,
    )


def _as_known(stamp: FileStamp, known: tuple[int, int, tuple[Failure, ...]] | None) -> bool:
    return known is not None and known[:2] == (stamp.size, stamp.modified_ns)


def _dated_by_now(failures: Sequence[Failure]) -> bool:
    """Whether a day that could not be believed when a file was read can be now."""
    return any(has_come(failure.reason) for failure in failures)


def _out_of_sight(name: str, scan: FolderScan) -> bool:
    """Whether a file may still be there although it was not listed: it or its folder cannot be read now."""
    return name in {failure.where for failure in scan.failures} or name.startswith(tuple(scan.unread))


def _read(staging: Staging, folder: Path, name: str, stamp: FileStamp, tell: Tell) -> FileRead:
    failures: list[Failure] = []
    again = False
    for batch in batches(read_file(folder, name), _characters):
        with staging.store.transaction() as connection:
            for item in batch:
                if isinstance(item, Article) and staging.sectioned:
                    item = replace(item, id=apart_from_others(connection, item.id))
                if isinstance(item, Failure):
                    failures.append(item)
                    again |= item.kind == "unreadable"
                elif withdrawn(connection, Offered(origin=name, article=item)):
                    failures.append(Failure(name, Reason("{article} {why}", article=item.id, why=STAYS_OUT), "note"))
                elif owner := staging.put(connection, name, item):
                    failures.append(Failure(name, id_taken(item.id, owner), "note"))
                    again |= owner != name  # the other file may be gone by then, and this one takes its place
        tell(Progress("reading", staging.added + staging.updated + staging.unchanged, None))
    return FileRead(name=name, size=stamp.size, modified_ns=stamp.modified_ns, failures=tuple(failures), again=again)


def id_taken(id_: str, owner: str | None) -> Reason:
    """Why an article is left out whose id is another's, in the file of `owner` or in its own."""
    shown = repr(id_)
    if owner is None:
        return Reason(
            "the id {id} is already used in this file for another article: give each article its own id", id=shown
        )
    return Reason("the id {id} is already used in {owner}: give each article its own id", id=shown, owner=owner)


def _of_all(tell: Tell, slices: Sequence[Sequence[int]], number: int) -> Tell:
    """What is told of the passages of a slice, as articles of all slices."""
    before, here, total = sum(map(len, slices[:number])), len(slices[number]), sum(map(len, slices))

    def told(step: Progress) -> None:
        share = step.done / step.total if step.total else 0.0
        tell(Progress("reading", before + int(here * share), total))

    return told


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

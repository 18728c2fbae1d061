"""A generation brought into memory: from the store, on the one before where that is possible; and the index of words
brought to it on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import StoreUnavailable
from retrieval.index import readying
from retrieval.index.by_meaning import Dense, Keys, Nothing
from retrieval.index.embed import Vectors
from retrieval.index.lexical import UNDATED, LexicalDamaged, LexicalEntry, LexicalIndex, LexicalSnapshot
from retrieval.index.roll import Roll
from retrieval.index.search import Index
from retrieval.index.sight import Sight
from retrieval.index.since import can_tell_since, columns, died_passages, passage_texts
from retrieval.index.store import Generation, Store

if TYPE_CHECKING:
    from retrieval.replicas.vectors import SharedVectors

logger = logging.getLogger(__name__)

LOST = (
    "the database has lost what came after generation %d, where %d was reached here: what is here is brought to what "
    "it holds. See docs/scale.md on standbys that have all that was acknowledged."
)
"""What to say of the same where the store follows a database: a standby took over that lacked the last changes."""
OLDER = (
    "articles.sqlite3 is older than what was served from it (generation %d, where %d was reached): what came in "
    "between is lost, most likely with its file articles.sqlite3-wal. Put both files back from one copy while "
    "Quotewire does not run; without a copy, a reload reads the folder again, and what was added has to be added again."
)
"""What to say of a store that is behind its index of words, which is only ever written after it."""


def nothing_yet(store: Store, vectors: SharedVectors | None) -> Nothing:
    """What an index of no vectors is: one of FAISS's, or, where `vectors` lie in a database, one that asks that."""
    if vectors is None:
        from retrieval.index.dense import DenseIndex  # with FAISS, which a process that asks has no use for

        return lambda generation: DenseIndex.empty(generation.dimension)

    from retrieval.index.dense_remote import RemoteDense

    def remote(generation: Generation) -> Dense:
        return RemoteDense(
            dimension=generation.dimension,
            model=generation.model_key or 0,
            store=store,
            vectors=vectors,
            keys=np.empty(0, np.int64),
            alive=np.empty(0, np.bool_),
        )

    return remote


def load(store: Store, lexical: LexicalIndex, nothing: Nothing, base: Index | None = None) -> Index | None:
    """The current generation in memory; None when the lexical index has to be brought to it first,
    or is damaged.

    `base` is an earlier generation that is built upon where that is possible, else it is `nothing`; it stays as it is.
    Nothing is written, so any process may load while another one reloads.
    """
    try:
        snapshot = lexical.snapshot()
    except LexicalDamaged:
        return None
    generation = store.generation()
    if not _holds(snapshot, generation):
        return None
    if base is None or not _follows(store, generation, base.generation.number, base.generation.committed):
        base = _empty(generation, snapshot, nothing)
    return _build(base, generation, store, snapshot)


def _empty(generation: Generation, snapshot: LexicalSnapshot, nothing: Nothing) -> Index:
    """What is before the first generation, with the model of a later one."""
    before = Generation(
        number=0, committed=0, model_key=generation.model_key, model=generation.model, dimension=generation.dimension
    )
    return Index(
        generation=before,
        sight=Sight(0),
        roll=Roll.empty(),
        dense=nothing(before),
        lexical=snapshot,
        owners=np.empty(0, np.int64),
        instants=np.empty(0),
        sources=np.empty(0, np.int32),
        outlet_numbers={},
        tongues=np.empty(0, np.uint8),
        language_numbers={},
    )


def _holds(words: LexicalSnapshot, generation: Generation) -> bool:
    return words.generation == generation.number and words.committed in (generation.committed, None)


def _follows(store: Store, generation: Generation, number: int, committed: int | None) -> bool:
    """Whether what changed since generation `number`, committed then and by the same model, is still known."""
    before = store.earlier(number)
    if before is None or before.model_key != generation.model_key:
        return False
    return committed in (before.committed, None) and can_tell_since(store, number)


def _build(base: Index, generation: Generation, store: Store, snapshot: LexicalSnapshot) -> Index:
    numbers, codes, before = dict(base.outlet_numbers), dict(base.language_numbers), base.generation.number

    def outlet(name: str) -> int:
        return numbers.setdefault(name, len(numbers))

    def language(code: str) -> int:
        return codes.setdefault(code, len(codes))

    parts_of = [[base.dense.keys], [base.owners], [base.instants], [base.sources], [base.tongues]]

    def added() -> Iterator[tuple[Keys, Vectors]]:
        for chunk in columns(store, generation, before):
            sources = np.array([outlet(name) for name in chunk.sources], np.int32)
            tongues = np.array([language(code) for code in chunk.languages], np.uint8)
            for column, values in zip(
                parts_of, (chunk.keys, chunk.owners, chunk.instants, sources, tongues), strict=True
            ):
                column.append(values)
            yield chunk.keys, chunk.vectors

    dense = base.dense.changed(added(), died_passages(store, generation, before))
    keys, owners, instants, sources, tongues = (np.concatenate(parts) for parts in parts_of)
    if len(keys) != len(dense.keys):  # compaction dropped rows; both ascend
        rows = np.searchsorted(keys, dense.keys)
        owners, instants, sources, tongues = owners[rows], instants[rows], sources[rows], tongues[rows]
    return Index(
        generation=generation,
        sight=Sight(generation.number),
        roll=base.roll.changed(store, before, generation, outlet, language),
        dense=dense,
        lexical=snapshot,
        owners=owners,
        instants=instants,
        sources=sources,
        outlet_numbers=numbers,
        tongues=tongues,
        language_numbers=codes,
    )


def reconcile(store: Store, lexical: LexicalIndex) -> None:
    """Bring the lexical index to the current generation: by what changed where it can follow and what died
    does not weigh, else from the start, as also where it is damaged. The caller holds the reload lock.
    """
    try:
        _bring_up(store, lexical)
    except LexicalDamaged as damage:
        rebuild(store, lexical, damage)


def rebuild(store: Store, lexical: LexicalIndex, damage: LexicalDamaged) -> None:
    """Make a lexical index that is damaged anew. The caller holds the reload lock."""
    lexical.start_over(damage)
    _fill(store, lexical, store.generation())


def _fill(store: Store, lexical: LexicalIndex, generation: Generation) -> None:
    lexical.rebuild(generation.number, _all_entries(store, generation), generation.committed)


def _bring_up(store: Store, lexical: LexicalIndex) -> None:
    generation = store.generation()
    words = lexical.snapshot()
    if _holds(words, generation):
        return
    if words.generation is not None and words.generation > generation.number:
        logger.error(LOST if store.replica else OLDER, generation.number, words.generation)
    elif words.generation is not None and _follows(store, generation, words.generation, words.committed):
        died = died_passages(store, generation, words.generation)
        if not lexical.is_skewed_without(len(died)):
            added = _entries(store, generation, words.generation)
            lexical.apply(generation.number, added, died, generation.committed)
            return
    _fill(store, lexical, generation)


def _entries(store: Store, generation: Generation, after: int) -> Iterator[LexicalEntry]:
    for key, text, instant, source, language, section in passage_texts(store, generation, after):
        when = UNDATED if instant is None else int(instant)
        yield LexicalEntry(key=key, text=text, instant=when, source=source, language=language, section=section)


def _all_entries(store: Store, generation: Generation) -> Iterator[LexicalEntry]:
    with suppress(StoreUnavailable):  # that nothing can be written is said elsewhere
        readying.find_all_languages(store)
    return _entries(store, generation, 0)

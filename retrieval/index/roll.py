"""The articles of a generation as columns: what is counted, told and chosen from without reading any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from retrieval.index.sight import LIVE
from retrieval.index.since import swept
from retrieval.index.store import Generation, Store


@dataclass(frozen=True, slots=True)
class Roll:
    """Articles, copies left out, as columns of equal length by ascending key."""

    keys: np.ndarray
    """int64 keys of their versions."""
    instants: np.ndarray
    """float64 seconds since 1970; -inf where undated."""
    sources: np.ndarray
    """int32 numbers of outlets."""
    tongues: np.ndarray
    """uint8 numbers of languages."""
    sections: np.ndarray
    """int32 numbers of sections."""

    @classmethod
    def empty(cls) -> Roll:
        """Of no articles."""
        return cls(
            keys=np.empty(0, np.int64),
            instants=np.empty(0),
            sources=np.empty(0, np.int32),
            tongues=np.empty(0, np.uint8),
            sections=np.empty(0, np.int32),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def only(self, rows: np.ndarray) -> Roll:
        """Those of these rows: a mask, or their numbers in ascending order."""
        return Roll(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})

    def rows_of(self, keys: np.ndarray) -> np.ndarray:
        """In which rows versions stand; where one does not, any row, 0 where there is none."""
        return np.minimum(np.searchsorted(self.keys, keys), max(len(self) - 1, 0))

    def sections_of(self, keys: np.ndarray) -> list[int]:
        """The sections of versions that stand in it."""
        return self.sections[self.rows_of(keys)].tolist()

    def changed(
        self,
        store: Store,
        before: int,
        generation: Generation,
        outlet: Callable[[str], int],
        language: Callable[[str], int],
    ) -> Roll:
        """Brought from the generation `before` to a later one. `outlet` and `language` give the numbers of names."""
        gone = np.fromiter(_gone(store, before, generation.number), np.int64)
        kept = self.only(~np.isin(self.keys, gone)) if len(gone) else self
        rows = _came(store, before, generation.number)
        if not rows:
            return kept
        keys, instants, sources, languages, sections = zip(*rows, strict=True)
        came = Roll(
            keys=np.array(keys, np.int64),
            instants=np.array(instants, np.float64),
            sources=np.array([outlet(source) for source in sources], np.int32),
            tongues=np.array([language(code) for code in languages], np.uint8),
            sections=np.array(sections, np.int32),
        )
        names = [column.name for column in fields(kept)]
        both = Roll(**{name: np.concatenate([getattr(kept, name), getattr(came, name)]) for name in names})
        return both.only(np.argsort(both.keys, kind="stable"))  # which ascend but for what waited


def _came(store: Store, before: int, generation: int) -> list[tuple[int, float, str, str, int]]:
    # Of all there are, the index has it all and no row is read; of a few, these are.
    index, which = ("article_born", "a.born > :before") if before else ("article_life", "true")
    rows = store.connection().execute(
        "SELECT a.key, coalesce(a.instant, -9e999), coalesce(a.source, ''), coalesce(l.code, ''),"
        f" coalesce(p.section, 0) FROM article a INDEXED BY {index} LEFT JOIN language l ON l.article = a.key"
        f" LEFT JOIN placed p ON p.article = a.key WHERE {which} AND {LIVE} AND a.copy_of IS NULL ORDER BY a.key",
        {"generation": generation, "before": before},
    )
    return rows.fetchall()


def _gone(store: Store, before: int, generation: int) -> list[int]:
    rows = store.connection().execute(
        "SELECT a.key FROM article a INDEXED BY article_died"
        " WHERE a.died > ? AND a.died <= ? AND a.born <= ? AND a.copy_of IS NULL",
        (before, generation, before),
    )
    return [*(key for (key,) in rows), *swept(store, "article", generation, before)]

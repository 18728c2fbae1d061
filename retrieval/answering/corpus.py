"""What a question is answered from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.features import inverse_frequencies
from retrieval.answering.rerank import Reranker
from retrieval.index.embed import Embedder
from retrieval.index.search import Index
from retrieval.index.shelf import Shelf, obstacle
from retrieval.index.store import Store


@dataclass(frozen=True, slots=True)
class Corpus:
    """One generation of the articles, with the store that it lies in and the models to look through it."""

    index: Index
    store: Store
    embedder: Embedder
    reranker: Reranker | None = None

    @property
    def generation(self) -> int:
        """The number of the generation."""
        return self.index.generation.number

    @property
    def shelf(self) -> Shelf:
        """The generation as who only reads its articles needs it."""
        return self.index.shelf(self.store)

    def check_ready(self) -> None:
        """Raise `IndexUnavailable` where nothing can be looked for in it."""
        if hinders := obstacle(self.shelf, self.embedder):
            raise hinders

    def weights(self, words: Sequence[str]) -> dict[str, float]:
        """How much each of these terms tells: those that few passages hold tell most."""
        frequencies = [self.index.lexical.document_frequency(word) for word in words]
        return inverse_frequencies(words, frequencies, len(self.index.dense))

"""What a question is answered from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.features import inverse_frequencies
from retrieval.answering.rerank import Reranker
from retrieval.errors import IndexUnavailable, ModelChanged
from retrieval.index.embed import Embedder
from retrieval.index.search import Index
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
    def obstacle(self) -> IndexUnavailable | None:
        """Why nothing can be looked for in it, with the remedy; None when it can."""
        model = self.index.generation.model
        if model is None or not self.index.articles:
            return IndexUnavailable(
                "No articles are indexed yet: put some into the folder of SEEDS_DIR and reload, or add a feed or page."
            )
        if model != self.embedder.identity:
            return ModelChanged(
                f"The index was made with the model {model.name} (revision {model.revision}), but EMBEDDING_MODEL "
                f"now names {self.embedder.name}: reload to embed every article again, or set it back."
            )
        return None

    def check_ready(self) -> None:
        """Raise `IndexUnavailable` where nothing can be looked for in it."""
        if obstacle := self.obstacle:
            raise obstacle

    def weights(self, words: Sequence[str]) -> dict[str, float]:
        """How much each of these terms tells: those that few passages hold tell most."""
        frequencies = [self.index.lexical.document_frequency(word) for word in words]
        return inverse_frequencies(words, frequencies, len(self.index.dense))

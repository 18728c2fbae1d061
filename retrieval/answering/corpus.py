"""What a question is answered from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from retrieval.answering.features import inverse_frequencies
from retrieval.answering.rerank import Reranker
from retrieval.answering.vocabulary import Vocabulary
from retrieval.index.embed import Embedder
from retrieval.index.search import Index
from retrieval.index.shelf import Shelf, obstacle
from retrieval.index.store import Store

UNHEARD = 0.25
"""Of its weight, what a term counts that no passage holds: with all of it, answers were told apart less well in six
languages."""


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

    def weights(self, words: Vocabulary) -> dict[str, float]:
        """How much each of a question's terms tells: those that few passages hold tell most.

        Where words alone tell, one that no passage holds tells little: it is mostly another form of one that is held,
        or two characters of two words.
        """
        frequency = Counter(dict(zip(words.sought, self.index.lexical.document_frequencies(words.sought), strict=True)))
        for aliases in words.aliases.values():
            for foreign, term in aliases.items():
                frequency[term] += frequency[foreign]
        found = inverse_frequencies(words.terms, [frequency[term] for term in words.terms], self.index.passages)
        if self.embedder.knows(words.language):
            return found
        return {term: weight if frequency[term] else UNHEARD * weight for term, weight in found.items()}

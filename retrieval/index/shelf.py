"""One generation of the articles as who only reads needs it: counted in the store, with nothing to search it by.

Nothing here loads vectors or opens the index of words, nor imports what does.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.errors import IndexUnavailable, ModelChanged
from retrieval.index.embed import Embedder
from retrieval.index.sight import Sight
from retrieval.index.store import Generation, Store


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles of one generation that a reader sees, in the store where they lie: how many there are, of which
    outlets, and in which languages (by their codes).
    """

    store: Store
    state: Generation
    sight: Sight
    articles: int
    outlets: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def generation(self) -> int:
        """The number of the generation."""
        return self.state.number


def shelf(store: Store, state: Generation, sight: Sight) -> Shelf:
    """What a reader sees of a generation."""
    return Shelf(
        store=store,
        state=state,
        sight=sight,
        articles=store.live_articles(sight),
        outlets=tuple(store.sources(sight)),
        languages=tuple(store.languages(sight)),
    )


def obstacle(held: Shelf, embedder: Embedder) -> IndexUnavailable | None:
    """Why nothing can be looked for in a generation, with the remedy; None when it can."""
    model = held.state.model
    if model is None or not held.articles:
        return IndexUnavailable(
            "No articles are indexed yet: put some into the folder of SEEDS_DIR and reload, or add a feed or page."
        )
    if model != embedder.identity and model.name == embedder.name:
        return ModelChanged(
            f"The index was made with other weights of {model.name}, or with another prompt before passages (see "
            "PASSAGE_PROMPT): reload to embed every article again, or set them back."
        )
    if model != embedder.identity:
        return ModelChanged(
            f"The index was made with the model {model.name} (revision {model.revision}), but EMBEDDING_MODEL "
            f"now names {embedder.name}: reload to embed every article again, or set it back."
        )
    return None


def passages_of(held: Shelf) -> int:
    """How many passages a generation holds, those with damaged vectors counted, too."""
    connection = held.store.connection()
    query = f"SELECT count(*) FROM article a JOIN passage p ON p.article = a.key WHERE {held.sight.live}"
    if held.sight.copies:
        query += f" AND {held.sight.original}"
    (models,) = connection.execute("SELECT count(*) FROM model").fetchone()
    if models > 1:  # asked only then, for it reads the row of each passage, with its vector
        query += " AND p.model = :model"
    values = {**held.sight.values, "model": held.state.model_key}
    (count,) = connection.execute(query, values).fetchone()
    return count

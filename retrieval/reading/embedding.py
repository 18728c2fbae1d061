"""From the text of articles to passages with vectors, in turns with others who change the store."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.article import Article, Failure, Progress, Tell
from retrieval.errors import ReloadInProgress
from retrieval.index.embed import Embedder, embedded_text
from retrieval.index.generations import RELOADING
from retrieval.index.passages import NewPassage, pending, put_passages, put_vectors, renew_keys, uncut
from retrieval.index.readying import make_ready
from retrieval.index.store import Store, StoredPassage
from retrieval.index.stored import StoredArticle
from retrieval.reasons import Reason
from retrieval.text.sentences import passage_spans, tokens_by_words

ARTICLES_A_TRANSACTION = 256  # bounds both the memory held and what a crash makes us do again
PASSAGES_A_TRANSACTION = 128
TURN = 15.0  # seconds after which others may have theirs
MOST_PASSAGES = 400
"""Of an article, from its beginning; English text of the most characters that a body has makes some 300."""


@dataclass(slots=True)
class Embedding:
    """Gives article versions their passages, and these their vectors by `model`, whose key is given.

    It yields each time that others may have their turn, which is never if it is to be `undisturbed`.
    """

    store: Store
    embedder: Embedder
    model: int
    tell: Tell
    undisturbed: bool
    shortened: list[Failure] = field(default_factory=list)
    """Articles of which only the beginning can be searched."""
    _since: float = field(default_factory=time.monotonic)

    def of(self, keys: Sequence[int]) -> Generator[None, None, int]:
        """Embed what the versions `keys` hold and is not embedded yet; returns how many passages that was."""
        self._renew(keys)
        for chunk in chunks(keys, ARTICLES_A_TRANSACTION):
            self.tell(Progress("embedding", 0, None))
            make_ready(self.store, chunk)
            yield from self._turn(keys)
        for chunk in chunks(uncut(self.store, self.model, keys), ARTICLES_A_TRANSACTION):
            self.tell(Progress("embedding", 0, None))
            self._cut(chunk)
            yield from self._turn(keys)
        done, total = 0, len(pending(self.store, self.model, keys))
        self.tell(Progress("embedding", done, total))
        while waiting := pending(self.store, self.model, keys):
            for chunk in chunks(waiting, PASSAGES_A_TRANSACTION):
                self._embed(chunk)
                done += len(chunk)
                self.tell(Progress("embedding", done, total))
                if self._over:
                    break
            yield from self._turn(keys)
        return done

    @property
    def _over(self) -> bool:
        return not self.undisturbed and time.monotonic() - self._since > TURN

    def _turn(self, keys: Sequence[int]) -> Iterator[None]:
        """Let others have their turn if this one is over."""
        if not self._over:
            return
        before = self.store.generation()
        yield
        self._since = time.monotonic()
        after = self.store.generation()
        if after.model_key != before.model_key:  # another process, with another model
            raise ReloadInProgress(RELOADING)
        if after.number != before.number:
            self._renew(keys)

    def _renew(self, keys: Sequence[int]) -> None:
        renew_keys(self.store, self.model, keys)

    def _cut(self, keys: Sequence[int]) -> None:
        stored = self.store.articles(keys)
        passages = [(article, self._passages(article)) for article in stored.values()]
        with self.store.transaction() as connection:
            for article, new in passages:
                put_passages(connection, self.model, article, new)

    def _passages(self, stored: StoredArticle) -> list[NewPassage]:
        body = stored.article.body
        headline = self.embedder.headline(stored.article.title)
        # A tokenizer that does not know a language makes several tokens of each word, and so passages of a sentence,
        # which hold little of what a question asks with; there words alone find them, and none is read by the model.
        knows = self.embedder.knows(stored.article.language)
        count = self.embedder.count_tokens if knows else tokens_by_words
        limit = self.embedder.token_limit - count([embedded_text(headline, "")])[0]
        spans = passage_spans(body, stored.sentences, count, limit)
        if len(spans) > MOST_PASSAGES:
            reason = Reason(
                "is longer than {count} passages and is searched up to there: split it", count=MOST_PASSAGES
            )
            self.shortened.append(Failure(stored.article.url or stored.article.id, reason, "note"))
        return [
            NewPassage(start, end, embedded_text(headline, body[start:end])) for start, end in spans[:MOST_PASSAGES]
        ]

    def _embed(self, keys: Sequence[int]) -> None:
        passages = list(self.store.passages(keys).values())
        stored = self.store.articles({passage.article for passage in passages})
        texts = [self._embedded(stored[passage.article].article, passage) for passage in passages]
        distinct = list(dict.fromkeys(texts))  # an article that comes into several sections is embedded once
        at = {text: row for row, text in enumerate(distinct)}
        vectors = self.embedder.embed_passages(distinct)
        put_vectors(self.store, passages, vectors[[at[text] for text in texts]])

    def _embedded(self, article: Article, passage: StoredPassage) -> str:
        return embedded_text(self.embedder.headline(article.title), article.body[passage.start : passage.end])


def chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`items` in order, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]

"""The best passages for a question or a topic, with the articles that hold them as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from retrieval.answering.corpus import Corpus
from retrieval.answering.features import asked
from retrieval.answering.history import folded
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.vocabulary import vocabulary
from retrieval.index.lexical import Filters
from retrieval.index.search import Moment, Sought
from retrieval.index.store import Store
from retrieval.index.stored import StoredArticle
from retrieval.index.versions import as_they_stood


def find_evidence(
    corpus: Corpus,
    text: str,
    filters: Filters,
    limit: int,
    *,
    moment: Moment | None,
    as_of: float | None,
    language: str | None,
) -> Findings:
    """What a question or topic in `language` asks for, and the best `limit` passages for it.

    Where the embedding model does not know the language, words alone find them: what it takes for near is not.
    Freshness is measured from `moment`; None leaves it out. With `as_of` (seconds since 1970), articles are as they
    stood then.
    """
    words = vocabulary(text, language, corpus.index.languages)
    weights = corpus.weights(words)
    sought = Sought(language=language, words=words.sought, grams=words.grams)
    if by_meaning := corpus.embedder.knows(language):
        sought = replace(sought, vector=corpus.embedder.embed_question(text), scales=corpus.embedder.scales)
    candidates = corpus.index.search(sought, limit, filters, moment)
    passages = corpus.store.passages(candidate.key for candidate in candidates)
    articles = corpus.index.last_read.of({passage.article for passage in passages.values()}, corpus.store.articles)
    stored = {key: words.seen_in(article) for key, article in articles.items()}
    evidence = []
    for candidate in candidates:
        passage = passages.get(candidate.key)  # gone only after two reloads during this question
        if passage is not None and passage.article in stored:
            evidence.append(Evidence(candidate, Span(stored[passage.article], passage.start, passage.end)))
    if as_of is not None:
        evidence = _as_it_stood(corpus.store, evidence, as_of)
    return Findings(asked=asked(text, weights, language), evidence=evidence, moment=moment, by_meaning=by_meaning)


def _as_it_stood(store: Store, evidence: Sequence[Evidence], as_of: float) -> list[Evidence]:
    """What of each passage an article said at a moment; passages that were not there yet are left out."""
    articles = {item.span.stored.key: item.span.stored for item in evidence}
    stood = dict(zip(articles, as_they_stood(store, [*articles.values()], as_of), strict=True))
    found = []
    for item in evidence:
        stored = stood[item.span.stored.key]
        if stored is articles[item.span.stored.key]:
            found.append(item)
        elif stored and (span := _same_place(item.span, stored)):
            found.append(item._replace(span=span))
    return found


def _same_place(passage: Span, earlier: StoredArticle) -> Span | None:
    """The span of an earlier version that the passage has taken the place of, in whole sentences."""
    later = passage.stored
    matcher = SequenceMatcher(None, _wordings(later), _wordings(earlier), autojunk=False)
    inside = [at for at, (start, end) in enumerate(later.sentences) if start < passage.end and end > passage.start]
    places = [place for place in (_places(matcher, at) for at in inside) if place]
    if not places:
        return None
    first, last = min(place[0] for place in places), max(place[1] for place in places)
    return Span(earlier, earlier.sentences[first][0], earlier.sentences[last - 1][1])


def _wordings(stored: StoredArticle) -> list[str]:
    return [folded(stored.article.body[start:end]) for start, end in stored.sentences]


def _places(matcher: SequenceMatcher[str], at: int) -> tuple[int, int] | None:
    """Which sentences `[first, last)` of the earlier text stood where sentence `at` of the later one stands."""
    for kind, start, end, first, last in matcher.get_opcodes():
        if start <= at < end and first < last:
            return (first + at - start, first + at - start + 1) if kind == "equal" else (first, last)
    return None

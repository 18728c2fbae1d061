"""Which passages to look at first: what a passage, its headline and its article's other passages say, weighed by trees.

The search compares a question with passages one by one. Here its best passages are compared with each other as well:
an article of which several passages bear on the question is likelier to be about it than one of which a single one
does. How old they are is no part of that; see `Moment` for what being new counts.

The trees (`weights/ranking.json`, and `weights/by_words/` where meaning was not compared) were fitted by
`benchmarks/fit.py`; the rows are what they were fitted on, so their order and meaning are part of that file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from retrieval.answering.features import Asked
from retrieval.answering.spans import Evidence, Span
from retrieval.answering.trees import Trees, read_trees
from retrieval.index.lines import spaced
from retrieval.index.search import Candidate
from retrieval.text.terms import terms

RANKED = 40  # passages that are compared; more changed nothing
NEW = 1.0  # how much, in scores of the trees, being new adds: as much as it takes to decide between what is as relevant
OF_AN_ARTICLE = 3  # of its passages are looked through for quotes at most: other articles may tell it better

RANKING_FEATURES = (
    # how it stands in the search: relevance, shares of the best scores, leads to the tenth best, and its place
    *("relevance", "cosine_share", "bm25_share", "cosine_lead", "bm25_lead", "place"),
    # the share of the question's weighted terms in the passage, in the headline and in both, and of pairs of terms
    # that stand beside each other in the question and nearly so in the passage
    *("passage_terms", "title_terms", "terms", "pairs"),
    # relevance of the article's passages among the best: the best, the second best and the sum
    *("best_of_article", "second_of_article", "sum_of_article"),
    # where in the article it begins, as a share of its length
    "position",
)


@cache
def _trees(by_meaning: bool) -> Trees:
    return read_trees("ranking", by_meaning=by_meaning)


def ranked(asked: Asked, evidence: Sequence[Evidence], *, by_meaning: bool = True) -> list[Evidence]:
    """The evidence of a search (best first) with its best `RANKED` in the trees' order."""
    best, rest = evidence[:RANKED], evidence[RANKED:]
    ordered = in_order(best, _trees(by_meaning).scores(ranking_rows(asked, best)) if best else ())
    return ordered + [scored(item, ordered[-1].candidate.score) for item in rest]


def in_order(evidence: Sequence[Evidence], scores: Sequence[float] | np.ndarray) -> list[Evidence]:
    """The evidence by these scores of what it says and by how new it is, best first; that sum becomes its score."""
    new = [scored(item, float(at) + NEW * item.candidate.freshness) for item, at in zip(evidence, scores, strict=True)]
    return sorted(new, key=lambda item: -item.candidate.score)


def scored(item: Evidence, score: float) -> Evidence:
    """The evidence with another score."""
    candidate = item.candidate  # (`_replace` takes several times as long)
    return Evidence(Candidate._make((candidate.key, score, *candidate[2:])), item.span)


def ranking_rows(asked: Asked, evidence: Sequence[Evidence]) -> np.ndarray:
    """The features of a search's passages (best first), shape (len(evidence), len(RANKING_FEATURES))."""
    if not evidence:
        return np.empty((0, len(RANKING_FEATURES)), np.float32)
    candidates, spans = [item.candidate for item in evidence], [item.span for item in evidence]
    relevances = np.array([each.relevance for each in candidates])
    by_cosine, cosine_leads, _ = zip(*[each.by_cosine for each in candidates], strict=True)
    by_bm25, bm25_leads, _ = zip(*[each.by_bm25 for each in candidates], strict=True)
    of_article: dict[int, list[float]] = defaultdict(list)
    for candidate, span in zip(candidates, spans, strict=True):
        of_article[span.stored.key].append(candidate.relevance)
    best_first = {key: sorted(found, reverse=True) for key, found in of_article.items()}
    articles = {
        key: (best, second, sum(found)) for key, found in best_first.items() for best, second, *_ in [(*found, 0.0)]
    }
    columns = (
        *(relevances, by_cosine, by_bm25, cosine_leads, bm25_leads),
        np.add.reduce(relevances > relevances[:, None], axis=1, dtype=np.int64),
        *_terms_held(asked, spans),
        *zip(*[articles[span.stored.key] for span in spans], strict=True),
        [span.start / max(1, len(span.stored.article.body)) for span in spans],
    )
    return np.array(columns, np.float32).T


def _terms_held(asked: Asked, spans: Sequence[Span]) -> Iterator[np.ndarray]:
    """The share of the question's weighted terms in each passage, in its headline and in both, and of its pairs."""
    weights = np.array([*asked.weights.values()])
    total = weights.sum() or 1.0
    sought = [f" {term} " for term in asked.weights]
    pairs = [(at, first, second[1:]) for at, (first, second) in enumerate(pairwise(sought))]
    said = list(map(_terms, spans))
    held = [[term in text for term in sought] for text in said]
    titles = {key: stored.title_terms for key, stored in {span.stored.key: span.stored for span in spans}.items()}
    titled = {key: [term in title for term in asked.weights] for key, title in titles.items()}
    inside = np.array(held, np.bool_)
    headline = np.array([titled[span.stored.key] for span in spans], np.bool_)
    for holding in (inside, headline, inside | headline):
        yield holding @ weights / total
    near = [
        sum([there[at] and there[at + 1] and _near(text, first, second) for at, first, second in pairs])
        for there, text in zip(held, said, strict=True)
    ]
    yield np.array(near) / max(1, len(pairs))


def _terms(passage: Span) -> str:
    """The terms of a passage in order, spaced; it is whole sentences, unless these are endless."""
    sentences, first, last = passage.stored.sentences, passage.first, passage.last
    if first == last or sentences[first][0] != passage.start or sentences[last - 1][1] != passage.end:
        return spaced(terms(passage.text, passage.stored.article.language))
    return passage.stored.lines.terms(first, last)


def _near(said: str, first: str, second: str) -> bool:
    """Whether the second term stands behind the first one somewhere, or one apart; both with the spaces about them,
    but for that before the second one."""
    at = said.find(first)
    while at >= 0:
        behind = at + len(first)
        if said.startswith(second, behind) or said.startswith(second, said.find(" ", behind) + 1):
            return True
        at = said.find(first, behind - 1)
    return False


def varied(evidence: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best `limit`, with at most `OF_AN_ARTICLE` passages of each article."""
    counts: dict[int, int] = defaultdict(int)
    chosen: list[Evidence] = []
    for item in evidence:
        counts[item.span.stored.key] += 1
        if counts[item.span.stored.key] <= OF_AN_ARTICLE and len(chosen) < limit:
            chosen.append(item)
    return chosen

"""Which stories a topic means: those that are about it, the one that tells most of it, and newest, first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from retrieval.answering.corpus import Corpus
from retrieval.answering.features import Asked, held
from retrieval.answering.spans import Evidence, Findings
from retrieval.answering.stories import Gathered, gathered
from retrieval.article import Article, Scope, instant, instant_end
from retrieval.index.stored import StoredArticle

PASSAGES = 100
"""Of a topic that are looked through for stories."""
OTHERS = 5
"""Stories at most that are told of beside the first."""
FITS = 0.6
"""How well a story has to fit (0..1), if nobody asks for more."""
_NEAR = 0.15  # by so much less well than the first one a further story may fit
_GATHERED = 12  # stories that are compared
_LEAD = 400  # characters of a body in which it is said what it is about
_SAID_IN = (1.0, 0.9, 0.7)  # what it counts that a word of the topic is in the headline, the lead, or anywhere
_WORDS = 0.75  # of the fit is by words, the rest by meaning
_FAR, _CLOSE = 0.2, 0.7  # cosines that count for nothing and for all
_MANY = 0.04  # what it adds that twice as many articles are about the topic, up to eight
_NEW, _HALF_LIFE = 0.15, 14 * 86_400.0  # what being new adds, and seconds after which half of that is left


@dataclass(frozen=True, slots=True)
class Told:
    """A story as a topic means it: how well it fits (0..1), and how far that and its news put it before others."""

    story: Gathered
    fit: float
    score: float


def stories_told(corpus: Corpus, findings: Findings, within: Scope, as_of: float | None, least: float) -> list[Told]:
    """The stories that fit a topic at least so well, best first: the first one, and those that come near it.

    `findings` are the topic's passages `within` a scope; a story is told by its articles that are within, too, as it
    was known `as_of` a moment, in seconds since 1970.
    """
    now = _now(corpus, findings, as_of)
    passages: dict[str, list[Evidence]] = defaultdict(list)
    for item in findings.evidence:
        passages[item.span.stored.article.id].append(item)
    fits = {id_: article_fit(findings.asked, found, by_meaning=findings.by_meaning) for id_, found in passages.items()}
    first = {id_: found[0].span.stored for id_, found in passages.items()}
    fitting = [id_ for id_, fit in fits.items() if fit >= least - _NEAR]
    fitting.sort(key=lambda id_: -(fits[id_] + _newness(first[id_], now)))
    gather = islice(gathered(corpus.shelf, (first[id_] for id_ in fitting), as_of), _GATHERED)
    told = [_told(part, fits, least, now) for story in gather if (part := _part(story, within)).members]
    told = sorted((each for each in told if each.fit >= least), key=lambda each: -each.score)
    return [each for each in told if each.fit >= told[0].fit - _NEAR][: OTHERS + 1]


def _now(corpus: Corpus, findings: Findings, as_of: float | None) -> float | None:
    """From when on age counts: an archive has a newest day, too. None where it does not count."""
    if findings.moment is None:
        return None
    instants = corpus.index.instants
    seen = instants if as_of is None else instants[instants <= as_of]
    return min(findings.moment.now, float(np.max(seen, initial=-np.inf)))


def _part(story: Gathered, within: Scope) -> Gathered:
    """What of a story is within a scope."""
    members = [each for each in story.members if _is_within(each.article, within)]
    return Gathered(story.number, tuple(members))


def _is_within(article: Article, scope: Scope) -> bool:
    if article.id in scope.without or (scope.source is not None and article.source != scope.source):
        return False
    if scope.language is not None and article.language != scope.language:
        return False
    published = article.published and instant(article.published)
    since = scope.since is None or (published is not None and published >= instant(scope.since))
    return since and (scope.until is None or published is None or published <= instant_end(scope.until))


def article_fit(topic: Asked, passages: Sequence[Evidence], *, by_meaning: bool = True) -> float:
    """How surely an article is about a topic (0..1), by those of its passages that were found for it."""
    stored = passages[0].span.stored
    title = stored.title_terms
    lead = title | stored.lines.terms_in(stored.article.body[:_LEAD])
    said = [title, lead, *(lead | item.span.stored.lines.terms_in(item.span.text) for item in passages)]
    counts = (*_SAID_IN[:2], *[_SAID_IN[2]] * len(passages))
    words = max(held(topic.weights, each) * count for each, count in zip(said, counts, strict=True))
    if not by_meaning:
        return words
    cosine = max(item.candidate.cosine or 0.0 for item in passages)
    meaning = min(1.0, max(0.0, (cosine - _FAR) / (_CLOSE - _FAR)))
    return _WORDS * words + (1 - _WORDS) * meaning


def _told(story: Gathered, fits: Mapping[str, float], least: float, now: float | None) -> Told:
    fit = max(fits.get(each.article.id, 0.0) for each in story.members)
    about = [each for each in story.members if fits.get(each.article.id, 0.0) >= max(least, fit - _NEAR)]
    newest = max((_newness(each, now) for each in about), default=0.0)
    return Told(story, fit, fit + newest + _MANY * math.log2(min(8, max(1, len(about)))))


def _newness(stored: StoredArticle, now: float | None) -> float:
    published = stored.article.published
    if published is None or now is None:
        return 0.0
    return _NEW * 0.5 ** (max(0.0, now - instant(published)) / _HALF_LIFE)

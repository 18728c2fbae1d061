"""The way of a question, from top to bottom: check, understand, find evidence, rank spans, weigh the confidence,
choose, corroborate, cut verified quotes, answer. Each step takes what the one before it gives. A broad question is
answered with stories, where some fit, and like any other where none does.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from retrieval.answer import Age, Answer, Disagreement, Hit, Passage, Quote
from retrieval.answering.abroad import across
from retrieval.answering.broad import Topic, topic_of
from retrieval.answering.choosing import ScoredSpan, choose, enough, ranked_spans, sentence_that_answers, verdict
from retrieval.answering.confidence import confidence
from retrieval.answering.corpus import Corpus
from retrieval.answering.corroborate import ClaimsMade, contradiction, reporters
from retrieval.answering.evidence import find_evidence
from retrieval.answering.history import with_history
from retrieval.answering.pinpoint import pinpoint
from retrieval.answering.question import Question, checked_limit, checked_question, checked_scope, filters_of
from retrieval.answering.quote import cut_quote
from retrieval.answering.ranking import RANKED, ranked, varied
from retrieval.answering.spans import Findings, Span, quotable
from retrieval.answering.telling import FITS, stories_told
from retrieval.answering.telling import PASSAGES as PASSAGES_OF_A_TOPIC
from retrieval.answering.understanding import Understood, understand
from retrieval.article import EVERYTHING, Article, Narrowing, Scope, instant_end
from retrieval.index.search import Moment
from retrieval.text.asked_language import asked_language
from retrieval.text.tongues import normalised

PASSAGES = 10  # how many of the best passages are looked through for quotes
OLD, OLD_FOR_NOW = 30 * 86_400.0, 3 * 86_400.0  # seconds after which a reader is told how old the newest report is
NEAREST = 3  # headlines offered when abstaining


def answer(
    corpus: Corpus, question: str, scope: Scope, limit: int, answer_from: float, preferred: str | None = None
) -> Answer:
    """Answer a question with at most `limit` quotes, or abstain with what may bear on it or the nearest headlines.

    A question that does not tell its own language is taken to be in the `preferred` one. Raises `InvalidQuestion`,
    `IndexUnavailable` or `ModelUnavailable`.
    """
    began = time.perf_counter()
    asked = check(corpus, question, scope, limit, preferred)
    topic = topic_of(asked.text, asked.language)
    if topic and (answered := told(corpus, asked, topic, answer_from)):
        return replace(answered, seconds=time.perf_counter() - began)
    considered = consider(corpus, asked, RANKED)
    findings = to_quote_from(considered)
    spans = ranked_spans(findings)
    sure = confidence(findings, spans)
    said = verdict(sure, enough(answer_from, findings, spans))
    chosen = [] if said == "abstain" else choose(spans, asked.limit, findings.abroad)
    claims = _claims(findings, chosen)
    quotes = verified_quotes(corpus, asked, findings, spans, chosen, claims)
    nearest = {item.span.stored.key: item.span.stored.article for item in considered.evidence}
    return Answer(
        question=asked.text,
        language=asked.language,
        answered=said == "answer" and bool(quotes),
        confidence=sure,
        quotes=quotes,
        nearest=() if quotes else tuple(nearest.values())[:NEAREST],
        articles=corpus.index.articles_by(asked.as_of),
        generation=corpus.generation,
        seconds=time.perf_counter() - began,
        narrowed=findings.narrowed,
        disagreement=disagreement(chosen, claims),
        age=age(findings.moment, quotes),
    )


# --- check -------------------------------------------------------------------------------------------


def check(corpus: Corpus, question: str, scope: Scope, limit: int, preferred: str | None = None) -> Question:
    """The question as it is asked. Raises `InvalidQuestion` or `IndexUnavailable`."""
    text = checked_question(question)
    corpus.check_ready()
    limit, scope = checked_limit(limit), checked_scope(scope, corpus.index)
    now = time.time() if scope.until is None else instant_end(scope.until)
    # Where everything that is looked through is in one language, a few words are most likely in that one, too.
    only = corpus.index.languages[0] if len(corpus.index.languages) == 1 else None
    language = asked_language(text, scope.language or normalised(preferred) or only)
    return Question(text=text, scope=scope, limit=limit, now=now, language=language)


# --- understand, find evidence -----------------------------------------------------------------------


def find(corpus: Corpus, question: Question, passages: int) -> Findings:
    """The best `passages` of the search, from the time and the outlet that the question's words name."""
    return _found(corpus, question, _understood(corpus, question), passages)


def consider(corpus: Corpus, question: Question, passages: int) -> Findings:
    """The best `passages` for a question: found, and then compared with each other, by a reranker if there is one."""
    findings = find(corpus, question, max(passages, RANKED))
    best = ranked(findings.asked, findings.evidence, by_meaning=findings.by_meaning)
    findings = across(corpus.embedder, question.text, question.language, replace(findings, evidence=best))
    evidence = findings.evidence
    if corpus.reranker is not None:
        evidence = corpus.reranker.rerank(question.text, evidence)
    return replace(findings, evidence=evidence[:passages])


def to_quote_from(findings: Findings) -> Findings:
    """The best passages that hold something to quote, of several articles."""
    return quotable(replace(findings, evidence=varied(findings.evidence, PASSAGES)))


def _understood(corpus: Corpus, question: Question) -> Understood:
    """What the words say; what the one who asks has set is not read out of them as well."""
    outlets = () if question.scope.source else corpus.index.outlets_by(question.as_of)
    understood = understand(question.text, datetime.fromtimestamp(question.now, UTC), outlets, question.language)
    if question.scope.since is None:
        return understood
    return replace(understood, named=replace(understood.named, since=None, until=None))


def _found(corpus: Corpus, question: Question, understood: Understood, passages: int) -> Findings:
    """The best passages within what is set and what the words name, which is dropped where it leaves nothing."""

    def found(scope: Scope) -> Findings:
        return find_evidence(
            corpus,
            question.text,
            filters_of(scope, corpus.store),
            passages,
            moment=None if understood.past else Moment(question.now, understood.of_now),
            as_of=question.as_of,
            language=question.language,
        )

    given = question.scope
    narrowed = given.narrowed(understood.named)
    if narrowed == given:
        return found(given)
    findings = found(narrowed)
    if findings.evidence:
        return replace(findings, narrowed=Narrowing(understood.named))
    all_others = (given.since, given.source, given.language) != (None, None, None)
    return replace(found(given), narrowed=Narrowing(understood.named, dropped=True, all_others=all_others))


# --- tell stories ------------------------------------------------------------------------------------


def told(corpus: Corpus, question: Question, topic: Topic, answer_from: float) -> Answer | None:
    """A broad question answered with the stories about its topic, within what its words name; None where none fits."""
    findings = _found(corpus, replace(question, text=topic.text), _understood(corpus, question), PASSAGES_OF_A_TOPIC)
    narrowed = findings.narrowed
    within = question.scope if narrowed is None or narrowed.dropped else question.scope.narrowed(narrowed.scope)
    found = stories_told(corpus, findings, within, question.as_of, max(FITS, answer_from))
    stories = [(each.fit, story) for each in found if (story := each.story.told()).quotes]
    if not stories:
        return None
    sure, first = stories[0]
    quotes = first.quotes[: question.limit]
    return Answer(
        question=question.text,
        language=question.language,
        answered=True,
        confidence=sure,
        quotes=quotes,
        nearest=(),
        articles=corpus.index.articles_by(question.as_of),
        generation=corpus.generation,
        seconds=0.0,
        narrowed=narrowed,
        age=age(findings.moment, quotes),
        stories=(replace(first, quotes=quotes), *(story for _, story in stories[1:])),
        topic=topic.text,
    )


# --- corroborate, cut verified quotes ----------------------------------------------------------------


def verified_quotes(
    corpus: Corpus,
    question: Question,
    findings: Findings,
    spans: Sequence[ScoredSpan],
    chosen: Sequence[Span],
    claims: ClaimsMade,
) -> tuple[Quote, ...]:
    """The chosen spans as quotes, each cut from the stored body, with what of it answers, who reports (by `claims`) or
    carries the same, and its past.

    What counts as the same is the sentence that answers: what stands around it differs from one outlet to the next.
    """
    answers = pinpoint(question.text, findings, chosen)
    quotes = [
        _cut(span, reporters(sentence_that_answers(span, spans), claims), answer)
        for span, answer in zip(chosen, answers, strict=True)
    ]
    return with_history(corpus.store, corpus.index.sight, quotes, question.as_of)


def _claims(findings: Findings, chosen: Sequence[Span]) -> ClaimsMade:
    """All that was found, if there is anything chosen to hold it against."""
    return ClaimsMade.of(item.span for item in findings.evidence if chosen)


def disagreement(chosen: Sequence[Span], claims: ClaimsMade) -> Disagreement | None:
    """What was found that speaks against a chosen sentence, with that sentence; None when nothing contradicts it."""
    found = contradiction(chosen, claims)
    return Disagreement(tuple(map(_cut, found.claims)), found.about, found.figures) if found else None


def age(moment: Moment | None, quotes: Sequence[Quote]) -> Age | None:
    """That the newest of the reports quoted is old, seen from when the question is asked."""
    reports = [article for quote in quotes for article in (quote.article, *quote.also_reported_by)]
    dates = [article.published for article in reports if article.published]
    if moment is None or not dates:
        return None
    newest, old = max(dates, key=instant_end), OLD_FOR_NOW if moment.of_now else OLD
    return Age(newest, moment.of_now) if moment.now - instant_end(newest) > old else None


def _cut(span: Span, also_reported_by: tuple[Article, ...] = (), answers: tuple[int, int] | None = None) -> Quote:
    return cut_quote(span.stored.article, span.start, span.end, also_reported_by, answers)


# --- other ends of the way ---------------------------------------------------------------------------


def found_for(corpus: Corpus, question: str, scope: Scope = EVERYTHING) -> Findings:
    """A question as it is understood and what the search finds for it, for what fits and measures the next steps."""
    return find(corpus, check(corpus, question, scope, 1), RANKED)


def read_for(corpus: Corpus, question: str, scope: Scope = EVERYTHING) -> Findings:
    """A question and the passages that it is answered from, for what measures the steps after that."""
    return to_quote_from(consider(corpus, check(corpus, question, scope, 1), RANKED))


def best_quotes(
    corpus: Corpus, question: str, scope: Scope, limit: int, preferred: str | None = None
) -> tuple[Quote, ...]:
    """The quotes that would serve a question best, whether or not they are good enough to answer it."""
    asked = check(corpus, question, scope, limit, preferred)
    findings = to_quote_from(consider(corpus, asked, RANKED))
    spans = ranked_spans(findings)
    chosen = choose(spans, asked.limit, findings.abroad)
    return verified_quotes(corpus, asked, findings, spans, chosen, _claims(findings, chosen))


def search(corpus: Corpus, question: str, scope: Scope, limit: int, preferred: str | None = None) -> tuple[Hit, ...]:
    """The passages that bear most on a question, best first. Raises what `answer` raises."""
    asked = check(corpus, question, scope, limit, preferred)
    return tuple(
        Hit(
            passage=Passage(item.span.stored.article, item.span.start, item.span.end),
            score=item.candidate.score,
            cosine=item.candidate.cosine,
            bm25=item.candidate.bm25,
        )
        for item in consider(corpus, asked, asked.limit).evidence
    )

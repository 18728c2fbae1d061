"""The features of runs, which are put together for all runs at once: held against each run reckoned by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.describing import FEATURES, describe
from retrieval.answering.features import KINDS, Asked, asked, held
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.article import Article
from retrieval.index.search import Candidate, Standing
from retrieval.index.stored import StoredArticle
from retrieval.text.facts import facts
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import content_terms, term_set

SENTENCES = (
    "Mira Oduya said on Monday that 14 ships had left Port Valdo.",
    "She added: “No one was hurt because of the storm.”",
    "The harbour of Port Valdo closed on 3 May 2021.",
    "Officials put the damage at $2.5 million.",
    "Updated May 3, 2021",
    "It rained.",
    "Mira Oduya and Tom Reyes spoke to 14 sailors.",
)
bodies = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=9).map(" ".join)
QUESTIONS = (
    "Why did the ships leave Port Valdo?",
    "Who spoke to sailors on Monday?",
    "How much is the damage?",
    "Mira?",
)


def found(body: str, key: int, relevance: float, part: tuple[float, float]) -> Evidence:
    stored = StoredArticle(key, Article(f"a{key}", "Storm over Port Valdo", body), tuple(sentence_spans(body)))
    candidate = Candidate(
        key=key,
        score=relevance,
        relevance=relevance,
        cosine=0.5,
        bm25=2.0,
        by_cosine=Standing(1.0, 0.2),
        by_bm25=Standing(0.7),
    )
    start, end = sorted(int(share * len(body)) for share in part)
    return Evidence(candidate, Span(stored, start, max(end, start + 1)))


def reckoned(span: Span, passage: Evidence, findings: Findings) -> dict[str, float]:
    """A run's features, each from the sentences of the run."""
    question, stored = findings.asked, span.stored
    title = term_set(stored.article.title)
    told = [facts(text) for text in span.sentences]

    def union(name: str) -> frozenset[str]:
        return frozenset().union(*(getattr(each, name) for each in told))

    def beyond(name: str) -> frozenset[str]:
        return frozenset(each for each in union(name) if not term_set(each) <= question.terms)

    def beside(at: int) -> float:
        if not 0 <= at < len(stored.sentences):
            return 0.0
        start, end = stored.sentences[at]
        return held(question.weights, facts(stored.article.body[start:end]).terms)

    def support(name: str) -> float:
        holding = {
            item.span.stored.key: 0.0
            for item in findings.evidence
            if any(name in each.names | each.numbers | each.dates for each in map(facts, item.span.sentences))
        }
        total = sum(item.candidate.relevance for item in findings.evidence)
        first = {}
        for item in findings.evidence:
            if any(name in each.names | each.numbers | each.dates for each in map(facts, item.span.sentences)):
                first.setdefault(item.span.stored.key, item.candidate.relevance)
        return sum(first[key] for key in holding) / total

    names, numbers, dates, terms = beyond("names"), beyond("numbers"), beyond("dates"), union("terms")
    return {
        "terms": held(question.weights, terms),
        "terms_or_title": held(question.weights, terms | title),
        "title_terms": held(question.weights, title),
        "sentence_terms": max(held(question.weights, each.terms) for each in told),
        "passage_terms": held(question.weights, passage.span.terms | title),
        "before": beside(span.first - 1),
        "after": beside(span.last),
        "rare_terms": held(question.rarest, terms),
        "words": sum(each.words for each in told),
        "sentences": span.last - span.first,
        "relative_position": span.first / len(stored.sentences),
        "names": len(names),
        "names_beyond_title": len([name for name in names if not term_set(name) <= title]),
        "numbers": len(numbers),
        "dates": len(dates),
        "amounts": sum(each.amounts for each in told),
        "quotation": sum(each.quoted for each in told),
        "reasons": sum(each.reasons for each in told),
        "pronoun": float(told[0].pronoun_first),
        "novelty": len(terms - question.terms - title) / max(1, len(terms)),
        "name_support": max(map(support, names), default=0.0),
        "names_support": sum(map(support, names)),
        "number_support": max(map(support, numbers), default=0.0),
        "date_support": max(map(support, dates), default=0.0),
    }


def ask(question: str) -> Asked:
    return asked(question, {term: 1.0 + at for at, term in enumerate(content_terms(question))})


part = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(
    st.lists(st.tuples(bodies, st.integers(1, 3), st.sampled_from([0.4, 0.9, 1.0]), part), min_size=1, max_size=4),
    st.sampled_from(QUESTIONS),
)
def test_what_runs_have_together_is_what_each_has_by_itself(
    passages: list[tuple[str, int, float, tuple[float, float]]], question: str
) -> None:
    evidence = [
        found(*each) for each in {key: (body, key, relevance, at) for body, key, relevance, at in passages}.values()
    ]
    findings = Findings(ask(question), evidence)
    spans, rows = describe(findings)
    assert rows.shape == (len(spans), len(FEATURES))
    for span, row in zip(spans, rows, strict=True):
        passage = next(item for item in evidence if item.span.stored.key == span.stored.key)
        # (the kind of question "speech" has the name of a feature, so it is looked at apart)
        shown = dict(zip(FEATURES[: -len(KINDS)], row[: -len(KINDS)].tolist(), strict=True))
        expected = reckoned(span, passage, findings)
        assert {name: shown[name] for name in expected} == pytest.approx(expected, abs=1e-6)
        lines = span.stored.lines
        above = next(filter(lines.is_prose, range(span.last)))  # a stamp above the text counts for nothing
        assert shown["position"] == pytest.approx(math.log1p(span.first - above), abs=1e-6)
        assert tuple(row[-len(KINDS) :]) == findings.asked.kinds


def test_how_a_passage_ranks_is_told_of_each_of_its_runs() -> None:
    evidence = [found(SENTENCES[0], 1, 1.0, (0, 1)), found(" ".join(SENTENCES[2:4]), 2, 0.4, (0, 1))]
    spans, rows = describe(Findings(ask(QUESTIONS[0]), evidence))
    first = rows[[span.stored.key == 1 for span in spans]]
    second = rows[[span.stored.key == 2 for span in spans]]
    assert np.allclose(first[:, :5], [1.0, 1.0, 0.0, 0.2, 0.7])
    assert np.allclose(second[:, :5], [0.4, 0.5, 0.6, 0.2, 0.7])

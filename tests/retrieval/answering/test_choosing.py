"""Choosing quotes and deciding whether to answer: pure functions over evidence."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answer import Quote
from retrieval.answering.choosing import (
    ANSWER_FROM,
    QUOTES_ALONE,
    QUOTES_AN_ARTICLE,
    ScoredSpan,
    choose,
    enough,
    ranked_spans,
    verdict,
)
from retrieval.answering.confidence import confidence
from retrieval.answering.describing import FEATURES, describe
from retrieval.answering.features import Asked, asked, inverse_frequencies
from retrieval.answering.quote import cut_quote
from retrieval.answering.spans import BRIEF, QUOTE_WORDS, Evidence, Findings, Span, quotable, run_of, spans_of
from retrieval.article import Article
from retrieval.index.search import FRESHNESS, Candidate, Hits, Standing, fuse
from retrieval.index.stored import StoredArticle
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import content_terms

BODY = (
    "Mark Rutte spoke on Sunday. He said that Russia was not doing enough to end the war. "
    "A proposed 30-day ceasefire remains a major hurdle. The weather in Brussels was mild. "
    "Ministers meet again in June. Nobody expects a quick result."
)


def stored(body: str = BODY, key: int = 1, title: str = "Rutte on Russia") -> StoredArticle:
    return StoredArticle(key, Article(f"a{key}", title, body), tuple(sentence_spans(body)))


def evidence(article: StoredArticle, score: float = 1.0) -> Evidence:
    stands_out = Standing(share=1.0, lead=0.1)
    candidate = Candidate(
        key=article.key, score=score, relevance=1.0, cosine=0.6, bm25=3.0, by_cosine=stands_out, by_bm25=stands_out
    )
    return Evidence(candidate, Span(article, 0, len(article.article.body)))


def ask(question: str) -> Asked:
    return asked(question, dict.fromkeys(content_terms(question), 1.0))


def quotes(question: str, passages: list[Evidence], limit: int = 3) -> list[Quote]:
    chosen = choose(ranked_spans(Findings(ask(question), passages)), limit)
    return [cut_quote(span.stored.article, span.start, span.end) for span in chosen]


def sure(question: str, passages: list[Evidence]) -> float:
    findings = Findings(ask(question), passages)
    return confidence(findings, ranked_spans(findings))


def test_the_sentence_that_answers_is_quoted_first() -> None:
    chosen = quotes("Why is there no ceasefire?", [evidence(stored())])
    assert "30-day ceasefire" in chosen[0].text
    assert all(quote.article.body[quote.start : quote.end] == quote.text for quote in chosen)


def test_a_statement_is_quoted_once() -> None:
    twins = [evidence(stored(BODY, key), 1.0) for key in (1, 2, 3)]
    chosen = quotes("Is the ceasefire a hurdle?", twins)
    assert sum("30-day ceasefire" in quote.text for quote in chosen) == 1


def test_at_most_two_quotes_of_an_article() -> None:
    body = " ".join(f"The ceasefire in town number {n} failed for reason {n * 7}." for n in range(20))
    chosen = quotes("Which ceasefire failed?", [evidence(stored(body))], 5)
    assert len(chosen) == QUOTES_ALONE
    parts = sorted((quote.start, quote.end) for quote in chosen)
    assert all(before[1] <= after[0] for before, after in pairwise(parts))
    other = " ".join(f"The truce in village {n} failed on day {n * 5}, so the ceasefire failed." for n in range(20))
    of_two = quotes("Which ceasefire failed?", [evidence(stored(body, 1)), evidence(stored(other, 2))], 3)
    assert max(Counter(quote.article.id for quote in of_two).values()) == QUOTES_AN_ARTICLE


def test_a_third_quote_is_of_the_same_article_where_that_is_brief() -> None:
    def of_best(sentences: int) -> int:
        body = " ".join(f"The ceasefire in town number {n} failed for reason {n * 7}." for n in range(sentences))
        other = " ".join(f"The truce in village {n} failed on day {n * 5}." for n in range(20))
        found = quotes("Which ceasefire failed?", [evidence(stored(body, 1)), evidence(stored(other, 2), 0.9)])
        return Counter(quote.article.id for quote in found)["a1"]

    assert of_best(BRIEF) == 3
    assert of_best(BRIEF + 1) <= QUOTES_AN_ARTICLE


def test_what_else_a_brief_article_says_comes_before_what_scores_little_more() -> None:
    def chosen(body: str, other: float, further: float, *abroad: int) -> list[int]:
        best, elsewhere = stored(body, 1), stored("The truce in the north failed on a cold day in March. " * 12, 2)
        spans = [(run_of(best, 2, 3), 5.0), (run_of(elsewhere, 0, 1), other), (run_of(best, 3, 4), further)]
        ranked = [ScoredSpan(span, score, 1.0) for span, score in sorted(spans, key=lambda each: -each[1])]
        return [span.stored.key for span in choose(ranked, 3, abroad)]

    long = " ".join([BODY] * 2)
    assert chosen(BODY, 4.5, 4.0) == [1, 1, 2]
    assert chosen(long, 4.5, 4.0) == [1, 2, 1]
    assert chosen(BODY, 4.5, 3.0) == [1, 2, 1]
    assert chosen(BODY, 1.9, 1.9) == [1, 1], "of others, what scores so much less is not worth adding"
    assert chosen(long, 1.9, 1.9) == [1]
    assert chosen(BODY, 4.5, 4.0, 1) == [1, 2, 1], "by meaning alone, sentences of one article score much alike"


def test_no_evidence_no_quotes_no_confidence() -> None:
    assert quotes("anything", []) == []
    assert sure("anything", []) == 0.0


def test_between_answering_and_not_there_is_what_may_bear_on_the_question() -> None:
    given = [0.0, 0.199, 0.2, 0.499, 0.5, 1.0]
    assert [verdict(sure, 0.5) for sure in given] == ["abstain"] * 2 + ["may bear"] * 2 + ["answer"] * 2
    assert [verdict(sure, 0.9) for sure in given] == ["abstain"] * 2 + ["may bear"] * 3 + ["answer"]
    # A host who lets it answer from less than that has no such band.
    assert [verdict(sure, 0.1) for sure in given] == ["abstain"] + ["answer"] * 5
    assert {verdict(sure, 0.0) for sure in given} == {"answer"}


def test_less_is_enough_of_a_brief_article_and_where_words_alone_tell() -> None:
    def enough_of(body: str, answer_from: float = ANSWER_FROM, **told: Any) -> float:
        findings = Findings(ask("Is the ceasefire a hurdle?"), [evidence(stored(body))], **told)
        return enough(answer_from, findings, ranked_spans(findings))

    long = " ".join([BODY] * 2)
    assert enough_of(long) == ANSWER_FROM
    assert 0.29 < enough_of(BODY) < 0.31
    assert 0.21 < enough_of(long, by_meaning=False) == enough_of(BODY, by_meaning=False) < 0.23
    assert enough_of(BODY, meanings={(1, at): 0.5 for at in range(6)}) == ANSWER_FROM  # in another language
    assert [enough_of(BODY, at) for at in (0.0, 1.0)] == [0.0, 1.0]
    nothing = Findings(ask("anything"), [])
    assert enough(ANSWER_FROM, nothing, ranked_spans(nothing)) == ANSWER_FROM


def test_confidence_grows_with_what_stands_out_and_with_words_held() -> None:
    unlike = sure("Is the ceasefire a hurdle?", [evidence(stored(), score=-1.0)])
    like = sure("Is the ceasefire a hurdle?", [evidence(stored())])
    other_words = sure("Which volcano erupted in Iceland?", [evidence(stored())])
    assert 0 <= unlike < like <= 1
    assert other_words < like


def test_a_passage_within_an_endless_sentence_is_not_quotable() -> None:
    body = "It goes on " + "and on " * 1_000 + "until it ends. Then it ends."
    endless = evidence(stored(body))._replace(span=Span(stored(body), 3_000, 4_000))
    assert quotable(Findings(ask("anything"), [endless])).evidence == []


def test_features_have_names_and_are_finite() -> None:
    found = [evidence(stored()), evidence(stored("One line.", 2))]
    spans, rows = describe(Findings(ask("Who spoke on Sunday?"), found))
    assert rows.shape == (len(spans), len(FEATURES))
    assert np.isfinite(rows).all()
    assert describe(Findings(ask("anything"), []))[1].shape == (0, len(FEATURES))


def test_what_is_asked_for_counts() -> None:
    body = "The storm hit Valdoria. It killed 14 people. Officials were shocked."
    expected = FEATURES.index("expected")
    spans, rows = describe(Findings(ask("How many people did the storm kill?"), [evidence(stored(body))]))
    by_text = {" ".join(span.sentences): row[expected] for span, row in zip(spans, rows, strict=True)}
    assert by_text["It killed 14 people."] > by_text["Officials were shocked."]


def test_rare_words_weigh_more_within_bounds() -> None:
    found = inverse_frequencies(["common", "rare", "absent"], [1_000, 3, 0], 1_000_000)
    assert found["common"] < found["rare"] <= found["absent"] <= 8.0


text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400) | st.lists(
    st.sampled_from(["The talks failed.", "He said: “No.”", "U.S. aid rose 5.2%.", "\n\n", "a" * 90, "And so on…"]),
    max_size=12,
).map(" ".join)


@settings(max_examples=50)
@given(text)
def test_spans_are_whole_sentences_within_bounds(body: str) -> None:
    if not body.strip():
        return
    article = stored(body)
    begins = {start for start, _ in article.sentences}
    ends = {end for _, end in article.sentences}
    for span in spans_of(evidence(article).span):
        start, end = span.start, span.end
        assert start in begins
        assert end in ends
        inside = [span for span in article.sentences if start <= span[0] < end]
        assert 1 <= len(inside) <= 3
        assert len(inside) == 1 or len(body[start:end].split()) <= QUOTE_WORDS


def test_fusion_rewards_agreement() -> None:
    fused = fuse(Hits.of([(1, 0.9), (2, 0.8), (3, 0.1)]), Hits.of([(4, 9.0), (1, 8.0), (3, 1.0)]))
    assert [candidate.key for candidate in fused] == [1, 4, 2, 3]
    by_key = {candidate.key: candidate for candidate in fused}
    assert by_key[4].cosine is None
    assert by_key[2].bm25 == 0.0
    assert fuse(Hits.of([]), Hits.of([])) == []


@settings(max_examples=50)
@given(
    st.dictionaries(st.integers(0, 30), st.floats(-1, 1), max_size=20),
    st.dictionaries(st.integers(0, 30), st.floats(0, 40), max_size=20),
    st.dictionaries(st.integers(0, 30), st.floats(0, 1), max_size=30),
)
def test_freshness_never_lifts_what_is_irrelevant(
    cosines: dict[int, float], bm25: dict[int, float], freshness: dict[int, float]
) -> None:
    dense, lexical = Hits.of(cosines.items()), Hits.of(bm25.items())
    plain = {candidate.key: candidate.score for candidate in fuse(dense, lexical)}
    fresh = fuse(dense, lexical, lambda keys: np.array([freshness.get(key, 0.0) for key in keys.tolist()]))
    best = max(plain.values(), default=0.0)
    for candidate in fresh:
        assert plain[candidate.key] <= candidate.score <= plain[candidate.key] + FRESHNESS * best + 1e-9
    assert all(plain[candidate.key] >= (1 - FRESHNESS) * best - 1e-9 for candidate in fresh[:1])

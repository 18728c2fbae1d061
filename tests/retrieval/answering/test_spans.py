"""What can be quoted of an article: runs of its sentences, over no heading and no furniture of its page."""

from __future__ import annotations

from retrieval.answering.spans import Span, spans_of
from retrieval.answering.summary import summarised
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.text.sentences import sentence_spans

BODY = """LONDON (Gazette) —

The ferry across the harbour was late on Monday, the Harbour Office said.

Updated Jan. 3, 2026, 1:55 p.m. ET

The engine had to be replaced before the ferry could sail again.

Two hours in the rain

Passengers waited on the pier. Some of them walked across the bridge.

Advertisement

The fares will be paid back, a clerk said on Tuesday."""
APART = ("LONDON (Gazette)", "Updated Jan.", "Two hours in the rain", "Advertisement")


def stored(body: str) -> StoredArticle:
    return StoredArticle(1, Article(id="a", title="Ferry late in the rain", body=body), tuple(sentence_spans(body)))


def test_no_quote_holds_a_heading_or_furniture():
    texts = [span.text for span in spans_of(Span(stored(BODY), 0, len(BODY)))]
    assert not [text for text in texts if any(words in text for words in APART)]
    assert "Passengers waited on the pier. Some of them walked across the bridge." in texts
    assert "The fares will be paid back, a clerk said on Tuesday." in texts


def test_an_article_of_lines_alone_can_be_quoted():
    body = "Ferry late\n\nBridge open"
    assert [span.text for span in spans_of(Span(stored(body), 0, len(body)))] == ["Ferry late", body, "Bridge open"]


def test_no_story_is_told_by_its_headings():
    texts = [quote.text for quote in summarised(1, [stored(BODY)]).quotes]
    assert texts
    assert not [text for text in texts if any(words in text for words in APART)]

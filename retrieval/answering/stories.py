"""An article as a story: with its key points, or with the sentences that stand for it where there are none."""

from __future__ import annotations

from retrieval.answering.features import facts, held
from retrieval.answering.quote import cut_quote
from retrieval.answering.spans import QUOTE_CHARACTERS
from retrieval.article import Quote, Story
from retrieval.index.store import StoredArticle
from retrieval.text.prose import prose_of
from retrieval.text.terms import content_terms

LEAD_SENTENCES = 8  # news puts the main thing first: the sentence that stands for an article is among these
STANDS_FOR_IT = 2


def story(stored: StoredArticle) -> Story:
    """An article as a story: with its key points, or with one or two sentences quoted from its body."""
    return Story((stored.article,), () if stored.article.key_points else lead_quotes(stored))


def lead_quotes(stored: StoredArticle) -> tuple[Quote, ...]:
    """The first sentences of the body that say most of the headline, in the order of the body."""
    weights = dict.fromkeys(content_terms(stored.article.title), 1.0)
    body = stored.article.body
    lead = prose_of(body, stored.sentences[:LEAD_SENTENCES])
    spans = [(start, end) for start, end in lead if end - start <= QUOTE_CHARACTERS]
    # A dateline ("LONDON —"), a byline or a caption has few words; later sentences have to say more to be chosen.
    telling = [span for span in spans if len(body[slice(*span)].split()) >= 6] or spans
    scores = {span: held(weights, facts(body[slice(*span)]).terms) - 0.08 * at for at, span in enumerate(telling)}
    best = sorted(telling, key=lambda span: -scores[span])[:STANDS_FOR_IT]
    return tuple(cut_quote(stored.article, start, end) for start, end in sorted(best))

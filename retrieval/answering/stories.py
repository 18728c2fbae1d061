"""An article as a story: with its key points, or with the sentences that stand for it where there are none."""

from __future__ import annotations

from retrieval.answer import Quote, Story, Timeline
from retrieval.answering.corpus import Corpus
from retrieval.answering.features import facts, held
from retrieval.answering.quote import cut_quote
from retrieval.answering.spans import QUOTE_CHARACTERS
from retrieval.article import Day, instant_end
from retrieval.errors import UnknownStory
from retrieval.index.store import StoredArticle
from retrieval.index.versions import as_it_stood
from retrieval.text.prose import prose_of
from retrieval.text.terms import content_terms

LEAD_SENTENCES = 8  # news puts the main thing first: the sentence that stands for an article is among these
STANDS_FOR_IT = 2


def story(stored: StoredArticle) -> Story:
    """An article as a story: with its key points, or with one or two sentences quoted from its body."""
    quotes = () if stored.article.key_points else lead_quotes(stored)
    return Story(articles=(stored.article,), quotes=quotes, id=stored.key)


def timeline(corpus: Corpus, number: int, as_of: Day | None) -> Timeline:
    """The story with this number, step by step, as it was known at a moment. Raises `UnknownStory`."""
    stored = corpus.store.articles([number]).get(number)
    stood = stored if stored is None or as_of is None else as_it_stood(corpus.store, stored, instant_end(as_of))
    if stood is None:
        raise UnknownStory("No story {number} is known; /latest lists those that are.", number=str(number))
    return Timeline(story(stood), lead_quotes(stood)[:1], corpus.generation)


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

"""Stories as they are told wherever one is: in `/latest`, in digests and in alerts, and step by step."""

from __future__ import annotations

from retrieval.answer import Story, Timeline
from retrieval.answering.corpus import Corpus
from retrieval.answering.steps import steps
from retrieval.answering.summary import summarised
from retrieval.article import Day, instant_end
from retrieval.errors import UnknownStory
from retrieval.index.store import StoredArticle
from retrieval.index.versions import as_it_stood


def story(stored: StoredArticle) -> Story:
    """An article as a story."""
    return summarised(stored.key, [stored])


def timeline(corpus: Corpus, number: int, as_of: Day | None) -> Timeline:
    """The story with this number, step by step, as it was known at a moment. Raises `UnknownStory`."""
    stored = corpus.store.articles([number]).get(number)
    stood = stored if stored is None or as_of is None else as_it_stood(corpus.store, stored, instant_end(as_of))
    if stood is None:
        raise UnknownStory("No story {number} is known; /latest lists those that are.", number=str(number))
    return Timeline(story(stood), steps([stood]), corpus.generation)

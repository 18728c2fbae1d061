"""The measures of summaries, on stories whose measures can be told by hand."""

from __future__ import annotations

from retrieval.answer import Quote, Story
from retrieval.article import Article
from retrieval.evaluation.summaries import covered, measure_summaries


def story(title: str, *texts: str, sources: tuple[str, ...] = ("Tagus Post",)) -> Story:
    articles = tuple(Article(source, title, " ".join(texts), source=source) for source in sources)
    quotes = tuple(
        Quote(text, 0, len(text), articles[number % len(articles)], None) for number, text in enumerate(texts)
    )
    return Story(articles, quotes)


def test_what_is_told_once_and_by_itself():
    measured = measure_summaries([story("Bridge collapses", "A bridge collapsed in Porto.", "Ana Costa resigned.")])
    assert (measured.repeated, measured.near, measured.unresolved, measured.unnamed) == (0, 0, 0, 0)
    assert (measured.quotes, measured.words, measured.quoted) == (2, 8, 1)


def test_what_is_told_twice():
    twice = story("Bridge", "The bridge in Porto collapsed on Monday.", "On Monday, the bridge in Porto collapsed.")
    same = story("Bridge", "The bridge in Porto collapsed.", "“The bridge in Porto collapsed.”", "Divers came.")
    assert measure_summaries([twice]).near == 1
    assert measure_summaries([same]).repeated == 1 / 3


def test_whom_nobody_can_know():
    measured = measure_summaries(
        [story("Bridge", "He resigned.", "However, Ana Costa stayed.", "“No,” she said.", "A.")]
    )
    assert measured.unresolved == 0.75
    assert measured.unnamed == 0.5


def test_how_much_of_the_headline_is_told():
    assert covered(story("Bridge collapses in Porto", "A bridge fell.", "Porto mourns.")) == 2 / 3
    assert covered(story("Bridge collapses in Porto")) == 0
    assert covered(story("")) == 1


def test_stories_of_several_outlets_are_quoted_of_several():
    both = story("Bridge", "A bridge fell.", "Divers came.", sources=("Tagus Post", "Minho Times"))
    one = story("Bridge", "A bridge fell.", sources=("Tagus Post", "Minho Times"))
    alone = story("Bridge", "A bridge fell.", "Divers came.")
    assert measure_summaries([both, one, alone]).outlets == 0.5


def test_nothing_measures_nothing():
    measured = measure_summaries([Story((Article("a", "Bridge", "He said so."),))])
    assert (measured.stories, measured.quoted, measured.covered, measured.words) == (1, 0, 0, 0)

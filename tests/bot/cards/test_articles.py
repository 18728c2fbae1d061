"""How an article is named, whatever its publisher calls it."""

from __future__ import annotations

import pytest

from bot.cards.articles import origin, title
from bot.cards.buttons import button_label
from bot.cards.card import DOT
from bot.cards.reports import cited
from bot.wording.language import reading_too, speaking
from bot.wording.markdown import unbroken
from retrieval.article import Article
from tests.support.values import quoted


@pytest.mark.parametrize("headline", ["", "  ", "\ufeff", "\u2028\ufeff", "\u202e\x07"])
def test_what_shows_nothing_is_untitled(headline: str) -> None:
    article = Article(id="a", title=headline, body="Some words.")
    assert title(article) == button_label(title(article)) == "Untitled"


def test_a_headline_is_told_on_one_line() -> None:
    assert title(Article(id="a", title="A bridge\n opens", body="Some words.")) == "A bridge opens"


@pytest.mark.parametrize(
    ("locale", "language", "said"),
    [
        ("en-GB", "de", "in German"),
        ("en-US", "en", ""),
        ("de", "en", "auf Englisch"),
        ("fr", "no", "en norvégien"),
        ("it", "it", ""),  # which is not spoken here, and read all the same
        ("it", "de", "in German"),
        ("en-GB", None, ""),
    ],
)
def test_of_an_article_in_another_language_than_the_readers_it_is_said_which(
    locale: str, language: str | None, said: str
) -> None:
    article = Article(id="a", title="A", body="Some words.", source="Post", summary_only=True, language=language)
    said = unbroken(said)
    with speaking(locale):
        facts = origin(article).split(DOT)
        assert facts[2:-1] == ([said] if said else [])
        assert cited(quoted(article, "Some words."), None).split(DOT)[2:] == ([said] if said else [])
        with reading_too(language):
            assert said == "" or said not in origin(article)
        assert facts == origin(article).split(DOT)

"""How an article is named, whatever its publisher calls it."""

from __future__ import annotations

import pytest

from bot.cards.articles import title
from bot.cards.buttons import button_label
from retrieval.article import Article


@pytest.mark.parametrize("headline", ["", "  ", "\ufeff", "\u2028\ufeff", "\u202e\x07"])
def test_what_shows_nothing_is_untitled(headline: str) -> None:
    article = Article(id="a", title=headline, body="Some words.")
    assert title(article) == button_label(title(article)) == "Untitled"


def test_a_headline_is_told_on_one_line() -> None:
    assert title(Article(id="a", title="A bridge\n opens", body="Some words.")) == "A bridge opens"

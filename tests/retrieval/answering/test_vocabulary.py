"""A question's words in other languages: one name is found however each language stems it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.vocabulary import vocabulary
from retrieval.article import Article
from retrieval.index.stored import StoredArticle
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import terms


def stored(body: str, language: str | None) -> StoredArticle:
    article = Article(id="a", title="", body=body, url=None, source=None, language=language)
    return StoredArticle(key=1, article=article, sentences=tuple(sentence_spans(body, language)))


def test_a_name_is_looked_for_as_each_language_stems_it() -> None:
    words = vocabulary("What did Macron say in Paris?", "en", ["de", "en", "fr"])
    assert set(terms("Paris", "de")) <= set(words.sought)
    article = words.seen_in(stored("Macron sprach am Montag in Paris.", "de"))
    assert set(words.terms) - {"say"} <= article.lines.facts(0).terms
    assert " pari " in article.lines.terms(0, 1)


def test_what_is_sought_stands_in_the_same_order_in_every_process() -> None:
    languages = ("ar", "de", "en", "es", "fi", "fr", "hu", "it", "ru")
    found = vocabulary("Which ministers visited Washington and Kiev universities?", "en", languages)
    assert len(found.aliases) > 2
    assert [*found.aliases] == [each for each in languages if each in found.aliases]


def test_an_article_in_the_language_of_the_question_is_left_alone() -> None:
    words = vocabulary("What did Macron say in Paris?", "en", ["en"])
    article = stored("Macron spoke in Paris.", "en")
    assert words.seen_in(article) is article
    assert words.sought == words.terms


def test_the_grammar_of_the_question_is_not_looked_for_in_other_languages() -> None:
    words = vocabulary("Wer war in Paris?", "de", ["en"])
    assert words.terms == ("paris",)
    assert words.sought == ("paris", "pari")


@given(
    st.text(max_size=80),
    st.sampled_from(["en", "de", "ru", "zh", "ar", "xx", None]),
    st.sets(st.sampled_from(["en", "de", "ru", "zh", "fr"])),
)
def test_what_other_languages_have_stands_for_one_of_the_questions_terms(
    question: str, language: str | None, languages: set[str]
) -> None:
    words = vocabulary(question, language, languages)
    for aliases in words.aliases.values():
        assert set(aliases.values()) <= set(words.terms)
        assert not set(aliases) & set(words.terms)
    assert words.sought[: len(words.terms)] == words.terms

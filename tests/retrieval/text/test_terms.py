"""Terms: looked up part by part, they are those of the analyser that the index has."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.text import terms as of_terms
from retrieval.text.terms import _UNSPACED as UNSPACED
from retrieval.text.terms import content_terms, folded, subject_terms, terms

words = st.sampled_from(
    ["The", "U.S.", "don’t", "“said", "naïve", "東京の", "x" * 60, "10⁴", "co-op", "e.g.,", "İzmir", "ﬁne"]
)
text = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.lists(words, max_size=12).map(" ".join)


@given(text, st.sampled_from([None, "de", "ru", "ar", "zh", "nl", "xx"]))
@example("A_b c_d", None)
@example("ß ſ K Ⅷ ² ¾ \u0e33\u0e34 a\u0301b", "th")
def test_are_the_same_once_remembered(said: str, language: str | None) -> None:
    of_terms._analysed.cache_clear()
    assert terms(said, language) == terms(said, language)
    if "." not in said:  # which joins letters
        assert terms(said, language) == [term for part in said.split() for term in terms(part, language)]


@given(text.filter(lambda said: not re.search(f"[{UNSPACED}]", said)))
def test_are_what_the_analyser_makes_of_the_whole(said: str) -> None:
    if of_terms._stemmed_as(said, "en") == "en":
        analyser = of_terms._analyzer("en")
        latin = [word for word in folded(said).split() if of_terms._stemmed_as(word, "en") == "en"]
        assert [term for word in latin for term in terms(word)] == analyser.analyze(" ".join(latin))


@pytest.mark.parametrize(
    ("language", "written", "sought"),
    [
        ("de", "Die Häuser der Ministerinnen", "Haus Ministerin"),
        ("de", "Fußball in MÜNCHEN", "fussball munchen"),
        ("fr", "Les économies de l’État", "économie etat"),
        ("es", "Las informaciones económicas de José", "información económico JOSE"),
        ("ru", "В Москве построили новые дома", "москва новый дом построить"),
        ("ar", "في المدينة القديمة", "مدينة قديمة"),
        ("zh", "他在北京大学说", "北京 大学"),
        ("ja", "東京タワーに行った", "東京 タワー"),
        ("ko", "대통령은 서울에서", "대통령 서울"),
        ("th", "นายกรัฐมนตรีไทย", "รัฐมนตรี"),
        ("ru", "компания Apple's", "Apple"),
        ("ja", "ジョン・スミス", "スミス"),
    ],
)
def test_find_what_is_written_in_another_form(language: str, written: str, sought: str) -> None:
    assert set(terms(sought, language)) <= set(terms(written, language))


@pytest.mark.parametrize(
    ("language", "question", "content"),
    [
        ("de", "Wer ist der neue Kanzler?", ["neu", "kanzl"]),
        ("fr", "Qu’est-ce que la grève a coûté ?", ["grev", "cout"]),
        ("es", "¿Quién ganó las elecciones?", ["gan", "eleccion"]),
        ("ru", "Кто победил на выборах?", ["побед", "выбор"]),
        ("zh", "谁是总统？", ["是总", "总统"]),
        ("en", "Who won the election?", ["won", "elect"]),
    ],
)
def test_leave_out_what_carries_grammar(language: str, question: str, content: list[str]) -> None:
    assert content_terms(question, language) == content


def test_of_nothing_but_grammar_all_is_left() -> None:
    assert content_terms("Wer ist das?", "de") == ["wer", "ist", "das"]
    assert subject_terms("Wer ist das?", "de") == frozenset()


def test_dots_between_letters_are_left_out() -> None:
    assert folded("the U.S. and e.g. J.K. Rowling, at 5 p.m. No. 4") == "the US and eg JK Rowling, at 5 pm No. 4"


def test_what_is_remembered_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(of_terms, "REMEMBERED", 100)
    for at in range(300):
        terms(f"word{at} {'x' * 200}{at}")
        assert len(of_terms._analysed(None)) <= 100 or at == 0
    assert not any(len(part) > 64 for part in of_terms._analysed(None))

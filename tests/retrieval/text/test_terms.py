"""Terms: looked up part by part, they are those of the analyser that the index has."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.text import terms as of_terms
from retrieval.text.terms import analyzer, folded, terms

words = st.sampled_from(
    ["The", "U.S.", "don’t", "“said", "naïve", "東京の", "x" * 60, "10⁴", "co-op", "e.g.,", "İzmir", "ﬁne"]
)
text = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.lists(words, max_size=12).map(" ".join)


@given(text)
@example("A_b c_d")
@example("ß ſ K Ⅷ ² ¾ \u0e33\u0e34 a\u0301b")
def test_are_what_the_analyser_makes_of_the_whole(said: str) -> None:
    assert terms(said) == analyzer().analyze(folded(said))
    assert terms(said) == analyzer().analyze(folded(said)), "once remembered"


def test_dots_between_letters_are_left_out() -> None:
    assert folded("the U.S. and e.g. J.K. Rowling, at 5 p.m. No. 4") == "the US and eg JK Rowling, at 5 pm No. 4"


def test_what_is_remembered_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(of_terms, "REMEMBERED", 100)
    for at in range(300):
        terms(f"word{at} {'x' * 200}{at}")
        assert len(of_terms._ANALYSED) <= 100 or at == 0
    assert not any(len(part) > 64 for part in of_terms._ANALYSED)

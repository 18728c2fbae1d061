"""A sentence goes on behind "!" and "?" where who said it follows, or where the mark is part of a name."""

from __future__ import annotations

import pytest

from retrieval.text.sentences import sentence_spans


def sentences(body: str) -> list[str]:
    return [body[start:end] for start, end in sentence_spans(body)]


@pytest.mark.parametrize(
    "sentence",
    [
        "“Who let the goats in?” Warden Pia Holm asked the keepers on Friday.",
        "“Not one goat more!” Holm told reporters.",
        "“Where do they sleep?” Lund, who owns the field, wrote in a letter to the village.",
        "“And then …” Holm said quietly.",
        "“Is that a goat?!” Dr. Ada Lund wondered.",
        "“Goats?” J.K. Holm replied in a post.",
        '"Why now?" Holm asked, adding that nobody had warned her.',
        "'Why now?' Holm asked.",
        "«Pourquoi ?» Mme Holm asked last week.",
        "„Why now?“ Holm asked again.",
        "“Why now?” I asked.",
        "“Down with the fence!” The crowd chanted for an hour.",
        "“Who pays?” One of the three keepers shouted from the back row.",
        "“Who pays?” Martin Lund Jr. asked via a spokesman.",
        "“Who pays?” Holm’s lawyer later asked.",
        "“Never!” Holm added as she left the hall that was her home.",
    ],
)
def test_who_asked_or_called_out_what_is_quoted_belongs_to_it(sentence: str):
    assert sentences(f"The goats came. {sentence} The fence fell.") == ["The goats came.", sentence, "The fence fell."]


@pytest.mark.parametrize(
    "statement",
    [
        "Holm said the fence was old.",
        "Holm said that the fence was old.",
        "Holm asked whether the fence was old.",
        "Holm told the keepers to leave.",
        "Holm asked the keepers how they slept.",
        "Holm said on Monday that she would go.",
        "Holm wrote a letter.",
        "Holm called it.",
        "Holm left.",
        "The question was asked in May.",
        "When Holm asked, nobody spoke.",
        "She asked again.",
        "In the end Holm asked again.",
    ],
)
def test_what_else_follows_a_quoted_question_is_another_sentence(statement: str):
    question = "“Who let the goats in?”"
    assert sentences(f"{question} {statement} The fence fell.") == [question, statement, "The fence fell."]


def test_a_quotation_without_question_or_exclamation_ends_its_sentence():
    assert sentences("“The goats are in.” Holm asked again.") == ["“The goats are in.”", "Holm asked again."]


@pytest.mark.parametrize(
    "sentence",
    [
        "A spokesman of Yum! Brands denied it.",
        "Workers at Yahoo! Japan went home.",
        "The host of E! News fell ill.",
        "The cast of Oliver! The Musical sang.",
        "Tickets for Panic! At The Disco cost 60 crowns.",
        "Her book Goats! Goats In The Garden sold well.",
        "Bring It On! It Is Over was the last part.",
        "The final of Who Wants to Be a Millionaire? Live was moved.",
        "A repeat of Whose Goat Is It Anyway? Special was shown.",
        "The magazine Goat! Weekly was sold.",
        "Shares of Alder! Holdings fell.",
        "The agency S.H.I.E.L.D. Labs opened.",
        "Lund Corp. Chairman Pia Holm resigned.",
        "Det. Ada Lund and Spc. Ole Holm met Lt. Falk.",
    ],
)
def test_a_mark_within_a_name_ends_no_sentence(sentence: str):
    assert sentences(f"The goats came. {sentence} The fence fell.") == ["The goats came.", sentence, "The fence fell."]


def test_a_name_with_a_mark_is_known_by_its_other_uses_in_the_text():
    used = "Staff say Zing! pays late."
    body = f"{used} We asked Zing! Logistics about it. Zing! The name fits."
    assert sentences(body) == [used, "We asked Zing! Logistics about it.", "Zing!", "The name fits."]
    assert sentences("We asked Zing! Logistics is hard.") == ["We asked Zing!", "Logistics is hard."]


@pytest.mark.parametrize(
    "expected",
    [
        ["What a day for Alder!", "Visitors came from far."],
        ["You can see it all in North America!", "Tickets are on sale."],
        ["Join our Watch Party!", "Sign up today."],
        ["He works for Yahoo!", "The company pays well."],
        ["She was on Jeopardy!", "It was fun."],
        ["Who is Vicky Lund?", "Vicky Lund was a keeper."],
        ["He left the U.S.A.", "It was cold."],
        ["HOLM WINS!", "Lund is second."],
        ["See the goats ...", "MUST WATCH This is where they went."],
    ],
)
def test_other_marks_end_sentences_as_before(expected: list[str]):
    assert sentences(" ".join(expected)) == expected


def test_many_marks_cost_no_more_than_in_proportion():
    for pattern in ("“Why?” Holm, of the hill, ", "Zing! Zing, ", "A B C D! The ", "“Why?” Holm Holm Holm Holm "):
        body = pattern * (100_000 // len(pattern))
        assert sentences(body)


@pytest.mark.parametrize(
    "sentence",
    [
        "« Où dorment les chèvres ? » a demandé Mme Holm.",
        "« Jamais ! » lance-t-elle.",
        "«Где козы?» — спросила Хольм.",
        "“Where are the goats?” – Pia Holm, warden",
        "“羊在哪里？”霍尔姆问村民。",
        "「ヤギはどこですか？」ホルムさんは尋ねた。",
        "Am 3. März kam der 1. FC Alder.",
        "Das Fest ist am 17. Mai und am 2. Dez. dort.",
        "Seit dem 2. Weltkrieg stehen ca. 30 Ziegen bzw. Schafe dort.",
        "Dr. med. Pia Holm und die Sra. Lund kamen.",
        "L’art. 5 vaut pour le Nr. 3 aussi.",
        "Avisen skrev det den 3. Mars i fjor.",
    ],
)
def test_what_other_languages_write_within_a_sentence_ends_none(sentence: str):
    assert sentences(f"Die Ziegen kamen. {sentence}") == ["Die Ziegen kamen.", sentence]


@pytest.mark.parametrize(
    "expected",
    [
        ["Holm kam auf Platz 3.", "Danach ging sie."],
        ["She turned 30.", "March was cold."],
        ["“羊在哪里？”", "没有人回答。"],
        ["« Où ? »", "Personne ne répondit."],
    ],
)
def test_what_looks_like_it_ends_one(expected: list[str]):
    assert sentences(("" if "。" in expected[1] else " ").join(expected)) == expected

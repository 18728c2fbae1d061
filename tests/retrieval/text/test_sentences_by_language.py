"""Where sentences end by the rules of their own language: a table a language, and what holds in all of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.languages.known import LANGUAGES
from retrieval.text.sentences import sentence_spans

SENTENCES = {
    "de": [
        "Die Ministerin sagte am 3. Oktober in Berlin, z. B. seien rd. 4,5 Mio. Euro nötig.",
        "„Wir schaffen das.“",
        "Das sagte u. a. Dr. h. c. Max Müller von der Fa. Meier & Co. KG, Abt. Nord.",
        "Der 1. FC Köln verlor im frühen 19. Jahrhundert nie.",
        "»Wann kommt er?«, fragte sie.",
        "Unter Ludwig XIV. von Frankreich war es anders.",
        "Am 24. Dezember um ca. 18.30 Uhr beginnt es.",
        "St. Pauli gewann.",
        "Er kam i. d. R. pünktlich, d. h. um 9 Uhr, und nahm Zimmer Nr. 5.",
        "Danach ging er.",
    ],
    "fr": [
        "M. Morel a rencontré Mme. Blanc à 14 h. 30.",
        "«\u00a0Nous irons jusqu’au bout\u00a0!\u00a0», a-t-il dit.",
        "L’art. 49 al. 3 est invoqué, cf. p. 12.",
        "« Est-ce vrai ? » demande-t-elle.",
        "Selon l’O.N.U., env. 3 % des gens partent.",
        "Mgr. Simon et MM. Durand et Petit sont là.",
        "Le no. 5 arrive.",
    ],
    "es": [
        "El Sr. Pérez llegó a las 10 a. m. del lunes.",
        "¿Qué pasó?",
        "¡Nada!",
        "La Dra. Gómez, de EE. UU., dijo: «No es verdad».",
        "Según la pág. 3 del art. 5, aprox. 2.500 personas llegaron.",
        "El 3.º puesto fue para D. Juan.",
        "«¿Vienes?», preguntó.",
        "Vive en la Avda. Mayor núm. 5.",
        "Luego salió.",
    ],
    "ru": [
        "В 2020 г. он жил в г. Москве на ул. Ленина, д. 5.",
        "А. С. Морозов родился в 1799 г. в Москве.",
        "«Когда он придёт?» — спросила она.",
        "Население — 3 млн. человек.",
        "Компания им. Кирова (см. рис. 2) закрыта.",
        "Он ушёл.",
    ],
    "ar": ["قال الرئيس إن الحرب انتهت.", "هل هذا صحيح؟", "نعم!", "وأضاف د. أحمد أن الأمر «انتهى».", "ثم غادر."],
}
# No space parts what these write.
UNSPACED = {
    "zh": ["他说：“我们会赢。”", "然后离开了。", "为什么？", "因为3.5%的人反对。", "她走了！"],
    "ja": ["首相は「会議は終わった。」と述べた。", "なぜですか？", "3.5％が反対した。"],
}


@pytest.mark.parametrize(("language", "sentences"), SENTENCES.items())
def test_end_where_their_language_ends_them(language: str, sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text, language)] == sentences


@pytest.mark.parametrize(("language", "sentences"), UNSPACED.items())
def test_end_where_no_space_parts_them(language: str, sentences: list[str]) -> None:
    text = "".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text, language)] == sentences


def test_a_small_letter_begins_a_sentence_only_in_english() -> None:
    text = "Sales fell at Apple Inc. last year. iPhone sales rose."
    assert len(sentence_spans(text, "en")) == 2
    assert len(sentence_spans("Der Umsatz fiel bei Nord. iphone stieg.", "de")) == 1


pieces = st.sampled_from(
    [
        *'„“”«»「」。！？.!?؟।…’"()¿¡ \n',
        "\n\n",
        "z. B.",
        "Dr.",
        "3.",
        "Wort",
        "wort",
        "Oui",
        "слово",
        "д.",
        "كلمة",
        "字",
        "한국",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from([*LANGUAGES, "xx", None]))
def test_hold_all_of_a_text_once_and_in_order(text: str, language: str | None) -> None:
    spans = sentence_spans(text, language)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert "".join(inside.split()) == "".join(text.split())

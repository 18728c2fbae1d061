"""Which sentences are understood alone in each language that tells it; English is in `test_alone.py`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.alone import needs_a_name, needs_a_noun, points_back, stands_alone
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.terms import subject_terms
from retrieval.text.voice import of_its_page

ALONE = {
    "de": """
Die Brücke bei Osterwald bleibt bis Mai gesperrt.
Das Gericht in Hollau hat die Klage der Stadt abgewiesen.
Die Entscheidung über die Brücke fällt im März.
Die Stadt Osterwald hat die Brücke gesperrt.
Bürgermeisterin Anna Lind sagte, sie werde zurücktreten.
„Wir bauen eine neue Brücke“, sagte Bürgermeisterin Anna Lind.
Der Minister Karl Berger kündigte einen Neubau an.
Diese Woche stimmt der Stadtrat von Osterwald ab.
Mehrere hundert Menschen schliefen in Zelten am Fluss.
""",
    "fr": """
Le pont de Valmont restera fermé jusqu'en mai.
La décision de fermer le pont a été prise en mars.
La maire Anne Lindon a dit qu'elle démissionnerait.
« Nous construirons un nouveau pont », a déclaré la maire Anne Lindon.
Il y a trois ponts sur la Lahn à Valmont.
Cette semaine, la ville vote sur le pont de Valmont.
Alors que le pont est fermé, Valmont attend un ferry.
L'homme qui a découvert les fissures travaille à Valmont.
Anne Lindon sera-t-elle réélue dimanche, comme le prévoit le sondage de Valmont.
""",
    "es": """
El puente de Valmonte seguirá cerrado hasta mayo.
La decisión de cerrar el puente se tomó en marzo.
La alcaldesa Ana Lindo dijo que dimitirá.
«Construiremos un puente nuevo», dijo la alcaldesa Ana Lindo.
Este martes vota la ciudad de Valmonte sobre el puente.
Después de tres días de debate, Valmonte cerró el puente.
El hombre que descubrió las grietas trabaja en Valmonte.
""",
}
POINTING_BACK = {
    "de": """
Sie sagte, die Brücke sei sicher.
Das ist eine Katastrophe für die Stadt.
Diese Risse kannte niemand.
Außerdem wurden zwei Straßen gesperrt.
Zwei Tage später fiel die Brücke.
Seine Ingenieure hatten gewarnt.
""",
    "fr": """
Elle a dit que le pont était sûr.
C’est une catastrophe pour la ville.
Cette fissure était connue.
Par ailleurs, deux routes sont fermées.
Ses ingénieurs avaient prévenu la ville.
""",
    "es": """
Ella dijo que el puente era seguro.
Esto es una catástrofe para la ciudad.
Además, se cerraron dos carreteras.
Sus ingenieros habían advertido.
Dos días después cayó el puente.
""",
}
OF_A_NOUN = {
    "de": ("Der Mann wurde festgenommen.", "Die Entscheidung wurde begrüßt.", "Das neue Gesetz gilt ab Mai."),
    "fr": ("L’homme a été arrêté.", "La décision a été saluée.", "Le rapport est attendu."),
    "es": ("El hombre fue detenido.", "La decisión fue aplaudida.", "El informe saldrá pronto."),
}
OF_NOBODY = {
    "de": ("Die Brücke sei sicher, sagte er.", "„Nie wieder“, erklärte sie.", "Als er ankam, war die Brücke zu."),
    "fr": (
        "« Jamais », a-t-elle répondu.",
        "Le pont est sûr, a-t-il dit.",
        "Quand il est arrivé, le pont était fermé.",
    ),
    "es": ("«Nunca», dijo ella.", "«Nunca», añadió.", "Cuando él llegó, el puente estaba cerrado."),
}
OF_ITS_PAGE = {
    "de": ("Lesen Sie auch: Die Brücke fällt.", "Hier den Newsletter abonnieren."),
    "fr": ("Lire aussi : Le pont est fermé.", "Abonnez-vous à notre newsletter."),
    "es": ("Lea también: El puente, cerrado.", "Suscríbase a nuestro boletín."),
}


def rows(table: dict[str, str] | dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    found = []
    for code, sentences in table.items():
        told = sentences.strip().split("\n") if isinstance(sentences, str) else sentences
        found += [(code, sentence) for sentence in told]
    return found


@pytest.mark.parametrize(("language", "sentence"), rows(ALONE))
def test_it_is_understood_alone(language: str, sentence: str) -> None:
    assert stands_alone(sentence, 0, len(sentence), frozenset(), language)
    assert not of_its_page(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), rows(POINTING_BACK))
def test_its_first_words_point_back(language: str, sentence: str) -> None:
    assert points_back(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), rows(OF_A_NOUN))
def test_it_speaks_of_what_was_told(language: str, sentence: str) -> None:
    assert needs_a_noun(sentence, frozenset(), language)
    assert not needs_a_noun(sentence, subject_terms(sentence), language)


@pytest.mark.parametrize(("language", "sentence"), rows(OF_NOBODY))
def test_it_speaks_of_nobody_known(language: str, sentence: str) -> None:
    assert needs_a_name(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), rows(OF_ITS_PAGE))
def test_it_speaks_of_its_page(language: str, sentence: str) -> None:
    assert of_its_page(sentence, language)


@given(st.sampled_from([*LANGUAGES, "it"]), st.text(max_size=150))
def test_any_text_is_looked_at(language: str, text: str) -> None:
    alone = stands_alone(text, 0, len(text), frozenset(), language) if text else False
    assert not (alone and points_back(text, language))
    assert of_its_page(text, language) in (True, False)

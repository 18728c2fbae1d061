"""Outlets, and whether it is asked for now, in questions of each language that there is a module for; times are in
`text/test_periods.py`, English in `test_understanding.py`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.understanding import asks_of_now, understand
from retrieval.article import EVERYTHING
from retrieval.text.languages.known import LANGUAGES

NOW = datetime(2024, 6, 12, 18, 0, tzinfo=UTC)
OUTLETS = (
    "Der Spiegel",
    "Die Zeit",
    "Die Welt",
    "Süddeutsche Zeitung",
    "Frankfurter Allgemeine Zeitung",
    "Reuters",
    "tagesschau.de",
    "Le Monde",
    "L'Humanité",
    "liberation.fr",
    "El País",
    "La Vanguardia",
    "elmundo.es",
    "BBC News",
)
BY_OUTLET: dict[str, dict[str, str | None]] = {
    "de": {
        "Wie viele starben laut Spiegel?": "Der Spiegel",
        "Wie viele starben laut dem Spiegel?": "Der Spiegel",
        "Was ist laut der Süddeutschen Zeitung geplant?": "Süddeutsche Zeitung",
        "Was ist laut SZ geplant?": "Süddeutsche Zeitung",
        "Was schreibt die FAZ über Rutte?": "Frankfurter Allgemeine Zeitung",
        "Was berichtet die Zeit über die Rente?": "Die Zeit",
        "Was sagt der Spiegel zu den Zöllen?": None,  # other mirrors speak, too
        "Was sagt Reuters zu den Zöllen?": "Reuters",
        "Wer siegte Reuters zufolge?": "Reuters",
        "Wer siegte dem Spiegel zufolge?": "Der Spiegel",
        "Wer siegte nach Angaben von Reuters?": "Reuters",
        "Was meldet die tagesschau zum Streik?": "tagesschau.de",
        "Welche Berichte von Reuters gibt es?": "Reuters",
        "Was stand im Bericht der Kommission?": None,
        "Was sagt die Welt dazu?": None,
        "Was geschah in der Zeit nach dem Krieg?": None,
        "Wer wurde von Reuters entlassen?": None,
        "Wer siegte laut Reuters und Spiegel?": None,
        "Wer hat laut Reuters-Chef Kim recht?": None,
        "laut welt geht es wie weiter?": None,
    },
    "fr": {
        "Combien de morts selon Le Monde ?": "Le Monde",
        "Combien de morts, d'après Le Monde ?": "Le Monde",
        "Combien de morts selon le Monde et Reuters ?": None,
        "Qu'a écrit L'Humanité sur la grève ?": "L'Humanité",
        "Qu'écrit l’Humanité sur la grève ?": "L'Humanité",
        "Selon Libération, qui a gagné ?": "liberation.fr",
        "Que dit Reuters de la grève ?": "Reuters",
        "Que dit le monde de la grève ?": None,
        "Que rapporte la BBC sur la grève ?": "BBC News",
        "Qui a gagné selon le patron de Reuters ?": None,
        "Combien de pays dans le monde ?": None,
        "Qui a été licencié par Reuters ?": None,
        "Selon le ministre, qui paiera ?": None,
    },
    "es": {
        "¿Cuántos murieron según El País?": "El País",
        "cuantos murieron según El Pais": "El País",
        "¿Qué escribió La Vanguardia sobre la huelga?": "La Vanguardia",
        "¿Qué publicó El Mundo sobre la huelga?": "elmundo.es",
        "¿Qué dice Reuters sobre la huelga?": "Reuters",
        "De acuerdo con la BBC, ¿quién ganó?": "BBC News",
        "¿Qué dice el país sobre la huelga?": None,
        "¿Quién ganó según el jefe de Reuters?": None,
        "¿Quién ganó según El País y Reuters?": None,
        "¿Cuántas personas hay en el mundo?": None,
        "¿Según el ministro, quién pagará?": None,
    },
}
OF_NOW: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "de": (
        ("Wer ist derzeit Kanzler?", "Was geschah heute?", "Wer ging letzte Woche?", "Wer starb vor drei Tagen?"),
        ("Wer wurde Kanzler?", "Wann fiel die Mauer?", "Was geschah im März 2024?"),
    ),
    "fr": (
        ("Qui est actuellement ministre ?", "Qu'a-t-on décidé hier ?", "Qui a gagné la semaine dernière ?"),
        ("Qui est devenu ministre ?", "Quand le mur est-il tombé ?", "Que s'est-il passé en mars 2024 ?"),
    ),
    "es": (
        (
            "¿Quién es ahora ministro?",
            "¿Qué se decidió ayer?",
            "¿Quién ganó la semana pasada?",
            "¿Qué pasó hace un mes?",
        ),
        ("¿Quién fue ministro?", "¿Cuándo cayó el muro?", "¿Qué pasó en marzo de 2024?"),
    ),
}


@pytest.mark.parametrize(
    ("language", "question", "outlet"), [(code, *row) for code, rows in BY_OUTLET.items() for row in rows.items()]
)
def test_an_outlet_counts_where_its_reporting_is_asked_for(language: str, question: str, outlet: str | None) -> None:
    assert understand(question, NOW, OUTLETS, language).named.source == outlet


@pytest.mark.parametrize(("language", "asked"), OF_NOW.items())
def test_whether_a_question_says_when_it_is_asked(
    language: str, asked: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    of_now, of_any_time = asked
    assert [question for question in of_now if not asks_of_now(question, language)] == []
    assert [question for question in of_any_time if asks_of_now(question, language)] == []


@given(
    st.sampled_from([*LANGUAGES, "it", "xx"]),
    st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(
                """laut selon según Spiegel Le Monde El País der dem la Reuters zufolge schreibt dit dice , und et y ?
                d'après L'Humanité l’ was die FAZ über""".split()
            ),
            max_size=12,
        ).map(" ".join),
    ),
)
def test_any_question_in_any_language_names_an_outlet_that_there_is_or_none(language: str, question: str) -> None:
    understood = understand(question, NOW, OUTLETS, language)
    assert understood.named.source in (None, *OUTLETS)
    if language not in ("en", *BY_OUTLET):
        assert understood.named == EVERYTHING
        assert not understood.of_now
        assert not understood.past

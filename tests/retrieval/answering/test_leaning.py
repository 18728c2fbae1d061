"""Questions in the context of those before them, in each language that tells how it leans; English is in
`test_followup.py`."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.followup import LONGEST, about_article, in_context, is_small_talk
from retrieval.answering.onward import onward
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.letters import plain_letters

RUTTE = {
    "de": "Was sagte Rutte über Russland?",
    "fr": "Qu'a dit Rutte sur la Russie ?",
    "es": "¿Qué dijo Rutte sobre Rusia?",
}

CASES: dict[str, list[tuple[str, str, str | None]]] = {
    "de": [
        (RUTTE["de"], "Und China?", "Was sagte Rutte über China?"),
        (RUTTE["de"], "China?", "Was sagte Rutte über China?"),
        (RUTTE["de"], "Und was ist mit China?", "Was sagte Rutte über China?"),
        (RUTTE["de"], "Und Selenskyj?", "Was sagte Selenskyj über Russland?"),
        ("Was hat Rutte über Russland gesagt?", "und die Ukraine?", "Was hat Rutte über die Ukraine gesagt?"),
        ("Wie viele Menschen starben in Spanien?", "und in Portugal?", "Wie viele Menschen starben in Portugal?"),
        ("Wie viele Menschen starben?", "und in Portugal?", "Wie viele Menschen starben in Portugal?"),
        (
            "Wie viele Menschen starben in Spanien?",
            "Und letzte Woche?",
            "Wie viele Menschen starben in Spanien letzte Woche?",
        ),
        ("Wer trat im März 2024 zurück?", "Und im April 2024?", "Wer trat im April 2024 zurück?"),
        (RUTTE["de"], "2024?", "Was sagte Rutte über Russland 2024?"),
        (RUTTE["de"], "Warum?", "Was sagte Rutte über Russland, und warum?"),
        (RUTTE["de"], "Aber warum?", "Was sagte Rutte über Russland, und warum?"),
        (RUTTE["de"], "Wann war das?", "Was sagte Rutte über Russland, und wann war das?"),
        (RUTTE["de"], "Mehr dazu", "Was sagte Rutte über Russland?"),
        (RUTTE["de"], "Was sagt er über China?", "Was sagt Rutte über China?"),
        (RUTTE["de"], "Wo wohnt er?", "Wo wohnt Rutte?"),
        (RUTTE["de"], "Was sagt er dazu?", "Was sagte Rutte über Russland, und was sagt er dazu?"),
        (RUTTE["de"], "Was sagte Macron über ihn?", "Was sagte Macron über Rutte?"),
        ("Wer ist Olaf Scholz?", "Wann wurde er gewählt?", "Wann wurde Olaf Scholz gewählt?"),
        (
            "Was hat der Kanzler zu den Zöllen gesagt?",
            "Warum will er das?",
            "Was hat der Kanzler zu den Zöllen gesagt, und warum will er das?",
        ),
        ("Was geschah in Valencia?", "Wie viele starben dort?", "Was geschah in Valencia, und wie viele starben dort?"),
        ("Was hat Trump über Zölle gesagt?", "und Biden?", "Was hat Biden über Zölle gesagt?"),
        ("Was hat Trump über Zölle gesagt?", "Und über Steuern?", "Was hat Trump über Steuern gesagt?"),
        (RUTTE["de"], "Und jetzt?", "Was sagte Rutte über Russland jetzt?"),
        (RUTTE["de"], "Stimmt das?", "Was sagte Rutte über Russland, und stimmt das?"),
        (
            "Was ist mit der Brücke in Osterwald passiert?",
            "Wann wird sie geöffnet?",
            "Was ist mit der Brücke in Osterwald passiert, und wann wird sie geöffnet?",
        ),
        # what stands on its own
        (RUTTE["de"], "Was sagte die Ukraine über China?", None),
        (RUTTE["de"], "Wer gewann die Wahl in Kanada?", None),
        (RUTTE["de"], "Und wer gewann die Wahl in Kanada?", None),
        (RUTTE["de"], "Warum sagt der Präsident, dass er zurücktritt?", None),
        (RUTTE["de"], "Bahnstreik", None),
        (RUTTE["de"], "danke", None),
        (RUTTE["de"], "Ok, danke!", None),
        (RUTTE["de"], RUTTE["de"], None),
        (RUTTE["de"], "", None),
        ("Gibt es eine Waffenruhe?", "Ist die Fähre gesunken?", None),
    ],
    "fr": [
        (RUTTE["fr"], "Et la Chine ?", "Qu'a dit Rutte sur la Chine ?"),
        (RUTTE["fr"], "Qu'en est-il de la Chine ?", "Qu'a dit Rutte sur la Chine ?"),
        (RUTTE["fr"], "Et Zelensky ?", "Qu'a dit Zelensky sur la Russie ?"),
        ("Combien de morts en Espagne ?", "Et en Italie ?", "Combien de morts en Italie ?"),
        (
            "Combien de morts en Espagne ?",
            "Et la semaine dernière ?",
            "Combien de morts en Espagne la semaine dernière ?",
        ),
        ("Qui a démissionné en mars 2024 ?", "et en avril 2024 ?", "Qui a démissionné en avril 2024 ?"),
        (RUTTE["fr"], "Pourquoi ?", "Qu'a dit Rutte sur la Russie, et pourquoi ?"),
        (RUTTE["fr"], "C'était quand ?", "Qu'a dit Rutte sur la Russie, et c'était quand ?"),
        (RUTTE["fr"], "Dis-m'en plus", "Qu'a dit Rutte sur la Russie ?"),
        (RUTTE["fr"], "Qu'a-t-il dit sur la Chine ?", "Qu'a dit Rutte sur la Chine ?"),
        (RUTTE["fr"], "Où habite-t-il ?", "Où Rutte habite-t-il ?"),
        (RUTTE["fr"], "Qu'en dit-il ?", "Qu'a dit Rutte sur la Russie, et qu'en dit-il ?"),
        (RUTTE["fr"], "Qu'a dit Macron sur lui ?", "Qu'a dit Macron sur Rutte ?"),
        ("Qu'a dit Macron sur les retraites ?", "Et sur l'Ukraine ?", "Qu'a dit Macron sur l'Ukraine ?"),
        (RUTTE["fr"], "Et en Allemagne ?", "Qu'a dit Rutte sur la Russie en Allemagne ?"),
        (RUTTE["fr"], "Et maintenant ?", "Qu'a dit Rutte sur la Russie maintenant ?"),
        (RUTTE["fr"], "Qu'est-ce qu'il propose ?", "Qu'est-ce que Rutte propose ?"),
        ("Qui est Olaf Scholz ?", "Quand a-t-il été élu ?", "Quand Olaf Scholz a-t-il été élu ?"),
        (RUTTE["fr"], "Qu'a dit l'Ukraine sur la Chine ?", None),
        (RUTTE["fr"], "Et qui a gagné les élections au Canada ?", None),
        (RUTTE["fr"], "Pourquoi le président dit-il qu'il part ?", None),
        (RUTTE["fr"], "Quand Macron a-t-il été élu ?", None),
        (RUTTE["fr"], "merci", None),
        (RUTTE["fr"], RUTTE["fr"], None),
        (RUTTE["fr"], "?!", None),
    ],
    "es": [
        (RUTTE["es"], "¿Y China?", "¿Qué dijo Rutte sobre China?"),
        (RUTTE["es"], "¿Qué pasa con China?", "¿Qué dijo Rutte sobre China?"),
        (RUTTE["es"], "¿Y Zelenski?", "¿Qué dijo Zelenski sobre Rusia?"),
        ("¿Cuántos murieron en España?", "¿Y en Portugal?", "¿Cuántos murieron en Portugal?"),
        ("¿Cuántos murieron en España?", "¿Y la semana pasada?", "¿Cuántos murieron en España la semana pasada?"),
        ("¿Quién dimitió en marzo de 2024?", "¿y en abril de 2024?", "¿Quién dimitió en abril de 2024?"),
        (RUTTE["es"], "¿Por qué?", "¿Qué dijo Rutte sobre Rusia, y por qué?"),
        (RUTTE["es"], "Cuéntame más", "¿Qué dijo Rutte sobre Rusia?"),
        (RUTTE["es"], "¿Qué dijo él?", "¿Qué dijo Rutte?"),
        (RUTTE["es"], "¿Qué dijo sobre China?", "¿Qué dijo Rutte sobre China?"),
        (RUTTE["es"], "¿Qué ha dicho sobre China?", "¿Qué ha dicho Rutte sobre China?"),
        (RUTTE["es"], "¿Cuándo nació?", "¿Cuándo nació Rutte?"),
        (RUTTE["es"], "¿Qué dijo Macron sobre él?", "¿Qué dijo Macron sobre Rutte?"),
        (RUTTE["es"], "y por que?", "¿Qué dijo Rutte sobre Rusia, y por que?"),
        ("¿Cuántos murieron?", "¿Y en Portugal?", "¿Cuántos murieron en Portugal?"),
        (RUTTE["es"], "¿Y sobre Brasil?", "¿Qué dijo Rutte sobre Brasil?"),
        (RUTTE["es"], "¿Qué significa eso?", "¿Qué dijo Rutte sobre Rusia, y qué significa eso?"),
        (RUTTE["es"], "¿Qué dijo Ucrania sobre China?", None),
        (RUTTE["es"], "¿Y quién ganó las elecciones en Canadá?", None),
        (RUTTE["es"], "¿Por qué dice el presidente que él se va?", None),
        (RUTTE["es"], "gracias", None),
        (RUTTE["es"], RUTTE["es"], None),
        (RUTTE["es"], "¿?", None),
    ],
}


@pytest.mark.parametrize(
    ("language", "before", "question", "understood"), [(code, *row) for code, rows in CASES.items() for row in rows]
)
def test_a_question_is_understood_after_the_one_before_it(
    language: str, before: str, question: str, understood: str | None
) -> None:
    assert in_context(question, [before], language) == understood


@pytest.mark.parametrize(
    ("language", "asked", "understood"),
    [
        (
            "de",
            ("Wer ist Friedrich Merz?", "Wie alt ist er?", "Welche Partei führt er?", "Und Olaf Scholz?"),
            "Welche Partei führt Olaf Scholz?",
        ),
        (
            "de",
            ("Wie viele Menschen starben beim Beben?", "Warum?", "Wo war das?", "Und in Syrien?"),
            "Wie viele Menschen starben beim Beben in Syrien?",
        ),
        (
            "fr",
            ("Qui est Gabriel Attal ?", "Pourquoi ?", "Quel âge a-t-il ?", "Et Jordan Bardella ?"),
            "Quel âge Jordan Bardella a-t-il ?",
        ),
        (
            "es",
            ("¿Quién es Javier Milei?", "¿Cuántos años tiene?", "¿Dónde nació?", "¿Y Lula?"),
            "¿Dónde nació Lula?",
        ),
    ],
)
def test_what_was_only_put_behind_does_not_pile_up(language: str, asked: tuple[str, ...], understood: str) -> None:
    assert in_context(asked[-1], asked[:-1], language) == understood


def test_a_conversation_goes_on() -> None:
    assert in_context("Und China?", [RUTTE["de"], "Und die Ukraine?"], "de") == "Was sagte Rutte über China?"
    assert in_context("Und Macron?", [RUTTE["de"], "Und China?"], "de") == "Was sagte Macron über China?"


@pytest.mark.parametrize("language", ["it", "ru", "zh"])
def test_where_it_is_not_known_how_a_question_leans_it_stands_on_its_own(language: str) -> None:
    for question in ("Why?", "Und China?", "Perché?", "为什么?"):
        assert in_context(question, [RUTTE["de"]], language) is None


@pytest.mark.parametrize("said", ["danke dir", "Vielen Dank!", "merci beaucoup", "muchas gracias", "ok super", "hola"])
def test_words_of_thanks_are_no_questions(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", ["Bahnstreik", "Super Bowl", "danke?", "huelga", "¿!", ""])
def test_a_topic_is_no_small_talk(said: str) -> None:
    assert not is_small_talk(said)


def test_a_question_is_put_about_the_article_that_holds_its_words() -> None:
    headlines = ["Brücke in Osterwald gesperrt", "Streik bei der Bahn"]
    bodies = ["Die Stadt sperrte die Brücke am Montag.", "Die Lokführer streiken seit Freitag."]
    assert about_article("Warum streiken die Lokführer?", headlines, bodies, "de") == (
        "Streik bei der Bahn: Warum streiken die Lokführer?"
    )


ONWARD = {
    "de": (
        "Was gab es letzte Woche Neues zur Osterwald-Brücke?",
        "Was gibt es Neues zum Thema Osterwald-Brücke",
        " seit dem 4. März 2025",
        ("Und seitdem?", "Was ist seitdem passiert?", "Gibt es was Neues dazu?", "Und jetzt?", "Neuigkeiten?"),
        ("Seit wann?", "Und in Norwegen?", "Warum?", "danke", "Was gibt es Neues zur Fähre?"),
    ),
    "fr": (
        "Quoi de neuf sur la grève la semaine dernière ?",
        "Quoi de neuf côté grève",
        " depuis le 4 mars 2025",
        ("Et depuis ?", "Que s'est-il passé depuis ?", "Du nouveau ?", "Et maintenant ?", "Quoi de neuf ?"),
        ("Depuis quand ?", "Et en Norvège ?", "Pourquoi ?", "merci", "Quoi de neuf sur le ferry ?"),
    ),
    "es": (
        "¿Qué pasó con la huelga la semana pasada?",
        "Qué hay de nuevo sobre la huelga",
        " desde el 4 de marzo de 2025",
        ("¿Y desde entonces?", "¿Qué ha pasado desde entonces?", "¿Algo nuevo?", "¿Y ahora?", "¿Alguna novedad?"),
        ("¿Desde cuándo?", "¿Y en Noruega?", "¿Por qué?", "gracias", "¿Qué hay de nuevo sobre el ferry?"),
    ),
}


@pytest.mark.parametrize("language", ONWARD)
def test_it_asks_for_the_latest_on_the_same_topic(language: str) -> None:
    before, latest, since, on, other = ONWARD[language]
    mark = {"de": "{}?", "fr": "{} ?", "es": "¿{}?"}[language]
    for question in on:
        understood = onward(question, before, None, language)
        assert understood == mark.format(latest)
        assert onward(question, mark.format(latest), None, language) == understood
        assert onward(question, before, date(2025, 3, 4), language) == mark.format(latest + since)
        assert onward(question, mark.format(latest + since), None, language) == understood
    for question in other:
        assert onward(question, before, None, language) is None


def test_after_a_question_for_a_fact_it_asks_for_the_latest_on_what_that_is_about() -> None:
    assert onward("Und seitdem?", RUTTE["de"], None, "de") == "Was gibt es Neues zum Thema Rutte und Russland?"
    assert onward("Et depuis ?", RUTTE["fr"], None, "fr") == "Quoi de neuf côté Rutte et Russie ?"
    assert onward("¿Y desde entonces?", RUTTE["es"], None, "es") == "¿Qué hay de nuevo sobre Rutte y Rusia?"
    assert onward("Und seitdem?", "Wie alt ist er?", None, "de") is None
    assert onward("Und seitdem?", RUTTE["de"], None, "it") is None


PIECES = st.sampled_from(
    """was wer warum und aber sagt sagte er sie ihn über zu dazu dort Rutte Russland China die der et mais pourquoi qu'a
    dit il -t-il sur la Chine en Et y él qué dijo sobre Rusia eso ¿ ? , ' \\ {name} {} 2024 letzte Woche""".split()
)
TEXTS = st.one_of(st.text(max_size=350), st.lists(PIECES, max_size=12).map(" ".join))
CLOSED = set("und et y".split())


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


@given(st.sampled_from([*(code for code in LANGUAGES if code != "en"), "it"]), TEXTS, st.lists(TEXTS, max_size=3))
def test_it_invents_nothing_and_stays_short(language: str, question: str, earlier: list[str]) -> None:
    understood = in_context(question, earlier, language)
    if understood is not None:
        assert len(understood) <= LONGEST
        assert "\n" not in understood
        assert words(understood) <= words(plain_letters(" ".join([question, *earlier]))) | CLOSED

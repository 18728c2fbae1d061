"""Times in questions of each language that tells them; how English does is in `answering/test_understanding.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.languages.known import LANGUAGES
from retrieval.text.periods import Window, window

NOW = datetime(2024, 6, 12, 18, 0, tzinfo=UTC)  # a Wednesday
SPOKEN = [code for code, language in LANGUAGES.items() if language.times]

# language: question: since, until; of this year without the year
WINDOWS: dict[str, dict[str, tuple[str | None, str | None]]] = {
    "de": {
        "Was geschah gestern in Lagos?": ("06-11", None),
        "was hat die Ministerin gestern Abend gesagt": ("06-11", None),
        "Was geschah vorgestern?": ("06-10", None),
        "Worüber hat das Parlament heute abgestimmt?": ("06-11", None),
        "Wer ist heute Morgen zurückgetreten?": ("06-11", None),
        "Welche Brücke ist diese Woche eingestürzt?": ("06-04", None),
        "Was wurde letzte Woche beschlossen?": ("06-03", "06-11"),
        "Was wurde in der vergangenen Woche beschlossen?": ("06-03", "06-11"),
        "Wer traf am vergangenen Wochenende?": ("06-07", "06-11"),
        "Wer hat am Wochenende gewonnen?": ("06-07", "06-11"),
        "Welche Airline ging in diesem Monat pleite?": ("05-12", None),
        "Welche Airline ging im letzten Monat pleite?": ("05-01", None),
        "Was hat Rutte in den letzten drei Tagen gesagt?": ("06-09", None),
        "Wie oft wurde Charkiw in den vergangenen 24 Stunden getroffen?": ("06-11", None),
        "Was hat sich in den letzten Wochen geändert?": ("04-24", None),
        "Wer streikt seit drei Wochen?": ("05-22", None),
        "Welcher Zug entgleiste vor zwei Wochen?": ("05-26", None),
        "Welcher Zug entgleiste vor fünf Tagen?": ("06-07", None),
        "Wer wurde am Dienstag gewählt?": ("06-11", None),
        "Wer wurde letzten Freitag gewählt?": ("06-07", "06-09"),
        "was wurde am letzten montag beschlossen": ("06-03", None),
        "Was hat Rutte seit Montag gesagt?": ("06-10", None),
        "Wer gewann die Wahl vom Sonntag?": ("06-09", None),
        "Was geschah am Donnerstagabend in Kenia?": ("06-06", "06-08"),
        "Was sagte Rutte seit dem 3. Juni?": ("06-03", None),
        "Was sagte Rutte am 3. Juni?": ("06-03", "06-05"),
        "Was sagte Rutte am Montag, dem 3. Juni 2024?": ("06-03", "06-05"),
        "Was geschah am 21.12.2023 in Prag?": ("2023-12-21", "2023-12-23"),
        "Was geschah am 3.6.2024 in Prag?": ("06-03", "06-05"),
        "Was geschah am 03.06. in Prag?": ("06-03", "06-05"),
        "Was geschah seit dem 10.5.?": ("05-10", None),
        "Was geschah in Prag am 21. Dez. 2023?": ("2023-12-21", "2023-12-23"),
        "Wer starb beim Absturz am 3. Juni?": ("06-03", None),
        "Was stand in der Erklärung vom 3. Juni?": ("06-03", None),
        "Wie viele Flüge fielen zwischen dem 3. und 9. Juni aus?": ("06-03", "06-11"),
        "Wie viele Flüge fielen vom 3. bis zum 9. Mai aus?": ("05-03", "05-11"),
        "Was geschah zwischen März und April 2024?": ("03-01", "05-31"),
        "Was geschah im März 2024?": ("03-01", "05-01"),
        "was geschah im marz 2024": ("03-01", "05-01"),
        "Was geschah im Juni?": ("06-01", None),
        "Was geschah Ende März?": ("03-01", "05-01"),
        "Wer trat 2019 zurück?": (None, None),  # a number behind any other word may be part of a name
        "Wer wurde 2019 Kanzler?": ("2019-01-01", "2020-03-30"),
        "Wer trat im Jahr 2019 zurück?": ("2019-01-01", "2020-03-30"),
        "Was hat die Bank seit 2019 gesagt?": ("2019-01-01", None),
        "Welche Verträge gab es vor März 2024?": (None, "03-02"),
        "Was hat sich seit März geändert?": ("03-01", None),
        "Wer sagte diese Woche, dass der Putsch im Jahr 2021 ein Fehler war?": ("2021-01-01", None),
    },
    "fr": {
        "Que s'est-il passé hier à Lagos ?": ("06-11", None),
        "Qu'a dit la ministre hier soir ?": ("06-11", None),
        "Qui a démissionné avant-hier ?": ("06-10", None),
        "Sur quoi le Parlement a-t-il voté aujourd’hui ?": ("06-11", None),
        "Qui a démissionné ce matin ?": ("06-11", None),
        "Quel pont s'est effondré cette semaine ?": ("06-04", None),
        "Qu'a-t-on décidé la semaine dernière ?": ("06-03", "06-11"),
        "qu'a-t-on decide la semaine derniere": ("06-03", "06-11"),
        "Qui a marqué le week-end dernier ?": ("06-07", "06-11"),
        "Quelle compagnie a fait faillite ce mois-ci ?": ("05-12", None),
        "Quelle compagnie a fait faillite le mois dernier ?": ("05-01", None),
        "Qu'a dit Rutte ces trois derniers jours ?": ("06-09", None),
        "Combien de frappes au cours des dernières 24 heures ?": (None, None),
        "Combien de frappes au cours des 24 dernières heures ?": ("06-11", None),
        "Qu'est-ce qui a changé ces dernières semaines ?": ("04-24", None),
        "Qui est en grève depuis trois semaines ?": ("05-22", None),
        "Quel train a déraillé il y a deux semaines ?": ("05-26", None),
        "Qui a été élu mardi ?": ("06-11", None),
        "Qui a été élu vendredi dernier ?": ("06-07", "06-09"),
        "Qu'a-t-on décidé lundi dernier ?": ("06-03", None),
        "Qu'a dit Rutte depuis lundi ?": ("06-10", None),
        "Qui a gagné les élections de dimanche ?": ("06-09", None),
        "Que s'est-il passé jeudi soir au Kenya ?": ("06-06", "06-08"),
        "Qu'a dit Rutte depuis le 3 juin ?": ("06-03", None),
        "Qu'a dit Rutte le 3 juin ?": ("06-03", "06-05"),
        "Qu'a dit Rutte le lundi 3 juin 2024 ?": ("06-03", "06-05"),
        "Que s'est-il passé le 14 juillet 2023 ?": ("2023-07-14", "2023-07-16"),
        "Que s'est-il passé le 1er mai ?": ("05-01", "05-03"),
        "Que s'est-il passé le 03/06/2024 ?": ("06-03", "06-05"),
        "Combien de morts dans l'attentat du 3 juin ?": ("06-03", None),
        "Combien de vols ont été annulés entre le 3 et le 9 juin ?": ("06-03", "06-11"),
        "Combien de vols ont été annulés du 3 au 9 mai ?": ("05-03", "05-11"),
        "Que s'est-il passé de mars à avril 2024 ?": ("03-01", "05-31"),
        "Que s'est-il passé en juin ?": ("06-01", None),
        "Que s'est-il passé en mars 2024 ?": ("03-01", "05-01"),
        "que s'est-il passe en fevrier 2023": ("2023-02-01", "2023-03-31"),
        "Qui a gagné les élections de mai 2024 ?": ("05-01", None),
        "Qui a démissionné en 2019 ?": ("2019-01-01", "2020-03-30"),
        "Qu'a dit la banque depuis 2019 ?": ("2019-01-01", None),
        "Quels accords ont été signés avant mars 2024 ?": (None, "03-02"),
        "Qu'est-ce qui a changé depuis mars ?": ("03-01", None),
    },
    "es": {
        "¿Qué pasó ayer en Lagos?": ("06-11", None),
        "qué dijo la ministra anoche": ("06-11", None),
        "¿Quién dimitió anteayer?": ("06-10", None),
        "¿Qué votó hoy el Parlamento?": ("06-11", None),
        "¿Quién dimitió esta mañana?": ("06-11", None),
        "¿Qué puente se derrumbó esta semana?": ("06-04", None),
        "¿Qué se decidió la semana pasada?": ("06-03", "06-11"),
        "¿Quién marcó el fin de semana pasado?": ("06-07", "06-11"),
        "¿Qué aerolínea quebró este mes?": ("05-12", None),
        "¿Qué aerolínea quebró el mes pasado?": ("05-01", None),
        "¿Qué dijo Rutte en los últimos tres días?": ("06-09", None),
        "que dijo Rutte en los ultimos tres dias": ("06-09", None),
        "¿Cuántas veces fue atacada Járkov en las últimas 24 horas?": ("06-11", None),
        "¿Qué ha cambiado en las últimas semanas?": ("04-24", None),
        "¿Quién está en huelga desde hace tres semanas?": ("05-22", None),
        "¿Qué tren descarriló hace tres semanas?": ("05-19", None),
        "¿Qué tren descarriló hace un par de días?": ("06-09", None),
        "¿Quién fue elegido el martes?": ("06-11", None),
        "¿Quién fue elegido el viernes pasado?": ("06-07", "06-09"),
        "¿Qué se acordó el lunes pasado?": ("06-03", None),
        "¿Qué ha dicho Rutte desde el lunes?": ("06-10", None),
        "¿Quién ganó las elecciones del domingo?": ("06-09", None),
        "¿Qué pasó el jueves por la noche en Kenia?": ("06-06", "06-08"),
        "¿Qué dijo Rutte desde el 3 de junio?": ("06-03", None),
        "¿Qué dijo Rutte el 3 de junio?": ("06-03", "06-05"),
        "¿Qué dijo Rutte el lunes 3 de junio de 2024?": ("06-03", "06-05"),
        "¿Qué pasó el 21 de diciembre de 2023 en Praga?": ("2023-12-21", "2023-12-23"),
        "¿Qué pasó el 1º de mayo?": ("05-01", "05-03"),
        "¿Qué pasó el 3/6/2024?": ("06-03", "06-05"),
        "¿Quién murió en el accidente del 3 de junio?": ("06-03", None),
        "¿Cuántos vuelos se cancelaron entre el 3 y el 9 de junio?": ("06-03", "06-11"),
        "¿Cuántos vuelos se cancelaron del 3 al 9 de mayo?": ("05-03", "05-11"),
        "¿Qué pasó entre marzo y abril de 2024?": ("03-01", "05-31"),
        "¿Qué pasó en junio?": ("06-01", None),
        "¿Qué pasó en marzo de 2024?": ("03-01", "05-01"),
        "¿Qué pasó a finales de marzo?": ("03-01", "05-01"),
        "¿Quién ganó las elecciones de mayo?": (None, None),  # a month by itself behind "de" may be anything
        "¿Quién dimitió en 2019?": ("2019-01-01", "2020-03-30"),
        "¿Qué ha dicho el banco desde 2019?": ("2019-01-01", None),
        "¿Qué acuerdos se firmaron antes de marzo de 2024?": (None, "03-02"),
        "¿Qué ha cambiado desde marzo?": ("03-01", None),
    },
}

NO_WINDOW = {
    "de": """
Wer gewann die WM 2018?
Was steht im Haushalt 2026?
Was fordert die Agenda 2030?
Wer wird am Dienstag sprechen?
Wer spricht am Dienstag?
Was passiert nächste Woche in Genf?
Was öffnet morgen?
Wer soll 2028 die Spiele ausrichten?
Welche Firma testet die Vier-Tage-Woche?
Welcher Vogel wurde zum ersten Mal seit 50 Jahren gesehen?
Die Arbeitslosigkeit ist wo die höchste seit 1994?
Wer hat die meisten Tore seit Juni geschossen?
Wo wird von Montag bis Freitag unterrichtet?
Wer moderiert das heute-journal?
Ist er noch heute Premier?
Was geschah am letzten Sonntag der Tournee?
Was geschah 2019 und 2020?
Was geschah am 31. Juni?
Was geschah im Dezember 2025?
Was geschah am 31.6. in Prag?
Was geschah am 24.12. in Prag?
Seit wann regiert er?
Was kostet das Deutschlandticket?
Was geschah vor 50 Jahren?
Wann wurde Rutte Generalsekretär?
""",
    "fr": """
Qui a gagné la Coupe du monde 2018 ?
Que prévoit le budget 2026 ?
Qui parlera mardi ?
Qui parle mardi ?
Qu'est-ce qui ouvre demain ?
Que se passera-t-il la semaine prochaine à Genève ?
Qui joue dans Mercredi ?
Où travaille-t-on du lundi au vendredi ?
Que fait-il le lundi ?
Quelle est la plus grande manifestation depuis juin ?
Qui a marqué le plus de buts depuis juin ?
Que signifie le vendredi 13 ?
Que s'est-il passé le 31 juin ?
Que s'est-il passé en décembre 2025 ?
Est-il encore aujourd'hui Premier ministre ?
Quel robot a quitté le sol de Mars ?
Depuis quand gouverne-t-il ?
Qui a écrit 1984 ?
Quand Rutte est-il devenu secrétaire général ?
Que s'est-il passé il y a 50 ans ?
Quelles élections ont lieu dimanche ?
""",
    "es": """
¿Quién ganó el Mundial de 2018?
¿Qué prevé el presupuesto de 2026?
¿Quién hablará el martes?
¿Quién habla el martes?
¿Qué abre mañana?
¿Qué pasará la próxima semana en Ginebra?
¿Qué hace los lunes?
¿Dónde está Santo Domingo?
¿Quién es Plácido Domingo?
¿Cuál es la mayor protesta desde junio?
¿Quién ha marcado más goles desde junio?
¿Qué pasó el 31 de junio?
¿Qué pasó en diciembre de 2025?
¿Sigue siendo primer ministro hoy en día?
¿Desde cuándo gobierna?
¿Quién escribió 1984?
¿Cuándo fue nombrado Rutte secretario general?
¿Dónde está la plaza de Mayo?
¿Qué pasó hace 50 años?
¿Qué elecciones hay el domingo?
""",
}

PAST = {
    "de": (
        "Was geschah am 21. Dezember 2023?",
        "Wer gewann die WM 2018?",
        "Welche Bands waren in den 1990er Jahren berühmt?",
        "Wer gewann den Pokal vor fünf Jahren?",
    ),
    "fr": (
        "Que s'est-il passé le 21 décembre 2023 ?",
        "Qui a gagné la Coupe du monde 2018 ?",
        "Quels groupes étaient connus dans les années 1990 ?",
        "Qui a gagné la coupe il y a cinq ans ?",
    ),
    "es": (
        "¿Qué pasó el 21 de diciembre de 2023?",
        "¿Quién ganó el Mundial de 2018?",
        "¿Qué grupos eran famosos en los años 90?",
        "¿Quién ganó la copa hace cinco años?",
    ),
}


def days(question: str, language: str | None) -> tuple[str | None, str | None]:
    found = window(question, NOW, language)
    return _without_this_year(found.since), _without_this_year(found.until)


def _without_this_year(day: date | None) -> str | None:
    return day.isoformat().removeprefix("2024-") if day else None


@pytest.mark.parametrize(
    ("language", "question", "expected"), [(code, *row) for code, rows in WINDOWS.items() for row in rows.items()]
)
def test_a_time_becomes_a_window(language: str, question: str, expected: tuple[str | None, str | None]) -> None:
    assert days(question, language) == expected


@pytest.mark.parametrize(
    ("language", "question"), [(code, row) for code, rows in NO_WINDOW.items() for row in rows.strip().split("\n")]
)
def test_what_only_looks_like_a_time_gives_no_window(language: str, question: str) -> None:
    assert days(question, language) == (None, None)


@pytest.mark.parametrize(("language", "question"), [(code, row) for code, rows in PAST.items() for row in rows])
def test_the_past_is_recognised(language: str, question: str) -> None:
    assert window(question, NOW, language).past
    assert not window("Olaf Scholz?", NOW, language).past


PIECES = {
    "en": "in on since before between and the last week 3 June 2024 May Monday yesterday ago three days".split(),
    "de": """am im seit dem vor zwischen und letzten letzte Woche 3. Juni 2024 März Montag gestern heute drei Tagen den
    in ab vom bis zum diese vergangenen paar wird gewann die WM noch 31. 99""".split(),
    "fr": """le en depuis avant entre et la semaine dernière 3 juin 2024 mars lundi hier aujourd'hui il y a trois jours
    du au ces derniers dernier ce matin mois 1er de va a 31 99""".split(),
    "es": """el en desde antes de entre y la semana pasada 3 de junio 2024 marzo lunes ayer hoy hace tres días del al
    los últimos pasado esta mañana mes ganó va un par 31 99""".split(),
}


@given(
    st.sampled_from([*SPOKEN, *SPOKEN, "ru", "zh", "it", "xx"]).flatmap(
        lambda code: st.tuples(
            st.just(code),
            st.one_of(
                st.text(max_size=120),
                st.lists(st.sampled_from(PIECES.get(code, PIECES["en"])), max_size=12).map(" ".join),
            ),
        )
    ),
    st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
def test_any_question_in_any_language_gives_a_window_in_order_and_not_in_the_future(
    asked: tuple[str, str], now: datetime
) -> None:
    language, question = asked
    found = window(question, now, language)
    assert found == window(question, now, language)
    for day in (found.since, found.until):
        assert day is None or day <= now.date()
    assert found.since is None or found.until is None or found.since <= found.until
    if language not in SPOKEN:
        assert found == Window()


@pytest.mark.parametrize("language", ["it", "zh", "ru"])
def test_where_nothing_is_known_of_how_times_are_told_none_is_found(language: str) -> None:
    for question in ("What happened yesterday?", "Was geschah am 3. Juni 2024?", "Cosa è successo il 2024-06-03?"):
        assert window(question, NOW, language) == Window()

"""A newsroom is asked in German, French and Spanish, about articles in these: what a question's words say is heeded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings

AS_OF = date(2025, 3, 13)  # a Thursday
REPORTS = {
    "de": (
        (
            "Osterwalder Bote",
            "2025-03-03",
            "Brücke in Osterwald gesperrt",
            "Die Stadt Osterwald hat am Montag ihre Brücke gesperrt, weil Prüfer Risse in den Trägern fanden. Die "
            "Reparatur der Brücke kostet 4,5 Millionen Euro, sagte Bürgermeisterin Anna Lind.",
        ),
        (
            "Lahn-Kurier",
            "2025-03-12",
            "Fähre ersetzt Brücke in Osterwald",
            "Eine Fähre ersetzt seit Dienstag die gesperrte Brücke in Osterwald. Die Reparatur der Brücke kostet 6 "
            "Millionen Euro, sagte Stadtrat Karl Berger.",
        ),
    ),
    "fr": (
        (
            "Le Courrier du Lac",
            "2025-03-03",
            "Le pont de Valmont est fermé",
            "La ville de Valmont a fermé lundi son pont, parce que des experts ont trouvé des fissures. La réparation "
            "du pont coûte 4,5 millions d'euros, a déclaré la maire Anne Lindon.",
        ),
        (
            "Les Nouvelles",
            "2025-03-12",
            "Un ferry remplace le pont de Valmont",
            "Un ferry remplace depuis mardi le pont fermé de Valmont. La réparation du pont coûte 6 millions d'euros, "
            "a déclaré le conseiller Luc Morel.",
        ),
    ),
    "es": (
        (
            "El Correo del Valle",
            "2025-03-03",
            "Cerrado el puente de Valmonte",
            "La ciudad de Valmonte cerró el lunes su puente porque unos expertos hallaron grietas. La reparación del "
            "puente cuesta 4,5 millones de euros, dijo la alcaldesa Ana Lindo.",
        ),
        (
            "La Gaceta",
            "2025-03-12",
            "Un ferry sustituye al puente de Valmonte",
            "Un ferry sustituye desde el martes al puente cerrado de Valmonte. La reparación del puente cuesta 6 "
            "millones de euros, dijo el concejal Juan Robles.",
        ),
    ),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder: Path = tmp_path_factory.mktemp("languages")
    (folder / "seeds").mkdir()
    told = [
        {"id": f"{code}-{at}", "source": source, "published": day, "title": title, "text": text}
        for code, reports in REPORTS.items()
        for at, (source, day, title, text) in enumerate(reports)
    ]
    (folder / "seeds" / "reports.jsonl").write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as room:
        room.reload(at_once=True)
        yield room


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Was kostet die Reparatur der Brücke laut Lahn-Kurier?", "Lahn-Kurier"),
        ("Warum wurde die Brücke in Osterwald letzte Woche gesperrt?", "Osterwalder Bote"),
        ("Wie teuer wurde die Reparatur der Brücke seit Montag?", "Lahn-Kurier"),
        ("Combien coûte la réparation du pont selon Les Nouvelles ?", "Les Nouvelles"),
        ("Combien coûtait la réparation du pont la semaine dernière ?", "Le Courrier du Lac"),
        ("Combien coûte la réparation du pont depuis lundi ?", "Les Nouvelles"),
        ("¿Cuánto cuesta la reparación del puente según La Gaceta?", "La Gaceta"),
        ("¿Por qué cerró Valmonte su puente la semana pasada?", "El Correo del Valle"),
        ("¿Cuánto ha costado la reparación del puente desde el lunes?", "La Gaceta"),
    ],
)
def test_the_days_and_the_outlet_that_a_question_names_narrow_the_search(
    room: Newsroom, question: str, source: str
) -> None:
    answer = room.ask(question, as_of=AS_OF)
    assert answer.narrowed is not None
    assert not answer.narrowed.dropped
    told = {quote.article.source for quote in answer.quotes}
    both = next({first[0], second[0]} for first, second in REPORTS.values() if source in (first[0], second[0]))
    assert told & both == {source}


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Was gibt es Neues zur Brücke in Osterwald?", "Brücke in Osterwald"),
        ("Quoi de neuf sur le pont de Valmont ?", "le pont de Valmont"),
        ("¿Qué hay de nuevo sobre el puente de Valmonte?", "el puente de Valmonte"),
    ],
)
def test_a_broad_question_is_answered_with_a_story(room: Newsroom, question: str, topic: str) -> None:
    answer = room.ask(question, as_of=AS_OF)
    assert answer.answered
    assert answer.topic == topic
    assert answer.stories


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Wie viel kostet die Reparatur der Brücke laut Lahn-Kurier?", "6 Millionen Euro"),
        ("Combien coûte la réparation du pont selon Les Nouvelles ?", "6 millions"),
        ("¿Cuánto cuesta la reparación del puente según La Gaceta?", "6 millones"),
    ],
)
def test_what_was_asked_for_is_marked(room: Newsroom, question: str, answers: str) -> None:
    quote = room.ask(question, as_of=AS_OF).quotes[0]
    assert quote.answer is not None
    assert quote.text[slice(*quote.answer)] == answers


def test_in_a_language_that_does_not_tell_how_it_asks_nothing_is_assumed(room: Newsroom) -> None:
    for question in ("Quanto costa la riparazione del ponte secondo La Gaceta ieri?", "昨天桥梁修复的费用是多少？"):
        answer = room.ask(question, as_of=AS_OF)
        assert answer.narrowed is None
        assert answer.topic is None
        assert all(quote.answer is None for quote in answer.quotes)

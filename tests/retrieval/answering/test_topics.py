"""Which questions are broad in each language that tells how it asks, and what they are about; English is in
`test_broad.py`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.broad import topic_of
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.letters import plain_letters

BROAD = {
    "de": {
        "Was gibt es Neues zum Bahnstreik?": "Bahnstreik",
        "was gibt's neues zum bahnstreik": "bahnstreik",
        "Was gibt es Neues über die Osterwald-Brücke?": "die Osterwald-Brücke",
        "Was gibt es Neues aus Caracas?": "Caracas",
        "Was ist in Caracas passiert?": "Caracas",
        "Was ist gestern in Caracas passiert?": "Caracas",
        "Was geschah letzte Woche in Caracas?": "Caracas",
        "Was passierte in Prag am 21. Dezember 2023?": "Prag",
        "Was ist los in Venezuela?": "Venezuela",
        "Was ist mit der Fähre passiert?": "der Fähre",
        "Was ist mit der Fähre?": "der Fähre",
        "Wie ist der Stand bei den Koalitionsgesprächen?": "den Koalitionsgesprächen",
        "Wie ist die Lage im Sudan?": "Sudan",
        "Wie steht es um den Haushalt?": "den Haushalt",
        "Wie geht es mit der Bahn weiter?": "der Bahn",
        "Was weiß man über den Brand in Karlsfeld?": "den Brand in Karlsfeld",
        "Was ist über den Brand in Karlsfeld bekannt?": "den Brand in Karlsfeld",
        "Gibt es Neuigkeiten zur Waffenruhe?": "Waffenruhe",
        "Erzähl mir was über Petra Lindholm": "Petra Lindholm",
        "Fass mir bitte die Haushaltsdebatte zusammen": "die Haushaltsdebatte",
        "Kannst du mir sagen, was in Osterwald passiert ist?": None,  # a subordinate clause: left as it was
        "Hallo, was gibt es Neues zu Boeing, bitte?": "Boeing",
        "Nachrichten aus Oslo": "Oslo",
        "Neueste Nachrichten zur Türkei": "Türkei",
        "Warum reden alle über Ilmari Koskela?": "Ilmari Koskela",
        "Was gibt es Neues zu den Ölpreisen?": "den Ölpreisen",
        "Was gibt es Neues zum Streik laut Spiegel?": "Streik",
        "Venezuela": "Venezuela",
        "Venezuela?": "Venezuela",
        "bahnstreik": "bahnstreik",
        "Krieg in der Ukraine": "Krieg in der Ukraine",
        "neue Zölle": "neue Zölle",
        "Osterwald-Brücke aktuell": "Osterwald-Brücke",
    },
    "fr": {
        "Quoi de neuf sur la grève ?": "la grève",
        "quoi de neuf sur la greve": "la greve",
        "que s'est il passé à caracas": "caracas",
        "C'est quoi les dernières nouvelles sur Boeing ?": "Boeing",
        "Quoi de nouveau au Venezuela ?": "Venezuela",
        "Où en est la réforme des retraites ?": "la réforme des retraites",
        "Où en sont les négociations ?": "les négociations",
        "Que s'est-il passé à Caracas ?": "Caracas",
        "Que s’est-il passé hier à Caracas ?": "Caracas",
        "Que s'est-il passé à Prague le 21 décembre 2023 ?": "Prague",
        "Que se passe-t-il au Soudan ?": "Soudan",
        "Quelles sont les dernières nouvelles de Kyiv ?": "Kyiv",
        "Quelle est la situation en Haïti ?": "Haïti",
        "Que sait-on de l'incendie de Karlsfeld ?": "incendie de Karlsfeld",
        "Parle-moi de Petra Lindholm": "Petra Lindholm",
        "Résume la crise du budget": "la crise du budget",
        "Pourquoi tout le monde parle de Greta Koskela ?": "Greta Koskela",
        "Bonjour, quoi de neuf sur Boeing, s'il vous plaît ?": "Boeing",
        "Y a-t-il du nouveau sur le cessez-le-feu ?": "le cessez-le-feu",
        "Du nouveau sur le cessez-le-feu ?": "le cessez-le-feu",
        "Quoi de neuf sur les prix du pétrole ?": "les prix du pétrole",
        "Quoi de neuf sur la grève selon Le Monde ?": "la grève",
        "Actualités Venezuela": "Venezuela",
        "Venezuela": "Venezuela",
        "guerre en Ukraine": "guerre en Ukraine",
        "grève des trains": "grève des trains",
    },
    "es": {
        "¿Qué hay de nuevo sobre la huelga?": "la huelga",
        "que hay de nuevo sobre la huelga": "la huelga",
        "que paso ayer en caracas": "caracas",
        "¿Cómo va la reforma de las pensiones?": "la reforma de las pensiones",
        "¿Cómo van las negociaciones?": "las negociaciones",
        "¿Qué pasó en Caracas?": "Caracas",
        "¿Qué pasó ayer en Caracas?": "Caracas",
        "¿Qué pasó en Praga el 21 de diciembre de 2023?": "Praga",
        "¿Qué está pasando en Sudán?": "Sudán",
        "¿Cuáles son las últimas noticias de Kiev?": "Kiev",
        "¿Cómo está la situación en Haití?": "Haití",
        "¿Qué se sabe del incendio de Karlsfeld?": "incendio de Karlsfeld",
        "Háblame de Petra Lindholm": "Petra Lindholm",
        "Resume la crisis del presupuesto": "la crisis del presupuesto",
        "¿Por qué todo el mundo habla de Greta Koskela?": "Greta Koskela",
        "Hola, ¿qué hay de nuevo sobre Boeing, por favor?": "Boeing",
        "¿Algo nuevo sobre el alto el fuego?": "el alto el fuego",
        "¿Qué hay de nuevo sobre los precios del petróleo?": "los precios del petróleo",
        "¿Qué hay de nuevo sobre la huelga según El País?": "la huelga",
        "Últimas noticias de Turquía": "Turquía",
        "Venezuela": "Venezuela",
        "guerra en Ucrania": "guerra en Ucrania",
        "huelga de trenes": "huelga de trenes",
    },
}
FACTUAL = {
    "de": """
Was sagte Rutte über Russland?
Was hat Rutte über Russland gesagt?
Wer schloss die Brücke?
Wer ist Petra Lindholm?
Wann öffnet die Brücke wieder?
Wo wurde die Orchidee gestohlen?
Warum wurde die Brücke gesperrt?
Wie viele Menschen starben in Spanien?
Was kostet die Reparatur?
Wo steht die alte Mühle?
Welche Mannschaft gewann den Pokal?
Ist die Brücke noch gesperrt?
Was ist die Hauptstadt von Norwegen?
Was ist mit ihm passiert?
Was ist passiert?
Was gibt es Neues?
Was gibt es Neues aus der Welt?
Was ist gestern passiert?
Was weiß man über den Preis der Fähre?
Was geschah, als die Brücke gesperrt wurde?
Ölpreis
Bitcoin-Kurs
Wetter in Arlen
Rutte sagt nein
Merz tritt zurück
Und seitdem?
Warum?
danke
Hallo!
2024?
gestern
""",
    "fr": """
Qu'a dit Rutte sur la Russie ?
Qui a fermé le pont ?
Qui est Petra Lindholm ?
Quand le pont rouvrira-t-il ?
Où l'orchidée a-t-elle été volée ?
Pourquoi le pont est-il fermé ?
Combien de personnes sont mortes en Espagne ?
Combien coûte la réparation ?
Quelle équipe a gagné la coupe ?
Quelle est la capitale de la Norvège ?
Que s'est-il passé ?
Que s'est-il passé hier ?
Quoi de neuf ?
Quoi de neuf dans le monde ?
Que sait-on du prix du ferry ?
Que lui est-il arrivé ?
prix du pétrole
météo Arlen
Rutte dit non
Et depuis ?
Pourquoi ?
merci
Bonjour
2024 ?
hier
""",
    "es": """
¿Qué dijo Rutte sobre Rusia?
¿Quién cerró el puente?
¿Quién es Petra Lindholm?
¿Cuándo reabre el puente?
¿Dónde fue robada la orquídea?
¿Por qué se cerró el puente?
¿Cuántas personas murieron en España?
¿Cuánto cuesta la reparación?
¿Qué equipo ganó la copa?
¿Cuál es la capital de Noruega?
¿Qué pasó?
¿Qué pasó ayer?
¿Qué hay de nuevo?
¿Qué hay de nuevo en el mundo?
¿Qué se sabe del precio del ferry?
¿Qué pasó con él?
precio del petróleo
Rutte dice no
¿Y desde entonces?
¿Por qué?
gracias
hola
¿2024?
ayer
""",
}


@pytest.mark.parametrize(
    ("language", "question", "topic"),
    [
        *((code, *row) for code, rows in BROAD.items() for row in rows.items()),
        *((code, row, None) for code, rows in FACTUAL.items() for row in rows.strip().split("\n")),
    ],
)
def test_a_question_is_broad_only_where_it_surely_asks_for_a_story(
    language: str, question: str, topic: str | None
) -> None:
    found = topic_of(question, language)
    assert (found.text if found else None) == topic


PIECES = st.sampled_from(
    """was gibt es Neues zu zum über Venezuela Brücke die quoi de neuf sur la grève où en est qu'en est-il du au qué hay
    nuevo sobre el ¿Cómo va huelga pasó en ayer gestern hier laut selon según Spiegel ? , . : ¿ bitte""".split()
)


@given(
    st.sampled_from([*LANGUAGES, "it", "xx"]),
    st.one_of(st.text(max_size=250), st.lists(PIECES, max_size=12).map(" ".join)),
)
def test_in_any_language_a_topic_is_in_the_question_s_own_words(language: str, question: str) -> None:
    topic = topic_of(question, language)
    if topic is not None:
        assert topic.text
        assert topic.text in " ".join(plain_letters(question).split())
        assert language == "en" or LANGUAGES[language].phrasing

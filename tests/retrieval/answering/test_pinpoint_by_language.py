"""What is asked for, and which words answer, in each language that tells how it asks; English is in
`test_pinpoint.py`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.features import asked
from retrieval.answering.pinpoint import pinpoint
from retrieval.answering.runs import RUN_KINDS, RUN_WORDS, runs_of, words_of
from retrieval.answering.spans import Evidence, Findings, Span
from retrieval.answering.wanted import TYPES, Wanted, wanted
from retrieval.article import Article
from retrieval.index.search import Candidate
from retrieval.index.stored import StoredArticle
from retrieval.text.controls import storable
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.sentences import sentence_spans
from retrieval.text.terms import content_terms

ALL = frozenset(RUN_KINDS)
NAMED = frozenset(("name", "quoted", "phrase"))
PLACE = frozenset(("name", "phrase"))
DATE = frozenset(("date", "number", "phrase"))
NUMBER = frozenset(("number",))
REASON = frozenset(("reason",))
NONE = frozenset[str]()

KINDS: dict[str, dict[str, frozenset[str]]] = {
    "de": {
        "Wer gewann die Wahl in Kanada?": NAMED,
        "Wo liegt die Fähre?": PLACE,
        "Wann öffnet die Brücke wieder?": DATE,
        "Warum ist die Brücke gesperrt?": REASON,
        "Wie viele Menschen starben in Spanien?": NUMBER,
        "Wie alt ist die Brücke?": NUMBER,
        "Wie hat Deutschland reagiert?": NONE,
        "Wie heißt der neue Kanzler?": ALL,
        "Welches Land wählte einen neuen Präsidenten?": ALL,
        "Was wurde gestohlen?": ALL,
        "Was sagte Rutte über Russland?": NONE,
        "Was ist passiert?": NONE,
        "Ist die Brücke gesperrt?": NONE,
        "Was sagte Rutte über Russland, und wann war das?": DATE,
        "Das neue Lied heißt:": ALL,
    },
    "fr": {
        "Qui a gagné les élections au Canada ?": NAMED,
        "Où se trouve le ferry ?": PLACE,
        "Quand le pont rouvrira-t-il ?": DATE,
        "Pourquoi le pont est-il fermé ?": REASON,
        "Combien de personnes sont mortes en Espagne ?": NUMBER,
        "Comment l'Allemagne a-t-elle réagi ?": NONE,
        "Comment s'appelle le nouveau ministre ?": ALL,
        "Quel pays a élu un nouveau président ?": ALL,
        "Qu'a dit Rutte sur la Russie ?": NONE,
        "Le pont est-il fermé ?": NONE,
        "Qu'a dit Rutte, et quand ?": DATE,
        "Quand le ministre qui est parti reviendra-t-il ?": DATE,
    },
    "es": {
        "¿Quién ganó las elecciones en Canadá?": NAMED,
        "¿Dónde está el ferry?": PLACE,
        "¿Cuándo reabre el puente?": DATE,
        "¿Por qué está cerrado el puente?": REASON,
        "¿Cuántas personas murieron en España?": NUMBER,
        "¿Cómo reaccionó Alemania?": NONE,
        "¿Cómo se llama el nuevo ministro?": ALL,
        "¿Qué país eligió un nuevo presidente?": ALL,
        "¿Qué dijo Rutte sobre Rusia?": NONE,
        "¿Está cerrado el puente?": NONE,
        "¿Qué dijo Rutte sobre Rusia, y cuándo?": DATE,
    },
}


def wants(question: str, language: str | None) -> Wanted:
    return wanted(question, asked(question, dict.fromkeys(content_terms(question, language), 3.0), language))


@pytest.mark.parametrize(
    ("language", "question", "kinds"), [(code, *row) for code, rows in KINDS.items() for row in rows.items()]
)
def test_what_is_asked_for(language: str, question: str, kinds: frozenset[str]) -> None:
    assert wants(question, language).kinds == kinds


@pytest.mark.parametrize(
    ("language", "question", "type_"),
    [
        ("de", "Welches Land wählte einen Präsidenten?", "country"),
        ("de", "Welche Fluggesellschaft ging pleite?", "body"),
        ("de", "Welche Schauspielerin starb?", "human"),
        ("fr", "Quel pays a élu un président ?", "country"),
        ("fr", "Quelle entreprise a fait faillite ?", "body"),
        ("es", "¿Qué ciudad fue elegida?", "city"),
        ("es", "¿Qué actriz murió?", "human"),
    ],
)
def test_of_which_type_it_is(language: str, question: str, type_: str) -> None:
    row = wants(question, language).row[-len(TYPES) :]
    assert row[list(TYPES).index(type_)] == 1.0


@pytest.mark.parametrize("language", ["it", "ru", "zh", "ar"])
def test_where_it_is_not_known_how_it_is_asked_nothing_is_wanted(language: str) -> None:
    for question in ("Chi ha vinto?", "Кто победил?", "谁赢得了选举?", "Who won?", "Wer hat gewonnen?"):
        assert wants(question, language).kinds == NONE


RUNS = [
    ("de", "Am Dienstag rief der Agent von Rob Gronkowski an.", "Rob Gronkowski", "name"),
    ("de", "Die NATO lud Schweden und Finnland ein.", "Finnland", None),
    ("de", "ein Bieter zahlte 19 Millionen Euro dafür", "19 Millionen Euro", "number"),
    ("de", "zu zwölf Jahren Haft verurteilt", "zwölf Jahren", "number"),
    ("de", "sie öffnet am 14. Juni 2022 in Rom", "14. Juni 2022", "date"),
    ("de", "genannt „Break My Soul“, und es", "Break My Soul", "quoted"),
    ("de", "gesperrt wegen schwerer Schäden an den Trägern, sagten sie", "schwerer Schäden an den Trägern", "reason"),
    ("fr", "Mardi, l'agent de Rob Gronkowski a appelé.", "Rob Gronkowski", "name"),
    ("fr", "Il a parlé de l'Ukraine hier.", "Ukraine", "name"),
    ("fr", "il a payé 1 200 euros hier", "1 200 euros", "number"),
    ("fr", "il ouvre le 14 juin 2022 à Rome", "14 juin 2022", "date"),
    ("fr", "intitulé « Break My Soul », et", "Break My Soul", "quoted"),
    ("es", "El martes llamó el agente de Rob Gronkowski.", "Rob Gronkowski", "name"),
    ("es", "pagó 19 millones de euros", "19 millones", "number"),
    ("es", "abre el 14 de junio de 2022 en Roma", "14 de junio de 2022", "date"),
    ("es", "cerrado debido a graves daños en las vigas, dijo", "graves daños en las vigas", "reason"),
    ("it", "nel 2022 sono morte 43 persone", "43", "number"),
]


@pytest.mark.parametrize(("language", "text", "run", "kind"), RUNS)
def test_what_could_answer_is_found_whole(language: str, text: str, run: str, kind: str | None) -> None:
    found = {text[each.start : each.end]: each.kind for each in runs_of(text, words_of(text, language), language)}
    assert run in found
    assert kind in (None, found[run])


def test_a_noun_is_no_name_because_of_its_capital() -> None:
    text = "Gestern hat die Regierung mit Olaf Scholz über eine Reform gesprochen."
    kinds = {text[each.start : each.end]: each.kind for each in runs_of(text, words_of(text, "de"), "de")}
    assert kinds["Olaf Scholz"] == "name"
    assert kinds["Regierung"] == "phrase"
    assert kinds["Reform"] == "phrase"


def findings(question: str, language: str, *bodies: str) -> tuple[Findings, list[Span]]:
    articles = [
        StoredArticle(key, Article(f"a{key}", "", body, language=language), tuple(sentence_spans(body)))
        for key, body in enumerate(bodies)
    ]
    spans = [Span(each, 0, len(each.article.body)) for each in articles]
    evidence = [Evidence(Candidate(at, 1.0 - at / 10, 0.6, 3.0, 0.5), span) for at, span in enumerate(spans)]
    weights = dict.fromkeys(content_terms(question, language), 3.0)
    return Findings(asked(question, weights, language), evidence), spans[:1]


@pytest.mark.parametrize(
    ("language", "question", "bodies", "answer"),
    [
        (
            "de",
            "Wie viele Würstchen aß Joey Chestnut im Wettbewerb?",
            ("Joey Chestnut aß 63 Würstchen und gewann den Wettbewerb.", "Chestnut gewann mit 63 Würstchen."),
            "63",
        ),
        (
            "de",
            "Wie alt ist die Brücke in Lund?",
            ("Die Brücke in Lund ist 94 Jahre alt.", "Die alte Brücke in Lund, 94 Jahre alt, ist gesperrt."),
            "94 Jahre",
        ),
        (
            "fr",
            "Combien de saucisses Joey Chestnut a-t-il mangées au concours ?",
            ("Joey Chestnut a mangé 63 saucisses au concours.", "Chestnut a gagné avec 63 saucisses."),
            "63",
        ),
        (
            "es",
            "¿Cuántas salchichas comió Joey Chestnut en el concurso?",
            ("Joey Chestnut comió 63 salchichas en el concurso.", "Chestnut ganó con 63 salchichas."),
            "63",
        ),
        ("de", "Was sagte Rutte über Russland?", ("Rutte sprach am Montag über Russland.",), None),
        ("fr", "Qu'a dit Rutte sur la Russie ?", ("Rutte a parlé lundi de la Russie.",), None),
        ("es", "¿Qué dijo Rutte sobre Rusia?", ("Rutte habló el lunes sobre Rusia.",), None),
    ],
)
def test_what_was_asked_for_is_marked(
    language: str, question: str, bodies: tuple[str, ...], answer: str | None
) -> None:
    found, quotes = findings(question, language, *bodies)
    (span,) = pinpoint(question, found, quotes)
    assert (None if span is None else quotes[0].text[slice(*span)]) == answer


@given(st.sampled_from([*LANGUAGES, "it"]), st.text(max_size=120), st.text(max_size=200))
def test_any_text_in_any_language_is_cut_into_whole_words(language: str, question: str, text: str) -> None:
    assert wants(question, language).kinds <= ALL
    text = storable(text)
    for run in runs_of(text, words_of(text, language), language):
        assert run.last - run.first <= RUN_WORDS
        assert text[run.start : run.end].strip() == text[run.start : run.end] != ""

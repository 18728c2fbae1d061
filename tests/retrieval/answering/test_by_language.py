"""Questions over articles in several languages, from one index, with the real model and its real weights."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings

ARTICLES = {
    "de": (
        "Neues Stadion in Halden",
        "Der Stadtrat von Halden hat am Montag den Bau eines neuen Stadions beschlossen. Es soll 48 Millionen "
        "Euro kosten und 12.000 Plätze haben. Bürgermeisterin Petra Lindner sagte, die alte Arena sei seit "
        "Jahren baufällig. Naturschützer kritisierten den Beschluss, weil dafür 300 Bäume gefällt werden.",
    ),
    "fr": (
        "Un tramway pour Morval",
        "La ville de Morval construira une ligne de tramway longue de neuf kilomètres. Les travaux "
        "commenceront en mars et dureront trois ans. Selon le maire Julien Fabre, la ligne transportera 40 "
        "000 voyageurs par jour. Les commerçants du centre craignent de perdre des clients pendant le "
        "chantier.",
    ),
    "es": (
        "Cierra la fábrica de Almenar",
        "La fábrica de bicicletas de Almenar cerrará en diciembre después de sesenta años. La empresa anunció "
        "que 210 trabajadores perderán su empleo. La directora, Marta Olivares, culpó al aumento del precio "
        "del acero. Los sindicatos convocaron una huelga para el jueves.",
    ),
    "ru": (
        "В Заречье открыли мост",
        "В городе Заречье во вторник открыли новый мост через реку Светлую. Строительство заняло четыре года "
        "и обошлось в два миллиарда рублей. Инженер Анна Белова рассказала, что мост выдержит сильное "
        "землетрясение. Старый паром перестанет ходить в октябре.",
    ),
    "ar": (
        "افتتاح مكتبة جديدة",
        "افتتحت بلدية الزهراء مكتبة عامة جديدة يوم السبت في وسط المدينة. تضم المكتبة سبعين ألف كتاب وقاعة "
        "للأطفال. وقالت مديرة المكتبة ليلى حداد إن الدخول مجاني للجميع. وبلغت تكلفة المشروع خمسة ملايين "
        "دينار.",
    ),
    "zh": (
        "青石市修复古城墙",
        "青石市政府星期三宣布修复有六百年历史的古城墙。工程预计需要两年时间，耗资三千万元。市长李文清表示，城墙去年在洪水中受损。"
        "当地居民希望修复后能免费参观。",
    ),
    "en": (
        "Ferry runs aground off Marlo",
        "A ferry with 221 people on board ran aground off the island of Marlo on Tuesday evening. The coast "
        "guard said all passengers were brought ashore by midnight. Captain Ines Duarte blamed thick fog.",
    ),
}
ASKED = [
    ("de", "Wie viel kostet das neue Stadion?", "48 Millionen Euro"),
    ("de", "Warum wird der Beschluss kritisiert?", "300 Bäume"),
    ("fr", "Combien de voyageurs le tramway transportera-t-il par jour ?", "40 000"),
    ("fr", "Quand commenceront les travaux du tramway de Morval ?", "en mars"),
    ("es", "¿Cuántos trabajadores perderán su empleo?", "210"),
    ("es", "¿Quién es la directora de la fábrica de bicicletas?", "Marta Olivares"),
    ("ru", "Сколько стоило строительство нового моста?", "два миллиарда"),
    ("ru", "Когда перестанет ходить паром?", "в октябре"),
    ("ar", "كم عدد الكتب في المكتبة الجديدة؟", "سبعين ألف"),
    ("ar", "من هي مديرة المكتبة؟", "ليلى حداد"),
    ("zh", "修复古城墙需要多长时间？", "两年"),
    ("zh", "青石市市长是谁？", "李文清"),
    ("en", "How many people were on the ferry?", "221"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("languages")
    (folder / "seeds").mkdir()
    lines = [{"id": code, "title": title, "text": text} for code, (title, text) in ARTICLES.items()]
    (folder / "seeds" / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with Newsroom.open(NewsroomSettings(folder / "data", folder / "seeds")) as opened:
        opened.reload()
        yield opened


@pytest.mark.parametrize(("language", "question", "told"), ASKED)
def test_are_answered_in_the_language_they_are_asked_in(
    room: Newsroom, language: str, question: str, told: str
) -> None:
    answer = room.ask(question)
    assert answer.answered, answer.confidence
    assert answer.quotes[0].article.id == language
    assert told in " ".join(quote.text for quote in answer.quotes[:3])
    for quote in answer.quotes:
        assert quote.text == ARTICLES[quote.article.id][1][quote.start : quote.end]


def test_a_paragraph_is_one_passage_in_each_language(room: Newsroom) -> None:
    assert room.status().passages == len(ARTICLES)


@pytest.mark.parametrize(
    "question",
    [
        "Wer gewann die Wahl in Kanada?",
        "¿Cuándo se descubrió la penicilina?",
        "Кто написал роман о войне?",
        "谁发明了电话？",
    ],
)
def test_are_refused_where_no_article_answers(room: Newsroom, question: str) -> None:
    assert not room.ask(question).answered


def test_no_meaning_is_looked_for_that_the_model_does_not_know(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = room.corpus().embedder
    monkeypatch.setattr(embedder, "embed_question", lambda _: pytest.fail("its embedding says nothing"))
    assert room.search("Сколько стоило строительство нового моста?")[0].passage.article.id == "ru"


def test_a_name_is_found_in_an_article_of_another_language(room: Newsroom) -> None:
    assert room.search("Who is Petra Lindner?")[0].passage.article.id == "de"
    assert room.search("Was sagte Ines Duarte?")[0].passage.article.id == "en"

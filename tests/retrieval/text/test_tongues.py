"""In which language something is written is told rightly or not at all, of a page as of a question of five words."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.tongues import LONG, language_of, normalised, told_language

BRIDGE = {
    "ar": "قرر مجلس المدينة يوم الثلاثاء إصلاح جسر الميناء القديم قبل حلول الشتاء، لأن الطريق غير آمن.",
    "bg": "Градският съвет реши във вторник да ремонтира стария пристанищен мост преди зимата, а пътят не е безопасен.",
    "cs": "Městská rada v úterý rozhodla, že starý přístavní most bude opraven ještě před zimou.",
    "da": "Arbejdet begynder i næste uge og ventes at koste fire millioner euro, og borgmesteren vil ikke vente.",
    "de": "Der Stadtrat hat am Dienstag beschlossen, die alte Hafenbrücke noch vor dem Winter zu reparieren.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να επισκευάσει την παλιά γέφυρα του λιμανιού πριν τον χειμώνα.",
    "en": "The council decided on Tuesday to repair the old harbour bridge before winter, as nobody wants to wait.",
    "es": "El ayuntamiento decidió el martes reparar el viejo puente del puerto antes del invierno.",
    "fa": "شورای شهر روز سه‌شنبه تصمیم گرفت پل قدیمی بندر را پیش از زمستان تعمیر کند و شهردار گفت که جاده ناامن است.",
    "fi": "Kaupunginvaltuusto päätti tiistaina korjata vanhan satamasillan ennen talvea, sillä tie on vaarallinen.",
    "fr": "Le conseil municipal a décidé mardi de réparer le vieux pont du port avant l'hiver.",
    "he": "מועצת העיר החליטה ביום שלישי לתקן את גשר הנמל הישן לפני החורף.",
    "hi": "नगर परिषद ने मंगलवार को पुराने बंदरगाह पुल की सर्दियों से पहले मरम्मत करने का फैसला किया।",
    "hu": "A városi tanács kedden úgy döntött, hogy még a tél előtt megjavítja a régi kikötői hidat.",
    "it": "Il consiglio comunale ha deciso martedì di riparare il vecchio ponte del porto prima dell'inverno.",
    "ja": "市議会は火曜日、古い港の橋を冬の前に修理することを決めた。",
    "ko": "시의회는 화요일에 겨울이 오기 전에 낡은 항구 다리를 수리하기로 결정했다.",
    "nl": "De gemeenteraad besloot dinsdag om de oude havenbrug nog voor de winter te repareren.",
    "pl": "Rada miasta postanowiła we wtorek naprawić stary most portowy jeszcze przed zimą.",
    "pt": "A câmara municipal decidiu na terça-feira reparar a velha ponte do porto antes do inverno.",
    "ro": "Consiliul local a hotărât marți să repare vechiul pod al portului înainte de iarnă.",
    "ru": "Городской совет решил во вторник отремонтировать старый портовый мост ещё до зимы.",
    "sv": "Kommunfullmäktige beslutade på tisdagen att reparera den gamla hamnbron före vintern, och vägen är osäker.",
    "th": "สภาเทศบาลเมืองตัดสินใจเมื่อวันอังคารว่าจะซ่อมสะพานท่าเรือเก่าก่อนถึงฤดูหนาว",
    "tr": "Belediye meclisi salı günü eski liman köprüsünün kıştan önce onarılmasına karar verdi.",
    "uk": "Міська рада вирішила у вівторок відремонтувати старий портовий міст ще до зими.",
    "vi": "Hội đồng thành phố hôm thứ Ba quyết định sửa chữa cây cầu cảng cũ trước mùa đông.",
    "zh": "市议会周二决定在冬天之前修复旧港口大桥，居民多年来一直抱怨道路不安全。",
}
GERMAN = (
    f"{BRIDGE['de']} Anwohner klagten seit Jahren, dass die Straße unsicher sei, und wollen nun nicht mehr "
    "länger darauf warten, dass sie es wird."
)


@pytest.mark.parametrize("language", BRIDGE)
def test_a_sentence_is_enough(language: str):
    assert language_of(BRIDGE[language]) == language
    assert language_of((BRIDGE[language] + "\n") * 200) == language


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Who leads the harbour board?"),
        ("en", "HARBOUR BRIDGE OPENS TO TRAFFIC"),
        ("de", "Wer leitet die Hafenbehörde?"),
        ("de", "Wie viele Menschen wurden in Lund verletzt?"),
        ("fr", "Combien de personnes ont été blessées à Lund ?"),
        ("fr", "Quand se termine la grève ?"),
        ("es", "¿Cuándo termina la huelga?"),
        ("es", "Quién ganó las elecciones en Alemania"),
        ("it", "Perché il traghetto è stato cancellato?"),
        ("pl", "Kto kieruje zarządem portu?"),
        ("ru", "Сколько людей пострадало в Лунде?"),
        ("ar", "ماذا قالت رئيسة البلدية عن الجسر؟"),
        ("zh", "谁领导港务局？"),
        ("zh", "Microsoft什么时候发布Copilot？"),
        ("ja", "昨日何が起きた？"),
        ("ko", "파업은 언제 끝나나?"),
        ("th", "ใครเป็นหัวหน้าการท่าเรือ"),
        ("el", "Πότε τελειώνει η απεργία;"),
    ],
)
def test_a_question_of_a_few_words_is_enough(language: str, question: str):
    assert language_of(question) == language


@pytest.mark.parametrize(
    "topic", ["Ukraine", "Gaza ceasefire", "COVID-19", "2026", "", "桥", "https://example.org/der/die/das und"]
)
def test_a_name_or_two_are_no_language(topic: str):
    assert language_of(topic) is None


def test_addresses_are_no_words():
    address = "https://example.org/why-the-bridge-is-open-and-what-the-mayor-said-about-it-on-monday-when-she-was-there"
    assert language_of(f"Die Brücke ist wieder offen: {address} {address}") == "de"


def test_a_word_of_another_script_makes_no_other_language():
    assert language_of("The word שלום means peace, and is said by everybody who comes or goes.") == "en"


@given(st.text(max_size=300))
def test_of_any_text_a_code_or_nothing_is_said(text: str):
    assert (found := language_of(text)) is None or normalised(found) == found


def test_a_long_text_is_believed_rather_than_what_its_page_says_of_all_texts():
    assert len(GERMAN) >= LONG
    assert told_language("en", GERMAN) == "de"
    assert told_language("de-AT", GERMAN) == "de"
    assert told_language(None, GERMAN) == "de"


def test_of_a_short_text_what_is_declared_counts():
    assert told_language("nl", "Hafen: Brücke offen") == "nl"
    assert told_language("x-default", BRIDGE["de"]) == "de"
    assert told_language(None, "NATO") is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *(("de-AT", "de"), ("pt_BR", "pt"), ("DE", "de"), ("deu", "de"), ("ger", "de"), ("zh-Hans", "zh")),
        *(
            (" fr ", "fr"),
            ("en_US.UTF-8", "en"),
            ("en-GB, en;q=0.8", "en"),
            ("iw", "he"),
            ("nb-NO", "no"),
            ("sh", "sr"),
        ),
        *((None, None), ("", None), ("und", None), ("mul", None), ("x-default", None), ("german", None), ("C", None)),
        *(("de, en", None), ("12", None), ("\x00", None)),
    ],
)
def test_tags_in_all_their_forms_name_one_language(tag: str | None, code: str | None):
    assert normalised(tag) == code


def test_who_tells_no_language_loads_no_model():
    told = (
        "import sys; from retrieval.text.tongues import normalised as of; of('de-AT'); print('fasttext' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"

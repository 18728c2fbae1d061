"""Walls in the languages in which Quotewire is not spoken, and walls that are known by the box they stand in."""

from __future__ import annotations

import pytest

from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import PageIsWall

URL = "https://gazette.example/2026/tram"
WALLS = [
    (
        "asks for consent first",
        "Szanujemy Twoją prywatność",
        "My i nasi 812 partnerzy przechowujemy informacje na urządzeniu, takie jak pliki cookie, i "
        "przetwarzamy dane osobowe. Kliknij „Przejdź do serwisu”, aby wyrazić zgodę.",
    ),
    (
        "asks for consent first",
        "Vi värnar om din integritet",
        "Vi och våra 120 partner lagrar och får åtkomst till information på din enhet, såsom cookies, och "
        "behandlar personuppgifter. Godkänn alla för att fortsätta till sidan.",
    ),
    (
        "asks for consent first",
        "Vi respekterer dit privatliv",
        "Vi og vores 98 partnere gemmer oplysninger på din enhed, f.eks. cookies, og behandler "
        "personoplysninger. Accepter alle for at fortsætte til siden.",
    ),
    (
        "asks for consent first",
        "Vi bryr oss om personvernet ditt",
        "Vi og våre 98 partnere lagrer informasjon på enheten din, slik som informasjonskapsler, og "
        "behandler personopplysninger. Godta alle for å gå videre.",
    ),
    (
        "asks for consent first",
        "Arvostamme yksityisyyttäsi",
        "Me ja 143 kumppaniamme tallennamme tietoja laitteellesi, kuten evästeitä, ja käsittelemme "
        "henkilötietoja. Hyväksy kaikki jatkaaksesi sivustolle.",
    ),
    (
        "asks for consent first",
        "Vážíme si vašeho soukromí",
        "My a naši partneři (203) ukládáme informace ve vašem zařízení, například soubory cookie, a "
        "zpracováváme osobní údaje. Souhlasíte-li, pokračujte na web.",
    ),
    (
        "asks for consent first",
        "Мы ценим вашу конфиденциальность",
        "Мы и наши партнёры храним на вашем устройстве файлы cookie и обрабатываем персональные данные. "
        "Нажмите «Принять все», чтобы продолжить чтение сайта.",
    ),
    (
        "asks for consent first",
        "Gizliliğinize önem veriyoruz",
        "Biz ve 81 ortağımız cihazınızda çerezler gibi bilgileri saklıyor ve kişisel verileri işliyoruz. "
        "Devam etmek için tümünü kabul edin veya tercihlerinizi yönetin.",
    ),
    (
        "asks for consent first",
        "プライバシーについて",
        "当社と81のパートナーは、Cookieなどの情報をお使いのデバイスに保存し、個人データを処理します。"
        "続行するには「すべて同意する」をクリックしてください。いつでも設定を変更できます。",
    ),
    (
        "asks for consent first",
        "Σεβόμαστε την ιδιωτικότητά σας",
        "Εμείς και οι 81 συνεργάτες μας αποθηκεύουμε πληροφορίες στη συσκευή σας, όπως cookies, και "
        "επεξεργαζόμαστε προσωπικά δεδομένα. Αποδοχή όλων για να συνεχίσετε.",
    ),
    (
        "asks for consent first",
        "Fontos számunkra az Ön adatvédelme",
        "Mi és 81 partnerünk információkat, például sütiket tárolunk az Ön eszközén, és személyes adatokat "
        "kezelünk. Az összes elfogadása után folytathatja az olvasást.",
    ),
    (
        "asks for consent first",
        "Confidențialitatea dumneavoastră contează",
        "Noi și cei 81 de parteneri ai noștri stocăm informații pe dispozitivul dumneavoastră, cum ar fi "
        "cookie-uri, și prelucrăm date cu caracter personal. Accept toate pentru a continua.",
    ),
    (
        "asks for a log-in or a subscription",
        "Ten artykuł jest tylko dla prenumeratorów",
        "Masz już prenumeratę? Zaloguj się. Kup dostęp za jedną złotówkę za pierwszy miesiąc i czytaj bez "
        "ograniczeń, możesz zrezygnować w każdej chwili.",
    ),
    (
        "asks for a log-in or a subscription",
        "Artikeln är endast för prenumeranter",
        "Redan prenumerant? Logga in. Prova en månad för en krona och läs vidare. Ingen bindningstid, "
        "avsluta när du vill.",
    ),
    (
        "asks for a log-in or a subscription",
        "Denne artikel er kun for abonnenter",
        "Har du allerede et abonnement? Log ind. Prøv den første måned for en krone og læs videre. Ingen binding.",
    ),
    (
        "asks for a log-in or a subscription",
        "Kun for abonnenter",
        "Allerede abonnent? Logg inn. Kjøp abonnement for en krone den første måneden og les videre uten "
        "bindingstid, du kan si opp når som helst.",
    ),
    (
        "asks for a log-in or a subscription",
        "Tilaajille",
        "Oletko jo tilaaja? Kirjaudu sisään. Tilaa nyt ensimmäinen kuukausi eurolla ja jatka lukemista. Voit "
        "peruuttaa tilauksen milloin tahansa tästä palvelusta helposti itse.",
    ),
    (
        "asks for a log-in or a subscription",
        "Доступ только по подписке",
        "Уже подписаны? Войдите. Оформите подписку за один рубль в первый месяц, чтобы читать материал "
        "полностью. Отменить можно в любой момент.",
    ),
    (
        "asks for a log-in or a subscription",
        "会員限定記事",
        "この記事は会員限定です。すでに会員の方はログインしてください。"
        "無料会員に登録すると、続きをお読みいただけます。有料会員は月額980円で、いつでも解約できます。",
    ),
    (
        "asks for a log-in or a subscription",
        "Bu içerik abonelere özeldir",
        "Zaten abone misiniz? Giriş yapın. Okumaya devam etmek için abone olun, ilk ay bir lira ve "
        "dilediğiniz zaman iptal edin.",
    ),
    (
        "asks for a log-in or a subscription",
        "Il vous reste 80 % de cet article à lire",
        "La suite est réservée à nos abonnés. Vous avez déjà un compte ? Identifiez-vous. Profitez de notre "
        "offre d'essai à un euro le premier mois.",
    ),
    (
        "asks for a log-in or a subscription",
        "Exklusiv für Abonnenten",
        "Lesen Sie jetzt weiter mit unserem Digitalpaket. Den ersten Monat für einen Euro testen, jederzeit "
        "kündbar. Sie haben bereits ein Konto? Hier anmelden.",
    ),
    (
        "says that there is no such page",
        "Страница не найдена",
        "Запрошенная вами страница не существует или была удалена. Вернитесь на главную страницу или "
        "воспользуйтесь поиском по сайту, чтобы найти нужное.",
    ),
    (
        "says that there is no such page",
        "Stránka nenalezena",
        "Požadovaná stránka neexistuje nebo byla přesunuta. Zpět na hlavní stránku nebo použijte "
        "vyhledávání, prosím zkontrolujte adresu a zkuste to znovu.",
    ),
    (
        "says that there is no such page",
        "Sayfa bulunamadı",
        "Aradığınız sayfa bulunamadı, kaldırılmış veya taşınmış olabilir. Ana sayfaya dönün ya da sitede "
        "arama yapın, adresi kontrol edip yeniden deneyin lütfen.",
    ),
    (
        "says that there is no such page",
        "ページが見つかりません",
        "お探しのページは見つかりませんでした。移動または削除された可能性があります。"
        "トップページに戻るか、検索をご利用ください。アドレスをご確認のうえ、もう一度お試しください。",
    ),
    (
        "says that there is no such page",
        "Siden blev ikke fundet",
        "Den side, du leder efter, findes ikke længere eller er blevet flyttet. Gå til forsiden eller brug "
        "søgefeltet for at finde det, du søger efter på vores side.",
    ),
    (
        "checks for robots first",
        "Проверка браузера",
        "Подтвердите, что вы не робот. Мы заметили подозрительную активность из вашей сети. Включите "
        "JavaScript и файлы cookie, чтобы продолжить просмотр сайта.",
    ),
    (
        "checks for robots first",
        "セキュリティ確認",
        "お使いのブラウザを確認しています。ロボットではないことを確認してください。"
        "続行するにはJavaScriptとCookieを有効にしてください。しばらくお待ちください。",
    ),
    (
        "checks for robots first",
        "Sprawdzanie przeglądarki",
        "Potwierdź, że nie jesteś robotem. Wykryliśmy nietypowy ruch z Twojej sieci. Włącz obsługę "
        "JavaScript i plików cookie, aby przejść dalej do serwisu.",
    ),
    (
        "reports an error",
        "Что-то пошло не так",
        "Произошла ошибка на сервере. Наши инженеры уже работают над этим. Попробуйте обновить страницу "
        "позже, приносим извинения за неудобства, скоро все заработает.",
    ),
    (
        "is not shown in this region",
        "Treść niedostępna",
        "Ta treść nie jest dostępna w Twoim kraju z powodów prawnych. Przepraszamy za niedogodności i "
        "zapraszamy do innych naszych serwisów, które są dostępne wszędzie.",
    ),
]
ARTICLES = [
    ("Nowe pliki cookie pod lupą", "Sejm przyjął ustawę o plikach cookie. Serwisy mają pytać czytelników o zgodę."),
    ("Prenumeratorzy tramwaju", "Cztery tysiące osób ma już bilet miesięczny, a pierwszy miesiąc kosztuje złotówkę."),
    ("Страница истории", "Музей открыл выставку, на которой найден и показан дневник капитана парома из Марло."),
    ("Robotter i skolen", "Eleverne skal bevise, at de ikke er en robot, siger lektor Holm om den nye prøve i maj."),
    ("個人情報保護法を改正", "国会は月曜日、個人情報保護法の改正案を可決した。企業は利用者の同意を得る必要がある。"),
]
PARAGRAPHS = (
    "The tram to Elder Hill will run again from Monday, the city said after a week without it.",
    "“We had to bring the stones away by hand,” said Rut Lien, who leads the works for the city.",
)
TEXT = "<h1>Tram runs again</h1>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
UNKNOWN = "Lorgu mendi basto kelim, vor netta suli. Brenno kal tisti moda ferun vel akko."
OFFER = "Subscribe now: the first month is one crown. Already a subscriber? Sign in."


def page(body: str, title: str = "Tram runs again", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><header>Gazette</header>{body}</body></html>"


@pytest.mark.parametrize(("does", "headline", "text"), WALLS)
def test_a_wall_is_told_in_any_of_them(does: str, headline: str, text: str):
    body = f"<main><h1>{headline}</h1><p>{text}</p></main>"
    for head in ("", "<meta property='og:type' content='article'>"):
        with pytest.raises(PageIsWall, match=does):
            read_page(page(body, headline, head), URL, least_words=5)


@pytest.mark.parametrize(("headline", "text"), ARTICLES)
def test_an_article_about_such_things_is_one_in_any_of_them(headline: str, text: str):
    html = page(f"<main><h1>{headline}</h1><p>{text}</p></main>", headline)
    assert read_page(html, URL, least_words=5).article.body == text


@pytest.mark.parametrize(
    "named",
    [
        "id='onetrust-consent-sdk'",
        "class='qc-cmp2-container'",
        "id='sp_message_container_71'",
        "class='gdprModal open'",
    ],
)
@pytest.mark.parametrize("length", [1, 60])
def test_a_box_of_consent_with_nothing_beside_it_is_a_wall(named: str, length: int):
    box = f"<div {named}><h2>Lorgu</h2><p>{UNKNOWN * length}</p><button>Kal</button></div>"
    with pytest.raises(PageIsWall, match="asks for consent"):
        read_page(page(box), URL)
    assert read_page(page(TEXT + box), URL).article.body == "\n\n".join(PARAGRAPHS)


def test_a_dialog_that_speaks_to_its_visitor_is_a_wall_and_one_that_tells_is_none():
    asks = "<p>We and our 80 partners store information on your device.</p><button>Yes</button>"
    with pytest.raises(PageIsWall, match="asks for consent"):
        read_page(page(f"<div role='dialog'>{asks}</div>"), URL)
    assert read_page(page(f"<div role='dialog'>{TEXT}</div>"), URL).article.body == "\n\n".join(PARAGRAPHS)


def test_an_offer_is_no_text_of_the_article_and_what_stands_behind_a_wall_is():
    box = f"<div class='paywall-prompt'><p>{OFFER}</p></div>"
    assert read_page(page(TEXT + box), URL).article.body == "\n\n".join(PARAGRAPHS)
    assert read_page(page(f"<div class='paywall'>{TEXT}</div>"), URL).article.body == "\n\n".join(PARAGRAPHS)
    with pytest.raises(PageIsWall, match="asks for a log-in or a subscription"):
        read_page(page(f"<h1>Tram runs again</h1>{box}"), URL)

"""What walls (`walls`) say in further languages.

For each thing that a wall does: its headlines, then its phrases in the order of `walls`. Each is a pair: what begins
at the beginning of a word, and what is of scripts without spaces.
"""

from __future__ import annotations

Words = tuple[str, str]

CONSENT: tuple[Words, ...] = (
    (
        r"""
        (?:szanujemy|cenimy|dbamy o) (?:twoją|państwa) prywatność|ustawienia prywatności|pliki cookie|
        vi (?:värnar om|respekterar|bryr oss om) (?:din|er) integritet|din integritet|samtycke(?: till cookies)?|
        vi (?:respekterer|værner om|beskytter) dit privatliv|dit privatliv|samtykke|
        vi (?:bryr oss om|respekterer) (?:ditt personvern|personvernet ditt)|personvern|informasjonskapsler|
        arvostamme yksityisyyttä(?:si|nne)|yksityisyytesi(?: on meille tärkeää)?|eväste(?:et|asetukset)|
        vážíme si (?:vašeho|tvého) soukromí|vaše soukromí(?: je pro nás důležité)?|nastavení (?:cookies|soukromí)|
        vážime si vaše súkromie|fontos (?:számunkra|nekünk) az ön (?:adatvédelme|magánélete)|sütik?(?:beállítások)?|
        (?:confidențialitatea|viața privată) (?:dumneavoastră|ta|dvs\.?)(?: contează)?|setări cookie(?:-uri)?|
        мы (?:ценим|уважаем) ваш\w{1,3} (?:конфиденциальность|приватность)|ваша конфиденциальность|файлы cookie|
        (?:ми )?(?:цінуємо|поважаємо) ваш\w{1,3} (?:приватність|конфіденційність)|
        gizliliğinize (?:önem|değer|saygı) (?:veriyoruz|duyuyoruz)|gizliliğiniz|çerez (?:ayarları|tercihleri)|
        σεβόμαστε (?:την ιδιωτικότητά|το απόρρητό) σας|το απόρρητό σας|ρυθμίσεις cookies?|نحترم خصوصيتك|
        خصوصيتك(?: تهمنا)?
        """,
        r"""
        (?:お客様の)?プライバシー(?:について|(?:の)?設定|を(?:尊重|大切に).{0,10})|cookie(?:の)?(?:設定|について|使用|
        同意).{0,12}|
        (?:我们)?(?:重视|尊重)您的隐私.{0,6}|(?:隐私|cookie) ?(?:设置|偏好)|(?:개인정보 ?보호|쿠키 ?설정|
        쿠키 사용).{0,10}
        """,
    ),
    (
        r"""
        nas(?:i|zymi) (?:\d+ )?partner|våra (?:\d+ )?partner|vores (?:\d+ )?(?:samarbejds)?partnere|
        våre (?:\d+ )?(?:samarbeids)?partnere|(?:\d+ )?kumppani(?:mme|amme)|naši(?:mi|ch)? (?:\d+ )?partne|
        (?:\d+ )?partnerünk|parteneri(?:i)? (?:ai )?noștri|наши(?:ми)? (?:\d+ )?партн[её]р|наш[иі] (?:\d+ )?партнер|
        (?:\d+ )?(?:iş )?orta(?:ğımız|klarımız)|(?:\d+ )?συνεργάτες μας|شركاؤنا|شركائنا
        """,
        "パートナー|合作伙伴|파트너",
    ),
    (
        r"""
        na (?:twoim |państwa )?urządzeni|på (?:din|er|en) enhe[td]|på enheten din|laittee(?:llesi|llanne|lla|lle)|
        (?:ve|na) (?:vašem |svém |vašom )?zariaden|ve (?:vašem )?zařízení|eszköz(?:én|ön|ére)|pe dispozitiv|
        на (?:вашем )?устройстве|на вашому пристрої|cihazınız|συσκευή σας|على جهازك
        """,
        "(?:お使いの|お客様の)?(?:デバイス|端末)|您的设备|기기에",
    ),
    (
        r"""
        wyra(?:żam|zić|żasz) zgod|(?:za)?akceptuj|przejdź do serwisu|godkänn|acceptera|samtyck|acceptér|accepter alle|
        samtykk|godta|hyväksy|suostu|souhlas|přijmout|súhlas|prijať|elfogad|hozzájárul|accept(?:ă|ați)|de acord|
        принять|соглаша|согласи[ея]|прийняти|згод[уіи]|kabul (?:et|edin)|onay|αποδοχή|συναίνεσ|συγκατάθεσ|قبول|موافق
        """,
        "同意|すべて許可|接受|동의",
    ),
    (
        r"""
        pliki cookie|plików cookie|dane osobowe|personuppgifter|personop?plysninger|informasjonskapsler|henkilötie|
        eväste|osobní údaj|soubory cookie|osobné údaj|súbory cookie|személyes adat|sütik|
        date(?:le)? cu caracter personal|
        cookie-uri|персональны[ех] данны|файл(?:ы|ов) cookie|персональн(?:і|их) дан|kişisel veri|çerez|
        προσωπικά δεδομένα|ملفات تعريف الارتباط|بيانات شخصية
        """,
        "個人(?:データ|情報)|cookie|个人(?:数据|信息)|개인 ?정보|쿠키",
    ),
)

ROBOTS: tuple[Words, ...] = (
    (
        r"""
        проверка (?:браузера|безопасности)|подтвердите,? что вы (?:не робот|человек)|
        доступ (?:запрещ[её]н|ограничен)|подождите.{0,20}|sprawdzanie (?:przeglądarki|bezpieczeństwa)|
        (?:potwierdź, że )?nie jest(?:eś|em) robotem|odmowa dostępu|säkerhetskontroll|åtkomst nekad|sikkerhedstjek|
        adgang nægtet|sikkerhetssjekk|turvatarkistus|pääsy (?:estetty|evätty)|(?:bezpečnostní kontrola|
        kontrola prohlížeče)|
        přístup (?:odepřen|zamítnut)|güvenlik (?:kontrolü|doğrulaması)|robot (?:değilim|olmadığınızı doğrulayın)|
        erişim (?:engellendi|reddedildi)|(?:controllo|verifica) di sicurezza|verificação de segurança|acesso negado|
        beveiligingscontrole|biztonsági ellenőrzés|verificare de securitate
        """,
        r"""
        セキュリティ(?:確認|チェック).{0,6}|しばらくお待ちください.?|アクセス(?:が拒否されました|拒否).?|(?:安全|
        人机)(?:验证|检查|检测).{0,6}|
        请稍[候等].{0,6}|访问被拒绝|보안 (?:확인|검사|인증)|잠시만 기다.{0,10}|접근이? (?:거부|차단).{0,8}
        """,
    ),
    (
        r"""
        nie jest(?:eś|em) robotem|не робот|вы человек|robot olmadığın|inte (?:är )?en robot|ikke (?:er )?en robot|
        et ole robotti|nejste robot|non (?:sei|sono) un robot|não (?:é|sou) um robô|δεν είστε ρομπότ|
        nu sunteți (?:un )?robot|
        nem robot|لست روبوت
        """,
        "ロボットではない|(?:不是|非)机器人|로봇이 아(?:닙|님)",
    ),
    (
        r"""
        (?:włącz|включите|aktiver|aktivera|slå (?:på|til)|povolte|zapněte|engedélyezze|activați|увімкніть|ενεργοποιήστε|
        attiva|ative|abilita|schakel|ota käyttöön) .{0,30}?(?:javascript|cookie)|javascript.{0,30}etkinleştir
        """,
        "javascript.{0,12}(?:有効|启用|활성)|(?:有効|启用).{0,6}javascript",
    ),
    (
        r"""
        nietypow(?:y ruch|ą aktywność)|(?:подозрительн|необычн)\w{2} (?:активност|трафик)|автоматическ\w{2,3} запрос|
        (?:olağandışı|şüpheli) (?:trafik|etkinlik)|ovanlig (?:trafik|aktivitet)|usædvanlig|uvanlig trafikk|epätavalli|
        neobvykl|szokatlan|trafic neobișnuit|незвичн|traffico insolito|tráfego incomum|ongebruikelijk|ασυνήθιστη
        """,
        "不審な|異常な(?:アクセス|通信)|通常と異なる|异常(?:流量|访问|活动)|비정상적인",
    ),
    (
        "введите (?:символы|код)|przepisz (?:kod|znaki)|(?:skriv|indtast) (?:in )?(?:tecknen|tegnene)|opište kód",
        "ブラウザー?を確認|画像認証|正在检查|验证码|브라우저를 확인",
    ),
)

MISSING: tuple[Words, ...] = (
    (
        r"""
        страница не (?:найдена|существует)|ошибка 404.{0,40}|stránka (?:nebyla )?nenalezena|stránka neexistuje|
        stránka sa nenašla|az? oldal nem található|pagina nu (?:a fost găsită|există)|сторінку не знайдено|
        (?:aradığınız )?sayfa bulunamadı|η σελίδα δεν βρέθηκε|siden (?:findes|finnes|er) ikke(?: fundet)?|
        (?:vi )?fant ikke siden|الصفحة غير موجودة
        """,
        r"""
        (?:お探しの)?ページ(?:が|は)(?:見つかりません.{0,6}|存在しません.{0,6})|(?:您访问的)?(?:页面|网页)(?:未找到|
        不存在|找不到).{0,6}|
        페이지를 찾을 수 없습니다.?
        """,
    ),
    (
        r"""
        strona, któr(?:ej|ą)|żądana strona|sidan (?:som )?du (?:söker|letar)|den side,? du (?:leder|søger)|
        siden du (?:leter|ser)|etsimääsi sivua|hakem[aä]si sivu|(?:požadovaná|hledaná) stránka|stránku,? kterou hledáte|
        keresett oldal|pagina (?:pe care o )?căut|(?:запр\w{3,10}|искомая) (?:вами )?страниц|
        страниц\w{1,2},? котор\w{2} вы|
        запитан\w сторінк|aradığınız sayfa|η σελίδα που (?:ζητήσατε|ψάχνετε)
        """,
        "お探しのページ|您(?:访问|要找|查找)的(?:页面|网页)|(?:요청하신|찾으시는) 페이지",
    ),
    (
        r"""
        nie istnieje|została (?:usunięta|przeniesiona)|finns inte|har (?:tagits bort|flyttats)|fin[dn]es ikke|
        er (?:blevet )?(?:flyttet|slettet|fjernet)|ei (?:löydy|löytynyt)|on (?:poistettu|siirretty)|neexistuje|
        byla (?:přesunuta|smazána|odstraněna)|nem (?:található|létezik)|nu (?:mai )?există|a fost (?:mutată|ștearsă)|
        не (?:существует|найден)|удален|перемещен|не існує|bulunamadı|kaldırılmış|taşınmış|δεν (?:υπάρχει|βρέθηκε)
        """,
        "見つかりません|削除され|移動され|移動または|不存在|(?:已|被)(?:删除|移动)|찾을 수 없|삭제",
    ),
    (
        r"""
        na stronę główną|strony głównej|skorzystaj z wyszukiwarki|till (?:startsidan|förstasidan)|använd sök|
        til forsiden|
        brug søge|bruk søk|etusivulle|na (?:hlavní|úvodní) stránku|použijte vyhledávání|a (?:főoldal|kezdőlap|címlap)|
        pagina principală|на главную|поиском|на головну|ana sayfa|αρχική σελίδα
        """,
        "トップページ|ホームに戻|首页|홈으로|메인 페이지",
    ),
)

SUBSCRIPTION: tuple[Words, ...] = (
    (
        r"""
        (?:(?:ten )?(?:artykuł|tekst|materiał)(?: jest)? )?(?:tylko )?dla (?:prenumeratorów|subskrybentów)|
        zaloguj się.{0,40}|(?:artikeln är )?(?:endast |bara )?för prenumeranter|logga in.{0,40}|bli prenumerant.{0,40}|
        (?:denne (?:artikel|artikkelen|saken) er )?(?:kun |bare )?(?:for|forbeholdt) (?:vores |våre )?abonnenter|
        log ind.{0,40}|logg inn.{0,40}|bliv? abonnent.{0,40}|(?:tämä (?:artikkeli|juttu) on )?(?:vain )?tilaajille|
        kirjaudu.{0,40}|(?:(?:tento )?(?:článek|obsah) je (?:určen )?)?(?:pouze |jen )?pro předplatitele|
        přihlaste se.{0,40}|(?:csak )?előfizetőknek|jelentkezz(?:en)? be.{0,40}|(?:doar|numai|exclusiv) pentru abonați|
        (?:доступ |материал )?(?:только )?(?:доступен )?(?:по подписке|для подписчиков)|войдите.{0,40}|
        (?:лише|тільки) для (?:передплатників|підписників)|(?:bu (?:içerik|haber|yazı) )?(?:sadece |yalnızca )?
        abonelere özel(?:dir)?|giriş yap(?:ın)?.{0,40}|abone ol(?:un)?.{0,40}|μόνο για συνδρομητές|للمشتركين فقط|
        il vous reste \d{1,3} ?% .{0,40}|(?:la suite est|contenu) réservée?.{0,40}|
        (?:dieser artikel ist )?(?:exklusiv |nur )?für abonnent(?:en|innen).{0,30}|weiterlesen mit .{1,30}|
        (?:contenido )?exclusivo para suscriptores|(?:conteúdo )?exclusivo para assinantes
        """,
        r"""
        (?:この記事は)?(?:有料)?会員(?:限定|専用|登録).{0,20}|ログイン.{0,20}|続きを読むには.{0,30}|(?:仅限|会员|
        订阅者)(?:专享|可见|会员|订阅用户).{0,12}|
        (?:请)?登录.{0,16}|(?:유료 ?)?(?:회원|구독자) ?전용.{0,20}|로그인.{0,20}
        """,
    ),
    (
        r"""
        dla (?:naszych )?(?:prenumerator|subskrybent)|för (?:våra )?prenumeranter|
        (?:for|forbeholdt) (?:vores |våre )?abonnenter|tilaajille|pro předplatitel|előfizetőknek|pentru abonați|
        (?:для|только) подписчик|по подписке|для (?:передплатник|підписник)|abonelere|για συνδρομητές|للمشتركين|
        réservée? (?:à nos|aux) abonné|für abonnent|exclusivo para|para assinantes
        """,
        "会員(?:限定|の方)|有料(?:会員|記事)|订阅(?:用户|者)|구독자|유료 ?회원",
    ),
    (
        r"""
        zaloguj|masz już|logga in|redan prenumerant|log ind|logg inn|allerede (?:abonnent|et abonnement)|kirjaudu|
        jo tilaaja|přihla(?:s|š)|již předplatitel|jelentkezz|már előfizető|autentific|aveți deja|войдите|уже подпис|
        увійдіть|giriş yap|zaten abone|συνδεθείτε|είστε ήδη|identifiez-vous|vous avez déjà|bereits ein konto|
        hier anmelden|já é assinante|تسجيل الدخول
        """,
        "ログイン|登录|로그인",
    ),
    (
        r"""
        kup (?:dostęp|prenumerat)|zrezygnować|pierwszy miesiąc|bli prenumerant|bindningstid|första månaden|
        bliv? abonnent|
        (?:den )?første måned|ingen binding|uten bindingstid|tilaa nyt|ensimmäinen kuukausi|peruuttaa|předplaťte|
        první měsíc|kdykoli zrušit|fizessen elő|első hónap|abonează-te|prima lună|оформ\w{1,4} подписку|первый месяц|
        подпишитесь|оформ\w{1,4} передплат|abone ol|ilk ay|iptal e[dt]|αποκτήστε συνδρομή|offre d['’]essai|premier mois|
        ersten? monat|assine (?:já|agora)|primeiro mês
        """,
        "月額|解約|会員に?登録|订阅|免费试|구독",
    ),
    (
        r"""
        (?:czytaj|czytać) (?:dalej|bez)|aby (?:przeczytać|czytać)|läs(?:a)? vidare|för att läsa|læs videre|for at læse|
        lese? videre|for å lese|jatka lukemista|lukeaksesi|čtěte dál|pro pokračování|olvassa tovább|pentru a citi|
        чтобы (?:читать|прочитать|продолжить)|щоб (?:читати|прочитати)|okumaya devam|devamını okumak|
        για να (?:διαβάσετε|συνεχίσετε)|lire la suite|la suite est|reste .{0,12}à lire|lesen sie (?:jetzt )?weiter|
        weiterlesen|continuar lendo|para ler
        """,
        "続きを(?:読む|お読み)|全文を|继续阅读|阅读全文|계속 읽|기사 전문",
    ),
)

REGION: tuple[Words, ...] = (
    (
        r"""
        treść (?:jest )?niedostępna.{0,30}|(?:контент|материал|страница) недоступ\w{1,3}.{0,40}|
        (?:innehållet är inte tillgängligt|indholdet er ikke tilgængeligt|innholdet er ikke tilgjengelig).{0,30}|
        sisältö ei ole saatavilla.{0,30}|obsah není dostupný.{0,30}|bu içerik (?:bölgenizde|ülkenizde).{0,30}|
        conteúdo (?:indisponível|não disponível).{0,30}
        """,
        r"""
        (?:お住まいの|この).{0,12}(?:地域|国).{0,12}(?:できません|いただけません).{0,4}|
        (?:此|该)?内容在您.{0,4}(?:地区|国家)不可用.?
        """,
    ),
    (
        r"""
        w (?:twoim|twojej|państwa) (?:kraju|regionie|lokalizacji)|в ваш(?:ем|ей) (?:стране|регионе)|
        i ditt? (?:land|område)|maassasi|alueellasi|ve vaší (?:zemi|oblasti)|az ön (?:országában|régiójában)|
        în (?:țara|regiunea) (?:dumneavoastră|ta|dvs)|у ваш(?:ій країні|ому регіоні)|(?:bölgenizde|ülkenizde)|
        στη (?:χώρα|περιοχή) σας|no seu país|na sua região
        """,
        "お住まいの(?:地域|国)|您(?:所在)?的(?:地区|国家)|해당 (?:지역|국가)",
    ),
    (
        r"""
        (?:nie jest|nie są) dostępn|niedostępn|недоступ|inte tillgänglig|ikke tilgængelig|ikke tilgjengelig|
        ei ole saatavilla|není (?:k dispozici|dostupn)|nem érhető|nu este disponibil|kullanılamıyor|erişilemiyor|
        δεν είναι διαθέσιμ|não está disponível|indisponível
        """,
        "(?:利用|表示|閲覧|視聴)(?:できません|いただけません)|不可用|无法(?:访问|查看|提供)|이용하?실? 수 없",
    ),
    (
        r"""
        powodów prawnych|юридическим причинам|законодательств|juridiska skäl|juridiske (?:årsager|grunner)|
        oikeudellisista syistä|právních důvodů|jogi okok|motive legale|юридичних причин|yasal nedenler|νομικούς λόγους|
        (?:razões|motivos) legais
        """,
        "法的な理由|法律原因|법적",
    ),
)

ERRORS: tuple[Words, ...] = (
    (
        r"""
        что-то пошло не так|(?:внутренняя )?ошибка сервера|произошла ошибка|технические работы|coś poszło nie tak|
        (?:wewnętrzny )?błąd serwera|wystąpił błąd|przerwa techniczna|något gick fel|ett fel (?:uppstod|inträffade)|
        noget gik galt|der opstod en fejl|noe gikk galt|det oppstod en feil|jokin meni (?:pieleen|vikaan)|
        tapahtui virhe|palvelinvirhe|něco se (?:pokazilo|nepovedlo)|došlo k chybě|chyba serveru|hiba történt|
        ceva nu a mers bine|a apărut o eroare|щось пішло не так|сталася помилка|bir hata oluştu|bir şeyler ters gitti|
        sunucu hatası|κάτι πήγε στραβά|algo deu errado|ocorreu um erro|erro (?:interno )?(?:do|no) servidor|
        qualcosa è andato storto|si è verificato un errore|algo salió mal
        """,
        r"""
        エラーが発生しました.{0,4}|サーバーエラー|メンテナンス(?:中|のお知らせ).{0,6}|出错了.{0,4}|服务器错误|
        系统维护.{0,4}|
        오류가 발생했습니다.?|서버 오류|점검 중.{0,6}
        """,
    ),
    (
        r"""
        spróbuj(?:cie)? (?:ponownie|później)|попробуйте|повторите попытку|зайдите позже|försök (?:igen|senare)|
        prøv (?:igen|igjen|på nytt)|yritä (?:uudelleen|myöhemmin)|zkuste to|próbálja (?:újra|meg)|încercați|спробуйте|
        (?:tekrar|daha sonra) dene|δοκιμάστε (?:ξανά|αργότερα)|tente (?:novamente|mais tarde)
        """,
        "(?:後|のち)ほど|もう一度お試し|再度|稍后(?:再试|重试)|다시 시도",
    ),
    (
        r"""
        (?:wystąpił|techniczn\w{1,3}) (?:błąd|problem)|произошла ошибка|техническ\w{2,3} (?:ошибк|проблем|неполадк)|
        (?:ett|tekniskt) fel|(?:en|teknisk) fej?il?|virhe|technick\w (?:chyb|problém)|hiba történt|eroare|технічн|
        hata oluştu|teknik (?:bir )?(?:sorun|arıza)|σφάλμα|(?:um|ocorreu) erro|(?:un|verificato) errore
        """,
        "エラー|障害|错误|故障|오류",
    ),
    (
        r"""
        (?:наш\w{0,2} (?:сервер|инженер|специалист)|на сервере)|serwer|våra servrar|vores server|serveren|palvelim|
        server|szerver|сервер|sunucu|bakım|διακομιστ|servidor|manutenção|underhåll|vedligehold|vedlikehold|huolto|
        údržb|karbantart|mentenanță
        """,
        "サーバー|メンテナンス|服务器|维护|서버|점검",
    ),
)

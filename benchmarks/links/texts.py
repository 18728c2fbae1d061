"""Invented news to make pages of: sentences in English from a small grammar, and some in other languages."""

from __future__ import annotations

import random
import re

_PEOPLE = "Marta Velden|Ole Brakk|Ines Tarrow|Jonas Quill|Dr. Hanne Oster|Petra Lindqvist|Samuel Okoro|Aya Morishige"
_PLACES = "Tarnholm|Eskerby|Vellmouth|the Orrin valley|Port Sanda|Grauwick|North Kessel|the old harbour|Lumen Street"
_THINGS = (
    "the tidal bridge|the flood wall|a second ferry line|the seed archive|the tram depot|a wooden observatory|"
    "the salt works|the night market|a school for glassblowers|the lighthouse|the heat pumps"
)
_BODIES = (
    "The harbour board|The town council|The ferry company|A panel of engineers|The regional court|The union|"
    "The weather office|The water authority"
)
_DAYS = "on Monday|on Tuesday|late on Wednesday|early on Thursday|last Friday|over the weekend|in March|two weeks ago"
_FRAMES = (
    "{B} voted {D} to rebuild {T} in {P}, ending a dispute that had lasted {n} years.",
    "“We cannot wait for another winter,” {N} said {D}.",
    "{N}, who has led the works since {y}, called the delay “a slow-motion mistake”.",
    "About {n},{m} people in {P} were without power {D}, according to {b}.",
    "{B} put the cost at ${n}.4 million, nearly {k}% more than planned.",
    "No one was hurt.",
    "“It is not over,” {N} told reporters.",
    "The first part of {T} is to open {D}, and the rest will follow by {y}.",
    "{N} said that {T} had been inspected {n} times and that nothing had been found.",
    "Residents of {P} have asked for {T} since {y}, when the storm known as Odila tore away the quay.",
    "{B} declined to comment.",
    "Critics say the plan does too little for {P}; {b} disagrees.",
    "At the hearing, {N} read out letters from {k} families who had moved away from {P}.",
    "The decision was taken by {k} votes to {n}.",
    "{N} and {M} are expected to meet {D} in {P}.",
    "Work on {T} stopped {D} after a crane-operator’s report of cracks, {b} said.",
    "The inquiry, led by {N}, found that {n} warnings about {T} were ignored between {y} and 2024.",
    "In a letter seen by this newspaper, {b} admits that it “did not look closely enough” at {T}.",
    "He said the money would come from the U.K. fund, not from local taxes.",
    "She had been on the job for {n} months.",
    "It’s the third such closure this year – and, {N} warned, not the last.",
    "Asked whether {T} would be finished in time, {N} laughed: “Ask me when it rains!”",
    "More than {n} boats were moved to {P} before the tide turned.",
    "{B} will publish the full figures {D}.",
    "Prices for fresh fish rose {n}.2% in {P} and fell slightly elsewhere.",
    "The court rejected the claim, and {N} has until {y} to appeal.",
)
PROSE = {
    "fr": "Le conseil municipal de Vaucelle a voté lundi la reconstruction du pont à péage. « Nous ne pouvons pas "
    "attendre un hiver de plus », a déclaré la maire Inès Tarrel. Le coût atteint 12,4 millions d’euros ; c’est 30 % "
    "de plus que prévu. Qui paiera ? La région refuse de répondre. Les travaux, suspendus l’an dernier, reprendront "
    "en mars : « il était temps ! », selon le syndicat des bateliers. Près de 4 000 habitants avaient signé la "
    "pétition. L’enquête n’a trouvé aucune faute. Un second pont sera étudié d’ici à l’été. Personne n’a été blessé.",
    "de": "Der Gemeinderat von Grauwiek hat am Montag für den Wiederaufbau der Gezeitenbrücke gestimmt. „Wir können "
    "nicht noch einen Winter warten“, sagte Bürgermeisterin Hanne Öster. Die Kosten liegen bei 12,4 Millionen Euro. "
    "Das sind fast 30 Prozent mehr als geplant. Die Straßenbahn fährt währenddessen nur bis zum Fährhaus. Im März "
    "beginnen die Arbeiten am Deich. Rund 4.000 Menschen hatten unterschrieben. Ein Gutachten der Universität fand "
    "keine Mängel. Verletzt wurde niemand. Die Fährgesellschaft wollte sich dazu nicht äußern.",
    "tr": "Kıyı İdaresi pazartesi günü Işıklı köprüsünün yeniden yapılmasına karar verdi. “Bir kış daha "
    "bekleyemeyiz” dedi belediye başkanı İnci Tarhan. Maliyet 12,4 milyon lirayı buldu. ILICA ve İZNİK arasındaki "
    "vapur seferleri durduruldu. Yaklaşık 4 bin kişi dilekçeyi imzaladı. Yıkılan iskele için ayrıca ihale açılacak. "
    "Kimse yaralanmadı. Işıkların mart ayında yanması bekleniyor. Sıradaki toplantı İzmir’de yapılacak.",
    "zh": "潮汐大桥的重建方案星期一在市议会获得通过。市长林若兰说：“我们不能再等一个冬天。”工程造价约为一千二百四十万元，"
    "比原计划高出近三成。渡轮公司没有回应记者的提问。大约四千名居民在请愿书上签了名。调查没有发现任何过失。"
    "第一段将于三月开放，其余部分将在夏天完工。没有人受伤。盐场附近的电车暂时停运。议会将在下周公布全部数字。",
    "ja": "潮見橋の再建案が月曜日、町議会で可決された。「もう一冬は待てない」と森重町長は述べた。費用は約千二百四十万円で、"
    "当初の計画を三割ほど上回る。フェリー会社はコメントを控えた。およそ四千人の住民が署名に参加した。"
    "調査では過失は見つからなかった。最初の区間は三月に開通する見通しだ。けが人はいなかった。"
    "塩田近くの路面電車は当面のあいだ運休となる。議会は来週、すべての数字を公表する。",
    "ko": "조수교 재건 계획이 월요일 시의회를 통과했다. 시장 한서윤은 “겨울을 한 번 더 기다릴 수는 없다”고 말했다. "
    "공사비는 약 천이백사십만 원으로 계획보다 삼십 퍼센트 많다. 여객선 회사는 답변을 거부했다. 주민 사천여 명이 "
    "청원서에 서명했다. 조사에서는 아무런 과실도 발견되지 않았다. 첫 구간은 삼월에 열린다. 다친 사람은 없었다. "
    "염전 근처의 전차는 당분간 다니지 않는다. 의회는 다음 주에 모든 수치를 공개한다.",
    "th": "สภาเมืองลงมติเมื่อวันจันทร์ให้สร้างสะพานน้ำขึ้นใหม่ หลังโต้เถียงกันมาหลายปี นายกเทศมนตรีกล่าวว่ารอฤดูหนาวอีกไม่ได้ "
    "ค่าก่อสร้างอยู่ที่ประมาณสิบสองล้านบาท สูงกว่าแผนเดิมเกือบร้อยละสามสิบ บริษัทเรือข้ามฟากปฏิเสธที่จะให้ความเห็น "
    "ชาวบ้านราวสี่พันคนลงชื่อในคำร้อง การสอบสวนไม่พบความผิดพลาด ช่วงแรกจะเปิดในเดือนมีนาคม ไม่มีผู้ใดได้รับบาดเจ็บ "
    "รถรางใกล้นาเกลือหยุดวิ่งชั่วคราว สภาจะเผยแพร่ตัวเลขทั้งหมดในสัปดาห์หน้า",
    "ar": "صوّت مجلس البلدة يوم الاثنين على إعادة بناء جسر المدّ بعد نزاع دام سنوات. وقالت رئيسة البلدية: «لا يمكننا "
    "انتظار شتاء آخر». وبلغت الكلفة نحو اثني عشر مليون دينار. ورفضت شركة العبّارات التعليق. ووقّع قرابة أربعة آلاف "
    "شخص على العريضة. ولم يجد التحقيق أي خطأ. وسيُفتح الجزء الأول في مارس. ولم يُصب أحد بأذى. وتوقّف الترام قرب الملّاحات.",
    "he": "מועצת העיירה הצביעה ביום שני בעד שיקום גשר הגאות אחרי מחלוקת של שנים. “אי אפשר לחכות לעוד חורף”, אמרה ראשת "
    "המועצה. העלות מגיעה לכשנים עשר מיליון שקל. חברת המעבורות סירבה להגיב. כארבעת אלפים תושבים חתמו על העצומה. "
    "הבדיקה לא מצאה כל ליקוי. הקטע הראשון ייפתח במרץ. איש לא נפגע. החשמלית ליד בריכות המלח הושבתה.",
    "hi": "नगर परिषद ने सोमवार को ज्वार पुल को फिर से बनाने का फैसला किया। महापौर ने कहा, “हम एक और सर्दी का इंतज़ार नहीं कर सकते।” "
    "लागत लगभग बारह करोड़ रुपये है। नौका कंपनी ने टिप्पणी करने से इनकार किया। करीब चार हज़ार लोगों ने याचिका पर दस्तख़त किए। "
    "जाँच में कोई गलती नहीं मिली। पहला हिस्सा मार्च में खुलेगा। कोई घायल नहीं हुआ।",
    "ru": "Городской совет Вельмута в понедельник проголосовал за восстановление приливного моста. «Мы не можем ждать "
    "ещё одну зиму», — сказала мэр Инна Таррова. Стоимость работ составит 12,4 млн рублей. Паромная компания отказалась "
    "от комментариев. Около четырёх тысяч жителей подписали обращение. Проверка не выявила нарушений. Первый участок "
    "откроют в марте. Никто не пострадал. Трамваи у солеварни временно не ходят.",
    "el": "Το δημοτικό συμβούλιο ψήφισε τη Δευτέρα υπέρ της ανακατασκευής της παλιάς γέφυρας. «Δεν μπορούμε να "
    "περιμένουμε άλλον έναν χειμώνα», είπε η δήμαρχος. Το κόστος φτάνει τα δώδεκα εκατομμύρια ευρώ. Η ακτοπλοϊκή "
    "εταιρεία αρνήθηκε να σχολιάσει. Περίπου τέσσερις χιλιάδες κάτοικοι υπέγραψαν. Κανείς δεν τραυματίστηκε. Το πρώτο "
    "τμήμα θα ανοίξει τον Μάρτιο. Ο σταθμός του τραμ παραμένει κλειστός.",
    "vi": "Hội đồng thị trấn hôm thứ Hai đã bỏ phiếu xây lại cây cầu thủy triều. “Chúng tôi không thể chờ thêm một mùa "
    "đông nữa”, bà thị trưởng nói. Chi phí lên tới khoảng mười hai tỷ đồng. Công ty phà từ chối bình luận. Gần bốn "
    "nghìn người dân đã ký đơn kiến nghị. Cuộc điều tra không tìm thấy sai sót nào. Đoạn đầu sẽ mở vào tháng Ba. Không "
    "có ai bị thương.",
}
_ENDS = re.compile(r"(?<=[。])(?!”)|(?<=。”)|(?<=[.!?।])\s+|(?<=[.!?]”)\s+|(?<=।”)\s+")


def english(seed: str, paragraphs: int = 5) -> list[list[str]]:
    """Paragraphs of two or three sentences, each sentence another one."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    frames = chance.sample(_FRAMES, len(_FRAMES))
    return [[_filled(frames.pop(), chance) for _ in range(2 + chance.randrange(2))] for _ in range(paragraphs)]


def _filled(frame: str, chance: random.Random) -> str:
    one, other = chance.sample(_PEOPLE.split("|"), 2)
    body = chance.choice(_BODIES.split("|"))
    return frame.format(
        N=one,
        M=other,
        P=chance.choice(_PLACES.split("|")),
        T=chance.choice(_THINGS.split("|")),
        B=body,
        b=body[0].lower() + body[1:],
        D=chance.choice(_DAYS.split("|")),
        n=chance.randrange(11, 40),
        m=chance.randrange(100, 999),
        k=chance.randrange(41, 99),
        y=chance.randrange(2026, 2040),
    )


def foreign(language: str) -> list[list[str]]:
    """The prose of a language in paragraphs of two or three sentences."""
    sentences = [part.strip() for part in _ENDS.split(PROSE[language]) if part.strip()]
    if language == "th":
        sentences = [f"{each} " for each in PROSE["th"].split()]
    found, size = [], 2
    while sentences:
        found.append(sentences[:size])
        sentences, size = sentences[size:], 5 - size
    return found

"""More invented news: long sentences, quotes across paragraphs, repeated words, and other languages."""

from __future__ import annotations

Text = list[list[str]]

LONG: Text = [
    [
        "After eleven hours of talks that broke off twice, once because the heating failed and once because a "
        "delegate had gone to fetch his daughter from school, the ferrymen of Lower Ansel and the three villages "
        "across the sound agreed shortly before midnight to share the two boats that are left, to halve the number "
        "of crossings until the ice is gone, and to ask the province, which owns neither boat but paid for both, "
        "what it means to do.",
        "Nobody cheered.",
    ],
    [
        "The agreement, which runs to forty pages and of which only the first nine have been made public, sets out "
        "who is to pay for fuel, for repairs and for the night watch, and what is to become of the old landing "
        "stage, whose piles were found in the autumn to be hollow for most of their length.",
        "“It is the least bad of all the papers that were put in front of me, and I have read every one of them,” "
        "said Torvald Ekeby, who has sat on the ferry committee since before there was a ferry.",
    ],
    [
        "Whether the boats, the younger of which was built in 1974 for a lake that has since been drained, can make "
        "even six crossings a day in February is a question that the committee left to its engineer, who left it to "
        "the ice.",
        "A second reading is planned for the ninth of March; until then the old timetable holds.",
    ],
]
SPEECH: Text = [
    ["The warden of the reservoir, Philippa Onslow, spoke for less than two minutes."],
    ["“We measured the level every hour through the night, and every hour it was lower than the hour before."],
    ["“By four in the morning we could see the bell tower of the village that was flooded in 1931."],
    ["“By six we could hear the bell.”"],
    ["Nobody in the hall asked her what she meant by that."],
    [
        "The inspectors from Dunmarrow will look at the sluices on Thursday.",
        "Until then the road over the dam is shut.",
    ],
]
REPEATED: Text = [
    ["The mill will close. The mill will close on Friday, its owners said, and all of its forty looms will be sold."],
    ["The mill will close on Friday because cotton is dear.", "The mill will close, and nobody will buy it."],
    ["On Friday, the mill will close at noon.", "On Friday, the shop will close at noon as well."],
    ["“The mill will close,” said Agnes Tolliver.", "“The mill will close,” said her brother, “and that is that.”"],
    ["The owners said that the mill will close.", "That is that."],
]
FIGURES: Text = [
    ["Turnout was 61.4% (2022: 58.9%), with 1,204,377 votes cast in 3,118 of 3,120 districts by 23:45 CET."],
    ["The index fell 2.7% to 7,431.08 points, its worst day since 3/11/2020; the krona stood at 11.02 to the euro."],
    ["A litre of A-95 cost €1.879 on Tuesday, 4.2 cents more than a week ago.", "Diesel was at €1.702 (–0.3 cents)."],
    ["Team B won 3–2 (1–1, 0–1, 2–0) before 18,006 people.", "J. R. R. Hallam scored after 12, 47 and 59 minutes."],
    ["The C-17/A carried 77.5 t from Port-au-Vent to St. Olaf’s in 6 h 40 min."],
]
LIVE: Text = [
    ["The road to the pass is open again.", "Buses run every hour."],
    ["The road to the pass is closed.", "A slide has buried the lower bend, the police say."],
    ["Rescuers have reached the lower bend.", "They found two empty cars."],
    ["The road to the pass stays closed until Sunday, the canton says.", "Buses go by way of Untertal."],
]
TALK: Text = [
    [
        "How did you find the manuscript?",
        "I did not; a goat did. It had eaten the first eleven pages by the time I came.",
    ],
    ["And what is in the rest of it?", "Recipes, mostly. There is one for eel that I would not try."],
    [
        "Will it be shown to the public?",
        "From June on, in the library of Saint-Ouvry, behind glass and far from goats.",
    ],
]
NEWS: dict[str, Text] = {
    "es": [
        ["El ayuntamiento de Valdemora aprobó el lunes la reapertura del viejo funicular.", "¿Quién lo pagará?"],
        ["«No podemos esperar otro año más», declaró la alcaldesa, Inés Tordera.", "¡Ya era hora!, gritó el público."],
        ["Las obras costarán 12,4 millones de euros, un 30 % más de lo previsto.", "Nadie resultó herido."],
    ],
    "pt": [
        ["A câmara de Vale de Açor decidiu na segunda-feira reabrir a ponte pênsil.", "A obra custará 12 milhões."],
        ["“Não podemos esperar mais um inverno”, disse a presidente da câmara.", "Ninguém ficou ferido na inspeção."],
        ["Cerca de 4.000 moradores assinaram a petição; a empresa não quis comentar."],
    ],
    "it": [
        ["Il consiglio comunale di Roccalta ha votato lunedì per la riapertura della funivia.", "C’è chi protesta."],
        [
            "«Non possiamo aspettare un altro inverno», ha detto la sindaca all’uscita dell’aula.",
            "Nessuno è rimasto ferito.",
        ],
        ["L’opera costerà 12,4 milioni di euro, quasi il 30% in più del previsto."],
    ],
    "nl": [
        [
            "De gemeenteraad van Oosterzijl stemde maandag voor herstel van de getijdenbrug.",
            "Dat kost 12,4 miljoen euro.",
        ],
        ["‘We kunnen niet nog een winter wachten’, zei burgemeester IJsbrand de Haan.", "Niemand raakte gewond."],
        ["’s Avonds vaart er voorlopig geen veerboot; zo’n 4.000 mensen tekenden de petitie."],
    ],
    "sv": [
        ["Kommunfullmäktige i Åsvik röstade i måndags för att bygga upp tidvattenbron.", "Ingen skadades."],
        [
            "– Vi kan inte vänta en vinter till, säger kommunalrådet Märta Öhlin.",
            "Kostnaden blir 12,4 miljoner kronor.",
        ],
        ["Omkring 4 000 invånare har skrivit under uppropet, enligt färjerederiet."],
    ],
    "pl": [
        ["Rada miasta Żurawno zagłosowała w poniedziałek za odbudową mostu.", "Koszt to 12,4 mln złotych."],
        ["„Nie możemy czekać kolejnej zimy” – powiedziała burmistrz Łucja Źrebiec.", "Nikt nie został ranny."],
        ["Petycję podpisało około 4 tys. mieszkańców; spółka promowa odmówiła komentarza."],
    ],
    "cs": [
        ["Zastupitelé města Říčany u Moře v pondělí schválili obnovu přílivového mostu.", "Nikdo nebyl zraněn."],
        ["„Nemůžeme čekat další zimu,“ řekla starostka Žofie Čapková.", "Oprava vyjde na 12,4 milionu korun."],
        ["Petici podepsalo asi čtyři tisíce obyvatel a přívozní společnost se nevyjádřila."],
    ],
    "hu": [
        ["Őrhegy képviselő-testülete hétfőn megszavazta az árapályhíd újjáépítését.", "Senki sem sérült meg."],
        ["„Nem várhatunk még egy telet” – mondta Szűcs Ödön polgármester.", "A költség 12,4 millió euró."],
        ["Mintegy négyezer lakos írta alá a kérvényt, a komptársaság nem nyilatkozott."],
    ],
    "uk": [
        ["Міська рада Зелених Ключів у понеділок підтримала відбудову мосту.", "Ніхто не постраждав."],
        ["«Ми не можемо чекати ще одну зиму», — сказала міська голова Ївга Ґонта.", "Кошторис — 12,4 млн гривень."],
        ["Звернення підписали близько чотирьох тисяч мешканців, а пором’яни відмовилися від коментарів."],
    ],
    "fa": [
        ["شورای شهر روز دوشنبه به بازسازی پل رأی داد.", "هیچ‌کس آسیب ندید."],
        ["شهردار گفت: «نمی‌توانیم یک زمستان دیگر صبر کنیم.»", "هزینهٔ کار دوازده میلیون تومان است."],
        ["حدود چهار هزار نفر از ساکنان درخواست را امضا کرده‌اند و شرکت کشتی‌رانی پاسخی نداد."],
    ],
    "bn": [
        ["নগর পরিষদ সোমবার জোয়ার সেতু আবার তৈরির পক্ষে ভোট দিয়েছে।", "কেউ আহত হয়নি।"],
        ["মেয়র বলেন, “আমরা আরেকটি শীতের জন্য অপেক্ষা করতে পারি না।”", "খরচ হবে প্রায় বারো কোটি টাকা।"],
        ["প্রায় চার হাজার মানুষ আবেদনে সই করেছেন।", "নৌকা কোম্পানি কোনো মন্তব্য করেনি।"],
    ],
    "ta": [
        ["நகர மன்றம் திங்களன்று பாலத்தை மீண்டும் கட்ட வாக்களித்தது.", "யாரும் காயமடையவில்லை."],
        ["“இன்னொரு குளிர்காலம் காத்திருக்க முடியாது” என்றார் மேயர்.", "செலவு பன்னிரண்டு கோடி ரூபாய்."],
        ["சுமார் நான்காயிரம் பேர் மனுவில் கையெழுத்திட்டனர்."],
    ],
    "ka": [
        ["საკრებულომ ორშაბათს ხიდის აღდგენას მისცა ხმა.", "არავინ დაშავებულა."],
        ["„კიდევ ერთ ზამთარს ვერ დაველოდებით“, თქვა მერმა.", "სამუშაოები თორმეტი მილიონი ლარი დაჯდება."],
        ["განცხადებას დაახლოებით ოთხი ათასმა მცხოვრებმა მოაწერა ხელი."],
    ],
    "hy": [
        ["Քաղաքի ավագանին երկուշաբթի օրը քվեարկեց կամրջի վերականգնման օգտին։", "Ոչ ոք չի տուժել։"],
        ["«Մենք չենք կարող սպասել ևս մեկ ձմեռ», ասաց քաղաքապետը։", "Աշխատանքները կարժենան տասներկու միլիոն դրամ։"],
    ],
    "zh-Hant": [
        ["潮汐大橋的重建方案星期一在鎮議會獲得通過。", "工程預計三月動工。", "沒有人受傷。"],
        ["鎮長林若蘭說：「我們不能再等一個冬天。」", "造價約一千二百四十萬元，比原計畫高出近三成。"],
        ["渡輪公司沒有回應記者的提問。", "大約四千名居民在請願書上簽了名。"],
    ],
}

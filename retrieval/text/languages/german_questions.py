"""How German asks."""

from __future__ import annotations

from retrieval.text.languages.german_times import WEEKDAYS
from retrieval.text.languages.questions import NAME, Breadth, Leaning, Phrasing, Reporting, Wanting
from retrieval.text.languages.word_lists import words

_REPORTING = Reporting(
    reported=(
        rf"\b(?:laut|gemäß|nach angaben (?:von|de[rs])) {NAME}",
        rf"\b(?:berichte[tn]?|berichteten?|bericht|artikel|beitrag|beiträge|meldung|meldungen|nachrichten"
        rf"|schlagzeilen) (?:von|aus|in|im|bei|beim) {NAME}",
        rf"\b(?:schreib(?:t|en)|schrieb(?:en)?|berichte(?:t|n|te|ten)|melde(?:t|n|te|ten)) {NAME}",
        r"(?P<name>(?-i:[A-ZÄÖÜ])[^\s,;:?!]*(?: (?-i:[A-ZÄÖÜ])[^\s,;:?!]*){0,3})(?= zufolge\b)",
    ),
    said=(rf"\b(?:sag(?:t|te|en|ten)|mein(?:t|te|en)|behaupte(?:t|te)) {NAME}",),
    ends=r"(?!(?:und|oder)\b)(?-i:[a-zäöü])\w*",
    ordinary=words("welt zeit bild stern standard presse kurier spiegel tag post blick focus sonntag"),
    inflected=(r"en\b", "e"),
)

_LEANING = Leaning(
    opening=r"(?:(?:und|aber|also|dann|ok(?:ay)?|na gut|gut|ja)\b[\s,…-]*)+",
    more=r"(?:(?:erzähl|sag) (?:mir )?)?(?:(?:noch )?mehr(?: (?:dazu|davon|darüber|bitte))?|weiter)|mach weiter",
    bare=(
        r"(?:wer|was|wo|wann|warum|wie) (?:sonst|noch)|(?:warum|weshalb|wieso|wann|wo|wer|wen|wem|wie|wohin|woher"
        r"|womit|wofür|wogegen|wozu)(?: (?:das|nicht|genau|denn|dann|jetzt))?|(?:seit|bis|ab) wann"
        r"|(?:von|mit|für|gegen|bei) (?:wem|wen)|wie (?:viele?n?|oft|lange|hoch|teuer)(?: \w+){0,2}"
        r"|was (?:noch|genau|jetzt|dann)|was (?:geschah|passierte) dann|(?:und )?um wie viel"
        r"|wie viele (?:\w+ )?(?:starben|sind \w+|wurden \w+)|stimmt das|ist das (?:wahr|sicher)|wann war das"
        r"|wo war das|wer war das"
    ),
    what_about=r"(?:(?:und )?was ist mit|wie sieht es (?:mit|in|bei)|wie ist es (?:mit|in|bei)) ",
    pointing=(
        r"\b(?:da(?:zu|von|mit|für|gegen|bei|nach|ran|rauf|rüber|rum|durch)|dar(?:an|auf|aus|in|über|um|unter)|dort"
        r"|dorthin|deswegen|deshalb|(?:das|dies)$|(?:ist|war|kostet|bedeutet|heißt) (?:das|dies)\b|(?:ist|war|kostet"
        r"|wurde) es$)"
    ),
    pronouns=((r"\b(?:er|sie)\b", "{name}"), (r"\b(?:ihn|ihm|ihr)$", "{name}"), (r"\b(?:ihn|ihm)\b", "{name}")),
    subjects=(
        r"^(?:was|wie|warum|wann|wo|worüber|wen|wem|weshalb|wieso|womit) (?:genau )?(?:sag(?:t|te|en|ten)|hat|haben"
        r"|hatte|will|wollen|wollte|mein(?:t|te|en)|forder(?:t|te|n|ten)|plan(?:t|te|en)|kündig(?:t|te)"
        r"|reagier(?:t|te|en|ten)|schreibt|schrieb|erklär(?:t|te)|denk(?:t|en)|mach(?:t|te|en)|tut|tat|ist|war|wird"
        r"|wurde) (?P<name>[^\s,]+(?: [^\s,]+){0,3}?)(?= (?:über|zu[mr]?|auf|von|vo[mr]|an|am|bei[m]?|gegen|für|mit"
        r"|nach|in|im|seit|vor|wegen|gestern|heute|letzte\w?|gesagt|gemacht|getan|vorgeschlagen|angekündigt"
        r"|gefordert|geboren|gewählt)\b|$)",
        r"^wer (?:ist|war|sind|waren) (?P<name>[^,]+)$",
    ),
    objects=r"über|zu|zum|zur|auf|von|gegen|für|mit|in|im|bei|nach|aus|an",
    determiners=words("der die das den dem des ein eine einen einem einer dieser diese dieses"),
    joined="und",
    onward=(
        r"(?:(?:und )?was (?:ist|hat sich|gab es) )?(?:seitdem|seither|inzwischen|danach|in der zwischenzeit"
        r"|seit damals)(?: (?:passiert|geschehen|getan|geändert|neues|neue entwicklungen))?"
        r"|was (?:geschah|passierte) (?:seitdem|seither|danach)"
        r"|(?:gibt es|gibt['’]?s) (?:et)?was neues(?: (?:dazu|davon|darüber|dort))?"
        r"|(?:was (?:gibt es|gibt['’]?s) )?neues(?: (?:dazu|davon|darüber))?|irgendwas neues|was ist neu"
        r"|(?:gibt es )?(?:neuigkeiten|neue entwicklungen)(?: (?:dazu|davon))?|wie ist der (?:aktuelle )?stand"
        r"|(?:der )?(?:aktuelle|neueste) stand"
    ),
    now=r"(?:und )?(?:jetzt|heute|nun|aktuell)",
    latest="Was gibt es Neues zum Thema {bare}",
    since=" seit dem {day}",
    thanks=words(
        """vielen dir ihnen sehr herzlichen schön danke dank merci super toll gut nett cool ja nein ok okay klar bitte
        hallo hi hey tschüss moin servus"""
    ),
)

_NEWS = (
    r"(?:(?:(?:die|den|das) )?(?:neueste[nsr]?|letzte[n]?|aktuelle[nr]?|jüngste[n]?) )?(?:nachrichten|neuigkeiten"
    r"|meldungen|schlagzeilen|entwicklungen|neues|stand|lage|news|updates?|infos?)"
)
_ON = r"(?:zum thema|zu[mr]?|über|von|vo[mr]|aus|in|im|bei[m]?|mit|um|rund um|bezüglich|wegen)"
_THEN = (
    r"(?: (?:gerade|jetzt|aktuell|derzeit|momentan|heute|gestern|eigentlich|denn|alles|so|bisher|los|neues|da"
    r"|(?:in )?(?:letzte|diese|vergangene)[rn]? woche|am wochenende))*"
)
_BREADTH = Breadth(
    opening=(
        r"(?:(?:hey|hi|hallo|ok(?:ay)?|also|und|aber|so|bitte|na|moin|guten (?:tag|morgen|abend))\b[\s,!.:…–-]*"
        r"|(?:kannst|könntest|können|könnten|würdest) (?:du|sie|ihr) (?:mir|uns)? ?(?:bitte )?(?:kurz )?(?:sagen,? "
        r"|erzählen,? )?|ich (?:möchte|will|würde gern(?:e)?) (?:gern(?:e)? )?(?:wissen,? )?|weißt du,? "
        r"|(?:sag|erzähl) (?:mir|uns) (?:bitte )?(?=was (?!über|von|zu)|wie ))+"
    ),
    ending=r"[\s,]+(?:bitte|danke|kurz|in kürze|gerade|denn|eigentlich|nochmal|zusammen(?= bitte))",
    frames=(
        rf"was (?:passiert(?:e)?|geschah|geschieht|ist los|ist neu){_THEN} {_ON} (?P<topic>.+?)",
        rf"was (?:ist|war){_THEN} {_ON} (?P<topic>.+?) (?:passiert|geschehen|los|vorgefallen|bekannt)",
        rf"was (?:gibt es|gab es|gibt['’]?s){_THEN} (?:neues|an neuigkeiten"
        rf"|für neuigkeiten){_THEN} {_ON} (?P<topic>.+)",
        rf"was ist (?:neu|der (?:neueste|aktuelle|letzte) stand|die (?:aktuelle )?lage){_THEN} {_ON} (?P<topic>.+)",
        rf"wie (?:ist|lautet) (?:der (?:aktuelle |neueste )?(?:stand|zwischenstand)(?: der dinge)?"
        rf"|die (?:aktuelle )?(?:lage|situation)){_THEN} {_ON} (?P<topic>.+)",
        rf"wie (?:steht es|sieht es|geht es|läuft es){_THEN} (?:um|mit|in|im"
        rf"|bei[m]?) (?P<topic>.+?)(?: (?:aus|weiter))?",
        rf"(?:gibt es|gibt['’]?s|hast du|habt ihr) (?:(?:et)?was "
        rf"|irgend(?:et)?was )?{_NEWS}{_THEN} {_ON} (?P<topic>.+)",
        rf"was (?:weiß man|wissen wir|weißt du){_THEN} (?:(?:schon|bisher|alles) )?(?:über|zu[mr]?|von"
        rf"|vo[mr]) (?P<topic>.+?)(?: bekannt)?",
        rf"was ist{_THEN} (?:schon |bisher )?bekannt (?:über|zu[mr]?|von|vo[mr]) (?P<topic>.+)",
        r"(?:erzähl|sag|berichte)e? (?:mir |uns )?(?:(?:et)?was|mehr|alles|das neueste)? ?(?:über|von|vo[mr]"
        r"|zu[mr]?) (?P<topic>.+)",
        r"(?:erkläre?|erläutere) (?:mir |uns )?(?P<topic>.+)",
        r"(?:fass(?:e|t)?) (?:mir |uns )?(?:bitte )?(?P<topic>.+?) zusammen",
        rf"(?:(?:gib|zeig|schick)e? (?:mir|uns) )?(?:bitte )?(?:eine?n? )?(?:kurze?n? )?(?:zusammenfassung|überblick"
        rf"|update|übersicht) {_ON} (?P<topic>.+)",
        rf"(?:(?:gib|zeig|schick)e? (?:mir|uns) )?{_NEWS}{_THEN} {_ON} (?P<topic>.+)",
        r"(?:das )?neueste (?:zu[mr]?|über|von|vo[mr]|aus) (?P<topic>.+)",
        r"warum (?:reden|sprechen|schreiben) (?:gerade |jetzt )?(?:alle|viele) (?:gerade |jetzt )?(?:über|von"
        r"|vo[mr]) (?P<topic>.+)",
        r"warum ist (?P<topic>.+?) (?:gerade )?in den (?:nachrichten|schlagzeilen)",
        r"(?:und )?was ist mit (?P<topic>.+?)(?: (?:los|passiert))?",
        r"wie (?:geht|läuft) es (?:mit )?(?P<topic>.+?) weiter",
    ),
    news=r"\b(?:neu\w*|nachrichten|schlagzeilen|entwicklungen|news|updates?|stand|überblick|zusammen\w*)\b",
    marked=(
        r"(?:^(?:(?:die )?(?:neueste|aktuelle|letzte)[nr]? )?(?:nachrichten|news|neues|updates?"
        r"|schlagzeilen)(?: *: *| )(?!(?:in|im|aus|von|über|zu)\b)"
        r"|[\s,:–-]+(?:news|nachrichten|aktuell|update|zusammenfassung|überblick)$)"
    ),
    lately=r"gerade|jetzt|aktuell|derzeit|momentan|bisher|eigentlich|denn|zurzeit|im moment|in letzter zeit",
    leaning=(
        r"(?:er|sie|es|ihn|ihm|ihr|ihre[mnrs]?|sein\w*|mein\w*|dein\w*|unser\w*|euer|eure\w?|das|dies\w*|mir|dir|uns"
        r"|etwas|alles|dem|der|denen|dessen|deren|ihnen)(?: (?:da|dort|passiert|los|hier))?$"
        r"|(?:sein|ihr|mein|dein|unser)(?:e[mnrs]?)? "
    ),
    everything=words(
        """nachrichten nachricht news neues schlagzeilen meldungen welt tag heute woche monat jahr thema themen
        überblick zusammenfassung update updates stand lage dinge politik wirtschaft sport los artikel dir euch uns
        mir allgemein"""
    ),
    facts=(
        r"(?:(?:der|die|das|den|dem|des|ein|eine) )?(?:\w*(?:preise?s?|kosten|kurse?s?|zahl|anzahl|ergebnis(?:se)?"
        r"|wetter|alter|namen?|datum|adresse|hauptstadt|ursache|grund|gründe|gewinner|sieger|quote|rate"
        r"|einwohnerzahl|höhe|größe|gehalt|temperatur|bedeutung|definition|frau|mann|uhrzeit|wert|anteil))(?: |$)"
    ),
    verbs=(
        r"(?:ist|sind|war|waren|hat|haben|hatte|wird|wurde|werden|sagt|sagte|sagen|gewinnt|gewann|verliert|verlor"
        r"|tritt|trat|kommt|kam|geht|ging|macht|machte|will|soll|kann|muss|gibt|gab|stirbt|starb|fordert|forderte"
        r"|droht|bleibt|hallo|hi|danke|bitte|test|hilfe|nicht|nein|ja|übersetze|schreibe?|rechne|vergleiche|liste"
        r"|zeige?|spiel|sing|moin)"
    ),
    glue=words(
        """der die das den dem des ein eine einen und oder in im am an auf bei beim mit von vom zum zur zu für gegen um
        über nach aus vor wegen"""
    ),
)

_WANTING = Wanting(
    means={
        **dict.fromkeys(("wer",), "who"),
        **dict.fromkeys(("wen", "wem"), "whom"),
        "wessen": "whose",
        **dict.fromkeys(("wo", "wohin", "woher"), "where"),
        "wann": "when",
        **dict.fromkeys(("warum", "weshalb", "wieso", "weswegen"), "why"),
        **dict.fromkeys(("welche", "welcher", "welches", "welchem", "welchen"), "which"),
        **dict.fromkeys(
            """was womit wofür wodurch worauf worüber wovon wozu woran worin wogegen wonach woraus""".split(), "what"
        ),
        **dict.fromkeys(("wieviel", "wieviele"), "how many"),
        r"wie (?:heißt|heißen|hieß|hießen|lautet|lautete)": "what",
        "wie": "how",
    },
    measured=r" ?(?:viele?[nrm]?|hoch|alt|lange?|weit|groß|oft|teuer|schwer|tief|schnell|breit|stark)\b",
    saying=(
        r"\b(?:sag(?:t|te|en|ten)|gesagt|mein(?:t|te|en)|denk(?:t|en)|forder(?:t|te|n)|behaupte\w*|reagier\w*"
        r"|passier\w*|geschah|geschehen|bedeutet|tut|tat|macht|machte|hält|hielt|halten|erklärt\w*|kritisier\w*)\b"
    ),
    types={
        "country": r"länder[n]?|land(?:es)?|staaten|nation(?:en)?",
        "state": r"bundesland|bundesländer|bundesstaat(?:en)?|kanton",
        "city": r"stadt|städten?|hauptstadt|ort|gemeinde",
        "spot": r"\w*(?:park|insel|museum|universität|schule|fluss|see|flughafen|stadion|region|kontinent|gebiet"
        r"|provinz|teil)s?",
        "body": r"\w*(?:firma|unternehmen|konzern|kette|marke|bank|behörde|organisation|gruppe|partei|hersteller"
        r"|dienst|zeitung|gericht|verband|ministerium|fluggesellschaft|ausschuss)s?",
        "team": r"mannschaft|team|klub|verein|club",
        "work": r"\w*(?:film|serie|lied|album|buch|spiel|roman|stück|song|titel)s?|heißt|hieß",
        "human": r"\w*(?:schauspieler|sänger|präsident|spieler|star|sportler|politiker|minister|künstler|trainer"
        r"|kandidat|musiker|könig|chef|autor|richter|person|mann|frau|kanzler|trainer)(?:in|s|n)?",
        "money": r"wie ?viel|preis|kosten|kostete|strafe|gehalt|betrag|summe",
        "share": r"prozentsatz|prozent|anteil|quote|rate",
        "age": r"wie alt|alter|wie lange|jahre[n]?",
        "several": r"zwei|drei|länder|staaten|unternehmen|städte|spieler|mannschaften",
    },
    units=words(
        """jahr jahre jahren monat monate monaten woche wochen tag tage tagen stunde stunden minute minuten sekunde
        sekunden kilometer kilometern km meter metern hektar grad prozent cent euro dollar pfund tonnen tonne kilo
        kilogramm liter mal stimmen punkte punkten prozentpunkte prozentpunkten menschen personen"""
    ),
    scales=words("hundert tausend million millionen milliarde milliarden billion billionen prozent"),
    reasons=r"weil|da|wegen|aufgrund|infolge|dank|durch|damit|nachdem|nach|um",
    inside_names=words("von van der den de la le und für des"),
    near={
        "place": words("in im bei nahe aus nach"),
        "of": words("von des der vom"),
        "by": words("durch von"),
        "to": words("zu zum zur nach"),
        "the": words("der die das den dem des"),
        "act": words("sagte sagt war ist hat wird wurde gewann erklärte"),
    },
)

PHRASING = Phrasing(
    of_now=(
        rf"\b(?:jetzt|nun|heute|heutige\w?|morgen|gestern|vorgestern|übermorgen|aktuelle?\w?|derzeit(?:ig\w*)?"
        rf"|zurzeit|momentan|gegenwärtig\w*|kürzlich|neulich|neueste\w?|neuste\w?|jüngst\w*|bald|demnächst|bisher"
        rf"|inzwischen|diese[nrms]?|(?:letzte|vergangene|vorige|nächste|kommende)[nrms]? (?:\w+ )?(?:nacht|tage?n?"
        rf"|woche\w?|wochenende|monate?n?|saison|jahre?n?|jahrzehnte?n?)"
        rf"|vor (?:\w+ )?(?:stunden?|tage?n?|wochen?|monate?n?|jahre?n?)|{'|'.join(WEEKDAYS)})\b"
    ),
    reporting=_REPORTING,
    leaning=_LEANING,
    breadth=_BREADTH,
    wanting=_WANTING,
)

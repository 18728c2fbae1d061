"""German: every noun is written with a capital, and words are put together."""

from retrieval.text.languages.anaphora import Anaphora
from retrieval.text.languages.german_questions import PHRASING
from retrieval.text.languages.german_times import MONTHS, SHORT_MONTHS, TIMES, WEEKDAYS
from retrieval.text.languages.language import Language
from retrieval.text.languages.word_lists import words

_QUESTION_WORDS = words(
    """wer wen wem wessen was welche welcher welches welchem welchen wo wohin woher wann warum weshalb wieso weswegen
    wie wieviel wieviele womit wofür wodurch worauf worüber wovon wozu woran worin wogegen wonach woraus"""
)

_TOLD_BEFORE = """
    mann frau männer frauen junge mädchen kind kinder paar gruppe entscheidung maßnahme maßnahmen vorfall einigung
    gesetz entwurf bericht studie untersuchung umfrage ergebnis unternehmen firma behörde konzern verdächtige
    verdächtigen opfer täter angriff tat ankündigung erklärung mitteilung aussage dokument video brief fall urteil plan
    pläne programm projekt vorschlag schritt fahrer fahrerin auto wagen flugzeug gebäude schauspieler schauspielerin
    sänger sängerin trainer problem idee kritik vorwürfe klage verfahren prozess unfall brand feuer sturm explosion
    anlage film buch spiel sieg treffen besuch streik protest abstimmung rest autor autorin anwalt anwältin politiker
    politikerin minister ministerin sprecher sprecherin beiden
"""
_ANAPHORA = Anaphora(
    points_back=(
        r"(?:er|sie|ihn|ihm|ihnen|ihre?[nmrs]?|seine?[nmrs]?"
        r"|diese[nmrs]?(?! (?:woche|jahr|monat|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
        r"|wochenende|sommer|winter))|dies|jene[nmrs]?|beide|solche\w?|letztere\w?"
        r"|das (?:ist|war|sei|sind|hat|heißt|bedeutet|wäre|sagte|gilt|teilte|schrieb|erklärte|macht|soll|will|kann)"
        r"|auch|aber|doch|jedoch|denn|und|oder|sondern|dann|danach|dabei|dadurch|damit|daraufhin|darin|darüber|darum"
        r"|davon|davor|dazu|deshalb|deswegen|daher|dennoch|trotzdem|allerdings|außerdem|zudem|ferner|hingegen"
        r"|dagegen|indes(?:sen)?|inzwischen|mittlerweile|unterdessen|zuvor|später|anschließend|schließlich"
        r"|stattdessen|sonst|dort|gleichzeitig|zugleich|im gegenteil|zum beispiel|in der folge|demnach|immerhin"
        r"|andererseits|einerseits|ebenso|ähnlich|noch am selben tag"
        r"|(?:zwei|drei|wenige|einige) (?:tage|stunden|wochen|jahre) (?:später|zuvor))\b"
    ),
    told_before=(
        rf"(?:der|die|das) (?:[a-zäöü]\w+ )?(?P<noun>{'|'.join(_TOLD_BEFORE.split())})\b(?!,? (?:de[mnrs]|die|das"
        rf"|dass|vo[nmr]|für|in|im|zu[mr]?|aus|am|an|auf|bei|mit|über|gegen|zwischen|um|nach|(?-i:[A-ZÄÖÜ])\w+)\b)"
    ),
    nobody=(
        r"\b(?:sag(?:te|t)|erklärt?e?|betonte|meinte|schrieb|fügte|so|teilte|berichtete|kündigte|forderte|warnte"
        r"|ergänzte) (?:er|sie)\b|^(?:als|wenn|weil|nachdem|bevor|obwohl) (?:er|sie)\b"
    ),
    its_page=(
        r"\b(?:newsletter|abonnieren|klicken sie|lesen sie (?:auch|mehr|hier|dazu)|mehr zum thema|folgen sie uns"
        r"|dieser (?:artikel|text|beitrag) (?:ist|wurde|erschien)|liveblog|jetzt anmelden|datenschutz|cookies"
        r"|quelle:|foto:|mit material von|was wir wissen|alle entwicklungen)"
    ),
)

GERMAN = Language(
    code="de",
    capital_nouns=True,
    capital_days=True,
    stop_words=_QUESTION_WORDS
    | words(
        """heißt heiße heißen hieß nennt nennen lautet lautete manchmal ebenfalls beispielsweise insbesondere aber
        alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim bin bis
        bist da dabei dadurch dafür dagegen daher dahin damit danach daran darauf daraus darin darüber darum das
        dass daß davon davor dazu dein deine dem den denen denn der deren des dessen die dies diese diesem diesen
        dieser dieses doch dort du durch ein eine einem einen einer eines einige einigen einiger er es etwa etwas
        euch euer eure für gegen gewesen hab habe haben hat hatte hatten hattest hier hin hinter ich ihm ihn ihnen
        ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja jede jedem jeden jeder jedes jedoch jener jetzt
        kann kein keine keinem keinen keiner können könnte könnten machen macht man manche mehr mein meine mich
        mir mit muss musste müssen nach nachdem nicht nichts noch nun nur ob oder ohne sehr sein seine seinem
        seinen seiner seines seit selbst sich sie sind so solche solchen sollen sollte sollten sondern sonst sowie
        über um und uns unser unsere unter viel viele vom von vor während war waren warst wegen weil weiter
        weitere wenn werde werden wird wollen wollte worden wurde wurden würde würden zu zum zur zwar zwischen
        sagt sagte sagten gesagt gibt gab habt hätte hätten wäre wären"""
    ),
    months=MONTHS,
    short_months=SHORT_MONTHS,
    weekdays=WEEKDAYS,
    times=TIMES,
    phrasing=PHRASING,
    anaphora=_ANAPHORA,
    numbers=words(
        """zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dutzend hundert hunderte tausend tausende hälfte
        drittel viertel"""
    ),
    scales=r"prozent|millionen|million|milliarden|milliarde|billionen|euro|dollar",
    speech=words(
        """sagte sagt sagten gesagt erklärte erklärt erklärten teilte betonte betont kündigte warnte warnt nannte
        schrieb schreibt behauptete fügte forderte fordert kritisierte kritisiert versicherte verkündete
        berichtete bekräftigte meinte äußerte bestätigte bezeichnete"""
    ),
    speech_pattern=r"\b(?:zufolge|nach angaben|laut)\b",
    reasons=words(
        "weil wegen aufgrund nachdem deshalb daher darum infolge angesichts da denn seit durch dadurch grund"
    ),
    reason_pattern=r"\b(?:um zu|so dass|sodass|damit)\b",
    referring=r"er|sie|es|das|dies|diese|dieser|dieses|sein|seine|ihr|ihre|aber|und|doch|dabei|damit|dort|dazu|deshalb",
    openers=words(
        """der die das den dem des ein eine einen einem einer im in am an auf bei beim mit von vom nach seit zum zur
        zu für aus und oder aber doch wenn als während da weil dass er sie es wir ihr ich man wer was wie wo wann
        warum diese dieser dieses alle viele einige mehrere auch noch nun so dann dabei damit dort hier schon nur
        trotz unter über vor laut heute gestern morgen zwei drei erst bis sein seine ihre unser keine kein nicht
        jedoch durch gegen nachdem zudem außerdem"""
    ),
    shortened=words(
        "fa dr prof dipl ing abt bzw ca evtl ggf inkl vgl sog bspw geb rd zzgl abzgl gem lt st hl mr mrs frl"
    ),
    shortened_before_numbers=words("nr art abs bd kap abb tab s str ziff az"),
    asks={
        "person": r"\b(?:wer|wen|wem|wessen)\b|\bwelche[rnms]? (?:\w+ ){0,2}(?:politiker|minister|präsident|kanzler|"
        r"spieler|schauspieler|sänger|autor|chef|trainer|person|star|sportler|richter|künstler)(?:in|innen|s|n)?\b",
        "place": r"\b(?:wo|wohin|woher)\b|\b(?:welche[rnms]?|was für) (?:\w+ ){0,2}(?:land|stadt|staat|bundesland|ort|"
        r"region|insel|kontinent|fluss|gebiet|provinz|meer)\b",
        "number": r"\bwie\s?(?:viele?n?|hoch|alt|lange|weit|groß|oft|teuer|schwer|tief|schnell)\b|\bwelche[rnms]? "
        r"(?:\w+ ){0,2}(?:prozentsatz|anteil|zahl|anzahl|betrag|preis|summe|höhe|quote)\b",
        "date": r"\bwann\b|\bwelche[rnms]? (?:\w+ )?(?:jahr|monat|tag|datum|jahrhundert|jahrzehnt|zeitraum)s?\b|"
        r"\bseit wann\b",
        "reason": r"\b(?:warum|weshalb|wieso|weswegen|aus welchem grund|wodurch)\b",
        "speech": r"\b(?:sagt|sagte|sagen|erklärt|erklärte|meint|fordert|forderte|kritisiert|reagiert|reagierte|"
        r"behauptet|haltung|position)\b",
    },
    question_words=_QUESTION_WORDS,
)

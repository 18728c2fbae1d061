"""How German tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("januar februar märz april mai juni juli august september oktober november dezember".split())
SHORT_MONTHS = tuple("jan feb mär apr jun jul aug sep sept okt nov dez".split())
WEEKDAYS = tuple("montag dienstag mittwoch donnerstag freitag samstag sonntag".split())

_MONTH = rf"{any_of((*MONTHS, *SHORT_MONTHS))}\b\.?"
_MONTH_OF = rf"{_MONTH}(?:\s{YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"\d{1,2}\.?"
_DAY = rf"(?:{_NUMBER}\s?{_MONTH_OF}|\d\d?\.\s?\d\d?\.\s?{YEAR}|{NUMERIC_DAY})"
_COUNTS = {
    **dict.fromkeys(("ein", "eine", "einem", "einer"), 1),
    **{
        word: number
        for number, word in enumerate("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), 2)
    },
    **dict.fromkeys(("paar", "einigen", "einige", "wenigen", "mehreren", "mehrere"), 7),
}
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("stunde", "stunden"), "hour"),
    **dict.fromkeys(("tag", "tage", "tagen"), "day"),
    **dict.fromkeys(("woche", "wochen"), "week"),
    **dict.fromkeys(("monat", "monate", "monaten"), "month"),
    **dict.fromkeys(("jahr", "jahre", "jahren"), "year"),
}
_COUNT = rf"(?:(?:ein(?:em|en)?\s)?(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))})\s)"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_LAST = r"(?:letzt|vergangen|vorig)e"
_PART_OF_DAY = r"(?:\s?(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht))"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:zwischen|vom|von)\s(?:de[mn]\s)?(?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF})"
            rf"\s(?:und|bis)\s(?:zum\s|de[mn]\s)?(?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>seit|nach)|(?P<before>vor)|(?P<onwards>ab)|(?P<which>vom)|(?P<within>am))\s"
            rf"(?:dem\s)?(?:{_WEEKDAY},?\s)?(?:de[mn]\s)?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>seit|nach)|(?P<before>vor)|(?P<onwards>ab)|(?P<within>im|in|während|anfang|mitte|ende))\s"
            r"(?:(?:dem|des|diesem)\s)?(?:jahre?s?\s)?(?:(?:anfang|mitte|ende)\s)?"
            rf"(?P<date>{_MONTH_OF}|{YEAR})(?![\w/-])(?!\s?\d)",
        ),
        (  # a year needs no preposition, but behind a noun it is part of a name ("die WM 2018")
            "date",
            r"\b(?:war(?:en)?|wurden?|hat|haben|hatten?|gab(?:\ses)?|gewann(?:en)?|geschah|passierte|ist|sind|starb(?:en)?)"
            rf"\s(?P<date>{YEAR})(?![\w/-])(?!\.\d)",
        ),
        ("ago", rf"\bvor\s{_COUNT}{_UNIT}"),
        (
            "rolling",
            r"\b(?:(?:in|während|innerhalb|über)\s(?:de[nmr]|diesen)|die)\s(?:letzten|vergangenen|zurückliegenden)\s"
            rf"{_COUNT}{_UNIT}",
        ),
        (
            "rolling",
            r"\bin\sden\s(?:letzten|vergangenen)\s(?P<unit>stunden|tagen|wochen|monaten)\b",
        ),
        ("rolling", rf"\bseit\s{_COUNT}{_UNIT}"),
        ("before_yesterday", rf"\bvorgestern\b{_PART_OF_DAY}?"),
        ("yesterday", rf"\b(?:gestern\b{_PART_OF_DAY}?|{_LAST}\snacht)\b"),
        ("today", rf"\bheute\b(?!-|\s(?:show|journal|noch)){_PART_OF_DAY}?\b"),
        ("last_weekend", rf"\b(?:(?P<last>(?:am\s)?{_LAST}[ns])|am)\swochenende\b"),
        ("last_week", rf"\b(?P<of>in\sder\s)?{_LAST}[nr]?\swoche\b(?(of)(?!\s(?:de[rs]|vo[rnm])\b))"),
        ("last_month", rf"\b(?P<of>im\s)?{_LAST}n\smonat\b(?(of)(?!\s(?:de[rs]|vo[rnm])\b))"),
        ("this_week", r"\b(?:dieser?\swoche|(?:an\s)?diese[sm]\swochenende)\b"),
        ("this_month", r"\bdiese[nm]\smonat\b"),
        (
            "weekday",
            rf"\b(?:(?P<since>seit(?:\s(?:dem|{_LAST}[nm]))?)|(?P<last>(?:am\s)?{_LAST}[nm])|(?P<which>vom)|am|diesen)\s"
            rf"(?P<day>{_WEEKDAY}){_PART_OF_DAY}?(?![\w-])(?!,?\s(?:de[nm]\s)?\d)(?(last)(?!\sde[rs]\b))",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf"\s*(?:,|\b(?:und|oder|bis)\b|–)\s*(?:{_MONTH}|{YEAR})|\s(?:und|oder|bis)\s\d",
    future=(
        r"\b(?:wird|werden|wirst|soll(?:en)?|will|wollen|könnten?|künftige?\w?|kommende\w?|nächste\w?|demnächst|bald"
        r"|geplante?\w?|bevorstehende?\w?|übermorgen|(?<!heute\s)(?<!gestern\s)(?-i:morgen))\b"
    ),
    past_tense=(
        r"\b(?:hat|haben|hatten?|habt|wurden?|worden|waren?|gab|kam(?:en)?|ging(?:en)?|geschah|starb(?:en)?|schrieb"
        r"|gewann(?:en)?|verlor(?:en)?|beschloss|sprach(?:en)?|trat(?:en)?|fiel(?:en)?|stieg(?:en)?|traf(?:en)?|passiert"
        r"|(?-i:\w{3,}te(?:n|t)?)|(?-i:\w*ge\w{2,}(?:t|en)))\b"
    ),
    comparison=(
        r"\b(?:(?:größ|groß|höch|läng|stärk|schnell|niedrig|teuer|ält|jüng|schlimm|wärm|kält|heiß|tief|schwer|blutig"
        r"|heftig|schlecht|wichtig|mei|be|er)\w*ste[nrsm]?|letzte[rs]?|einzige\w?|rekord\w*|mehr|weniger|größer|höher"
        r"|besser|schlechter|nie|nicht|kein\w{0,2}|wie\slange)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:(?:nach|bei|während|seit|in|über|zu|von|aus)\s(?:de[mnrs]|eine[mnrs]?|sein\w*|ihr\w*)|beim|im|zum|zur"
        r"|vom)\s(?:\S+\s){1,4}|\b(?:begann|begonnen|startete)\s)$"
    ),
    since_then=r"\bseit\s[^,;?.!]{1,80}$",
    nowadays=r"\b(?:(?:von|bis|noch|auch|schon)\s|(?-i:der|die|das|dem|im)\s)$",
    past=(
        r"\b(?:damals|einst|seinerzeit|(?:in|während)\sden\s(?:frühen\s|späten\s)?(?:\d\d)?\d0er(?:n|-?\s?jahren)?|im\s\d\d"
        r"\.\sjahrhundert|vor\s(?:jahren|jahrzehnten|jahrhunderten)|vor\sder\s(?:wende|wiedervereinigung|pandemie))\b"
    ),
    old_name=(
        r"^(?:wer|welche\w?|wo|was|wie)\b[^,;.]*\b(?:gewann(?:en)?|gewonnen|war(?:en)?|hat|haben|wurden?|geschah|passierte)"
        rf"\b[^,;.]*(?<!\bnach)(?<!\bseit)\s(?:die|der|das|dem|den|beim|bei|im)\s(?:\S+\s){{1,4}}?(?P<year>{YEAR})\b"
    ),
)

"""How German tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("januar februar märz april mai juni juli august september oktober november dezember".split())
SHORT_MONTHS = tuple("jan feb mär apr jun jul aug sep sept okt nov dez".split())
WEEKDAYS = tuple("montag dienstag mittwoch donnerstag freitag samstag sonntag".split())

_MONTH = rf"{any_of((*MONTHS, *SHORT_MONTHS))}\b\.?"
_MONTH_OF = rf"{_MONTH}(?: {YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"\d{1,2}\.?"
_DAY = rf"(?:{_NUMBER} ?{_MONTH_OF}|\d\d?\. ?\d\d?\.(?: ?{YEAR}|(?! ?\d))|{NUMERIC_DAY})"
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
_COUNT = rf"(?:(?:ein(?:em|en)? )?(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))}) )"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_LAST = r"(?:letzt|vergangen|vorig)e"
_PART_OF_DAY = r"(?: ?(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht))"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:zwischen|vom|von) (?:de[mn] )?(?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF}) (?:und|bis) (?:zum "
            rf"|de[mn] )?(?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>seit|nach)|(?P<before>vor)|(?P<onwards>ab)|(?P<which>vom)"
            rf"|(?P<within>am)) (?:dem )?(?:{_WEEKDAY},? )?(?:de[mn] )?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>seit|nach)|(?P<before>vor)|(?P<onwards>ab)"
            rf"|(?P<within>im|in|während|anfang|mitte|ende)) (?:(?:dem|des|diesem) )?(?:jahre?s? )?(?:(?:anfang"
            rf"|mitte|ende) )?(?P<date>{_MONTH_OF}|{YEAR})(?![\w/-])(?! ?\d)",
        ),
        (  # a year needs no preposition, but behind a noun it is part of a name ("die WM 2018")
            "date",
            rf"\b(?:war(?:en)?|wurden?|hat|haben|hatten?|gab(?: es)?|gewann(?:en)?|geschah|passierte|ist|sind"
            rf"|starb(?:en)?) (?P<date>{YEAR})(?![\w/-])(?!\.\d)",
        ),
        ("ago", rf"\bvor {_COUNT}{_UNIT}"),
        (
            "rolling",
            rf"\b(?:(?:in|während|innerhalb|über) (?:de[nmr]|diesen)|die) (?:letzten|vergangenen"
            rf"|zurückliegenden) {_COUNT}{_UNIT}",
        ),
        (
            "rolling",
            r"\bin den (?:letzten|vergangenen) (?P<unit>stunden|tagen|wochen|monaten)\b",
        ),
        ("rolling", rf"\bseit {_COUNT}{_UNIT}"),
        ("before_yesterday", rf"\bvorgestern\b{_PART_OF_DAY}?"),
        ("yesterday", rf"\b(?:gestern\b{_PART_OF_DAY}?|{_LAST} nacht)\b"),
        ("today", rf"\bheute\b(?!-| (?:show|journal|noch)){_PART_OF_DAY}?\b"),
        ("last_weekend", rf"\b(?:(?P<last>(?:am )?{_LAST}[ns])|am) wochenende\b"),
        ("last_week", rf"\b(?P<of>in der )?{_LAST}[nr]? woche\b(?(of)(?! (?:de[rs]|vo[rnm])\b))"),
        ("last_month", rf"\b(?P<of>im )?{_LAST}n monat\b(?(of)(?! (?:de[rs]|vo[rnm])\b))"),
        ("this_week", r"\b(?:dieser? woche|(?:an )?diese[sm] wochenende)\b"),
        ("this_month", r"\bdiese[nm] monat\b"),
        (
            "weekday",
            rf"\b(?:(?P<since>seit(?: (?:dem|{_LAST}[nm]))?)|(?P<last>(?:am )?{_LAST}[nm])|(?P<which>vom)|am"
            rf"|diesen) (?P<day>{_WEEKDAY}){_PART_OF_DAY}?(?![\w-])(?!,? (?:de[nm] )?\d)(?(last)(?! de[rs]\b))",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf" *(?:,|\b(?:und|oder|bis)\b|–) *(?:{_MONTH}|{YEAR})| (?:und|oder|bis) \d",
    future=(
        r"\b(?:wird|werden|wirst|soll(?:en)?|will|wollen|könnten?|künftige?\w?|kommende\w?|nächste\w?|demnächst|bald"
        r"|geplante?\w?|bevorstehende?\w?|übermorgen|(?<!heute )(?<!gestern )(?-i:morgen))\b"
    ),
    past_tense=(
        r"\b(?:hat|haben|hatten?|habt|wurden?|worden|waren?|gab|kam(?:en)?|ging(?:en)?|geschah|starb(?:en)?|schrieb"
        r"|gewann(?:en)?|verlor(?:en)?|beschloss|sprach(?:en)?|trat(?:en)?|fiel(?:en)?|stieg(?:en)?|traf(?:en)?"
        r"|passiert|(?-i:\w{3,}te(?:n|t)?)|(?-i:\w*ge\w{2,}(?:t|en)))\b"
    ),
    comparison=(
        r"\b(?:(?:größ|groß|höch|läng|stärk|schnell|niedrig|teuer|ält|jüng|schlimm|wärm|kält|heiß|tief|schwer|blutig"
        r"|heftig|schlecht|wichtig|mei|be|er)\w*ste[nrsm]?|letzte[rs]?|einzige\w?|rekord\w*|mehr|weniger|größer"
        r"|höher|besser|schlechter|nie|nicht|kein\w{0,2}|wie lange)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:(?:nach|bei|während|seit|in|über|zu|von|aus) (?:de[mnrs]|eine[mnrs]?|sein\w*|ihr\w*)|beim|im|zum"
        r"|zur|vom) (?:\S+ ){1,4}|\b(?:begann|begonnen|startete) )$"
    ),
    since_then=r"\bseit [^,;?.!]{1,80}$",
    nowadays=r"\b(?:(?:von|bis|noch|auch|schon) |(?-i:der|die|das|dem|im) )$",
    past=(
        r"\b(?:damals|einst|seinerzeit|(?:in|während) den (?:frühen |späten )?(?:\d\d)?\d0er(?:n|-? ?jahren)?"
        r"|im \d\d\. jahrhundert|vor (?:jahren|jahrzehnten|jahrhunderten)"
        r"|vor der (?:wende|wiedervereinigung|pandemie))\b"
    ),
    old_name=(
        rf"^(?:wer|welche\w?|wo|was|wie)\b[^,;.]*\b(?:gewann(?:en)?|gewonnen|war(?:en)?|hat|haben|wurden?|geschah"
        rf"|passierte)\b[^,;.]*(?<!\bnach)(?<!\bseit) (?:die|der|das|dem|den|beim|bei"
        rf"|im) (?:\S+ ){{1,4}}?(?P<year>{YEAR})\b"
    ),
)

"""How Spanish tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split())
SHORT_MONTHS = tuple("ene feb mar abr jun jul ago sep sept oct nov dic".split())
WEEKDAYS = tuple("lunes martes miércoles jueves viernes sábado domingo".split())

_MONTH = rf"{any_of((*MONTHS, 'setiembre'))}\b"
_MONTH_OF = rf"{_MONTH}(?:\sdel?\s(?:año\s)?{YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"\d{1,2}"
_DAY = rf"(?:{_NUMBER}\sde\s{_MONTH_OF}|{NUMERIC_DAY})"
_COUNTS = {
    **dict.fromkeys(("un", "una"), 1),
    **{
        word: number
        for number, word in enumerate("dos tres cuatro cinco seis siete ocho nueve diez once doce".split(), 2)
    },
    "par de": 3,
    **dict.fromkeys(("unos", "unas", "pocos", "pocas", "algunos", "algunas", "varios", "varias"), 7),
}
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("hora", "horas"), "hour"),
    **dict.fromkeys(("día", "días"), "day"),
    **dict.fromkeys(("semana", "semanas"), "week"),
    **dict.fromkeys(("mes", "meses"), "month"),
    **dict.fromkeys(("año", "años"), "year"),
}
_COUNT = rf"(?:(?:unos\s|unas\s|un\s(?=par))?(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))})\s)"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_PAST = r"(?:últim|pasad)[oa]s"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:entre|del|desde|de)\s(?:el\s)?(?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF})\s(?:y|al|a|hasta)\s(?:el\s)?"
            rf"(?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>desde|después\sdel?|tras)|(?P<before>antes\sdel?)|(?P<onwards>a\spartir\sdel?)|(?P<which>del)"
            rf"|(?P<within>el|al))\s(?:el\s)?(?:(?:pasado|día)\s)?(?:{_WEEKDAY},?\s)?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>desde|después\sde|tras)|(?P<before>antes\sde)|(?P<onwards>a\spartir\sde)"
            r"|(?P<within>en|durante|a\s(?:principios|mediados|finales)\sde))\s(?:(?:principios|mediados|finales)\sde\s)?"
            rf"(?:el\s(?:pasado\s)?(?:mes\sde|año)\s)?(?P<date>{_MONTH_OF}|{YEAR})(?![\w/])(?!\s\d)",
        ),
        ("date", rf"(?<!\d\s)\b(?P<which>de)\s(?P<date>{_MONTH_OF})(?![\w/])(?!\s\d)"),
        ("rolling", rf"\bdesde\shace\s{_COUNT}{_UNIT}"),
        ("ago", rf"\bhace\s{_COUNT}{_UNIT}"),
        ("rolling", rf"\b(?:en|durante|por|de)?\s?(?:los|las|estos|estas)\s{_PAST}\s{_COUNT}{_UNIT}"),
        (
            "rolling",
            rf"\b(?:en|durante)\s(?:los|las|estos|estas)\s{_PAST}\s(?P<unit>horas|días|semanas|meses)\b",
        ),
        ("before_yesterday", r"\b(?:anteayer|antier|antes\sde\sayer)\b"),
        ("yesterday", r"\b(?:ayer|anoche)\b"),
        ("today", r"\b(?:hoy|esta\s(?:mañana|tarde|noche))\b(?!\s(?:en\s)?día)"),
        ("last_weekend", r"\b(?P<last>el\s(?:fin\sde\ssemana\spasado|pasado\sfin\sde\ssemana))\b"),
        ("last_week", r"\bla\s(?:semana\spasada|pasada\ssemana)\b"),
        ("last_month", r"\bel\s(?:mes\spasado|pasado\smes)\b(?!\sde\b)"),
        ("this_week", r"\best(?:a\ssemana|e\sfin\sde\ssemana)\b"),
        ("this_month", r"\beste\smes\b"),
        (
            "weekday",  # "los lunes" is every one
            r"\b(?:(?P<since>desde)\s(?:el\s)?|(?P<which>del)\s|(?:el|este)\s)(?:(?:pasado|último)\s)?"
            rf"(?P<day>{_WEEKDAY})(?:\s(?P<last>pasado|último))?(?:\spor\sla\s(?:mañana|tarde|noche))?(?![\w-])"
            r"(?!\s(?:\d|santo|negro|próximo|que\sviene|de)\b)",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf"\s*(?:,|\b(?:y|o|a)\b|–)\s*(?:{_MONTH}|{YEAR})|\s(?:y|o|al?)\s(?:el\s)?\d",
    names_too=frozenset(["mayo"]),  # "plaza de Mayo"
    future=(
        r"\b(?:va|van|podrían?|próxim[oa]s?|pronto|(?<!esta\s)(?<!la\s)mañana|previst[oa]s?|habrá|\w{2,}(?:rá|rán))\b"
    ),
    past_tense=(
        r"\b(?:ha|han|había|habían|fue|fueron|era|eran|dijo|hizo|hubo|\w{2,}(?:ó|aron|ieron|jeron)|paso|gano|murio|ocurrio"
        r"|voto|anuncio|aprobo|decidio)\b"
    ),
    comparison=(
        r"\b(?:primer[ao]?s?|últim[ao]s?|únic[ao]s?|más|menos|mejor|peor|mayor|menor|récord|nunca|no|ningun[ao]?"
        r"|cuánto\stiempo)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:tras|después\sde|durante|desde|en)\s(?:el|la|los|las|un|una|su)\s(?:\S+\s){1,4}"
        r"|\b(?:comenzó|empezó)\s)$"
    ),
    since_then=r"\bdesde\s[^,;?.!]{1,80}$",
    nowadays=r"\b(?:de|aún|todavía|hasta)\s$",
    past=(
        r"\b(?:antiguamente|antaño|en\saquella\sépoca|en\s(?:los\saños|la\sdécada\sde(?:\slos)?)\s(?:\d\d)?\d0|en\sel\ssiglo"
        r"\s[xvi]+|hace\s(?:muchos\saños|décadas|siglos))\b"
    ),
    old_name=(
        r"^\W*(?:quién(?:es)?|quien|qué|cuál(?:es)?|dónde|cómo|cuándo|en\squé)\b[^,;.]*\b(?:ganó|gano|ganaron|fue|fueron|era"
        r"|perdió|organizó|pasó|ha|han)\b[^,;.]*(?<!\btras)\s(?:el|la|los|las|del)\s(?:\S+\s){1,4}?(?:de\s)?"
        rf"(?P<year>{YEAR})\b"
    ),
)

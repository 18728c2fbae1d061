"""How Spanish tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split())
SHORT_MONTHS = tuple("ene feb mar abr jun jul ago sep sept oct nov dic".split())
WEEKDAYS = tuple("lunes martes miércoles jueves viernes sábado domingo".split())

_MONTH = rf"{any_of((*MONTHS, 'setiembre'))}\b"
_MONTH_OF = rf"{_MONTH}(?: del? (?:año )?{YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"\d{1,2}[º°]?"
_DAY = rf"(?:{_NUMBER} de {_MONTH_OF}|{NUMERIC_DAY})"
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
_COUNT = rf"(?:(?:unos |unas |un (?=par))?(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))}) )"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_PAST = r"(?:últim|pasad)[oa]s"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:entre|del|desde|de) (?:el )?(?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF}) (?:y|al|a"
            rf"|hasta) (?:el )?(?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>desde|después del?|tras)|(?P<before>antes del?)|(?P<onwards>a partir del?)"
            rf"|(?P<which>del)|(?P<within>el|al)) (?:el )?(?:(?:pasado"
            rf"|día) )?(?:{_WEEKDAY},? )?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>desde|después de|tras)|(?P<before>antes de)|(?P<onwards>a partir de)"
            rf"|(?P<within>en|durante|a (?:principios|mediados|finales) de)) (?:(?:principios|mediados"
            rf"|finales) de )?(?:el (?:pasado )?(?:mes de|año) )?(?P<date>{_MONTH_OF}|{YEAR})(?![\w/])(?! \d)",
        ),
        ("date", rf"(?<!\d )\b(?P<which>de) (?P<date>{_MONTH_OF})(?![\w/])(?! \d)"),
        ("rolling", rf"\bdesde hace {_COUNT}{_UNIT}"),
        ("ago", rf"\bhace {_COUNT}{_UNIT}"),
        ("rolling", rf"\b(?:en|durante|por|de)? ?(?:los|las|estos|estas) {_PAST} {_COUNT}{_UNIT}"),
        (
            "rolling",
            rf"\b(?:en|durante) (?:los|las|estos|estas) {_PAST} (?P<unit>horas|días|semanas|meses)\b",
        ),
        ("before_yesterday", r"\b(?:anteayer|antier|antes de ayer)\b"),
        ("yesterday", r"\b(?:ayer|anoche)\b"),
        ("today", r"\b(?:hoy|esta (?:mañana|tarde|noche))\b(?! (?:en )?día)"),
        ("last_weekend", r"\b(?P<last>el (?:fin de semana pasado|pasado fin de semana))\b"),
        ("last_week", r"\bla (?:semana pasada|pasada semana)\b"),
        ("last_month", r"\bel (?:mes pasado|pasado mes)\b(?! de\b)"),
        ("this_week", r"\best(?:a semana|e fin de semana)\b"),
        ("this_month", r"\beste mes\b"),
        (
            "weekday",  # "los lunes" is every one
            rf"\b(?:(?P<since>desde) (?:el )?|(?P<which>del) "
            rf"|(?:el|este) )(?:(?:pasado|último) )?(?P<day>{_WEEKDAY})(?: (?P<last>pasado"
            rf"|último))?(?: por la (?:mañana|tarde|noche))?(?![\w-])(?! (?:\d|santo|negro|próximo|que viene|de)\b)",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf" *(?:,|\b(?:y|o|a)\b|–) *(?:{_MONTH}|{YEAR})| (?:y|o|al?) (?:el )?\d",
    names_too=frozenset(["mayo"]),  # "plaza de Mayo"
    future=(
        r"\b(?:va|van|podrían?|próxim[oa]s?|pronto|(?<!esta )(?<!la )mañana|previst[oa]s?|habrá|\w{2,}(?:rá|rán))\b"
    ),
    past_tense=(
        r"\b(?:ha|han|había|habían|fue|fueron|era|eran|dijo|hizo|hubo|\w{2,}(?:ó|aron|ieron|jeron)|paso|gano|murio"
        r"|ocurrio|voto|anuncio|aprobo|decidio)\b"
    ),
    comparison=(
        r"\b(?:primer[ao]?s?|últim[ao]s?|únic[ao]s?|más|menos|mejor|peor|mayor|menor|récord|nunca|no|ningun[ao]?"
        r"|cuánto tiempo)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:tras|después de|durante|desde|en) (?:el|la|los|las|un|una|su) (?:\S+ ){1,4}|\b(?:comenzó|empezó) )$"
    ),
    since_then=r"\bdesde [^,;?.!]{1,80}$",
    nowadays=r"\b(?:de|aún|todavía|hasta) $",
    past=(
        r"\b(?:antiguamente|antaño|en aquella época|en (?:los años|la década de(?: los)?) (?:\d\d)?\d0"
        r"|en el siglo [xvi]+|hace (?:muchos años|décadas|siglos))\b"
    ),
    old_name=(
        r"^\W*(?:quién(?:es)?|quien|qué|cuál(?:es)?|dónde|cómo|cuándo|en qué)\b[^,;.]*\b(?:ganó|gano|ganaron|fue"
        r"|fueron|era|perdió|organizó|pasó|ha|han)\b[^,;.]*(?<!\btras) (?:el|la|los|las|del) (?:\S+ ){1,4}?(?:de )?"
        rf"(?P<year>{YEAR})\b"
    ),
)

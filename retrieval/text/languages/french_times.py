"""How French tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split())
SHORT_MONTHS = tuple("janv févr avr juil sept oct nov déc".split())
WEEKDAYS = tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split())

_MONTH = rf"{any_of((*MONTHS, *SHORT_MONTHS))}\b\.?"
_MONTH_OF = rf"{_MONTH}(?: {YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"(?:1er|\d{1,2})"
_DAY = rf"(?:{_NUMBER} {_MONTH_OF}|{NUMERIC_DAY})"
_COUNTS = {
    **dict.fromkeys(("un", "une"), 1),
    **{
        word: number
        for number, word in enumerate("deux trois quatre cinq six sept huit neuf dix onze douze".split(), 2)
    },
    **dict.fromkeys(("quelques", "plusieurs"), 7),
}
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("heure", "heures"), "hour"),
    **dict.fromkeys(("jour", "jours"), "day"),
    **dict.fromkeys(("semaine", "semaines"), "week"),
    **dict.fromkeys(("mois",), "month"),
    **dict.fromkeys(("an", "ans", "année", "années"), "year"),
}
_COUNT = rf"(?:(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))}) )"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_OVER = r"(?:(?:au cours|lors) des|(?:durant|pendant|dans|sur|en)? ?(?:les|ces))"
_PART_OF_DAY = r"(?: (?:matin|midi|après-midi|soir))"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:entre(?: le)?|du|de) (?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF}) (?:et(?: le)?|au|à"
            rf"|jusqu['’]au) (?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>depuis|après)|(?P<before>avant)|(?P<onwards>à partir du|dès)|(?P<which>du)"
            rf"|(?P<within>le|au|ce)) (?:le )?(?:{_WEEKDAY},? )?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>depuis|après)|(?P<before>avant)|(?P<onwards>à partir de|dès)"
            rf"|(?P<within>en|début|mi|fin|courant|au mois d['’e]|au début de|à la fin de|pendant))[\s-]?(?:(?:début"
            rf"|fin|mi)[\s-])?(?:le mois d(?:e |['’])|l['’]an(?:née)? )?(?P<date>{_MONTH_OF}|{YEAR})(?![\w/])(?! \d)",
        ),
        ("date", rf"(?<!\d )\b(?P<which>d(?:e |['’]))(?P<date>{_MONTH_OF})(?![\w/])(?! \d)"),
        ("rolling", rf"\bdepuis {_COUNT}{_UNIT}"),
        ("ago", rf"\b(?:il y a|voici|voilà) {_COUNT}{_UNIT}"),
        (
            "rolling",
            rf"\b{_OVER} {_COUNT}(?:derni[eè]re?s {_UNIT})",
        ),
        ("rolling", rf"\b{_OVER} derni[eè]re?s (?P<unit>heures|jours|semaines|mois)\b"),
        ("before_yesterday", rf"\bavant-hier\b{_PART_OF_DAY}?"),
        ("yesterday", rf"\b(?:hier\b{_PART_OF_DAY}?|la nuit dernière)\b"),
        ("today", r"\b(?:aujourd['’]hui|ce matin|cet après-midi|ce soir|cette nuit)\b"),
        ("last_weekend", r"\b(?P<last>le week-?end (?:dernier|passé))\b"),
        ("last_week", r"\bla semaine (?:dernière|passée)\b"),
        ("last_month", r"\ble mois (?:dernier|passé)\b"),
        ("this_week", r"\bce(?:tte semaine| week-?end)\b"),
        ("this_month", r"\bce mois\b"),
        (
            "weekday",  # "le lundi" is every one
            r"(?<!\ble )(?<!\bles )(?<!\bun )(?<!\bchaque )(?<!\ba )(?<!\bau )(?<!\bprochain )(?<!\bnon-)"
            r"\b(?:(?P<since>depuis) (?:le )?|(?P<which>du|de) )?(?:ce )?"
            rf"(?P<day>{_WEEKDAY})(?: (?P<last>dernier|passé))?{_PART_OF_DAY}?(?![\w-])"
            r"(?! (?:\d|prochain|à|au|saint|noir|gras)\b)",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf" *(?:,|\b(?:et|ou|à|au)\b|–) *(?:{_MONTH}|{YEAR})| (?:et|ou|à|au) \d",
    names_too=frozenset(["mars"]),
    future=(
        r"\b(?:va|vont|pourrait|pourraient|devrait|devraient|prochaine?s?|demain|bientôt|prévue?s?|à venir"
        r"|(?!op[ée]ra|cam[ée]ra)\w{2,}[ieéd]?ra|\w{2,}(?:ro|eo)?ront)\b"
    ),
    past_tense=(
        r"(?:\b(?:(?:a|ont)(?! lieu)|avait|avaient|fut|furent|était|étaient|été)\b"
        r"|\b(?:qu|c|s|n|l|m|t)['’](?:a|ont|est|était|avait)\b|\bse sont\b"
        r"|\b(?:est|sont)(?:-\w+)* \w+(?:é|ée|és|ées|u|ue|us|rt|rts|rte|rtes|is)\b)"
    ),
    comparison=(
        r"\b(?:premi[eè]re?s?|derni[eè]re?s?|seule?s?|plus|moins|meilleure?s?|pire|record|jamais|pas|aucune?"
        r"|combien de temps)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:lors|après|pendant|durant|depuis|dans|suite) (?:d(?:e |['’])"
        r"|à )?(?:(?:la|le|les|un|une|du|des|au|son|sa|leur) |l['’])?(?:\S+ ){1,4}|\b(?:commencé|débuté) )$"
    ),
    since_then=r"\bdepuis [^,;?.!]{1,80}$",
    nowadays=r"(?:\bd['’]|\b(?:encore|jusqu['’]à|à) )$",
    past=(
        r"\b(?:autrefois|jadis|naguère|à l['’]époque|dans les années (?:\d\d)?\d0"
        r"|au (?:xv?i{0,3}x?e?|\d\d ?e) ?siècle|il y a (?:des années|(?:plusieurs|des) (?:décennies|siècles)))\b"
    ),
    old_name=(
        rf"^(?:qui|quel\w*|où|comment|quand|que|qu)\b[^,;.]*\b(?:a|ont|avait|avaient|était|étaient"
        rf"|fut)\b[^,;.]*(?<!\baprès)(?<!\bdepuis) (?:(?:la|le|les) |l['’])(?:\S+ ){{1,4}}?(?:de )?(?P<year>{YEAR})\b"
    ),
)

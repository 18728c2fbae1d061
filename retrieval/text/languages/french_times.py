"""How French tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import NUMERIC_DAY, YEAR, Times, Unit, any_of

MONTHS = tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split())
SHORT_MONTHS = tuple("janv févr avr juil sept oct nov déc".split())
WEEKDAYS = tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split())

_MONTH = rf"{any_of((*MONTHS, *SHORT_MONTHS))}\b\.?"
_MONTH_OF = rf"{_MONTH}(?:\s{YEAR})?"
_WEEKDAY = any_of(WEEKDAYS)
_NUMBER = r"(?:1er|\d{1,2})"
_DAY = rf"(?:{_NUMBER}\s{_MONTH_OF}|{NUMERIC_DAY})"
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
_COUNT = rf"(?:(?P<count>\d{{1,3}}|{any_of(tuple(_COUNTS))})\s)"
_UNIT = rf"(?P<unit>{any_of(tuple(_UNITS))})\b"
_OVER = r"(?:(?:au\scours|lors)\sdes|(?:durant|pendant|dans|sur|en)?\s?(?:les|ces))"
_PART_OF_DAY = r"(?:\s(?:matin|midi|après-midi|soir))"

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:entre(?:\sle)?|du|de)\s(?P<start>{_DAY}|{_NUMBER}|{_MONTH_OF})\s(?:et(?:\sle)?|au|à|jusqu['’]au)\s"
            rf"(?P<end>{_DAY}|{_MONTH_OF})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>depuis|après)|(?P<before>avant)|(?P<onwards>à\spartir\sdu|dès)|(?P<which>du)"
            rf"|(?P<within>le|au|ce))\s(?:le\s)?(?:{_WEEKDAY},?\s)?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            r"\b(?:(?P<since>depuis|après)|(?P<before>avant)|(?P<onwards>à\spartir\sde|dès)"
            r"|(?P<within>en|début|mi|fin|courant|au\smois\sd['’e]|au\sdébut\sde|à\sla\sfin\sde|pendant))[\s-]?"
            r"(?:(?:début|fin|mi)[\s-])?(?:le\smois\sd(?:e\s|['’])|l['’]an(?:née)?\s)?"
            rf"(?P<date>{_MONTH_OF}|{YEAR})(?![\w/])(?!\s\d)",
        ),
        ("date", rf"(?<!\d\s)\b(?P<which>d(?:e\s|['’]))(?P<date>{_MONTH_OF})(?![\w/])(?!\s\d)"),
        ("rolling", rf"\bdepuis\s{_COUNT}{_UNIT}"),
        ("ago", rf"\b(?:il\sy\sa|voici|voilà)\s{_COUNT}{_UNIT}"),
        (
            "rolling",
            rf"\b{_OVER}\s{_COUNT}(?:derni[eè]re?s\s{_UNIT})",
        ),
        ("rolling", rf"\b{_OVER}\sderni[eè]re?s\s(?P<unit>heures|jours|semaines|mois)\b"),
        ("before_yesterday", rf"\bavant-hier\b{_PART_OF_DAY}?"),
        ("yesterday", rf"\b(?:hier\b{_PART_OF_DAY}?|la\snuit\sdernière)\b"),
        ("today", r"\b(?:aujourd['’]hui|ce\smatin|cet\saprès-midi|ce\ssoir|cette\snuit)\b"),
        ("last_weekend", r"\b(?P<last>le\sweek-?end\s(?:dernier|passé))\b"),
        ("last_week", r"\bla\ssemaine\s(?:dernière|passée)\b"),
        ("last_month", r"\ble\smois\s(?:dernier|passé)\b"),
        ("this_week", r"\bce(?:tte\ssemaine|\sweek-?end)\b"),
        ("this_month", r"\bce\smois\b"),
        (
            "weekday",  # "le lundi" is every one
            r"(?<!\ble\s)(?<!\bles\s)(?<!\bun\s)(?<!\bchaque\s)(?<!\ba\s)(?<!\bau\s)(?<!\bprochain\s)(?<!\bnon-)"
            r"\b(?:(?P<since>depuis)\s(?:le\s)?|(?P<which>du|de)\s)?(?:ce\s)?"
            rf"(?P<day>{_WEEKDAY})(?:\s(?P<last>dernier|passé))?{_PART_OF_DAY}?(?![\w-])"
            r"(?!\s(?:\d|prochain|à|au|saint|noir|gras)\b)",
        ),
    ),
    counts=_COUNTS,
    uncounted=7,
    units=_UNITS,
    list_follows=rf"\s*(?:,|\b(?:et|ou|à|au)\b|–)\s*(?:{_MONTH}|{YEAR})|\s(?:et|ou|à|au)\s\d",
    names_too=frozenset(["mars"]),
    future=(
        r"\b(?:va|vont|pourrait|pourraient|devrait|devraient|prochaine?s?|demain|bientôt|prévue?s?|à\svenir"
        r"|(?!op[ée]ra|cam[ée]ra)\w{2,}[ieéd]?ra|\w{2,}(?:ro|eo)?ront)\b"
    ),
    past_tense=(
        r"(?:\b(?:(?:a|ont)(?!\slieu)|avait|avaient|fut|furent|était|étaient|été)\b|\b(?:qu|c|s|n|l|m|t)['’](?:a|ont|est|était|avait)\b"
        r"|\bse\ssont\b|\b(?:est|sont)(?:-\w+)*\s\w+(?:é|ée|és|ées|u|ue|us|rt|rts|rte|rtes|is)\b)"
    ),
    comparison=(
        r"\b(?:premi[eè]re?s?|derni[eè]re?s?|seule?s?|plus|moins|meilleure?s?|pire|record|jamais|pas|aucune?"
        r"|combien\sde\stemps)\b[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:lors|après|pendant|durant|depuis|dans|suite)\s(?:d(?:e\s|['’])|à\s)?"
        r"(?:(?:la|le|les|un|une|du|des|au|son|sa|leur)\s|l['’])?(?:\S+\s){1,4}|\b(?:commencé|débuté)\s)$"
    ),
    since_then=r"\bdepuis\s[^,;?.!]{1,80}$",
    nowadays=r"(?:\bd['’]|\b(?:encore|jusqu['’]à|à)\s)$",
    past=(
        r"\b(?:autrefois|jadis|naguère|à\sl['’]époque|dans\sles\sannées\s(?:\d\d)?\d0|au\s(?:xv?i{0,3}x?e?|\d\d\s?e)\s?siècle"
        r"|il\sy\sa\s(?:des\sannées|(?:plusieurs|des)\s(?:décennies|siècles)))\b"
    ),
    old_name=(
        r"^(?:qui|quel\w*|où|comment|quand|que|qu)\b[^,;.]*\b(?:a|ont|avait|avaient|était|étaient|fut)\b[^,;.]*"
        rf"(?<!\baprès)(?<!\bdepuis)\s(?:(?:la|le|les)\s|l['’])(?:\S+\s){{1,4}}?(?:de\s)?(?P<year>{YEAR})\b"
    ),
)

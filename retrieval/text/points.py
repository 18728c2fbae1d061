"""Points that end no sentence in languages other than English: behind numbers that count, and behind what is shortened.

The sentence splitter was taught English. It is asked about one place at a time, so none of this costs anything where no
point stands.
"""

from __future__ import annotations

import re

from retrieval.text.languages.known import language as known
from retrieval.text.languages.language import Language

# "am 3. März", "der 1. FC Köln": what stands before a number that counts, where a name or noun follows.
_COUNTED = re.compile(r"(?:^|[\s(„“«\"])(?:(?P<before>[^\W\d_]{1,9})\s)?\d{1,2}\.$")
_BEFORE_A_COUNTED = frozenset(
    """
    der die das dem den des am im vom zum zur beim ins ab bis seit und oder ihr ihre ihrem ihren ihrer sein seine seinem
    seinen seiner ein eine einem einen einer jede jeder jeden jedes kein keine
    """.split()
)
# Those of them that English has as well begin sentences, too.
_MONTHS = frozenset(
    """
    januar jänner januari januára februar februari februára märz mars marts maart marca apríla mai maj mei mája juni jun
    júna juli jul júla augusti augustus augusta septembra oktober október októbra novembra dezember desember decembra
    mär okt dez des
    ledna února března dubna května června července srpna září října listopadu prosince
    tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta
    marraskuuta joulukuuta
    """.split()
)
_ALWAYS_COUNTED = frozenset("Jahrhundert Jahrhunderts Jahrtausend Lebensjahr Jahrestag Geburtstag Spieltag".split())
_FIRST = re.compile(r"[^\W\d_]+")
_SHORTENED = re.compile(
    r"(?<![\w.])(?:bzw|ca|evtl|ggf|inkl|vgl|sog|bspw|geb|med|phil|jur|rer|nat|z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R"
    r"|[Ss]ras?|[Ss]res|[Ss]rtas?|Dña|Lic|Ing|p\.\s?ej|Mmes?|Mlles?|bl\.\s?a|f\.\s?eks|t\.\s?ex|o\.\s?a|sog|tzv|např|tzn"
    r"|im|ul|bijv|o\.l\.v)\.$"
)
_BEFORE_NUMBERS = re.compile(
    r"(?<![\w.])(?:Art|(?<=['’])art|[Nn]r|[Nn]úm|[Nn]um|[Pp]ág|[Aa]bs|[Ss]tr|[Bb]d|[Kk]ap|[Kk]l|nos?)\.$"
)

# "Dez. dort": what is short and begins with a capital, where a small letter follows.
_SHORT_NAME = re.compile(r"(?<![\w.])[^\W\d_a-z][^\W\d_A-Z]{1,4}\.$")


_LAST_WORD = re.compile(r"(?<![\w.])([^\W\d_][\w.-]*)\.$")
_LETTER = re.compile(r"[^\W\d_]")


def is_within(before: str, after: str, language: str | None = None) -> bool:
    """Whether the point at the end of `before` ends no sentence, as `after` goes on from it."""
    if not before.endswith("."):
        return False
    if _is_within_in(known(language), before, after):
        return True
    if (counted := _COUNTED.search(before)) is not None:
        first = _FIRST.match(after)
        if first is None:
            return False
        determined = (counted["before"] or "").lower() in _BEFORE_A_COUNTED
        return determined or first[0].lower() in _MONTHS or first[0] in _ALWAYS_COUNTED
    if after[:1].isdigit() and _BEFORE_NUMBERS.search(before):
        return True
    return bool(_SHORTENED.search(before) or (after[:1].islower() and _SHORT_NAME.search(before)))


def _is_within_in(spoken: Language, before: str, after: str) -> bool:
    """The same, by what the language of the text shortens, and by small letters where these tell."""
    if after[:1].islower() and spoken.small_letters_go_on and _LETTER.match(before[-2:-1]):
        return True
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last[1].lower()
    return word in spoken.shortened or (after[:1].isdigit() and word in spoken.shortened_before_numbers)

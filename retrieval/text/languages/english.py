"""English: what is read most, so some of it stands in lists of its own (`retrieval.text.words`)."""

from retrieval.text.languages.english_times import TIMES
from retrieval.text.languages.language import Language
from retrieval.text.languages.word_lists import words
from retrieval.text.words import MONTHS, NUMBERS, QUESTION_WORDS, SHORT_MONTHS, STOP_WORDS, WEEKDAYS

ENGLISH = Language(
    code="en",
    stop_words=STOP_WORDS,
    capitals_tell_names=True,
    capital_days=True,
    months=MONTHS,
    short_months=SHORT_MONTHS,
    weekdays=WEEKDAYS,
    # Not "one", which is seldom a number, and none above twelve, which are written in digits.
    numbers=frozenset(word for word, number in NUMBERS.items() if 2 <= number <= 12)
    | words("dozen dozens hundred hundreds thousand thousands half third"),
    scales=r"percent|per cent|million|billion|trillion",
    speech=words(
        """said says told tells added announced warned called claimed argued insisted wrote tweeted stated noted
        explained vowed urged described stressed underscored emphasized expressed"""
    ),
    speech_pattern=r"\baccording to\b",
    reasons=words("because after amid over since following reason cause caused causes blam"),
    reason_pattern=r"\b(?:due to|so that|in order)\b",
    referring=r"He|She|They|It|This|That|These|Those|His|Her|Their|Its|But|And|The (?:pair|move|deal)",
    openers=words(
        """the a an in on at for from with but and or so yet if when while after before since as by to of this that
        these those it he she they we you i there here what who how why his her their its our my not no one some
        many most more all both each every another other two three according last first then now still also
        despite during under over about"""
    ),
    small_letters_go_on=False,
    asks={
        "person": r"\b(?:who|whom|whose)\b|\b(?:which|what) (?:\w+ ){0,3}(?:actor|actress|singer|president|player|star|"
        r"athlete|leader|politician|senator|minister|celebrity|artist|rapper|coach|director|candidate|lawmaker|musician)",
        "place": r"\bwhere\b|\b(?:which|what|whose) (?:\w+ ){0,3}(?:country|countries|nation|state|city|cities|town|"
        r"island|region|continent|province|place|location|area|county|river|sea|ocean|national park)\b",
        "number": r"\bhow (?:many|much|old|long|far|tall|big|often|high|large)\b|\b(?:what|which) (?:\w+ ){0,3}"
        r"(?:percentage|percent|age|number|amount|score|price|cost|share|rate|fine)\b",
        "date": r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|month|day|date|decade|century|time)\b|\bsince:",
        "reason": r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led|prompted|is the reason)",
        "speech": r"\b(?:say|says|said|tell|told|think|claim|claims|argue|call for|respond|react|stance|view)\b",
    },
    question_words=frozenset(QUESTION_WORDS),
    times=TIMES,
)

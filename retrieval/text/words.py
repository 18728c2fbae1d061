"""The words that are known one by one: months, weekdays, numbers, and those that carry grammar. In lower case.

Who needs another list makes it of these, and says there what is more or less in it, and why.
"""

from __future__ import annotations

import re

MONTHS = tuple("january february march april may june july august september october november december".split())
SHORT_MONTHS = tuple("jan feb mar apr jun jul aug sept sep oct nov dec".split())
"""As they stand before a full stop; May is not shortened."""
ANY_MONTH = "|".join((*MONTHS, *SHORT_MONTHS))
"""A regular expression, to be put in brackets and to be read without regard to case."""
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
"""As `date.weekday` counts them."""

_TO_NINETEEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {word: number for number, word in enumerate(_TO_NINETEEN)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
"""Below a hundred, those that are one word."""
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

ARTICLES = frozenset(("a", "an", "the"))
QUESTION_WORDS = tuple("what who whom whose which why when where how".split())
AUXILIARIES = tuple("did does do has have had is are was were will would can could should may might".split())
"""Those with which a question may begin."""
BEING_AND_HAVING = frozenset("is are was were be been has have had".split())
PREPOSITIONS = frozenset("at by for from in of on to with".split())
"""The commonest."""
NEGATIONS = frozenset("no not never none nobody nothing neither nor without cannot denied denies deny".split())
"""What turns a statement into its contrary."""
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being both but by can could did do does
    doing during each for from further had has have having he her here hers him his how i if in into is it its just
    many may me might more most much must my no nor not of off on once only or other our out over own say said says
    same shall she should so some such tell than that the their them then there these they this those through to too
    under until up very was we were what when where which while who whom whose why will with would you your
    s t d ll re ve m
    """.split()
)
"""What carries the grammar of a sentence, not its subject."""


def month_number(month: str) -> int:
    """1 to 12, of a month in full or shortened."""
    return [name[:3] for name in MONTHS].index(month[:3].lower()) + 1


# Where words are not set apart by spaces, they are of two characters on average.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces, about how many."""
    if text.isascii():
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub("", text).split()) + (unspaced + 1) // 2

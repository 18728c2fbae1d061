"""Whether a sentence is understood by whoever has not read the one before it.

"He said so on Monday." needs to be told who, "However, the bill failed." what came before, "The man was arrested."
which man. The rules know English, what other languages tell (`languages.anaphora.Anaphora`), and of any some words that
begin a sentence so; where they know nothing, they find nothing amiss.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from retrieval.text.languages.known import language as known
from retrieval.text.names import SMALL_WORDS
from retrieval.text.terms import term_set
from retrieval.text.words import MONTHS, WEEKDAYS

# Somebody who is named before "she said", behind the first word.
_NAMED_WITHIN = re.compile(r"\s[^\W\d_a-zà-ÿ][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Patterns:
    points_back: re.Pattern[str]
    told_before: re.Pattern[str]
    nobody: re.Pattern[str]
    names: bool
    """Whether a capital tells that somebody is named."""


@cache
def _told(language: str | None) -> _Patterns | None:
    """What a language tells of it; None where that is English, or nothing."""
    spoken = known(language)
    if (told := spoken.anaphora) is None:
        return None
    points_back, told_before, nobody = (
        re.compile(each, re.IGNORECASE) for each in (told.points_back, told.told_before, told.nobody)
    )
    return _Patterns(points_back=points_back, told_before=told_before, nobody=nobody, names=spoken.capitals_tell_names)


_OPENS = "\"'“”„«»‘’‚‹›([–—―•* -"
_QUOTES = '"“„«»'


def _any(words: str) -> str:
    """An alternative of a regular expression, of words apart by white space."""
    return "|".join(words.split())


def _any_line(phrases: str) -> str:
    """An alternative of a regular expression, one a line."""
    return "|".join(phrase.strip() for phrase in phrases.strip().splitlines())


# --- its first words -------------------------------------------------------------------------------

_PRONOUNS = """
    he she they it him her his its their theirs these those such both neither others
    er sie dies diese dieser diesen dieses ihr ihre sein seine il ils elles cela él ella ellos ellas esto eso
"""
_CONNECTIVES = """
    but and or nor yet still also however meanwhile instead then hence thus therefore moreover furthermore nevertheless
    nonetheless otherwise besides likewise similarly conversely additionally consequently accordingly plus afterward
    afterwards thereafter subsequently simultaneously maybe here here's
    aber doch jedoch außerdem zudem dennoch trotzdem deshalb daher darum allerdings zuvor danach daraufhin anschließend
    inzwischen dabei dazu mais cependant pourtant toutefois néanmoins ensuite pero además asimismo luego
"""
_WITH_A_COMMA = """
    first second third secondly thirdly next later earlier now indeed perhaps well yes no sure okay again rather though
    finally eventually ultimately overall there alternatively
"""
_PERIOD = "(?:second|minute|hour|day|night|week|month|year|moment)s?"
_PHRASES = rf"""
    so(?! far)
    that (?:said|is)
    even (?:so|then|now|worse|better)
    (?:since|by|until|back) then
    at (?:the|that|this|the same) (?:time|point|moment|stage)
    in (?:addition|turn|response|contrast|fact|other words|short|(?:that|this) case|the (?:meantime|process))
    by (?:contrast|comparison)
    as (?:a result|a consequence|such|well)
    on (?:the other hand|top of (?:that|this)|the contrary)
    for (?:example|instance|context|comparison|one thing|(?:his|her|its|their) part|(?:that|this) reason)
    (?:to|with|in|during|after|before|despite|amid|among|because of|instead of|of|like|beyond) th(?:at|is|ese|ose|em)
    of course
    (?:(?:an?|one|two|three|four|five|six|several|some|a few) )?{_PERIOD} (?:later|earlier|before that|after that)
    (?:soon|shortly|not long) (?:after|before|afterwards?|thereafter)(?= ?,)
    (?:later|earlier) (?:that|in the) \w+
    the (?:next|following|same|previous) {_PERIOD}
    par ailleurs
    en outre
    sin embargo
    no obstante
"""
_POINTS_WITHIN = (
    r"(?:while|although|though|as|if|when|because|since) th(?:is|at|ese|ose) (?:is|was|are|were|has|had|may|will)"
)
_TIMES = "|".join((*WEEKDAYS, *MONTHS, *"week weekend month year season summer winter spring fall morning".split()))
_POINTING = re.compile(
    rf"(?:{_POINTS_WITHIN}|{_any(_PRONOUNS)}|{_any(_CONNECTIVES)}|{_any_line(_PHRASES)}|(?:{_any(_WITH_A_COMMA)})(?=,)"
    rf"|th(?:is|at)(?! (?:past |coming )?(?:{_TIMES})\b))(?![\w-])",
    re.IGNORECASE,
)


def points_back(sentence: str, language: str | None = None) -> bool:
    """Whether its first words are a pronoun or a connective, which go back to the sentence before it."""
    told = _told(language)
    return (told.points_back if told else _POINTING).match(_bare(sentence)) is not None


def _bare(sentence: str) -> str:
    return sentence.lstrip(_OPENS).replace("’", "'")


# --- what it speaks of -------------------------------------------------------------------------------

_TOLD_BEFORE = """
    decision recommendation move incident man woman men women boy girl child children teen teenager pair couple duo trio
    deal agreement bill law measure legislation resolution amendment report study survey finding result group company
    companies firm agency team organization organisation suspect victim attack announcement statement news document
    video footage post tweet letter case order ruling verdict change plan project program programme proposal policy
    event step figure number officer family driver vehicle car plane aircraft building actor actress singer star player
    coach issue problem situation idea concept trend effort initiative comment remark allegation charge claim lawsuit
    suit complaint filing hearing trial investigation probe crash fire blaze storm quake earthquake explosion blast
    shooting accident disaster tragedy site facility show film movie album song book series game match race mission
    launch spacecraft vote meeting talks visit trip tour campaign strike protest rest latter former two three four five
    release crew panel judge senator congressman congresswoman lawmaker pontiff rapper musician comedian host anchor
    author lawyer attorney institution tool feature product device phone retailer chain automaker planemaker carmaker
    airline bank museum restaurant park school university campus district process approach system method reason
    difference cause answer goal aim purpose source question message quote image photo picture list ranking region area
    town city village state country
"""
_TELLS_WHICH = (
    "of for in between against to on by behind at from over into who whose that about where known called named"
)
_THE_NOUN = re.compile(
    rf"the\s(?:(?!(?:{_any(_TELLS_WHICH)})\b)[a-z\d][\w'-]{{0,30}}\s){{0,2}}?(?P<noun>{_any(_TOLD_BEFORE)})(?:s|es)?\b"
    rf"(?!\s(?:{_any(_TELLS_WHICH)})\b|[-'])",
    re.IGNORECASE,
)
_THE_AGED = re.compile(r"the\s(?:now[\s-])?\d{1,3}-year-old\b", re.IGNORECASE)
_SOME = "most|some|many|few|several|all|none|one|two|three|four|five"
# "Some acknowledged that", but not "some armed men".
_VERBS = r"\w+ed (?:that|to|the|an?|him|her|it|them|on|in|for|at|by|with|from|about)"
_VERBS += r"|said|say|says|have|has|had|are|were|was|is|will|would|can|could|also|do|did|don't|didn't"
_OTHER = re.compile(
    r"(?:another|other|(?:two|several|many|some) others|the others?|one (?:other|such)|the (?:two|three|four|five)"
    rf"|the (?:first|second|third|last|latest) (?:{_VERBS})"
    rf"|(?:{_SOME})(?:,| [–—])|(?:{_SOME}) (?:{_VERBS})|(?:{_SOME}|each|either|neither) of (?:them|these|those))"
    r"(?!\w)",
    re.IGNORECASE,
)


def needs_a_noun(sentence: str, above: Set[str] = frozenset(), language: str | None = None) -> bool:
    """Whether it begins with what was told before ("The man fled.", "Another one", "Some said") and is not told anew.

    What the terms `above` name, as of the headline above it, is known.
    """
    bare = _bare(sentence)
    if told := _told(language):
        found = told.told_before.match(bare)
        return found is not None and not term_set(found["noun"]) & above
    if _THE_AGED.match(bare) or _OTHER.match(bare):
        return True
    found = _THE_NOUN.match(bare)
    return found is not None and not term_set(found["noun"]) & above


# --- whom it speaks of -------------------------------------------------------------------------------

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«")
_HE_OR_SHE = re.compile(r"\b(?:he|she|they|him|her|his|them|their)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:he|she|they)\b", re.IGNORECASE)
_IT_SAID = re.compile(r"^[\s,]*it said\b|\bin an? \w+, it said\b", re.IGNORECASE)
_INTRODUCES = re.compile(
    r"(?:in|on|at|during|speaking|writing|asked|asking|addressing|appearing|citing|calling|noting|referring|through|with"
    r"|without|by|last|this|early|late|earlier|over|under|from|for|prior|following|throughout|born|despite|according)\b"
    r"[^,]{0,80},\s$",
    re.IGNORECASE,
)
# "It is", "it was" may speak of nothing at all.
_BEGUN_BY = re.compile(
    r"\s*(?:[^\W\d_]+(?:ing|ed)\b[^,]{0,90},\s(?:he|she|they|it)\b"
    r"|(?:in|on|at|as of|since|by|from|after|for|with|within|during|until)\b[^,]{0,60},\sit\s"
    r"(?!(?:is|was|will be|would be|has been|had been|takes|took|seems|seemed|remains|became|becomes)\b))",
    re.IGNORECASE,
)
_LAST_SAID = re.compile(
    r",[”\"]?\s(?:he|she|they|it)\s(?:said|says|added|wrote|told|explained|noted|continued|claimed)\b[^,]{0,60}\Z"
)
_NO_NAME = "|".join((*sorted(SMALL_WORDS), "according"))
_NAMED = re.compile(rf"\b(?!(?i:{_NO_NAME})\b)[^\W\d_a-z]|\b(?:an?|the|one|no|every)\s\w")
_NAMED_BEHIND = re.compile(r"[^.]*?,\s(?:the\s|an?\s|[^\W\d_a-z])")
_BEFORE_A_NAME = re.compile(
    r"\W*(?:when|while|as|after|before|although|though|if|since|in|with|during|on|once|until)\b", re.IGNORECASE
)


def unquoted(sentence: str) -> str:
    """What the writer says, without what is quoted."""
    return _QUOTED.sub(" ", sentence)


def needs_a_name(sentence: str, language: str | None = None) -> bool:
    """Whether it speaks of a "he" or "they" whom it does not name: "“Never,” she said.", "In court, he wept."."""
    said = unquoted(sentence)
    if told := _told(language):
        missing = told.nobody.search(said.strip())
        named = told.names and missing and _NAMED_WITHIN.search(said.strip()[: missing.start()])
        return missing is not None and not named
    if _BEGUN_BY.match(said) or _LAST_SAID.search(said):
        return True
    found = _HE_OR_SHE.search(said)
    if found is None:
        return "t said" in said and bool(_IT_SAID.search(said))
    before, behind = said[: found.start()], said[found.end() :]
    if _INTRODUCES.match(before) and _SUBJECT.match(found[0]):
        return True
    if _NAMED.search(before):
        return False
    return not (_BEFORE_A_NAME.match(said) and _NAMED_BEHIND.match(behind))


# --- whether it is whole ---------------------------------------------------------------------------------

# A call is none of a report's own words.
_ENDED = re.compile(r"(?:[.。！｡।॥؟۔։።…][\"'”’»›)\]」』）]*|![\"'”’»›)\]」』）]+)\Z")
_ASKED = re.compile(r"\?[\"'”’»›)\]]*\Z")
_LABEL = re.compile(r"[^.!?“”\"]{1,45}?\s?:(?!\d)")
_TEASER = re.compile(r"[a-z]:[A-Z“‘\"]")
_NO_PREDICATE = re.compile(
    r"(?:[^\W\d_]+ing|to)\s(?![^.]*(?:,|;|\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should"
    r"|isn't|wasn't|takes|makes|means)\b))[^.]*\.?\Z",
    re.IGNORECASE,
)
_CUT = re.compile(r"\b(?:St|Mt|Ft|Sens?|Reps?|Gov|Gen|Lt|Dr|Mrs?|Ms|Prof|vs|[DR]-[^\W\d_]+)\.\Z")
_BREAKS = "\n\r\x85\u2028\u2029"
_LONGEST_PARAGRAPH = 3_000  # characters of it that are looked at


def is_open(text: str) -> bool:
    """Whether a quotation begins in it and does not end, or ends and did not begin."""
    curved = text.count("“") - text.count("”")
    if low := text.count("„"):
        curved = low - text.count("“") - text.count("”")
    angled, cornered = text.count("«") - text.count("»"), text.count("「") - text.count("」")
    return bool(curved or angled or cornered or text.count('"') % 2)


def is_whole(body: str, start: int, end: int) -> bool:
    """Whether `[start, end)` of `body` is a statement from its beginning to its stop, and no part of a quotation.

    A question is none, nor is a call, a heading, an aside in brackets, a label with what it labels ("Venue: the town
    hall."), a sentence that was cut in two by mistake, or a quotation without who said it.
    """
    sentence = body[start:end]
    if not _ENDED.search(sentence) or _ASKED.search(sentence) or is_open(sentence) or _CUT.search(sentence):
        return False
    if any(pattern.match(sentence) for pattern in (_LABEL, _NO_PREDICATE)) or _TEASER.search(sentence):
        return False
    first = sentence[0]
    if first.islower() or first in "([" or not (first.isalnum() or first in _OPENS):
        return False
    if first in _QUOTES and not re.search(r"\w", unquoted(sentence)):
        return False
    before = body[max(0, start - _LONGEST_PARAGRAPH) : start]
    return not is_open(before[max(map(before.rfind, _BREAKS)) + 1 :])


def stands_alone(body: str, start: int, end: int, above: Set[str] = frozenset(), language: str | None = None) -> bool:
    """Whether the sentence `[start, end)` of `body` is understood alone, or below what has the terms `above`."""
    sentence = body[start:end]
    return (
        is_whole(body, start, end)
        and not points_back(sentence, language)
        and not needs_a_noun(sentence, above, language)
        and not needs_a_name(sentence, language)
    )

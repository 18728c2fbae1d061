"""Where a sentence goes on behind "!" or "?": the speaker of what was quoted, and names that are written with a mark.

A sentence splitter sees a mark and a capital. What it cannot see is told here by few rules, which judge a place that
it found and nothing else, so that they cost nothing where there is no such mark.
"""

from __future__ import annotations

import re

from retrieval.text.words import AUXILIARIES, MONTHS, NEGATIONS, QUESTION_WORDS, WEEKDAYS

CLOSING_MARKS = "\"'“”’»›"

ENDS_QUOTED = re.compile(rf"[!?…‽]\s?[{CLOSING_MARKS}]+$")
"""A question or a call at the end of what is quoted; before a closing mark French has a space."""

_CALLED_OUT = ("!", "?", "‽", "…", "...")

# --- speakers --------------------------------------------------------------------------------------

# What can be told someone, and what is only said.
_TOLD = frozenset("asked asks told tells reminded reminds".split())
_SAID = frozenset(
    """
    said says wrote writes shouted shouts yelled yells screamed cried exclaimed wondered wonders replied replies
    answered responded added adds tweeted tweets posted declared declares demanded demands joked jokes quipped
    recalled remarked chanted sang continued concluded insisted insists explained testified noted notes observed
    commented announced argued pleaded begged urged warned queried inquired mused thought thinks whispered muttered
    texted roared retorted snapped boasted complained stated called
    """.split()
)
_TITLES = (
    "Adm|Brig|Capt|Cmdr|Col|Cpl|Det|Dr|Fr|Gen|Gov|Hon|Insp|Jr|Lt|Maj|Messrs|Mrs?|Ms|Mx|Ofc|Pfc|Pres|Prof|Rep|Rev|Sen"
    "|Sgt|Spc|Sr|St"
)
_WORD = rf"(?:(?:[A-Z]\.)+|(?:{_TITLES})\.|[\w’'&-]+)"
_NOT_IN_A_NAME = "|".join((*AUXILIARIES, "that", "who", "which"))
# A subject of some words, what is told of it between commas, and the word for speaking.
_ATTRIBUTED = re.compile(
    rf"(?P<first>[^\W\d_a-z][\w’'&.-]*)(?:\s(?!(?:{_NOT_IN_A_NAME})\s){_WORD}){{0,7}}?"
    r"(?:,\s[^.!?;:“”\"\n]{1,100},)?(?:\s(?:had|has|then|later|also|once|first|again|\w{2,12}ly))?"
    rf"\s(?P<verb>{'|'.join(sorted(_TOLD | _SAID))})\b(?P<rest>[^.,;:!?“”\"—–\n]{{0,200}})"
)
_CIRCUMSTANCES = frozenset(
    """
    about according again afterward afterwards aloud amid at back before beside by during earlier early following for
    from in inside into later near of on once online out outside over through to today tonight under upon via with
    yesterday last late this
    """.split()
) | frozenset((*WEEKDAYS, *MONTHS))
_WHEN = frozenset("after as because before since until when while".split())
# A clause behind the word for speaking is what was said: another statement than the quoted one.
_CLAUSE = frozenset(("that", "whether", "if", *AUXILIARIES)) - {"may"}
_ASKED = frozenset(("to", *QUESTION_WORDS))

# --- names -----------------------------------------------------------------------------------------

_NAMES = re.compile(
    r"(?:^|(?<=[\s“‘\"'(]))(?:Yahoo!|Jeopardy!|Yum!|E!|Panic!|Joomla!|Wham!|Oliver!|Airplane!|Chips Ahoy!|Mamma Mia!"
    r"|Moulin Rouge!|Godspeed You!|Westward Ho!|Hey! Say!|Michigan Works!|Guess\?|Therapy\?)$"
)
# Words that begin sentences, and seldom the second half of a name.
_STARTERS = frozenset((*AUXILIARIES, *QUESTION_WORDS, *NEGATIONS)) | frozenset(
    """
    the a an this that these those it he she they we you i there here in on at for from with by to of as if but and or
    so yes now then after before while because since until although though his her its their our my your let come go
    see get join sign like read follow check click thank thanks please one some many most all more just maybe perhaps
    well even still also everything
    """.split()
)
_NO_SUBJECT = _STARTERS - set("the a an i one some many most his her my our its their".split())
_SMALL = "At|The|An|Of|In|It|We|You|To|And|Is|Are|Be|Go|For|Me|My|Do|With|On|By|From|Our|Your|Not|Or|This|That|They"
_CAPITAL = r"[^\W\d_a-z][\w’'-]*"
# Title case writes even the small words with capitals, as no sentence does behind its first word.
_TITLE_AFTER = re.compile(
    rf"(?![A-Z]{{2,}}\s)(?:{_CAPITAL}\s){{1,4}}(?:{_SMALL})(?!\w|’|')"
    r"|The (?:Musical|Movie|Opera|Series|Film|Greatest)\b"
)
_TITLE_BEFORE = re.compile(
    rf"(?:^|\s|[“‘\"'(]){_CAPITAL}(?:\s(?:of|the|a|an|to|and|in)|\s{_CAPITAL}){{0,4}}\s(?:{_SMALL})"
    rf"(?:\s(?:of|the|a|an|to|and|in)|\s{_CAPITAL}){{0,5}}[!?]$"
)
# "Shares of Yahoo!", "The film Mamma Mia!", "Lund Corp.": who or what, and not yet what about it.
_NAMED_SO_FAR = re.compile(
    rf"(?:(?:The|An?|His|Her|Its|Their|{_CAPITAL}[’']s)(?:\s[a-z][\w’'-]*){{1,3}}|{_CAPITAL}s\s(?:of|at|from|for|in))"
    rf"(?:(?:\s{_CAPITAL}){{1,3}}!|\s(?:[A-Z]\.){{2,8}})|(?:The\s)?(?:{_CAPITAL}\s){{1,4}}(?:Corp|Cos|Ltd|Bros)\."
)
# "Yahoo! said", "Yahoo!’s": a mark behind which the sentence goes on.
_WITHIN = re.compile(r"[!?](?=,\s|['’]s\b|\s[a-z])")
_FIRST_WORD = re.compile(r"[\w’']+")
_LAST_WORD = re.compile(r"[^\W\d_a-z][\w’'-]{1,30}[!?]?$")


def names_with_marks(body: str) -> frozenset[str]:
    """The words with "!" or "?" that the body itself uses in the middle of a sentence, as in "Yahoo! said"."""
    found = (_LAST_WORD.search(body[max(0, mark.start() - 32) : mark.start()]) for mark in _WITHIN.finditer(body))
    return frozenset(word[0] for word in found if word)


def goes_on(before: str, after: str, known: frozenset[str]) -> bool:
    """Whether a sentence that reads `before` so far goes on with `after`, whose capital looks like another's.

    `known` are the names that this body uses elsewhere (`names_with_marks`).
    """
    bare = before.rstrip(CLOSING_MARKS).rstrip()
    if after[:1] in "–—" and ENDS_QUOTED.search(before):
        return True
    if not bare.endswith(_CALLED_OUT):
        return bare.endswith(".") and bool(_NAMED_SO_FAR.fullmatch(before)) and not _starts(after)
    if bare != before and _is_speaker(after):
        return True
    return _is_marked_name(bare, after, known, quoted=bare != before)


def _starts(after: str) -> bool:
    """Whether a word stands first that begins sentences, or none."""
    first = _FIRST_WORD.match(after)
    return first is None or re.split("[’']", first[0].casefold())[0] in _STARTERS


def _is_speaker(after: str) -> bool:
    """Whether this says who asked or called out what was quoted before.

    "“Are we safe?” Mayor Brandt asked the council." is one sentence, and two are
    "“Are we safe?” Mayor Brandt asked that the pier be closed."
    """
    said = _ATTRIBUTED.match(after)
    if not said or said["first"].casefold() in _NO_SUBJECT:
        return False
    words = said["rest"].casefold().split()
    if not words or words[0] in _WHEN:
        return True
    if not _CLAUSE.isdisjoint(words):
        return False
    if said["verb"] in _TOLD:
        return _ASKED.isdisjoint(words)
    return words[0] in _CIRCUMSTANCES or words[0].endswith("ly")


def _is_marked_name(before: str, after: str, known: frozenset[str], *, quoted: bool) -> bool:
    """Whether the mark at the end of `before` belongs to a name or title that `after` goes on from."""
    if not quoted and not before.endswith("...") and _TITLE_AFTER.match(after):
        return True
    if _starts(after) or not before.endswith(("!", "?")):
        return False
    word = _LAST_WORD.search(before[-32:])
    return bool(
        _NAMES.search(before[-32:])
        or (word and word[0].rstrip("!?") in known)
        or _TITLE_BEFORE.search(before[-120:])
        or (not quoted and _NAMED_SO_FAR.fullmatch(before))
    )

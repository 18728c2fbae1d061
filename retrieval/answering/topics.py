"""The topic of a broad question ("Was gibt es Neues zu …?", a bare "grève des trains"), by how its language asks.

One set of rules for all languages that tell it (`languages.questions.Breadth`); English has finer ones
(`answering.broad`). What is on none of a language's ways to ask for news is a question for a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from retrieval.text.languages.language import Language
from retrieval.text.languages.questions import Breadth, Phrasing
from retrieval.text.letters import bare_letters, plain_letters
from retrieval.text.periods import times_told
from retrieval.text.terms import subject_terms

LONGEST = 14
"""Words of a topic: what is longer tells what happened itself, and asks for something of that."""
LONGEST_BARE, LONGEST_ASKED = 6, 3
"""Of one that stands alone; with a question mark it may as well be a question in another language."""

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_ENDS = re.compile(r"[?!;:|]|(?<!\b[A-Za-z])(?<!\b(?:Mr|Ms|Dr|St))\.\s")
_NOT_PLAIN = re.compile(r"[(){}\[\]<>=*_@#\\^~/]")
_MARKS = " \"“”„'‘’«»,.?!¿¡…;"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a broad question is about: its own words without those that ask, and those that tell a time or an outlet."""

    text: str


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@cache
def _unaccented(text: str) -> re.Pattern[str]:
    return _pattern(bare_letters(text))


def topic_told(question: str, spoken: Language) -> Topic | None:
    """The topic of a broad question in a language that tells how it asks; None for any other question."""
    phrasing = spoken.phrasing or Phrasing()
    breadth, said = phrasing.breadth, " ".join(plain_letters(question).split())
    said = _bared(said, breadth)
    bare_said = bare_letters(said)  # accents may be missing
    for frame in breadth.frames:
        if match := _unaccented(frame).fullmatch(bare_said):
            topic = _narrowed(said[slice(*match.span("topic"))], spoken, phrasing)
            asks = bare_said[: match.start("topic")] + bare_said[match.end("topic") :]
            of_news = _unaccented(breadth.news).search(asks)
            fact = not of_news and _pattern(breadth.facts).match(topic)
            return Topic(topic) if _is_topic(topic, spoken, breadth) and not fact else None
    leaning = phrasing.leaning
    if any(_pattern(each).fullmatch(said) for each in (leaning.more, leaning.bare, leaning.onward, leaning.now)):
        return None
    bare = _narrowed(_pattern(breadth.marked).sub("", said), spoken, phrasing)
    most = LONGEST_ASKED if question.rstrip().endswith("?") else LONGEST_BARE
    return Topic(bare) if _is_topic(bare, spoken, breadth) and _is_bare(bare, spoken, breadth, most) else None


def _bared(said: str, breadth: Breadth) -> str:
    """Without what only makes it polite, and the marks around it; a colon at its end stays."""
    said = said.strip(_MARKS)
    if opening := _pattern(breadth.opening).match(said):
        said = said[opening.end() :]
    while (shorter := _pattern(rf"{breadth.ending}$").sub("", said)) != said:
        said = shorter.rstrip(_MARKS)
    return said.lstrip(_MARKS)


def _narrowed(topic: str, spoken: Language, phrasing: Phrasing) -> str:
    """Without what tells a time or an outlet, which `understand` reads, and without quotation marks around it."""
    for pattern in phrasing.reporting.reported:
        for match in _pattern(pattern).finditer(topic):
            if match.start() and match.end() == len(topic):
                topic = topic[: match.start()]
                break
    while (shorter := _without_time(topic, spoken, phrasing.breadth).strip(_MARKS)) != topic:
        topic = shorter
    return topic


def _without_time(topic: str, spoken: Language, breadth: Breadth) -> str:
    lately = [match.span() for match in _pattern(rf"\b(?:{breadth.lately})\b").finditer(topic)]
    for start, end in [*times_told(topic, spoken.code), *lately]:
        if not topic[end:].strip(_MARKS):
            return topic[:start]
        if not topic[:start].strip(_MARKS):
            return topic[end:]
    return topic


def _is_topic(topic: str, spoken: Language, breadth: Breadth) -> bool:
    """Whether something is named, and nothing is asked or said of it."""
    words = [word.casefold() for word in _WORD.findall(topic)]
    if not 0 < len(words) <= LONGEST or _ENDS.search(topic) or _pattern(breadth.leaning).match(topic):
        return False
    if any(word in spoken.question_words for word in words) or "," in topic:
        return False
    if not spoken.capitals_tell_names and not _ends_as_noun(topic):
        return False
    told = [word for word in words if word not in breadth.everything and word not in breadth.glue]
    return bool(subject_terms(" ".join(told), spoken.code)) and not all(map(str.isdecimal, told))


def _is_bare(topic: str, spoken: Language, breadth: Breadth, most: int) -> bool:
    """Whether it only names something, in at most so many words: no verb, and no figure that is asked for."""
    words = _WORD.findall(topic)
    small = [word.casefold() for word in words]
    if len(words) > most or _NOT_PLAIN.search(topic) or _pattern(breadth.facts).search(topic):
        return False
    if any(_pattern(breadth.verbs).fullmatch(word) for word in small):
        return False
    if any(word in spoken.stop_words and word not in breadth.glue for word in small):
        return False
    return spoken.capitals_tell_names or _only_nouns(words, breadth)


def _only_nouns(words: list[str], breadth: Breadth) -> bool:
    """Where nouns are written with capitals: whether there are only these, and what may stand before one.

    Of a word or two in small letters nobody can say.
    """
    if not any(word[0].isupper() for word in words):
        return len(words) <= 2
    return _ends_as_noun(" ".join(words)) and all(
        re.search(r"e[nrsm]?$", word) or not word.isalpha()
        for word in words
        if not word[0].isupper() and word not in breadth.glue
    )


def _ends_as_noun(topic: str) -> bool:
    """Where nouns are written with capitals: whether the last word is one, or none is, and nobody can say."""
    words = _WORD.findall(topic)
    return not words[-1][0].islower() or not any(word[0].isupper() for word in words)

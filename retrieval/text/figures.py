"""The figures of a sentence, as what they allow: "about 12", "12", "twelve" and "1.9 million" are intervals.

A figure that a writer rounded stands for every number that rounds to it, so that "nearly 2 million" and
"1.9 million" do not contradict each other while "12" and "14" do. Figures that name or order (years, days,
hours, ordinals, scores, "45-year-old", "Boeing 737") count nothing and are left to be compared as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

from retrieval.text.words import ANY_MONTH, NUMBERS, SCALES, WEEKDAYS

_SCALES = SCALES | {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12, "trn": 10**12}

_LARGE = "|".join(SCALES)
_SPELLED = "|".join((*NUMBERS, *SCALES, "dozen"))
_FIGURE = re.compile(
    rf"""
    (?<![\w.,:/\#–-]) (?: (?P<money>(?:us|au|nz|hk|a|c|s)?[$£€¥₹])\s?)?
    (?: (?P<digits>\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,9}})?|\d{{1,15}}(?:\.\d{{1,9}})?)
        (?: (?P<letter>k|m|mn|mln|bn|tn|trn)\b | [\s-]*(?P<scale>{_LARGE}|bn|mn)\b )?
      | (?P<spelled>(?:an?\s+(?={_LARGE}|dozen))?
        (?:{_SPELLED})\b (?:(?:[\s-]+(?:and\s+)?)(?:{_SPELLED})\b){{0,8}})
    )
    (?![\w:/°'’–]|[.,]\d|-[^\W\d_]|-\d)
    (?:\s?(?P<after>%|per\s?cent(?:age\ points?)?\b|dollars?\b|euros?\b|pounds\b|yen\b|\+))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_QUALIFIER = re.compile(
    r"""(?:(?P<floor>at\ least|no\ (?:fewer|less)\ than|a\ minimum\ of|not\ (?:fewer|less)\ than)
    | (?P<below>up\ to|as\ many\ as|as\ much\ as|under|below
        |(?:fewer|less)\ than|at\ most|(?:no|not)\ more\ than|a\ maximum\ of)
    | (?P<above>more\ than|over|above|upwards?\ of|in\ excess\ of|exceed(?:s|ed|ing)|surpass(?:es|ed|ing)?)
    | (?P<about>about|around|some|roughly|approximately|an?\ estimated|estimated(?:\ at)?|circa|perhaps|maybe
        |nearly|almost|close\ to|(?:just|well)\ (?:under|over)|approaching)
    )\s+(?:an?\s+|the\s+)?$""",
    re.IGNORECASE | re.VERBOSE,
)
# What shows that a number names or dates something: a month before it, the hour's "p.m." after it, a name before it.
_NUMBERED = (
    "no|nos|number|age|aged|chapter|section|article|page|room|level|phase|type|game|night|day|week|month|year|round"
    "|stage|set|quarter|group|episode|season|part|act|heat|lane|gate|flight|route|highway|interstate|district|ward"
    "|unit|block|reactor|zone|tier|category|grade|rank|ranked|seed|seeded|top|title|line|step|point|proposition|size"
)
_NAMES_BEFORE = re.compile(rf"(?:\b(?:{ANY_MONTH}|{_NUMBERED})\.?|,)\s+$", re.IGNORECASE)
_NUMBERED_BEFORE = re.compile(rf"\b(?:{_NUMBERED})\s+$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"\w\W+([A-Z]\w*[a-z]\w*)\s+$")
_NAMES_AFTER = re.compile(rf"\s*(?:[ap]\.?m\b|o['’]clock|(?:of\s+)?(?:{ANY_MONTH})\b)", re.IGNORECASE)
_AGE_AFTER = re.compile(r"\s*(?:,|\)|$)")
_PLURAL_AFTER = re.compile(r"\s+(?:[a-z]+\s)?(?:[a-z]+s|people|men|women|children)\b")
_PEOPLE_AFTER = re.compile(r"\s+(?:[a-z]+\s)?(?:people|men|women|children|civilians|soldiers|troops|victims|others)\b")
# "one of the", "no one", "one another": a pronoun, not a count.
_PRONOUN_BEFORE = re.compile(r"\b(?:no|any|every|each|this|that|the|only|which|another|some|half)\s+$", re.IGNORECASE)
_PRONOUN_AFTER = re.compile(r"\s*(?:of|another|day|more|that|who|which|is|was|can|could|would|has|in)\b|\W*$")
_SYMBOLS = {"dollar": "$", "dollars": "$", "us$": "$", "euro": "€", "euros": "€", "pounds": "£", "yen": "¥"}
_ABOUT = 0.25  # how far from the true number (as a share) a figure given as "about" may lie


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `[start, end)` of a text, its qualifier and unit included.

    `low` and `high` bound what it may stand for; `unit` is a currency sign, "%" or "".
    `kind` is its qualifier: "" (none), "floor" (at least), "above", "below" or "about".
    """

    start: int
    end: int
    value: float
    low: float
    high: float
    unit: str
    kind: str

    def contradicts(self, other: Figure) -> bool:
        """Whether no number is meant by both. Two "at least" are compared as given: the larger is news."""
        if self.kind == other.kind == "floor":
            return self.value != other.value
        return self.high < other.low or other.high < self.low


def find_figures(text: str) -> list[Figure]:
    """The figures of `text` that count or measure, in order."""
    return [figure for match in _FIGURE.finditer(text) if (figure := _figure(text, match))]


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    digits, spelled, money = match["digits"], match["spelled"], match["money"]
    after = (match["after"] or "").casefold()
    before = text[max(0, match.start() - 30) : match.start()]
    rest = text[match.end("after") if after else match.end() :][:30]
    scale = (match["letter"] or match["scale"] or "").casefold()
    if not money and not after and not scale and _names(before, digits, spelled, rest):
        return None
    if digits:
        value, step = _written(digits.replace(",", ""), _SCALES.get(scale, 1))
    else:
        value, step = _read(spelled.casefold())
    qualifier = _QUALIFIER.search(before)
    kind = (qualifier.lastgroup or "") if qualifier else "floor" if after == "+" or rest.startswith(" or more") else ""
    vague = spelled and re.search(r"^an? |dozen", spelled, re.IGNORECASE)
    if not kind and (vague or rest.startswith(" or so")):
        kind = "about"
    low, high = _bounds(value, step, kind)
    unit = "%" if after[:1] in ("%", "p") and after != "pounds" else (money or after).casefold().replace("+", "")
    start = match.start() - (len(qualifier[0]) if qualifier else 0)
    return Figure(
        start=start, end=match.end(), value=value, low=low, high=high, unit=_SYMBOLS.get(unit, unit), kind=kind
    )


def _names(before: str, digits: str | None, spelled: str | None, rest: str) -> bool:
    """Whether the number without unit between `before` and `rest` names, dates or stands for someone."""
    if spelled:
        if _NUMBERED_BEFORE.search(before):
            return True
        if spelled.casefold() == "one":
            return bool(_PRONOUN_BEFORE.search(before) or _PRONOUN_AFTER.match(rest))
        return before.rstrip().casefold().endswith("half")  # "half a million" is no million
    digits = digits or ""
    if len(digits) == 4 and digits[:2] in ("19", "20") and not _PLURAL_AFTER.match(rest):
        return True
    if _NAMES_AFTER.match(rest):
        return True
    if _NAMES_BEFORE.search(before):
        return not before.rstrip().endswith(",") or bool(_AGE_AFTER.match(rest))
    name = _NAME_BEFORE.search(before)
    return bool(name) and name[1].casefold() not in WEEKDAYS and not _PEOPLE_AFTER.match(rest)


def _written(digits: str, scale: int) -> tuple[float, float]:
    """The number and the size of its last significant digit: 1.9 million is given to 100,000."""
    whole, _, fraction = digits.partition(".")
    value = float(digits) * scale
    if fraction:
        return value, scale / 10 ** len(fraction)
    if scale > 1:
        return value, scale
    zeros = len(whole) - len(whole.rstrip("0"))
    # Below a hundred people are counted, not estimated.
    return value, 10.0**zeros if len(whole) > 2 and value else 1.0


def _read(spelled: str) -> tuple[float, float]:
    """The same of a number in words. A dozen is roughly twelve."""
    total, current, step = 0, 0, 1.0
    for word in re.findall(r"[a-z]+", spelled):
        if word in NUMBERS:
            current += NUMBERS[word]
            step = 1.0
        elif word == "hundred":
            current = max(current, 1) * 100
            step = 100.0
        elif word == "dozen":
            current = max(current, 1) * 12
            step = 12.0
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
            step = float(_SCALES[word])
    return float(total + current), step


def _bounds(value: float, step: float, kind: str) -> tuple[float, float]:
    # Just less than half a step: 12 and 13, or 1.8 and 1.9 million, have nothing in common, 7 and 7.1 do.
    low, high = value - 0.49 * step, value + 0.49 * step
    if kind in ("floor", "above"):
        return low, inf
    if kind == "below":
        return 0.0, high
    if kind == "about":
        return min(low, value * (1 - _ABOUT)), max(high, value * (1 + _ABOUT))
    return low, high

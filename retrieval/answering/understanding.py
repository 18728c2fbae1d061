"""What a question itself says about time and outlets: "since Monday", "according to CNN".

Pure functions on the question, its language and the moment it is asked. A filter that is wrong hides the answer, and
one that is missing only leaves more to rank, so everything doubtful gives none; so does a language of which it is not
known how it asks (`languages.questions.Phrasing`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache

from retrieval.article import Scope
from retrieval.text.domains import site_labels
from retrieval.text.languages.known import language as known
from retrieval.text.languages.language import Language
from retrieval.text.languages.questions import Reporting
from retrieval.text.letters import bare_letters
from retrieval.text.periods import window
from retrieval.text.words import PREPOSITIONS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Understood:
    """What the words of a question narrow it to: `named` holds the days, and the outlet as the index spells it.

    `past`: it is about the past, so that fresh articles deserve no preference; it can be true without any days.
    `of_now`: it asks for what is new at the moment it is asked.
    """

    named: Scope
    past: bool
    of_now: bool


def understand(question: str, now: datetime, outlets: Sequence[str], language: str | None = None) -> Understood:
    """Read `question`, asked at `now` (UTC when it is naive) in `language`, of an index that holds `outlets`."""
    days = window(question, now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC), language)
    named = Scope(since=days.since, until=days.until, source=_outlet(question, tuple(outlets), known(language)))
    return Understood(named, days.past, asks_of_now(question, language))


# A question with one of these says when it is asked, and asks for something else on another day.
_OF_NOW = re.compile(
    r"\b(?:now|today|tonight|tomorrow|yesterday|currently|current|recent|recently|latest|soon|upcoming|ago|so far|this"
    rf"|(?:last|next|past)\s+(?:\w+\s+)?(?:night|day|week|weekend|month|season|year|decade)s?|{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)


def asks_of_now(question: str, language: str | None = None) -> bool:
    """Whether a question tells by its words when it is asked.

    The words are "now", "today", "currently", "recently", "latest", "yesterday", "ago" and their like, "this", the
    names of days of the week, and "last", "next" or "past" before a span of time.
    """
    phrasing = known(language).phrasing
    found = _OF_NOW if _is_english(language) else _pattern(phrasing.of_now) if phrasing else None
    return found is not None and found.search(question) is not None


def _is_english(language: str | None) -> bool:
    return known(language).code == "en"


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# --- outlets -----------------------------------------------------------------------------------------

_NAME = r"\s+(?:(?:the|an?)\s+)?(?P<name>(?:[^\s,;:?!()\"“”]+\s+){0,4}[^\s,;:?!()\"“”]+)"
_ATTRIBUTED = re.compile(
    rf"\b(?:according\sto|(?:reported|written|published)\s(?:by|in)|(?:articles?|coverage|headlines|news|reporting"
    rf"|reports|stories)\s(?:by|from|in)){_NAME}",
    re.IGNORECASE,
)
_IN = re.compile(rf"\bin{_NAME}", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:does|do|did|has|have|is)\s(?P<name>[\w.&'’-]+(?:\s[\w.&'’-]+){0,5}?)"
    r"\s(?:say|said|saying|write|written|writing|report|reported|reporting|claim|think|describe|explain|cover)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\s(?:reports|reported|says|said|writes|wrote)\b(?!\s(?:it|its)\b)")  # "CNN said it is sold"
# What may follow the name; any other word makes it part of something else ("according to CNN host …").
_NAME_ENDS = re.compile(
    r"\s*$|\s*[,;:?!)]|\.(?:\s|$)|\s(?:about|are|argued?|as|between|but|called|can|could|did|do|does|during|for|from|had"
    r"|has|have|how|in|is|last|mention|of|on|reports?|said|say|says|since|that|this|today|was|were|what|when|where|which|while"
    r"|who|whom|whose|why|will|would|yesterday)\b",
    re.IGNORECASE,
)
_OF = PREPOSITIONS - {"in"} | {"and", "or"}  # "the host of CNN said"; what `_IN` reads is left to it
# Names that are words as well count only when they are written as names.
_WORDS = frozenset(
    """atlantic conversation economist hill independent local mail metro mirror nation observer people post register
    standard star sun time times today verge week wired""".split()
)
_PLACES = frozenset(("us", "uk", "eu", "un"))
_SHORTENED = re.compile(r"([a-z]{2,3})(journal|news|post|press|times)")  # "nytimes", "apnews"


def _outlet(question: str, outlets: tuple[str, ...], spoken: Language) -> str | None:
    """The one outlet whose reporting the question asks for."""
    if spoken.code == "en":
        found = {_indexed(name, outlets) for name in _names_asked(question)} - {None}
    else:
        found = set(_outlets_named(question, outlets, spoken.phrasing.reporting)) if spoken.phrasing else set()
    return found.pop() if len(found) == 1 else None


def _outlets_named(question: str, outlets: tuple[str, ...], reporting: Reporting) -> Iterator[str]:
    """The outlets that stand where a question in another language than English names them."""
    ends = _pattern(rf"\s*$|\s*[,;:?!)]|\.(?:\s|$)|\s(?:{reporting.ends})\b")
    for patterns, surely in ((reporting.reported, True), (reporting.said, False)):
        for match in (match for pattern in patterns for match in _pattern(pattern).finditer(question)):
            for word in re.finditer(r"\S+", match["name"]):
                name = match["name"][: word.end()].rstrip(".")
                if ends.match(question, match.start("name") + len(name)) and (
                    outlet := _indexed_as(name, outlets, reporting, surely=surely)
                ):
                    yield outlet


_ARTICLE = re.compile(
    r"(?:(?:the|der|die|das|den|dem|des|le|la|les|el|los|las|il|lo|al|del|du|de|het)\s+|l['’])(?=\S)", re.IGNORECASE
)


def _indexed_as(name: str, outlets: tuple[str, ...], reporting: Reporting, *, surely: bool) -> str | None:
    """The outlet that `name` means, with the article of any language, or without, and as a sentence inflects it.

    `surely`: what the question asks about it is what only outlets do.
    """
    bare = _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name
    if bare.casefold() in reporting.ordinary and not (surely and bare[0].isupper()):
        return None  # "Was sagt die Welt dazu?"
    uninflected = _pattern(reporting.inflected[0]).sub(reporting.inflected[1], bare)
    tried = (_indexed(each, outlets, articles=True) for each in (name, bare, uninflected))
    return next(filter(None, tried), None)


def _names_asked(question: str) -> Iterator[str]:
    """What stands where a question would name an outlet: most of it is no outlet at all."""
    for pattern in (_ATTRIBUTED, _IN):
        for match in pattern.finditer(question):
            for word in re.finditer(r"\S+", match["name"]):
                name = match["name"][: word.end()].rstrip(".")
                alone = word.start() == 0 and not name.isupper() and "." not in name
                if pattern is _IN and alone:
                    continue  # too little: "in the Atlantic", "in Time"
                if _NAME_ENDS.match(question, match.start("name") + len(name)):
                    yield name
    for match in _ASKED.finditer(question):
        yield match["name"]
    for match in _SAYS.finditer(question):
        words = re.split(r"[^\w.&\s-]", question[: match.start()])[-1].split()[-7:]
        for start, word in enumerate(words):
            before = [earlier.lower() for earlier in words[:start] if earlier.lower() != "the"]
            if word[0].isupper() and not (before and before[-1] in _OF):
                yield " ".join(words[start:])


def _indexed(name: str, outlets: tuple[str, ...], *, articles: bool = False) -> str | None:
    """The outlet that `name` means, in any of the ways people and sites write it; also without the article that its
    own name begins with in any language, where `articles` says so."""
    words = re.findall(r"[^\W_]+", bare_letters(name.removeprefix("The ").removeprefix("the ")))
    known = _spellings(outlets, articles)
    joined = "".join(words).casefold()
    if len(words) == 1 and joined in _WORDS and not words[0][0].isupper():
        return None
    if joined.upper() == "".join(words) and joined.upper() in known:
        return known[joined.upper()]
    if joined in known:
        return known[joined]
    # "New York Times" for "nytimes.com", "Wall Street Journal" for "wsj.com"
    initials = [word[0].casefold() for word in words]
    short = ("".join(initials[:count] + words[count:]).casefold() for count in range(2, len(words) + 1))
    return next((known[spelling] for spelling in short if spelling in known), None)


@lru_cache(8)
def _spellings(outlets: tuple[str, ...], articles: bool) -> Mapping[str, str]:
    """Outlets by the ways to write them, without spaces: lower case for names, upper case for initials.

    A spelling that would do for two outlets is left out; an outlet's own name goes before what is derived.
    """
    own, derived = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for outlet in outlets:
        is_domain = "." in outlet.casefold().removeprefix("www.") and not re.search(r"\s", outlet.strip())
        words = re.findall(r"[^\W_]+", bare_letters(re.sub(r"^the\s", "", outlet.strip().casefold())))
        own["".join(words)].add(outlet)
        if articles and (article := _ARTICLE.match(outlet)):
            derived["".join(re.findall(r"[^\W_]+", bare_letters(outlet[article.end() :].casefold())))].add(outlet)
        if is_domain:
            site = site_labels(outlet)
            stem = re.sub(r"[\W_]", "", site[-1])
            (own if len(site) == 1 else derived)[stem].add(outlet)
            derived[stem.removeprefix("the")].add(outlet)
        else:
            stem = "".join(words)
            if len(words) > 1 and (initials := "".join(word[0] for word in words)) not in _PLACES:
                derived[initials.upper()].add(outlet)
        if (shortened := _SHORTENED.fullmatch(stem)) and shortened[1] not in _PLACES:
            letters = shortened[1] if shortened[2] == "news" else shortened[1] + shortened[2][0]
            derived[letters].add(outlet)
            derived[letters.upper()].add(outlet)
    for initials in [spelling for spelling in derived if spelling.upper() in derived]:
        derived[initials] |= derived[initials.upper()]  # in doubt in capitals is in doubt in small letters
    names = own | {spelling: meant for spelling, meant in derived.items() if spelling not in own}
    return {spelling: next(iter(meant)) for spelling, meant in names.items() if len(meant) == 1 and spelling}

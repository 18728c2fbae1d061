"""A question that leans on the one before it ("Und in China?", "Qu'en dit-il ?"), put so that it stands on its own.

One set of rules for all languages that tell how a question leans (`languages.questions.Leaning`), on the words alone;
English has finer ones (`answering.followup`). What no rule puts in words is put behind the earlier question, and what
may well stand on its own is left alone.
"""

from __future__ import annotations

import re
from functools import cache

from babel.dates import format_date

from retrieval.article import Day
from retrieval.text.languages.language import Language
from retrieval.text.languages.questions import Leaning, Phrasing
from retrieval.text.languages.times import YEAR
from retrieval.text.letters import bare_letters
from retrieval.text.names import is_place
from retrieval.text.periods import times_told

LONGEST = 300
"""Characters of a question as it is understood."""
_SHORT = 9  # words: what is longer says enough itself
_TOPIC = 5  # words of another topic in the same question
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _told(spoken: Language) -> Leaning:
    return (spoken.phrasing or Phrasing()).leaning


@cache
def _unaccented(text: str) -> re.Pattern[str]:
    return _pattern(bare_letters(text))


def _is(said: str, pattern: str) -> bool:
    """Whether a pattern is all of what is said; accents may be missing."""
    return _unaccented(pattern).fullmatch(bare_letters(said)) is not None


def _opened(said: str, leaning: Leaning) -> str:
    """Without "and" and the like at its beginning."""
    opening = _unaccented(leaning.opening).match(bare_letters(said))
    return said[opening.end() :] if opening else said


def put_after(asked: str, context: str, spoken: Language) -> str | None:
    """One question after another, both without their marks; None where it stands on its own.

    The language is one that tells how it leans.
    """
    leaning = _told(spoken)
    said = _opened(asked, leaning)
    connected = said != asked
    if not context or not said or len(context) > LONGEST or len(said) > LONGEST:
        return None
    if _is(said, leaning.more):
        return context
    context = _without_leaning(context, spoken)
    found = _of_another_time(said, context, spoken) or _about_another(said, context, spoken, connected=connected)
    if found is None and _is(said, leaning.bare):
        found = _behind(context, said, spoken)
    found = found or _with_name(said, context, spoken) or _leaning(said, context, spoken, connected=connected)
    return None if found is None or found.casefold() in (asked.casefold(), context.casefold()) else found


def _without_leaning(context: str, spoken: Language) -> str:
    """What was put behind an earlier question and leans on it goes: "Wer gewann, und warum?" is about who won."""
    base, joined, behind = context.rpartition(f", {_told(spoken).joined} ")
    leans = _is(behind, _told(spoken).bare) or _leaning(behind, base, spoken, connected=False) is not None
    return base if joined and base and leans else context


def _behind(context: str, said: str, spoken: Language) -> str:
    """As one question; its first word is a small one unless it may be a name."""
    first = _WORD.match(said)
    leaning = _told(spoken)
    small = first is not None and (first[0].casefold() in spoken.stop_words or _is(said, leaning.bare))
    return f"{context}, {leaning.joined} {said[0].lower() + said[1:] if small else said}"


# --- what is left unsaid --------------------------------------------------------------------------


def _of_another_time(said: str, context: str, spoken: Language) -> str | None:
    """ "Und letzte Woche?", "2024?": the earlier question of another time."""
    leaning = _told(spoken)
    times = times_told(said, spoken.code)
    if not re.fullmatch(YEAR, said) and (0, len(said)) not in times and not _is(said, leaning.now):
        return None
    before = times_told(context, spoken.code)
    start, end = before[-1] if before else (len(context), len(context))
    return " ".join(f"{context[:start]} {said} {context[end:]}".split())


def _about_another(said: str, context: str, spoken: Language, *, connected: bool) -> str | None:
    """ "Und China?", "Qu'en est-il de la Chine ?": the earlier question about another one."""
    leaning = _told(spoken)
    about = _pattern(leaning.what_about).match(said)
    topic = said[about.end() :] if about else said
    words = [word.casefold() for word in _WORD.findall(topic)]
    if not words or len(words) > _TOPIC or not leaning.thanks.isdisjoint(words):
        return None
    if not spoken.question_words.isdisjoint(words) or _asks(topic, leaning):
        return None
    named = _bare_name(topic, leaning, spoken)
    if not about and not connected and not is_place(named, spoken.code):
        return None
    return _instead(topic, named, context, spoken) or _behind(context, said, spoken)


def _asks(topic: str, leaning: Leaning) -> bool:
    return any(
        _pattern(each).search(topic) for each in (leaning.pointing, *(pattern for pattern, _ in leaning.pronouns))
    )


def _instead(topic: str, named: str, context: str, spoken: Language) -> str | None:
    """The earlier question with a topic in place of whom it is about, of the last name of its kind (a place or none),
    or of what stands behind the same preposition."""
    leaning = _told(spoken)
    if _holds(context, named):
        return None
    if lead := _pattern(rf"(?:{leaning.objects})\b ").match(topic):
        where = lead[0].strip().casefold() in (spoken.phrasing or Phrasing()).wanting.near.get("place", frozenset())
        return _behind_the_same(lead[0], topic, context, named=where)
    place, names = is_place(named, spoken.code), _names(context, spoken)
    whom = _whom(context, spoken)
    alike = [each for each in names if is_place(context[slice(*each)], spoken.code) == place]
    subject = [each for each in alike if context[slice(*each)] == whom]
    if not alike or (whom and not place and not subject):
        return None
    start, end = (subject or alike)[-1]
    return context[: start - len(_determiner_before(context[:start], leaning))] + topic + context[end:]


def _behind_the_same(preposition: str, topic: str, context: str, *, named: bool) -> str | None:
    """ "Et sur l'Ukraine ?": instead of what stands behind it in the earlier question, up to its end or a last verb.

    `named`: only of a name, as of a place; where there is none, the topic is added.
    """
    found = re.search(rf"\b(?i:{preposition})(?P<object>(?:\S+ ){{0,3}}?\S+)(?P<verb> [^\WA-ZÄÖÜ]\S+)?$", context)
    if found is None or (named and not found["object"][0].isupper()):
        return None if found is None and re.search(rf"\b(?i:{preposition})", context) else f"{context} {topic}"
    verb = found["verb"] if found["verb"] and found["object"].split()[-1][0].isupper() else ""
    return context[: found.start()] + topic + verb


def _determiner_before(text: str, leaning: Leaning) -> str:
    """The article at the end of a text, with the space behind it."""
    last = re.search(r"(?:(?<=\s)(\w+) |(l['’]))$", text)
    return last[0] if last and (last[2] or last[1].casefold() in leaning.determiners) else ""


# --- words that stand for others ------------------------------------------------------------------


def _with_name(said: str, context: str, spoken: Language) -> str | None:
    """ "Was sagt er über China?": with the name that the pronoun stands for."""
    leaning = _told(spoken)
    if _pattern(leaning.pointing).search(said):
        return None
    name = _whom(context, spoken)
    for pattern, instead in leaning.pronouns:
        if found := _pattern(pattern).search(said):
            if name is None or _holds(said, name) or _names_its_own(said[: found.start()], spoken):
                return None
            put = found.expand(instead.replace("{name}", name.replace("\\", r"\\")))
            return said[: found.start()] + put + said[found.end() :]
    return None


def _leaning(said: str, context: str, spoken: Language, *, connected: bool) -> str | None:
    """What speaks of the earlier question, or begins with "and" and names nothing itself, behind that."""
    leaning = _told(spoken)
    if len(said.split()) > _SHORT or not _begins_as_question(said, spoken):
        return None
    found = [match for pattern, _ in leaning.pronouns if (match := _pattern(pattern).search(said))]
    points = _pattern(leaning.pointing).search(said)
    leans = points or any(not _names_its_own(said[: match.start()], spoken) for match in found)
    if not leans and not (connected and not _names(said, spoken)):
        return None
    if points and _names_its_own(said[: points.start()], spoken) and not connected:
        return None
    return _behind(context, said, spoken)


def _begins_as_question(said: str, spoken: Language) -> bool:
    words = [word.casefold() for word in _WORD.findall(said)[:3]]
    return not spoken.question_words.isdisjoint(words) or (words[:1] != [] and words[0] in spoken.stop_words)


def _names_its_own(before: str, spoken: Language) -> bool:
    """Whether a pronoun may stand for someone whom the same question names before it."""
    leaning = _told(spoken)
    words = _unasked(_WORD.findall(before), spoken)
    if re.search(rf"\b(?:{leaning.objects}) $", before, re.IGNORECASE):
        return False  # "Was sagte Macron über ihn?" asks of another
    if any(word[0].isupper() and word.casefold() not in spoken.stop_words for word in words[1:]):
        return True
    small = [word.casefold() for word in words]
    asking = {at for at, word in enumerate(small) if word in spoken.question_words}
    strange = [word for word in small if len(word) > 2 and word not in spoken.stop_words]
    return len(strange) > 1 or any(word in leaning.determiners for at, word in enumerate(small) if at not in asking)


def _unasked(words: list[str], spoken: Language) -> list[str]:
    """Words without those that tell of what is asked for: "Welche Partei führt", "Wie lange dauert"."""
    wanting = (spoken.phrasing or Phrasing()).wanting
    first, rest = words[:1], " ".join(words[1:])
    asks = bool(first) and wanting.means.get(first[0].casefold())
    if asks in ("which", "how many") or (asks == "how" and _pattern(wanting.measured).match(f" {rest}")):
        return first + [word for at, word in enumerate(words[1:], 1) if at > 2 or word.casefold() in spoken.stop_words]
    return words


def _whom(context: str, spoken: Language) -> str | None:
    """Whom the earlier question is about: by how it is asked, else the only one that it names and that is no place."""
    leaning = _told(spoken)
    for pattern in leaning.subjects:
        if found := _pattern(pattern).match(context):
            name = found["name"].strip()
            words = [word.casefold() for word in _WORD.findall(name)]
            pronouns = any(_pattern(each).fullmatch(name) for each, _ in leaning.pronouns)
            behind = not words or words[0] in leaning.objects.split("|") or set(words) <= spoken.stop_words
            if not behind and not pronouns and any(map(str.isupper, name)):
                return name
    near = (spoken.phrasing or Phrasing()).wanting.near.get("place", frozenset())
    names = [
        context[start:end]
        for start, end in _names(context, spoken)
        if near.isdisjoint(_WORD.findall(context[:start].casefold())[-1:])  # "in Osterwald" is nobody
    ]
    people = [name for name in names if not is_place(name, spoken.code)]
    return people[0] if len(people) == 1 else None


def told_about(question: str, spoken: Language) -> str | None:
    """Whom and what a question is about, by its names ("Rutte und Russland"); None where it has none."""
    said = question.strip("¿¡ ?!.…")
    whom, names = _whom(said, spoken), [said[start:end] for start, end in _names(said, spoken)]
    about = [*([whom] if whom else []), *names]
    kept = [each for each in dict.fromkeys(about) if not any(each != other and each in other for other in about)]
    return f" {_told(spoken).joined} ".join(kept) or None


def latest_on(topic: str, last: Day | None, spoken: Language) -> str:
    """The question for the latest on a topic, since the day of the last report."""
    phrasing = spoken.phrasing or Phrasing()
    leaning = phrasing.leaning
    first, _, rest = topic.partition(" ")
    bare = rest if rest and first.casefold() in leaning.determiners else _unelided(topic, spoken)
    since = leaning.since.format(day=format_date(last, "long", locale=spoken.code)) if last else ""
    return phrasing.mark.format(leaning.latest.format(topic=topic, bare=bare) + since)


def goes_on(said: str, spoken: Language, *, from_topic: bool) -> bool:
    """Whether it asks for the latest on what was asked about before, "and now?" where that was a topic."""
    leaning = _told(spoken)
    return _is(_opened(said, leaning), leaning.onward) or (from_topic and _is(said, leaning.now))


# --- names ----------------------------------------------------------------------------------------


_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ"
_WRITTEN = rf"[{_CAPITAL}][\w.-]*(?:['’](?=[{_CAPITAL}])[\w-]+)?"
_NAME = re.compile(rf"(?<![\w-]){_WRITTEN}(?: (?:(?:von|van|de|del|la|der|den|bin|al|du) )*{_WRITTEN})*")


def _names(text: str, spoken: Language) -> list[tuple[int, int]]:
    """Where the names in a question are, by their capitals: words that ask are none, however they are written.

    Where every noun has a capital, what an article or the like stands before is none.
    """
    phrasing, found = spoken.phrasing or Phrasing(), list[tuple[int, int]]()
    times = times_told(text, spoken.code)
    for match in _NAME.finditer(text):
        start = match.start()
        while (first := _WORD.match(text, start, match.end())) and first[0].casefold() in spoken.stop_words:
            start = first.end() + 1
        before = re.findall(r"[^\W\d_]+", text[:start])[-1:]
        noun = (
            not spoken.capitals_tell_names
            and before
            and (before[0].casefold() in phrasing.leaning.determiners or before[0].casefold() in spoken.question_words)
        )
        noun = noun or text[start : match.end()].casefold() in phrasing.breadth.everything
        if any(first <= start < last for first, last in times):
            continue
        if start < match.end() and (not noun or is_place(text[start : match.end()], spoken.code)):
            found.append((start, match.end()))
    return found


def _bare_name(topic: str, leaning: Leaning, spoken: Language) -> str:
    """A topic without a preposition and an article before it."""
    bare = _pattern(rf"(?:(?:{leaning.objects})\b )?").sub("", topic, count=1)
    first, _, rest = bare.partition(" ")
    return _unelided(rest if rest and first.casefold() in leaning.determiners else bare, spoken)


def _unelided(name: str, spoken: Language) -> str:
    """Without what is written in one with it ("l'Ukraine")."""
    return _pattern(rf"^(?:{(spoken.phrasing or Phrasing()).elided})").sub("", name)


def _holds(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE))

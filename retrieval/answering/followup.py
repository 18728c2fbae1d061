"""A question that leans on the one before it ("and what did Ukraine say?"), put so that it stands on its own.

Rules on the words alone: no model, and nothing is said that neither question said. What a rule does not fit is put
behind the earlier question ("Who won in Canada, and why?"), which is always readable and invents nothing; what may well
stand on its own is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answering.leaning import LONGEST, put_after, told_about
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.languages.known import language as known
from retrieval.text.languages.language import Language
from retrieval.text.letters import plain_letters
from retrieval.text.names import CALENDAR, SMALL_WORDS, is_body, is_name, is_place, is_where, names_in
from retrieval.text.terms import subject_terms, terms
from retrieval.text.words import AUXILIARIES, QUESTION_WORDS

_SHORT = 9  # words: what is longer says enough itself to be put behind another question

_SMALL_TALK = 3  # words

_OPENING = re.compile(r"^(?:(?:and|but|so|then|also|ok|okay|well)\b[\s,…-]*)+", re.IGNORECASE)
_CONNECTIVE = re.compile(r"\b(?:and|but)\b", re.IGNORECASE)
_PLEASANTRY = re.compile(
    r"\b(?:thanks?|thx|ty|great|good|nice|cool|yes|yeah|no|nope|right|sure|fine|lol|please|hi|hello|hey|bye)\b",
    re.IGNORECASE,
)
_WH = f"(?:{'|'.join(QUESTION_WORDS)})"
_AUX = f"(?:{'|'.join(AUXILIARIES)})"
_PREPOSITION = r"(?:about|on|to|with|against|over|regarding|concerning|for|towards?)"
_SPEECH = "say said think thinking saying do done want mean claim tell argue believe demand suggest expect know".split()
_REACTION = "react respond reply comment decide announce plan vote propose promise agree warn report describe".split()
_VERB = rf"(?:{'|'.join((*_SPEECH, *_REACTION))})"

# "What did Rutte say about Russia": who, what they did, and the rest.
_FRAME = re.compile(
    rf"^(?P<head>(?:.{{0,40}}?\b)?{_AUX})\s+(?P<subject>(?:[^\s,;:?]+\s+){{1,6}}?)(?P<verb>{_VERB})\b(?P<tail>.*)$",
    re.IGNORECASE,
)
_COMPLEMENT = re.compile(r"^(?P<wh>what|who)\s+(?:is|are|was|were)\s+(?P<named>[^,;:?]+)$", re.IGNORECASE)
_OBJECT = re.compile(rf"\b{_PREPOSITION}\s+(?P<object>(?:[^\s,;:?]+\s+){{0,4}}[^\s,;:?]+)$", re.IGNORECASE)
_TIME = re.compile(
    rf"\b(?:(?:in|on|since|before|after|during|from|by)\s+)?(?:yesterday|today|tonight|now|(?:last|this)\s+"
    rf"(?:night|week|weekend|month|year|{CALENDAR})|(?:\d{{1,2}}\s+)?(?:{CALENDAR})(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?"
    rf"|(?:19|20)\d\d|[\w-]+\s+(?:days?|weeks?|months?|years?)\s+ago)$",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"(?:{_WH}|{_AUX})\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how)\s+about\s+(?P<topic>.+)$", re.IGNORECASE)
_LEADING = re.compile(rf"^(?P<preposition>in|at|from|of|by|{_PREPOSITION})\s+(?P<object>.+)$", re.IGNORECASE)
_MORE = re.compile(r"^(?:(?:tell\s+me\s+|say\s+|show\s+me\s+)?more(?:\s+please)?|go\s+on|continue)$", re.IGNORECASE)
_ELSE = re.compile(rf"^(?:(?P<wh>{_WH})|anything|something)\s+else$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?:{_WH}(?:\s+(?:not|so|come|exactly|then|next|now|one|ones|many|much|long|often|soon))?"
    rf"|(?:since|until|by|from|for|with)\s+{_WH}(?:\s+(?:much|many|long))?|how\s+(?:many|much)\s+[a-z]+(?:\s+[a-z]+)?|{_WH}\s+[a-z]+(?:ed|won|said)"
    rf"|what\s+happened(?:\s+(?:next|then|after))?|who\s+(?:won|lost|said|did|died)"
    rf"|(?:says|said)\s+who|is\s+(?:it|that|this)\s+(?:true|so))$",
    re.IGNORECASE,
)

_PERSON = {"he": "", "she": "", "him": "", "his": "'s", "her": "", "hers": "'s"}
_MANY = {"they": "", "them": "", "their": "'s", "theirs": "'s"}
_THING = {"it": "", "its": "'s"}
_PRONOUN = re.compile(rf"\b(?:{'|'.join((*_PERSON, *_MANY, *_THING))})\b(?!['’])", re.IGNORECASE)
_KNOWN = frozenset({*SMALL_WORDS, *_SPEECH, *_REACTION, *_PERSON, *_MANY, *_THING})
_KNOWN |= frozenset("else happened happen much many long old not those these same".split())
_OBJECTS = frozenset(("him", "them", "it", "her"))
_POINTING = re.compile(
    rf"(?<!\bout\s)\b(?:there|this|that|those|these|the\s+same)$|\b{_AUX}\s+(?:that|this)\s+\w+$"
    rf"|\bthere(?=\s+(?:now|then|today|yesterday|since|after|before|in|on)\b)",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(  # "Is it true that …", "How long does it take to …", "Is there …"
    r"\bit\s+(?:be\s+|been\s+|going\s+to\s+)?(?:is|was|being|true|likely|possible|legal|safe|time|worth|hard|difficult|easy|important|known"
    rf"|clear|that|take|mean|matter|look|seem|rain|snow)\w*\s+\S|\b(?:{_AUX}|if)\s+there\b|\bit['’]s\b",
    re.IGNORECASE,
)
_LEANS_BEHIND = re.compile(
    rf"^(?P<base>.+?),\s+and\s+(?P<behind>(?:{_WH}|{_AUX}|says|since|by)\b[^,]*)$", re.IGNORECASE
)


def in_context(question: str, earlier: Sequence[str], language: str | None = None) -> str | None:
    """`question` as it is understood after the `earlier` ones of a conversation, the oldest first, in words of theirs.

    None when it stands on its own, or when nothing tells what it leans on: so it is in a `language` of which it is not
    known how it asks. At most `LONGEST` characters.
    """
    spoken, context = known(language), ""
    if spoken.code != "en" and spoken.phrasing is None:
        return None
    for before in earlier:
        context = _after(_bared(before), context, spoken) or _bared(before)
    understood = _after(_bared(question), context, spoken)
    if understood is None:
        return None
    whole = (spoken.phrasing.mark if spoken.phrasing else "{}?").format(f"{understood[0].upper()}{understood[1:]}")
    return whole if len(whole) <= LONGEST else None


def _after(asked: str, context: str, spoken: Language) -> str | None:
    return _understood(asked, context) if spoken.code == "en" else put_after(asked, context, spoken)


def about_article(
    question: str, headlines: Sequence[str], bodies: Sequence[str], language: str | None = None
) -> str | None:
    """`question` as it is put about one of these articles: that which holds most of its words, the first of equals.

    None when it is about none of several, or when nothing fits. At most `LONGEST` characters.
    """
    asked = subject_terms(question, language)
    held = [
        len(asked & set(terms(f"{title}\n{body}", language))) for title, body in zip(headlines, bodies, strict=True)
    ]
    if not held or (asked and len(held) > 1 and not any(held)):
        return None
    headline = headlines[held.index(max(held))]
    whole = in_context(question, [headline], language) or f"{_bared(headline)}: {' '.join(question.split())}"
    return whole if len(whole) <= LONGEST else None


_WHO_DID = re.compile(r"^who\s+(?:has\s+|have\s+|had\s+)?[a-z]+\s+(?P<named>(?:the|an?)\s+.+)$", re.IGNORECASE)


def asked_about(question: str, language: str | None = None) -> str | None:
    """Whom and what a question is about, in its own words ("Rutte and Russia"); None where its words do not tell."""
    spoken, said = known(language), _bared(question)
    if spoken.code != "en":
        return told_about(said, spoken) if spoken.phrasing else None
    named, found = _subject(said, _PERSON), _OBJECT.search(said)
    about = [each for each in (named, found and found["object"]) if each and not _PRONOUN.search(each)]
    if not about and (who_did := _WHO_DID.match(said)):
        about = [who_did["named"]]
    about = about or [name[0] for name in names_in(said)]
    kept = [each for each in dict.fromkeys(about) if not any(each != other and each in other for other in about)]
    return " and ".join(kept) or None


def is_small_talk(said: str) -> bool:
    """Whether it is a word of thanks or the like in any language that is known, and no question."""
    words = frozenset(re.findall(r"[^\W_]+", said.casefold()))
    if "?" in said or not words or len(said.split()) > _SMALL_TALK:
        return False
    phrasings = (spoken.phrasing for spoken in LANGUAGES.values() if spoken.phrasing)
    return bool(_PLEASANTRY.search(said)) or any(words <= each.leaning.thanks for each in phrasings)


def _bared(question: str) -> str:
    """On one line, without the mark at its end."""
    return " ".join(plain_letters(question).split()).rstrip("?!. …").lstrip("¿¡ ")


def _understood(asked: str, context: str) -> str | None:
    """One question after another, both without the mark at their end."""
    said = _OPENING.sub("", asked)
    if not context or not said or len(context) > LONGEST or len(said) > LONGEST:
        return None
    behind = _LEANS_BEHIND.match(context)
    if behind and (_BARE.match(behind["behind"]) or _leans(behind["behind"])):
        context = behind["base"]  # "Who won, and why?" is about who won
    connected = bool(_CONNECTIVE.search(asked[: len(asked) - len(said)]))
    found = _more(said, context) or _topic(said, context, connected)
    if found is None and _BARE.match(said):
        found = _behind(context, said)
    if found is None and not _SAYS_NOTHING.search(said):
        found = _pronoun(said, context) or _unfinished(said, context, connected)
        leaning = _leans(said) or (connected and (not names_in(said) or _is_unfinished(said)))
        if found is None and leaning and _says_little(said) and _ASKS.match(said):
            found = _behind(context, said)
    same = (asked.casefold(), "" if _MORE.match(said) else context.casefold())
    return None if found is None or found.casefold() in same else found


def _behind(context: str, said: str) -> str:
    return f"{context}, and {_lowered(said)}"


def _lowered(said: str) -> str:
    """As it is written within a sentence: its first word is a small one unless it is a name."""
    first = re.match(r"\w+", said)
    return said[0].lower() + said[1:] if first and first[0].casefold() in SMALL_WORDS else said


# --- what is left unsaid --------------------------------------------------------------------------


def _more(said: str, context: str) -> str | None:
    """ "Tell me more", "what else?"."""
    if _MORE.match(said):
        return context
    if asked := _ELSE.match(said):
        wh = re.match(rf"{_WH}\b", context, re.IGNORECASE)
        if wh and (asked["wh"] or "what").casefold() == wh[0].casefold():
            return context if re.match(rf"{_WH}\s+else\b", context, re.I) else f"{wh[0]} else{context[wh.end() :]}"
        return _behind(context, said)
    return None


def _topic(said: str, context: str, connected: bool) -> str | None:
    """ "What about China?", "and in Germany?", "China?": another name or time in the same question."""
    about = _ABOUT.match(said)
    topic = about["topic"] if about else said
    if _PLEASANTRY.search(topic):
        return None
    if len(topic.split()) > 5 or re.search(rf"\b(?:{_WH}|{_AUX})\b", topic, re.IGNORECASE) or _leans(topic):
        return _behind(context, said) if about and len(said.split()) <= _SHORT else None
    if not about and not connected and not (_TIME.match(topic) or is_place(topic)):
        return None
    if (when := _TIME.search(topic)) and when.start():
        whole = _with_topic(topic[: when.start()].strip(), context)
        return whole and _with_time(when[0], whole)
    if _TIME.match(topic):
        return _with_time(topic, context)
    return _with_topic(topic, context) or (_behind(context, said) if about or connected else None)


_TIME_OPENERS = frozenset("now today tonight yesterday then last this next before since in on at after by".split())


def _with_time(when: str, context: str) -> str:
    """The earlier question of another time."""
    before = _TIME.search(context)
    when = f"in {when}" if when.isdecimal() else when
    if when.split()[0].casefold() in _TIME_OPENERS:  # days and months keep their capitals
        when = when[:1].lower() + when[1:]
    return f"{context[: before.start()] if before else f'{context} '}{when}".strip()


def _with_topic(topic: str, context: str) -> str | None:
    """The earlier question about something else; None where nothing in it is of the same kind."""
    names = names_in(context)
    if lead := _LEADING.match(topic):
        names = [name for name in names if _stands_behind(lead["preposition"], context, name)]
        topic = lead["object"]
    if is_name(topic) and names:
        alike = [name for name in names if is_body(name[0]) == is_body(topic)] or names
        return _put(context, alike[-1].span(), topic)
    found = _OBJECT.search(context)
    # What stands before has to hold the verb, or it would be cut off: "the price for consumers fell".
    if found and _FRAME.match(context[: found.start()]) and (not lead or found[0].startswith(lead["preposition"])):
        return _put(context, found.span("object"), topic)
    if lead and not re.search(rf"\b{lead['preposition']}\b", context, re.IGNORECASE):
        return f"{context} {lead[0]}"
    return None


def _stands_behind(preposition: str, text: str, name: re.Match[str]) -> bool:
    return bool(re.search(rf"\b{preposition}\s$", text[: name.start()], re.IGNORECASE))


def _put(context: str, span: tuple[int, int], topic: str) -> str | None:
    """`topic` in place of a span; None where the question speaks of it already, or of nothing else."""
    rest = context[: span[0]] + context[span[1] :]
    if not rest.strip() or _holds(context, topic.removeprefix("the ")):
        return None
    return context[: span[0]] + topic + context[span[1] :]


def _unfinished(said: str, context: str, connected: bool) -> str | None:
    """ "And what did Ukraine say?": about the same."""
    asked, before = _FRAME.match(said), _FRAME.match(context)
    if not asked or not before or not _is_unfinished(said) or _PRONOUN.search(asked["subject"]):
        return None
    tail, verbs = before["tail"].strip(), {asked["verb"].casefold(), before["verb"].casefold()}
    alike = len(verbs) == 1 or (connected and verbs <= set(_SPEECH))
    if not alike or not re.match(rf"{_PREPOSITION}\b", tail, re.IGNORECASE):
        return None
    subject = asked["subject"].strip().removeprefix("the ")
    return None if _holds(tail, subject) else f"{said} {tail}"


def _is_unfinished(said: str) -> bool:
    """Whether it ends with its verb, though it does not begin with what the verb is about ("About what did he …")."""
    asked = _FRAME.match(said)
    return bool(asked and not asked["tail"].strip() and not re.match(rf"{_PREPOSITION}\b", said, re.IGNORECASE))


def _holds(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE))


# --- words that stand for others ------------------------------------------------------------------


def _leans(said: str) -> bool:
    """Whether a word in it stands for something said before."""
    pronoun = _PRONOUN.search(said)
    return bool(_POINTING.search(said) or (pronoun and not _stands_for_own(said, pronoun)))


def _pronoun(said: str, context: str) -> str | None:
    """ "What did he say about China?": with the name that the pronoun stands for."""
    if place := re.search(r"\bthere$", said, re.IGNORECASE):
        name = next((name[0] for name in reversed(names_in(context)) if is_where(context, name)), None)
        start = re.sub(r"\s(?:in|over|from)$", "", said[: place.start()].rstrip())
        return f"{start} in {name}" if name and not _PRONOUN.search(start) else None
    pronouns = list(_PRONOUN.finditer(said))
    if not pronouns or _POINTING.search(said) or _stands_for_own(said, pronouns[0]):
        return None
    kinds = [next(kind for kind in (_PERSON, _MANY, _THING) if word[0].lower() in kind) for word in pronouns]
    first = pronouns[0]
    name = _fitting(kinds[0], context, about=bool(re.search(rf"\b{_PREPOSITION}\s$", said[: first.start()], re.I)))
    if name is None or _holds(said, name):
        return None
    # A second "he" reads well after the name; only the first is put in words.
    owned = kinds[0][first[0].lower()] or ("'s" if first[0].lower() == "her" and _owns(said[first.end() :]) else "")
    whole = f"{said[: first.start()]}{name}{owned}{said[first.end() :]}"
    return _unfinished(whole, context, connected=False) or whole


def _owns(after: str) -> bool:
    """Whether "her" is whose: a noun follows."""
    return bool(re.match(rf"\s+(?!{_PREPOSITION}\b|in\b|at\b|and\b|or\b|by\b|from\b)\w", after, re.IGNORECASE))


def _says_little(said: str) -> bool:
    """Whether it is short and has at most two words of its own, so that it is about what was said before."""
    words = said.casefold().split()
    return len(words) <= _SHORT and sum(word not in _KNOWN for word in words) <= 2


def _stands_for_own(said: str, pronoun: re.Match[str]) -> bool:
    """Whether a pronoun may stand for someone whom the same question names before it."""
    before = said[: pronoun.start()].rstrip()
    if pronoun[0].lower() in _OBJECTS and re.search(rf"\b(?:{_PREPOSITION}|of|in|by|from|at)$", before, re.IGNORECASE):
        return bool(re.search(r"\w['’]s?\s", before))  # "What did Macron say about him?" asks of another
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", before)]
    strange = [word for word in words if word not in _KNOWN]
    return bool(names_in(before)) or len(strange) > (1 if words[:1] in (["who"], ["what"]) else 0)


def _fitting(kind: dict[str, str], context: str, *, about: bool) -> str | None:
    """Whom or what the earlier question names that a pronoun of this kind may stand for.

    `about`: it is asked about that, so that it may be what the earlier question is about.
    """
    subject, names = _subject(context, kind), [name[0] for name in names_in(context)]
    if kind is _PERSON:
        people = [name for name in names if not is_body(name)]
        return subject if subject and not is_body(subject) else people[-1] if people else None
    if kind is _MANY:
        return subject if subject and (" and " in subject or subject[0].islower() or is_body(subject)) else None
    found = _OBJECT.search(context)
    if about and found:
        return found["object"]
    # "It" may stand for much that was not named: what is not sure is not put in words.
    return subject if subject and (subject[0].islower() or is_body(subject)) else None


def _subject(context: str, kind: dict[str, str]) -> str | None:
    """Who did what the earlier question is about, or what it asks for the meaning of."""
    frame, complement = _FRAME.match(context), _COMPLEMENT.match(context)
    subject = frame["subject"].strip() if frame else None
    if complement and (kind is _PERSON) == (complement["wh"].lower() == "who"):
        found = _OBJECT.search(complement["named"])
        subject = found["object"] if found else complement["named"].strip()
    return subject if subject and not _PRONOUN.search(subject) and len(subject.split()) <= 5 else None

"""Whether a question is broad ("What is the latest on …", a bare "Venezuela"), and the topic it is then about.

Rules on the words alone. A question that may ask for a fact is none of these: a fact is answered with the sentence that
states it, and a story in its place would hide that. These are the rules for English; those for languages that tell how
they ask are in `answering.topics`.
"""

from __future__ import annotations

import re

from retrieval.answering.followup import is_small_talk
from retrieval.answering.topics import LONGEST, LONGEST_ASKED, LONGEST_BARE, Topic, topic_told
from retrieval.text.languages.known import language as known
from retrieval.text.letters import plain_letters
from retrieval.text.names import SMALL_WORDS
from retrieval.text.terms import subject_terms
from retrieval.text.words import ANY_MONTH, AUXILIARIES, QUESTION_WORDS, STOP_WORDS, WEEKDAYS

LONGEST_QUESTION = 200
"""Characters: who writes more asks for more than a topic."""


def topic_of(question: str, language: str | None = None) -> Topic | None:
    """The topic of a broad question in `language`; None for any other, and where there is a doubt."""
    spoken = known(language)
    if len(question) > LONGEST_QUESTION or is_small_talk(question):
        return None
    if spoken.code != "en":
        return topic_told(question, spoken) if spoken.phrasing else None
    said = _bared(question)
    for frame in _FRAMES:
        if match := frame.match(said):
            topic = _narrowed(match["topic"])
            asks = said[: match.start("topic")]
            fact = not _OF_NEWS.search(asks) and (_is_fact(topic) or (asks.endswith(" to ") and _OWNED.search(topic)))
            return Topic(topic) if _is_topic(topic) and not fact else None
    bare = _narrowed(_MARKED_BEFORE.sub("", _MARKED_BEHIND.sub("", said)))
    most = LONGEST_ASKED if question.rstrip().endswith("?") else LONGEST_BARE
    return Topic(bare) if _is_topic(bare) and _is_bare(bare, most) else None


# --- the words that ask ------------------------------------------------------------------------------

_GREETING = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|so|well|and|but|please|pls|yo|now|also|sorry)\b(?!\s+(?:far|called))[\s,!.:…–-]*)+",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^(?:(?:can|could|would|will)\s+(?:you|u)\s+(?:please\s+|kindly\s+|quickly\s+|maybe\s+)?"
    r"|can\s+i\s+(?:get|have)\s+|please\s+|just\s+"
    r"|i(?:['’]d|\s+would)\s+like\s+(?:you\s+)?(?:to\s+(?:know|hear|learn|read)\s+)?"
    r"|i\s+(?:want|need)\s+(?:you\s+)?(?:to\s+(?:know|hear|learn|read)\s+)?"
    r"|do\s+you\s+(?:happen\s+to\s+)?know\s+(?=wh|if)|(?:let\s+me\s+know|(?:tell|show)\s+(?:me|us)|explain(?:\s+to\s+me)?)\s+(?=wh)"
    r"|i\s+wonder\s+|(?:i['’]?m|i\s+am)\s+(?:curious|interested)\s+(?:to\s+know\s+)?(?:about|in)\s+)",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"[\s,]+(?:please|pls|thanks|thank\s+you|thx|for\s+me|again|exactly|then|guys|everyone|anyway|in\s+brief|briefly"
    r"|in\s+short|in\s+(?:a\s+few|two|three)\s+(?:words|sentences))$",
    re.IGNORECASE,
)
_NEWS = (
    r"(?:(?:latest|newest|recent|most\s+recent|breaking|current|last|top|new|big)\s+)*"
    r"(?:news|updates?|developments?|headlines|stor(?:y|ies)|coverage|reports|reporting|word|info(?:rmation)?|situation)"
)
_LATEST = rf"(?:(?:all\s+)?(?:the\s+|some\s+|any\s+)?(?:{_NEWS}|latest|newest))"
_ON = r"(?:on|about|regarding|concerning|around|surrounding|from|in|with|at|of|out\s+of|for|behind|over|to\s+do\s+with)"
_ABOUT = r"(?:on|about|regarding|concerning|of|with)"
_SUMMARY = (
    r"(?:(?:short|brief|quick|full|good|little|complete|concise)\s+)*"
    r"(?:summary|recap|overview|rundown|briefing|digest|round-?up|update|background|catch-?up|primer)"
)
_IS = r"(?:['’]s|\s+is|\s+are|s)"
_DAYS = (
    r"(?:hour|day|night|morning|evening|afternoon|week|weekend|month|summer|autumn|fall|winter|spring|season|year"
    r"|decade)s?"
)
_SOON = (
    r"(?:(?:right\s+|just\s+|even\s+)?now|today|tonight|yesterday|currently|recently|lately|so\s+far|already|until\s+now"
    r"|at\s+the\s+moment|these\s+days|as\s+of\s+now|since\s+then"
    rf"|(?:(?:in|over|during|within|since|for|from|on)\s+)?(?:the\s+)?(?:last|past|this)\s+(?:[\w-]+\s+)?{_DAYS}"
    rf"|(?:in|on|since|before|after|during|from|by)\s+(?:(?:early|mid|late|the\s+(?:beginning|end|middle)\s+of)\s+)?"
    rf"(?:(?:last|this)\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{ANY_MONTH}|{'|'.join(WEEKDAYS)})\b\.?"
    r"(?:\s+\d{1,2}(?:st|nd|rd|th)?\b)?(?:,?\s+(?:19|20)\d\d)?|(?:in|since|before|after|during)\s+(?:19|20)\d\d"
    r"|(?:on|since|before|after)\s+(?:(?:19|20)\d\d-\d\d-\d\d|\d\d?/\d\d?/(?:19|20)\d\d)"
    rf"|(?:last|this)\s+(?:{ANY_MONTH}|{'|'.join(WEEKDAYS)})|(?:[\w-]+|a\s+(?:few|couple\s+of))\s+{_DAYS}\s+ago)"
)
_THEN = rf"(?:\s+{_SOON})?"
_TALKING = r"(?:talking|speaking|writing|tweeting|posting|going\s+on|so\s+excited|so\s+worked\s+up)"
_ALL = (
    r"(?:everyone|everybody|people|the\s+(?:whole\s+)?(?:world|media|press|internet|news)"
    r"|all\s+the\s+(?:papers|world|media))"
)

_FRAMES = tuple(
    re.compile(rf"^(?:{frame})\s+(?P<topic>.+)$", re.IGNORECASE)
    for frame in (
        rf"what(?:{_IS}|\s+has|\s+have|\s+was)?\s+(?:(?:been|just|all|actually|really|currently|exactly)\s+)*"
        r"(?:happened|happening|going\s+(?:on|down)|gone\s+on|went\s+(?:on|down)|occurr(?:ed|ing)|up)"
        rf"{_THEN}\s+(?:in|with|at|on|around|near|over|between|regarding|concerning|across|inside|about|to)",
        rf"what(?:{_IS}|\s+was)?\s+{_LATEST}(?:\s+is|\s+are)?{_THEN}\s+{_ON}",
        rf"what(?:{_IS}|\s+has\s+been)\s+(?:new|in\s+the\s+news){_THEN}\s+{_ON}",
        rf"what(?:{_IS}|\s+was)?\s+(?:all\s+)?(?:the|this)\s+(?:fuss|buzz|hype|deal|talk|noise|commotion){_THEN}"
        r"\s+(?:about|with|around|over)",
        rf"how(?:{_IS})\s+(?:the\s+situation|things|everything|it\s+going|things\s+going){_THEN}\s+(?:in|with|at|on|around)",
        rf"(?:(?:is|are)\s+there|do\s+(?:you|we)\s+have|have\s+(?:you|we)\s+(?:got|heard|read|seen)?|did\s+you\s+hear|got|heard)?\s*"
        rf"(?:any|some)\s+(?:{_NEWS}){_THEN}\s+{_ON}",
        rf"(?:(?:is|are)\s+there|do\s+(?:you|we)\s+(?:have|know)|have\s+(?:you|we)\s+(?:got|heard|read)|got|heard)?\s*"
        rf"anything\s+(?:new\s+)?{_THEN}\s*(?:on|about|regarding|with|from)",
        rf"what\s+(?:do|should|must|can|could)\s+(?:we|you|i|people)\s+(?:(?:already|currently|now|need\s+to|have\s+to|actually)\s+)*"
        rf"(?:know|have|tell\s+(?:me|us)|find){_THEN}\s+(?:about|on|regarding)",
        rf"what\s+(?:have|has)\s+(?:you|we|i|been)\s+(?:got|found|heard|missed|learned|reported|miss){_THEN}\s+(?:about|on|in|from|regarding)",
        rf"what(?:{_IS})\s+(?:(?:already|currently|now|so\s+far)\s+)*known{_THEN}\s+(?:about|on|of|regarding)",
        rf"(?:tell|inform|brief|update|educate)\s+(?:me|us)\s+(?:(?:more|something|everything|all|a\s+(?:bit|little)(?:\s+more)?"
        rf"|what(?:ever)?\s+(?:you|we)\s+(?:know|have)|{_LATEST})\s+)?(?:about|on|regarding|in|from)",
        r"(?:catch|get|bring|fill|keep|put)\s+(?:me|us)\s+(?:up|in|posted|up\s+to\s+(?:date|speed)|in\s+the\s+picture)\s+"
        r"(?:on|about|with|regarding)",
        r"(?:run|walk|talk|take)\s+(?:me|us)\s+through|explain(?:\s+(?:to\s+)?(?:me|us))?|about",
        rf"(?:(?:give|get|send|show|read|find|bring|tell|write|make)\s+(?:me\s+|us\s+)?|search\s+(?:for\s+)?|look\s+for\s+)?"
        rf"(?:an?\s+|the\s+|some\s+|your\s+)?{_SUMMARY}{_THEN}\s+(?:of|on|about|regarding|for|from|in)"
        rf"(?:\s+{_LATEST}\s+{_ON}|\s+what\s+(?:happened|is\s+(?:happening|going\s+on)|we\s+know)\s+(?:in|with|at|about|to))?",
        rf"(?:(?:give|get|send|show|read|find|bring|tell)\s+(?:me\s+|us\s+)?|search\s+(?:for\s+)?|look\s+for\s+)?"
        rf"{_LATEST}{_THEN}\s+{_ON}",
        rf"(?:summari[sz]e|recap|sum\s+up|outline|recapitulate)(?:\s+(?:for\s+)?(?:me|us))?(?:\s+{_LATEST}(?:\s+{_ON})?"
        r"|\s+(?:the\s+)?events\s+(?:of|in|at|around)|\s+what\s+(?:happened|is\s+(?:happening|going\s+on)|we\s+know)\s+"
        r"(?:in|with|at|about|to))?",
        rf"why(?:{_IS}|\s+does|\s+do)\s+{_ALL}\s+(?:all\s+)?(?:{_TALKING}|talk|care)\s+(?:so\s+much\s+)?(?:about|on|over)",
    )
) + tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        rf"^why(?:{_IS})\s+(?P<topic>.+?)\s+(?:(?:suddenly|so\s+much|now|again|always|all)\s+)*(?:in\s+the\s+(?:news|headlines|papers)"
        r"|trending|(?:all\s+)?over\s+the\s+news|making\s+(?:the\s+)?(?:news|headlines))$",
        rf"^what(?:{_IS})\s+(?P<topic>.+?)\s+in\s+the\s+news\s+for$",
        rf"^what\s+(?:is\s+)?(?:happened|happening|going\s+on){_THEN}$(?P<topic>)",
        r"^(?:what|how)\s+about\s+(?P<topic>.+)$",
    )
)
_OF_NEWS = re.compile(
    r"\b(?:new|news|latest|newest|updates?|headlines|developments?|talking|summar\w+|recap|overview|rundown)\b", re.I
)
"""What asks for news even of a figure ("the latest on oil prices")."""
# "latest Venezuela", "Venezuela news"
_MARKED_BEFORE = re.compile(
    r"^(?:(?:show|give|send|get|find)\s+me\s+)?(?:the\s+)?(?:(?:latest|breaking|recent|newest|new)\s+)?(?:news|updates?|headlines|latest)"
    r"(?:\s*:\s*|\s+)(?!(?:in|on|at|of|from|about|for|to)\b)",
    re.IGNORECASE,
)
_MARKED_BEHIND = re.compile(
    r"[\s,:–-]+(?:(?:latest|breaking|recent|live|new)\s+)?(?:news|updates?|latest|headlines|summary|recap|overview"
    r"|round-?up|explained|developments|coverage)$",
    re.IGNORECASE,
)


def _bared(question: str) -> str:
    """On one line, without what only makes it polite and the marks at its end."""
    said = _without_end(" ".join(plain_letters(question).split()))
    said = _GREETING.sub("", said)
    while polite := _POLITE.match(said):
        said = said[polite.end() :]
    while (shorter := _ENDING.sub("", said)) != said:
        said = _without_end(shorter)
    return said


def _without_end(said: str) -> str:
    """A colon at the end stays: what is to be completed is no topic."""
    return said.rstrip("?!. …,;")


# --- what a topic is ---------------------------------------------------------------------------------

_ATTRIBUTED = re.compile(
    r"^(?:according\s+to|(?:reported|written)\s+by)\s[^,]+,\s*|[\s,]+(?:according\s+to|as\s+reported\s+by|(?:reported|published|written)\s+(?:by|in))"
    r"\s.+$",
    re.IGNORECASE,
)
_TIME_BEHIND = re.compile(rf"[\s,]+{_SOON}$", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"^{_SOON}[\s,]+(?:(?:in|with|at|to|on|about)\s+)?", re.IGNORECASE)
_TIME_ALONE = re.compile(
    rf"^(?:{_SOON}|the\s+{_DAYS}|{ANY_MONTH}|{'|'.join(WEEKDAYS)}|(?:19|20)\d\d|(?:last|this|past)\s+{_DAYS}|(?:{ANY_MONTH})\.?\s+\d{{1,2}}"
    rf"|\d{{1,2}}\s+(?:{ANY_MONTH})\.?|(?:19|20)\d\d-\d\d-\d\d)$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[?!;:|]|(?<!\b[A-Za-z])(?<!\b(?:Mr|Ms|Dr|St|Jr))(?<!\bMrs)\.\s")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EVERYTHING = frozenset(
    """news story stories headline headlines top latest recap summary summaries update updates overview world today
    everything events happenings article articles report reports bot""".split()
)
"""What names nothing in particular."""
_ASKING = frozenset((*QUESTION_WORDS, *AUXILIARIES, "whether", "if", "because"))
_NAMES_TOO = frozenset("will may might can".split())
"""Auxiliaries that a name may begin with."""
_OWNED = re.compile(r"\w['’]s?\s")
_LEANING = re.compile(
    r"^(?:(?:his|her|its|their|my|your|our|him|them|it|this|that|these|those|he|she|they|you|me|yourself|others?)\b"
    r"|the\s+(?:same|other|latter|former)\b|us$|(?:some|any|every|no)(?:thing|one|body)\b)",
    re.IGNORECASE,
)
# What is asked for where one of these ends a topic or owns the rest ("price of oil"): a figure, a day, a person.
_FACTS = frozenset(
    """price prices cost costs rate rates score scores toll number numbers figure figures result results age date dates
    winner winners population temperature temperatures forecast weather height length size salary value worth percentage
    share shares name names address capital cause causes reason reasons definition meaning age birthday wife husband
    time times schedule lineup odds ranking rankings standings deadline budget turnout""".split()
)
_FIGURES = frozenset("toll price prices cost score scores rate rates results weather".split())
"""Those of which a bare word is enough ("death toll Valencia")."""
_OF = frozenset("of in for on at from between".split())
_VERBS = frozenset(
    """say says said saying think thinks thought want wants wanted mean means meant claim claims claimed tell tells told
    win wins won lose loses lost die dies died kill kills killed beat beats resign resigned elected born arrested became
    become becomes get gets got go goes went gone make makes made take takes took give gives gave come comes came know
    knows knew find finds found see sees saw hear hears heard let lets help helps need needs please compare translate
    list define explain describe write draw show tell count name define calculate convert play sing describe happened
    happen happens announced announce announces decided react reacted respond responded hi hello thanks test ping
    am""".split()
)
# A question in another language is no topic, however short: words that ask in German, French, Spanish, Italian, Dutch.
_ELSEWHERE = frozenset(
    """wer wen wem wessen wozu womit wogegen worum worüber woran worauf wofür wodurch worin wovon wobei
    wann wo wohin woher wie warum weshalb wieso welche welcher welches welchem welchen wieviel
    wieviele qui quoi quand où comment pourquoi combien quel quelle quels quelles est-ce qu'est-ce quién quiénes qué
    cuándo dónde cómo cuánto cuántos cuánta cuántas cuál cuáles chi cosa quando dove perché quanto quanti quale quali
    wat waar wanneer waarom hoe hoeveel welk quem onde porque quantos ist sind hat haben wurde wurden sagte dit dijo
    ha han será est sont a-t-il""".split()
)
_SHORTENED = re.compile(r"n['’]t\b|['’](?:m|re|ll|ve|d)\b", re.IGNORECASE)  # "I'm", "don't"
_NOT_PLAIN = re.compile(r"[(){}\[\]<>=*_@#\\^~/Ͱ-ᷓⰀ-⹿぀-￯]")
_GRAMMAR = STOP_WORDS - frozenset(
    "a an the and of in on at for from to with by after against over under as s d t".split()
)


def _narrowed(topic: str) -> str:
    """Without what tells a time or an outlet, which `understand` reads, and without quotation marks around it."""
    topic = _ATTRIBUTED.sub("", topic)
    while (shorter := _TIME_BEFORE.sub("", _TIME_BEHIND.sub("", topic))) != topic:
        topic = shorter
    return topic.strip(" \"“”'‘’«»,.?!")


def _is_topic(topic: str) -> bool:
    """Whether something is named, and nothing is asked or said of it."""
    words = _WORD.findall(topic)
    if not 0 < len(words) <= LONGEST or _TIME_ALONE.match(topic) or _LEANING.match(topic) or _ENDS.search(topic):
        return False
    named = {word.casefold() for word in words} - SMALL_WORDS - _EVERYTHING
    shouted = topic.isupper() and len(words) > 1
    asks = any(_asks(word.lower() if shouted else word) for word in words)
    return bool(named) and not asks and bool(subject_terms(topic))


def _asks(word: str) -> bool:
    """ "WHO" is an organisation, and Will and May are people."""
    small = re.split("['’]", word.casefold())[0]
    if len(word) > 1 and word.isupper():
        return False
    return small in _ASKING and not (small in _NAMES_TOO and word[0].isupper())


def _is_fact(topic: str) -> bool:
    """Whether it is a figure, a day or the like of something ("the price of oil")."""
    small = [word.casefold() for word in _WORD.findall(topic)]
    ends = next((at for at, word in enumerate(small) if word in _OF), len(small))
    if not ends or small[ends - 1] not in _FACTS:
        return False
    return ends < len(small) or not small[-1].endswith("s")  # "oil prices" are a topic, "the oil price" is a figure


def _is_bare(topic: str, most: int) -> bool:
    """Whether it only names something, in at most so many words: no verb, none that asks in a language known here."""
    words = [word.casefold() for word in _WORD.findall(topic)]
    if len(words) > most or _NOT_PLAIN.search(topic) or _SHORTENED.search(topic):
        return False
    if any(word in _VERBS or word in _ELSEWHERE or word in _FIGURES for word in words) or words[0] in _FACTS:
        return False
    if any(word in _GRAMMAR for word in words if not word.isupper()):
        return False
    return (
        words[-1] not in _FACTS
        and not _is_fact(topic)
        and any(len(word) > 1 and not word.isdecimal() for word in words)
    )

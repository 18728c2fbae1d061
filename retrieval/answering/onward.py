"""What goes on from a question without naming it ("and since then?", "anything new on that?"): the latest on the same.

Rules on the words alone, as in `followup`, which has all other ways to lean on a question.
"""

from __future__ import annotations

import re

from retrieval.answering.broad import topic_of
from retrieval.answering.followup import asked_about
from retrieval.answering.leaning import LONGEST, goes_on, latest_on
from retrieval.article import Day
from retrieval.text.languages.known import language as known
from retrieval.text.letters import plain_letters

_OPENING = re.compile(r"^(?:(?:and|but|so|then|also|ok|okay|well|please)\b[\s,…-]*)+", re.IGNORECASE)
_ASKS = (
    r"(?:what(?:['’]s|\s+is|\s+has|\s+have|\s+else\s+has)?|anything|something|any|(?:is|are)\s+there\s+any(?:thing)?)"
)
_NEW = (
    r"(?:(?:been\s+)?(?:happened|happening|changed|going\s+on)|new|newer|(?:the\s+)?(?:latest|news)|updates?"
    r"|developments?)"
)
_SINCE = r"(?:(?:ever\s+)?since(?:\s+(?:then|that))?|after\s+(?:that|this)|afterwards|in\s+the\s+meantime|meanwhile)"
_ON_THAT = r"(?:\s+(?:now|today|(?:on|about|with|there|in)(?:\s+(?:that|this|it|there))?))?"
_ONWARD = re.compile(
    rf"^(?:(?:{_ASKS}\s+)?(?:{_NEW}\s+)?{_SINCE}|{_ASKS}\s+{_NEW}{_ON_THAT}"
    rf"|(?:the\s+)?(?:latest|updates?|news){_ON_THAT}|where\s+do\s+things\s+stand(?:\s+now)?)$",
    re.IGNORECASE,
)
_NOW = re.compile(r"^(?:and|but|so)?\s*(?:right\s+)?(?:now|today)$", re.IGNORECASE)


def onward(question: str, before: str, last: Day | None = None, language: str | None = None) -> str | None:
    """The question for the latest on what the one `before` asked about, as it is understood; None for any other.

    `last` is of when the last report is that answered that one; both questions are in `language`.
    """
    said = " ".join(plain_letters(question).split()).strip("?!. …¿¡")
    topic, spoken = topic_of(before, language), known(language)
    if spoken.code == "en":
        goes = (topic is not None and _NOW.match(said)) or _ONWARD.match(_OPENING.sub("", said))
    else:
        goes = goes_on(said, spoken, from_topic=topic is not None)
    about = (topic.text if topic else asked_about(before, language)) if goes else None
    if not about:
        return None
    whole = _latest(about, last) if spoken.code == "en" else latest_on(about, last, spoken)
    return whole if topic_of(whole, language) and len(whole) <= LONGEST else None


def _latest(about: str, last: Day | None) -> str:
    since = f" since {last.day} {last:%B} {last.year}" if last else ""
    return f"What is the latest on {about}{since}?"

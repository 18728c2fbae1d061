"""How often a broad question is answered with the story that it means: questions made from headlines by rule, and what
of them is answered first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.answer import Answer
from retrieval.answering.broad import topic_of
from retrieval.article import Day
from retrieval.errors import UnknownArticle
from retrieval.newsroom import Newsroom
from retrieval.text.names import SMALL_WORDS, names_in
from retrieval.text.terms import subject_terms

FORMS = ("What happened with {topic}?", "What is the latest on {topic}?", "{topic}")
"""How a topic is asked about: the last one is the bare topic."""
WORDS = 4
"""Of a headline that make its topic, at most."""
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’-][^\W_]+)*")
_SIGNED = re.compile(r"\s+(?:\|\s.*|[-–—]\s+[^-–—]{1,30})$")
"""The name of an outlet behind a headline."""
_OWNED = re.compile(r"['’]s?$")
# Headlines begin with these and hold their verbs in the present; neither is a noun.
_NO_NOUN = frozenset(
    """says say said is are was were be been has have had will would could may might can must should not no new more
    most than over under into amid against out up down off how why what when who where which live watch exclusive
    update updates breaking opinion analysis video photos explainer gets get got goes go going makes make made takes
    take took wins win won loses lose lost dies died kills killed kill hits hit sees see seen calls call called warns
    warn faces face seeks seek wants want needs need plans plan set sets shows show finds find found gives give given
    tells tell told asks ask first second third last year years day days week weeks month months it its he she they
    his her their this that these those as if while because about here there now just still again yet back all some
    many becomes become became begins began starts start ends end leaves leave left keeps keep kept comes come came
    knows know knew announces announce reacts responds helps help lets let list amp""".split()
)
_NO_NOUN_ENDS = re.compile(r"(?:ed|ing|ly|est)$")


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Articles (ids, the one whose headline stands for them first) about one event, asked about as of a day."""

    articles: tuple[str, ...]
    as_of: Day | None = None


@dataclass(frozen=True, slots=True)
class BroadMeasures:
    """Of `asked` questions of one form: what share had an article of the group in the story shown first (`right`), in
    one of those offered beside it (`offered`), was answered without any story (`quoted`), or was `refused`.
    """

    form: str
    asked: int
    right: float
    offered: float
    quoted: float
    refused: float


def topic_from(headline: str) -> str | None:
    """Names and nouns of a headline, at most `WORDS` and never all of its words; None where too little is left."""
    headline = _SIGNED.sub("", headline)
    named = {at for name in names_in(headline) if not _is_opening(name) for at in range(*name.span())}
    words = [match for match in _WORD.finditer(headline) if match.start() in named or _is_content(match[0])]
    names = [each for each in words if each.start() in named]
    nouns = [each for each in words if each not in names]
    whole = [match for match in _WORD.finditer(headline) if match[0].casefold() not in SMALL_WORDS]
    most = min(WORDS, len(whole) - 1)
    chosen = sorted([*names[: WORDS - 1], *nouns][:most], key=lambda each: each.start())
    topic = " ".join(_OWNED.sub("", each[0]) for each in chosen)
    return topic if len(chosen) > 1 and subject_terms(topic) else None


def _is_opening(name: re.Match[str]) -> bool:
    """Whether it may only look like a name, as one word at the beginning of a headline."""
    before = name.string[: name.start()].strip(" '\"‘“")
    return (not before or before[-1] in ":.?!") and " " not in name[0] and not _is_content(name[0])


def _is_content(word: str) -> bool:
    small = _OWNED.sub("", word.casefold())
    return (
        small not in SMALL_WORDS
        and not _NO_NOUN_ENDS.search(small)
        and small not in _NO_NOUN
        and bool(subject_terms(word))
        and len(small) > 1
    )


def measure_broad(room: Newsroom, groups: Sequence[EventGroup]) -> list[BroadMeasures]:
    """The measures of each of `FORMS` over the groups whose headline makes a topic. Raises what `Newsroom.ask` does."""
    topics = [(topic, group) for group in groups if (topic := topic_from(headline_of(room, group)))]
    return [
        measured(form, [(room.ask(form.format(topic=topic), as_of=group.as_of), group) for topic, group in topics])
        for form in FORMS
    ]


def measured(form: str, answers: Sequence[tuple[Answer, EventGroup]]) -> BroadMeasures:
    """The measures of answers to questions of one form, each with the group that it asks about."""
    return BroadMeasures(
        form=form,
        asked=len(answers),
        right=_mean(is_right(answer, group) for answer, group in answers),
        offered=_mean(_is_offered(answer, group) for answer, group in answers),
        quoted=_mean(answer.answered and not answer.stories for answer, _ in answers),
        refused=_mean(not answer.answered for answer, _ in answers),
    )


def is_right(answer: Answer, group: EventGroup) -> bool:
    """Whether the story shown first holds an article of the group."""
    return bool(answer.stories) and _holds(answer, 0, group)


def _is_offered(answer: Answer, group: EventGroup) -> bool:
    return any(_holds(answer, at, group) for at in range(len(answer.stories)))


def _holds(answer: Answer, at: int, group: EventGroup) -> bool:
    return any(article.id in group.articles for article in answer.stories[at].articles)


def headline_of(room: Newsroom, group: EventGroup) -> str:
    """The headline that stands for a group; "" where the newsroom does not know the article."""
    try:
        return room.history(group.articles[0])[-1].article.title
    except UnknownArticle:
        return ""


def is_broad(headline: str) -> bool:
    """Whether each question about the topic of a headline is understood as broad."""
    topic = topic_from(headline)
    return topic is not None and all(topic_of(form.format(topic=topic)) for form in FORMS)


def _mean(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0

"""How a language asks, for what understands questions (`retrieval.answering`) to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.text.languages.times import NOTHING
from retrieval.text.languages.word_lists import Words

NAME = r"(?P<name>(?:[^\s,;:?!()\"“”„«»]+ ){0,4}[^\s,;:?!()\"“”„«»]+)"
"""Up to five words, of which as many are an outlet's name as are followed by what may follow one."""


@dataclass(frozen=True, slots=True, eq=False)
class Reporting:
    """How a question names the outlet whose reporting it asks for: patterns with the group `name`."""

    reported: tuple[str, ...] = ()
    """What only an outlet does, or is named for: "according to", "writes"."""
    said: tuple[str, ...] = ()
    """What others do, too: "says"."""
    ends: str = NOTHING
    """What may follow a name; any other word makes it part of something else ("according to CNN host …")."""
    ordinary: Words = frozenset()
    """Outlets that are ordinary words without their article ("die Welt")."""
    inflected: tuple[str, str] = (NOTHING, "")
    """A pattern of endings that a name takes in a sentence, and what they are without it."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """How a question leans on the one before it. `opening` and `what_about` begin one, the others are all of it or,
    of `pointing` and `pronouns`, stand in it."""

    opening: str = NOTHING
    """And, but, so."""
    more: str = NOTHING
    """ "Tell me more"."""
    bare: str = NOTHING
    """ "Why", "since when"."""
    what_about: str = NOTHING
    """What stands before another topic: "what about"."""
    pointing: str = NOTHING
    """What stands for something that was said, and cannot be put in words: "there", "that"."""
    pronouns: tuple[tuple[str, str], ...] = ()
    """Patterns of what stands for somebody, and what it is with {name} in place of that."""
    subjects: tuple[str, ...] = ()
    """Patterns with the group `name`, of whom a question is about."""
    objects: str = NOTHING
    """Words before what a question is about."""
    determiners: Words = frozenset()
    """Articles and the like, behind which somebody is named."""
    joined: str = ""
    """And, between two questions or two names."""
    onward: str = NOTHING
    """What asks for the latest on the same: "and since then"."""
    now: str = NOTHING
    """ "And now"."""
    latest: str = ""
    """The question for the latest on a {topic}, or on a {bare} one, without its article."""
    since: str = ""
    """Since a {day}."""
    thanks: Words = frozenset()
    """Words of thanks and the like, which ask nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Breadth:
    """How a question asks for no fact, but for what is told of a topic."""

    opening: str = NOTHING
    """What only greets or is polite, at the beginning."""
    ending: str = NOTHING
    """The same at the end."""
    frames: tuple[str, ...] = ()
    """Whole questions, with the group `topic`. What is on none of these asks for a fact."""
    news: str = NOTHING
    """What asks for news even of a figure ("the latest on oil prices")."""
    marked: str = NOTHING
    """What says only that news are wanted, before or behind a bare topic."""
    lately: str = NOTHING
    """What tells no more of the time than that it is now, beside what `Times` tells."""
    leaning: str = NOTHING
    """How a topic begins that is none without what was said before: "his", "it"."""
    everything: Words = frozenset()
    """What is no topic by itself: "the news", "the world"."""
    facts: str = NOTHING
    """How a topic begins that is a figure, a day or the like of something: "the price of"."""
    verbs: str = NOTHING
    """Words that a bare topic has not."""
    glue: Words = frozenset()
    """Words that carry grammar and yet stand in a bare topic: articles, prepositions."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanting:
    """How a question tells what it asks for."""

    means: Mapping[str, str] = field(default_factory=dict)
    """Patterns of what asks, by the English ones that ask for the same: "who", "whom", "whose", "where", "when", "why",
    "which", "what", "how", and "how many" where that is one word."""
    measured: str = NOTHING
    """What makes "how" ask for a number."""
    saying: str = NOTHING
    """What asks for what somebody said or did, which no few words answer."""
    types: Mapping[str, str] = field(default_factory=dict)
    """What kind of thing is asked for, by the names of `retrieval.answering.wanted.TYPES`."""
    units: Words = frozenset()
    """What is counted in."""
    scales: Words = frozenset()
    """Hundreds, millions: words that are part of a number."""
    reasons: str = NOTHING
    """What stands before a clause that gives a reason."""
    inside_names: Words = frozenset()
    """Small words that stand within names."""
    near: Mapping[str, Words] = field(default_factory=dict)
    """Words beside which an answer often stands, by what they do: "place" (in, at), "of", "by", "to", "the", "act"
    (said, was)."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrasing:
    """How a language asks. Patterns are read without regard to case; what is left out, no question is understood by."""

    of_now: str = NOTHING
    """What tells that a question says something else when it is asked on another day."""
    mark: str = "{}?"
    """A question and its marks."""
    elided: str = NOTHING
    """Words that are written in one with the next ("l'Ukraine")."""
    reporting: Reporting = Reporting()
    leaning: Leaning = Leaning()
    breadth: Breadth = Breadth()
    wanting: Wanting = Wanting()

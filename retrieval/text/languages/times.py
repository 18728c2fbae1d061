"""How a language tells days and spans of time in a question, for `retrieval.text.periods` to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["hour", "day", "week", "month", "year"]
Cue = Literal[
    "range", "date", "weekday", "ago", "rolling", "today", "yesterday", "before_yesterday", "last_weekend", "last_week",
    "last_month", "this_week", "this_month",
]  # fmt: skip
NOTHING = r"(?!)"
"""A pattern that is found nowhere."""
YEAR = r"(?:1[89]|20)\d\d"
NUMERIC_DAY = rf"{YEAR}-\d\d-\d\d|\d\d?/\d\d?/{YEAR}"


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Patterns of what tells a time in a question, read without regard to case; `(?-i:…)` looks at it all the same.

    What is in doubt is best left out: a wrong window of time hides the answer.
    """

    month: str
    """A month by its name, in full or shortened."""
    cues: tuple[tuple[Cue, str], ...]
    """In the order in which they are tried; what one has matched, the later ones do not see. Accents need not be
    written. A cue says by named groups what it found:

    `date` (a day, a month or a year), `start` and `end` of a range, `day` of the week, `count` and `unit`; and by which
    words: `since` (also "after") and `onwards` ("from") tell that it goes on up to now, `before` that it ends there,
    `within` that it is in it or on it, `of` that it may be no time, `which` that it tells of which event the question
    is ("the speech of 3 June"), `owns` likewise ("Sunday's"), `last` that a day of the week may be that of the week
    before.
    """
    counts: Mapping[str, int] = field(default_factory=dict)
    """Numbers in words, and what is about as much: a few may be seven."""
    uncounted: int = 1
    """How many a span without a number is ("in the last days")."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    day_first: bool = True
    """Whether 3/6/2024 is surely in June."""

    ends: str = ""
    """What may follow a date with a year; another word makes it part of a name ("in 2018 World Cup")."""
    name_follows: str = r"-"
    """What makes any date part of a name."""
    list_follows: str = NOTHING
    """What makes it one of several dates."""
    names_too: frozenset[str] = frozenset()
    """Months that are names or other words, too."""

    future: str = NOTHING
    """What tells that a question is about what is to come."""
    past_tense: str = ""
    """What tells that it is about what has been, where the present may be of both; "" where it is not."""
    comparison: str = NOTHING
    """What before "since …" tells how far back a comparison reaches ("the largest protest since June")."""
    event: str = NOTHING
    """What before a date tells that this is the day of an event, of which later articles may tell, too."""
    since_then: str = NOTHING
    """What before a date tells that it goes on up to now ("since the attack in")."""
    nowadays: str = NOTHING
    """What before "today" tells that the times are meant and not the day."""
    past: str = NOTHING
    """What tells of a past that is no window of time ("in the 1980s")."""
    old_name: str = NOTHING
    """A question about what is called by its `year`."""


def any_of(words: tuple[str, ...]) -> str:
    """An alternative of words, longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"

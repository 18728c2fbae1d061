"""What a language has to tell, so that everything else can be written once, for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.text.languages.anaphora import Anaphora
from retrieval.text.languages.questions import Phrasing
from retrieval.text.languages.times import Times
from retrieval.text.languages.word_lists import Words


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639-1 code. What is left out is not known, and nothing is assumed of it.

    All words are in small letters, with their accents; patterns are regular expressions that are read without regard to
    case.
    """

    code: str
    stop_words: Words = frozenset()
    """What carries the grammar of a sentence, not its subject; in a script without spaces, single characters."""
    capitals_tell_names: bool = False
    """Whether what is written with a capital inside a sentence is mostly a name."""
    capital_nouns: bool = False
    """Whether every noun has one, and so some of what has one is a name."""
    capital_days: bool = False
    """Whether months and days of the week have one."""

    months: tuple[str, ...] = ()
    short_months: tuple[str, ...] = ()
    """As they stand before a full stop."""
    weekdays: tuple[str, ...] = ()
    """As `date.weekday` counts them."""
    day_pattern: str = ""
    """Days and years that are told without a month's name ("5月3日")."""

    numbers: Words = frozenset()
    """Numbers that are written in words where a count is told; not "one", which is seldom one."""
    number_pattern: str = ""
    """Numbers in other signs than digits."""
    scales: str = ""
    """A pattern of what makes a number an amount: per cent, millions."""

    speech: Words = frozenset()
    """Words that tell that somebody said something."""
    speech_pattern: str = ""
    """Phrases for it, or words where none are parted by spaces."""
    reasons: Words = frozenset()
    reason_pattern: str = ""
    referring: str = ""
    """A pattern of how a sentence begins that speaks of the one before."""
    openers: Words = frozenset()
    """Words with which a sentence begins that are no names."""

    shortened: Words = frozenset()
    """What is written with a stop behind it that ends no sentence, as more always follows: titles, "approx."."""
    shortened_before_numbers: Words = frozenset()
    """The same where a number follows."""
    small_letters_go_on: bool = True
    """Whether no sentence begins with a small letter behind a stop; English has names that do, and is careless."""

    asks: Mapping[str, str] = field(default_factory=dict)
    """What a question asks for ("person", "place", "number", "date", "reason", "speech"), and a pattern that tells."""
    question_words: Words = frozenset()
    """Those that ask, all forms; they are stop words, too."""

    times: Times | None = None
    """How a question tells days and spans; None where nothing is known of it, and no question names any."""
    phrasing: Phrasing | None = None
    """How it asks; None where nothing is known of it but what is above."""
    anaphora: Anaphora | None = None
    """How a sentence of it speaks of what was told before."""

"""How a sentence of a language speaks of what was told before it, for `retrieval.text.alone` to read."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.text.languages.times import NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Anaphora:
    """Patterns that are read without regard to case, on a sentence without the marks at its beginning."""

    points_back: str = NOTHING
    """First words that go back to the sentence before: pronouns, connectives."""
    told_before: str = NOTHING
    """First words that name what was told before ("The man"), the noun as the group `noun`."""
    nobody: str = NOTHING
    """What speaks of somebody whom it does not name ("she said"), anywhere in what is not quoted; where somebody is
    named before it, it is understood."""
    its_page: str = NOTHING
    """Words about the page or to its reader, anywhere."""

"""What modules of languages tell is well made: whoever adds one learns here what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from retrieval.answering.wanted import TYPES
from retrieval.text.languages.known import LANGUAGES
from retrieval.text.languages.language import Language
from retrieval.text.letters import bare_letters
from retrieval.text.periods import times_told

GROUPS = {
    "range": {"start", "end"},
    "date": {"date"},
    "weekday": {"day"},
    "ago": {"count", "unit"},
    "rolling": {"unit"},
}
"""That a cue of a kind must have."""


def patterns(value: object) -> Iterator[str]:
    """All patterns in what a language tells of how it asks and tells times."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from patterns(each)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name == "pronouns":
                yield from (pattern for pattern, _ in getattr(value, field.name))
            elif field.name not in ("joined", "latest", "since", "mark"):
                yield from patterns(getattr(value, field.name))


def groups(pattern: str) -> set[str]:
    return set(re.compile(pattern, re.IGNORECASE).groupindex)


@pytest.mark.parametrize("code", LANGUAGES)
def test_its_patterns_are_well_made(code: str) -> None:
    spoken = LANGUAGES[code]
    for told in (spoken.times, spoken.phrasing, spoken.anaphora):
        for pattern in patterns(told):
            re.compile(bare_letters(pattern), re.IGNORECASE)


@pytest.mark.parametrize("code", [code for code, spoken in LANGUAGES.items() if spoken.times])
def test_its_cues_say_what_they_found(code: str) -> None:
    spoken = LANGUAGES[code]
    assert spoken.times is not None
    for cue, pattern in spoken.times.cues:
        assert GROUPS.get(cue, set()) <= groups(pattern), pattern
    assert len(spoken.weekdays) == 7
    for month in spoken.months:
        assert re.fullmatch(spoken.times.month, month, re.IGNORECASE)
    assert set(spoken.times.units.values()) == {"hour", "day", "week", "month", "year"}
    assert times_told("", code) == []


@pytest.mark.parametrize("code", [code for code, spoken in LANGUAGES.items() if spoken.phrasing])
def test_how_it_asks_is_complete(code: str) -> None:
    spoken = LANGUAGES[code]
    phrasing = spoken.phrasing
    assert phrasing is not None
    for pattern in (*phrasing.reporting.reported, *phrasing.reporting.said):
        assert "name" in groups(pattern), pattern
    for pattern in phrasing.leaning.subjects:
        assert "name" in groups(pattern), pattern
    for pattern in phrasing.breadth.frames:
        assert "topic" in groups(pattern), pattern
    leaning = phrasing.leaning
    assert leaning.joined in spoken.stop_words
    assert "new" in leaning.latest.format(topic="new", bare="new")
    assert "5 May" in leaning.since.format(day="5 May")
    assert phrasing.mark.format("Why") != "Why"
    assert phrasing.wanting.types.keys() <= TYPES.keys()
    asks = {"who", "whom", "whose", "where", "when", "why", "which", "what", "how", "how many"}
    assert set(phrasing.wanting.means.values()) <= asks
    assert {"who", "where", "when", "why", "which", "what", "how"} <= set(phrasing.wanting.means.values())


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code not in ("zh", "ja", "ko")])
def test_words_that_ask_carry_grammar(code: str) -> None:
    assert LANGUAGES[code].question_words <= LANGUAGES[code].stop_words


def test_of_a_language_without_a_module_nothing_is_known() -> None:
    unknown = Language("xx")
    assert (unknown.times, unknown.phrasing, unknown.anaphora) == (None, None, None)

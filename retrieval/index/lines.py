"""What the sentences of an article hold, kept with it: a question looks at sixty, and reads none of them anew.

Each sentence is a line of text: its numbers; its terms; its names; its numbers; its dates. The first line says by which
rules all that was found; what was kept by others, or is not there, is found when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from retrieval.text.facts import Facts, facts
from retrieval.text.prose import is_prose
from retrieval.text.terms import ANALYZER, term_set, terms

RULES = f"2 {ANALYZER}"
"""To be renamed whenever facts, terms or prose are told otherwise."""


def rules(language: str | None) -> str:
    """By which rules the sentences of a text in `language` are read."""
    return f"{RULES} {language or ''}"


LONGEST = 5_000  # characters; a longer "sentence" is a table or a transcript without stops, and is never quoted

_FIELD, _ITEM = "\t", "|"
_NONE = frozenset[str]()
Spans = Sequence[tuple[int, int]]


def lines_text(body: str, sentences: Spans, language: str | None = None) -> str:
    """What is kept of the sentences of a body in `language`."""
    return "\n".join([rules(language), *(_line(body, start, end, language) for start, end in sentences)])


def _line(body: str, start: int, end: int, language: str | None) -> str:
    if end - start > LONGEST:
        return ""
    text = body[start:end]
    found = facts(text, language)
    counts = (found.words, found.amounts, found.speech, found.quoted, found.reasons, found.pronoun_first)
    sets = (_ITEM.join(sorted(each)) for each in (found.names, found.numbers, found.dates))
    counted = " ".join(str(int(each)) for each in (*counts, is_prose(body, start, end)))
    return _FIELD.join((counted, " ".join(terms(text, language)), *sets))


class Lines:
    """The sentences of a body in `language`, by number; `kept` is what `lines_text` made of them, if it is there.

    Terms that have `aliases` are told by these.
    """

    __slots__ = ("_aliases", "_body", "_facts", "_kept", "_language", "_sentences")

    def __init__(
        self,
        body: str,
        sentences: Spans,
        kept: str | None,
        language: str | None = None,
        aliases: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._body, self._sentences, self._language, self._aliases = body, sentences, language, aliases
        told_by, *lines = kept.split("\n") if kept else ("",)
        usable = told_by == rules(language) and len(lines) == len(sentences)
        self._kept = lines if usable else None
        self._facts: dict[int, Facts] = {}

    def text(self, number: int) -> str:
        """A sentence, word for word."""
        start, end = self._sentences[number]
        return self._body[start:end]

    def facts(self, number: int) -> Facts:
        """What a sentence holds."""
        if (found := self._facts.get(number)) is None:
            kept = self._kept[number] if self._kept else ""
            found = _facts_of(kept) if kept else facts(self.text(number), self._language)
            found = found._replace(terms=self._told(found.terms)) if self._aliases else found
            self._facts[number] = found
        return found

    def terms(self, first: int, last: int) -> str:
        """The terms of the sentences `[first, last)` in order, a space before and after each: looking some up takes a
        tenth of the time of making a list of all."""
        if self._kept is None:
            said = spaced(map(self._terms_at, range(first, last)))
        else:
            kept = enumerate(self._kept[first:last], first)
            said = spaced([line.split(_FIELD, 2)[1] if line else self._terms_at(at) for at, line in kept])
        return spaced(self._aliases.get(term, term) for term in said.split()) if self._aliases else said

    def terms_of(self, text: str) -> frozenset[str]:
        """The distinct terms of a short text in the language of the body, a word or its headline; remembered."""
        return self._told(term_set(text, self._language))

    def terms_in(self, text: str) -> frozenset[str]:
        """The distinct terms of a text of any length; not remembered, for passages would drive the words out."""
        return self._told(frozenset(terms(text, self._language)))

    def _told(self, found: frozenset[str]) -> frozenset[str]:
        aliases = self._aliases
        return found if aliases.keys().isdisjoint(found) else frozenset(aliases.get(term, term) for term in found)

    def _terms_at(self, number: int) -> str:
        return " ".join(terms(self.text(number), self._language))

    def is_prose(self, number: int) -> bool:
        """Whether a sentence is one of the text: neither furniture nor a heading."""
        if not self._kept or not (line := self._kept[number]):
            return is_prose(self._body, *self._sentences[number])
        return line[line.index(_FIELD) - 1] == "1"


def spaced(parts: Iterable[str]) -> str:
    """Parts in one text, a space before and after each."""
    return f" {' '.join(parts)} "


def _items(text: str) -> frozenset[str]:
    return frozenset(text.split(_ITEM)) if text else _NONE


def _facts_of(line: str) -> Facts:
    counts, said, *sets = line.split(_FIELD)
    names, numbers, dates = map(_items, sets)
    words, amounts, speech, quoted, reasons, pronoun_first = _counts_of(counts)
    return Facts(
        words=words,
        terms=frozenset(said.split()),
        names=names,
        numbers=numbers,
        dates=dates,
        amounts=amounts,
        speech=speech,
        quoted=quoted,
        reasons=reasons,
        pronoun_first=bool(pronoun_first),
    )


@lru_cache(4_096)
def _counts_of(text: str) -> list[int]:
    """All but the last; remembered, for many sentences have the same."""
    return list(map(int, text.split()))[:-1]

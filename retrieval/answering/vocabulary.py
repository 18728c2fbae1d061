"""What a question's words become in each language that there are articles in.

A question's terms are those of its own language. In an article of another one the same name may be another term, as it
is stemmed otherwise ("Paris" is "pari" in English), so such a term is looked for as well, and taken for the question's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from retrieval.index.stored import StoredArticle
from retrieval.text.languages.known import language as known
from retrieval.text.terms import content_terms, grams, terms

Aliases = Mapping[str, str]
"""From a term of another language to the question's."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a question that carry meaning, in the order of its words, and `aliases`, by languages."""

    language: str | None
    terms: tuple[str, ...]
    aliases: Mapping[str | None, Aliases] = field(default_factory=dict)

    @property
    def sought(self) -> tuple[str, ...]:
        """All that is looked for: the question's terms, and what other languages have for them."""
        found = dict.fromkeys(self.terms)
        for aliases in self.aliases.values():
            found |= dict.fromkeys(aliases)
        return tuple(found)

    @property
    def grams(self) -> list[str]:
        """The parts of its terms, by which other forms and longer words are found."""
        return grams(self.terms, self.language)

    def seen_in(self, stored: StoredArticle) -> StoredArticle:
        """An article with what the question has for its terms, where it is in another language."""
        aliases = self.aliases.get(stored.article.language)
        return replace(stored, aliases=aliases) if aliases else stored


def vocabulary(question: str, language: str | None, languages: Iterable[str]) -> Vocabulary:
    """The vocabulary of a question in `language`, of an index that holds articles in `languages`."""
    own = tuple(content_terms(question, language))
    words = question.split()
    others: dict[str | None, Aliases] = {}
    for other in dict.fromkeys([*languages, None]):  # in their order: sums of scores depend on that of what is sought
        # What is not known to be in any is read as if it were in English.
        if known(other) is not known(language) and (aliases := _aliases(words, own, language, other)):
            others[other] = aliases
    return Vocabulary(language, own, others)


def _aliases(words: Iterable[str], own: tuple[str, ...], language: str | None, other: str | None) -> Aliases:
    found: dict[str, str] = {}
    for word in words:
        here, there = terms(word, language), terms(word, other)
        if len(here) == len(there):
            pairs = zip(there, here, strict=True)
            found |= {foreign: term for foreign, term in pairs if term in own and foreign not in own}
    return found

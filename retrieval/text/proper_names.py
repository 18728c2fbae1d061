"""Names in a text, as its language writes them: by capitals where these tell names, and else by other marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from retrieval.text.languages.known import language as known
from retrieval.text.terms import content_terms

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽЀ-Я"
_WORD = rf"[{_CAPITAL}][\w’'&.-]*"
_INSIDE = r"of|the|de|du|des|del|la|le|los|van|von|der|bin|al|and|y|di|da|dos"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:{_INSIDE})\s+)?{_WORD})*")
_FIRST_WORD = re.compile(rf"(?:^|[.!?:]\s+|[“\"‘„«¿¡(]\s*)([{_CAPITAL}][\w’'-]*)")
# Where every noun has a capital, a single word is no name behind what belongs to a noun, or if it ends as one.
_OF_NOUN = re.compile(
    r"\b(?:d(?:er|ie|as|en|em|es)|(?:[dms]?ein|kein|ihr|unser|dies|jed|welch|manch|solch|all)(?:e[rnsm]?)?|im|am|zum|zur|beim"
    r"|vom|ins|ans|\w+(?:e|en|er|es|em)|zwei|drei|vier|fünf|viele|mehr|\d+)\s$"
)
_ENDS_AS_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|ismus|tät|nis|tum|ling|innen|ungen|heiten|keiten|schaften|tionen|täten|nisse)\Z"
)
# Scripts without capitals: what is written in Latin letters, titles, foreign names by their signs.
_MARKED = re.compile(
    r"《([^《》]{1,40})》|『([^『』]{1,40})』|([A-Za-z][\w.&’'-]*(?: [A-Z][\w.&’'-]*)*)|([\u30a1-\u30faー・]{3,})"
)
_DOTTED = re.compile(r"[\u4e00-\u9fff]{1,6}(?:[·・•][\u4e00-\u9fff]{1,6})+")


def proper_names(text: str, language: str | None = None) -> Iterator[str]:
    """The names in `text`, in lower case and without possessives."""
    spoken = known(language)
    if spoken.capitals_tell_names or spoken.capital_nouns:
        yield from _capitalised(text, language, nouns=spoken.capital_nouns)
    else:
        yield from (next(filter(None, match.groups())).lower() for match in _MARKED.finditer(text))
        yield from _DOTTED.findall(text)


def _capitalised(text: str, language: str | None, *, nouns: bool) -> Iterator[str]:
    """Capitalised runs; one that opens a sentence counts only when it is more than a single common word."""
    openers = {match.start(1) for match in _FIRST_WORD.finditer(text)}
    for match in _NAME.finditer(text):
        name = " ".join(match[0].split()).strip(".’'-")
        if match.start() in openers:
            first, _, rest = name.partition(" ")
            if _is_opener(first, language):
                name = rest.removeprefix("the ").removeprefix("of ")
        if nouns and " " not in name and _is_noun(text, match.start(), name):
            continue
        name = name.lower().removesuffix("’s").removesuffix("'s")
        if len(name) > 1:
            yield name


def _is_noun(text: str, start: int, word: str) -> bool:
    return not word.isupper() and bool(_ENDS_AS_NOUN.search(word) or _OF_NOUN.search(text, 0, start))


@lru_cache(4096)
def _is_opener(word: str, language: str | None) -> bool:
    """Whether a word with which a sentence begins is likely to be no name."""
    if word.lower() in known(language).openers:
        return True
    found = content_terms(word, language)
    return not found or len(found[0]) < 2

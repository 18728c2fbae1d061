"""Which words of a quote a question bears on: those that a reader's eye looks for."""

from __future__ import annotations

import re

from bot.wording.markdown import visible
from retrieval.text.terms import subject_terms, term_set

# Runs of letters and digits; abbreviations such as "U.S." and numbers such as "1,200.5" are one word.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+|[^\W_]+")

Spans = tuple[tuple[int, int], ...]


def words_of_question(question: str, text: str) -> Spans:
    """The whole words of `text` that `question` bears on, in whatever form: spans `[start, end)` of `visible(text)`."""
    subject = subject_terms(visible(question))
    if not subject:
        return ()
    words = _WORD.finditer(visible(text))
    return tuple(word.span() for word in words if (inside := term_set(word[0])) and inside <= subject)

"""Whether what stands at an entry's address is its article, as far as the entry tells; known walls are told before.

A publisher words a headline anew, and cuts a summary from anywhere. So a page is only refused where nothing that the
entry says is on it, and nothing but its address speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from retrieval.article import Article
from retrieval.reasons import Reason
from retrieval.text.addresses import canonical_url, is_front_page
from retrieval.text.headlines import missing, shared

_SHORT = 120  # words: so short are walls
_LEAST_SUMMARY = 8  # words in one that is compared
_UNLIKE = 0.2  # of its words, at most, are in a page that tells something else


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found at the address `asked` of an entry with this headline and summary: `article`, at `found`.

    `declared` tells whether the page declares itself an article.
    """

    headline: str
    summary: str
    asked: str
    found: str
    article: Article
    declared: bool

    @property
    def _is_short(self) -> bool:
        return len(self.article.body.split()) <= _SHORT

    @property
    def other(self) -> str | None:
        """What is shown instead of the entry's article; None if nothing says that it is not that."""
        if is_front_page(self.found) and not is_front_page(self.asked):
            return Reason("leads to the front page of its site")
        if not self.headline or shared(self.headline, self.article.title) > 0:
            return None
        if self._led_upwards:
            return Reason("leads to another page of its site")
        lost = missing(self.headline, self.article.body)
        told = len(self.summary.split()) >= _LEAST_SUMMARY
        unlike = told and shared(self.summary, self.article.body) < _UNLIKE
        weak = not self.declared or self._is_short
        if (lost and (unlike or (weak and not told))) or (unlike and weak and self._is_short):
            return Reason("shows something else: nothing on it is of the entry's headline")
        return None

    @property
    def is_doubtful(self) -> bool:
        """Whether it is to be held against what is found at other addresses of the host: a wall is the same at all."""
        if not self.headline:
            return False
        weak = not self.declared or self._is_short
        agrees = shared(self.headline, self.article.title) > 0
        return missing(self.headline, self.article.body) or (weak and not agrees)

    @property
    def _led_upwards(self) -> bool:
        asked, found = canonical_url(self.asked), canonical_url(self.found)
        path = urlsplit(found).path.rstrip("/")
        return asked != found and urlsplit(asked).path.startswith(f"{path}/")

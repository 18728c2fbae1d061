"""Versions of articles as the store gives them, each checked against the hash of what was written."""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrieval.article import Article
from retrieval.index.written import day_of, layout_of_text

if TYPE_CHECKING:
    from retrieval.index.lines import Lines

logger = logging.getLogger(__name__)

_SPAN = struct.Struct("<II")
FILE = "articles.sqlite3"
"""The name of the store in its data folder."""
LANGUAGE = "(SELECT nullif(code, '') FROM language WHERE article = a.key)"
"""A column: the language of a version of `article a`, NULL where it is not known."""
ARTICLE = (
    "a.key, a.hash, a.id, a.title, a.body, a.url, a.source, a.published, a.updated, a.key_points, a.summary_only,"
    f" a.sentences, a.layout, {LANGUAGE}"
)
"""The columns that `stored_article` reads."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """A version of an article with the spans of its sentences.

    `aliases` are what a question has for terms of its language (`answering.vocabulary`).
    """

    key: int
    article: Article
    sentences: tuple[tuple[int, int], ...]
    kept: str | None = field(default=None, compare=False, repr=False)
    aliases: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    _lines: Any = field(default=None, init=False, compare=False, repr=False)

    @property
    def lines(self) -> Lines:
        """What each of its sentences holds: as it was kept, or else found when it is asked for."""
        if (lines := self._lines) is None:
            from retrieval.index.lines import Lines  # here, since who only reads needs nothing that finds it

            lines = Lines(self.article.body, self.sentences, self.kept, self.article.language, self.aliases)
            object.__setattr__(self, "_lines", lines)
        return lines

    @property
    def title_terms(self) -> frozenset[str]:
        """The distinct terms of its headline."""
        return self.lines.terms_of(self.article.title)


def stored_article(row: Sequence, kept: str | None = None) -> StoredArticle | None:
    """The article version of a row; None, with a word in the log, when it is not what was once written."""
    try:
        stored, content_hash = _as_it_stands(row, kept)
        if stored.article.content_hash == content_hash:
            return stored
    except (ValueError, TypeError, AttributeError, struct.error):
        pass  # as of what stands where JSON, days or numbers were written
    logger.error(
        "the stored text of %r is damaged and not quoted: where it came from the folder, `quotewire reload` reads it "
        "anew; else restore a backup of %s",
        *(row[2], FILE),
    )
    return None


def _as_it_stands(row: Sequence, kept: str | None) -> tuple[StoredArticle, str]:
    """What a row holds, and the hash of what was written."""
    (key, content_hash, id_, title, body, url, source, published, updated, *more) = row
    key_points, summary_only, sentences, layout, language = more
    article = Article(
        id=id_,
        title=title,
        body=body,
        url=url,
        source=source,
        published=day_of(published),
        updated=day_of(updated),
        key_points=() if key_points == "[]" else tuple(json.loads(key_points)),
        summary_only=bool(summary_only),
        layout=layout_of_text(layout),
        language=language,
    )
    return StoredArticle(key=key, article=article, sentences=spans_of(sentences), kept=kept), content_hash


def spans_of(sentences: bytes) -> tuple[tuple[int, int], ...]:
    """The inverse of `rows.packed_spans`."""
    return tuple(_SPAN.iter_unpack(sentences))

"""A web page as the article that it shows: its main text as plain paragraphs, and what it says of itself."""

from __future__ import annotations

from pathlib import Path

from retrieval.reading.sources.fields import MAX_ARTICLE_BYTES, Checked
from retrieval.reasons import Reason
from retrieval.workers import Overrun, outside


def read_page(
    html: bytes | str,
    url: str | None = None,
    *,
    identifier: str | None = None,
    content_type: str = "",
    least_words: int = 20,
) -> Checked:
    """The article that the page `html`, read from `url`, shows; its id is `identifier` when that is given.

    Without one the id is the article's address as `identity.canonical_url` folds it, or a hash of the content.
    `content_type` is what the server said of bytes. A page of fewer than `least_words` is only taken when it declares
    itself an article. Nothing is fetched; a worker reads it (`retrieval.workers`). Raises `NoArticleText` (`PageIsWall`
    of one that is served in the place of an article, `PageIsList` of a section's front), or another ValueError with the
    reason, when there is no article in it, and `WorkerUnavailable`.
    """
    if len(html) > MAX_ARTICLE_BYTES:
        raise ValueError(Reason("is larger than {size} MB; save the article alone", size=MAX_ARTICLE_BYTES // 1024**2))
    try:
        return outside(_page, html, url, identifier, content_type, least_words)
    except Overrun as error:
        raise ValueError(Reason("{why}; save the article alone, as text", why=error)) from error


def _page(html: bytes | str, url: str | None, identifier: str | None, content_type: str, least_words: int) -> Checked:
    # Imported by the workers: the parsers take a third of a second and 20 MB, which this process does without.
    from retrieval.reading.sources.page_article import article_of_page

    return article_of_page(html, url, identifier, content_type, least_words)


def read_page_file(path: Path, *, identifier: str | None = None) -> Checked:
    """`read_page` of a saved page. Raises OSError besides."""
    with path.open("rb") as stream:
        return read_page(stream.read(MAX_ARTICLE_BYTES + 1), identifier=identifier)

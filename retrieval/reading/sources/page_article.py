"""The article in a page, taken out of it with trafilatura: imported, and done, by the workers of `html_page` only."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from retrieval.errors import first_line
from retrieval.reading.markup import settle_markup
from retrieval.reading.sources.fields import Checked, checked_article
from retrieval.reading.sources.html_layout import shown_text
from retrieval.reading.sources.html_metadata import page_fields
from retrieval.reading.sources.html_titles import page_headlines
from retrieval.reading.sources.html_tree import page_tree
from retrieval.reading.sources.line_breaks import settle_breaks
from retrieval.reading.sources.listing import lists_others
from retrieval.reading.sources.page_points import take_key_points
from retrieval.reading.sources.page_text import as_written, gather_stray_text, keep_words
from retrieval.reading.sources.surroundings import take_away_surroundings
from retrieval.reading.sources.wall_boxes import take_away_walls
from retrieval.reading.sources.walls import NoArticleText, PageIsList, PageIsWall, not_the_article, wall_of
from retrieval.reasons import Reason
from retrieval.text.addresses import article_id
from retrieval.text.charset import decoded
from retrieval.text.controls import storable, storable_line
from retrieval.text.layout import layout_of
from retrieval.text.prose import is_furniture

# Every page without an article would be an error in the log; it is a reason in the report.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_PAYWALL = Reason("it says that it is not free to read; the article is kept with the text that the page holds")
_MOST_ELEMENTS = 100_000
_TOO_MANY = Reason("has more than {count} elements; save the article alone", count=_MOST_ELEMENTS)
# Taken for the article where that is short.
_AROUND_THE_ARTICLE = [
    "//nav",
    "//footer[not(ancestor::article)]",
    "//header[not(ancestor::article or ancestor::main or .//h1)]",
]
# Chinese, Japanese, Korean, Thai: two signs to a word.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}|[^\\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+"
)


def article_of_page(
    html: bytes | str, url: str | None, identifier: str | None, content_type: str, least_words: int
) -> Checked:
    """What `html_page.read_page` gives, read here. Raises as that does."""
    try:
        text = storable(html if isinstance(html, str) else decoded(html, content_type))
        if text.count("<") > 3 * _MOST_ELEMENTS:  # before a parser makes a tree of it
            raise ValueError(_TOO_MANY)
        tree = page_tree(text)
        if tree is None:
            raise NoArticleText(Reason("has no article text; it is empty, or not HTML"))
        if sum(1 for _ in islice(tree.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
            raise ValueError(_TOO_MANY)
        shown = shown_text(tree)
        wall = take_away_walls(tree)
        take_away_surroundings(tree, url)
        settle_markup(tree)
        points = take_key_points(tree)
        fields = page_fields(tree, url)
        headlines = page_headlines(tree)
        is_list = not (fields.declared and fields.published) and lists_others(tree, url or fields.url)
        text = _main_text(tree, fields.title)
    except (ValueError, MemoryError):
        raise
    except Exception as error:  # pages hold anything, and their parsers say so in many ways
        reason = Reason("is a page that cannot be read here ({error}); save it as text", error=first_line(error))
        raise ValueError(reason) from error
    words = _count_words(text)
    if wall := wall or wall_of(headlines, text, words=words, declared=fields.declared):
        raise PageIsWall(not_the_article(wall))
    if is_list:
        raise PageIsList(Reason("is no article: it lists others; add one of those, or the feed of the site"))
    if not text or (not fields.declared and words < least_words):
        raise NoArticleText(Reason("has no article text; it may be a list of links, or fill in its text by script"))
    record = {
        "id": identifier or article_id(fields.url, fields.title or "", text),
        "title": fields.title,
        "text": text,
        "url": fields.url,
        "source": fields.source,
        "published": fields.published,
        "updated": fields.updated,
        "key_points": points,
        "language": fields.language,
    }
    checked = _laid_out(replace(checked_article(record), declared=fields.declared), shown)
    return checked if fields.free else replace(checked, left_out=(*checked.left_out, _PAYWALL))


def _laid_out(checked: Checked, shown: str) -> Checked:
    article = checked.article
    return replace(checked, article=replace(article, layout=layout_of(shown, article.body)))


def _main_text(tree: HtmlElement, title: str | None) -> str:
    """Paragraphs of the article, blank lines between them; empty when it is mostly links.

    Tables are left out unless all of the page is laid out in them. What JSON-LD holds of the text, in one paragraph
    and as nobody sees it, is only taken where the page shows nothing else.
    """
    scripts = [*tree.iter("script")]
    for unseen in [*scripts, *tree.iter("template")]:
        unseen.drop_tree()
    keep_words(tree)
    settle_breaks(tree)
    gather_stray_text(tree)
    lines = _extracted(tree, tables=False) or _extracted(tree, tables=True)
    if lines:
        lines = as_written(lines, tree)
    else:
        for script in scripts:
            tree.append(script)
        lines = _extracted(tree, tables=False)
    lines = [line for line in lines if not is_furniture(line)]
    headlines = {title, *(storable_line(heading.text_content()) for heading in tree.iter("h1"))}
    while lines and storable_line(lines[0]) in headlines:
        del lines[0]
    links = {storable_line(link.text_content()) for link in tree.iterfind(".//a")}
    linked = sum(len(line) for line in lines if storable_line(line.removeprefix("- ")) in links)
    text = "\n\n".join(lines)
    return text if 2 * linked < len(text) else ""


def _extracted(tree: HtmlElement, *, tables: bool) -> list[str]:
    # `fast`: the slower fall-backs cost 30 times as much on pages without an article and find none there.
    document = bare_extraction(
        tree, fast=True, include_comments=False, include_tables=tables, prune_xpath=_AROUND_THE_ARTICLE
    )
    text = getattr(document, "text", None) or ""
    lines = [line.strip().strip("|").strip() if tables else line.strip() for line in text.splitlines()]
    return [line for line in lines if line.strip("-| ")]


def _count_words(text: str) -> int:
    """Words, two signs of a script without spaces counting as one."""
    return len(_WORD.findall(text))

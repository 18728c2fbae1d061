"""How an article is named wherever it is shown: headline, outlet, date, and who else reports or carries it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.cards.card import DOT
from bot.cards.lengths import OUTLET_LENGTH, TITLE_LENGTH
from bot.wording.amounts import listed
from bot.wording.language import _, is_foreign
from bot.wording.markdown import day_text, escape, label, linked, unbroken, visible
from bot.wording.tongues import called
from retrieval.article import Article
from retrieval.text.controls import one_line

OTHER_OUTLETS = 3
"""Of those that report or carry the same, how many are named."""


def title(article: Article) -> str:
    """The title on one line, not escaped."""
    return one_line(visible(article.title)) or _("Untitled")


def linked_title(article: Article) -> str:
    """The title, as a link to the article."""
    return linked(title(article), article.url, TITLE_LENGTH)


def outlet(article: Article) -> str:
    """The outlet's name; "" when it is not known."""
    return label(article.source or "", OUTLET_LENGTH)


def outlet_or_site(article: Article, url: str | None) -> str:
    """The outlet's name or, where the article gives none, the host of `url`; not escaped, "" when neither is known."""
    if named := one_line(article.source or ""):
        return named
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def summary_only(article: Article) -> str:
    """What is said where no more of an article is known than a summary; "" else."""
    return _("summary only") if article.summary_only else ""


def outlet_and_day(article: Article) -> str:
    """Outlet and date, as far as they are known."""
    return DOT.join(filter(None, [outlet(article), day_text(article.published)]))


def in_language(article: Article) -> str:
    """What is said of an article in another language than its reader's; "" of any other."""
    if article.language is None or not is_foreign(article.language):
        return ""
    return _("in {language}").format(language=called(article.language))


def origin(article: Article) -> str:
    """Outlet and date, a language that its reader may not read, and whether only a summary is known: what stands under
    everything that is quoted.
    """
    return DOT.join(filter(None, [outlet_and_day(article), unbroken(in_language(article)), summary_only(article)]))


def source_line(article: Article, link: str | None) -> str:
    """The title, as a link to `link`, then where it is from."""
    return f"{linked(title(article), link, TITLE_LENGTH)}{DOT}{origin(article)}"


def headline(article: Article, emphasis: str = "") -> str:
    """The title, as a link between two `emphasis` marks, over where it is from."""
    return f"{emphasis}{linked_title(article)}{emphasis}\n-# {origin(article)}"


def also_reported(articles: Sequence[Article]) -> tuple[str, ...]:
    """At most one line: the other outlets, each with a link to its article."""
    names = [linked(article.source or title(article), article.url, OUTLET_LENGTH) for article in articles]
    whole = _("-# Also reported by {names}")
    return listed(names, OTHER_OUTLETS, whole, "-# Also reported by {names} and {count} more")


def also_carried(articles: Sequence[Article]) -> tuple[str, ...]:
    """At most one phrase: the other outlets that carry the same text."""
    names = [name for article in articles if (name := outlet(article))]
    whole = _("also carried by {names}")
    return listed(names, OTHER_OUTLETS, whole, "also carried by {names} and {count} more")


def key_points(article: Article) -> list[str]:
    """The publisher's key points that say something."""
    return [point for line in article.key_points if (point := escape(one_line(line)))]

"""How articles are named under what is shown of them: headline, outlet, date, and who else reports it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import DOT, counted
from bot.wording.language import _
from bot.wording.markdown import day_text, escape, label, linked
from retrieval.article import Article
from retrieval.text.controls import one_line

TITLE_LENGTH = 120
OUTLET_LENGTH = 60
OTHER_OUTLETS = 3


def source_line(article: Article, link: str | None) -> str:
    """The title, as a link to `link`, then outlet and date."""
    return f"{linked(title(article), link, TITLE_LENGTH)}{DOT}{outlet_and_day(article)}"


def headline(article: Article, emphasis: str = "") -> str:
    """The title, as a link between two `emphasis` marks, over outlet and date."""
    shown = linked(title(article), article.url, TITLE_LENGTH)
    return f"{emphasis}{shown}{emphasis}\n-# {outlet_and_day(article)}"


def title(article: Article) -> str:
    """The title on one line, not escaped."""
    return one_line(article.title) or _("Untitled")


def outlet_and_day(article: Article) -> str:
    """Outlet and date, as far as they are known, and whether only a summary is."""
    summary = _("summary only") if article.summary_only else None
    return DOT.join(filter(None, [outlet(article), day_text(article.published), summary]))


def outlet(article: Article) -> str:
    """The outlet's name; "" when it is not known."""
    return label(article.source or "", OUTLET_LENGTH)


def also_reported(articles: Sequence[Article]) -> tuple[str, ...]:
    """At most one line: the other outlets, each with a link to its article."""
    names = [linked(article.source or title(article), article.url, OUTLET_LENGTH) for article in articles]
    if not names:
        return ()
    shown, rest = ", ".join(names[:OTHER_OUTLETS]), len(names) - OTHER_OUTLETS
    if rest > 0:
        line = counted(
            rest,
            "-# Also reported by {outlets} and {count} more",
            "-# Also reported by {outlets} and {count} more",
            outlets=shown,
        )
        return (line,)
    return (_("-# Also reported by {outlets}").format(outlets=shown),)


def also_carried(articles: Sequence[Article]) -> tuple[str, ...]:
    """At most one phrase: the other outlets that carry the same text."""
    names = [name for article in articles if (name := outlet(article))]
    if not names:
        return ()
    shown, rest = ", ".join(names[:OTHER_OUTLETS]), len(names) - OTHER_OUTLETS
    if rest > 0:
        phrase = counted(
            rest,
            "also carried by {outlets} and {count} more",
            "also carried by {outlets} and {count} more",
            outlets=shown,
        )
        return (phrase,)
    return (_("also carried by {outlets}").format(outlets=shown),)


def key_points(article: Article) -> list[str]:
    """The publisher's key points that say something."""
    return [point for line in article.key_points if (point := escape(one_line(line)))]

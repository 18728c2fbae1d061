"""Articles that moderators took out, or brought back, as messages. Pure: values in, `Card` out."""

from __future__ import annotations

from bot.cards.articles import linked_title, outlet_and_day
from bot.cards.card import ANSWERED, Card
from bot.wording.language import _
from bot.wording.markdown import label
from retrieval.article import Article

REFERENCE_LENGTH = 500
"""Characters of an article's id or address in a command."""


def withdrawal_card(article: Article) -> Card:
    """An article that is quoted no more."""
    line = _("**{title}** is quoted no more.").format(title=linked_title(article))
    back = _("-# **/restore** brings it back: {reference}").format(reference=label(article.id, REFERENCE_LENGTH))
    return Card(((line, f"-# {outlet_and_day(article)}\n{back}"),), accent=ANSWERED)


def restored_card(article: Article) -> Card:
    """An article that is quoted again."""
    line = _("**{title}** can be quoted again.").format(title=linked_title(article))
    return Card(((line, f"-# {outlet_and_day(article)}"),), accent=ANSWERED)

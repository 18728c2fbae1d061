"""Single sentences as messages."""

from __future__ import annotations

from bot.cards.card import MAX_TEXT, Card
from bot.cards.lengths import OUTLET_LENGTH
from bot.wording.language import _
from bot.wording.markdown import escape, label, shorten


def note_card(text: str) -> Card:
    """One plain sentence, such as an error's."""
    return Card(((escape(shorten(text, MAX_TEXT // 2)),),))


def hint_card(name: str) -> Card:
    """How to ask, for a mention without a question; `name` is the bot's."""
    name = label(name, OUTLET_LENGTH)
    text = _("Ask me about the news: **/ask**, or **\\@{name}** What did Rutte say about Russia?")
    return Card(((text.format(name=name),),))

"""What the host offers to all servers, and which of it one reads, as messages. Pure: values in, `Card` out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import ABSTAINED, ANSWERED, DOT, Card, first_that_fits, more_line
from bot.cards.lengths import TITLE_LENGTH
from bot.wording.amounts import counted
from bot.wording.language import _
from bot.wording.markdown import label
from retrieval.article import Collection

MOST_LISTED = 100
"""Collections that a message is tried with; no line is so short that more would fit."""


def collections_card(collections: Sequence[Collection]) -> Card:
    """All of them, each with how much is in it and whether this server reads it."""
    heading = counted(len(collections), "## {count} collection", "## {count} collections")
    hint = _(
        "-# The bot's host fills them. **/collections read** and **/collections leave** are for this server alone."
    )
    lines = [_line(each) for each in collections]

    def card(shown: int) -> Card:
        listed = "\n".join([*lines[:shown], *more_line(len(lines) - shown)])
        return Card(((heading, *([listed] if listed else []), hint),), accent=ANSWERED)

    return first_that_fits([], card, min(len(lines), MOST_LISTED))


def reads_card(name: str) -> Card:
    """That a server reads a collection from now on."""
    text = _("This server reads the collection **{name}** from now on.")
    return Card(((text.format(name=label(name, TITLE_LENGTH)),),), accent=ANSWERED)


def left_card(name: str) -> Card:
    """That a server reads a collection no more."""
    text = _("This server reads the collection **{name}** no more: nothing of it is quoted here.")
    hint = _("-# **/collections read** undoes that.")
    return Card(((f"{text.format(name=label(name, TITLE_LENGTH))}\n{hint}",),), accent=ABSTAINED)


def _line(collection: Collection) -> str:
    facts = [
        f"**{label(collection.name, TITLE_LENGTH)}**",
        counted(collection.articles, "{count} article", "{count} articles"),
        counted(collection.feeds, "{count} feed", "{count} feeds"),
        _("read here") if collection.read else _("not read here"),
    ]
    return f"- {DOT.join(facts)}"

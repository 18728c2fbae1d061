"""What was forgotten of a member, as a message. Pure: values in, `Card` out."""

from __future__ import annotations

from bot.cards.card import ANSWERED, Card
from bot.memory.servers import Remembered
from bot.wording.amounts import counted
from bot.wording.language import _


def forgotten_card(gone: Remembered) -> Card:
    """That nothing is remembered of a member any more, and how much was."""
    counts = [
        counted(gone.answers, "{count} question with its answer", "{count} questions with their answers"),
        counted(gone.votes, "{count} vote", "{count} votes"),
        counted(gone.looks, "{count} list of news you had looked at", "{count} lists of news you had looked at"),
    ]
    what = [text for text, count in zip(counts, (gone.answers, gone.votes, gone.looks), strict=True) if count]
    if not what:
        return Card(((_("I remember nothing of you."),),), accent=ANSWERED)
    lines = [
        _("I have forgotten everything I remembered of you: {what}.").format(what=", ".join(what)),
        _("-# Messages in Discord stay, but their buttons do nothing any more. The bot's host may still have backups."),
    ]
    return Card((("\n".join(lines),),), accent=ANSWERED)

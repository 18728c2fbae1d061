"""Why a member cannot ask here and now, as messages. Pure: values in, `Card` out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.cards.card import ABSTAINED, Card
from bot.wording.language import _
from bot.wording.markdown import ago

NAMED = 5
"""Channels that are named to a member who asks in another one."""


def wait_card(until: float | None) -> Card:
    """When a member may ask again (seconds since 1970); None: once a question of theirs is answered."""
    if until is None:
        return _line(_("Two of your questions are being answered; ask again when one of them is."))
    # Rounded up, or the time that is shown would be too early by a fraction of a second.
    return _line(_("That was a little fast; ask again {when}.").format(when=ago(math.ceil(until))))


def elsewhere_card(channels: Sequence[int]) -> Card:
    """Where to ask; without `channels` there is nowhere left."""
    if not channels:
        return _line(
            _("The channels that I answered in are gone; a moderator can name others with **/settings channels add**.")
        )
    names = ", ".join(f"<#{channel}>" for channel in channels[:NAMED])
    return _line(_("I do not answer in this channel; ask me in {channels}.").format(channels=names))


def _line(text: str) -> Card:
    return Card(((text,),), accent=ABSTAINED)

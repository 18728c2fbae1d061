"""One place where an error becomes a reply: what to say, and how to say it so that it is seen."""

from __future__ import annotations

import logging
import secrets
import sqlite3

import discord
from discord import app_commands

from bot.cards.notes import note_card
from bot.connection.outage import OUT_OF_REACH
from bot.connection.replies import UNSENT, complete, is_thinking, privately, reply
from bot.wording.language import _
from bot.wording.reasons import spoken_error
from retrieval.errors import NotYetRead, QuotewireError, StoreUnavailable, sentence

_log = logging.getLogger(__name__)

# Discord's codes for an interaction that expired before it was acknowledged, for one that another process
# of this bot acknowledged, and for a reply that a moderator deleted.
GONE = (10062, 40060, 10008)


class ShutdownError(QuotewireError):
    """The bot stops while something was under way."""

    def __init__(self) -> None:
        super().__init__(sentence("The bot is shutting down, so this was stopped; try again once it is back."))


def cause(error: BaseException) -> BaseException:
    """The error that a command raised, out of the one that discord.py wraps it in."""
    raised = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(raised, sqlite3.Error):  # met where something is read, which is everywhere
        return StoreUnavailable(f"The data folder cannot be used ({raised}); quotewire status says what helps.")
    return raised


def explain(error: BaseException) -> str | None:
    """One sentence with the remedy, fit for the member who asked; None for an error nobody foresaw."""
    match cause(error):
        case QuotewireError() as known:
            return spoken_error(known)
        case app_commands.NoPrivateMessage():
            return _("This command only works in a server; use it there.")
        case app_commands.CheckFailure() as refused:
            return str(refused) or _("You may not use this command here; ask a moderator of this server.")
        case app_commands.TransformerError():
            return _("One of the values does not fit this command; check them and try again.")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return _("This command has changed; restart Discord, then choose it from the menu again.")
        case discord.Forbidden():
            return _(
                "Discord does not let me do that here; ask an admin of this server to give me "
                "View Channel, Send Messages and Read Message History."
            )
        case error if isinstance(error, OUT_OF_REACH):
            return _("Discord did not accept my reply just now; try again in a minute.")
    return None


def reply_text(error: BaseException, what: str) -> str:
    """What to reply to `error` in `what`; one that nobody foresaw is logged, under the reference it names."""
    if known := explain(error):
        root = cause(error)
        for_host = isinstance(root, QuotewireError) and root.public is not None
        # What is not for the host to mend may hold what a member wrote, which is not the log's.
        said = root if for_host else type(root).__name__
        _log.log(logging.WARNING if for_host else logging.INFO, "%s was refused: %s", what, said)
        return known
    reference = secrets.token_hex(4)
    _log.error("%s failed (reference %s)", what, reference, exc_info=cause(error))
    return _(
        "Sorry, something went wrong. If it happens again, give the bot's host this reference: {reference}."
    ).format(reference=reference)


def nothing_left(error: BaseException, what: str) -> bool:
    """Whether `error` says that there is nothing left to reply to in `what`, which the log learns in one line."""
    if not isinstance(root := cause(error), discord.HTTPException) or root.code not in GONE:
        return False
    _log.warning("%s: there is nothing left to reply to (Discord's code %d)", what, root.code)
    return True


async def reply_to_interaction(interaction: discord.Interaction, error: BaseException) -> None:
    """Say `error` to the member who used the command, and to nobody else unless it is no fault. Never raises."""
    what = f"/{interaction.command.qualified_name}" if interaction.command else "a command"
    if nothing_left(error, what):
        return
    card = note_card(reply_text(error, what))
    try:
        if isinstance(cause(error), NotYetRead) and is_thinking(interaction):
            await complete(interaction, card)
        else:
            await privately(interaction, card)
    except UNSENT as failure:
        _log.warning("%s: its error could not be shown: %s", what, failure)


async def reply_to_message(message: discord.Message, error: BaseException) -> None:
    """Say `error` in reply to a mention; where the bot may not write, log one line. Never raises."""
    what = f"a mention in channel {message.channel.id}"
    if isinstance(error, discord.Forbidden):
        _log.warning("%s cannot be answered: %s", what, error)
        return
    try:
        await reply(message, note_card(reply_text(error, what)))
    except UNSENT as failure:
        _log.warning("%s: its error could not be shown: %s", what, failure)

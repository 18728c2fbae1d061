"""Asking on from an answer: the form that its button opens, and what comes of it."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import ui

from bot.cards.lengths import QUESTION_LENGTH
from bot.commands.answering import asking_of, respond
from bot.commands.context import in_conversation
from bot.connection.admission import admit
from bot.connection.errors import reply_to_interaction
from bot.connection.offload import offload
from bot.connection.replies import defer
from bot.connection.serving import attend, serving_of
from bot.memory.exchanges import Exchange, ExchangeForgotten
from bot.wording.language import _
from retrieval.answering.question import checked_question

OPEN_SECONDS = 900.0
"""How long discord.py remembers a form, for nothing: see `answer_form`."""

_FORM = re.compile(r"follow:(?P<exchange>[0-9]{1,18})")
_QUESTION = "question"


class FollowUp(ui.Modal):
    """A form for a question that follows an exchange. It only looks like one: `answer_form` does what it is for."""

    def __init__(self, exchange: int) -> None:
        super().__init__(title=_("Ask a follow-up"), timeout=OPEN_SECONDS, custom_id=f"follow:{exchange}")
        question: ui.TextInput[FollowUp] = ui.TextInput(max_length=QUESTION_LENGTH, custom_id=_QUESTION)
        self.add_item(ui.Label(text=_("Your question"), component=question))


async def known(interaction: discord.Interaction[Any], id_: int) -> Exchange:
    """The exchange with this id. Raises `ExchangeForgotten`, also for one of another server or direct message."""
    exchange = await offload(lambda: serving_of(interaction).exchanges.get(id_))
    if exchange is None or not exchange.asking.is_of(interaction.guild_id, interaction.channel_id):
        raise ExchangeForgotten
    return exchange


async def answer_form(interaction: discord.Interaction[Any]) -> None:
    """Answer a form that was sent, as `/ask` does, for the eyes of those who saw what it follows. Never raises.

    Any interaction may be given; what is no such form is left alone. A form is known by its custom id, so that one
    which was opened before a restart is answered, too: discord.py has forgotten it.
    """
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    sent: Any = interaction.data
    form = _FORM.fullmatch(sent["custom_id"])
    if form is None:
        return
    attend(interaction)
    try:
        if await admit(interaction):
            await _answer(interaction, int(form["exchange"]), _written(sent["components"]))
    except Exception as error:
        await reply_to_interaction(interaction, error)


def _written(components: list[dict[str, Any]]) -> str:
    inputs = (each.get("component", {}) for each in components)
    return next((each.get("value", "") for each in inputs if each.get("custom_id") == _QUESTION), "")


async def _answer(interaction: discord.Interaction, exchange: int, question: str) -> None:
    serving = serving_of(interaction)
    checked_question(question)  # before the reply becomes public
    parent = await known(interaction, exchange)
    unseen = interaction.message is not None and interaction.message.flags.ephemeral
    settings = serving.guild_settings.of(interaction.guild_id)
    await defer(interaction, ephemeral=unseen or settings.ephemeral)
    asking = asking_of(interaction, question, parent.asking.scope)
    await respond(interaction, await in_conversation(serving, asking, interaction.channel, parent))

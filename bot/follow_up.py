"""Asking on from an answer: what its button opens, and what comes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.admission import admit
from bot.asking import Asking, respond
from bot.conversation import in_conversation
from bot.errors import reply_to_interaction
from bot.exchanges import Exchange
from bot.language import _, speak
from bot.render import QUESTION_LENGTH
from retrieval.inquiry import checked_question

if TYPE_CHECKING:
    from bot.client import QuotewireClient

OPEN_SECONDS = 3600.0
"""How long the form can be sent; longer ones would have to be remembered, although most are closed unsent."""


class FollowUp(ui.Modal):
    """A form for a question that follows an exchange, within what that one was narrowed to."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(title=_("Ask a follow-up"), timeout=OPEN_SECONDS)
        self._exchange = exchange
        self.question: ui.TextInput[FollowUp] = ui.TextInput(max_length=QUESTION_LENGTH, custom_id="question")
        self.add_item(ui.Label(text=_("Your question"), component=self.question))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Answer as `/ask` does, for the eyes of those who saw what it follows."""
        client: QuotewireClient = interaction.client
        client.track(asyncio.current_task())
        speak(interaction.locale.value)
        try:
            if await admit(interaction):
                await self._answer(interaction)
        except Exception as error:
            await reply_to_interaction(interaction, error)

    async def _answer(self, interaction: discord.Interaction[QuotewireClient]) -> None:
        client, before, question = interaction.client, self._exchange.asking, self.question.value
        checked_question(question)  # before the reply becomes public
        unseen = interaction.message is not None and interaction.message.flags.ephemeral
        settings = client.guild_settings.of(interaction.guild_id)
        await interaction.response.defer(thinking=True, ephemeral=unseen or settings.ephemeral)
        place = (interaction.user.id, interaction.channel_id, interaction.guild_id)
        asking = Asking(question, *place, before.since, before.until, before.source)
        await respond(interaction, await in_conversation(client, asking, interaction.channel, self._exchange))

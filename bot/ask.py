"""Asking: the `/ask` command, and a mention of the bot in a channel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.admission import admit_message
from bot.asking import Asking, answer, delivered
from bot.errors import reply_to_message
from bot.render import QUESTION_LENGTH, hint_card
from bot.replies import complete, reply
from retrieval.inquiry import checked_question

if TYPE_CHECKING:
    from bot.client import QuotewireClient


@app_commands.command(description="Ask about the news and get quotes you can check")
@app_commands.describe(question="What you want to know, in your own words")
async def ask(
    interaction: discord.Interaction[QuotewireClient],
    question: app_commands.Range[str, 1, QUESTION_LENGTH],
) -> None:
    """Answer a question with quotes, or say that the articles do not."""
    checked_question(question)  # before the reply becomes public
    await interaction.response.defer(thinking=True)
    asking = Asking(question, interaction.user.id, interaction.channel_id, interaction.guild_id)
    answered = await answer(interaction.client, asking)
    message = await complete(interaction, answered.card)
    if message:
        await delivered(interaction.client, answered.exchange, message.id)


def question_in(content: str, bot_id: int) -> str | None:
    """The question that a message puts to the bot: None when it does not name the bot, "" when it only does.

    A role's mention, @everyone or a reply's ping does not name the bot.
    """
    mention = re.compile(rf"<@!?{bot_id}>")
    return " ".join(mention.sub(" ", content).split()) if mention.search(content) else None


async def answer_mention(client: QuotewireClient, message: discord.Message) -> None:
    """Answer a member's message that mentions the bot, with a reply to it. Never raises."""
    if client.user is None or message.author.bot or message.is_system():
        return
    question = question_in(message.content, client.user.id)
    if question is None:
        return
    try:
        if not await admit_message(client, message):
            return
        if not question:
            await reply(message, hint_card(client.user.display_name))
            return
        # Typing first also finds out, before any work, whether the bot may write here.
        async with message.channel.typing():
            guild = message.guild.id if message.guild else None
            answered = await answer(client, Asking(question, message.author.id, message.channel.id, guild))
        sent = await reply(message, answered.card)
        await delivered(client, answered.exchange, sent.id)
    except Exception as error:
        await reply_to_message(message, error)

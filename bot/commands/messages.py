"""Asking by message: a mention of the bot or of its role, a reply to one of its answers, digests or alerts, a direct
message.
"""

from __future__ import annotations

import re

import discord

from bot.cards.notes import hint_card
from bot.commands.answering import Asking, answer, delivered
from bot.commands.context import about_articles, in_conversation
from bot.connection.admission import admit_message
from bot.connection.errors import reply_to_message
from bot.connection.locales import speak_after
from bot.connection.offload import offload
from bot.connection.replies import reply, typing
from bot.connection.serving import Serving
from bot.memory.exchanges import Exchange
from retrieval.answering.followup import is_small_talk
from retrieval.article import EVERYTHING

RepliedTo = Exchange | list[str] | None
"""What a message replies to: an answer, or a digest or an alert by its articles."""


def question_in(content: str, bot: int, role: int | None = None, *, addressed: bool = False) -> str | None:
    """The question that a message puts to the bot: None when it puts none, "" when it only names the bot.

    `bot` and `role` (the bot's own in this server) are ids. `addressed` is a message that need not name either.
    @everyone and another's mention name nobody.
    """
    mention = re.compile(rf"<@!?{bot}>" if role is None else rf"<@!?{bot}>|<@&{role}>")
    if not addressed and not mention.search(content):
        return None
    return " ".join(mention.sub(" ", content).split())


async def answer_message(serving: Serving, me: discord.ClientUser, message: discord.Message) -> None:
    """Answer a member's message that is meant for the bot, which is `me`, with a reply to it. Never raises."""
    if message.author.bot or message.webhook_id or message.is_system():
        return
    guild = message.guild
    settings = serving.guild_settings.of(guild.id if guild else None)
    speak_after(serving.locales, message, settings.language)
    try:
        role = guild.self_role if guild else None
        replied_to = await _replied_to(serving, me, message)
        # Of a message that only pings the role, Discord may keep the text from the bot.
        addressed = guild is None or bool(replied_to and message.content) or role in message.role_mentions
        if isinstance(replied_to, list) and is_small_talk(message.content):
            addressed = guild is None
        question = question_in(message.content, me.id, role.id if role else None, addressed=addressed)
        if question is None or not await admit_message(serving, message):
            return
        if not any(character.isalnum() for character in question):
            await reply(message, hint_card(me.display_name))
            return
        await _answer(serving, message, question, replied_to)
    except Exception as error:
        await reply_to_message(message, error)


async def _answer(serving: Serving, message: discord.Message, question: str, replied_to: RepliedTo) -> None:
    guild = message.guild.id if message.guild else None
    # This also finds out, before any work, whether the bot may write here.
    async with typing(message.channel):
        asking = Asking(
            question=question,
            member=message.author.id,
            channel=message.channel.id,
            guild=guild,
            # What follows an answer is narrowed as that was.
            scope=replied_to.asking.scope if isinstance(replied_to, Exchange) else EVERYTHING,
        )
        if isinstance(replied_to, list):
            asking = await about_articles(serving, asking, replied_to)
        else:
            asking = await in_conversation(serving, asking, message.channel, replied_to)
        answered = await answer(serving, asking)
    sent = await reply(message, answered.card)
    await delivered(serving, answered.exchange, sent.id)


async def _replied_to(serving: Serving, me: discord.ClientUser, message: discord.Message) -> RepliedTo:
    """The exchange whose answer a message replies to, or the articles of the digest or alert."""
    reference = message.reference
    replied = reference.resolved if reference else None
    if not isinstance(replied, discord.Message) or replied.author.id != me.id:
        return None
    guild = message.guild.id if message.guild else None
    marks = [mark for part in replied.components if (mark := getattr(part, "id", None))]

    def found() -> RepliedTo:
        exchange = serving.exchanges.of_message(replied.id)
        if exchange and exchange.asking.is_of(guild, message.channel.id):
            return exchange
        return [article for mark in marks for article in serving.posts.articles_of(mark, guild)] or None

    return await offload(found)

"""Asking by command: `/ask`, and "Ask about this" in a message's menu."""

from __future__ import annotations

import re

import discord
from discord import app_commands

from bot.cards.lengths import QUESTION_LENGTH
from bot.commands.answering import asking_of, respond
from bot.commands.context import in_conversation
from bot.commands.narrowing import choose_language, choose_since, choose_source, choose_until, narrowed
from bot.commands.said import text_of
from bot.connection.choices import MAX_LENGTH
from bot.connection.replies import defer
from bot.connection.serving import serving_of
from bot.wording.days import LONGEST as DAY_LENGTH
from bot.wording.language import _
from retrieval.answering.question import checked_question
from retrieval.errors import QuotewireError

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+(?=\W*[^\W_a-z])")


class NothingSaid(QuotewireError):
    """A message holds no text that could be asked about."""


@app_commands.command(description="Ask about the news and get quotes you can check")
@app_commands.describe(
    question="What you want to know, in your own words",
    since="Only articles from this day on: yesterday, 3 days ago, 2026-11-20",
    until="Only what had been published by the end of this day",
    source="Only articles of this outlet",
    language="Only articles in this language",
)
@app_commands.autocomplete(since=choose_since, until=choose_until, source=choose_source, language=choose_language)
async def ask(
    interaction: discord.Interaction,
    question: app_commands.Range[str, 1, QUESTION_LENGTH],
    since: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
    until: app_commands.Range[str, 1, DAY_LENGTH] | None = None,
    source: app_commands.Range[str, 1, MAX_LENGTH] | None = None,
    language: app_commands.Range[str, 1, MAX_LENGTH] | None = None,
) -> None:
    """Answer a question with quotes, or say that the articles do not."""
    checked_question(question)  # before the reply becomes public
    await _defer(interaction)
    asking = asking_of(interaction, question, await narrowed(interaction, since, until, source, language))
    await respond(interaction, await in_conversation(serving_of(interaction), asking, interaction.channel))


@app_commands.context_menu(name="Ask about this")
async def ask_about(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer from what a message says, as if that had been asked."""
    me = interaction.client.user
    said = telling(text_of(message, me.id if me else None), QUESTION_LENGTH)
    if not any(character.isalnum() for character in said):
        raise NothingSaid(_("There is no text in this message that I could look up; ask me in words with /ask."))
    await _defer(interaction)
    await respond(interaction, asking_of(interaction, said))


async def _defer(interaction: discord.Interaction) -> None:
    settings = serving_of(interaction).guild_settings.of(interaction.guild_id)
    await defer(interaction, ephemeral=settings.ephemeral)


def telling(text: str, limit: int) -> str:
    """At most `limit` characters of a message: its questions if it asks any, else its first sentences."""
    if len(text) <= limit:
        return text
    sentences = _SENTENCE_ENDS.split(text)
    asked = [sentence for sentence in sentences if sentence.endswith("?")]
    kept = ""
    for sentence in asked or sentences:
        if len(kept) + 1 + len(sentence) > limit:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or (asked or sentences)[0][:limit].rsplit(" ", 1)[0]

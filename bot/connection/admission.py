"""Whether a member may ask here and now; who may not is told where, or when."""

from __future__ import annotations

import asyncio

import discord

from bot.cards.card import Card
from bot.cards.refusals import elsewhere_card, wait_card
from bot.connection.checks import answers_in, moderates
from bot.connection.limits import Asker, Wait, asker
from bot.connection.replies import privately, reply
from bot.connection.serving import Serving, serving_of

RARELY = 3600.0
"""Seconds between two notices to members who mention the bot in one of the wrong channels: anyone reads them."""


async def admit(interaction: discord.Interaction) -> bool:
    """Whether a command or a button may be answered; if not, the member has been told why, and nobody else.

    A question that is admitted is under way until the present task ends.
    """
    serving, parent = serving_of(interaction), getattr(interaction.channel, "parent_id", None)
    moderator = moderates(serving, interaction.user, interaction.permissions)
    card = _elsewhere(serving, interaction.guild, interaction.channel_id, parent, moderator=moderator)
    cooldown = serving.guild_settings.of(interaction.guild_id).cooldown
    if card is None and (wait := _begin(serving, interaction.user.id, interaction.guild_id, cooldown)):
        card = wait_card(wait.until)
    if card:
        _count_refusal(serving)
        await privately(interaction, card)
    return card is None


async def admit_press(interaction: discord.Interaction) -> bool:
    """As `admit`, for a button under what was answered: it can be pressed anywhere and at once, but not endlessly."""
    wait = _begin(serving_of(interaction), interaction.user.id, interaction.guild_id, None)
    if wait:
        await privately(interaction, wait_card(wait.until))
    return wait is None


async def admit_message(serving: Serving, message: discord.Message) -> bool:
    """Whether a mention may be answered; as for `admit`, but all can read the reply, so it comes rarely."""
    author, channel, guild = message.author, message.channel, message.guild
    member = author if isinstance(author, discord.Member) else None
    moderator = member is not None and moderates(serving, member, member.guild_permissions)
    told = serving.limits.told
    if card := _elsewhere(serving, guild, channel.id, getattr(channel, "parent_id", None), moderator=moderator):
        _count_refusal(serving)
        if told.first(("where", channel.id), RARELY):
            await reply(message, card)
        return False
    guild_id = guild.id if guild else None
    cooldown = serving.guild_settings.of(guild_id).cooldown
    if wait := _begin(serving, author.id, guild_id, cooldown):
        _count_refusal(serving)
        if told.first(("when", author.id, guild_id), max(1, cooldown)):
            await reply(message, wait_card(wait.until))
        return False
    return True


def _elsewhere(
    serving: Serving, guild: discord.Guild | None, channel: int | None, parent: int | None, *, moderator: bool
) -> Card | None:
    """Where to ask instead of in `channel`; None if it can be there. Moderators may ask anywhere."""
    channels = serving.guild_settings.of(guild.id).channels if guild else ()
    if guild is None or moderator or answers_in(channels, channel, parent):
        return None
    return elsewhere_card([each for each in channels if guild.get_channel(each)])


def _count_refusal(serving: Serving) -> None:
    if serving.metrics:
        serving.metrics.question_ended("refused")


def _begin(serving: Serving, member: int, guild: int | None, cooldown: float | None) -> Wait | None:
    """Count a question in, until the present task ends; else how long to wait."""
    mine = Asker(member, guild)
    asker.set(mine)
    wait = serving.limits.admit(mine, cooldown)
    if wait is None and (task := asyncio.current_task()):
        task.add_done_callback(lambda _: serving.limits.end(mine))
    return wait

"""What comes by itself is begun, shown and ended: what `/digest` and `/alert` share."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.subscribed import choice_name, ended_card, subscribed_card
from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from bot.connection.replies import complete
from bot.connection.serving import choices_of, desk_of, serving_of
from bot.memory.schedule import Schedule
from bot.memory.subscriptions import TOPIC_LENGTH, Kind, Subscription, SubscriptionRequest
from bot.posting.channels import Postable, missing_permissions
from bot.posting.modlog import tell
from bot.wording.language import _
from bot.wording.permissions import permission_names
from retrieval.answering.question import checked_question
from retrieval.edition import Edition
from retrieval.errors import InvalidQuestion, QuotewireError

Topic = app_commands.Range[str, 1, TOPIC_LENGTH]


class CannotPost(QuotewireError):
    """Nothing can be posted where a moderator wants it."""


class NoTopic(QuotewireError):
    """A topic holds no word."""


async def begin(
    interaction: discord.Interaction,
    channel: Postable | None,
    topic: str | None,
    schedule: Schedule | None,
) -> None:
    """Subscribe a channel, the present one if None, and show that; without a `schedule` it is an alert."""
    serving = serving_of(interaction)
    where = _checked(channel or interaction.channel)
    wanted = SubscriptionRequest(
        guild=where.guild.id,
        channel=where.id,
        topic=topic,
        locale=interaction.locale.value,
        schedule=schedule,
    )

    def add(edition: Edition) -> Subscription:
        return serving.subscriptions.add(wanted, edition.arrivals.generation(), serving.clock())

    # Not before the first articles are there. What was read with them and is still to be embedded is no news either.
    card = subscribed_card(await desk_of(interaction).query(add))
    serving.posting.wake()
    await complete(interaction, card)
    await tell(interaction, card)


def checked_topic(topic: str) -> str:
    """The topic on one line. Raises `NoTopic` where no article could ever be about it."""
    try:
        return checked_question(topic)
    except InvalidQuestion:  # what it says is about questions
        raise NoTopic(_("Name a topic in a few words, such as “ceasefire in Sudan”.")) from None


def _checked(channel: object) -> Postable:
    """A channel in which the bot can post. Raises `CannotPost`."""
    if not isinstance(channel, Postable):
        raise CannotPost(_("I cannot post in this channel; choose a text channel or a thread."))
    if missing := missing_permissions(channel):
        raise CannotPost(
            _("I cannot post in {channel}; ask an admin of this server to give me there: {permissions}.").format(
                channel=f"#{channel.name}", permissions=permission_names(missing)
            )
        )
    return channel


async def end(interaction: discord.Interaction, kind: Kind, chosen: str) -> None:
    """End the subscription that was chosen, and show which."""
    serving = serving_of(interaction)
    guild = interaction.guild_id or 0
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    card = ended_card(await offload(lambda: serving.subscriptions.remove(guild, kind, number)))
    await complete(interaction, card)
    await tell(interaction, card)


async def those_of(interaction: discord.Interaction, kind: Kind) -> list[Subscription]:
    """The subscriptions of the server."""
    serving, guild = serving_of(interaction), interaction.guild_id or 0
    return await offload(lambda: serving.subscriptions.of(guild, kind))


async def to_choose(interaction: discord.Interaction, kind: Kind, typed: str) -> list[Choice[str]]:
    """Those of them that a moderator may mean."""
    wanted = typed.strip().casefold()
    guild = interaction.guild
    named = []
    for each in await those_of(interaction, kind):
        channel = guild.get_channel_or_thread(each.channel) if guild else None
        named.append((choice_name(each, channel.name if channel else None), str(each.id)))
    found = [(name, value) for name, value in named if wanted in name.casefold()]
    choices = choices_of(interaction)
    return [choices.offer(name, value) for name, value in found[:MAX_CHOICES]]

"""News that comes by itself: the commands `/digest` and `/alert`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.digests import (
    alerts_card,
    choice_name,
    digest_card,
    digests_card,
    ended_card,
    nothing_new_card,
    subscribed_card,
)
from bot.commands.settings import zones_to_choose
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.choices import MAX_CHOICES
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.memory.schedule import Schedule, zone_named
from bot.memory.subscriptions import TOPIC_LENGTH, Kind, Subscription, UnknownSubscription, Wanted
from bot.posting.channels import Postable, missing_permissions
from bot.posting.modlog import tell
from bot.wording.language import _
from bot.wording.permissions import permission_names
from retrieval.answering.inquiry import checked_question
from retrieval.errors import InvalidQuestion, QuotewireError

if TYPE_CHECKING:
    from bot.connection.client import QuotewireClient
    from retrieval.newsroom import Newsroom

Topic = app_commands.Range[str, 1, TOPIC_LENGTH]

WEEKDAYS = [
    Choice(name=name, value=number)
    for number, name in enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
]

digest = moderators_group("digest", "A daily or weekly briefing for a channel")
alert = moderators_group("alert", "Messages when new articles are about a topic")


class CannotPost(QuotewireError):
    """Nothing can be posted where a moderator wants it."""


class UnknownZone(QuotewireError):
    """No time zone has this name."""


class NoTopic(QuotewireError):
    """A topic holds no word."""


@digest.command(name="subscribe", description="Post a daily or weekly briefing in a channel")
@app_commands.describe(
    channel="Where; this channel if left out",
    hour="The hour, from 0 to 23",
    minute="The minute",
    weekday="On this day of the week only; every day if left out",
    zone="The time zone of the hour, such as Europe/Berlin",
    topic="Only stories about this",
)
@app_commands.choices(weekday=WEEKDAYS)
@moderators_only
async def subscribe(
    interaction: discord.Interaction[QuotewireClient],
    channel: Postable | None = None,
    hour: app_commands.Range[int, 0, 23] | None = None,
    minute: app_commands.Range[int, 0, 59] = 0,
    weekday: int | None = None,
    zone: app_commands.Range[str, 1, 100] | None = None,
    topic: Topic | None = None,
) -> None:
    """Start a digest."""
    await defer(interaction)
    defaults = interaction.client.guild_settings.of(interaction.guild_id)
    known = await offload(lambda: zone_named(zone or defaults.zone))
    if known is None:
        raise UnknownZone(_("There is no such time zone; choose one from the menu, such as Europe/Berlin."))
    schedule = Schedule(known, defaults.digest_hour if hour is None else hour, minute, weekday)
    await _begin(interaction, channel, _checked_topic(topic) if topic else None, schedule)


@digest.command(name="list", description="Show the digests of this server")
@moderators_only
async def list_digests(interaction: discord.Interaction[QuotewireClient]) -> None:
    """Show the digests."""
    await defer(interaction)
    await complete(interaction, digests_card(await _those_of(interaction, "digest")))


@digest.command(name="unsubscribe", description="Post a digest no more")
@app_commands.rename(chosen="digest")
@app_commands.describe(chosen="Which one")
@moderators_only
async def unsubscribe(interaction: discord.Interaction[QuotewireClient], chosen: str) -> None:
    """End a digest."""
    await defer(interaction)
    await _end(interaction, "digest", chosen)


@digest.command(name="preview", description="Show only you what a digest would be now")
@app_commands.rename(chosen="digest")
@app_commands.describe(chosen="Which one; the oldest one of this server if left out")
@moderators_only
async def preview(interaction: discord.Interaction[QuotewireClient], chosen: str | None = None) -> None:
    """Show what a digest would be now."""
    await defer(interaction, ephemeral=True)
    client = interaction.client
    digests = await _those_of(interaction, "digest")
    if not digests:
        await complete(interaction, digests_card(digests))
        return
    wanted = _with_id(digests, chosen) if chosen else digests[0]
    stories, _generation = await client.query(lambda _room: client.posting.news_of(wanted))
    await complete(interaction, digest_card(wanted, stories)[0] if stories else nothing_new_card(wanted))


@alert.command(name="add", description="Post a message when new articles are about a topic")
@app_commands.describe(topic="What the articles are about, in a few words", channel="Where; this channel if left out")
@moderators_only
async def add_alert(
    interaction: discord.Interaction[QuotewireClient], topic: Topic, channel: Postable | None = None
) -> None:
    """Start an alert."""
    await defer(interaction)
    await _begin(interaction, channel, _checked_topic(topic), None)


@alert.command(name="list", description="Show the alerts of this server")
@moderators_only
async def list_alerts(interaction: discord.Interaction[QuotewireClient]) -> None:
    """Show the alerts."""
    await defer(interaction)
    await complete(interaction, alerts_card(await _those_of(interaction, "alert")))


@alert.command(name="remove", description="Post an alert no more")
@app_commands.rename(chosen="alert")
@app_commands.describe(chosen="Which one")
@moderators_only
async def remove_alert(interaction: discord.Interaction[QuotewireClient], chosen: str) -> None:
    """End an alert."""
    await defer(interaction)
    await _end(interaction, "alert", chosen)


async def _begin(
    interaction: discord.Interaction[QuotewireClient],
    channel: Postable | None,
    topic: str | None,
    schedule: Schedule | None,
) -> None:
    client = interaction.client
    where = _checked(channel or interaction.channel)
    wanted = Wanted(where.guild.id, where.id, topic, interaction.locale.value, schedule)

    def add(room: Newsroom) -> Subscription:
        return client.subscriptions.add(wanted, room.arrivals.generation(), client.posting.now())

    # Not before the articles were read for the first time, which would all be news.
    card = subscribed_card(await client.query(add))
    client.posting.wake()
    await complete(interaction, card)
    await tell(interaction, card)


def _checked_topic(topic: str) -> str:
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


async def _end(interaction: discord.Interaction[QuotewireClient], kind: Kind, chosen: str) -> None:
    client = interaction.client
    guild = interaction.guild_id or 0
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0
    card = ended_card(await offload(lambda: client.subscriptions.remove(guild, kind, number)))
    await complete(interaction, card)
    await tell(interaction, card)


def _with_id(digests: Sequence[Subscription], chosen: str) -> Subscription:
    found = next((each for each in digests if str(each.id) == chosen), None)
    if found is None:
        raise UnknownSubscription(_("There is no such digest; choose one from the menu, or see /digest list."))
    return found


async def _those_of(interaction: discord.Interaction[QuotewireClient], kind: Kind) -> list[Subscription]:
    client, guild = interaction.client, interaction.guild_id or 0
    return await offload(lambda: client.subscriptions.of(guild, kind))


async def _to_choose(interaction: discord.Interaction[QuotewireClient], kind: Kind, typed: str) -> list[Choice[str]]:
    wanted = typed.strip().casefold()
    guild = interaction.guild
    named = []
    for each in await _those_of(interaction, kind):
        channel = guild.get_channel_or_thread(each.channel) if guild else None
        named.append((choice_name(each, channel.name if channel else None), str(each.id)))
    found = [(name, value) for name, value in named if wanted in name.casefold()]
    return [interaction.client.choices.offer(name, value) for name, value in found[:MAX_CHOICES]]


subscribe.autocomplete("zone")(zones_to_choose)


@unsubscribe.autocomplete("chosen")
@preview.autocomplete("chosen")
@moderators_choose
async def _digests_to_choose(interaction: discord.Interaction[QuotewireClient], typed: str) -> list[Choice[str]]:
    return await _to_choose(interaction, "digest", typed)


@remove_alert.autocomplete("chosen")
@moderators_choose
async def _alerts_to_choose(interaction: discord.Interaction[QuotewireClient], typed: str) -> list[Choice[str]]:
    return await _to_choose(interaction, "alert", typed)

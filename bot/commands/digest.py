"""Briefings that come by themselves: the commands under `/digest`."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.digests import digest_card
from bot.cards.subscribed import digests_card, nothing_new_card
from bot.commands.settings import zones_to_choose
from bot.commands.subscribing import Topic, begin, checked_topic, end, those_of, to_choose
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import desk_of, serving_of
from bot.memory.schedule import Schedule, zone_named
from bot.memory.subscriptions import Subscription, UnknownSubscription
from bot.posting.channels import Postable
from bot.posting.news import news_of
from bot.wording.language import _
from retrieval.errors import QuotewireError

WEEKDAYS = [
    Choice(name=name, value=number)
    for number, name in enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
]

digest = moderators_group("digest", "A daily or weekly briefing for a channel")


class UnknownZone(QuotewireError):
    """No time zone has this name."""


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
    interaction: discord.Interaction,
    channel: Postable | None = None,
    hour: app_commands.Range[int, 0, 23] | None = None,
    minute: app_commands.Range[int, 0, 59] = 0,
    weekday: int | None = None,
    zone: app_commands.Range[str, 1, 100] | None = None,
    topic: Topic | None = None,
) -> None:
    """Start a digest."""
    await defer(interaction)
    defaults = serving_of(interaction).guild_settings.of(interaction.guild_id)
    known = await offload(lambda: zone_named(zone or defaults.zone))
    if known is None:
        raise UnknownZone(_("There is no such time zone; choose one from the menu, such as Europe/Berlin."))
    schedule = Schedule(zone=known, hour=defaults.digest_hour if hour is None else hour, minute=minute, weekday=weekday)
    await begin(interaction, channel, checked_topic(topic) if topic else None, schedule)


@digest.command(name="list", description="Show the digests of this server")
@moderators_only
async def list_digests(interaction: discord.Interaction) -> None:
    """Show the digests."""
    await defer(interaction)
    await complete(interaction, digests_card(await those_of(interaction, "digest")))


@digest.command(name="unsubscribe", description="Post a digest no more")
@app_commands.rename(chosen="digest")
@app_commands.describe(chosen="Which one")
@moderators_only
async def unsubscribe(interaction: discord.Interaction, chosen: str) -> None:
    """End a digest."""
    await defer(interaction)
    await end(interaction, "digest", chosen)


@digest.command(name="preview", description="Show only you what a digest would be now")
@app_commands.rename(chosen="digest")
@app_commands.describe(chosen="Which one; the oldest one of this server if left out")
@moderators_only
async def preview(interaction: discord.Interaction, chosen: str | None = None) -> None:
    """Show what a digest would be now."""
    await defer(interaction, ephemeral=True)
    serving = serving_of(interaction)
    digests = await those_of(interaction, "digest")
    if not digests:
        await complete(interaction, digests_card(digests))
        return
    wanted = _with_id(digests, chosen) if chosen else digests[0]
    stories, *_ = await desk_of(interaction).query(lambda edition: news_of(edition, serving.posts, wanted))
    await complete(interaction, digest_card(wanted, stories)[0] if stories else nothing_new_card(wanted))


def _with_id(digests: Sequence[Subscription], chosen: str) -> Subscription:
    found = next((each for each in digests if str(each.id) == chosen), None)
    if found is None:
        raise UnknownSubscription(_("There is no such digest; choose one from the menu, or see /digest list."))
    return found


subscribe.autocomplete("zone")(zones_to_choose)


@unsubscribe.autocomplete("chosen")
@preview.autocomplete("chosen")
@moderators_choose
async def _digests_to_choose(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await to_choose(interaction, "digest", typed)

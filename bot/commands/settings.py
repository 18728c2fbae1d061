"""What moderators set for their server: the commands under `/settings`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.cards.settings import KEEP, SETTINGS, Change, changed_card, changes, keep_change, settings_card
from bot.connection.checks import moderators_choose, moderators_group, moderators_only
from bot.connection.choices import MAX_CHOICES, MAX_LENGTH
from bot.connection.offload import offload
from bot.connection.replies import complete, defer
from bot.connection.serving import desk_of, serving_of
from bot.memory.guilds import GuildSettings
from bot.memory.schedule import zone_named, zones
from bot.posting.modlog import tell
from bot.wording.amounts import number
from bot.wording.language import _, languages
from bot.wording.permissions import permission_names
from bot.wording.tongues import headed, holding, meant
from retrieval.article import Tell
from retrieval.edition import Edition
from retrieval.errors import QuotewireError
from retrieval.text.tongues import CODES

LONGEST_COOLDOWN = 3600
LONGEST_KEPT = 3650
MOST_QUOTES = 5
MOST_NAMED = 25
"""Channels, and roles, that a server can name."""
ALL = "all"

settings = moderators_group("settings", "How I behave in this server")
channels = app_commands.Group(name="channels", description="The channels in which I answer", parent=settings)
moderators = app_commands.Group(name="moderators", description="The roles that may moderate me", parent=settings)


class SettingRefused(QuotewireError):
    """A value does not do for a setting."""


@settings.command(description="Show how I behave in this server")
@moderators_only
async def show(interaction: discord.Interaction) -> None:
    """Show all settings to the moderator."""
    await defer(interaction, ephemeral=True)
    keep_days = await desk_of(interaction).look(lambda edition: edition.keep_days())
    now = serving_of(interaction).guild_settings.of(interaction.guild_id)
    await complete(interaction, settings_card(now, keep_days))


@channels.command(name="add", description="Answer in this channel and its threads, and in no channel that is not named")
@app_commands.describe(channel="A channel for text, or a forum")
@moderators_only
async def add_channel(interaction: discord.Interaction, channel: discord.TextChannel | discord.ForumChannel) -> None:
    """Answer in a channel, too."""
    _check_writable(channel)
    there = {each.id for each in channel.guild.channels}
    await _change(interaction, lambda now: replace(now, channels=_with(now.channels, channel.id, there)), "channels")


@channels.command(name="remove", description="Take a channel from those in which I answer")
@app_commands.describe(channel="Which one")
@moderators_only
async def remove_channel(interaction: discord.Interaction, channel: discord.TextChannel | discord.ForumChannel) -> None:
    """Take a channel out; without the last one, the bot answers in all."""
    await _change(interaction, lambda now: replace(now, channels=_without(now.channels, channel.id)), "channels")


@channels.command(name="clear", description="Answer in every channel")
@moderators_only
async def clear_channels(interaction: discord.Interaction) -> None:
    """Answer in every channel."""
    await _change(interaction, SETTINGS["channels"].reset, "channels")


@moderators.command(name="add", description="Have the members with this role moderate me")
@app_commands.describe(role="Which one")
@moderators_only
async def add_moderators(interaction: discord.Interaction, role: discord.Role) -> None:
    """Have a role moderate, too."""
    if role.is_default():
        raise SettingRefused(_("That would make every member a moderator; choose a role that only some have."))
    there = {each.id for each in role.guild.roles}
    await _change(
        interaction, lambda now: replace(now, moderator_roles=_with(now.moderator_roles, role.id, there)), "moderators"
    )


@moderators.command(name="remove", description="Take a role from those that may moderate me")
@app_commands.describe(role="Which one")
@moderators_only
async def remove_moderators(interaction: discord.Interaction, role: discord.Role) -> None:
    """Have a role moderate no more."""
    await _change(
        interaction, lambda now: replace(now, moderator_roles=_without(now.moderator_roles, role.id)), "moderators"
    )


@moderators.command(name="clear", description="Have no role moderate me, only members who may Manage Server")
@moderators_only
async def clear_moderators(interaction: discord.Interaction) -> None:
    """Have no role moderate."""
    await _change(interaction, SETTINGS["moderators"].reset, "moderators")


@settings.command(description="How long a member has to wait between two questions")
@app_commands.describe(seconds="0: not at all")
@moderators_only
async def cooldown(interaction: discord.Interaction, seconds: app_commands.Range[int, 0, LONGEST_COOLDOWN]) -> None:
    """Have members rest between two questions."""
    await _change(interaction, lambda now: replace(now, cooldown=seconds), "cooldown")


@settings.command(description="How many quotes an answer has at most")
@app_commands.describe(count="How many")
@moderators_only
async def quotes(interaction: discord.Interaction, count: app_commands.Range[int, 1, MOST_QUOTES]) -> None:
    """Bound the quotes of an answer."""
    await _change(interaction, lambda now: replace(now, quotes=count), "quotes")


@settings.command(description="Who sees the answer to a command")
@app_commands.describe(seen_by="Who")
@app_commands.choices(
    seen_by=[Choice(name="everyone in the channel", value=0), Choice(name="only the member who asks", value=1)]
)
@moderators_only
async def answers(interaction: discord.Interaction, seen_by: int) -> None:
    """Have answers be public, or not."""
    await _change(interaction, lambda now: replace(now, ephemeral=bool(seen_by)), "answers")


@settings.command(description="The language of this server, for questions too short to tell their own")
@app_commands.describe(name="Which one; it need not be one that I speak")
@moderators_only
async def language(interaction: discord.Interaction, name: app_commands.Range[str, 1, MAX_LENGTH]) -> None:
    """Have short questions be read in a language."""
    code = await offload(lambda: meant(name, CODES))
    if code not in CODES:
        raise SettingRefused(
            _("I know no language “{name}”; choose one from the list, or give its code, such as de.").format(name=name)
        )
    await _change(interaction, lambda now: replace(now, language=code), "language")


@settings.command(description="When digests come, unless one is set otherwise")
@app_commands.describe(hour="The hour of the day, from 0 to 23", zone="The time zone, such as Europe/Berlin")
@moderators_only
async def digest(
    interaction: discord.Interaction,
    hour: app_commands.Range[int, 0, 23] | None = None,
    zone: app_commands.Range[str, 1, 100] | None = None,
) -> None:
    """Set the hour, the time zone or both."""
    if hour is None and zone is None:
        raise SettingRefused(_("Give an hour, a time zone, or both."))
    named = await offload(lambda: zone_named(zone)) if zone else None
    if zone and named is None:
        raise SettingRefused(
            _("There is no time zone “{zone}”; choose one from the list, such as Europe/Berlin.").format(zone=zone)
        )

    def edit(now: GuildSettings) -> GuildSettings:
        at = now.digest_hour if hour is None else hour
        return replace(now, digest_hour=at, zone=named or now.zone)

    await _change(interaction, edit, "digest")


@settings.command(description="How old articles from this server's own feeds and pages may become")
@app_commands.describe(days="In days; without a number, they stay for as long as the bot's host keeps them")
@moderators_only
async def keep(interaction: discord.Interaction, days: app_commands.Range[int, 1, LONGEST_KEPT] | None = None) -> None:
    """Have the server see its own articles for so many days, or without end."""
    await defer(interaction, ephemeral=True)
    await _show(interaction, [await _keep(interaction, days)])


@settings.command(description="Post what moderators do in a channel")
@app_commands.describe(channel="Which one; I must be able to write there")
@moderators_only
async def log(interaction: discord.Interaction, channel: discord.TextChannel) -> None:
    """Post what moderators do in a channel."""
    _check_writable(channel)
    await _change(interaction, lambda now: replace(now, log_channel=channel.id), "log")


@settings.command(description="Go back to what holds where nothing is set")
@app_commands.describe(setting="Which one, or all")
@app_commands.choices(setting=[Choice(name=name, value=name) for name in (ALL, *SETTINGS, KEEP)])
@moderators_only
async def reset(interaction: discord.Interaction, setting: str) -> None:
    """Undo one setting, or all of them."""
    if setting in SETTINGS:
        await _change(interaction, SETTINGS[setting].reset, setting)
        return
    await defer(interaction, ephemeral=True)
    kept = await _keep(interaction, None)
    others = await _edit(interaction, lambda _: GuildSettings(), *SETTINGS) if setting == ALL else []
    await _show(interaction, [*others, kept])


@digest.autocomplete("zone")
@moderators_choose
async def zones_to_choose(_: discord.Interaction, typed: str) -> list[Choice[str]]:
    """The time zones that a moderator may mean."""
    found = matching_zones(await offload(zones), typed)
    return [Choice(name=zone, value=zone) for zone in found[:MAX_CHOICES]]


@language.autocomplete("name")
@moderators_choose
async def languages_to_choose(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """The languages that a moderator may mean, those with the most articles first."""

    def found(edition: Edition) -> list[tuple[str, str]]:
        codes = dict.fromkeys([*edition.languages(), *sorted(languages()), *(sorted(CODES) if typed.strip() else ())])
        return [(headed(code), code) for code in holding(typed, codes)]

    return [Choice(name=name, value=code) for name, code in (await desk_of(interaction).look(found))[:MAX_CHOICES]]


def matching_zones(zones: Sequence[str], typed: str) -> list[str]:
    """Those of `zones` that contain what was `typed`, first those in which a place begins with it."""
    wanted = "_".join(typed.split()).casefold()
    found = [zone for zone in zones if wanted in zone.casefold()]
    return sorted(found, key=lambda zone: f"/{wanted}" not in f"/{zone}".casefold())


def _check_writable(channel: discord.TextChannel | discord.ForumChannel) -> None:
    """Raises `SettingRefused` if the bot cannot write there, with what it lacks."""
    forum = isinstance(channel, discord.ForumChannel)
    needed = ("view_channel", "send_messages_in_threads" if forum else "send_messages")
    given = channel.permissions_for(channel.guild.me)
    if missing := [name for name in needed if not getattr(given, name)]:
        text = _("I cannot write in #{channel}; ask an admin of this server to give me there: {permissions}.")
        raise SettingRefused(text.format(channel=channel.name, permissions=permission_names(missing)))


def _with(ids: tuple[int, ...], another: int, there: Collection[int]) -> tuple[int, ...]:
    """Those of `ids` that are still `there`, and `another`. Raises `SettingRefused` if that would be one too many."""
    # Those that were deleted would never go: nobody can choose them any more.
    ids = tuple(id_ for id_ in ids if id_ in there)
    if another in ids:
        return ids
    if len(ids) >= MOST_NAMED:
        raise SettingRefused(_("You can name {count} at most; remove one first.").format(count=number(MOST_NAMED)))
    return (*ids, another)


def _without(ids: tuple[int, ...], one: int) -> tuple[int, ...]:
    return tuple(id_ for id_ in ids if id_ != one)


async def _change(
    interaction: discord.Interaction, edit: Callable[[GuildSettings], GuildSettings], *names: str
) -> None:
    """Have what `edit` makes of the settings hold, and show what became of those with `names`."""
    await defer(interaction, ephemeral=True)
    await _show(interaction, await _edit(interaction, edit, *names))


async def _edit(
    interaction: discord.Interaction, edit: Callable[[GuildSettings], GuildSettings], *names: str
) -> list[Change]:
    """As for `_change`, but only say it."""
    guild = interaction.guild_id
    if guild is None:
        raise app_commands.NoPrivateMessage
    before, after = await offload(lambda: serving_of(interaction).guild_settings.change(guild, edit))
    return changes(names, before, after)


async def _keep(interaction: discord.Interaction, days: int | None) -> Change:
    """Have the server keep what is its own for so many days."""

    def keep(edition: Edition, _step: Tell) -> int | None:
        before = edition.keep_days()
        edition.keep(days)
        return before

    return keep_change(await desk_of(interaction).change(keep), days)


async def _show(interaction: discord.Interaction, changed: Sequence[Change]) -> None:
    """Show what became of settings, and tell it if it is new."""
    card = changed_card(changed)
    await complete(interaction, card)
    if any(before != after for before, after in changed):
        await tell(interaction, card)

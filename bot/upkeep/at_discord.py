"""Looking after what is on Discord's side: the token, the servers and what the bot may do there, and Discord's clock.

All of it over HTTP: the bot may be running, and one session more would cost one of its logins.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import closing, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import discord

from bot.connection.discord_internals import adapt, servers_of
from bot.connection.starting import start_failure
from bot.memory import database
from bot.memory.guilds import read_settings
from bot.upkeep.contents import reading
from bot.upkeep.findings import Finding, fault, warning, well
from bot.wording.permissions import permission_names
from retrieval.text.controls import one_line

NEEDED = ("view_channel", "send_messages", "send_messages_in_threads", "attach_files", "read_message_history")
"""Permissions that the bot is invited with, by discord.py's names."""
MOST_APART = 60.0
"""Seconds between our clock and Discord's; a reply is due within three, but its ids tell times to the day."""


async def discord_findings(token: str, data_dir: Path) -> AsyncIterator[Finding]:
    """Log in, and look at every server, and at every channel that something is set for."""
    adapt()
    dates: list[float] = []
    async with discord.Client(intents=discord.Intents(guilds=True), http_trace=_noting(dates)) as client:
        try:
            await client.login(token)
            application = await client.application_info()
            servers = await servers_of(client)
        except Exception as error:
            if (failure := start_failure(error)) is error:
                raise
            yield fault("discord", one_line(str(failure)))
            return
        yield well("discord", f"logged in as {client.user}; servers: {len(servers)}")
        yield _of_intents(application)
        if dates:
            yield _of_clock(dates[-1])
        for name, permissions in servers.values():
            if missing := _missing(permissions):
                yield _lacking(f"server {one_line(name)}", missing)
        if not servers:
            remedy = 'Invite it: the README says how, under "In Discord".'
            yield warning("servers", "the bot is in no server", remedy)
        async for finding in _of_channels(client, servers, _places(data_dir)):
            yield finding


def _noting(dates: list[float]) -> aiohttp.TraceConfig:
    """Has `dates` hold by how many seconds Discord's clock is ahead of ours, answer by answer."""
    trace = aiohttp.TraceConfig()

    async def note(_: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
        with suppress(KeyError, TypeError, ValueError):
            dates.append(parsedate_to_datetime(end.response.headers["Date"]).timestamp() - time.time())

    trace.on_request_end.append(note)
    return trace


def _of_clock(ahead: float) -> Finding:
    if abs(ahead) <= MOST_APART:
        return well("clock", "it agrees with Discord's")
    says = f"it is {abs(ahead):,.0f} s {'behind' if ahead > 0 else 'ahead of'} Discord's"
    return fault("clock", says, "Set this machine's clock, best with NTP (`timedatectl set-ntp true`).")


def _of_intents(application: discord.AppInfo) -> Finding:
    flags = application.flags
    on = (
        *(flags.gateway_message_content, flags.gateway_message_content_limited),
        *(flags.gateway_guild_members, flags.gateway_guild_members_limited),
        *(flags.gateway_presence, flags.gateway_presence_limited),
    )
    if any(on):
        remedy = "Switch them off on the application's Bot page."
        return warning("intents", "privileged intents are on, which the bot does not need", remedy)
    return well("intents", "no privileged intent is on, and none is needed")


def _missing(permissions: discord.Permissions) -> list[str]:
    return [] if permissions.administrator else [name for name in NEEDED if not getattr(permissions, name)]


def _lacking(where: str, missing: list[str]) -> Finding:
    says = f"the bot lacks permissions: {permission_names(missing)}"
    return warning(where, says, "Give them to its role, or there to the bot itself.")


def _places(data_dir: Path) -> Mapping[int, set[int]]:
    """The channels of each server that the bot is to answer, log, or post in."""
    places: defaultdict[int, set[int]] = defaultdict(set)
    if not (data_dir / database.FILE).exists():
        return places
    with suppress(sqlite3.Error, ValueError), closing(reading(data_dir / database.FILE)) as connection:
        for guild, channel in connection.execute("SELECT guild, channel FROM subscription"):
            places[guild].add(channel)
        for guild, text in connection.execute("SELECT id, settings FROM guild"):
            settings, _, _ = read_settings(text)
            places[guild].update(settings.channels)
            places[guild].update([settings.log_channel] if settings.log_channel else ())
    return {guild: channels for guild, channels in places.items() if channels}


async def _of_channels(
    client: discord.Client, servers: Mapping[int, tuple[str, discord.Permissions]], places: Mapping[int, set[int]]
) -> AsyncIterator[Finding]:
    assert client.user is not None
    for id_, wanted in places.items():
        if id_ not in servers:
            continue  # the bot has left it
        guild = await client.fetch_guild(id_)
        member = await guild.fetch_member(client.user.id)
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
        for channel in sorted(wanted):
            where = f"server {one_line(guild.name)}, channel {channel}"
            if channel not in channels:  # a thread is not among them
                yield warning(where, "it is gone, or a thread", "See /settings show and /digest list there.")
            elif missing := _missing(channels[channel].permissions_for(member)):
                yield _lacking(f"server {one_line(guild.name)}, #{one_line(channels[channel].name)}", missing)

"""Everything that can be looked at from outside of a bot, whether it runs or not: nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from bot.settings import Settings
from bot.upkeep.at_discord import discord_findings
from bot.upkeep.databases import database_findings
from bot.upkeep.findings import Check, Finding, found_by, skipped, well
from bot.upkeep.sources import feed_findings, model_findings
from bot.upkeep.stores import clock_findings, disk_findings, index_findings, rights_findings, store_findings


def examined(settings: Settings, now: float) -> Iterator[Finding]:
    """What is found, thing by thing, as it is found; `now` is what the clock says, in Unix time."""
    folder = settings.data_dir
    checks: dict[str, Check] = {
        "token": partial(_token_findings, settings),
        "database": partial(database_findings, settings),
        "store": partial(store_findings, folder),
        "index": partial(index_findings, folder),
        "model": partial(model_findings, settings),
        "feeds": partial(feed_findings, settings, now),
        "disk": partial(disk_findings, folder),
        "rights": partial(rights_findings, folder),
        "clock": partial(clock_findings, folder, now),
        "discord": partial(_at_discord, settings),
    }
    yield well("settings", "all of them can be used")
    for about, check in checks.items():
        yield from found_by(about, check)


def _token_findings(settings: Settings) -> Iterator[Finding]:
    if settings.discord_token is None:
        yield skipped("token", "DISCORD_TOKEN is not set, so the bot only serves the terminal")
    else:
        yield well("token", "it has the form of one")


def _at_discord(settings: Settings) -> list[Finding]:
    if settings.discord_token is None:
        return []
    token = settings.discord_token.get_secret_value()

    async def gathered() -> list[Finding]:
        return [finding async for finding in discord_findings(token, settings.data_dir)]

    return asyncio.run(gathered())

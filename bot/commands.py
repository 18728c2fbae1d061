"""Every command of the bot, as it is sent to Discord."""

from __future__ import annotations

from bot.ask import ask, ask_about
from bot.coverage import sources
from bot.digest import alert, digest
from bot.guild_commands import settings
from bot.moderation import reload
from bot.news import latest
from bot.sources import add, feeds, history, remove, restore
from bot.status import status

COMMANDS = (
    ask,
    ask_about,
    latest,
    sources,
    reload,
    feeds,
    add,
    remove,
    restore,
    history,
    settings,
    status,
    digest,
    alert,
)

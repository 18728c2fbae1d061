"""Every command of the bot, as it is sent to Discord, and every button: for `bot/app.py`, which registers them."""

from __future__ import annotations

from bot.commands.add import add
from bot.commands.alert import alert
from bot.commands.answer_buttons import Press
from bot.commands.ask import ask, ask_about
from bot.commands.collections import collections
from bot.commands.digest import digest
from bot.commands.feeds import feeds
from bot.commands.forget import forget
from bot.commands.history import history
from bot.commands.latest import LatestPage, latest
from bot.commands.reload import reload
from bot.commands.remove import remove, restore
from bot.commands.settings import settings
from bot.commands.sources import SourcesPage, sources
from bot.commands.status import status
from bot.commands.story import StoryPage, story

COMMANDS = (
    ask,
    ask_about,
    latest,
    story,
    sources,
    reload,
    feeds,
    collections,
    add,
    remove,
    restore,
    history,
    settings,
    status,
    digest,
    alert,
    forget,
)

BUTTONS = (Press, LatestPage, StoryPage, SourcesPage)
"""Found by their custom ids, also after a restart."""

"""What the moderators of a server have set for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.memory.database import Database


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """How the bot behaves in a server; the defaults hold where its moderators set nothing.

    `channels`, `moderator_roles` and `log_channel` are ids. Where `channels` is empty, the bot answers in all.
    `cooldown` is in seconds between two questions of one member. A digest is posted at `digest_hour` (0 to 23) in
    the time zone `zone` (IANA's name).
    """

    channels: tuple[int, ...] = ()
    moderator_roles: tuple[int, ...] = ()
    log_channel: int | None = None
    cooldown: int = 5
    quotes: int = 3
    ephemeral: bool = False
    digest_hour: int = 8
    zone: str = "UTC"


DEFAULTS = GuildSettings()
DIRECT = GuildSettings(cooldown=3)
"""What holds in direct messages."""


class Guilds:
    """The settings of all servers, read once and held in memory: asking for them costs nothing.

    Safe to use from many threads. `change` waits for the disk and raises `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        with database.transaction() as connection:
            rows = connection.execute("SELECT id, settings FROM guild").fetchall()
        self._settings = {guild: _read(text) for guild, text in rows}

    def of(self, guild_id: int | None) -> GuildSettings:
        """Those of a server; None is a direct message."""
        return DIRECT if guild_id is None else self._settings.get(guild_id, DEFAULTS)

    def change(
        self, guild_id: int, edit: Callable[[GuildSettings], GuildSettings]
    ) -> tuple[GuildSettings, GuildSettings]:
        """Have what `edit` makes of a server's settings hold from now on: what held before, and what does now."""
        with self._lock:
            before = self.of(guild_id)
            after = edit(before)
            with self._database.transaction() as connection:
                text = json.dumps(asdict(after))
                connection.execute("INSERT OR REPLACE INTO guild VALUES (?, ?)", (guild_id, text))
            self._settings[guild_id] = after
        return before, after


def _read(text: str) -> GuildSettings:
    """What an older or newer version wrote, as far as it is known here."""
    known = {each.name for each in fields(GuildSettings)}
    values: dict[str, Any] = {name: value for name, value in json.loads(text).items() if name in known}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return GuildSettings(**values)

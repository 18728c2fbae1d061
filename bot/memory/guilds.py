"""What the moderators of a server have set for it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from pydantic import TypeAdapter

from bot.memory.database import Database
from retrieval.text.controls import one_line
from retrieval.text.tongues import normalised

_log = logging.getLogger(__name__)

KEPT = "as it was"
"""The name under which a row that could not be read is kept."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """How the bot behaves in a server; the defaults hold where its moderators set nothing.

    `channels`, `moderator_roles` and `log_channel` are ids. Where `channels` is empty, the bot answers in all.
    `cooldown` is in seconds between two questions of one member. A digest is posted at `digest_hour` (0 to 23) in
    the time zone `zone` (IANA's name). `language` (ISO 639-1) is the one that questions are in where they do not tell,
    and that the bot speaks to members of whom Discord tells it nothing; None is none in particular.
    """

    channels: tuple[int, ...] = ()
    moderator_roles: tuple[int, ...] = ()
    log_channel: int | None = None
    cooldown: int = 5
    quotes: int = 3
    ephemeral: bool = False
    digest_hour: int = 8
    zone: str = "UTC"
    language: str | None = None


DEFAULTS = GuildSettings()
DIRECT = GuildSettings(cooldown=3)
"""What holds in direct messages."""
_SETTINGS = TypeAdapter(GuildSettings)


class Guilds:
    """The settings of all servers, read once and held in memory: asking for them costs nothing.

    What of a row cannot be read has its default, which is a word in the log, and stays in the row beside what is set.
    Safe to use from many threads. `change` and `refresh` wait for the disk and raise `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._settings: dict[int, GuildSettings] = {}
        self._rows: dict[int, object] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read anew what others have changed in the file: other processes, or who forgot a server."""
        with self._lock:
            with self._database.reading() as connection:
                rows: dict[int, object] = dict(connection.execute("SELECT id, settings FROM guild"))
            known, self._rows = self._rows, rows
            settings = {
                guild: self._settings[guild] if known.get(guild) == text else _told(guild, text)
                for guild, text in rows.items()
            }
            self._settings = settings

    def of(self, guild_id: int | None) -> GuildSettings:
        """Those of a server; None is a direct message."""
        return DIRECT if guild_id is None else self._settings.get(guild_id, DEFAULTS)

    def change(
        self, guild_id: int, edit: Callable[[GuildSettings], GuildSettings]
    ) -> tuple[GuildSettings, GuildSettings]:
        """Have what `edit` makes of a server's settings hold from now on: what held before, and what does now."""
        with self._lock:
            with self._database.transaction() as connection:
                # Another process may have changed it: what is in memory may be of before that.
                row = connection.execute("SELECT settings FROM guild WHERE id = ?", (guild_id,)).fetchone()
                before, beside, _damaged = read_settings(row[0]) if row else (DEFAULTS, {}, ())
                after = edit(before)
                text = json.dumps({**beside, **asdict(after)})
                connection.execute("INSERT OR REPLACE INTO guild VALUES (?, ?)", (guild_id, text))
            self._settings[guild_id] = after
            self._rows[guild_id] = text
        return before, after

    def forget(self, guild_id: int) -> None:
        """Hold nothing of a server whose row is gone."""
        with self._lock:
            self._settings.pop(guild_id, None)
            self._rows.pop(guild_id, None)


def _told(guild: int, text: object) -> GuildSettings:
    """The settings that a row holds; what of it is damaged is a word in the log."""
    settings, _beside, damaged = read_settings(text)
    if damaged:
        _log.warning(
            "of the settings of server %s, %s cannot be read, and their defaults hold: set them anew with "
            "/settings there, or restore a backup; what was stored is kept as %r",
            *(guild, one_line(", ".join(damaged)), KEPT),
        )
    return settings


def read_settings(text: object) -> tuple[GuildSettings, Mapping[str, Any], Sequence[str]]:
    """The settings that a row holds, as far as they can be read; what is to be kept beside them; and what is damaged.

    Kept is what only a newer version knows, and, of a row that is damaged, all of it as it is.
    """
    try:
        values = json.loads(text)  # type: ignore[arg-type]
        items = dict(values.items())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return DEFAULTS, {KEPT: str(text)}, ["all"]
    known = {each.name for each in fields(GuildSettings)}
    beside = {name: value for name, value in items.items() if name not in known}
    written = {name: value for name, value in items.items() if name in known}
    damaged = [name for name, value in written.items() if not _fits(name, value)]
    settings = _SETTINGS.validate_json(json.dumps({name: written[name] for name in written.keys() - damaged}))
    return settings, {**beside, KEPT: str(text)} if damaged else beside, damaged


def _fits(name: str, value: object) -> bool:
    """Whether a value is what `GuildSettings` says of it."""
    try:
        read = _SETTINGS.validate_json(json.dumps({name: value}), strict=True)
    except ValueError:
        return False
    known = read.language is None or normalised(read.language) == read.language
    return 0 <= read.digest_hour < 24 and read.cooldown >= 0 and read.quotes > 0 and known

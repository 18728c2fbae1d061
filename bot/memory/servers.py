"""In which servers the bot is, and what it remembers of one: all of it is forgotten together."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.memory.database import Database

KEPT = 30 * 86_400.0
"""Seconds for which everything of a server is kept that the bot has left: it may have been a slip."""

_TABLES = {
    "settings": "guild",
    "answers": "exchange",
    "subscriptions": "subscription",
    "lists": "listing",
    "looks": "look",
}
"""Where something of a server stands: what the rows are, and their table. Votes go with answers, posts with
subscriptions."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """How much was remembered, before it was forgotten: answers given with their questions, votes on answers, digests
    and alerts, how far members had looked at the latest stories, and what was listed to them. `settings` is whether
    moderators had set anything.
    """

    settings: bool = False
    answers: int = 0
    votes: int = 0
    subscriptions: int = 0
    looks: int = 0
    lists: int = 0


class Servers:
    """The servers that the bot knows. Safe to use from many threads; every method waits for the disk and may raise
    `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def left(self, guild: int, now: float) -> None:
        """Note that the bot has left a server: nothing is looked for or posted there until it is back."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO departed VALUES (?, ?)", (guild, now))

    def back(self, guild: int) -> None:
        """Note that the bot is in a server (again): its subscriptions go on."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM departed WHERE guild = ?", (guild,))

    def present(
        self,
        guilds: Collection[int],
        readers: Iterable[int],
        now: float,
        *,
        shards: Collection[int] = (0,),
        count: int = 1,
    ) -> None:
        """Note that the bot is in these servers and in no others of these `shards`, of `count`: it has left those of
        which something is remembered, here or as `readers` of the newsroom. Of other shards another process knows.
        """
        there = json.dumps(list(guilds))
        known = " UNION ".join(f"SELECT {_column(table)} FROM {table}" for table in _TABLES.values())  # noqa: S608
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM departed WHERE guild IN (SELECT value FROM json_each(?))", (there,))
            connection.execute(
                f"INSERT OR IGNORE INTO departed SELECT * FROM (SELECT id, ? FROM (SELECT value AS id FROM json_each(?)"  # noqa: S608
                f" UNION {known}) WHERE id > 0 AND id NOT IN (SELECT value FROM json_each(?))"
                # On which of its shards Discord tells of a server.
                " AND (id >> 22) % ? IN (SELECT value FROM json_each(?)))",
                (now, json.dumps(list(readers)), there, count, json.dumps(list(shards))),
            )

    def long_gone(self, now: float) -> list[int]:
        """Those that the bot left more than `KEPT` ago, and that are not forgotten yet."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT guild FROM departed WHERE since < ? ORDER BY guild", (now - KEPT,))
            return [guild for (guild,) in rows]

    def forget(self, guild: int) -> Remembered:
        """Forget everything of a server: what that was."""
        with self._database.transaction() as connection:
            (votes,) = connection.execute(
                "SELECT count(*) FROM vote v JOIN exchange e ON e.id = v.exchange WHERE e.guild = ?", (guild,)
            ).fetchone()
            gone = {
                name: connection.execute(f"DELETE FROM {table} WHERE {_column(table)} = ?", (guild,)).rowcount  # noqa: S608
                for name, table in _TABLES.items()
            }
            connection.execute("DELETE FROM departed WHERE guild = ?", (guild,))
        return Remembered(
            settings=gone["settings"] > 0,
            answers=gone["answers"],
            votes=votes,
            subscriptions=gone["subscriptions"],
            looks=gone["looks"],
            lists=gone["lists"],
        )


def _column(table: str) -> str:
    """The column that names the server."""
    return "id" if table == "guild" else "guild"

"""What is remembered of a member, wherever they used the bot: all of it is forgotten when they say so."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict

from bot.memory.database import Database
from bot.memory.servers import Remembered


class Members:
    """The members of whom anything is remembered. Safe to use from many threads; every method waits for the disk and
    may raise `StoreUnavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(self, member: int) -> Remembered:
        """Forget everything of a member, in all servers and direct messages: what that was.

        What others asked on from their questions stays, as those put it themselves.
        """
        with self._database.transaction() as connection:
            _leave_out_what_they_asked(connection, member)
            votes, looks, answers = (
                connection.execute(f"DELETE FROM {table} WHERE member = ?", (member,)).rowcount  # noqa: S608
                for table in ("vote", "look", "exchange")
            )
        self._database.erase()
        return Remembered(answers=answers, votes=votes, looks=looks)


def _leave_out_what_they_asked(connection: sqlite3.Connection, member: int) -> None:
    """Take the words of a member out of what others asked on from: how that was understood holds them."""
    followed: defaultdict[int, list[int]] = defaultdict(list)
    for id_, parent in connection.execute("SELECT id, parent FROM exchange WHERE parent IS NOT NULL"):
        followed[parent].append(id_)
    waiting = [id_ for (id_,) in connection.execute("SELECT id FROM exchange WHERE member = ?", (member,))]
    later: set[int] = set()
    while waiting:
        new = {*followed[waiting.pop()]} - later
        later |= new
        waiting += new
    connection.execute(
        "UPDATE exchange SET parent = NULL,"
        " record = json_set(record, '$.asking.understood', NULL, '$.asking.parent', NULL)"
        " WHERE id IN (SELECT value FROM json_each(?)) AND json_valid(record)",
        (json.dumps([*later]),),
    )

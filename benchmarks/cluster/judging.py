"""What is there at the end: in PostgreSQL, and on the disk of each process."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.cluster.hosts import Host
from benchmarks.cluster.record import Record
from bot.memory.posts import POST_IDS
from retrieval.replicas.marks import OURS
from retrieval.replicas.tables import Table, tables_of
from tests.support.loopback.server import LoopbackDiscord

FILES = {"articles": "articles.sqlite3", "discord": "discord.sqlite3", "feeds": "feeds.sqlite3"}
SOON = 10.0
"""Seconds after which a process that is told nothing has surely asked what there is."""
Asked = Callable[[str, str], list[tuple[Any, ...]]]
"""The rows that a statement gives, of the file of a name."""


def on_disk(data: Path) -> Asked:
    """A data folder as it lies there, which no process has open."""

    def asked(name: str, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(_file(data, name), uri=True)) as connection:
            return connection.execute(statement).fetchall()

    return asked


def _file(data: Path, name: str) -> str:
    return f"file:{data / FILES[name]}?mode=ro"


def lost(record: Record, where: str, asked: Asked) -> list[str]:
    """What was acknowledged and is not there."""
    titles = {title for (title,) in asked("articles", "SELECT title FROM article WHERE died IS NULL")}
    gauges = asked("articles", "SELECT body FROM article WHERE died IS NULL AND id LIKE 'gauge-%'")
    settings = {id_: json.loads(text) for id_, text in asked("discord", "SELECT id, settings FROM guild")}
    votes = {
        (exchange, member): bool(up)
        for exchange, member, up in asked("discord", "SELECT exchange, member, helpful FROM vote")
    }
    alerts = set(asked("discord", "SELECT guild, topic FROM subscription WHERE kind = 'alert'"))
    digests = {channel for (channel,) in asked("discord", "SELECT channel FROM subscription WHERE kind = 'digest'")}
    feeds = {url for (url,) in asked("feeds", "SELECT url FROM feeds")}
    missing = [
        ("articles", record.articles - titles),
        ("articles of feeds", record.offered - titles),
        ("votes", record.votes.items() - votes.items()),
        ("alerts", record.alerts - alerts),
        ("digests", record.digests - digests),
        ("feeds", record.feeds - feeds),
    ]
    found = [f"{where}: {len(gone)} {what}: {sorted(gone)[:3]}" for what, gone in missing if gone]
    found += [
        f"{where}: server {guild} has {settings.get(guild, {}).get('quotes')} quotes, not one of {sorted(possible)}"
        for guild, possible in record.quotes.items()
        if possible and settings.get(guild, {}).get("quotes") not in possible
    ]
    if old := [body for (body,) in gauges if not any(f" {n} centi" in body for n in (record.gauge, record.gauge + 1))]:
        found.append(f"{where}: the folder's articles are not of level {record.gauge}: {old[:1]}")
    return found


def doubled(discord: LoopbackDiscord) -> list[str]:
    """Posts that are in their channel more than once, by the mark that each carries; and what is told twice."""
    found = []
    for guild in discord.world.guilds:
        sent = discord.sent_by_bot(guild.channels[0])
        marks = Counter(part.get("id", 0) for message in sent for part in message.components)
        found += [
            f"{guild.name}: post {mark} {count} times"
            for mark, count in marks.items()
            if mark >= POST_IDS and count > 1
        ]
    return found


def posted(discord: LoopbackDiscord) -> int:
    """How many digests and alerts there are."""
    return sum(len(discord.sent_by_bot(guild.channels[0])) for guild in discord.world.guilds)


def told_twice(asked: Asked) -> list[str]:
    """Articles that a subscription has in two posts, which its table forbids; and posts that were never done."""
    twice = asked("discord", "SELECT subscription, article FROM item GROUP BY 1, 2 HAVING count(*) > 1")
    return [f"subscription {each}: article {article} twice" for each, article in twice]


def torn(host: Host, tables: dict[str, list[str]], there: Asked) -> list[str]:
    """Tables (by the file they are in) of which a host has other rows than PostgreSQL, but for those that were changed
    after it ended: the processes do not end in the same moment."""
    here, found = on_disk(host.data), []
    for name, each in tables.items():
        ((until,),) = here(name, f"SELECT seq FROM {OURS}state")  # noqa: S608
        old = f"SELECT count(*) FROM {OURS}commit WHERE seq > {until} AND made < to_timestamp({host.ended - SOON})"  # noqa: S608
        if (behind := there(name, old)) != [(0,)]:
            found.append(f"host {host.number}: {name}: {behind[0][0]} changes of more than {SOON:g} s before its end")
        changed = there(name, f"SELECT name, key FROM {OURS}log WHERE seq > {until}")  # noqa: S608
        late = {(table, tuple(json.loads(key))) for table, key in changed}
        with closing(sqlite3.connect(_file(host.data, name), uri=True)) as connection:
            described = tables_of(connection)
        for table in each:
            ours, theirs = (_rows(asked, name, described[table], late) for asked in (here, there))
            if ours != theirs:
                more, fewer = ours - theirs, theirs - ours
                found.append(
                    f"host {host.number}: {name}.{table}: {more.total()} rows that PostgreSQL has not, {fewer.total()} "
                    f"that it has: {str(list(more)[:1])[:200]} {str(list(fewer)[:1])[:200]}"
                )
    return found


def _rows(asked: Asked, name: str, table: Table, late: set[tuple[str, tuple[Any, ...]]]) -> Counter[Any]:
    """The rows of a table, but for those that changed `late`."""
    columns = ", ".join(f'"{column}"' for column in table.names)
    key = [table.names.index(column) for column in table.key]
    rows = map(_comparable, asked(name, f'SELECT {columns} FROM "{table.name}"'))  # noqa: S608
    return Counter(row for row in rows if (table.name, tuple(row[at] for at in key)) not in late)


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)

"""What is remembered of a member is forgotten when they say so, down to the bytes on the disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.memory.database import FILE, Database
from bot.memory.exchanges import Asking, Exchange, Exchanges, Votes, new_id
from bot.memory.listings import Listing
from bot.memory.looks import Looks
from bot.memory.members import Members
from bot.memory.servers import Remembered

NOW = 1.7e9
ALICE, BOB = 5, 6


def ask(
    database: Database,
    member: int,
    question: str,
    guild: int | None,
    parent: int | None = None,
    understood: str | None = None,
) -> int:
    asking = Asking(question, member, 11, guild, parent=parent, understood=understood)
    exchange = Exchange(new_id(), asking, datetime.fromtimestamp(NOW, UTC))
    Exchanges(database, lambda: NOW).keep(exchange)
    return exchange.id


def test_everything_of_a_member_is_forgotten_and_nothing_of_others(database: Database, tmp_path: Path) -> None:
    exchanges, looks = Exchanges(database, lambda: NOW), Looks(database, lambda: NOW)
    hers = [ask(database, ALICE, "Who stole the zylophone?", guild) for guild in (1, 2, None)]
    his = ask(database, BOB, "Why?", 1)
    onward = ask(database, BOB, "And who found it?", 1, hers[0], understood="Who found the zylophone?")
    further = ask(database, BOB, "Where?", 1, onward, understood="Where was the zylophone found?")
    for member in (ALICE, BOB):
        exchanges.vote(his, member, helpful=True)
        exchanges.vote(hers[0], member, helpful=False)
        for guild in (1, None):
            looks.keep(guild, member, Listing(), 3)
    assert b"zylophone" in (tmp_path / f"{FILE}-wal").read_bytes()

    assert Members(database).forget(ALICE) == Remembered(answers=3, votes=2, looks=2)
    assert [exchanges.get(id_) for id_ in hers] == [None] * 3
    assert exchanges.votes(1) == Votes(1, 0)
    assert [looks.last(guild, ALICE, Listing()) for guild in (1, None)] == [None, None]
    assert [looks.last(guild, BOB, Listing()) for guild in (1, None)] == [3, 3]
    found = [exchanges.get(id_) for id_ in (his, onward, further)]
    assert [each and each.asking.put for each in found] == ["Why?", "And who found it?", "Where?"]
    assert exchanges.conversation(further, within=60) == ("Where?",)
    for file in tmp_path.glob(f"{FILE}*"):
        assert b"zylophone" not in file.read_bytes(), file.name
    assert Members(database).forget(ALICE) == Remembered()

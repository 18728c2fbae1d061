"""Files that follow one database: each holds what all of them were told, in every order, and nothing is half there."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from retrieval.errors import DatabaseUnavailable, StoreUnavailable, WrittenByNewer
from retrieval.replicas import connecting
from retrieval.replicas.ledger import Head, Ledger
from retrieval.replicas.marks import refuse_replica
from retrieval.replicas.moving import leave
from retrieval.replicas.replica import Replica
from retrieval.replicas.shared import Shared
from retrieval.sqlite import migrate
from tests.support.postgres import Server, Servers
from tests.support.replicas import EXAMPLES

TABLES = """
CREATE TABLE story (key INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, weight REAL, body BLOB) STRICT;
CREATE UNIQUE INDEX story_title ON story (title);
CREATE TABLE part (story INTEGER NOT NULL REFERENCES story ON DELETE CASCADE ON UPDATE CASCADE, name TEXT NOT NULL,
  PRIMARY KEY (story, name)) STRICT, WITHOUT ROWID;
CREATE TABLE loose (at TIMESTAMP, said TEXT);
CREATE TABLE named (name TEXT PRIMARY KEY, at TIMESTAMP NOT NULL, flag INTEGER);
INSERT INTO named VALUES ('first', 'now', 1);
"""
MORE = "ALTER TABLE story ADD COLUMN outlet TEXT; CREATE TABLE later (key INTEGER PRIMARY KEY, text TEXT); "
MORE += "UPDATE story SET outlet = 'The ' || title; INSERT INTO later VALUES (1, 'one');"
STEPS = (TABLES, *[MORE.replace("; ", ";\n")])


class Follower:
    """A process' part in a database: one file, opened as stores open theirs."""

    def __init__(self, url: str, path: Path, steps: int = 1, namespace: str = "quotewire") -> None:
        self.path = path
        self.shared = Shared(url, namespace=namespace)
        self.replica: Replica = self.shared.replica(path, "things")
        self.replica.begin()
        while True:
            self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self.connection.execute("PRAGMA foreign_keys = ON")
            migrate(self.connection, path, STEPS[:steps])
            if self.replica.settle():
                return
            self.connection.close()

    def do(self, *statements: str | tuple[str, tuple[Any, ...]]) -> None:
        with self.replica.transaction(self.connection) as connection:
            for each in statements:
                connection.execute(each) if isinstance(each, str) else connection.execute(*each)

    def catch_up(self) -> bool:
        with self.shared._primary.transaction() as remote:
            return self.replica.bring_up(remote)

    def rows(self) -> dict[str, list[Any]]:
        return rows(self.connection)

    def close(self) -> None:
        self.connection.close()
        self.shared.close()


def rows(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    """All that is in a file, and the last keys that were given in it."""
    named = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'replica%'")
    names = [name for (name,) in named.fetchall()]
    return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


@pytest.fixture
def followers(database_url: str, tmp_path: Path) -> Iterator[list[Follower]]:
    each = [Follower(database_url, tmp_path / str(number) / "things.sqlite3") for number in range(3)]
    yield each
    for one in each:
        one.close()


@pytest.fixture(scope="module")
def examples_url(postgres: Server) -> str:
    """A database in which each example has a namespace."""
    return postgres.create_database()


WORDS = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\0\1\2"), max_size=5)
NUMBERS = st.integers(1, 6)
FLOATS = st.floats(allow_nan=False)
STATEMENTS = st.one_of(
    st.tuples(
        st.just("INSERT OR IGNORE INTO story (title, weight, body) VALUES (?, ?, ?)"),
        st.tuples(WORDS, st.none() | FLOATS, st.none() | st.binary(max_size=5)),
    ),
    st.tuples(st.just("UPDATE OR IGNORE story SET title = ? WHERE key = ?"), st.tuples(WORDS, NUMBERS)),
    st.tuples(st.just("UPDATE OR IGNORE story SET key = key + 1 WHERE key = ?"), st.tuples(NUMBERS)),
    st.tuples(st.just("DELETE FROM story WHERE key = ?"), st.tuples(NUMBERS)),
    st.tuples(st.just("INSERT OR IGNORE INTO part SELECT key, ? FROM story WHERE key = ?"), st.tuples(WORDS, NUMBERS)),
    st.tuples(
        st.just("INSERT INTO loose VALUES (?, ?)"),
        st.tuples(st.none() | WORDS | st.integers(-(2**53), 2**53) | FLOATS, st.none() | WORDS),
    ),
    st.tuples(st.just("UPDATE loose SET said = ? WHERE rowid = ?"), st.tuples(WORDS, NUMBERS)),
    st.tuples(st.just("DELETE FROM loose WHERE rowid <= ?"), st.tuples(NUMBERS)),
    st.tuples(
        st.just("INSERT OR REPLACE INTO named VALUES (?, ?, ?)"),
        st.tuples(WORDS, WORDS | st.integers(0, 2**60), st.none() | st.integers(-(2**63), 2**63 - 1)),
    ),
    st.tuples(st.just("DELETE FROM named WHERE flag < ?"), st.tuples(st.integers())).filter(
        lambda each: abs(each[1][0]) < 2**63
    ),
)


@settings(max_examples=EXAMPLES)
@given(turns=st.lists(st.tuples(st.integers(0, 2), st.lists(STATEMENTS, max_size=4), st.booleans()), max_size=12))
def test_whoever_changes_what_all_hold_what_one_file_would(
    turns: list[tuple[int, list[tuple[str, tuple[Any, ...]]], bool]],
    examples_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The keys that AUTOINCREMENT gave, and what was deleted with what it hung on, included."""
    folder, url = tmp_path_factory.mktemp("followers"), examples_url
    with contextmanager(_opened)(url, folder) as (followers, alone):
        for number, statements, done in turns:
            try:
                with followers[number].replica.transaction(followers[number].connection) as connection:
                    for statement in statements:
                        connection.execute(*statement)
                    if not done:
                        raise KeyError
            except KeyError:
                continue
            for statement in statements:
                alone.execute(*statement)
        for each in followers:
            each.catch_up()
            assert each.rows() == rows(alone)
            assert not each.connection.execute("PRAGMA foreign_key_check").fetchall()


def _opened(url: str, folder: Path) -> Iterator[tuple[list[Follower], sqlite3.Connection]]:
    followers = [Follower(url, folder / str(number) / "things.sqlite3", namespace=folder.name) for number in range(3)]
    try:
        with closing(sqlite3.connect(folder / "alone.sqlite3", isolation_level=None)) as alone:
            alone.execute("PRAGMA foreign_keys = ON")
            migrate(alone, folder / "alone.sqlite3", STEPS[:1])
            yield followers, alone
    finally:
        for each in followers:
            each.close()


def test_a_change_sees_what_others_did_before_it(followers: list[Follower]) -> None:
    first, second, _ = followers
    first.do("INSERT INTO story (title) VALUES ('a')")
    second.do("INSERT INTO story (title) SELECT title || 'b' FROM story")
    assert [row[:2] for row in second.rows()["story"]] == [(1, "a"), (2, "ab")]
    assert len(first.rows()["story"]) == 1, "who does not follow sees what it saw"


def test_a_file_that_was_away_is_brought_up_by_what_changed(followers: list[Follower]) -> None:
    first, second, _ = followers
    for number in range(30):
        first.do(("INSERT INTO story (title) VALUES (?)", (str(number),)))
    assert second.catch_up()
    assert not second.catch_up()
    assert second.rows() == first.rows()


def test_one_that_is_too_far_behind_is_copied_anew(followers: list[Follower], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, _ = followers
    monkeypatch.setattr("retrieval.replicas.ledger.KEPT", 2)
    monkeypatch.setattr("retrieval.replicas.ledger._PRUNED_EACH", 1)
    for number in range(6):
        first.do(("INSERT INTO story (title) VALUES (?)", (str(number),)))
    assert second.catch_up()
    assert second.rows() == first.rows()


def test_which_rows_changed_is_not_told_for_ever(
    followers: list[Follower], monkeypatch: pytest.MonkeyPatch, postgres: Server, database_url: str
) -> None:
    """Their keys may be members' ids."""
    monkeypatch.setattr("retrieval.replicas.ledger._PRUNED_EACH", 1)
    first, second, _ = followers
    first.do("INSERT INTO named VALUES ('a member', 'now', 1)")
    first.do("INSERT INTO named VALUES ('another', 'now', 1)")
    name = database_url.rpartition("/")[2]

    def keys() -> str:
        return str(postgres.ask("SELECT key FROM quotewire_things.replica_log", database=name))

    assert "a member" in keys()
    made_earlier = "UPDATE quotewire_things.replica_commit SET made = made - interval '31 days' WHERE seq <= 2"
    postgres.ask(made_earlier, database=name)
    first.do("INSERT INTO named VALUES ('later', 'now', 1)")
    assert [word in keys() for word in ("a member", "another", "later")] == [False, True, True]
    assert second.catch_up(), "who was away for so long is copied anew"
    assert second.rows() == first.rows()


def test_a_standby_that_had_not_heard_of_the_last_changes_is_followed(servers: Servers, tmp_path: Path) -> None:
    """What it lacks is lost, which docs/scale.md tells how to avoid; but no file goes on with what nobody else has."""
    primary = servers.start()
    url = primary.create_database()
    standby = primary.standby()
    standby.catch_up(primary)
    follower = Follower(url, tmp_path / "things.sqlite3")
    follower.do("INSERT INTO story (title) VALUES ('kept')")
    standby.catch_up(primary)
    standby.stop()
    follower.do("INSERT INTO story (title) VALUES ('lost')")
    follower.close()
    primary.kill()
    standby.start()
    standby.promote()
    again = Follower(standby.url(str(conninfo_to_dict(url)["dbname"])), tmp_path / "things.sqlite3")
    assert [row[1] for row in again.rows()["story"]] == ["kept"]
    again.do("INSERT INTO story (title) VALUES ('next')")
    again.close()


@pytest.mark.postgres_long
def test_nothing_changes_where_the_database_is_gone(servers: Servers, tmp_path: Path) -> None:
    server = servers.start(sync=True)
    follower = Follower(server.create_database(), tmp_path / "things.sqlite3")
    follower.do("INSERT INTO story (title) VALUES ('before')")

    def killed_within() -> None:
        with follower.replica.transaction(follower.connection) as connection:
            connection.execute("INSERT INTO story (title) VALUES ('never')")
            server.kill()

    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        killed_within()
    assert [row[1] for row in follower.rows()["story"]] == ["before"]
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        follower.do("INSERT INTO story (title) VALUES ('never, too')")
    again = Follower(server.url(), tmp_path / "things.sqlite3")  # another database, that cannot be reached either
    assert [row[1] for row in again.rows()["story"]] == ["before"], "what was there is read"
    again.close()
    server.start()
    follower.do("INSERT INTO story (title) VALUES ('after')")
    assert [row[1] for row in follower.rows()["story"]] == ["before", "after"]
    follower.close()


def test_what_the_database_has_and_the_file_has_not_is_brought_in(followers: list[Follower]) -> None:
    """A process that dies between the two commits leaves this, as does a full disk."""
    first, second, _ = followers
    first.do("INSERT INTO story (title) VALUES ('both')")
    with closing(sqlite3.connect(first.path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = first.path.read_bytes()
    first.do("INSERT INTO story (title) VALUES ('only there')")
    first.connection.close()
    first.replica.close()
    for end in ("-wal", "-shm"):
        first.path.with_name(first.path.name + end).unlink(missing_ok=True)
    first.path.write_bytes(before)
    first.connection = sqlite3.connect(first.path, isolation_level=None)
    first.do("INSERT INTO story (title) VALUES ('next')")
    second.catch_up()
    assert sorted(row[1] for row in first.rows()["story"]) == ["both", "next", "only there"]
    assert first.rows() == second.rows()


def test_a_newer_version_changes_the_tables_for_all(database_url: str, tmp_path: Path) -> None:
    old = Follower(database_url, tmp_path / "old" / "things.sqlite3")
    old.do("INSERT INTO story (title) VALUES ('a')")
    new = Follower(database_url, tmp_path / "new" / "things.sqlite3", steps=2)
    assert new.rows()["story"] == [(1, "a", None, None, "The a")]
    new.do("INSERT INTO story (title, outlet) VALUES ('b', 'B')")
    with pytest.raises(WrittenByNewer, match="restart this process"):
        old.catch_up()
    with pytest.raises(WrittenByNewer):
        old.do("INSERT INTO story (title) VALUES ('c')")
    assert [row[1] for row in old.rows()["story"]] == ["a"], "it goes on reading what it had"
    old.close()
    with pytest.raises(WrittenByNewer):
        Follower(database_url, tmp_path / "old" / "things.sqlite3")
    updated = Follower(database_url, tmp_path / "old" / "things.sqlite3", steps=2)
    assert updated.rows() == new.rows()
    updated.do("INSERT INTO later VALUES (2, 'two')")
    new.catch_up()
    assert updated.rows() == new.rows()
    updated.close()
    new.close()


def test_tables_that_are_made_anew_while_they_are_read_are_not_taken_for_empty(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Follower(database_url, tmp_path / "old" / "things.sqlite3")
    other = Follower(database_url, tmp_path / "other" / "things.sqlite3")
    other.do("INSERT INTO story (title) VALUES ('a')")
    other.close()
    newer: list[Follower] = []
    looked = Ledger.head

    def then_another_process_starts(ledger: Ledger, remote: psycopg.Connection[Any]) -> Head | None:
        found = looked(ledger, remote)
        monkeypatch.setattr(Ledger, "head", looked)
        newer.append(Follower(database_url, tmp_path / "new" / "things.sqlite3", steps=2))
        return found

    monkeypatch.setattr(Ledger, "head", then_another_process_starts)
    before = old.rows()
    with pytest.raises(DatabaseUnavailable, match="brought to another version"):
        old.catch_up()
    assert old.rows() == before
    with pytest.raises(WrittenByNewer):
        old.catch_up()
    assert [row[1] for row in newer[0].rows()["story"]] == ["a"]
    old.close()
    newer[0].close()


def test_a_file_that_was_filled_without_a_database_is_not_overwritten(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "things.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as alone:
        migrate(alone, path, STEPS)
        before = rows(alone)
        with pytest.raises(StoreUnavailable, match="migrate --to"):
            Follower(database_url, path)
        assert rows(alone) == before


def test_a_copy_is_not_used_without_its_database(followers: list[Follower]) -> None:
    with pytest.raises(StoreUnavailable, match="set DATABASE_URL"):
        refuse_replica(followers[0].connection, followers[0].path)


def test_what_died_while_it_was_opened_first_is_opened_again(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "things.sqlite3"
    shared = Shared(database_url)
    shared.replica(path, "things").begin()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, STEPS[:1])  # and here the process dies
    shared.close()
    follower = Follower(database_url, path)
    follower.do("INSERT INTO story (title) VALUES ('a')")
    assert not list(tmp_path.glob("*.unsettled"))
    follower.close()


def test_of_two_that_are_first_at_once_one_is(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "late" / "things.sqlite3"
    shared = Shared(database_url)
    replica = shared.replica(path, "things")
    replica.begin()
    first = Follower(database_url, tmp_path / "first" / "things.sqlite3")
    first.do("INSERT INTO story (title) VALUES ('a')")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, STEPS[:1])
        assert not replica.settle(), "it has to look at its tables again"
        assert rows(connection) == first.rows()
        assert replica.settle()
    shared.close()
    first.close()


def test_what_others_do_while_tables_are_brought_to_a_newer_version_is_kept(database_url: str, tmp_path: Path) -> None:
    old = Follower(database_url, tmp_path / "old" / "things.sqlite3")
    path = tmp_path / "new" / "things.sqlite3"
    shared = Shared(database_url)
    replica = shared.replica(path, "things")
    replica.begin()
    old.do("INSERT INTO story (title) VALUES ('meanwhile')")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, STEPS)
        assert not replica.settle(), "it has to take the steps again"
        migrate(connection, path, STEPS)
        assert replica.settle()
        assert rows(connection)["story"] == [(1, "meanwhile", None, None, "The meanwhile")]
    shared.close()
    old.close()


def test_an_older_process_leaves_its_file_as_it_is_when_a_newer_one_came(database_url: str, tmp_path: Path) -> None:
    """Also where it is this folder that the newer one brought forward."""
    old = Follower(database_url, tmp_path / "old" / "things.sqlite3")
    old.connection.execute("INSERT INTO story (title) VALUES ('noted')")
    new = Follower(database_url, tmp_path / "new" / "things.sqlite3", steps=2)
    before = old.rows()
    with pytest.raises(WrittenByNewer):
        old.replica.exchange()
    assert old.rows() == before
    beside = Follower(database_url, tmp_path / "old" / "things.sqlite3", steps=2)
    new.do("INSERT INTO later VALUES (2, 'two')")
    with pytest.raises(WrittenByNewer):
        old.catch_up()
    with pytest.raises(WrittenByNewer):
        old.do("INSERT INTO story (title) VALUES ('never')")
    for each in (old, new, beside):
        each.close()


@pytest.mark.postgres_long
def test_a_file_that_was_used_alone_after_a_failed_start_is_not_overwritten(
    database_url: str, tmp_path: Path, servers: Servers
) -> None:
    path = tmp_path / "things.sqlite3"
    gone = servers.start()
    url = gone.create_database()
    gone.kill()
    with pytest.raises(DatabaseUnavailable):
        Follower(url, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as alone:
        refuse_replica(alone, path)
        migrate(alone, path, STEPS)
    other = Follower(database_url, tmp_path / "other" / "things.sqlite3", steps=2)
    with pytest.raises(StoreUnavailable, match="filled without DATABASE_URL"):
        Follower(database_url, path, steps=2)
    other.close()


def test_a_copy_of_one_database_is_not_begun_in_another_that_is_empty(postgres: Server, tmp_path: Path) -> None:
    path = tmp_path / "things.sqlite3"
    first = Follower(postgres.create_database(), path)
    first.do("INSERT INTO story (title) VALUES ('a')")
    with pytest.raises(StoreUnavailable, match="there is nothing at"):
        Follower(postgres.create_database(), path)
    assert [row[1] for row in first.rows()["story"]] == ["a"]
    first.close()


@pytest.mark.postgres_long
def test_who_began_while_the_database_was_away_follows_once_it_is_back(servers: Servers, tmp_path: Path) -> None:
    server = servers.start(sync=True)
    url = server.create_database()
    first = Follower(url, tmp_path / "first" / "things.sqlite3")
    Follower(url, tmp_path / "second" / "things.sqlite3").close()
    server.kill()
    second = Follower(url, tmp_path / "second" / "things.sqlite3")
    told = threading.Event()
    second.shared.follow(lambda _: told.set())
    server.start()
    first.do("INSERT INTO story (title) VALUES ('a')")
    assert told.wait(20)
    assert second.rows() == first.rows()
    assert until(lambda: second.shared.state().failure is None)
    second.do("INSERT INTO story (title) VALUES ('b')")
    first.close()
    second.close()


def test_one_file_that_cannot_be_brought_forward_holds_up_no_other(database_url: str, tmp_path: Path) -> None:
    """And it is told for as long as that is so, and no longer."""
    first = Follower(database_url, tmp_path / "first" / "things.sqlite3")
    second = Follower(database_url, tmp_path / "second" / "things.sqlite3")
    other = second.shared.replica(tmp_path / "second" / "zz.sqlite3", "zz")
    other.begin()
    assert other.settle()
    told: list[str] = []
    second.shared.follow(told.append)
    assert until(lambda: second.shared.state().failure is None)
    with closing(sqlite3.connect(second.path, isolation_level=None)) as blocking:
        blocking.execute("CREATE TRIGGER refused BEFORE INSERT ON story BEGIN SELECT RAISE(FAIL, 'no space'); END")
        first.do("INSERT INTO story (title) VALUES ('a')")
        elsewhere = Shared(database_url)
        there = elsewhere.replica(tmp_path / "first" / "zz.sqlite3", "zz")
        there.begin()
        assert there.settle()
        with elsewhere._primary.transaction() as remote:
            there._ledger.append(remote, there._ledger.locked(remote), {})
            remote.commit()
        assert until(lambda: "zz" in told)
        assert until(lambda: "no space" in (second.shared.state().failure or ""))
        blocking.execute("DROP TRIGGER refused")
    assert until(lambda: second.shared.state().failure is None)
    assert second.rows() == first.rows()
    elsewhere.close()
    first.close()
    second.close()


def test_rows_are_told_by_texts_of_any_length(followers: list[Follower]) -> None:
    """Strangers name what is in their feeds."""
    first, second, _ = followers
    name = random.Random(18).randbytes(9000).hex()
    first.do(("INSERT INTO named VALUES (?, 'now', 1)", (name,)))
    second.do(("UPDATE named SET flag = 2 WHERE name = ?", (name,)))
    first.catch_up()
    assert (name, "now", 2) in first.rows()["named"]
    first.do("DELETE FROM named WHERE flag = 2")
    second.catch_up()
    assert first.rows()["named"] == second.rows()["named"] == [("first", "now", 1)]


def until(true: Callable[[], bool], patience: float = 15.0) -> bool:
    end = time.monotonic() + patience
    while time.monotonic() < end and not true():
        time.sleep(0.05)
    return true()


@settings(max_examples=EXAMPLES)
@given(
    ours=st.lists(STATEMENTS, max_size=4),
    theirs=st.lists(STATEMENTS, max_size=4),
    then=st.lists(STATEMENTS, max_size=3),
)
def test_what_others_changed_in_a_file_comes_together_with_the_database(
    ours: list[tuple[str, tuple[Any, ...]]],
    theirs: list[tuple[str, tuple[Any, ...]]],
    then: list[tuple[str, tuple[Any, ...]]],
    examples_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """As `reader` changes its file, of which nobody is told: whatever happens, all have the same in the end."""
    folder, url = tmp_path_factory.mktemp("exchange"), examples_url
    with contextmanager(_opened)(url, folder) as (followers, _):
        first, second, third = followers
        for follower, statements in ((first, ours), (second, theirs), (first, then)):
            for statement in statements:
                # What two processes add under one key of its own is not looked at: `reader` gives none.
                if "story" not in statement[0] and "loose" not in statement[0]:
                    follower.connection.execute(*statement)
            follower.replica.exchange()
        for follower in followers:
            follower.replica.exchange()
            follower.catch_up()
        assert first.rows() == second.rows() == third.rows()


def test_what_hangs_on_what_is_gone_elsewhere_goes_with_it(followers: list[Follower]) -> None:
    first, second, _ = followers
    first.do("INSERT INTO story (title) VALUES ('a')")
    second.catch_up()
    second.connection.execute("INSERT INTO part VALUES (1, 'of what is deleted meanwhile')")
    first.do("DELETE FROM story")
    second.replica.exchange()
    first.catch_up()
    assert first.rows() == second.rows()
    assert not first.rows()["part"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:se%cret@host/db",
        "mysql://me:secret@host/db",
        "postgresql://me:sec ret@host:x/db",
        "postgresql://me:a@secret@host/db",
        "postgresql://me:a/secret@host/db",
        "postgresql://me:a@b/secret@host/db",
        "postgresql://me:a?secret@host/db",
        "postgresql://me:a#secret@host:1/db",
        "postgresql://me:a:secret@127.0.0.1:1/db",
    ],
)
def test_an_address_that_is_none_is_said_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught, connecting.Primary(connecting.Address(url)).transaction():
        pass
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "is full, so nothing is stored: make room"),
        (psycopg.errors.UniqueViolation("duplicate key"), "refuses what is to be stored (duplicate key)"),
        (psycopg.OperationalError("connection refused"), "cannot be reached just now (connection refused)"),
        (psycopg.errors.IdleInTransactionSessionTimeout("terminating"), "took longer here than the 20 seconds"),
        (psycopg.errors.LockNotAvailable("canceling"), "Another process has been writing"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute"), "name the primary, or all hosts"),
    ],
)
def test_what_is_wrong_is_said_with_what_helps(error: psycopg.Error, said: str) -> None:
    assert said in str(connecting.unavailable(connecting.Address("postgresql://me:secret@host/news"), error))


def test_a_file_that_is_moved_where_its_rows_are_gives_no_key_that_others_gave(
    followers: list[Follower], database_url: str
) -> None:
    first, second, _ = followers
    second.do("INSERT INTO story (title) VALUES ('of short life')", "DELETE FROM story")
    first.connection.close()
    leave(first.path)
    first.shared.move_in(first.path, "things", lambda *_: None)
    again = Follower(database_url, first.path)
    again.do("INSERT INTO story (title) VALUES ('a')")
    assert [row[:2] for row in again.rows()["story"]] == [(2, "a")]
    again.close()

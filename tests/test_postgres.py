"""The PostgreSQL servers that tests use: they follow, fail, and come back as real ones do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.support.postgres import PASSWORD, ROLE, SETTINGS, Server, Servers, tools

psycopg = pytest.importorskip("psycopg", reason="psycopg is in the extras postgres and dev")


def fill(url: str, *texts: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text PRIMARY KEY)")
        for text in texts:
            connection.execute("INSERT INTO note VALUES (%s)", (text,))


def notes(url: str) -> set[str]:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return {text for (text,) in connection.execute("SELECT text FROM note")}


def on(server: Server, url: str) -> str:
    """The address of the same database on another server."""
    return server.url(url.rpartition("/")[2])


def test_tests_share_a_server_and_have_a_database_each(postgres: Server, database_url: str) -> None:
    other = postgres.create_database()
    fill(database_url, "here")
    fill(other, "there")
    assert (notes(database_url), notes(other)) == ({"here"}, {"there"})


def test_the_bot_owns_its_database_and_is_no_superuser(postgres: Server, database_url: str) -> None:
    ((superuser, creates),) = postgres.ask("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = %s", ROLE)
    assert (superuser, creates) == (False, False)
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE SCHEMA own")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE ROLE another")


def test_nobody_comes_in_with_a_wrong_password(database_url: str) -> None:
    assert database_url.count(":") == 3
    user, _, rest = database_url.rpartition("@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{user.rpartition(':')[0]}:{PASSWORD.upper().replace(' ', '').replace('/', '')}@{rest}")


def test_what_was_committed_is_there_after_the_server_was_killed(servers: Servers) -> None:
    server = servers.start(sync=True)
    assert server.ask("SHOW fsync") == [("on",)]
    url = server.create_database()
    fill(url, "committed")
    with psycopg.connect(url) as open_connection:
        open_connection.execute("INSERT INTO note VALUES ('under way')")
        server.kill()
        assert not server.running
        with pytest.raises(psycopg.OperationalError):
            notes(url)
        server.start()
        assert notes(url) == {"committed"}
        with pytest.raises(psycopg.OperationalError):
            open_connection.execute("SELECT 1")


def test_a_server_that_was_killed_leaves_no_shared_memory(servers: Servers) -> None:
    server = servers.start()
    piece = (server.folder / "postmaster.pid").read_text().split("\n")[6].split()[1]

    def pieces() -> set[str]:
        return {line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]}

    server.kill()
    assert piece in pieces()
    server.end()
    assert piece not in pieces()


@pytest.mark.postgres_long
def test_a_standby_takes_over_and_the_others_follow_it(servers: Servers) -> None:
    first = servers.start()
    url = first.create_database()
    fill(url, "before")
    second, third = first.standby(), first.standby()
    first.require_standby()
    fill(url, "acknowledged")
    second.catch_up(first)
    assert notes(on(second, url)) == {"before", "acknowledged"}
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        fill(on(second, url), "refused")

    first.kill()
    ahead, behind = sorted((second, third), key=Server.written, reverse=True)
    ahead.promote()
    behind.follow(ahead)
    fill(on(ahead, url), "after")
    behind.catch_up(ahead)
    first.start_over(ahead)
    first.catch_up(ahead)
    known = {"before", "acknowledged", "after"}
    assert [notes(on(each, url)) for each in (first, ahead, behind)] == [known] * 3


@pytest.mark.postgres_long
def test_a_commit_waits_for_a_standby_where_one_is_required(servers: Servers) -> None:
    first = servers.start()
    url = first.create_database()
    fill(url)
    second = first.standby()
    first.require_standby()
    second.kill()
    waiting = threading.Thread(target=fill, args=(url, "waits"))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    second.start()
    waiting.join(20)
    assert not waiting.is_alive()
    assert notes(url) == {"waits"}


def test_who_is_cut_off_hears_nothing_until_it_is_mended(servers: Servers) -> None:
    server = servers.start()
    url = server.create_database()
    with psycopg.connect(url) as connection:
        server.cut()
        answers: list[object] = []
        asking = threading.Thread(target=lambda: answers.append(connection.execute("SELECT 1").fetchone()))
        asking.start()
        asking.join(0.3)
        assert asking.is_alive()
        with pytest.raises(psycopg.OperationalError, match="timeout"):
            psycopg.connect(url, connect_timeout=2)
        assert server.ask("SELECT 2") == [(2,)]  # past the relay
        server.mend()
        asking.join(20)
        assert answers == [(1,)]


PROGRAM = """
import sys
from tests.support.postgres import Servers
from collections.abc import Callable
from pathlib import Path
servers = Servers(Path(sys.argv[1]))
first = servers.start()
print(servers.folder, flush=True)
print((first.folder / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""


def test_nothing_is_left_of_a_process_that_was_killed(postgres_template: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(postgres_template)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin
    assert process.stdout
    folder, pid = Path(process.stdout.readline().strip()), process.stdout.readline().strip()
    assert (folder / "1").is_dir()
    process.kill()
    process.communicate()
    ends = time.monotonic() + 30
    while folder.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.postgres_long
def test_the_programs_are_copied_where_their_user_cannot_reach_them(
    tmp_path: Path, postgres_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root, from a checkout in a home folder that is closed to others."""
    if os.geteuid() != 0:
        pytest.skip("only root runs PostgreSQL as another user")
    found = tools()
    assert found
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    (closed / "pginstall").symlink_to(found.parent)
    monkeypatch.setattr("tests.support.postgres.tools", lambda: closed / "pginstall" / "bin")
    with Servers(postgres_template) as servers:
        assert servers.tools.is_relative_to(servers.folder)
        assert servers.start().ask("SELECT 1") == [(1,)]


def documented(name: str) -> str:
    """A line of configuration, as the page for hosts has it."""
    page = (ROOT / "docs" / "scale.md").read_text()
    (value,) = re.findall(rf"(?m)^{name} = '?(.*?)'?$", page)
    return value


@pytest.mark.postgres_long
def test_without_a_required_standby_what_was_acknowledged_may_be_lost(servers: Servers) -> None:
    """What docs/scale.md says of standbys that no commit waits for."""
    assert documented("synchronous_standby_names") == "ANY 1 (*)"  # as `require_standby` sets it
    first = servers.start()
    url = first.create_database()
    fill(url, "early")
    second = first.standby()
    second.catch_up(first)
    second.kill()
    fill(url, "acknowledged")
    first.kill()
    second.start()
    second.promote()
    assert notes(on(second, url)) == {"early"}


@pytest.mark.postgres_long
def test_a_base_backup_and_the_archive_restore_a_moment(servers: Servers) -> None:
    """As docs/scale.md tells hosts to."""
    archive = servers.place()

    def here(name: str) -> str:
        return documented(name).replace("/archive", str(archive))

    kept = {name: here(name) for name in ("archive_mode", "archive_command", "archive_timeout")}
    first = servers.start(settings=kept)
    url = first.create_database()
    fill(url, "before")
    folder = servers.place()
    page = (ROOT / "docs" / "scale.md").read_text()
    (command,) = re.findall(r"(?m)^pg_basebackup (.*)$", page)
    command = command.replace('"$DATABASE_URL"', first.url(role="postgres", cuttable=False))
    servers.run("pg_basebackup", *command.replace("/backup/2026-11-30", str(folder)).split())
    fill(url, "wanted")
    ((moment,),) = first.ask("SELECT clock_timestamp()::text")
    fill(url, "unwanted")
    ((last,),) = first.ask("SELECT pg_walfile_name(pg_switch_wal())")
    wait_until(lambda: first.ask("SELECT last_archived_wal >= %s FROM pg_stat_archiver", last) == [(True,)])
    first.kill()

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+\d\d", documented("recovery_target_time"))
    (folder / "recovery.signal").touch()
    settings = {name: here(name) for name in ("restore_command", "recovery_target_action")}
    second = Server(servers, folder, {**SETTINGS, **settings, "recovery_target_time": moment})
    second.start()
    wait_until(lambda: second.ask("SELECT pg_is_in_recovery()") == [(False,)])
    assert notes(on(second, url)) == {"before", "wanted"}
    fill(on(second, url), "goes on")


def wait_until(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.05)

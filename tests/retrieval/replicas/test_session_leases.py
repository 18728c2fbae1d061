"""One process holds a lease; when it is gone, however that came, another gets it, and it does not go on by mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from retrieval.errors import DatabaseUnavailable
from retrieval.replicas import session_leases
from retrieval.replicas.connecting import Address, Primary
from retrieval.replicas.session_leases import SessionLeases
from tests.support.places import ROOT
from tests.support.postgres import Servers

HOLDER = """
import sys, time
from retrieval.replicas import session_leases
from retrieval.replicas.connecting import Address
from retrieval.replicas.session_leases import SessionLeases
session_leases.IDLE, session_leases.BEAT = int(sys.argv[2]), 0.2
leases = SessionLeases(Address(sys.argv[1]), "quotewire")
print(leases.take("polling"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def opened(database_url: str) -> Iterator[Callable[[], SessionLeases]]:
    each: list[SessionLeases] = []

    def one() -> SessionLeases:
        each.append(SessionLeases(Address(database_url), "quotewire"))
        return each[-1]

    yield one
    for leases in each:
        leases.close()


def within(seconds: float, done: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not (is_done := done()) and time.monotonic() < until:
        time.sleep(0.05)
    return is_done


def test_one_holds_it_until_it_gives_it_back(opened: Callable[[], SessionLeases]) -> None:
    first, second = opened(), opened()
    assert first.take("polling")
    assert first.take("polling"), "it has it already"
    assert not second.take("polling")
    assert second.take("posting"), "another one is free"
    assert (first.holds("polling"), second.holds("polling")) == (True, False)
    assert (first.held(), second.held()) == (("polling",), ("posting",))
    first.give_back("polling")
    assert not first.holds("polling")
    assert second.take("polling")
    assert not first.take("polling")


def test_who_ends_leaves_it_to_others(opened: Callable[[], SessionLeases]) -> None:
    first, second = opened(), opened()
    first.take("polling")
    first.close()
    assert within(5, lambda: second.take("polling"))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_who_is_killed_or_stands_still_loses_it(
    opened: Callable[[], SessionLeases], database_url: str, end: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url, "1"], stdout=subprocess.PIPE, cwd=ROOT, env=os.environ
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"True\n"
        other = opened()
        assert not other.take("polling")
        process.send_signal(end)
        assert within(10, lambda: other.take("polling"))
    finally:
        process.kill()
        process.communicate()


def test_who_was_held_up_changes_nothing_afterwards(
    opened: Callable[[], SessionLeases], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had slept through: PostgreSQL ended its session, and another process has the lease."""
    monkeypatch.setattr(session_leases, "BEAT", 60.0)
    first, second = opened(), opened()
    assert first.take("changing")
    primary = Primary(Address(database_url))
    with primary.transaction() as remote:
        first.guard("changing", remote)
        remote.execute("SELECT pg_terminate_backend(%s)", (first._pid,))
    assert within(5, lambda: second.take("changing"))
    assert first.holds("changing"), "it does not know yet"
    with pytest.raises(DatabaseUnavailable, match="comes again"), primary.transaction() as remote:
        first.guard("changing", remote)
    with primary.transaction() as remote:
        second.guard("changing", remote)
    primary.close()


def test_where_the_database_is_gone_nobody_has_one_and_it_is_said_why(servers: Servers) -> None:
    server = servers.start()
    leases = SessionLeases(Address(server.create_database()), "quotewire")
    assert leases.take("polling")
    server.kill()
    assert within(10, lambda: not leases.holds("polling")), "it finds out by itself"
    assert not leases.take("polling")
    assert leases.unreachable
    assert "cannot be reached" in str(leases.unreachable)
    server.start()
    assert within(10, lambda: leases.take("polling"))
    assert leases.unreachable is None
    leases.close()

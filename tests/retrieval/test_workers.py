"""What reads strangers' input may never end, take all memory or fail: its process ends, and this one goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import workers
from retrieval.errors import FeedUnusable, WorkerUnavailable
from retrieval.reading.sources.walls import PageIsWall
from retrieval.workers import Overrun, Workers, outside
from tests.support import strangers
from tests.support.places import ROOT


@pytest.fixture
def pool() -> Iterator[Workers]:
    with closing(Workers(1)) as pool:
        yield pool


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.2)
    monkeypatch.setattr(workers, "LOADING", 0.0)


@pytest.mark.usefixtures("impatient")
def test_what_never_ends_is_ended_and_named(pool: Workers) -> None:
    with pytest.raises(Overrun, match=r"^takes more than 0 seconds to read$"):
        pool.call(strangers.never_ends)
    assert pool.call(len, "and others go on") == 16


@pytest.mark.usefixtures("impatient")
def test_what_waits_for_ever_is_ended_too(pool: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.call(len, "")
    monkeypatch.setattr(workers, "PATIENCE", 0.2)
    with pytest.raises(Overrun, match="seconds to read"):
        pool.call(strangers.sleeps)


@pytest.mark.skipif(sys.platform != "linux", reason="only there the system limits memory")
def test_what_takes_all_memory_is_ended_and_named(pool: Workers) -> None:
    with pytest.raises(Overrun, match=r"^takes more than 1,024 MB of memory to read$"):
        pool.call(strangers.takes_all_memory)
    assert not pool._idle  # the memory is free again


def test_a_worker_goes_on_however_large_the_process_is_that_started_it(pool: Workers) -> None:
    taken = bytearray(2 * workers.LARGE * 1024 * 1024)  # of zeros that Python writes, so that they count
    taken[::4096] = bytes(len(taken) // 4096)
    assert len({pool.call(strangers.process) for _ in range(3)}) == 1


def test_a_worker_that_has_become_large_ends(pool: Workers) -> None:
    assert pool.call(strangers.takes, workers.LARGE + 50) != pool.call(strangers.process)


def test_what_ends_its_process_is_named_after_a_second_try(pool: Workers) -> None:
    with pytest.raises(Overrun, match="makes the program fail that reads it"):
        pool.call(strangers.ends_its_process)


def test_a_worker_that_was_ended_by_another_hand_is_replaced(pool: Workers) -> None:
    before = pool.call(strangers.process)
    os.kill(before, 9)
    assert pool.call(strangers.process) not in (before, os.getpid())


def test_more_input_may_take_more_time(pool: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.1)
    monkeypatch.setattr(workers, "LOADING", 0.0)
    monkeypatch.setattr(workers, "SECONDS_A_MEGABYTE", 10.0)
    with pytest.raises(Overrun, match="more than 1 seconds"):
        pool.call(strangers.never_ends, bytes(100 * 1024))


def test_errors_arrive_as_they_were_raised(pool: Workers) -> None:
    with pytest.raises(PageIsWall, match="asks first"):
        pool.call(strangers.raises, PageIsWall("asks first"))
    with pytest.raises(FeedUnusable) as caught:
        pool.call(strangers.raises, FeedUnusable("In {place}.", place="line 3"))
    assert (str(caught.value), caught.value.template, caught.value.places) == (
        "In line 3.",
        "In {place}.",
        {"place": "line 3"},
    )
    with pytest.raises(RuntimeError, match="Unlike: 1 is not 2"):  # which could not be sent as it is
        pool.call(strangers.raises)
    with pytest.raises(RuntimeError, match="SystemExit"):
        pool.call(strangers.raises, SystemExit(3))


def test_what_a_library_prints_is_no_answer(pool: Workers, capfd: pytest.CaptureFixture[str]) -> None:
    assert pool.call(strangers.prints_and_gives, "\x1b[31mred") == "\x1b[31mred"
    assert capfd.readouterr() == ("", "")


def test_a_worker_knows_no_secret(pool: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.secret.token")
    assert "a.secret.token" not in pool.call(strangers.environment).values()


def test_a_worker_loads_neither_the_model_nor_discord() -> None:
    from retrieval.reading.sources.html_page import read_page

    with pytest.raises(ValueError, match="no article text"):
        read_page("<p>Nothing")
    loaded = outside(strangers.modules)
    assert "trafilatura" in loaded
    assert not loaded & {"torch", "faiss", "discord", "sentence_transformers"}


def test_none_is_started_that_nobody_needs() -> None:
    program = "import retrieval.newsroom, bot.app; from retrieval import workers; print(len(workers._workers._idle))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "0\n"


def test_where_none_can_be_started_it_is_said_why(pool: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(WorkerUnavailable, match=r"none can be started \(No such file or directory\); free memory"):
        pool.call(len, "")
    monkeypatch.undo()
    monkeypatch.setattr(workers, "_PROGRAM", "raise SystemExit('no such module')")
    with pytest.raises(WorkerUnavailable, match="no such module"):
        pool.call(len, "")


def test_who_has_had_nothing_to_do_for_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", "from retrieval import workers; workers.IDLE = 0.1; workers.serve()")
    with closing(Workers(1)) as pool:
        one = pool.call(strangers.process)
        (idle,) = pool._idle
        assert idle._process.wait(30) == 0
        assert pool.call(strangers.process) != one


PARENT = """
import sys, threading
from pathlib import Path
from retrieval import workers
from tests.support import strangers
workers.SECONDS, workers.LOADING = 1.0, 0.0
print(workers.outside(strangers.process), flush=True)
if sys.argv[1:]:
    workers.outside(strangers.tells_and_never_ends, Path(sys.argv[1]))
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system limits no time there")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_workers_end_when_the_process_is_killed_that_started_them(tmp_path: Path, busy: bool) -> None:
    told = tmp_path / "told"
    command = [sys.executable, "-c", PARENT, *([str(told)] if busy else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        while busy and not told.exists():
            time.sleep(0.02)
        parent.kill()
    deadline = time.monotonic() + 60
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(worker)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked about yet, in a container without an init.
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"

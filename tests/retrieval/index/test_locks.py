"""Locks between processes: who waits is told for whom, and what a process held is free when it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index import locks
from retrieval.index.locks import Taken, locked
from tests.support.places import ROOT

HOLDING = """
import sys, time
from pathlib import Path
from retrieval.index.locks import locked
with locked(Path(sys.argv[2]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work.lock"


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which holds the lock."""
    command = [sys.executable, "-c", HOLDING, "reload", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


def test_who_waits_is_told_for_whom_after_a_while(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "TOLD_AFTER", 0.1)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/quotewire", "add", "https://secret.example"])
    holds = threading.Event()

    def hold() -> None:
        with locked(path, 0):
            holds.set()
            time.sleep(0.4)

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    with locked(path, 10):
        thread.join()
    assert f"waiting for process {os.getpid()} (quotewire add) to let go of {path}" in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()
    with locked(path, 10):
        assert not caplog.text


def test_what_a_killed_process_held_is_free(path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(Taken, match=rf"^process {holder.pid} \(-c reload\)$"):
        locked(path, 0.1)
    holder.kill()
    holder.wait()
    with locked(path, 0):
        pass


def test_a_full_disk_costs_the_note_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with locked(path, 0), pytest.raises(Taken, match="another process"):
        locked(path, 0)

"""The readers of `test_readers.py` once more, steered by what they reach: atheris keeps a document that gets into code
where none before it came, and goes on from there.

    python -m tests.fuzz.guided [--seconds 300] [READER ...]

Each reader has a process of its own, for so many seconds. The exit code is 1 where one of them broke its promise;
atheris then names a file with what it was given. Needs the extra `fuzz`, which is there for CPython on Linux.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from importlib import import_module
from typing import Any

import pytest

READERS = ("feeds", "lists_of_feeds", "pages", "front_matter")
"""Tests of `test_readers.py`, all of whose arguments are drawn."""


def fuzz(name: str, seconds: int, corpus: str) -> None:
    """Try documents on a reader for so long; the process ends with it, with 0 where all went well."""
    atheris: Any = import_module("atheris")  # which is not there on every system
    with atheris.instrument_imports(include=["retrieval"]):
        from tests.fuzz import test_readers
    from retrieval.workers import Workers

    # Here, where it is seen what is reached, rather than by a worker.
    pytest.MonkeyPatch().setattr(Workers, "call", lambda _, function, *arguments: function(*arguments))
    test = getattr(test_readers, f"test_{name}").hypothesis.fuzz_one_input
    # Long from the start: hypothesis draws a document from thousands of bytes, and refuses what is too short.
    limits = ["-max_len=16384", "-len_control=0", f"-max_total_time={seconds}"]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", corpus], test)
    atheris.Fuzz()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("readers", nargs="*", default=READERS)
    given = parser.parse_args()
    if given.here:
        with tempfile.TemporaryDirectory() as corpus:
            fuzz(given.readers[0], given.seconds, corpus)
    again = [sys.executable, "-m", "tests.fuzz.guided", "--here", "--seconds", str(given.seconds)]
    return max(subprocess.run([*again, reader], check=False).returncode != 0 for reader in given.readers)


if __name__ == "__main__":
    sys.exit(main())

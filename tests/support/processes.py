"""Processes that tests start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.places import ROOT

PYTHONPATH = os.pathsep.join([str(Path(__file__).parent / "hook"), str(ROOT)])
"""With it, what the environment asks for is put in the place of Discord and the model: see `hook/sitecustomize.py`."""


def said_by(module: str, *arguments: object, **settings: object) -> str:
    """What `python -m module` prints; `settings` are its environment's."""
    run = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": PYTHONPATH, **{name: str(value) for name, value in settings.items()}},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def told_by(module: str, *arguments: object) -> list[Any]:
    """What `python -m module` prints, a JSON document a line."""
    return [json.loads(line) for line in said_by(module, *arguments).splitlines()]

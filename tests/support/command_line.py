"""The `quotewire` command in the process of the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.settings import SETTING_NAMES


def quotewire(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def document(result: Result) -> dict[str, Any]:
    """The one JSON document that standard output holds."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def only_these_settings(patch: pytest.MonkeyPatch, folder: Path, **settings: object) -> None:
    """Go to `folder`, with no other settings than these of the machine that runs the tests."""
    for name in SETTING_NAMES:
        patch.delenv(name, raising=False)
    for name, value in settings.items():
        patch.setenv(name, str(value))
    patch.chdir(folder)

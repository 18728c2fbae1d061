"""A folder of three articles, and a newsroom's settings with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.newsroom import NewsroomSettings
from tests.support.talks import write


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    for name, word in (("a.txt", "apple"), ("b.txt", "banana"), ("c.txt", "cherry")):
        write(folder, name, word)
    return folder


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> NewsroomSettings:
    return NewsroomSettings(tmp_path / "data", seeds)

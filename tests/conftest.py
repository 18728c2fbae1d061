"""What the tests share: a newsroom over the project's own seed article, embedded once by the real model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def seed_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom over `seeds/`. Tests share it: read from it only."""
    settings = NewsroomSettings(tmp_path_factory.mktemp("seed-room"), ROOT / "seeds")
    with Newsroom.open(settings) as room:
        room.reload()
        yield room

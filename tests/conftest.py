"""What the tests share: a newsroom over the project's own seed article, embedded once by the real model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.places import SEEDS

# Whether a property holds does not depend on how busy the machine is.
settings.register_profile("quotewire", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quotewire")


@pytest.fixture(scope="session")
def seed_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom over `seeds/`. Tests share it: read from it only."""
    with Newsroom.open(NewsroomSettings(tmp_path_factory.mktemp("seed-room"), SEEDS)) as room:
        room.reload()
        yield room

"""A server on loopback, which stands for all sites, a publisher that has one, and a newsroom that fetches from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.publisher import Publisher
from tests.support.web_server import Server, running, session_for


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def publisher(server: Server) -> Publisher:
    return Publisher(server)


@pytest.fixture
def room(server: Server, tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom without seeds, which fetches from the server."""
    (tmp_path / "seeds").mkdir()
    with Newsroom.open(NewsroomSettings(tmp_path / "data", tmp_path / "seeds")) as room:
        room._machinery.deliveries._session = session_for(server)
        yield room

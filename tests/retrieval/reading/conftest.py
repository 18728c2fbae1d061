"""A server on loopback, which stands for all sites, and a publisher that has one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.publisher import Publisher
from tests.support.web_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def publisher(server: Server) -> Publisher:
    return Publisher(server)

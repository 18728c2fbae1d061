"""What the bot remembers, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.memory.database import Database
from bot.memory.posts import Posts
from bot.memory.subscriptions import Subscriptions


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


@pytest.fixture
def subscriptions(database: Database) -> Subscriptions:
    return Subscriptions(database)


@pytest.fixture
def posts(database: Database) -> Posts:
    return Posts(database)

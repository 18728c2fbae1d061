"""What the tests share: a newsroom over the project's own seed article, embedded once by the real model, and a stand-in
for that model.

They hold in either precision that a model may compute in: `QUOTEWIRE_PRECISION` forces `bfloat16` or `float32`.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from hypothesis import HealthCheck, settings

from retrieval.index import conversion
from retrieval.index.conversion import Origin
from retrieval.index.converted import Converted
from retrieval.index.embed import Embedder
from retrieval.index.families import Prompts
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support import replicas
from tests.support.bag_of_words import BAG_OF_WORDS, IN_PLACE
from tests.support.places import ROOT, SEEDS
from tests.support.postgres import MISSING, Server, Servers, tools
from tests.support.replicas import CHANGES, DATABASE, WANTED

# Whether a property holds does not depend on how busy the machine is. Each run tries other examples: many runs of few
# find what one of many does, and the suite stays one that is run without thinking.
settings.register_profile(
    "quotewire",
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],  # by chance, in one run of many
)
settings.load_profile("quotewire")


def _log_as_before() -> Iterator[None]:
    """What sets up the log, as each command does, sets it up for as long only: else the next test that looks at the log
    sees nothing of it, or its lines go to a stream that is closed."""
    root = logging.getLogger()
    names = ("bot", "retrieval", "discord", "transformers", "sentence_transformers", "huggingface_hub", "py.warnings")
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, names))}
    handlers = list(root.handlers)
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    for logger, level in levels.items():
        logger.setLevel(level)


_after_a_test = pytest.fixture(autouse=True)(_log_as_before)
_after_what_a_module_shares = pytest.fixture(scope="module", autouse=True)(_log_as_before)


@pytest.fixture(scope="session", autouse=True)
def conversions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One folder for what the embedding model is converted to, here, in the processes that are started, and in those
    that run tests beside this one: making it takes seconds, and each newsroom has a folder of its own. What lies there
    is loaded once in this process, which takes a second, too."""
    folder = _shared_by_workers(tmp_path_factory) / "models"
    opened, loaded = conversion.opened, dict[tuple[object, ...], Converted]()

    def opened_once(place: Path, origin: Origin, prompts: Prompts) -> Converted | None:
        if not place.is_relative_to(folder):  # what becomes of files is tested elsewhere
            return opened(place, origin, prompts)
        key = (place, origin, prompts)
        if key not in loaded and (model := opened(place, origin, prompts)) is not None:
            loaded[key] = model
        return loaded.get(key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVERSIONS", str(folder))
        patch.setattr(conversion, "FOLDER", str(folder))
        patch.setattr(conversion, "opened", opened_once)
        yield


def _shared_by_workers(factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of tests, whichever of its processes asks."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="module")
def bag_of_words() -> Iterator[None]:
    """`BagOfWords` in the place of the embedding model, here and in the processes that are started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BAG_OF_WORDS, str(ROOT))  # which is there
        for name, value in IN_PLACE.items():
            patch.setattr(Embedder, name, value)
        yield


@pytest.fixture(scope="session")
def seed_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom over `seeds/`. Tests share it: read from it only."""
    with Newsroom.open(NewsroomSettings(tmp_path_factory.mktemp("seed-room"), SEEDS)) as room:
        room.reload()
        yield room


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a new PostgreSQL server is copied from; skips where PostgreSQL is not installed."""
    if tools() is None:
        pytest.skip(MISSING)
    return _shared_by_workers(tmp_path_factory) / "postgres.tar"


@pytest.fixture
def servers(postgres_template: Path) -> Iterator[Servers]:
    """For tests that have PostgreSQL servers of their own, to end, promote and cut off."""
    with Servers(postgres_template) as servers:
        yield servers


@pytest.fixture(scope="session")
def postgres(postgres_template: Path) -> Iterator[Server]:
    """A PostgreSQL server that tests share: each has a database of its own on it."""
    with Servers(postgres_template) as servers:
        yield servers.start()


@pytest.fixture
def database_url(postgres: Server) -> str:
    """The address of a new and empty database."""
    return postgres.create_database()


@pytest.fixture(scope="module")
def alone() -> Iterator[None]:
    """Where the suite is run over PostgreSQL, what a module opens follows only what the module says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicas, "shared_of", lambda _: None)
        yield


if WANTED in os.environ:
    for name, change in CHANGES.items():
        change(importlib.import_module(name))

    @pytest.fixture(scope="module", autouse=True)
    def _followed(request: pytest.FixtureRequest) -> Iterator[None]:
        """A database that the data folders of a module follow, made by need, or at once where processes are started."""
        with pytest.MonkeyPatch.context() as patch:

            def create() -> str:
                server: Server = request.getfixturevalue("postgres")
                patch.setenv(DATABASE, server.create_database())
                return os.environ[DATABASE]

            patch.setattr(replicas, "create", create)
            if "e2e" in request.path.parts:
                create()
            if {"discord", "connection"} & {*request.path.parts}:  # simcord does not say how many may identify at once
                import discord

                limits = discord.SessionStartLimits(total=1000, remaining=1000, reset_after=0, max_concurrency=16)
                patch.setattr(discord.AutoShardedClient, "fetch_session_start_limits", AsyncMock(return_value=limits))
            yield

    @pytest.fixture(autouse=True)
    def _let_go(_followed: None) -> Iterator[None]:
        """What a test opened and nobody closed is closed: each has connections and threads."""
        before = replicas.opened()
        yield
        replicas.close_since(before)

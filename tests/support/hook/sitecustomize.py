"""Python imports this at the start of each process that `tests.support.processes.PYTHONPATH` is given to.

What the environment asks for is changed in the modules concerned once their own code has run. So the process is the
unmodified program, and imports nothing earlier than it would.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any


def answer_from_loopback(http: ModuleType) -> None:
    http.Route.BASE = os.environ["LOOPBACK_REST"]


def listen_to_loopback(gateway: ModuleType) -> None:
    gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway.yarl.URL(os.environ["LOOPBACK_GATEWAY"])


def embed_words(embed: ModuleType) -> None:
    from tests.support.bag_of_words import IN_PLACE

    for name, value in IN_PLACE.items():
        setattr(embed.Embedder, name, value)


def share_conversions(conversion: ModuleType) -> None:
    setattr(conversion, "FOLDER", os.environ["CONVERSIONS"])  # noqa: B010 (a module has no such attribute to types)


def follow(name: str) -> Callable[[ModuleType], None]:
    def change(module: ModuleType) -> None:
        from tests.support.replicas import CHANGES as FOLLOWING

        FOLLOWING[name](module)

    return change


class Afterwards(MetaPathFinder):
    """Has each of `changes` made to the module of its name, once that has been imported."""

    def __init__(self, changes: dict[str, Callable[[ModuleType], None]]) -> None:
        self._changes = changes

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        change = self._changes.get(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if change else None
        if change is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            change(module)

        spec.loader.exec_module = exec_module
        return spec


CHANGES: dict[str, dict[str, Callable[[ModuleType], None]]] = {
    "LOOPBACK_REST": {"discord.http": answer_from_loopback, "discord.gateway": listen_to_loopback},
    "CONVERSIONS": {"retrieval.index.conversion": share_conversions},
    "BAG_OF_WORDS": {"retrieval.index.embed": embed_words},
    "QUOTEWIRE_DATABASE_URL": {
        name: follow(name) for name in ("retrieval.machinery", "retrieval.index.store", "bot.memory.database")
    },
}
sys.meta_path.insert(0, Afterwards({k: v for name in CHANGES if name in os.environ for k, v in CHANGES[name].items()}))

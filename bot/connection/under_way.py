"""Work that goes on beside everything else: what is waited for when the bot closes, and what nobody waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.connection.errors import ShutdownError
from retrieval.errors import QuotewireError

_log = logging.getLogger(__name__)


class UnderWay:
    """Tasks that owe someone a reply, or the store an orderly end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def add(self, task: asyncio.Task[Any] | None) -> None:
        """Have `wait` wait for `task`, until it is done."""
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def wait(self, within: float) -> None:
        """Wait for all of them, at most so many seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)


async def logged(work: Coroutine[Any, Any, object], what: str) -> None:
    """Do `work` that nobody waits for; an error goes to the log, as one line when it says what to do."""
    try:
        await work
    except ShutdownError:
        _log.info("%s was stopped", what)
    except QuotewireError as error:
        _log.warning("%s: %s", what, error)
    except Exception:
        _log.exception("%s failed", what)

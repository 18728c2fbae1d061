"""Blocking calls off the event loop, on threads that cannot hold up the end of the process."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def offload(call: Callable[[], T]) -> T:
    """Run the blocking `call` on a thread of its own; its result, or its error, is this coroutine's.

    A thread pool would do but for the end: the interpreter waits for the threads of a pool, so a model that
    is loading would delay a stop by as long. A daemon thread is left behind; starting one takes microseconds.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(setter: Callable[[Any], None], value: object) -> None:
        if not outcome.done():  # it is when the waiting task was cancelled
            setter(value)

    def work() -> None:
        setter, value = _outcome_of(call, outcome)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, setter, value)

    threading.Thread(target=work, name="quotewire-room", daemon=True).start()
    return await outcome


def _outcome_of(call: Callable[[], T], outcome: asyncio.Future[T]) -> tuple[Callable[[Any], None], object]:
    try:
        return outcome.set_result, call()
    except Exception as error:
        return outcome.set_exception, error

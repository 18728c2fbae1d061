"""Blocking calls off the event loop, on threads that cannot hold up the end of the process."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from bot.connection.leaving import THREAD_NAME

T = TypeVar("T")


async def offload(call: Callable[[], T]) -> T:
    """Run the blocking `call` on a thread of its own; its result, or its error, is this coroutine's.

    A thread pool would do but for the end: the interpreter waits for the threads of a pool, however long a
    model takes to load. A daemon thread can be left behind (see `leaving.leave_behind`), and starts in microseconds.
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

    # In the caller's context, so that what is said there is said in the member's language.
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name=THREAD_NAME, daemon=True).start()
    return await outcome


def _outcome_of(call: Callable[[], T], outcome: asyncio.Future[T]) -> tuple[Callable[[Any], None], object]:
    try:
        return outcome.set_result, call()
    except Exception as error:
        return outcome.set_exception, error
    except BaseException as error:  # a panic of a library in Rust, which nobody who waits for `call` would catch
        surprise = RuntimeError(f"{type(error).__name__}: {error}")
        surprise.__cause__ = error
        return outcome.set_exception, surprise

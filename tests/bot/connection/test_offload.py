"""Blocking calls off the event loop: whatever becomes of one, who waits for it is told."""

from __future__ import annotations

import asyncio

import pytest

from bot.connection.offload import offload


class PanicException(BaseException):
    """What a library in Rust raises where it is at its wits' end; it is no `Exception`."""


def panic() -> None:
    raise PanicException("index out of bounds")


async def test_a_panic_is_an_error_for_who_waits() -> None:
    async with asyncio.timeout(20):
        with pytest.raises(RuntimeError, match="PanicException: index out of bounds"):
            await offload(panic)

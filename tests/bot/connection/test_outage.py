"""Sending that is tried again while Discord cannot be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import aiohttp
import discord
import pytest

from bot.connection.outage import persist


def answer_of(status: int) -> aiohttp.ClientResponse:
    class Response:
        reason = "of a test"

        def __init__(self, status: int) -> None:
            self.status = status

    return cast(aiohttp.ClientResponse, Response(status))


DOWN = [
    discord.DiscordServerError(answer_of(503), "down"),
    aiohttp.ClientConnectionError("no way"),
    ConnectionResetError(),
    TimeoutError(),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which takes its time."""
    made: list[float] = []

    async def sleep(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return made


def failing(errors: list[Exception]) -> tuple[Callable[[], Awaitable[str]], list[Exception]]:
    left = list(errors)

    async def send() -> str:
        if left:
            raise left.pop(0)
        return "sent"

    return send, left


async def test_it_is_tried_until_it_is_sent(quick: list[float]) -> None:
    send, left = failing(DOWN * 3)
    assert await persist(send, lambda: False) == "sent"
    assert left == []
    assert quick == [1.0, 2.0, 4.0, 8.0, *[15.0] * 8]


async def test_it_ends_with_the_last_error_when_it_is_too_late() -> None:
    send, left = failing(DOWN)
    with pytest.raises(ConnectionResetError):
        await persist(send, lambda: len(left) <= 1)


async def test_a_refusal_is_not_tried_again() -> None:
    send, left = failing([discord.Forbidden(answer_of(403), "no"), *DOWN])
    with pytest.raises(discord.Forbidden):
        await persist(send, lambda: False)
    assert len(left) == len(DOWN)

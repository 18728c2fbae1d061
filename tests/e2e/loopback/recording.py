"""Every REST call as it was made and answered, with what is wrong with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from loopback.openapi import description
from loopback.rules import deferral_violations, message_violations
from loopback.world import Json

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One REST call. `since_interaction` is in seconds, for calls that answer one."""

    method: str
    path: str
    template: str | None
    query: dict[str, str]
    content_type: str | None
    body: Any
    status: int
    answer: Any
    since_interaction: float | None
    v2: bool
    scripted: bool
    """Whether the test itself prescribed the answer."""

    @cached_property
    def violations(self) -> list[str]:
        """What breaks Discord's description (where it is at hand), its rules on messages, or our policy."""
        return [f"{self.method} {self.template or self.path}: {problem}" for problem in self._violations()]

    def _violations(self) -> list[str]:
        discord, problems = description(), []
        if self.template is None:
            problems.append("no such endpoint")
        elif discord is not None:
            problems += discord.request_violations(
                self.method, self.path, query=self.query, content_type=self.content_type, body=self.body
            )
            if not self.scripted:
                answered = discord.response_violations(self.method, self.path, self.status, self.answer)
                problems += [f"the loopback's own answer: {problem}" for problem in answered]
        if self.status in (400, 401, 404, 405, 429) and not self.scripted:
            problems.append(f"Discord answers {self.status}: {self.answer}")
        message, deferral = _carried(self)
        if message is not None:
            problems += message_violations(message, v2=self.v2)
        if deferral is not None:
            problems += deferral_violations(deferral)
        return problems


def _carried(call: Call) -> tuple[Json | None, Json | None]:
    """The message, or the deferral, that a call carries."""
    body, template = call.body, call.template or ""
    if not isinstance(body, dict) or call.method not in ("POST", "PATCH"):
        return None, None
    if template.endswith("/callback"):
        if body.get("type") in (5, 6):
            return None, body
        message = body.get("data") if body.get("type") in (4, 7) else None
        return (message if isinstance(message, dict) else None), None
    carries = template.startswith("/webhooks/") or "/messages" in template
    return (body if carries else None), None


class Changes:
    """Lets a test wait for something to have happened, without polling."""

    def __init__(self) -> None:
        self._condition = asyncio.Condition()
        self.explain: Callable[[], str] = str
        """What to add to the message of a wait that failed: the bot's own words."""
        self.over: Callable[[], bool] = bool
        """Whether there is nothing left to wait for: the bot has ended."""

    async def announce(self) -> None:
        async with self._condition:
            self._condition.notify_all()

    async def until(self, happened: Callable[[], T], *, timeout: float = 20.0, what: str) -> T:  # noqa: ASYNC109
        """The first true value of `happened`; TimeoutError with `what` and the bot's own words otherwise."""

        async def wait() -> T:
            async with self._condition:
                await self._condition.wait_for(lambda: happened() or self.over())
                return happened()

        result = None
        with contextlib.suppress(TimeoutError):
            result = await asyncio.wait_for(wait(), timeout)
        if not result:
            raise TimeoutError(f"waited (at most {timeout:g} s) in vain for {what}\n{self.explain()}")
        return result

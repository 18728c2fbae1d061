"""Every REST call as it was made and answered, with what is wrong with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from tests.support.loopback.openapi import description
from tests.support.loopback.rules import message_violations
from tests.support.loopback.rules_forms import callback_violations
from tests.support.loopback.world import Json

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
    files: tuple[str, ...]
    """The names of the files that came with it, and of those that the message held before."""
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
        if self.method in ("POST", "PATCH") and isinstance(self.body, dict):
            problems += self._carried(self.body, self.template or "")
        return problems

    def _carried(self, body: Json, template: str) -> list[str]:
        """What is wrong with the message, the choices or the form that a call carries."""
        if template.endswith("/callback"):
            message = body.get("data") if body.get("type") in (4, 7) else None
            held = message_violations(message, v2=self.v2, files=self.files) if isinstance(message, dict) else []
            return [*callback_violations(body), *held]
        carries = template.startswith("/webhooks/") or "/messages" in template
        return message_violations(body, v2=self.v2, files=self.files) if carries else []


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

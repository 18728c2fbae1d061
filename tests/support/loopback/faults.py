"""What a test prescribes instead of Discord's own answers: errors, lost answers, an outage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a REST call. `lost`: it never arrives, and the connection is closed in its place."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


@dataclass(slots=True)
class Scripted:
    """An answer that a test prescribes for the next `times` requests to a route.

    `taken`: the request is done first, as if only the way back was disturbed.
    """

    method: str
    template: str
    answer: Answer
    times: int = 1
    taken: bool = False


class Faults:
    """The answers that are prescribed; during an outage, that is one for all requests."""

    def __init__(self) -> None:
        self.scripted: list[Scripted] = []
        self.outage = False

    def take(self, method: str, template: str | None) -> Scripted | None:
        """What is prescribed for a request that has just come; None if it is to be answered as usual."""
        if self.outage:
            return Scripted(method, template or "", Answer(503, "<html>Service Unavailable</html>"))
        for script in self.scripted:
            if (script.method, script.template) == (method, template) and script.times > 0:
                script.times -= 1
                return script
        return None

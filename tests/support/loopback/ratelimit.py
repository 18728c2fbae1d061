"""Discord's per-route rate limits: a fixed window for each route and its channel or webhook."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from tests.support.loopback.world import Json


@dataclass(slots=True)
class Window:
    limit: int
    seconds: float
    ends: float = 0.0
    used: int = 0

    def take(self) -> bool:
        """Use one request of the present window; False when none is left."""
        if time.monotonic() >= self.ends:
            self.ends, self.used = time.monotonic() + self.seconds, 0
        self.used += 1
        return self.used <= self.limit

    @property
    def wait(self) -> float:
        return max(0.0, self.ends - time.monotonic())


class RateLimits:
    """The windows in use. The sizes are those that Discord's answers show at present."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, method: str, template: str, major: str) -> tuple[bool, dict[str, str]]:
        """Whether a request may pass, and the headers of its answer."""
        bucket = hashlib.sha256(f"{method} {template}".encode()).hexdigest()[:32]
        window = self._windows.setdefault((bucket, major), Window(*_size(method, template)))
        passes = window.take()
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(0, window.limit - window.used)),
            "X-RateLimit-Reset": f"{time.time() + window.wait:.3f}",
            "X-RateLimit-Reset-After": f"{window.wait:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        if not passes:
            headers |= refusal_headers(window.wait)
        return passes, headers


def refusal_headers(wait: float) -> dict[str, str]:
    """A 429 that passed Discord's own servers bears `Via`; discord.py takes one without for a ban."""
    return {"Retry-After": str(int(wait) + 1), "Via": "1.1 google", "X-RateLimit-Scope": "user"}


def refusal(wait: float) -> Json:
    """The body of a 429."""
    return {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": round(wait, 3),
        "global": False,
    }


def _size(method: str, template: str) -> tuple[int, float]:
    if template.startswith("/webhooks/"):
        return 5, 2.0
    if template.startswith("/channels/") and method in ("POST", "PATCH", "DELETE"):
        return 5, 5.0
    return 50, 1.0

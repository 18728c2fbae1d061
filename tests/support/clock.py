"""A clock that a test sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Clock:
    """In the place of `time.time` or `time.monotonic`."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now

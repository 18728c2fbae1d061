"""One request to a host at a time, and a pause between two."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PAUSE = 1.0  # seconds between two requests to a host
LONGEST_PAUSE = 30.0  # seconds; a host that asks for more gets this
_REMEMBERED = 1024  # hosts, above which those are forgotten that may be asked again at once


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    pause: float = 0.0
    users: int = 0


class HostTurns:
    """Who may send a request to which host, over all threads."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until nobody else talks to `host` and the pause is over; then the block has it for itself."""
        state = self._entered(host)
        try:
            with state.turn:
                if (wait := state.free_at - time.monotonic()) > 0:
                    time.sleep(wait)
                try:
                    yield
                finally:
                    state.free_at = time.monotonic() + max(self._pause, state.pause)
        finally:
            self._leave(state)

    def slow_down(self, host: str, seconds: float) -> None:
        """Pause `seconds` between two requests to `host`, `LONGEST_PAUSE` at most."""
        state = self._entered(host)
        state.pause = min(seconds, LONGEST_PAUSE)
        self._leave(state)

    def _entered(self, host: str) -> _Host:
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            state.users += 1
            return state

    def _leave(self, state: _Host) -> None:
        with self._lock:
            state.users -= 1
            if len(self._hosts) > _REMEMBERED:
                now = time.monotonic()
                self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.free_at > now}

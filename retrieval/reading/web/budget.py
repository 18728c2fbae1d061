"""The time and the bytes that one fetch may take, over all its redirects."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

SECONDS = 60.0
BYTES = 10 * 1024 * 1024  # on the wire and, apart from that, unpacked: the largest feeds have some five


class Budget:
    """`seconds` of being connected (waiting for the host's turn is free) and `limit` bytes an answer,
    of which the beginning is taken (`cut`) or nothing if it is larger.

    A time limit on each read does not end an answer that trickles. So when the time is up, the connection is shut
    down from another thread, whatever it is doing: handshake, headers or body.
    """

    def __init__(self, *, seconds: float = SECONDS, limit: int = BYTES, cut: bool = False) -> None:
        self.limit = limit
        self.cut = cut
        self._left = seconds
        self._ends_at = time.monotonic() + seconds
        self._expired = threading.Event()
        self._lock = threading.Lock()
        self._wire: socket.socket | None = None

    @property
    def expired(self) -> bool:
        """Whether the time is up, so that what was read may be cut short."""
        return self._expired.is_set()

    @property
    def left(self) -> float:
        """Seconds left, within `running`; more than zero, so that they can be a socket's timeout."""
        return max(0.001, self._ends_at - time.monotonic())

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The time runs during the block."""
        self._ends_at = time.monotonic() + self._left
        alarm = threading.Timer(self.left, self._expire)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            self._left = self._ends_at - time.monotonic()
            if self._left <= 0:
                self._expired.set()
            with self._lock:
                if self._wire is not None:
                    self._wire.close()
                    self._wire = None

    def watch(self, connection: socket.socket) -> None:
        """Have `connection` shut down when the time is up."""
        with self._lock:
            # A descriptor of our own: TLS takes the socket's away from it, and a number may be given out again.
            self._wire = connection.dup()
        if self.expired:
            self._expire()

    def _expire(self) -> None:
        self._expired.set()
        with self._lock:
            if self._wire is not None:
                with contextlib.suppress(OSError):  # the other side was faster
                    self._wire.shutdown(socket.SHUT_RDWR)

"""An end to waiting for a PostgreSQL that says nothing: it hangs, or has a commit wait for a standby that is gone.

Neither is seen by the network, which goes on acknowledging what it is sent, nor ended by PostgreSQL's own bounds: it is
PostgreSQL that does nothing, and `statement_timeout` does not hold for a commit.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg


@contextmanager
def heard_within(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Cut a connection off if the block has not ended within so many seconds: what waits for it then raises
    `psycopg.OperationalError`. Whether a commit that it waited for was made is not known then.
    """
    timer = threading.Timer(seconds, _cut_off, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut_off(connection: psycopg.Connection[Any]) -> None:
    with suppress(OSError, psycopg.Error), closing(socket.socket(fileno=os.dup(connection.fileno()))) as line:
        line.shutdown(socket.SHUT_RDWR)

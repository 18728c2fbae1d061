"""How the process ends while calls that were taken off the event loop are under way; imports nothing of asyncio."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

THREAD_NAME = "quotewire-room"
PATIENCE = 2.0
"""Seconds that the end of the process waits for calls that are still under way."""


def leave_behind(exit_code: int) -> None:
    """At the end: let calls under way finish, within `PATIENCE`; else leave the process with `exit_code` at once.

    An interpreter that shuts down under a thread in native code, such as torch's, aborts the process.
    """
    deadline = time.monotonic() + PATIENCE
    for thread in threading.enumerate():
        if thread.name == THREAD_NAME:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                logging.shutdown()
                sys.stdout.flush()
                os._exit(exit_code)

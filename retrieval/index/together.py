"""Computing together what several threads ask for at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 64
"""Texts that are computed at once; who comes later waits for the next turn."""


class Together(Generic[T]):
    """`compute` for texts of many threads: whoever finds nobody computing does it for all that wait.

    There is nothing to be woken up by. Who asks puts the text down and then takes the turn, a lock: either another
    thread computed the text meanwhile, or it still lies there, and the one that has the turn computes what lies there.
    `compute` gives a value for each of the texts it gets, which differ from one another.
    """

    def __init__(self, compute: Callable[[Sequence[str]], Sequence[T]]) -> None:
        self._compute = compute
        self._turn = threading.Lock()
        self._guard = threading.Lock()  # of `_waiting`, never held for long
        self._waiting: dict[str, Future[T]] = {}

    def __call__(self, text: str) -> T:
        """The value of a text. Raises what `compute` raises for this text."""
        with self._guard:
            value = self._waiting.setdefault(text, Future())
        with self._turn:
            while not value.done():  # it lies there, behind at most a few turns of `MOST`
                self._settle(self._taken())
        return value.result()

    def _taken(self) -> dict[str, Future[T]]:
        """The texts that have waited longest. The caller has the turn."""
        with self._guard:
            return {text: self._waiting.pop(text) for text in list(self._waiting)[:MOST]}

    def _settle(self, asked: dict[str, Future[T]]) -> None:
        """Give each its value, or the error that it meets by itself: one text's error is not that of the others."""
        try:
            values = self._compute(list(asked))
        except BaseException as error:
            if isinstance(error, Exception) and len(asked) > 1:
                for text, value in asked.items():
                    self._settle({text: value})
                return
            for value in asked.values():
                value.set_exception(error)
            if not isinstance(error, Exception):
                raise  # an interrupt is for this thread, too
        else:
            for value, result in zip(asked.values(), values, strict=True):
                value.set_result(result)

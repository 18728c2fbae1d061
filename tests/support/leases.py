"""Leases among several bots in one process, so that a test decides who loses one, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.errors import DatabaseUnavailable, QuotewireError


@dataclass
class Board:
    """Who holds what, of all."""

    holders: dict[str, Holder] = field(default_factory=dict)


@dataclass(eq=False)
class Holder:
    """The leases of one bot."""

    board: Board
    reached: bool = True
    """Whether this bot reaches what decides about leases."""
    unreachable: QuotewireError | None = None

    def take(self, name: str, /) -> bool:
        if not self.reached:
            self.lose_all()
        self.unreachable = None if self.reached else DatabaseUnavailable("It is gone.")
        return self.reached and self.board.holders.setdefault(name, self) is self

    def guard(self, name: str, _: object, /) -> None:
        if not self.holds(name):
            raise DatabaseUnavailable("It is gone.")

    def holds(self, name: str, /) -> bool:
        return self.board.holders.get(name) is self

    def give_back(self, name: str, /) -> None:
        if self.holds(name):
            del self.board.holders[name]

    def lose_all(self) -> None:
        """As when this bot is dead, cut off or stands still for long."""
        for name in [name for name, holder in self.board.holders.items() if holder is self]:
            del self.board.holders[name]

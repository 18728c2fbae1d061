"""What was asked of the bot, what it acknowledged, and what went wrong."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Record:
    """`done` counts what was answered; `refused` changes of which the bot said that it cannot make them now; `unserved`
    what members could not ask because nobody was connected for their server, and `cut_off` what they asked of a process
    that died before it answered. `failed` is everything else that had no answer, or one that should not be.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unserved: Counter[str] = field(default_factory=Counter)
    cut_off: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    articles: set[str] = field(default_factory=set)
    """Headlines of which a moderator was told that they are in."""
    offered: set[str] = field(default_factory=set)
    """Headlines of feeds that were added: sooner or later they are in."""
    feeds: set[str] = field(default_factory=set)
    alerts: set[tuple[int, str]] = field(default_factory=set)
    digests: set[int] = field(default_factory=set)
    """Channels."""
    votes: dict[tuple[int, int], bool] = field(default_factory=dict)
    """By exchange and member."""
    quotes: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By server, how many quotes an answer may have there by what was set and acknowledged last, and tried since."""
    gauge: int = 0
    """What the newest acknowledged articles of the folder say."""
    compared: int = 0
    """Answers that quote several of them."""
    torn: list[str] = field(default_factory=list)
    """Answers that quote two generations."""
    late_or_second: list[str] = field(default_factory=list)
    """Acknowledgements that Discord refused, since they were late or another process had been first."""
    deaths: list[tuple[float, str]] = field(default_factory=list)
    """When who died."""
    reconnected: list[float] = field(default_factory=list)
    """Seconds from the death of a process until each of its shards was served again."""
    lags: list[tuple[float, float]] = field(default_factory=list)
    """Of each generation: when it was committed, and the seconds until all living processes served it."""
    returns: list[float] = field(default_factory=list)
    """Seconds from the start of a process that had died until it served the newest generation."""

    def died(self, name: str) -> float:
        """Note, and tell who watches, that somebody dies now; when that is."""
        self.deaths.append((now := time.monotonic(), name))
        print(f"{time.strftime('%H:%M:%S')} {name} dies; {len(self.failed)} failed", file=sys.stderr)
        return now

    @property
    def changes(self) -> int:
        """How many changes were acknowledged."""
        return sum(count for name, count in self.done.items() if name not in ("ask", "latest"))

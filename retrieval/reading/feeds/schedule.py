"""When a feed is next asked: pure decisions on seconds and Unix time.

`reader` reads the headers of an answer: Retry-After of a 429 or 503, the max-age of Cache-Control, Expires. Its own
`update_interval` is a fixed one a feed, its jitter only spreads feeds within it, and it knows neither back-off, the
feed's own words (RSS `ttl`, `sy:updatePeriod`), nor moves. So it is asked feed by feed, by what is decided here, and
its headers count as the least that is waited. `skipHours` and `skipDays` are not heeded: next to nobody sets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SHORTEST = 5 * MINUTE
LONGEST = DAY
LONGEST_REST = 7 * DAY
"""A server that asks for more than this is asked again after it."""

_FIRST = 30 * MINUTE
_SPREAD = 0.1
FURTHEST = LONGEST_REST * (1 + _SPREAD)
"""Seconds for which a feed is put off at most."""
_PERMANENT = (301, 308)
_PERIODS = {"hourly": HOUR, "daily": DAY, "weekly": 7 * DAY, "monthly": 30 * DAY, "yearly": 365 * DAY}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed is asked (`interval`, seconds), how often in a row it failed, the seconds that it itself names
    (`hint`), and when it is next asked (`due`, Unix time; 0 at once).
    """

    interval: float = _FIRST
    failures: int = 0
    hint: float = 0.0
    due: float = 0.0

    def is_due(self, now: float) -> bool:
        """Whether the feed is to be asked at `now`; also where it was put off while the clock was wrong."""
        return self.due <= now or self.due > now + FURTHEST


def after_answer(
    rhythm: Rhythm, now: float, *, changed: bool, asked: float = 0.0, hint: float | None = None, chance: float
) -> Rhythm:
    """The rhythm after an answer that held something new (`changed`) or nothing.

    `asked` are the seconds for which the answer's headers call it fresh, `hint` those of the feed's text (None: it was
    not sent again), `chance` is random in 0..1. The interval halves on news and grows by a quarter without, so that
    some three of four questions find nothing new, whatever a feed's pace, within `SHORTEST` and `LONGEST`.
    """
    interval = _within(rhythm.interval * (0.5 if changed else 1.25))
    named = rhythm.hint if hint is None else max(0.0, hint)
    pause = max(interval, min(max(asked, named), LONGEST))
    return Rhythm(interval=interval, failures=0, hint=named, due=now + pause * (1 + _SPREAD * chance))


def after_failure(rhythm: Rhythm, now: float, *, asked: float = 0.0, chance: float) -> Rhythm:
    """The rhythm after a failure: twice the pause for each in a row, a day at most, or as long as the server `asked`.

    `chance`, random in 0..1, keeps those apart that failed together.
    """
    failures = rhythm.failures + 1
    pause = min(rhythm.interval * 2.0 ** min(failures, 16), LONGEST)
    pause = max(pause * (0.75 + 0.25 * chance), SHORTEST)
    asked = min(max(asked, 0.0), LONGEST_REST) * (1 + _SPREAD * chance)
    return replace(rhythm, failures=failures, due=now + max(pause, asked))


def _within(interval: float) -> float:
    return min(max(interval, SHORTEST), LONGEST)


def hint_of(feed: Mapping[str, object]) -> float:
    """The seconds between two questions that a feed names in RSS `ttl` or the syndication module; 0 if none.

    `feed` are feedparser's fields. Sources: https://www.rssboard.org/rss-specification#ltttlgtSubelementOfLtchannelgt,
    https://web.resource.org/rss/1.0/modules/syndication/
    """
    minutes = _number(feed.get("ttl"))
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0.0)
    times = _number(feed.get("sy_updatefrequency")) or 1.0
    return max(minutes * MINUTE, period / max(times, 1.0))


def _number(value: object) -> float:
    text = str(value or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0.0


def moved_to(hops: Sequence[tuple[int, str]]) -> str | None:
    """Where a feed has moved for good: the end of the permanent redirects with which its answer began.

    `hops` are status and target of each redirect. One for the time being ends the chain: who knows what follows it.
    """
    target = None
    for status, url in hops:
        if status not in _PERMANENT:
            break
        target = url
    return target

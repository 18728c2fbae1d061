"""What the index holds, by outlet and by age: counted in the store, never by reading articles."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from retrieval.index.sight import Sight
from retrieval.index.store import Store
from retrieval.text.letters import plain_letters

if TYPE_CHECKING:
    from retrieval.index.search import Index

DAY = 86_400.0
AGES = (DAY, 7 * DAY, 30 * DAY)
DAYS_SHOWN = 30

# Everything asked here stands in this index, so that no article's row is read.
_ARTICLES = "article a INDEXED BY article_life"


@dataclass(frozen=True, slots=True)
class OutletCoverage:
    """How many articles of an outlet are indexed, and the day (UTC) of its newest; None where all are undated.

    `outlet` is None for the articles that name none. `languages` are those of its articles, by their codes, most first.
    """

    outlet: str | None
    articles: int
    newest: date | None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one reader sees; copies of one report count once.

    `last_day`, `last_week` and `last_month` (30 days) hold each other; `older` is the rest of the dated ones. `outlets`
    are by number of articles, most first. `by_day` are the articles by outlet of the last `DAYS_SHOWN` days (UTC) that
    have any, oldest first. `languages` are the articles by language, most first; "" are those of which it is not known.
    """

    articles: int
    last_day: int
    last_week: int
    last_month: int
    older: int
    undated: int
    oldest: date | None
    newest: date | None
    outlets: tuple[OutletCoverage, ...]
    by_day: tuple[tuple[date, dict[str | None, int]], ...]
    languages: dict[str, int] = field(default_factory=dict)


def coverage(store: Store, sight: Sight, now: float | None = None) -> Coverage:
    """Count what is seen, at `now` in seconds since 1970."""
    now = time.time() if now is None else now
    day, week, month = (now - age for age in AGES)
    values = {**sight.values, "day": day, "week": week, "month": month}
    rows = (
        store.connection()
        .execute(
            "SELECT a.source, count(*), min(a.instant), max(a.instant), count(a.instant),"
            " coalesce(sum(a.instant > :day), 0), coalesce(sum(a.instant > :week), 0),"
            f" coalesce(sum(a.instant > :month), 0) FROM {_ARTICLES} WHERE {_counted(sight)} GROUP BY a.source",
            values,
        )
        .fetchall()
    )
    languages, spoken = _by_language(store, sight)
    outlets = [
        OutletCoverage(outlet=name, articles=count, newest=_day(newest), languages=_ranked(languages[name]))
        for name, count, _, newest, *_ in rows
    ]
    articles, dated, in_day, in_week, in_month = (sum(row[at] for row in rows) for at in (1, 4, 5, 6, 7))
    return Coverage(
        articles=articles,
        last_day=in_day,
        last_week=in_week,
        last_month=in_month,
        older=dated - in_month,
        undated=articles - dated,
        oldest=_day(min((row[2] for row in rows if row[2] is not None), default=None)),
        newest=_day(max((row[3] for row in rows if row[3] is not None), default=None)),
        outlets=tuple(sorted(outlets, key=lambda each: (-each.articles, each.outlet or ""))),
        by_day=_by_day(store, sight),
        languages={code: spoken[code] for code in (*_ranked(spoken), "") if code in spoken},
    )


def languages_held(store: Store, sight: Sight) -> dict[str, int]:
    """How many articles that are seen are in each language, by its code, most first; copies count once."""
    rows = store.connection().execute(
        f"SELECT l.code, count(*) FROM {_ARTICLES} JOIN language l ON l.article = a.key"
        f" WHERE {_counted(sight)} AND l.code > '' GROUP BY 1 ORDER BY 2 DESC, 1",
        sight.values,
    )
    return dict(rows.fetchall())


def _counted(sight: Sight) -> str:
    return f"{sight.live} AND {sight.original}"


def _ranked(spoken: Counter[str]) -> tuple[str, ...]:
    """The languages that are known, most articles first."""
    return tuple(code for code, _ in spoken.most_common() if code)


def _by_language(store: Store, sight: Sight) -> tuple[defaultdict[str | None, Counter[str]], Counter[str]]:
    """Articles by language, of each outlet and of all; "" is where it is not known."""
    rows = store.connection().execute(
        f"SELECT a.source, coalesce(l.code, ''), count(*) FROM {_ARTICLES}"
        f" LEFT JOIN language l ON l.article = a.key WHERE {_counted(sight)} GROUP BY 1, 2 ORDER BY 1, 2",
        sight.values,
    )
    outlets: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    every: Counter[str] = Counter()
    for source, code, count in rows:
        outlets[source][code] += count
        every[code] += count
    return outlets, every


def _by_day(store: Store, sight: Sight) -> tuple[tuple[date, dict[str | None, int]], ...]:
    rows = store.connection().execute(
        f"WITH day AS (SELECT CAST(a.instant / {DAY} AS INTEGER) - (a.instant < 0) AS number, a.source AS source,"
        f" count(*) AS count FROM {_ARTICLES} WHERE {_counted(sight)} AND a.instant IS NOT NULL GROUP BY 1, 2)"
        " SELECT number, source, count FROM day"
        f" WHERE number IN (SELECT DISTINCT number FROM day ORDER BY number DESC LIMIT {DAYS_SHOWN})"
        " ORDER BY number",
        sight.values,
    )
    days: dict[date, dict[str | None, int]] = {}
    for number, source, count in rows:
        days.setdefault(date(1970, 1, 1) + timedelta(number), {})[source] = count
    return tuple(days.items())


def _day(instant: float | None) -> date | None:
    return None if instant is None else (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).date()


def outlets_holding(index: Index, text: str, limit: int) -> Sequence[str]:
    """At most `limit` outlets whose name holds `text`, those that most passages are from first."""
    wanted = " ".join(plain_letters(text).split()).casefold()
    found = [outlet for outlet in index.outlets if wanted in outlet.casefold()]
    if len(found) > 1:
        seen = index.sources if index.mask is None else index.sources[index.mask]
        passages = np.bincount(seen, minlength=len(index.outlet_numbers) + 1)
        numbers = index.outlet_numbers
        found.sort(key=lambda outlet: -int(passages[numbers[outlet]]) if outlet in numbers else 0)
    return found[:limit]

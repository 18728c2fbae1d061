"""How the store writes down days, layouts and failures, and reads them again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from retrieval.article import Day, Failure, Layout
from retrieval.reasons import how_said, reason_of


def day_text(day: Day | None) -> str | None:
    """ISO text of a day; a plain date stays one."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> Day | None:
    """The inverse of `day_text`; None, too, for what is no day: then the article is damaged, which its hash tells."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if len(text) == len("2000-01-01") else datetime.fromisoformat(text)
    except ValueError:
        return None


def layout_text(layout: Layout | None) -> str | None:
    """The JSON in which a layout is kept."""
    return None if layout is None else json.dumps(layout, ensure_ascii=False, separators=(",", ":"))


def layout_of_text(text: str | None) -> Layout | None:
    """The inverse of `layout_text`."""
    return None if text is None else tuple((start, end, shown) for start, end, shown in json.loads(text))


def failures_of(text: str) -> tuple[Failure, ...]:
    """The inverse of `failures_text`."""
    return tuple(_failure(*kept) for kept in json.loads(text))


def failures_text(failures: Iterable[Failure]) -> str:
    """The JSON in which failures are kept: of each where, why, and how both are said in other languages."""
    return json.dumps([[each.where, each.reason, how_said(each.where), how_said(each.reason)] for each in failures])


def _failure(where: str, reason: str, where_said: object = None, reason_said: object = None) -> Failure:
    return Failure(reason_of(where, where_said), reason_of(reason, reason_said))

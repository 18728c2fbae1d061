"""Where reports contradict each other: what is said of it, in one line and without markup."""

from __future__ import annotations

from retrieval.article import Answer, Disagreement, Quote, instant, instant_end

_SAID = {"figures": "Reports differ on the figures", "denial": "Reports contradict each other"}


def number_of(quote: Quote, answer: Answer) -> int | None:
    """The number, from 1, of the answer's quote that holds `quote`; None when none does."""
    for number, shown in enumerate(answer.quotes, start=1):
        if shown.article == quote.article and shown.start <= quote.start and quote.end <= shown.end:
            return number
    return None


def dispute_line(disagreement: Disagreement, numbers: list[int | None]) -> str:
    """The line above the sides of a disagreement, or about them where all stand in the answer already.

    `numbers` are those of its quotes, by `number_of`. Which is the newest is told only where the dates do.
    """
    said, newest = _SAID[disagreement.about], _newest_is_known(disagreement)
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or not known:
        return f"{said}{'; newest first' if newest else ''}:"
    *others, last = map(str, sorted(set(known)))
    seen = f"{', '.join(others)} and {last}" if others else last
    return f"{said}: see {seen}{f'; the newest is {known[0]}' if newest and others else ''}."


def _newest_is_known(disagreement: Disagreement) -> bool:
    first, *others = (quote.article.published for quote in disagreement.quotes)
    days = [day for day in others if day is not None]
    return first is not None and len(days) == len(others) > 0 and instant(first) > max(map(instant_end, days))

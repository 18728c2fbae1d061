"""Where reports contradict each other: what is said of it, in one line and without markup."""

from __future__ import annotations

from bot.wording.language import _
from retrieval.answer import Answer, Disagreement, Quote
from retrieval.article import instant, instant_end


def number_of(quote: Quote, answer: Answer) -> int | None:
    """The number, from 1, of the answer's quote that holds `quote`; None when none does."""
    for number, shown in enumerate(answer.quotes, start=1):
        if shown.article == quote.article and shown.start <= quote.start and quote.end <= shown.end:
            return number
    return None


def disagreement_line(disagreement: Disagreement) -> str:
    """The line above the sides, newest first only where the dates tell: "Reports differ (14, 12), newest first:"."""
    newest = _newest_is_known(disagreement)
    if disagreement.about == "denial":
        return _("Reports contradict each other, newest first:") if newest else _("Reports contradict each other:")
    if not disagreement.figures:
        return _("Reports differ, newest first:") if newest else _("Reports differ:")
    said = _("Reports differ ({figures}), newest first:") if newest else _("Reports differ ({figures}):")
    return said.format(figures=", ".join(disagreement.figures))


def _newest_is_known(disagreement: Disagreement) -> bool:
    first, *others = (quote.article.published for quote in disagreement.quotes)
    days = [day for day in others if day is not None]
    return first is not None and len(days) == len(others) > 0 and instant(first) > max(map(instant_end, days))

"""What could not be used, and why, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import more_line
from bot.cards.lengths import REASON_LENGTH, TITLE_LENGTH
from bot.wording.markdown import label
from bot.wording.reasons import said
from retrieval.article import Failure

MOST_FAILURES = 10
"""Failures of one kind that a message names."""


def failure_lines(failed: Sequence[Failure], shown: int) -> list[str]:
    """A line for each of the first `shown`, and one for all others."""
    lines = [
        f"- **{label(said(failure.where), TITLE_LENGTH) or '…'}** {label(said(failure.reason), REASON_LENGTH)}"
        for failure in failed[:shown]
    ]
    return [*lines, *more_line(len(failed) - shown)]

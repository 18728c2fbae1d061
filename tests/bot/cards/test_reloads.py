"""Reloads as cards."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.cards.card import DOT
from bot.cards.failures import MOST_FAILURES
from bot.cards.reloads import progress_card, report_card
from retrieval.article import Failure, Progress, ReloadReport
from tests.support.hostile import reports
from tests.support.judging_cards import assert_is_accepted, assert_only_our_marks


@given(reports)
def test_any_report_fits(report: ReloadReport) -> None:
    card = report_card(report)
    assert_is_accepted(card)
    assert_only_our_marks(card, [], [])


def test_progress() -> None:
    assert progress_card(None).texts == ("Reloading the articles…",)
    assert progress_card(Progress("reading", 1200, None)).texts == ("Reading articles: 1,200…",)
    assert progress_card(Progress("embedding", 5, 1000)).texts == ("Embedding passages: 5 of 1,000…",)


def test_a_report_counts_and_names_failures() -> None:
    failed = tuple(Failure(f"feed.jsonl line {n}", "*broken*") for n in range(12))
    card = report_card(
        ReloadReport(
            added=3, updated=1, removed=0, unchanged=1200, embedded=14, failed=failed, seconds=12.34, generation=2
        )
    )
    assert card.sections[0] == (
        "## Reloaded in 12.3 secs",
        f"3 added{DOT}1 updated{DOT}1,200 unchanged\n-# 14 passages embedded",
    )
    lines = card.sections[1][0].split("\n")
    assert lines[:2] == ["**12 skipped**", r"- **feed.jsonl line 0** \*broken\*"]
    assert lines[-1] == "-# 2 more not shown"
    assert len(lines) == 2 + MOST_FAILURES
    slow = ReloadReport(added=0, updated=0, removed=0, unchanged=1, embedded=0, failed=(), seconds=200, generation=2)
    assert report_card(slow).texts[0] == "## Reloaded in 3 mins 20 secs"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1, 0, 0, 4, 1), f"1 added{DOT}4 unchanged\n-# 1 passage embedded"),
        ((0, 0, 2, 0, 0), "2 removed"),
        ((0, 0, 0, 1, 0), f"Nothing changed{DOT}1 article"),
        ((0, 0, 0, 1204, 7), f"Nothing changed{DOT}1,204 articles\n-# 7 passages embedded"),
    ],
)
def test_a_report_leaves_out_what_did_not_happen(counts: tuple[int, int, int, int, int], said: str) -> None:
    added, updated, removed, unchanged, embedded = counts
    report = ReloadReport(
        added=added,
        updated=updated,
        removed=removed,
        unchanged=unchanged,
        embedded=embedded,
        failed=(),
        seconds=1,
        generation=2,
    )
    assert report_card(report).texts[1] == said

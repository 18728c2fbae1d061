"""Reasons are English texts that lose nothing of what they are made of, wherever they go and are kept."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.article import Failure
from retrieval.errors import FetchFailed, FetchProblem
from retrieval.index.written import failures_of, failures_text
from retrieval.reading.feeds.feed import FeedState
from retrieval.reasons import Reason, how_said, reason_of
from tests.support.places import ROOT

TEXTS = st.text(max_size=20)
PLAIN = st.fixed_dictionaries({"where": TEXTS, "count": st.integers()})
WITHIN = st.builds(lambda places: Reason("{where} has {count}.", **places), PLAIN)
REASONS = st.builds(
    lambda why, more, count: Reason("left out ({why}): {more}, {count}", why=why, more=more, count=count),
    WITHIN | TEXTS,
    WITHIN | TEXTS,
    st.integers(),
)
MISSING = FetchFailed("{host} has nothing at this address.", FetchProblem.MISSING, host="z.zz")
READING = [*(ROOT / "retrieval" / "reading").rglob("*.py"), ROOT / "retrieval" / "workers.py"]
READING += [ROOT / "retrieval" / name for name in ("text/days.py", "text/addresses.py")]


def parts(reason: str) -> object:
    """All that a reason is made of."""
    if not isinstance(reason, Reason):
        return reason
    return reason.template, {
        name: parts(each) if isinstance(each, str) else each for name, each in reason.places.items()
    }


@given(REASONS)
def test_nothing_is_lost_on_the_way_to_another_process_or_into_a_store(reason: Reason) -> None:
    [failure] = failures_of(failures_text([Failure(reason, reason)]))
    tag = json.loads(json.dumps(FeedState("/feed/z", error=reason, note=reason).tag()))
    state = FeedState.read("https://z.zz", tag)
    ways = [
        pickle.loads(pickle.dumps(ValueError(reason))).args[0],
        copy.deepcopy(reason),
        failure.reason,
        failure.where,
    ]
    for again in (*ways, state.error or "", state.note or ""):
        assert again == reason
        assert parts(again) == parts(reason)


def test_what_was_kept_in_english_alone_stays_as_it_is() -> None:
    [failure] = failures_of('[["a.txt", "is {empty}"]]')
    assert (failure.where, failure.reason) == ("a.txt", "is {empty}")
    state = FeedState.read("https://z.zz", {"origin": "z", "rhythm": {}, "error": "It is 5% gone.", "note": None})
    assert (state.error, state.note) == ("It is 5% gone.", None)
    assert not isinstance(failure.reason, Reason)
    assert not isinstance(state.error, Reason)


@pytest.mark.parametrize(
    "said",
    [
        None,
        3,
        {},
        {"template": 3, "places": {}},
        {"template": "{0}", "places": {}},
        {"template": "other", "places": {}},
        {"template": "{a}", "places": {"b": 1}},
        {"template": "{a", "places": {"a": 1}},
        {"template": "x", "places": 4},
    ],
)
def test_what_is_damaged_is_the_english_that_stands_beside_it(said: object) -> None:
    reason = reason_of("is empty", said)
    assert reason == "is empty"
    assert not isinstance(reason, Reason)


def test_earlier_versions_find_the_english_of_a_feeds_reasons() -> None:
    tag = json.loads(json.dumps(FeedState("z", error=str(MISSING)).tag()))
    assert tag["error"] == "z.zz has nothing at this address."
    assert how_said("is empty") is None


def test_an_error_gives_back_the_reason_that_it_was_raised_for() -> None:
    assert parts(str(ValueError(Reason("is {what}", what="empty")))) == ("is {what}", {"what": "empty"})
    within = Reason("its page cannot be had ({within}); {why}", why=MISSING, within=MISSING)
    assert within == "its page cannot be had (z.zz has nothing at this address); z.zz has nothing at this address."
    assert isinstance(within.places["why"], Reason)


def test_numbers_are_written_as_in_english() -> None:
    assert Reason("{count} are left out", count=12_345) == "12,345 are left out"


@pytest.mark.parametrize("path", READING, ids=lambda path: path.stem)
def test_no_reason_is_in_english_alone(path: Path) -> None:
    """What is wrong with what is read is told by a `Reason`, of which the catalogues know."""
    told = {"ValueError", "Overrun", "NoArticleText", "PageIsWall", "PageIsList", "Failure", "append"}
    left = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if name in told and (name != "append" or owner == "left_out"):
            texts = node.args[: 2 if name == "Failure" else 1]
            left += [node.lineno for each in texts if isinstance(each, ast.JoinedStr | ast.Constant)]
    assert not left

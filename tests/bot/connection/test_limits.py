from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.connection import limits
from bot.connection.limits import Asker, Crowded, Limits, Recent, Turns, Wait
from tests.support.clock import Clock

ALICE, BOB = Asker(1, 10), Asker(2, 10)


def test_the_next_question_is_admitted_after_the_cooldown() -> None:
    clock = Clock()
    limited = Limits(clock)
    assert limited.admit(ALICE, 5) is None
    limited.end(ALICE)
    clock.now += 4.9
    assert limited.admit(ALICE, 5) == Wait(1_000_005)
    assert limited.admit(BOB, 5) is None
    assert limited.admit(Asker(1, 11), 5) is None  # in another server
    clock.now += 0.1
    assert limited.admit(ALICE, 5) is None


def test_a_refused_question_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    limited = Limits(clock)
    assert limited.admit(ALICE, 5) is None
    limited.end(ALICE)
    for _ in range(5):
        clock.now += 0.9
        assert limited.admit(ALICE, 5) == Wait(1_000_005)


def test_two_questions_of_a_member_are_under_way_at_most() -> None:
    limited = Limits(Clock())
    assert limited.admit(ALICE, 0) is None
    assert limited.admit(Asker(ALICE.member), 0) is None
    assert limited.admit(ALICE, 0) == Wait(None)
    assert limited.admit(BOB, 0) is None
    assert limited.under_way == 3
    limited.end(ALICE)
    assert limited.under_way == 2
    assert limited.admit(ALICE, 0) is None
    assert limited.admit(ALICE, 0) == Wait(None)  # one end makes room for one


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = Clock()
    limited = Limits(clock)
    assert limited.admit(ALICE, 3600) is None
    clock.now -= 86_400
    assert limited.admit(ALICE, 3600) is None


def test_old_entries_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 100)
    limited = Limits(Clock())
    for member in range(1, 1000):
        assert limited.admit(Asker(member), 5) is None
        limited.end(Asker(member))
    assert len(limited._asked._at) == 100
    assert len(limited._under_way) == 0
    assert limited.admit(Asker(999), 5) is not None
    assert limited.admit(Asker(1), 5) is None


def test_a_notice_is_given_rarely() -> None:
    clock = Clock()
    told = Recent(clock)
    assert told.first("here", 60)
    assert not told.first("here", 60)
    assert told.first("there", 60)
    clock.now += 60
    assert told.first("here", 60)


async def served(turns: Turns, askers: list[Asker]) -> list[Asker]:
    """In which order the questions of `askers`, all put at once, get their turns."""
    order: list[Asker] = []

    async def ask(asker: Asker) -> None:
        async with turns.turn(asker):
            order.append(asker)
            await asyncio.sleep(0)

    await asyncio.gather(*map(ask, askers))
    assert turns.waiting() == turns.working() == 0
    return order


async def test_a_flood_delays_another_server_by_one_question() -> None:
    order = await served(Turns(1), [ALICE] * 20 + [Asker(3, 11)] + [Asker(4)])
    assert order[:4] == [ALICE, ALICE, Asker(3, 11), Asker(4)]


async def test_a_flood_delays_another_member_by_one_question() -> None:
    order = await served(Turns(1), [ALICE] * 20 + [BOB, BOB])
    assert order[:5] == [ALICE, ALICE, BOB, ALICE, BOB]


ASKERS = st.builds(Asker, st.integers(1, 4), st.sampled_from([None, 10, 11, 12]))


async def ended(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Wait for all; raises what any of them raised, unless it was given up."""
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result


def test_a_look_back_needs_no_rest_and_counts_as_under_way() -> None:
    limited = Limits(Clock())
    assert limited.admit(ALICE, None) is None
    assert limited.admit(ALICE, 60) is None  # nothing was asked before
    assert limited.admit(ALICE, None) == Wait(None)
    limited.end(ALICE)
    assert limited.admit(ALICE, None) is None


@given(st.lists(ASKERS, max_size=30), st.integers(1, 4))
def test_every_question_gets_its_turn_and_no_place_two_while_another_waits(askers: list[Asker], at_once: int) -> None:
    order = asyncio.run(served(Turns(at_once), askers))
    assert Counter(order) == Counter(askers)
    queued = order[at_once:]
    for number, (one, next_) in enumerate(pairwise(queued)):
        if one.place == next_.place:
            # Nobody else is left, then.
            assert {asker.place for asker in queued[number:]} == {one.place}


@given(st.lists(st.tuples(ASKERS, st.booleans(), st.integers(0, 5)), max_size=20), st.integers(1, 3))
def test_questions_that_are_given_up_lose_no_turn(askers: list[tuple[Asker, bool, int]], at_once: int) -> None:
    turns = Turns(at_once)

    async def ask(asker: Asker) -> None:
        async with turns.turn(asker):
            assert turns.working() <= at_once
            await asyncio.sleep(0)

    async def asked() -> None:
        tasks = [asyncio.create_task(ask(asker)) for asker, _, _ in askers]
        for task, (_, given_up, after) in zip(tasks, askers, strict=True):
            for _ in range(after):
                await asyncio.sleep(0)
            if given_up:
                task.cancel()
        await ended(tasks)

    asyncio.run(asked())
    assert turns.working() == turns.waiting() == 0
    assert not turns._places


async def test_only_so_many_of_a_server_wait() -> None:
    turns = Turns(1, most_waiting=2)
    gate = asyncio.Event()

    async def ask(asker: Asker) -> None:
        async with turns.turn(asker):
            await gate.wait()

    tasks = [asyncio.create_task(ask(ALICE)) for _ in range(3)]
    await asyncio.sleep(0)
    assert turns.waiting(10) == 2
    with pytest.raises(Crowded, match="ask again in a minute"):
        await ask(BOB)
    tasks.append(asyncio.create_task(ask(Asker(5, 11))))
    await asyncio.sleep(0)
    assert (turns.working(), turns.waiting()) == (1, 3)
    gate.set()
    await asyncio.gather(*tasks)


async def test_a_question_that_is_given_up_waits_no_more() -> None:
    turns = Turns(1)
    async with turns.turn(ALICE):
        tasks = [asyncio.create_task(served(turns, [asker])) for asker in (ALICE, ALICE, BOB)]
        await asyncio.sleep(0.01)
        assert turns.waiting(10) == 3
        for task in tasks[1:]:
            task.cancel()
        await asyncio.sleep(0.01)
        assert turns.waiting(10) == 1
    await ended(tasks)


async def test_a_turn_that_comes_to_a_question_just_given_up_goes_to_the_next() -> None:
    turns = Turns(1)
    order: list[int] = []

    async def ask(asker: Asker) -> None:
        async with turns.turn(asker):
            order.append(asker.member)

    for waiting in ([BOB], [BOB, Asker(3, 10), Asker(4, 10)]):
        async with turns.turn(ALICE):
            tasks = [asyncio.create_task(ask(asker)) for asker in waiting]
            await asyncio.sleep(0)
            tasks[0].cancel()  # it learns of that only when the turn has already been passed on
        await ended(tasks)
        assert turns.working() == turns.waiting() == 0
    assert order == [3, 4]

"""What waits is served in few slices, the newest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.waiting import SLICE, in_slices


@given(st.integers(0, 40), st.integers(0, 5_000))
def test_slices_hold_everything_once_in_order_and_grow(begun: int, waiting: int) -> None:
    started, later = list(range(begun)), list(range(begun, begun + waiting))
    slices = in_slices(started, later)
    assert [key for each in slices for key in each] == [*started, *later]
    sizes = [len(slices[0]) - begun, *map(len, slices[1:])]
    left = [waiting - sum(sizes[: at + 1]) for at in range(len(sizes))]
    assert sizes[0] <= 2 * SLICE
    assert all(here == 0 or here > SLICE for here in left)
    assert all(size <= max(2 * SLICE, 2 * sum(sizes[:at])) for at, size in enumerate(sizes) if at)
    assert len(slices) <= 16


def test_so_many_that_a_machine_holds_are_few_slices() -> None:
    assert len(in_slices([], range(100_000))) <= 24

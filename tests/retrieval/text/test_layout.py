"""How a page lays out a body: its blocks, its seams, and what it shows besides."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.written import layout_of_text, layout_text
from retrieval.text.layout import HARD, SOFT, LaidOut, layout_of

BODY = "The board met. It voted on Monday.\n\nNo one was hurt."
SHOWN = (
    f"News\nThe board met\n{HARD}T{HARD}he board met. It voted{SOFT} on{SOFT} Monday.\nAdvertisement\nNo one was hurt."
)


def test_blocks_seams_and_what_else_is_shown_come_back_from_what_is_stored() -> None:
    layout = layout_of(SHOWN, BODY)
    assert layout is not None
    assert layout_of_text(layout_text(layout)) == layout
    laid_out = LaidOut.of(BODY, layout)
    assert laid_out.text == SHOWN.replace(HARD, "").replace(SOFT, "")
    assert [laid_out.text[at - 3 : at] + "|" for at in laid_out.seams if at not in laid_out.hard] == ["ted|", " on|"]
    assert len(laid_out.hard) == 2
    runs = [laid_out.text[start:end] for start, end in laid_out.runs(0, len(BODY))]
    assert runs == ["The board met. It voted on Monday.", "\nNo one was hurt."], "not the headline above"


def test_a_page_that_does_not_show_the_body_has_no_layout() -> None:
    assert layout_of("Subscribe to read on.", BODY) is None


def test_a_long_text_that_is_not_on_a_long_page_costs_little() -> None:
    started = time.process_time()
    assert layout_of("Nothing of it is here.\n" * 5000, "\n\n".join(["zq" * 40] * 2000)) is None
    assert time.process_time() - started < 5


@given(st.text("ab \n-", max_size=60), st.text(f"ab \n{SOFT}{HARD}", max_size=60), st.data())
def test_every_span_of_a_body_has_its_place(body: str, shown: str, data: st.DataObject) -> None:
    layout = layout_of(shown, body)
    if layout is None or not body:
        return
    laid_out = LaidOut.of(body, layout)
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    for left, right in laid_out.runs(start, end):
        assert left >= 0
        assert right <= len(laid_out.text)

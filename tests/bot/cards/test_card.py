"""What a message may hold, by Discord's count."""

from __future__ import annotations

import pytest

from bot.cards.card import MAX_TEXT, Button, Card, Picture, first_that_fits, fits, more_line

PICTURE = Picture(b"", "a.png", "A picture")


@pytest.mark.parametrize(
    ("sections", "row", "picture"),
    [([39], 0, None), ([19, 19], 0, None), ([30, 6], 0, PICTURE), ([33], 5, None), ([10, 10, 10], 4, PICTURE)],
)
def test_a_message_has_forty_components(sections: list[int], row: int, picture: Picture | None) -> None:
    def card(*sections: int) -> Card:
        buttons = ((Button("More", custom_id="more"),) * row,) if row else ()
        return Card(tuple(("x",) * size for size in sections), rows=buttons, picture=picture)

    *above, last = sections
    assert fits(card(*above, last))  # container, texts, lines between sections, rows and their buttons, a picture's two
    assert not fits(card(*above, last + 1))


def test_a_message_has_so_many_signs_as_a_client_counts_them() -> None:
    assert fits(Card((("x" * MAX_TEXT,),)))
    assert fits(Card((("x", "😀" * (MAX_TEXT // 2 - 1), "x"),)))
    assert not fits(Card((("x", "😀" * (MAX_TEXT // 2)),)))


def test_the_first_that_fits_is_the_fullest() -> None:
    def part(count: int) -> Card:
        return Card((("x" * 1_000,) * count or ("none",),))

    assert first_that_fits([Card((("whole",),))], part, 9).texts == ("whole",)
    assert len(first_that_fits([part(5)], part, 9).texts) == 4
    assert first_that_fits([], lambda count: part(5 if count else 0), 9).texts == ("none",)


def test_what_is_left_out_is_counted() -> None:
    assert more_line(0) == more_line(-1) == ()
    assert more_line(1) == ("-# 1 more not shown",)
    assert more_line(2_000) == ("-# 2,000 more not shown",)

"""The buttons that turn the pages of a message."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards.card import Button


def page_rows(name: Callable[[int], str], page: int, *, more: bool) -> tuple[tuple[Button, ...], ...]:
    """At most one row: to the page before and the page after; `name` makes a custom id out of a page's number."""
    if not page and not more:
        return ()
    # No two buttons of a message may have the same custom id, so that of a disabled one is its own, too.
    before = Button("", custom_id=name(max(0, page - 1)), emoji="◀️", disabled=not page)
    return ((before, Button("", custom_id=name(page + 1), emoji="▶️", disabled=not more)),)

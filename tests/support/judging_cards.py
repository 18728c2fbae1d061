"""What holds of every card, whatever it shows: Discord takes it, and nothing in it is obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

import discord

from bot.cards.buttons import TEMPLATE
from bot.cards.card import Card, fits, length
from bot.cards.story_buttons import TURN
from bot.connection.views import layout
from bot.wording.markdown import link_target, unescape, visible
from retrieval.article import Article, Day
from tests.support.discord_markdown import read


def assert_is_accepted(card: Card) -> None:
    assert fits(card)
    buttons = [button for row in card.rows for button in row]
    assert all(1 <= len(row) <= 5 for row in card.rows)
    assert all(button.label.strip() or button.emoji for button in buttons)
    assert all(length(button.label) <= 80 and visible(button.label) == button.label for button in buttons)
    assert all((button.url is None) != (button.custom_id is None) for button in buttons)
    assert all(link_target(button.url) == button.url and length(button.url) <= 512 for button in buttons if button.url)
    ids = [button.custom_id for button in buttons if button.custom_id]
    assert len(set(ids)) == len(ids)
    assert all(len(each) <= 100 and (re.fullmatch(TEMPLATE, each) or re.fullmatch(TURN, each)) for each in ids)
    view = layout(card)
    shown = [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
    assert tuple(shown) == card.texts
    assert all(text.strip() for text in shown)
    assert sum(map(len, shown)) <= sum(map(length, shown)) <= 4000
    assert len(list(view.walk_children())) <= 40


OURS = {"heading", "subtext", "list", "quote", "bold", "link", "timestamp"}


def assert_only_our_marks(
    card: Card, known: list[Article], links: list[str | None], moments: Iterable[Day | None] = ()
) -> None:
    """Nothing that an article or a question says became a mention, a link or markup."""
    reading = read("\n".join(card.texts))
    assert {kind for kind, _ in reading.marks} <= OURS
    targets = {link_target(url) for url in (*links, *(article.url for article in known))} - {None}
    assert set(reading.values("link")) <= targets
    dated = (*moments, *(article.published for article in known))
    stamps = {str(int(day.timestamp())) for day in dated if isinstance(day, datetime)}
    assert set(reading.values("timestamp")) <= stamps
    assert len(reading.values("heading")) <= 1
    for line in "\n".join(card.texts).split("\n"):
        if line.startswith("> "):
            assert [kind for kind, _ in read(line).marks if kind != "bold"] == ["quote"]


def quotes_shown(card: Card) -> list[str]:
    """The quotes of a card, as a member reads them: lines in a row are one quote."""
    lines = [line for text in card.texts for line in (*text.split("\n"), "")]
    blocks = groupby(lines, key=lambda line: line.startswith("> "))
    return ["\n".join(unescape(line[2:]) for line in block) for quoted, block in blocks if quoted]

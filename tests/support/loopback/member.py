"""Reading the bot's messages as a member sees them."""

from __future__ import annotations

import asyncio
import re
from itertools import groupby

from tests.support.loopback.interactions import Interaction
from tests.support.loopback.messages import Message
from tests.support.loopback.recording import Call
from tests.support.loopback.server import LoopbackDiscord
from tests.support.places import SEEDS

SEED = (SEEDS / "000_121fb7c350937a5f.txt").read_text().splitlines()
TITLE = SEED[0]
BODY = "\n".join(line for line in SEED[1:] if not line.startswith("- "))


def shown(markdown: str) -> str:
    """What Discord shows for it: neither a backslash before punctuation nor the marks around what is bold are seen."""
    return re.sub(r"\\([^0-9A-Za-z\s])|\*\*", lambda found: found[1] or "", markdown)


def quotes_in(message: Message) -> list[str]:
    """The block quotes of a message, each as its reader sees it."""
    lines = [line for text in message.texts for line in [*text.split("\n"), ""]]
    blocks = groupby(lines, key=lambda line: line.startswith("> "))
    return [shown("\n".join(line[2:] for line in block)) for quoted, block in blocks if quoted]


def assert_quoted_word_for_word(message: Message, *bodies: str) -> None:
    """It quotes, and nothing that is not in `bodies` (without any: in that of the seed article)."""
    quotes = quotes_in(message)
    assert quotes, f"no quotes in {message.texts}"
    assert [quote for quote in quotes if not any(quote in body for body in bodies or [BODY])] == []


def sees(message: Message) -> str:
    """All text of a message as its reader sees it."""
    return shown(message.text)


async def articles_are_read(discord: LoopbackDiscord) -> None:
    """Wait until the bot's first reload has ended, by a moderator's eyes: another one finds nothing to do.

    On a busy machine, a bot that is only just starting may take up the first command too late; it gets another try.
    """
    async with asyncio.timeout(120):
        asked = await _reload(discord)
        if not asked.answered:
            _refusals(discord, asked)[0].violations.clear()
            asked = await _reload(discord)
        while "Nothing changed" not in (await discord.answer_to(asked)).text:
            await asyncio.sleep(0.5)
            asked = await _reload(discord)


async def _reload(discord: LoopbackDiscord) -> Interaction:
    """A moderator's `/reload` once it is answered, or refused by Discord as taken up too late."""
    asked = await discord.slash("reload", user=discord.world.moderator)
    await discord.until(lambda: asked.answered or _refusals(discord, asked), what="an answer to /reload")
    return asked


def _refusals(discord: LoopbackDiscord, asked: Interaction) -> list[Call]:
    return [call for call in discord.calls if asked.token in call.path and call.status == 404]

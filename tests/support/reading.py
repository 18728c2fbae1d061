"""Reading the bot's messages as a member sees them."""

from __future__ import annotations

import asyncio
import re
from itertools import groupby

from tests.support.loopback.messages import Message
from tests.support.loopback.server import LoopbackDiscord
from tests.support.places import SEEDS

SEED = (SEEDS / "000_121fb7c350937a5f.txt").read_text().splitlines()
TITLE = SEED[0]
KEY_POINTS = [line.removeprefix("- ") for line in SEED if line.startswith("- ")]
BODY = "\n".join(line for line in SEED[1:] if not line.startswith("- "))


def shown(markdown: str) -> str:
    """What Discord shows for it: neither a backslash before punctuation nor the marks around what is bold are seen."""
    return re.sub(r"\\([^0-9A-Za-z\s])|\*\*", lambda found: found[1] or "", markdown)


def quotes_in(message: Message) -> list[str]:
    """The block quotes of a message, each as its reader sees it."""
    lines = [line for text in message.texts for line in [*text.split("\n"), ""]]
    blocks = groupby(lines, key=lambda line: line.startswith("> "))
    return [shown("\n".join(line[2:] for line in block)) for quoted, block in blocks if quoted]


def sees(message: Message) -> str:
    """All text of a message as its reader sees it."""
    return shown(message.text)


async def articles_are_read(discord: LoopbackDiscord) -> None:
    """Wait until the bot's first reload has ended, by a moderator's eyes: another one finds nothing to do."""
    async with asyncio.timeout(120):
        while True:
            reply = await discord.answer_to(await discord.slash("reload", user=discord.world.moderator))
            if "Nothing changed" in reply.text:
                return
            await asyncio.sleep(0.5)

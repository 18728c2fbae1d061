"""From the start of a bot that has many articles to read to its first answer, for a member who asks at once.

    python -m benchmarks.first_answer [--articles 10000] [--whole]

The bot's own process with its own model on a loopback Discord (`tests/support/loopback`), and an archive of invented
articles. `--whole` also waits for all of them to be read, and asks `/status` meanwhile. Needs the extra `dev`. The exit
code is 1 where the answer took longer than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.support.loopback.launch import Home
from tests.support.loopback.member import sees
from tests.support.loopback.server import LoopbackDiscord

PLACES = "Marlo Tessel Norhaven Brandt Solano Keller Orvik Lund Varga Istra Pell Quarne".split()
THINGS = "harbour library budget ferry harvest bridge hospital school railway court election strike museum".split()
DEEDS = "opened closed doubled delayed praised cancelled repaired sold questioned approved rejected moved".split()
SENTENCES = 24
"""Of an article: some 2,500 characters, as articles in the news have."""
WITHIN = 30.0
"""Seconds from the start of the process within which the first answer is to be there, model loading included."""
LOOK = 15.0  # seconds between two looks at `/status`


def write_articles(path: Path, count: int) -> None:
    """An archive of `count` articles, a few a day, the last the newest."""
    rng = random.Random(1)  # noqa: S311 (the same articles each time)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            sentences = [
                f"The {rng.choice(THINGS)} of {rng.choice(PLACES)} was {rng.choice(DEEDS)} after {rng.randint(2, 999)} "
                f"people from {rng.choice(PLACES)} had asked about the {rng.choice(THINGS)}."
                for _ in range(SENTENCES)
            ]
            line = {
                "id": str(number),
                "title": f"{rng.choice(PLACES)} and the {rng.choice(THINGS)}, report {number}",
                "text": " ".join(sentences),
                "source": f"The {rng.choice(PLACES)} Post",
                "published": (date(2026, 1, 1) - timedelta((count - number) // 20)).isoformat(),
            }
            file.write(json.dumps(line) + "\n")


async def measure(folder: Path, count: int, *, whole: bool) -> float:
    """Start the bot on `count` articles, ask at once, and print when what was answered; the seconds until then."""
    async with LoopbackDiscord() as discord:
        home = Home.furnish(folder, discord)
        write_articles(home.seeds / "invented.jsonl", count)
        bot = home.bot("run")
        began = time.perf_counter()
        await bot.start(discord.changes)
        try:
            await discord.ready(timeout=120)
            ready = time.perf_counter() - began
            asked = await discord.slash("ask", question="What was approved in Norhaven?")
            answer = sees(await discord.answer_to(asked, timeout=600))
            seconds = time.perf_counter() - began
            print(f"connected after {ready:.1f} s, first answer after {seconds:.1f} s:", flush=True)
            print("\n".join(f"    {line}" for line in answer.splitlines()))
            while whole:
                asked = await discord.slash("status", user=discord.world.moderator)
                lines = sees(await discord.answer_to(asked, timeout=60)).splitlines()
                told = next((line for line in lines if "Still reading" in line), "")
                print(f"after {time.perf_counter() - began:.0f} s: {told or lines[1]}", flush=True)
                whole = bool(told)
                await asyncio.sleep(LOOK if told else 0.0)
        finally:
            await bot.kill()
    print(f"violations: {len(discord.violations())}")
    return seconds


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--whole", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(measure(Path(folder) / "home", given.articles, whole=given.whole))
    within = seconds <= WITHIN
    print(f"{'within' if within else 'NOT within'} {WITHIN:.0f} s, with {given.articles:,} articles: {seconds:.1f} s")
    sys.exit(not within)


if __name__ == "__main__":
    main()

"""Many questions at once: how soon each is acknowledged and answered, and how late the event loop is meanwhile.

    python -m benchmarks.load [--questions 50] [--data DATA_DIR] [--ask QUESTIONS.jsonl] [--rounds 3]

The bot's own process on a loopback Discord (`tests/support/loopback`), each question from a member of its own. `--data`
is a data folder with an index to ask (it is copied); without it the project's own article is read. `--ask` is a
labelled set as `quotewire evaluate` takes it. The lag is what a request to the bot's health endpoint, made every 10 ms,
takes. Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import socket
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import aiohttp

from tests.support.loopback.launch import Home
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User

EVERY = 0.01  # seconds between two requests that measure the lag
SUBJECTS = "Rutte Russia Ukraine NATO Germany a ceasefire the budget the summit sanctions Europe".split()


def questions(path: Path | None, count: int) -> list[str]:
    """`count` different questions, out of a labelled set or made up."""
    if path is None:
        return [f"What did Rutte say about {SUBJECTS[at % len(SUBJECTS)]} on day {at}?" for at in range(count)]
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:count]


async def lags(port: int, found: list[float]) -> None:
    """Add the seconds that a request to the bot's loop takes, again and again."""
    async with aiohttp.ClientSession() as http:
        while True:
            began = time.perf_counter()
            with suppress(aiohttp.ClientError):
                async with http.get(f"http://127.0.0.1:{port}/healthz") as response:
                    await response.read()
                found.append(time.perf_counter() - began)
            await asyncio.sleep(EVERY)


async def measure(folder: Path, data: Path | None, asked: list[str], rounds: int) -> None:
    """Start the bot, ask all questions at once, `rounds` times, and print what that took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with LoopbackDiscord() as discord:
        home = Home.furnish(folder, discord)
        if data is not None:
            shutil.rmtree(home.seeds)
            home.seeds.mkdir()
            shutil.copytree(data, folder / "data", dirs_exist_ok=True)
        bot = home.bot("run", HEALTH_PORT=str(port))
        await bot.start(discord.changes)
        try:
            await discord.ready(timeout=120)
            warm = await discord.slash("ask", question="What happened yesterday?")
            await discord.answer_to(warm, timeout=120)
            members = [User(f"member{number}") for number in range(len(asked))]
            for number in range(1, rounds + 1):
                seen: list[float] = []
                watching = asyncio.create_task(lags(port, seen))
                await asyncio.sleep(0.5)
                idle, seen[:] = statistics.median(seen), []
                began = time.perf_counter()
                sent = [
                    await discord.slash("ask", user=member, question=f"{question} {number}")
                    for member, question in zip(members, asked, strict=True)
                ]
                answered = []
                for interaction in sent:
                    await discord.answer_to(interaction, timeout=120)
                    answered.append(time.perf_counter() - began)
                watching.cancel()
                acknowledged = [interaction.acknowledged_after or float("inf") for interaction in sent]
                print(
                    f"round {number}: acknowledged after {statistics.median(acknowledged):.2f} s (median), "
                    f"{max(acknowledged):.2f} s (last); answered after {statistics.median(answered):.2f} s, "
                    f"{max(answered):.2f} s; the loop's answer took {1000 * statistics.median(seen):.1f} ms, "
                    f"{1000 * statistics.quantiles(seen, n=20)[-1]:.0f} ms (95%), {1000 * max(seen):.0f} ms at most "
                    f"({1000 * idle:.1f} ms when idle); violations: {len(discord.violations())}"
                )
        finally:
            await bot.kill()


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--ask", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked = questions(given.ask, given.questions)
        asyncio.run(measure(Path(folder) / "home", given.data, asked, given.rounds))


if __name__ == "__main__":
    main()

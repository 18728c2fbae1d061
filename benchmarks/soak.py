"""An hour of mixed work against the bot's own process: does anything grow, fail or get slower?

    python -m benchmarks.soak [--minutes 60] [--report FOLDER] [--bag-of-words]

On a loopback Discord (`tests/support/loopback`), at once: members ask by command and by message, look at `/latest` and
press buttons; a moderator has articles added, changed and taken out with `/reload`, and looks at `/status`; the host
makes backups. Every few seconds it is looked at how much memory, how many handles and threads the process has, and how
late its event loop is. The report is a page with a picture. The exit code is 1 where something grew, failed or was said
against Discord's rules. `--bag-of-words` leaves the model out. Needs the extra `dev`; Linux, for `/proc`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.launch import BotProcess, Home
from tests.support.loopback.recording import Changes
from tests.support.loopback.server import LoopbackDiscord
from tests.support.loopback.world import User
from tests.support.talks import SENTENCES

LOOK = 5.0  # seconds between two looks at the process
LAG = 0.1  # seconds between two looks at its event loop
ANSWER_WITHIN = 60.0
FILES = 40  # that come, change and go
BACKUPS = 120.0  # seconds between two
JUDGED = 2_000  # calls; holding all of an hour's against Discord's description takes as long as the hour did
WARM = 0.25
"""The share of the time in which a process may still grow: caches fill, libraries are imported."""
GROWTH = {"megabytes": 1.1, "handles": 1.1, "threads": 1.1, "lag": 3.0}
"""How many times as much of each there may be at the end as after warming up."""


@dataclass(frozen=True, slots=True)
class Look:
    """The process at a moment: `at` in minutes, `lag` the longest in milliseconds since the look before."""

    at: float
    megabytes: float
    handles: int
    threads: int
    lag: float


@dataclass(slots=True)
class Soak:
    """What was done, and what was seen."""

    discord: LoopbackDiscord
    home: Home
    bot: BotProcess
    port: int
    ends: float
    did: Counter[str] = field(default_factory=Counter)
    late: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    async def on(self, work: Callable[[Soak], Awaitable[str]], pause: float) -> None:
        """Do `work` again and again until it ends, with pauses of some `pause` seconds."""
        while time.monotonic() < self.ends and self.bot.running:
            try:
                self.did[await work(self)] += 1
            except (TimeoutError, AssertionError) as error:
                self.late.append(f"{work.__name__}: {str(error).splitlines()[0]}")
            left = max(0.0, self.ends - time.monotonic())
            await asyncio.sleep(min(left, pause * random.uniform(0.5, 1.5)))  # noqa: S311


async def ask(soak: Soak) -> str:
    """A member asks by command, and takes a look at more quotes."""
    began = time.perf_counter()
    asked = await soak.discord.slash(
        "ask", user=User("member"), question=f"What happened at the talks of day {_day()}?"
    )
    await soak.discord.answer_to(asked, timeout=ANSWER_WITHIN)
    soak.took.append(time.perf_counter() - began)
    return "questions by command"


async def mention(soak: Soak) -> str:
    """A member asks by message."""
    bot = soak.discord.world.bot.id
    said = await soak.discord.say(f"<@{bot}> What did delegates say on day {_day()}?", author=User("writer"))
    await soak.discord.reply_to(said, timeout=ANSWER_WITHIN)
    return "questions by message"


async def latest(soak: Soak) -> str:
    """A member looks at what is new."""
    await soak.discord.answer_to(await soak.discord.slash("latest", user=User("reader")), timeout=ANSWER_WITHIN)
    return "looks at what is new"


async def change(soak: Soak) -> str:
    """A moderator has the folder read again, after something in it has changed."""
    number = random.randrange(FILES)  # noqa: S311
    path = soak.home.seeds / f"talks-{number}.txt"
    if path.exists() and random.random() < 0.3:  # noqa: S311
        path.unlink()
    else:
        path.write_text(f"Talks of day {_day()}\n{SENTENCES.format(word=f'day {_day()}') * 20}\n")
    asked = await soak.discord.slash("reload", user=soak.discord.world.moderator)
    await soak.discord.answer_to(asked, timeout=ANSWER_WITHIN)
    return "reloads with changes"


async def status(soak: Soak) -> str:
    """A moderator looks how the bot fares."""
    asked = await soak.discord.slash("status", user=soak.discord.world.moderator)
    await soak.discord.answer_to(asked, timeout=ANSWER_WITHIN)
    return "looks at the status"


async def back_up(soak: Soak) -> str:
    """The host makes a backup, in a process of its own."""
    name = f"backup-{soak.did['backups']}"
    target = soak.home.folder / f"{name}.zip"
    run = soak.home.bot(name, arguments=("backup", str(target)))
    await run.start(Changes())  # its end is not that of the bot
    code = await run.wait(ANSWER_WITHIN)
    assert code == 0, run.stderr
    target.unlink()
    return "backups"


async def watch(soak: Soak) -> None:
    """Look at the process every few seconds."""
    began = time.monotonic()
    while soak.bot.running:
        await asyncio.sleep(LOOK)
        lag, soak.lags[:] = max(soak.lags, default=0.0), []
        process = Path("/proc") / str(soak.bot.process.pid)
        with suppress(OSError):
            told = (process / "status").read_text()
            resident, threads = (int(re.findall(rf"{name}:\s+(\d+)", told)[0]) for name in ("VmRSS", "Threads"))
            handles = len(os.listdir(process / "fd"))  # noqa: PTH208
            soak.looks.append(Look((time.monotonic() - began) / 60, resident / 1024, handles, threads, 1000 * lag))


async def feel(soak: Soak) -> None:
    """Ask the event loop for a sign of life, again and again."""
    async with aiohttp.ClientSession() as http:
        while soak.bot.running:
            began = time.perf_counter()
            with suppress(aiohttp.ClientError):
                async with http.get(f"http://127.0.0.1:{soak.port}/healthz") as answer:
                    await answer.read()
                soak.lags.append(time.perf_counter() - began)
            await asyncio.sleep(LAG)


def _day() -> int:
    return random.randrange(1000)  # noqa: S311


WORKS = ((ask, 0.5), (ask, 0.5), (mention, 1.0), (latest, 2.0), (change, 3.0), (status, 10.0), (back_up, BACKUPS))
"""What is done at once, each with the seconds, roughly, between two times."""


async def soaked(folder: Path, minutes: float, words: str | None) -> tuple[Soak, str]:
    """Have the bot work for so many minutes; what was seen, and what went wrong in the log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with LoopbackDiscord() as discord:
        home = Home.furnish(folder, discord)
        model = {BAG_OF_WORDS: words} if words else {}
        bot = home.bot("run", arguments=("run",), HEALTH_PORT=str(port), **model)
        await bot.start(discord.changes)
        try:
            await discord.ready(timeout=120)
            soak = Soak(discord, home, bot, port, time.monotonic() + 60 * minutes)
            watching = [asyncio.create_task(watch(soak)), asyncio.create_task(feel(soak))]
            await asyncio.gather(*(soak.on(work, pause) for work, pause in WORKS))
            for task in watching:
                task.cancel()
            soak.late += [] if bot.running else ["the bot ended"]
            await bot.stop()
        finally:
            await bot.kill()
        soak.late += judged(discord)  # in minutes, in which no bot is to wait for Discord
        return soak, "\n".join(line for line in bot.stderr.splitlines() if re.search("ERROR|CRITICAL|Traceback", line))


def judged(discord: LoopbackDiscord) -> list[str]:
    """What is wrong with the calls of the bot, of which so many are looked at, evenly over the time."""
    step = -(-len(discord.calls) // JUDGED) or 1
    return [problem for call in discord.calls[::step] for problem in call.violations]


def grown(looks: list[Look]) -> dict[str, tuple[float, float]]:
    """Of each that is looked at: the median after warming up and at the end, in spans of equal length."""
    span = max(1, int(len(looks) * WARM))
    after, end = looks[span : 2 * span] or looks, looks[-span:]
    return {
        name: (
            statistics.median(getattr(each, name) for each in after),
            statistics.median(getattr(each, name) for each in end),
        )
        for name in GROWTH
    }


def draw(looks: list[Look], path: Path) -> None:
    """The picture: each over time."""
    from matplotlib.figure import Figure

    figure = Figure((9, 7), 110, layout="constrained")
    units = {"megabytes": "memory, MB", "handles": "handles", "threads": "threads", "lag": "longest lag in 5 s, ms"}
    for place, (name, unit) in enumerate(units.items(), start=1):
        axes = figure.add_subplot(2, 2, place)
        axes.plot([look.at for look in looks], [getattr(look, name) for look in looks], linewidth=1)
        axes.set(xlabel="minutes", ylabel=unit, ylim=(0, None))
        axes.grid(alpha=0.3)
    figure.savefig(path)


def report(soak: Soak, logged: str, minutes: float) -> tuple[str, bool]:
    """The page, and whether all is well."""
    lines = [f"{minutes:g} minutes: {', '.join(f'{count:,} {what}' for what, count in soak.did.most_common())}.", ""]
    lines += ["| | after warming up | at the end | at most |", "|---|---|---|---|"]
    well = not soak.late and not logged
    for name, (before, after) in grown(soak.looks).items():
        most = max(getattr(look, name) for look in soak.looks)
        lines.append(f"| {name} | {before:,.0f} | {after:,.0f} | {most:,.0f} |")
        well &= after <= max(before * GROWTH[name], before + 3)
    if len(soak.took) > 1:
        ninety = statistics.quantiles(soak.took, n=10)[-1]
        lines += ["", f"Answers took {statistics.median(soak.took):.2f} s (median), {ninety:.2f} s (nine of ten)."]
    lines += [
        "",
        f"Failed: {len(soak.late)}",
        *soak.late[:20],
        f"Errors in the log: {len(logged.splitlines())}",
        logged,
    ]
    return "\n".join(lines).rstrip() + "\n", well


def main() -> None:
    """Soak as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--report", type=Path, default=Path("build/soak"))
    parser.add_argument("--bag-of-words", action="store_true")
    given = parser.parse_args()
    given.report.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        words = folder if given.bag_of_words else None
        soak, logged = asyncio.run(soaked(Path(folder) / "home", given.minutes, words))
    draw(soak.looks, given.report / "soak.png")
    page, well = report(soak, logged, given.minutes)
    (given.report / "soak.md").write_text(page)
    print(page)
    sys.exit(not well)


if __name__ == "__main__":
    main()

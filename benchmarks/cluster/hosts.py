"""The bot processes: each with a data folder of its own, as on machines of their own, beside one loopback Discord."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.support.loopback.launch import BotProcess
from tests.support.loopback.recording import Changes
from tests.support.loopback.server import LoopbackDiscord

OPEN = {
    "ALLOW_PRIVATE_ADDRESSES": "on",
    "SERVER_FEEDS": "none",
    "SERVER_ADDS": "none",
    "SERVER_ARTICLES": "none",
}
"""Settings under which members of these servers may do as much as the benchmark wants."""


@dataclass(slots=True)
class Host:
    """A machine with one bot process, which is started anew after each death."""

    number: int
    folder: Path
    discord: LoopbackDiscord
    seeds: Path
    settings: dict[str, str]
    port: int = field(default_factory=lambda: free_port())
    runs: list[BotProcess] = field(default_factory=list)
    started: float = 0.0
    stopped: bool = False
    ended: float = 0.0
    """When it was last told to end, in seconds since 1970."""

    @property
    def name(self) -> str:
        """What it is called."""
        return f"host-{self.number}"

    @property
    def data(self) -> Path:
        """What it has on its disk."""
        return self.folder / "data"

    @property
    def alive(self) -> bool:
        """Whether its process runs, and is not merely there."""
        return bool(self.runs) and self.runs[-1].running and not self.stopped

    async def start(self) -> None:
        """Start its process, as systemd would after it died."""
        bot = BotProcess(
            self.folder / f"run-{len(self.runs)}",
            rest=self.discord.base_url,
            gateway=self.discord.gateway_url,
            token=self.discord.world.token,
            data_dir=self.data,
            seeds_dir=self.seeds,
            HEALTH_PORT=str(self.port),
            **{**OPEN, **self.settings},  # pyright: ignore[reportArgumentType] (none is of another parameter's name)
        )
        await bot.start(Changes())  # its end is not that of all
        self.runs.append(bot)
        self.started = time.monotonic()

    async def kill(self) -> None:
        """As when the machine's plug is pulled."""
        if self.runs:
            await self.runs[-1].kill()

    async def stop(self) -> None:
        """As the host of the bot ends it."""
        self.ended = time.time()
        if self.alive:
            await self.runs[-1].stop()

    def halt(self) -> None:
        """Have it stand still: it is not dead, and knows nothing of the time that passes."""
        self.runs[-1].process.send_signal(signal.SIGSTOP)
        self.stopped = True

    def go_on(self) -> None:
        """Have it go on where it stood still."""
        if self.runs[-1].running:
            self.runs[-1].process.send_signal(signal.SIGCONT)
        self.stopped = False

    async def serves(self, http: aiohttp.ClientSession) -> int | None:
        """The generation that it answers from; None if it does not say."""
        try:
            async with http.get(f"http://127.0.0.1:{self.port}/metrics", timeout=aiohttp.ClientTimeout(2)) as answer:
                found = re.search(r"^quotewire_generation (\d+)", await answer.text(), re.MULTILINE)
        except (aiohttp.ClientError, TimeoutError):
            return None
        return int(found[1]) if found else None

    def faults(self) -> list[str]:
        """What it logged that should never be logged."""
        lines = (line for run in self.runs for line in run.stderr.splitlines())
        return [f"host {self.number}: {line}" for line in lines if re.search("ERROR|CRITICAL|Traceback", line)]

    async def ready(self, limit: float = 60.0) -> None:
        """Wait until it answers from a generation. Raises TimeoutError."""
        async with asyncio.timeout(limit), aiohttp.ClientSession() as http:
            while not await self.serves(http):
                if not self.runs[-1].running:
                    raise TimeoutError(f"host {self.number} ended: {self.runs[-1].words()}")
                await asyncio.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens to."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]

"""Starts the bot's own process, unmodified, so that its discord.py finds the loopback instead of Discord."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.memory.database import Database
from bot.memory.guilds import Guilds
from retrieval.index.precision import PRECISION
from tests.support.bag_of_words import BAG_OF_WORDS
from tests.support.loopback.recording import Changes
from tests.support.loopback.server import LoopbackDiscord
from tests.support.places import SEEDS
from tests.support.processes import PYTHONPATH
from tests.support.replicas import DATABASE, WANTED

# What a process needs of this one's environment; everything else (a developer's own settings) stays out.
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "SYSTEMROOT"),
    *(PRECISION, BAG_OF_WORDS, "CONVERSIONS", "COVERAGE_PROCESS_CONFIG", WANTED, DATABASE),
)


class BotProcess:
    """One run of `python -m bot`; output goes to files, so that a full pipe never stops the bot."""

    def __init__(
        self,
        folder: Path,
        *,
        rest: str,
        gateway: str,
        token: str,
        data_dir: Path,
        seeds_dir: Path,
        arguments: tuple[str, ...] = ("run",),
        **extra: str,
    ) -> None:
        self._arguments = arguments
        folder.mkdir(parents=True, exist_ok=True)
        self._cwd = folder / "cwd"  # empty: no `.env` of a developer's is read, nothing is written beside the code
        self._cwd.mkdir(exist_ok=True)
        self._stdout, self._stderr = folder / "stdout.txt", folder / "stderr.txt"
        self._environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PYTHONPATH": PYTHONPATH,
            "PYTHONUNBUFFERED": "1",
            "LOOPBACK_REST": rest,
            "LOOPBACK_GATEWAY": gateway,
            "DISCORD_TOKEN": token,
            "DATA_DIR": str(data_dir),
            "SEEDS_DIR": str(seeds_dir),
            **extra,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self, changes: Changes) -> None:
        """Start it; `changes` learns of its end, so that nobody waits for a bot that is no more."""
        with self._stdout.open("wb") as stdout, self._stderr.open("wb") as stderr:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *self._arguments,
                cwd=self._cwd,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        changes.explain, changes.over = self.words, lambda: not self.running
        self._watching = asyncio.create_task(self._watch(changes))

    async def _watch(self, changes: Changes) -> None:
        await self.process.wait()
        await changes.announce()

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not started"
        return self._process

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    @property
    def stdout(self) -> str:
        return self._stdout.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        return self._stderr.read_text(errors="replace")

    def words(self) -> str:
        """The end of what the bot printed, for the message of a failed assertion."""
        state = "running" if self.running else f"exited with {self.process.returncode}"
        return f"The bot ({state}) said:\n{self.stdout[-2000:]}\n{self.stderr[-6000:]}"

    async def wait(self, timeout: float) -> int:  # noqa: ASYNC109
        """The exit code; TimeoutError with the bot's words when it does not end in time."""
        try:
            return await asyncio.wait_for(self.process.wait(), timeout)
        except TimeoutError:
            raise TimeoutError(f"the bot did not end within {timeout:g} s\n{self.words()}") from None

    async def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(with_signal)
        return await self.wait(15.0), time.monotonic() - started

    async def kill(self) -> None:
        """Make sure that nothing is left running."""
        if self._process is not None and self.running:
            self.process.kill()
            await self.process.wait()
        if self._watching is not None:
            await self._watching


@dataclass(frozen=True, slots=True)
class Home:
    """Where one bot lives: its articles and what it writes. Starts it as often as a test wants."""

    folder: Path
    discord: LoopbackDiscord

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    def bot(
        self, run: str, token: str | None = None, *, arguments: tuple[str, ...] = ("run",), **extra: str
    ) -> BotProcess:
        """A process that is not started yet; `run` names its folder for output, `extra` are further settings."""
        return BotProcess(
            self.folder / run,
            rest=self.discord.base_url,
            gateway=self.discord.gateway_url,
            token=token or self.discord.world.token,
            data_dir=self.folder / "data",
            seeds_dir=self.seeds,
            arguments=arguments,
            **extra,
        )

    @classmethod
    def furnish(cls, folder: Path, discord: LoopbackDiscord) -> Home:
        """A home with a copy of the articles that the bot starts with, and a server whose members need not rest."""
        home = cls(folder, discord)
        shutil.copytree(SEEDS, home.seeds)
        database = Database(folder / "data")
        settings = Guilds(database)
        for guild in discord.world.guilds:
            settings.change(int(guild.id), lambda now: replace(now, cooldown=0))
        database.close()
        return home

"""The commands that have to do with Discord: `run`, which also is the conversation in the terminal, and `sync`."""

from __future__ import annotations

import ctypes
import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli.invocation import Json, command, newsroom, show_result

_log = logging.getLogger(__name__)

_ARENAS = -8
"""`M_ARENA_MAX` of `mallopt` (malloc.h of glibc)."""
PATIENCE = 2.0
"""Seconds that a bot which is ending gets to let go of the data folder."""


def run() -> None:
    """Serve on Discord or, without a token, here.

    Without DISCORD_TOKEN it holds the same conversation in the terminal. Stop it with Ctrl-C or SIGTERM, or
    leave the terminal with Ctrl-D. In a pipe, each line of standard input is a question, and the exit code is
    1 if any of them failed. For a service manager: 0 after SIGTERM, 1 for what may pass, 78 for what does not.
    """
    signal.signal(signal.SIGTERM, _leave)
    _keep_memory_together()
    with command(serves=True, reads_folder=True) as settings, newsroom(settings, lazily=False) as room:
        if settings.discord_token:
            import asyncio

            from bot.app import run_bot

            with _alone(settings.data_dir):
                asyncio.run(run_bot(room, settings))
            return
        from bot.cli.conversation import converse

        if room.shared:
            room.shared.follow(lambda _: None)  # each question looks for the newest by itself
        typer.echo("No DISCORD_TOKEN is set, so the conversation is here, in the terminal.", err=True)
        raise typer.Exit(converse(room, settings.data_dir))


def sync(
    guild: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, help="Only in the test server with this id, beside those of everywhere."),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove them from the test server again.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Send them even if they have not changed.")] = False,
    as_json: Json = False,
) -> None:
    """Send the bot's commands to Discord, without starting the bot.

    `quotewire run` does so by itself when they have changed since they were last sent. --force puts back what was
    removed on Discord's side. Open Discord windows show the change after a reload (Ctrl-R).
    """
    if clear and guild is None:
        raise typer.BadParameter("say from which test server: --guild ID --clear.", param_hint="--clear")
    with command(as_json) as settings:
        import asyncio

        from bot.cli.documents import fields_document
        from bot.cli.pages import synced_page
        from bot.commands.every import COMMANDS
        from bot.connection.syncing import sync_commands

        synced = asyncio.run(sync_commands(() if clear else COMMANDS, settings, guild=guild, force=force))
        show_result(synced, fields_document, synced_page, as_json)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Have no other process serve Discord from the same folder meanwhile: each would answer and post. Raises
    `StartError`."""
    from bot.connection.starting import StartError
    from retrieval.index.locks import Taken, locked

    with ExitStack() as held:
        try:
            held.enter_context(locked(data_dir / "run.lock", PATIENCE))
        except Taken as other:
            raise StartError(
                f"{other} serves Discord from the same DATA_DIR: stop it first, or set another DATA_DIR."
            ) from None
        except OSError as error:
            _log.warning("nothing keeps a second bot from the same DATA_DIR: %s", error)
        yield


def _keep_memory_together() -> None:
    """Have all threads share two stores of free memory, with the C library of most of Linux.

    By default each thread gets one of its own, up to eight a core, and what is free in one serves no other: a bot that
    works for an hour then holds a third more than it needs.
    """
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENAS, 2)


def _leave(_signal: int, _frame: object) -> NoReturn:
    """A service manager's way to say Ctrl-D: close what is open and report success."""
    raise SystemExit(0)

"""The `quotewire` command: what it is made of, and how its process starts and ends."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import Annotated

import typer

from bot.cli.articles import add, history, reload, remove, restore, status
from bot.cli.collections import collections, forget
from bot.cli.evaluating import evaluate
from bot.cli.feeds import feeds
from bot.cli.models import model
from bot.cli.moving import migrate
from bot.cli.questions import ask, latest, story
from bot.cli.running import run, sync
from bot.cli.upkeep import backup, doctor
from bot.connection.leaving import leave_behind

EXIT_CODES = """\b
Exit codes:
  0    done; also when the articles do not answer, and when some of the input was skipped
  1    not done; one line on standard error says why (with --json, {"error": ...} on standard output)
  2    the command line is wrong
  78   from run: not done, and starting it again does not help before its host has put settings or token right, or
       updated Quotewire
  130  stopped with Ctrl-C

\b
Settings come from the environment and from .env; .env.example explains them."""

app = typer.Typer(
    name="quotewire",
    help="Answers questions about the news with quotes you can check.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show the token.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command that the process was started with."""
    os.umask(0o077)  # what members ask, and which feeds are read, is for this user alone
    # Pydantic would look through all that is installed for plugins to it, which takes longer than to import it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What a start makes stays: to look through it for garbage again and again took a twentieth of a short command.
    gc.set_threshold(10_000, 10, 10)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks, or a stray byte in a pipe, is no reason to stop.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as end:
        # Before the interpreter ends, which waits for all threads, as long as a page may take to come.
        leave_behind(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"quotewire {version('quotewire')}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    pass


ASKING, CHANGING = (run, ask, latest, story, reload, status, evaluate, sync), (add, remove, restore, history)
for each in (*ASKING, *CHANGING, forget, backup, doctor, migrate, model):
    app.command()(each)
app.add_typer(feeds)
app.add_typer(collections)

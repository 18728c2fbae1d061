"""What the commands of `quotewire` share: settings, the newsroom, results and errors.

What is slow to import (torch, faiss, discord, the newsroom) is imported inside the functions that need it, so
that `--help` and a mistyped option answer at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from retrieval.errors import QuotewireError, ReloadInProgress, SourceUnavailable, WrittenByNewer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from bot.cli.documents import Document
    from bot.settings import Settings
    from retrieval.article import ReloadReport, Tell
    from retrieval.newsroom import Newsroom

Result = TypeVar("Result")

NOT_DONE = 1
EX_CONFIG = 78
"""What `run` ends with when a restart cannot help; the number is that of BSD's sysexits.h."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@contextmanager
def command(as_json: bool = False, *, serves: bool = False, reads_folder: bool = False) -> Iterator[Settings]:
    """Settings and log for a command, and the one place where what goes wrong in it becomes an exit code.

    What `serves` may be restarted by a service manager, which must not do so in vain. What `reads_folder` needs the
    folder of `SEEDS_DIR`.
    """
    from bot.log import configure_logging, unexpected
    from bot.settings import HostError, load_settings

    settings = None
    try:
        settings = load_settings(reads_folder=reads_folder)
        configure_logging(settings, conversation=not (serves and settings.discord_token))
        yield settings
    except QuotewireError as error:
        lasts = isinstance(error, HostError | WrittenByNewer)
        fail(str(error), as_json, EX_CONFIG if serves and lasts else NOT_DONE)
    except (typer.Exit, BrokenPipeError):
        raise
    except sqlite3.Error as error:  # met where something is read, which is everywhere
        from retrieval.index.store import unusable

        if not settings:
            raise
        fail(str(unusable(settings.data_dir, error)), as_json)
    except Exception as error:
        if not settings:
            raise
        fail(unexpected(error, settings.data_dir, settings.discord_token), as_json)


@contextmanager
def newsroom(settings: Settings, *, lazily: bool = True) -> Iterator[Newsroom]:
    """The newsroom of these settings; what it is searched by is loaded when that is first needed, if `lazily`."""
    from retrieval.newsroom import Newsroom

    with Newsroom.open(settings.newsroom(), lazily=lazily) as room:
        yield room


@contextmanager
def filled_newsroom(settings: Settings) -> Iterator[Newsroom]:
    """The newsroom of these settings; one without articles, or with part of them, reads its folder first."""
    with newsroom(settings) as room:
        if not room.articles:
            settings.check_folder()
            with_progress(room.reload)
        elif room.reading():
            with suppress(ReloadInProgress, SourceUnavailable):  # the answer says how far it is
                with_progress(room.reload)
        yield room


def with_progress(work: Callable[[Tell], ReloadReport]) -> ReloadReport:
    """Do `work` with progress and what was skipped or folded on standard error; the counts are left to the caller."""
    from bot.cli.pages import remark_lines, show
    from bot.cli.progress import progress_bar

    console = console_of(err=True)
    with progress_bar(console) as tell:
        report = work(tell)
    for line in remark_lines(report):
        show(console, line)
    return report


def show_result(
    result: Result,
    document: Callable[[Result], Document],
    page: Callable[[Result], RenderableType],
    as_json: bool,
) -> None:
    """Print `result` to standard output, for a program or for a person."""
    if as_json:
        from bot.cli.documents import dump

        typer.echo(dump(document(result)))
    else:
        from bot.cli.pages import show

        show(console_of(), page(result))


def show_report(report: ReloadReport, done: str, as_json: bool) -> None:
    """Print what was `done` to the articles."""
    from bot.cli.documents import fields_document
    from bot.cli.pages import report_line

    show_result(report, fields_document, partial(report_line, done=done), as_json)


def console_of(*, err: bool = False) -> Console:
    """Standard output, or standard error, for a person."""
    from rich.console import Console

    return Console(stderr=err, highlight=False)


def fail(message: str, as_json: bool, code: int = NOT_DONE) -> NoReturn:
    """Say `message` and leave with this exit code."""
    from bot.cli.documents import dump, error_document
    from bot.masking import without_secrets
    from retrieval.text.controls import without_controls

    message = without_secrets(message)  # a folder or model of that name, for which a host took it
    if as_json:
        typer.echo(dump(error_document(message)))
    else:
        for line in without_controls(message).splitlines():
            typer.echo(f"quotewire: {line}", err=True)
    raise typer.Exit(code)

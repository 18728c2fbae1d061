"""The commands that bring articles in and take them out, and say what there is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import Json, command, newsroom, show_report, show_result, with_progress
from bot.cli.upkeep import restore_backup

if TYPE_CHECKING:
    from rich.text import Text

    from retrieval.article import Article, ReloadReport
    from retrieval.newsroom import Newsroom
    from retrieval.replicas.shared import Shared

REASON = "removed by hand"

Reference = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its address, or its id as --json shows it.")]


def reload(as_json: Json = False) -> None:
    """Bring new and changed articles into the index.

    Input that cannot be read is skipped and named on standard error, and what was known of it stays: the exit
    code is 0, so that one bad file does not stop a scheduled job, and `reload >/dev/null` writes only when
    something needs your eye.
    """
    with command(as_json, reads_folder=True) as settings, newsroom(settings) as room:
        show_report(with_progress(room.reload), "Reloaded", as_json)


def status(as_json: Json = False) -> None:
    """Show what the index holds and, where processes share a database, whether that is reached."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import status_document
        from bot.cli.pages import status_page

        shown = (room.status(), _reached(room.shared) if room.shared else None)
        show_result(shown, status_document, lambda shown: status_page(*shown), as_json)


def _reached(shared: Shared) -> dict[str, str | None]:
    """Where the database is that processes share, and why it is not reached: a lease is tried that nobody wants."""
    probe = f"status {os.getpid()}"
    shared.leases.take(probe)
    failure = shared.leases.unreachable
    shared.leases.give_back(probe)
    return {"place": shared.state().place, "failure": failure and str(failure)}


def add(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Addresses of pages, and files: JSONL, CSV, HTML, WARC, .txt, .md."),
    ],
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Into which collection; servers read those that they choose.")
    ] = "news",
    as_json: Json = False,
) -> None:
    """Add articles from pages and files.

    What is not an address that begins with http:// or https:// is a file. The exit code is 1 if nothing could be
    read at all.
    """
    urls = [source for source in sources if source.lower().startswith(("http://", "https://"))]
    paths = [Path(source) for source in sources if source not in urls]
    with command(as_json) as settings, newsroom(settings) as room:
        report = with_progress(
            lambda tell: room.add_files(paths, tell, collection=collection).and_then(
                room.add_pages(urls, tell, collection=collection)
            )
        )
        show_report(report, "Added", as_json)
        if report.failed and not (report.added or report.updated or report.unchanged):
            raise typer.Exit(1)


def remove(article: Reference, as_json: Json = False) -> None:
    """Withdraw an article from answers; it does not come back by itself."""
    from bot.cli.source_pages import withdrawal_line

    _change(lambda room: room.remove(article, REASON), withdrawal_line, as_json)


def restore(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="An article's address or id, or the file of a backup.")],
    as_json: Json = False,
) -> None:
    """Bring a removed article back, or all that is in a backup.

    A backup takes the place of all that is in DATA_DIR, which is kept beside it. A bot that runs goes on with the
    state before, and takes up what was restored when it is started again.
    """
    from bot.upkeep.restoring import is_backup

    if is_backup(Path(what)):
        restore_backup(Path(what), as_json)
        return
    from bot.cli.source_pages import restoration_line

    _change(lambda room: room.restore(what), restoration_line, as_json)


def history(article: Reference, as_json: Json = False) -> None:
    """Show every version of an article, and what its publisher changed."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import history_document
        from bot.cli.source_pages import history_page

        show_result(room.history(article), history_document, history_page, as_json)


def _change(
    work: Callable[[Newsroom], tuple[Article, ReloadReport]], line: Callable[[Article], Text], as_json: bool
) -> None:
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import change_document

        changed = work(room)
        show_result(changed, change_document, lambda result: line(result[0]), as_json)

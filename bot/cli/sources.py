"""The commands that bring articles in and take them out: feeds, pages, files, single articles."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import Json, command, newsroom, show_result, with_progress

if TYPE_CHECKING:
    from rich.text import Text

    from retrieval.article import Article, ReloadReport
    from retrieval.newsroom import Newsroom

REASON = "removed by hand"

Url = Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")]
Place = Annotated[str, typer.Argument(metavar="URL", help="The feed's address, or that of a page that points to it.")]
Reference = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its address, or its id as --json shows it.")]

feeds = typer.Typer(
    name="feeds", help="Read news from feeds (RSS, Atom, JSON Feed).", no_args_is_help=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Give `app` these commands."""
    app.add_typer(feeds)
    for each in (add, remove, restore, history):
        app.command()(each)


@feeds.command("add")
def add_feed(url: Place, as_json: Json = False) -> None:
    """Read a feed from now on.

    Its articles come while `quotewire run` runs, or with `quotewire feeds poll`.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import added_page

        show_result(room.feeds.add(url), fields_document, added_page, as_json)


@feeds.command("list")
def list_feeds(as_json: Json = False) -> None:
    """Show the feeds, each with how it fares."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import feeds_document
        from bot.cli.source_pages import feeds_page

        show_result(room.list_feeds(), feeds_document, feeds_page, as_json)


@feeds.command("remove")
def remove_feed(url: Url, as_json: Json = False) -> None:
    """Read a feed no more; its articles stay."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import removed_line

        show_result(room.feeds.remove(url), fields_document, removed_line, as_json)


@feeds.command("check")
def check_feed(url: Place, as_json: Json = False) -> None:
    """Show what a feed would bring; nothing is changed."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import preview_page

        show_result(room.feeds.check(url), fields_document, preview_page, as_json)


@feeds.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    as_json: Json = False,
) -> None:
    """Read all feeds of a list from now on."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import imported_page

        show_result(room.feeds.import_opml(file), fields_document, imported_page, as_json)


@feeds.command("export")
def export_feeds() -> None:
    """Write the list of feeds to standard output, as OPML that feed readers take."""
    with command() as settings, newsroom(settings) as room:
        typer.echo(room.feeds.export_opml())


@feeds.command("poll")
def poll_feeds(as_json: Json = False) -> None:
    """Ask the feeds that are due, and take in what they bring.

    `quotewire run` does this by itself.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        _show_report(with_progress(room.poll_feeds), "Polled", as_json)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Addresses of pages, and files: JSONL, CSV, HTML, WARC, .txt, .md."),
    ],
    as_json: Json = False,
) -> None:
    """Add articles from pages and files.

    What is not an address that begins with http:// or https:// is a file. The exit code is 1 if nothing could be
    read at all.
    """
    urls = [source for source in sources if source.lower().startswith(("http://", "https://"))]
    paths = [Path(source) for source in sources if source not in urls]
    with command(as_json) as settings, newsroom(settings) as room:
        report = with_progress(lambda tell: room.add_files(paths, tell).and_then(room.add_pages(urls, tell)))
        _show_report(report, "Added", as_json)
        if report.failed and not (report.added or report.updated or report.unchanged):
            raise typer.Exit(1)


def remove(article: Reference, as_json: Json = False) -> None:
    """Withdraw an article from answers; it does not come back by itself."""
    from bot.cli.source_pages import withdrawal_line

    _change(lambda room: room.remove(article, REASON), withdrawal_line, as_json)


def restore(article: Reference, as_json: Json = False) -> None:
    """Bring a removed article back."""
    from bot.cli.source_pages import restoration_line

    _change(lambda room: room.restore(article), restoration_line, as_json)


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


def _show_report(report: ReloadReport, done: str, as_json: bool) -> None:
    from bot.cli.documents import fields_document
    from bot.cli.pages import report_line

    show_result(report, fields_document, partial(report_line, done=done), as_json)

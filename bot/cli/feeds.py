"""The commands about feeds: those under `feeds`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import Json, command, newsroom, show_report, show_result, with_progress

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom
    from retrieval.reading.feeds.feed import Feed

Url = Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")]
Place = Annotated[str, typer.Argument(metavar="URL", help="The feed's address, or that of a page that points to it.")]

Collection = Annotated[str, typer.Option(metavar="NAME", help="Which collection; servers read those that they choose.")]

NEWS = "news"
"""The collection that is always there."""

feeds = typer.Typer(
    name="feeds", help="Read news from feeds (RSS, Atom, JSON Feed).", no_args_is_help=True, rich_markup_mode=None
)


@feeds.command("add")
def add_feed(url: Place, collection: Collection = NEWS, as_json: Json = False) -> None:
    """Read a feed from now on.

    Its articles come while `quotewire run` runs, or with `quotewire feeds poll`.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import added_page

        show_result(room.collection_feeds(collection).add(url), fields_document, added_page, as_json)


@feeds.command("list")
def list_feeds(collection: Collection = NEWS, as_json: Json = False) -> None:
    """Show the feeds of a collection, each with how it fares."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import feeds_document
        from bot.cli.source_pages import feeds_page

        found = room.list_feeds() if collection == NEWS else _feeds_of(room, collection)
        show_result(found, feeds_document, feeds_page, as_json)


@feeds.command("remove")
def remove_feed(url: Url, collection: Collection = NEWS, as_json: Json = False) -> None:
    """Read a feed no more; its articles stay."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import removed_line

        show_result(room.collection_feeds(collection).remove(url), fields_document, removed_line, as_json)


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
        show_report(with_progress(room.poll_feeds), "Polled", as_json)


def _feeds_of(room: Newsroom, collection: str) -> tuple[Feed, ...]:
    urls = {feed.url for feed in room.collection_feeds(collection).list()}
    return tuple(feed for feed in room.shared_feeds() if feed.url in urls)

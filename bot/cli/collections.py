"""The commands about what the host offers to servers, and about forgetting one: `collections` and `forget`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.invocation import Json, command, newsroom, show_report, show_result

Name = Annotated[str, typer.Argument(metavar="NAME", help="1 to 40 letters, digits, - and _.")]
Guild = Annotated[int, typer.Argument(metavar="GUILD", min=1, help="The server's id.")]

collections = typer.Typer(
    name="collections",
    help="What servers may read beside what they add: collections of feeds, pages and files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@collections.command("list")
def list_collections(as_json: Json = False) -> None:
    """Show the collections, each with how much is in it."""
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import collections_document
        from bot.cli.source_pages import collections_page

        show_result(room.collections(), collections_document, collections_page, as_json)


@collections.command("add")
def add_collection(name: Name, as_json: Json = False) -> None:
    """Offer a collection, which is empty at first.

    `quotewire feeds add URL --collection NAME` and `quotewire add SOURCE --collection NAME` fill it.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import collections_document
        from bot.cli.source_pages import collections_page

        room.add_collection(name)
        show_result(room.collections(), collections_document, collections_page, as_json)


@collections.command("remove")
def remove_collection(name: Name, as_json: Json = False) -> None:
    """Offer a collection no more: its feeds are not asked any more, and its articles go."""
    with command(as_json) as settings, newsroom(settings) as room:
        show_report(room.drop_collection(name), "Removed", as_json)


def forget(guild: Guild, as_json: Json = False) -> None:
    """Forget a server at once: its settings, feeds, pages and subscriptions, what members asked there, and their votes.

    A server that the bot was removed from is forgotten by itself after 30 days. A bot that runs goes on with the
    settings that it has read until it is started again.
    """
    with command(as_json) as settings, newsroom(settings) as room:
        from bot.cli.documents import fields_document
        from bot.cli.source_pages import forgotten_line
        from bot.memory.database import Database
        from bot.memory.servers import Servers
        from bot.upkeep.forgetting import forget_server

        database = Database(settings.data_dir, room.shared)
        try:
            gone = forget_server(room, Servers(database), guild)
            database.erase()
        finally:
            database.close()
        show_result(gone, fields_document, forgotten_line, as_json)

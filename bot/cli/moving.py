"""The command that moves a data folder into a database that several processes share: `migrate`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.invocation import Json, command, console_of, show_result


def migrate(
    to: Annotated[
        str | None,
        typer.Option(metavar="URL", help="postgresql://USER:PASSWORD@HOST/NAME; by default that of DATABASE_URL."),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Have DATA_DIR stand alone again, with what it holds.")] = False,
    as_json: Json = False,
) -> None:
    """Move all that DATA_DIR holds into a PostgreSQL database, for several processes to share.

    Stop the bot first. Each row is compared when all are there; if it is broken off, do it again, and it goes on. Then
    start the bot with DATABASE_URL set. An address on the command line is seen by other users of this machine.
    """
    if back and to:
        raise typer.BadParameter("--to moves there, --back away from there.", param_hint="--back")
    with command(as_json) as settings:
        from rich.progress import Progress

        from bot.cli.documents import fields_document
        from bot.cli.upkeep_pages import moved_page
        from bot.settings import HostError
        from bot.sharing import address_fault
        from bot.upkeep.moving import move_in, move_out

        if back:
            show_result(move_out(settings.data_dir), fields_document, moved_page, as_json)
            return
        url = to or settings.newsroom().database
        if url is None:
            raise HostError("Say where to: --to URL, or set DATABASE_URL.")
        if fault := address_fault(url):
            raise HostError(f"{fault}.")
        with Progress(console=console_of(err=True), transient=True, disable=as_json) as bar:
            task = bar.add_task("Moving", total=None)
            moved = move_in(
                settings.data_dir,
                url,
                lambda table, done, total: bar.update(task, description=table, completed=done, total=total),
            )
        show_result(moved, fields_document, moved_page, as_json)

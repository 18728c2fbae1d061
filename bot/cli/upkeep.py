"""The commands that look after a bot: back up what it knows, put a backup in its place, say what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.invocation import NOT_DONE, Json, command, console_of, show_result

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.upkeep.findings import Finding


def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; by default a file here, named by day and time.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write all that the bot knows to one file, also while it runs.

    Articles with their versions and vectors, feeds, settings of servers, digests, alerts and answers given. The file
    is verified after it was written. It holds members' questions, so keep it as you keep DATA_DIR.
    """
    with command(as_json) as settings:
        from datetime import UTC, datetime

        from bot.cli.documents import backup_document
        from bot.cli.upkeep_pages import backup_page
        from bot.upkeep.backups import make_backup, usual_name

        target = file or Path(usual_name(datetime.now(UTC)))
        if target.is_dir():
            target /= usual_name(datetime.now(UTC))
        made = make_backup(settings.data_dir, target)
        show_result((target, made), backup_document, backup_page, as_json)


def restore_backup(file: Path, as_json: bool) -> None:
    """Put a backup in the place of what is in DATA_DIR."""
    with command(as_json) as settings:
        from bot.cli.documents import restored_document
        from bot.cli.upkeep_pages import restored_page
        from bot.upkeep import restoring

        if settings.database_url:
            raise restoring.refusal()
        restored = restoring.restore_backup(settings.data_dir, file)
        show_result(restored, restored_document, restored_page, as_json)


def doctor(as_json: Json = False) -> None:
    """Look after everything: settings, token, store, index, model, feeds, disk, clock and, with a token, Discord.

    What is found is said with what to do about it; nothing is changed, and the bot may be running. The exit code is 1
    if there is a fault, and 0 with warnings only.
    """
    from bot.cli.documents import dump, examined_document
    from bot.cli.pages import show
    from bot.cli.upkeep_pages import examined_line, finding_line
    from bot.upkeep.findings import any_fault

    findings: list[Finding] = []
    for finding in _findings():
        findings.append(finding)
        if not as_json:
            show(console_of(), finding_line(finding))
    if as_json:
        typer.echo(dump(examined_document(findings)))
    else:
        show(console_of(), examined_line(findings))
    if any_fault(findings):
        raise typer.Exit(NOT_DONE)


def _findings() -> Iterator[Finding]:
    import time

    from bot.log import configure_logging
    from bot.settings import SettingsError, load_settings
    from bot.upkeep.findings import fault

    try:
        settings: Settings = load_settings(reads_folder=True)
    except SettingsError as error:
        remedy = "Put it right in .env or in the environment; the rest is looked at then."
        yield from (fault("settings", line, remedy) for line in str(error).splitlines())
        return
    configure_logging(settings, conversation=True)
    from bot.upkeep.doctor import examined

    yield from examined(settings, time.time())
